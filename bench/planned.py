"""An import that is planned and applied, as one of 100,000 rows, and its effect on other accounts."""

import threading
import time
from pathlib import Path
from random import Random
from typing import Any

import httpx
import msgspec

from bench import server, usage
from bench.load import CannotMeasure
from bench.server import Server
from leadconnect.database.embedded import EmbeddedPostgres

ROWS = 100_000
PASSWORD = "a long enough passphrase"
UNDER_WAY = ("planning", "applying")
LIMIT_SECONDS = 300
PAUSE_SECONDS = 0.01
IDLE_CALLS = 300


class Planned(msgspec.Struct, frozen=True):
    """Seconds until the plan was there, and from the order to apply until all of it was written; how much the processes
    of the server grew, without PostgreSQL; and the 95th percentile of another account's list, one call after the other,
    before and during it.
    """

    rows: int
    plan_seconds: float
    apply_seconds: float
    growth_bytes: int
    idle_p95: float
    busy_p95: float


def measure_planned(folder: Path) -> Planned:
    """Import a CSV file of `ROWS` rows on a server with a worker and a PostgreSQL of its own in `folder`.

    Raises:
        CannotMeasure: the import failed, or took longer than five minutes.
    """
    with (
        EmbeddedPostgres(folder / "data") as postgres,
        server.serve(folder / "server", database_url=postgres.ensure_running(), with_jobs=True) as running,
        httpx.Client(base_url=running.address, timeout=60) as client,
    ):
        importer, other = (sign_up(client, name) for name in ("importer", "other"))
        for number in range(50):
            client.post("/api/leads", json=_lead(number), headers=other).raise_for_status()
        idle = [_list_seconds(client, other) for _ in range(IDLE_CALLS)]
        before = usage.memory_bytes(running.pid)
        busy: list[float] = []
        largest = [before]
        over = threading.Event()
        watching = threading.Thread(target=_watch, args=(running, other, busy, largest, over))
        watching.start()
        try:
            plan_seconds, apply_seconds = import_seconds(client, importer, _file(ROWS), ROWS)
        finally:
            over.set()
            watching.join()
    return Planned(ROWS, plan_seconds, apply_seconds, max(largest) - before, _p95(idle), _p95(busy))


def import_seconds(client: httpx.Client, headers: dict[str, str], file: bytes, rows: int) -> tuple[float, float]:
    """Return the seconds until `file`, of `rows` new leads, was planned, and from then until it was applied.

    Raises:
        CannotMeasure: it failed, took too long, or added fewer leads.
    """
    started = time.perf_counter()
    made = client.post("/api/imports", files={"file": ("leads.csv", file)}, headers=headers).raise_for_status()
    address = f"/api/imports/{made.json()['id']}"
    settled(client, address, headers)
    planned = time.perf_counter()
    client.post(f"{address}/apply", headers=headers).raise_for_status()
    totals = settled(client, address, headers)["plan"]["totals"]
    if totals["create"] < rows * 0.99:
        raise CannotMeasure(f"Of {rows:,} rows only {totals['create']:,} were added")
    return planned - started, time.perf_counter() - planned


def settled(client: httpx.Client, address: str, headers: dict[str, str]) -> dict[str, Any]:
    """Return the import at `address` once it is planned or applied.

    Raises:
        CannotMeasure: it failed, or took longer than `LIMIT_SECONDS`.
    """
    deadline = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < deadline:
        answer = client.get(address, headers=headers | {"Prefer": "wait=30"}).raise_for_status()
        found: dict[str, Any] = answer.json()
        if found["status"] not in UNDER_WAY:
            if found["failure"]:
                raise CannotMeasure(f"The import failed: {found['failure']['message']}")
            return found
    raise CannotMeasure(f"The import took longer than {LIMIT_SECONDS} s")


def _watch(
    running: Server, headers: dict[str, str], busy: list[float], largest: list[int], over: threading.Event
) -> None:
    with httpx.Client(base_url=running.address, timeout=60) as client:
        while not over.is_set():
            busy.append(_list_seconds(client, headers))
            if len(busy) % 50 == 0:
                largest.append(usage.memory_bytes(running.pid))


def _list_seconds(client: httpx.Client, headers: dict[str, str]) -> float:
    time.sleep(PAUSE_SECONDS)  # as between two clicks: who never pauses never waits to be woken
    started = time.perf_counter()
    client.get("/api/leads?limit=20", headers=headers).raise_for_status()
    return time.perf_counter() - started


def sign_up(client: httpx.Client, name: str) -> dict[str, str]:
    """Make an account and return the headers of its owner."""
    body = {
        "fullName": "Asha Rao", "email": f"{name}@example.com", "role": "Management", "companyName": "Rao Traders",
        "companySize": "11-50", "industry": "textile", "password": PASSWORD, "confirmPassword": PASSWORD,
    }  # fmt: skip
    token = client.post("/api/auth/signup", json=body).raise_for_status().json()["accessToken"]
    return {"Authorization": f"Bearer {token}"}


def _lead(number: int) -> dict[str, str]:
    choices = {"customerCategory": "potential", "leadSource": "website", "leadStatus": "new"}
    return {"name": f"Person {number}", "phoneNumber": f"+9198{number:08d}", **choices}


def _file(rows: int) -> bytes:
    """Return a sheet of eight columns as people keep them."""
    random = Random(7)
    lines = ["Customer Name,Mobile No.,Email ID,City,Company,Status,Next Follow-up On,Remarks"]
    for number in range(rows):
        day = f"{random.randint(1, 28):02d}/{random.randint(1, 12):02d}/2027"
        status = random.choice(["New", "Contacted", "Won", "Lost"])
        company, city = f"{random.choice(['Rao', 'Huber', 'Silva', 'Smith'])} {number % 977}", random.choice(CITIES)
        lines.append(
            f"Person {number},+9170{number:08d},p{number}@example.com,{city},{company},{status},{day},"
            '"asked for a quote, call again"'
        )
    return "\n".join(lines).encode()


def sheet_of_three(rows: int) -> bytes:
    """Return a sheet of `rows` people with a name, a phone of their own and a city."""
    lines = ["Name,Phone Number,City", *(f"Person {number},+9170{number:08d},Pune" for number in range(rows))]
    return "\n".join(lines).encode()


CITIES = ("Pune", "Kochi", "Berlin", "Lyon", "Porto")


def _p95(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.95)] if seconds else 0.0
