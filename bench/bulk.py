"""What is measured once or a few times rather than under load: import, export, and how long starting takes."""

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import msgspec

from bench import data, server, usage
from bench.server import Server
from leadconnect.database.embedded import EmbeddedPostgres
from leadconnect.seed.generate import SeedAccount

IMPORT_ROWS = 10_000
REPEATS = 3


class Import(msgspec.Struct, frozen=True):
    """How long an import of `rows` took, in seconds, and how many rows were refused."""

    kind: str
    rows: int
    seconds: float
    failed: int


class Export(msgspec.Struct, frozen=True):
    """One export: data rows, bytes, seconds until the first byte and the last, and how much the server grew."""

    rows: int
    received_bytes: int
    first_byte_seconds: float
    seconds: float
    growth_bytes: int


class Starts(msgspec.Struct, frozen=True):
    """Seconds to the first connection (PostgreSQL) or to being ready (server), with an empty data folder and again."""

    postgres_first: float
    postgres_again: float
    server_first: float
    server_again: float


def measure_imports(running: Server, token: str, account: SeedAccount) -> list[Import]:
    """Import other rows each time, as JSON and as a CSV file; the median time of each kind."""
    batches = [data.new_leads(account, IMPORT_ROWS, number=number) for number in range(10, 10 + 2 * REPEATS)]
    as_json = [_import(running, token, json={"leads": rows}) for rows in batches[:REPEATS]]
    as_csv = [
        _import(running, token, files={"file": ("leads.csv", data.csv_file(rows), "text/csv")})
        for rows in batches[REPEATS:]
    ]
    return [
        Import(kind, IMPORT_ROWS, median(seconds for seconds, _ in runs), sum(failed for _, failed in runs))
        for kind, runs in (("JSON", as_json), ("CSV file", as_csv))
    ]


def _import(running: Server, token: str, **content: Any) -> tuple[float, int]:
    headers = {"Authorization": f"Bearer {token}"}
    started = time.perf_counter()
    answer = httpx.post(f"{running.address}/api/leads/import", headers=headers, timeout=60, **content)
    seconds = time.perf_counter() - started
    answer.raise_for_status()
    return seconds, answer.json()["failed"]


def measure_export(running: Server, token: str) -> Export:
    """Export every lead of the caller's account as CSV; the fastest of three, with the largest growth."""
    runs = [_export(running, token) for _ in range(REPEATS)]
    fastest = min(runs, key=lambda run: run.seconds)
    return msgspec.structs.replace(fastest, growth_bytes=max(run.growth_bytes for run in runs))


def _export(running: Server, token: str) -> Export:
    before = usage.largest_rss_bytes(running.pid)
    headers = {"Authorization": f"Bearer {token}"}
    started = time.perf_counter()
    first, rows, size, largest = 0.0, 0, 0, before
    with httpx.stream("GET", f"{running.address}/api/leads/export", headers=headers, timeout=60) as answer:
        answer.raise_for_status()
        for index, piece in enumerate(answer.iter_bytes()):
            first = first or time.perf_counter() - started
            rows += piece.count(b"\n")
            size += len(piece)
            if index % 50 == 0:
                largest = max(largest, usage.largest_rss_bytes(running.pid))
    seconds = time.perf_counter() - started
    return Export(rows - 1, size, first, seconds, max(largest, usage.largest_rss_bytes(running.pid)) - before)


def measure_starts(folder: Path) -> Starts:
    """Start the embedded PostgreSQL alone and the whole server, in empty folders and again."""
    postgres = EmbeddedPostgres(folder / "postgres")
    try:
        postgres_first = _seconds(postgres.start)
        postgres.stop()
        postgres_again = _seconds(postgres.start)
    finally:
        postgres.stop()
    times = []
    for _ in range(2):
        with server.serve(folder / "server", with_jobs=True) as running:
            times.append(running.start_seconds)
    return Starts(postgres_first, postgres_again, *times)


def _seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started
