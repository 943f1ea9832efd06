"""The report: what was measured as one page of Markdown, the targets first."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import msgspec

from bench.bulk import Export, Import, Starts
from bench.fresh import CROWD_COUNT, CROWD_ROWS, FirstImport, Fresh
from bench.load import wrk_path
from bench.planned import Planned
from bench.rounds import Measured

ALL_SEARCHES = "search, all kinds in turn"
PACKAGES = ("granian", "litestar", "msgspec", "asyncpg", "uvloop")


class Target(msgspec.Struct, frozen=True):
    """What is to be reached, as text for people, and whether it was."""

    what: str
    aim: str
    found: str
    is_reached: bool


class Memory(msgspec.Struct, frozen=True):
    """Bytes: the worker process as it is resident, the server and PostgreSQL whole, shared pages counted once."""

    worker: int
    server: int
    postgres: int


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """All that one benchmark found. `ratios` gives the yardstick of a scenario; `load_before` is the load average."""

    machine: dict[str, str]
    rounds: int
    seconds: int
    scenarios: list[Measured]
    yardsticks: list[Measured]
    ratios: dict[str, str]
    imports: list[Import]
    planned: Planned
    fresh: Fresh
    export: Export
    starts: Starts
    memory: Memory
    seeded_leads: int
    seeding_seconds: float


def machine(postgres: str) -> dict[str, str]:
    """Say where this ran; `postgres` is the version of the PostgreSQL that was measured."""
    return {
        "Date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "Machine": f"{os.cpu_count()} cores, {_processor()}, {_memory()}, {platform.system()}",
        "Load average before": " ".join(f"{value:.2f}" for value in os.getloadavg()),
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "PostgreSQL": postgres,
        "Packages": ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES),
        "Load generator": _first_line([wrk_path(), "--version"]).partition(" [")[0],
    }


def targets(results: Results) -> list[Target]:
    """Compare `results` with what the system has to reach."""
    ratio = _ratio(results, "list, 2,000 leads")
    searches = [one for one in results.scenarios if one.name.startswith("search") and "alone" not in one.name]
    mixed = next(one for one in searches if one.name == ALL_SEARCHES)
    slowest = max((one for one in searches if one is not mixed), key=lambda one: one.p50)
    analytics = next(one for one in results.scenarios if one.name.startswith("analytics"))
    as_json = next(one for one in results.imports if one.kind == "JSON")
    planned = results.planned
    whole = planned.plan_seconds + planned.apply_seconds
    slowed = planned.busy_p95 / planned.idle_p95
    errors = sum(one.errors for one in results.scenarios + results.yardsticks)
    errors += sum(one.failed for one in results.imports)
    starts = results.starts
    return [
        Target("List at 2,000 leads against PostgreSQL alone", "≥ 35 %", f"{ratio:.1%}", ratio >= 0.35),
        Target(
            "Searches at 100,000 leads, p50 of all kinds in turn",
            *("≤ 15 ms", f"{_ms(mixed.p50)} ms", mixed.p50 <= 0.015),
        ),
        Target(
            f"Search at 100,000 leads, p50 of the slowest kind ({slowest.name.removeprefix('search, ')})",
            *("≤ 15 ms", f"{_ms(slowest.p50)} ms", slowest.p50 <= 0.015),
        ),
        Target(
            "Analytics at 100,000 leads, p50, for 7 to 365 days",
            *("≤ 60 ms", f"{_ms(analytics.p50)} ms", analytics.p50 <= 0.06),
        ),
        Target(
            f"Import of {as_json.rows:,} rows of JSON at once",
            *("≤ 2 s", f"{as_json.seconds:.2f} s", as_json.seconds <= 2),
        ),
        Target(f"{planned.rows:,} rows of CSV, planned and applied", "≤ 15 s", f"{whole:.1f} s", whole <= 15),
        *(_first_import(one) for one in results.fresh.imports),
        Target(
            f"One-row plan of another account behind {CROWD_COUNT} imports of {CROWD_ROWS:,} rows",
            *("≤ 2 s", f"{results.fresh.neighbour_seconds:.2f} s", results.fresh.neighbour_seconds <= 2),
        ),
        Target("Another account's p95 during it", "≤ 2 times", f"{slowed:.1f} times", slowed <= 2),
        Target(
            "Growth of the server during it",
            *("< 150 MiB", f"{_mib(planned.growth_bytes)} MiB", planned.growth_bytes < 150 * 2**20),
        ),
        Target("Server ready, first start", "≤ 4 s", f"{starts.server_first:.2f} s", starts.server_first <= 4),
        Target("Server ready, later start", "≤ 1.5 s", f"{starts.server_again:.2f} s", starts.server_again <= 1.5),
        Target("Errors", "0", str(errors), errors == 0),
    ]


def _first_import(one: FirstImport) -> Target:
    whole, limit = one.plan_seconds + one.apply_seconds, 15 * one.rows / 100_000
    what = f"First import on an empty database, {one.rows:,} rows, planned and applied"
    return Target(what, f"≤ {limit:g} s", f"{whole:.1f} s", whole <= limit)


def render(results: Results) -> str:
    """Return the page."""
    parts = [
        "# Benchmark",
        "Written by `make bench`; another run on another machine gives other figures, so compare the ratios.",
        "\n".join(f"- {name}: {value}" for name, value in results.machine.items()),
        "## Targets",
        _table(
            ["target", "aim", "found", "reached"],
            [[one.what, one.aim, one.found, "yes" if one.is_reached else "**missed**"] for one in targets(results)],
        ),
        "## Under load",
        "One worker process and 16 connections, or one connection where the line says alone. Jobs of requests, such as "
        f"mails about new leads, wait until the end. Medians of {results.rounds} rounds of "
        f"{results.seconds} s each, in turns; CPU is in µs per request, for PostgreSQL over all its processes.",
        _load_table(results),
        "## PostgreSQL alone",
        "pgbench over the same data and connections: the plain statements, prepared, without row security.",
        _yardstick_table(results),
        "## Once",
        _once_table(results),
        "## Memory after the rounds",
        f"Worker process {_mib(results.memory.worker)} MiB resident; the server with all its processes "
        f"{_mib(results.memory.server)} MiB and PostgreSQL {_mib(results.memory.postgres)} MiB, shared pages counted "
        "once.",
    ]
    return "\n\n".join(parts) + "\n"


def _load_table(results: Results) -> str:
    heading = ["calls", "req/s", "rounds", "p50 ms", "p99 ms", "Python µs", "PostgreSQL µs", "errors"]
    rows = []
    for one in results.scenarios:
        ratio = f"{_ratio(results, one.name):.1%}" if one.name in results.ratios else ""
        times = [_ms(one.p50), _ms(one.p99), _us(one.server_cpu), _us(one.postgres_cpu)]
        rows.append([one.name, f"{one.rate:,.0f}", _spread(one), *times, str(one.errors), ratio])
    return _table([*heading, "of PostgreSQL alone"], rows)


def _yardstick_table(results: Results) -> str:
    heading = ["statements", "runs/s", "rounds", "mean ms", "PostgreSQL µs", "failures"]
    rows = []
    for one in results.yardsticks:
        figures = [_ms(one.p50), _us(one.postgres_cpu), str(one.errors)]
        rows.append([one.name, f"{one.rate:,.0f}", _spread(one), *figures])
    return _table(heading, rows)


def _once_table(results: Results) -> str:
    export, starts = results.export, results.starts
    rate = f"{export.rows / export.seconds:,.0f} rows/s, {export.received_bytes / export.seconds / 1e6:.1f} MB/s"
    grown = f"first byte after {_ms(export.first_byte_seconds)} ms, server grew by {_mib(export.growth_bytes)} MiB"
    rows = []
    for one in results.imports:
        speed = f"{one.rows / one.seconds:,.0f} rows/s, {one.failed} refused"
        rows.append([f"Import of {one.rows:,} rows, {one.kind}", f"{one.seconds:.2f}", speed])
    planned = results.planned
    p95 = f"another account's p95 {_ms(planned.busy_p95)} ms during it, {_ms(planned.idle_p95)} ms before"
    rows.append([f"Planning {planned.rows:,} rows, CSV file", f"{planned.plan_seconds:.2f}", p95])
    rows.append(["Applying them", f"{planned.apply_seconds:.2f}", f"server grew by {_mib(planned.growth_bytes)} MiB"])
    for first in results.fresh.imports:
        times = f"{first.plan_seconds + first.apply_seconds:.2f}"
        after = f"then first list {_ms(first.list_seconds)} ms, first search {_ms(first.search_seconds)} ms"
        rows.append([f"First import on an empty database, {first.rows:,} rows", times, after])
    rows.append([f"Export of {export.rows:,} rows, CSV", f"{export.seconds:.2f}", f"{rate}; {grown}"])
    speed = f"{results.seeded_leads / results.seeding_seconds:,.0f} leads/s"
    rows += [
        [f"Seeding {results.seeded_leads:,} leads", f"{results.seeding_seconds:.2f}", speed],
        ["PostgreSQL, first start", f"{starts.postgres_first:.2f}", "to connections, with an empty folder"],
        ["PostgreSQL, later start", f"{starts.postgres_again:.2f}", "to connections"],
        ["Server, first start", f"{starts.server_first:.2f}", "to ready, with an empty folder: migrations too"],
        ["Server, later start", f"{starts.server_again:.2f}", "to ready"],
    ]
    return _table(["what", "seconds", "that is"], rows)


def _spread(one: Measured) -> str:
    return f"{one.slowest_rate:,.0f} to {one.fastest_rate:,.0f}"


def _ratio(results: Results, scenario: str) -> float:
    rates = {one.name: one.rate for one in results.scenarios + results.yardsticks}
    return rates[scenario] / rates[results.ratios[scenario]]


def _table(heading: list[str], rows: list[list[str]]) -> str:
    aligned = ["---", *("---:" for _ in heading[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in [heading, aligned, *rows])


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"


def _us(seconds: float) -> str:
    return f"{seconds * 1e6:,.0f}"


def _mib(size_bytes: int) -> str:
    return f"{size_bytes / 2**20:,.0f}"


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())


def _memory() -> str:
    return f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB"


def _first_line(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True).stdout.strip().partition("\n")[0]
