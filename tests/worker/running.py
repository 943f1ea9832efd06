"""Running workers in a test: in this process, with short pauses, or in a process of their own that can be killed."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

import msgspec

from leadconnect.database.pool import Database
from leadconnect.database.transaction import directory
from leadconnect.mail.outbox import Outbox
from leadconnect.settings import Settings
from leadconnect.worker.process import run_worker
from leadconnect.worker.schedule import Periodic
from leadconnect.worker.trying import Timing
from tests.patience import PATIENCE_SECONDS

QUICK = Timing(
    retry_delays=(timedelta(milliseconds=50),) * 7,
    send_limit=timedelta(seconds=20),
    heartbeat_timeout=timedelta(seconds=4),
    poll_interval=timedelta(milliseconds=200),
    stop_grace=timedelta(seconds=5),
    reconnect_delays=(timedelta(milliseconds=100),),
)


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait until `condition` holds."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.05)


WAITING = """
    select count(*) from pg_locks join pg_stat_activity using (pid) where not granted and datname = current_database()
"""


async def until_somebody_waits(database: Database, count: int = 1) -> None:
    """Return once `count` statements wait for a lock in this database: other tests may have others on the server."""

    async def they_wait() -> bool:
        async with database.acquire() as connection:
            return int(await connection.fetchval(WAITING)) >= count

    await until(they_wait)


async def post(database: Database, settings: Settings, *, life: timedelta | None = None, count: int = 1) -> None:
    """Queue mails with the codes 100000, 100001 and so on."""
    async with directory(database) as connection:
        for number in range(count):
            await Outbox(settings.secret).post(
                connection,
                "password_reset",
                f"eve{number}@example.com",
                {"code": str(100_000 + number), "minutes": "10"},
                expires_at=None if life is None else datetime.now(UTC) + life,
            )


async def states(database: Database) -> list[str]:
    """Return the status of every job in the queue, in the order of posting."""
    async with database.acquire() as connection:
        return [row["status"] for row in await connection.fetch("SELECT status FROM pgqueuer ORDER BY id")]


async def try_count(database: Database) -> int:
    """Return how often a worker took a job."""
    async with database.acquire() as connection:
        return int(await connection.fetchval("SELECT count(*) FROM pgqueuer_log WHERE status = 'picked'"))


async def until_empty(database: Database) -> None:
    """Wait until the queue is empty."""

    async def is_empty() -> bool:
        return await states(database) == []

    await until(is_empty)


@asynccontextmanager
async def worker(
    settings: Settings, timing: Timing = QUICK, *, periodic: tuple[Periodic, ...] = ()
) -> AsyncIterator[asyncio.Event]:
    """Run a worker in the block, and give the event that stops it."""
    stop = asyncio.Event()
    running = asyncio.create_task(run_worker(settings, stop, timing=timing, periodic=periodic))
    try:
        yield stop
    finally:
        stop.set()
        await running


@asynccontextmanager
async def worker_process(settings: Settings) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a worker in a process of its own in the block; it is killed at the end at the latest."""
    given = msgspec.json.encode(settings, enc_hook=str).decode()
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.worker.running", given)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def main(given: str) -> None:
    """Run a worker with the settings in the JSON text `given`."""
    settings = msgspec.json.decode(given, type=Settings, dec_hook=lambda kind, value: kind(value))
    asyncio.run(run_worker(settings, asyncio.Event(), timing=QUICK, periodic=()))


if __name__ == "__main__":
    main(sys.argv[1])
