"""``python -m bench``: seed, measure in rounds, write the report. Ends by itself after a few minutes."""

import argparse
import asyncio
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import msgspec

from bench import bulk, data, fresh, planned, report, server, usage
from bench.load import Call, CannotMeasure, wrk_path
from bench.report import Memory, Results
from bench.rounds import Machinery, Scenario, Yardstick, run_rounds
from bench.server import Server
from bench.yardstick import COUNT, LIST, PAGE, TOKEN
from leadconnect.auth.credentials.tokens import TokenKind, token_digest
from leadconnect.database.embedded import EmbeddedPostgres, binaries
from leadconnect.database.migrate import migrate
from leadconnect.database.pool import Database
from leadconnect.dsn import connect_arguments
from leadconnect.leads.totals.actions import fold_counts
from leadconnect.seed.actions import SeedResult, seed
from leadconnect.settings import Settings

REPORT = Path(__file__).with_name("report.md")
SMALL, LARGE = 2_000, 100_000


class Seeded(msgspec.Struct, frozen=True):
    """The accounts: one of 2,000 leads and one of 100,000 to read, and one of 2,000 that grows."""

    small: SeedResult
    large: SeedResult
    growing: SeedResult
    seconds: float


class Tokens(msgspec.Struct, frozen=True):
    """Access tokens of the owners of the accounts."""

    small: str
    large: str
    growing: str


def main() -> int:
    """Run the benchmark; return 1 when it could not run or met errors, else 0, whether or not a target was missed."""
    arguments = _arguments()
    try:
        wrk_path()
        with TemporaryDirectory(prefix="leadconnect-bench-") as folder:
            results = _measure(Path(folder), rounds=arguments.rounds, seconds=arguments.seconds)
    except CannotMeasure as error:
        print(f"The benchmark cannot run: {error}", file=sys.stderr)
        return 1
    page = report.render(results)
    arguments.report.write_text(page)
    print(page)
    print(f"Written to {arguments.report}")
    return 0 if next(target for target in report.targets(results) if target.what == "Errors").is_reached else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="rounds of all scenarios (default: 3)")
    parser.add_argument("--seconds", type=int, default=5, help="length of a run within a round (default: 5)")
    parser.add_argument("--report", type=Path, default=REPORT, help="where to write the report")
    return parser.parse_args()


def _measure(folder: Path, *, rounds: int, seconds: int) -> Results:
    _say("start-up times")
    starts = bulk.measure_starts(folder / "starts")
    _say(f"an import of {planned.ROWS:,} rows, planned and applied")
    large_import = planned.measure_planned(folder / "planned")
    _say("imports on an empty database, and beside those of another account")
    first = fresh.measure_fresh(folder / "fresh")
    postgres = EmbeddedPostgres(folder / "data")
    url = postgres.start()
    try:
        machine = report.machine(asyncio.run(_version(url)))
        seeded = asyncio.run(_seed(url))
        with server.serve(folder / "server", database_url=url) as running:
            tokens = Tokens(*(server.log_in(running, one.email, one.password) for one in _all(seeded)))
            machinery = Machinery(
                address=running.address,
                server_pid=running.pid,
                postgres_pid=postgres.pid or 0,
                database_url=postgres.superuser_url(),
                binaries=binaries(),
                seconds=seconds,
            )
            scenarios = asyncio.run(_scenarios(postgres.superuser_url(), seeded, tokens))
            scenario_results, yardstick_results = run_rounds(
                machinery, scenarios, _yardsticks(seeded, tokens), rounds, _say
            )
            memory = _memory(running, postgres.pid or 0)
            _say("import")
            imports = bulk.measure_imports(running, tokens.growing, seeded.growing.accounts[0])
            _say("export")
            export = bulk.measure_export(running, tokens.large)
    finally:
        postgres.stop()
    return Results(
        machine=machine,
        rounds=rounds,
        seconds=seconds,
        scenarios=scenario_results,
        yardsticks=yardstick_results,
        ratios={scenario.name: scenario.ratio_to for scenario in scenarios if scenario.ratio_to},
        imports=imports,
        planned=large_import,
        fresh=first,
        export=export,
        starts=starts,
        memory=memory,
        seeded_leads=2 * SMALL + LARGE,
        seeding_seconds=seeded.seconds,
    )


