"""Periodic functions run in one instance at a time, and a failing one does no harm."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.core.sm import SchedulerManager
from structlog.testing import capture_logs

from leadconnect.database.pool import Database
from leadconnect.database.transaction import directory
from leadconnect.queue.actions import enqueue
from leadconnect.queue.driver import queue_queries
from leadconnect.settings import Settings
from leadconnect.worker.schedule import PERIODIC, Periodic, purge_jobs, register, run_once
from tests.patience import PATIENCE_SECONDS
from tests.worker.running import until, worker

EVERY_SECOND = "* * * * * */1"


class Recorder:
    """A periodic function that notes its runs and how many ran side by side."""

    def __init__(self, wanted_count: int) -> None:
        self.run_count = 0
        self.running_count = 0
        self.most_running_count = 0
        self.done = asyncio.Event()
        self._wanted_count = wanted_count

    async def __call__(self, database: Database) -> None:
        self.running_count += 1
        self.most_running_count = max(self.most_running_count, self.running_count)
        async with database.acquire() as connection:
            await connection.fetchval("SELECT pg_sleep(0.3)")
        self.running_count -= 1
        self.run_count += 1
        if self.run_count >= self._wanted_count:
            self.done.set()


async def test_two_workers_run_a_periodic_function_one_at_a_time(settings: Settings) -> None:
    recorder = Recorder(3)
    periodic = (Periodic("recorder", EVERY_SECOND, recorder),)
    async with (
        worker(settings, periodic=periodic),
        worker(settings, periodic=periodic),
        asyncio.timeout(PATIENCE_SECONDS),
    ):
        await recorder.done.wait()
    assert recorder.most_running_count == 1


async def test_of_two_workers_one_runs_what_is_due(settings: Settings, database: Database) -> None:
    recorder = Recorder(1)
    periodic = (Periodic("recorder", "0 3 * * *", recorder),)

    async def is_scheduled() -> bool:
        async with database.acquire() as connection:
            return bool(await connection.fetchval("SELECT count(*) FROM pgqueuer_schedules"))

    async with worker(settings, periodic=periodic):
        await until(is_scheduled)
    async with database.acquire() as connection:
        await connection.execute("UPDATE pgqueuer_schedules SET next_run = now() - interval '1 day'")
    async with (
        worker(settings, periodic=periodic),
        worker(settings, periodic=periodic),
        asyncio.timeout(PATIENCE_SECONDS),
    ):
        await recorder.done.wait()
    assert recorder.run_count == 1
    async with database.acquire() as connection:
        next_run = await connection.fetchval("SELECT next_run FROM pgqueuer_schedules")
    assert next_run > datetime.now(UTC)
    assert (next_run + timedelta(seconds=1)).strftime("%H:%M") == "03:00"


async def test_a_failing_function_does_not_keep_others_or_its_next_run_from_running(settings: Settings) -> None:
    recorder = Recorder(2)
    failed_twice = asyncio.Event()
    failures = 0

    async def fail(database: Database) -> None:
        nonlocal failures
        failures += 1
        if failures == 2:
            failed_twice.set()
        raise RuntimeError

    periodic = (Periodic("fail", EVERY_SECOND, fail), Periodic("recorder", EVERY_SECOND, recorder))
    async with worker(settings, periodic=periodic), asyncio.timeout(PATIENCE_SECONDS):
        await recorder.done.wait()
        await failed_twice.wait()


async def test_a_failure_is_logged_with_its_place_but_not_its_text(database: Database) -> None:
    async def fail(database: Database) -> None:
        async with database.acquire() as connection:
            await connection.execute("INSERT INTO job_keys VALUES ('eve@example.com'), ('eve@example.com')")

    with capture_logs() as lines:
        await run_once(Periodic("fail", EVERY_SECOND, fail), database)
    (line,) = lines
    assert (line["event"], line["name"], line["error"]) == ("periodic_failed", "fail", "UniqueViolationError")
    assert line["place"].startswith("test_schedule.py:")
    assert "eve@" not in str(lines)


async def test_a_function_that_takes_too_long_is_broken_off(database: Database) -> None:
    async def linger(database: Database) -> None:
        await asyncio.Event().wait()

    with capture_logs() as lines:
        await run_once(Periodic("linger", EVERY_SECOND, linger, limit=timedelta(milliseconds=20)), database)
    assert [line["error"] for line in lines] == ["TimeoutError"]


@pytest.mark.parametrize("periodic", PERIODIC, ids=lambda periodic: periodic.name)
async def test_every_periodic_function_runs_on_an_empty_database(periodic: Periodic, database: Database) -> None:
    with capture_logs() as lines:
        await run_once(periodic, database)
    assert [line for line in lines if line["event"] == "periodic_failed"] == []


async def test_the_periodic_functions_can_all_be_scheduled(database: Database) -> None:
    async with database.acquire() as connection:
        scheduler = SchedulerManager(queue_queries(connection, Queries))
        register(scheduler, PERIODIC, database)
    assert len({key.entrypoint for key in scheduler.registry}) == len(PERIODIC)


async def test_a_wrong_cron_expression_is_told(database: Database) -> None:
    async with database.acquire() as connection:
        scheduler = SchedulerManager(queue_queries(connection, Queries))
        with pytest.raises(ValueError, match="Invalid cron expression"):
            register(scheduler, (Periodic("purge_jobs", "every day", purge_jobs),), database)


async def test_old_jobs_and_keys_are_forgotten_and_young_ones_kept(database: Database) -> None:
    async with directory(database) as connection:
        for key in ("old", "young"):
            await enqueue(connection, "send_mail", key.encode(), key=key)
    async with database.acquire() as connection:
        await connection.execute("UPDATE pgqueuer SET status = 'failed'")
        await connection.execute("UPDATE pgqueuer SET updated = now() - interval '31 days' WHERE payload = 'old'")
        await connection.execute("UPDATE pgqueuer_log SET created = now() - interval '8 days' WHERE job_id = 1")
        await connection.execute("UPDATE job_keys SET created_at = now() - interval '91 days' WHERE key = 'old'")
    await purge_jobs(database)
    async with database.acquire() as connection:
        assert await connection.fetchval("SELECT string_agg(encode(payload, 'escape'), ',') FROM pgqueuer") == "young"
        assert await connection.fetchval("SELECT string_agg(job_id::text, ',') FROM pgqueuer_log") == "2"
        assert await connection.fetchval("SELECT string_agg(key, ',') FROM job_keys") == "young"
