"""Medians over rounds, targets reached and missed, and the page."""

import pytest

from bench.bulk import Export, Import, Starts
from bench.fresh import FirstImport, Fresh
from bench.load import Load
from bench.planned import Planned
from bench.report import ALL_SEARCHES, Memory, Results, render, targets
from bench.rounds import Measured, Run, measured
from bench.yardstick import Pace

ROUNDS = ((2000, 0.004, 0.012), (4000, 0.002, 0.006), (3000, 0.003, 0.009))


def one(name: str, *, rate: float = 1000, p50: float = 0.005, errors: int = 0) -> Measured:
    return Measured(name, rate, rate * 0.9, rate * 1.1, p50, 0.02, 300e-6, 250e-6, errors)


def results(
    *,
    list_rate: float = 2000,
    search_p50: float = 0.008,
    mixed_p50: float = 0.008,
    analytics_p50: float = 0.02,
    errors: int = 0,
    import_seconds: float = 1,
    apply_seconds: float = 7,
    busy_p95: float = 0.004,
    growth_mib: int = 100,
    first_seconds: float = 0.9,
    neighbour_seconds: float = 1.0,
) -> Results:
    return Results(
        machine={"Date": "2031-03-05 12:00 UTC"},
        rounds=3,
        seconds=5,
        scenarios=[
            one("list, 2,000 leads", rate=list_rate),
            one(ALL_SEARCHES, p50=mixed_p50),
            one("search, first name", p50=search_p50),
            one("search, company"),
            one("search alone, first name", p50=0.5),
            one("analytics, 100,000 leads", p50=analytics_p50),
            one("new lead", errors=errors),
        ],
        yardsticks=[one("all three", rate=5000)],
        ratios={"list, 2,000 leads": "all three"},
        imports=[Import("JSON", 10_000, import_seconds, 0), Import("CSV file", 10_000, 0.5, 0)],
        planned=Planned(100_000, 6.5, apply_seconds, growth_mib * 2**20, 0.003, busy_p95),
        fresh=Fresh([FirstImport(10_000, 0.5, first_seconds, 0.004, 0.005)], neighbour_seconds),
        export=Export(100_000, 58_000_000, 0.005, 0.5, 2**20),
        starts=Starts(0.4, 0.1, 2.5, 1.0),
        memory=Memory(100 * 2**20, 150 * 2**20, 400 * 2**20),
        seeded_leads=104_000,
        seeding_seconds=8,
    )


def reached(given: Results) -> dict[str, bool]:
    return {target.what.split(",")[0].split(" (")[0]: target.is_reached for target in targets(given)}


def test_a_median_is_taken_of_the_rounds_and_errors_are_summed() -> None:
    loads = [Load(requests, 2, 0, p50, p99, 1) for requests, p50, p99 in ROUNDS]
    found = measured("list", [Run(load, load.requests * 300e-6, 0.75) for load in loads])
    assert (found.slowest_rate, found.rate, found.fastest_rate) == (1000, 1500, 2000)
    assert (found.p50, found.p99, found.errors) == (0.003, 0.009, 3)
    assert found.server_cpu == pytest.approx(300e-6)
    assert found.postgres_cpu == pytest.approx(0.75 / 3000)


def test_a_yardstick_is_measured_by_its_transactions() -> None:
    found = measured("count", [Run(Pace(1000, 200.0, 0.004, 0), 0.0, 0.5)])
    assert (found.rate, found.p50) == (200, 0.004)
    assert found.postgres_cpu == pytest.approx(500e-6)


def test_everything_within_its_target_is_reached() -> None:
    assert all(reached(results()).values())


@pytest.mark.parametrize(
    ("given", "missed"),
    [
        (results(list_rate=1700), "List at 2"),
        (results(search_p50=0.016), "Search at 100"),
        (results(mixed_p50=0.016), "Searches at 100"),
        (results(analytics_p50=0.061), "Analytics at 100"),
        (results(import_seconds=2.1), "Import of 10"),
        (results(apply_seconds=8.6), "100"),
        (results(busy_p95=0.0061), "Another account's p95 during it"),
        (results(growth_mib=150), "Growth of the server during it"),
        (results(first_seconds=1.1), "First import on an empty database"),
        (results(neighbour_seconds=2.1), "One-row plan of another account behind 50 imports of 100"),
        (results(errors=1), "Errors"),
    ],
    ids=[
        "list",
        "search",
        "searches",
        "analytics",
        "import",
        "planned import",
        "others",
        "memory",
        "first",
        "neighbour",
        "errors",
    ],
)
def test_a_missed_target_is_told_apart(given: Results, missed: str) -> None:
    assert [what for what, is_reached in reached(given).items() if not is_reached] == [missed]
    assert render(given).count("**missed**") == 1


def test_searches_with_a_single_connection_do_not_count_for_the_target() -> None:
    search = next(target for target in targets(results()) if target.what.startswith("Search at"))
    assert search.found == "8.0 ms"


def test_the_page_gives_every_figure_in_its_unit() -> None:
    page = render(results())
    assert "| list, 2,000 leads | 2,000 | 1,800 to 2,200 | 5.0 | 20.0 | 300 | 250 | 0 | 40.0% |" in page
    assert "200,000 rows/s, 116.0 MB/s" in page
    assert "13,000 leads/s" in page
    assert "Worker process 100 MiB" in page
