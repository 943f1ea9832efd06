"""A new installation: imports, the first list and the first search on an empty, never analysed database, and how long
another account's import waits behind many of one account.
"""

import time
from pathlib import Path

import httpx
import msgspec

from bench import server
from bench.planned import import_seconds, settled, sheet_of_three, sign_up
from leadconnect.database.embedded import EmbeddedPostgres

SIZES = (10_000, 100_000)
CROWD_COUNT = 50
CROWD_ROWS = 100_000
NEIGHBOURS = 5


class FirstImport(msgspec.Struct, frozen=True):
    """Seconds to plan and to apply the first import of a database, and of the list and the search after it."""

    rows: int
    plan_seconds: float
    apply_seconds: float
    list_seconds: float
    search_seconds: float


class Fresh(msgspec.Struct, frozen=True):
    """The first imports by size, and the longest time in seconds until a one-row import was planned, while
    `CROWD_COUNT` imports of another account waited.
    """

    imports: list[FirstImport]
    neighbour_seconds: float


def measure_fresh(folder: Path) -> Fresh:
    """Measure each size on a PostgreSQL of its own in `folder`, and then a neighbour of a crowd.

    Raises:
        CannotMeasure: an import failed, or took longer than five minutes.
    """
    return Fresh([_first_import(folder / str(rows), rows) for rows in SIZES], _neighbour(folder / "neighbour"))


def _first_import(folder: Path, rows: int) -> FirstImport:
    with (
        EmbeddedPostgres(folder / "data") as postgres,
        server.serve(folder / "server", database_url=postgres.ensure_running(), with_jobs=True) as running,
        httpx.Client(base_url=running.address, timeout=60) as client,
    ):
        headers = sign_up(client, "first")
        plan_seconds, apply_seconds = import_seconds(client, headers, sheet_of_three(rows), rows)
        list_seconds = _get_seconds(client, headers, "/api/leads?limit=20")
        search_seconds = _get_seconds(client, headers, "/api/leads?limit=20&search=person%2077")
    return FirstImport(rows, plan_seconds, apply_seconds, list_seconds, search_seconds)


def _neighbour(folder: Path) -> float:
    limits = {"LEADCONNECT_UNFINISHED_IMPORTS": str(CROWD_COUNT)}
    with (
        EmbeddedPostgres(folder / "data") as postgres,
        server.serve(
            folder / "server", database_url=postgres.ensure_running(), with_jobs=True, settings=limits
        ) as running,
        httpx.Client(base_url=running.address, timeout=60) as client,
    ):
        eager, neighbour = sign_up(client, "eager"), sign_up(client, "neighbour")
        file = sheet_of_three(CROWD_ROWS)
        for _ in range(CROWD_COUNT):
            client.post("/api/imports", files={"file": ("leads.csv", file)}, headers=eager).raise_for_status()
        return max(_plan_seconds(client, neighbour) for _ in range(NEIGHBOURS))


def _plan_seconds(client: httpx.Client, headers: dict[str, str]) -> float:
    started = time.perf_counter()
    made = client.post("/api/imports", files={"file": ("leads.csv", sheet_of_three(1))}, headers=headers)
    settled(client, f"/api/imports/{made.raise_for_status().json()['id']}", headers)
    return time.perf_counter() - started


def _get_seconds(client: httpx.Client, headers: dict[str, str], path: str) -> float:
    started = time.perf_counter()
    client.get(path, headers=headers).raise_for_status()
    return time.perf_counter() - started