async def _version(url: str) -> str:
    connection = await asyncpg.connect(**connect_arguments(url))
    try:
        version: str = await connection.fetchval("show server_version")
        return version
    finally:
        await connection.close()


async def _seed(url: str) -> Seeded:
    await migrate(url)
    settings = Settings(database_url=url, secret=server.SECRET)
    _say(f"seeding {2 * SMALL + LARGE:,} leads")
    started = time.perf_counter()
    small, large, growing = [
        await seed(settings, accounts=1, leads=leads, number=number)
        for number, leads in enumerate((SMALL, LARGE, SMALL), start=1)
    ]
    seconds = time.perf_counter() - started
    database = await Database.connect(settings, "bench")
    await fold_counts(database)  # as the worker does every minute
    await database.close()
    return Seeded(small, large, growing, seconds)


def _all(seeded: Seeded) -> tuple[SeedResult, SeedResult, SeedResult]:
    return seeded.small, seeded.large, seeded.growing


async def _scenarios(superuser_url: str, seeded: Seeded, tokens: Tokens) -> list[Scenario]:
    large = seeded.large.accounts[0]
    connection = await asyncpg.connect(**connect_arguments(superuser_url))
    try:
        await connection.execute("vacuum analyze leads")
        terms = await data.search_terms(connection, large)
        ids = await data.get_calls(connection, large)
    finally:
        await connection.close()
    newest = [Call("GET", "/api/leads?limit=20")]
    searches = {
        "nothing found": terms.rare,
        "part of a phone": terms.phone,
        "first name": terms.first_name,
        "company": terms.company,
    }
    return [
        Scenario(f"list, {SMALL:,} leads", newest, tokens.small, ratio_to=f"list, {SMALL:,} leads: all three"),
        Scenario(f"list, {LARGE:,} leads", newest, tokens.large, ratio_to=f"list, {LARGE:,} leads: all three"),
        Scenario(report.ALL_SEARCHES, _in_turn([data.search_calls(some) for some in searches.values()]), tokens.large),
        *(Scenario(f"search, {kind}", data.search_calls(some), tokens.large) for kind, some in searches.items()),
        *(
            Scenario(f"search alone, {kind}", data.search_calls(some), tokens.large, connections=1)
            for kind, some in searches.items()
        ),
        Scenario(f"analytics, {LARGE:,} leads", data.ANALYTICS_CALLS, tokens.large),
        Scenario("one lead", ids, tokens.large),
        Scenario("new lead", data.post_calls(seeded.growing.accounts[0]), tokens.growing),
    ]


def _in_turn(lists: list[list[Call]]) -> list[Call]:
    """Return calls of all `lists`, one of each in turn; as many as the shortest has."""
    return [call for calls in zip(*lists, strict=False) for call in calls]


def _yardsticks(seeded: Seeded, tokens: Tokens) -> list[Yardstick]:
    small, large = (
        {"account": str(result.accounts[0].id), "digest": token_digest(token, TokenKind.ACCESS) or ""}
        for result, token in ((seeded.small, tokens.small), (seeded.large, tokens.large))
    )
    return [
        Yardstick(f"list, {SMALL:,} leads: all three", LIST, small),
        Yardstick(f"list, {LARGE:,} leads: all three", LIST, large),
        Yardstick("token look-up", TOKEN, small),
        Yardstick(f"page of 20, {SMALL:,} leads", PAGE, small),
        Yardstick(f"count(*), {SMALL:,} leads", COUNT, small),
    ]


def _memory(running: Server, postgres_pid: int) -> Memory:
    return Memory(
        worker=usage.largest_rss_bytes(running.pid),
        server=usage.memory_bytes(running.pid),
        postgres=usage.memory_bytes(postgres_pid),
    )


def _say(what: str) -> None:
    print(f"bench: {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
