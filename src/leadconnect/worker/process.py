"""The worker: takes jobs from the queue and runs what is due, beside other workers and through lost connections."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import asyncpg
import msgspec
import structlog
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.core.qm import QueueManager
from pgqueuer.core.sm import SchedulerManager
from pgqueuer.domain.models import Job, TracebackRecord
from pgqueuer.domain.types import JOB_STATUS

from leadconnect.auth.services import Services, open_services
from leadconnect.database.connecting import connection_arguments, is_pooled
from leadconnect.queue.driver import NAMES, queue_queries
from leadconnect.settings import Settings
from leadconnect.worker.handlers import SIDE_BY_SIDE, Handler, entrypoints
from leadconnect.worker.schedule import PERIODIC, Periodic, register
from leadconnect.worker.trying import Timing

_log = structlog.get_logger()

BATCH_SIZE = 5
"""Jobs taken from the queue at once."""

SLOT_COUNT = sum(SIDE_BY_SIDE.values())
"""Concurrent jobs of a worker: the sum for all entry points, so that none takes the slots of another."""

POOL_SIZE = 16
"""The most connections that handlers and periodic functions share: three for each of three imports that are applied,
two for each of two great acts, and some that keep mail from waiting for them."""


class CarefulQueries(Queries):
    """PgQueuer's queries, except that a job ends only by its own doing.

    A job broken off when the worker stops would be deleted as cancelled, and one whose retry could not be recorded be
    parked at once. Both stay with this worker instead; its heartbeat stops, and a worker takes them up again.
    """

    async def log_jobs(self, job_status: list[tuple[Job, JOB_STATUS, TracebackRecord | None]]) -> None:
        """Record how jobs ended, but for those broken off."""
        ended = [entry for entry in job_status if entry[1] != "canceled"]
        if ended:
            await super().log_jobs(ended)

    async def retry_job(self, job: Job, delay: timedelta, traceback_record: TracebackRecord | None) -> None:
        """Put a job back for a later try; if that fails, it is left to be found without a heartbeat."""
        try:
            await super().retry_job(job, delay, traceback_record)
        except Exception as error:
            _log.warning("retry_not_recorded", job_id=job.id, error=type(error).__name__)


async def run_worker(
    settings: Settings,
    stop: asyncio.Event,
    *,
    timing: Timing | None = None,
    periodic: tuple[Periodic, ...] = PERIODIC,
) -> None:
    """Work until `stop` is set, then finish the mails in hand within `timing.stop_grace`.

    Whatever happens to the database, it goes on: it connects again with growing pauses. Any number may run at once.

    Raises:
        InvalidSettings: the mail settings cannot be used; before any work is done.
    """
    timing = timing or Timing()
    small = msgspec.structs.replace(settings, database_pool_size=POOL_SIZE)
    services = await open_services(small, "leadconnect background")
    try:
        handlers = entrypoints(services, timing)
        failed_count = 0
        while not stop.is_set():
            started_at = asyncio.get_running_loop().time()
            try:
                await _session(services, handlers, stop, timing, periodic)
            except Exception as error:
                _log.warning("worker_interrupted", error=type(error).__name__)
            lasted = asyncio.get_running_loop().time() - started_at
            failed_count = 0 if lasted > timing.reconnect_delays[-1].total_seconds() else failed_count
            delay = timing.reconnect_delays[min(failed_count, len(timing.reconnect_delays) - 1)]
            failed_count += 1
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), delay.total_seconds())
    finally:
        await services.close()


async def _session(
    services: Services,
    handlers: dict[str, Handler],
    stop: asyncio.Event,
    timing: Timing,
    periodic: tuple[Periodic, ...],
) -> None:
    """Work over one connection until `stop` is set or the connection is lost."""
    async with _connection(services.settings) as connection:
        is_listening = not await is_pooled(connection)
        queries = queue_queries(connection, CarefulQueries, is_listening=is_listening)
        manager = QueueManager(queries, channel=NAMES.channel)
        _register_handlers(manager, handlers)
        scheduler = SchedulerManager(queries)
        register(scheduler, periodic, services.database)

        def shut_down(_: object = None) -> None:
            manager.shutdown.set()
            scheduler.shutdown.set()

        connection.add_termination_listener(shut_down)
        working = manager.run(
            dequeue_timeout=timing.poll_interval if is_listening else timing.pooled_interval,
            batch_size=BATCH_SIZE,
            max_concurrent_tasks=SLOT_COUNT,
            heartbeat_timeout=timing.heartbeat_timeout,
        )
        running = [asyncio.create_task(each) for each in (working, *([scheduler.run()] if periodic else []))]
        stopping = asyncio.create_task(stop.wait())
        _log.info("worker_started")
        try:
            await asyncio.wait([*running, stopping], return_when=asyncio.FIRST_COMPLETED)
        finally:
            shut_down()
            await _finish(running, stopping, timing)
            stopping.cancel()
        for task in running:
            if not task.cancelled():
                task.result()


def _register_handlers(manager: QueueManager, handlers: dict[str, Handler]) -> None:
    for name, handler in handlers.items():
        limit = SIDE_BY_SIDE[name]
        manager.entrypoint(name, on_failure="hold", accepts_context=False, concurrency_limit=limit)(handler)


async def _finish(running: list[asyncio.Task[None]], stopping: asyncio.Task[bool], timing: Timing) -> None:
    """Let `running` end by itself: time enough for a mail, or a short grace once `stopping`; then break it off."""
    ended: asyncio.Future[Any] = asyncio.gather(*running, return_exceptions=True)
    either: list[asyncio.Future[Any]] = [ended, stopping]
    await asyncio.wait(either, timeout=timing.send_limit.total_seconds(), return_when=asyncio.FIRST_COMPLETED)
    await asyncio.wait([ended], timeout=timing.stop_grace.total_seconds())
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


@asynccontextmanager
async def _connection(settings: Settings) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """Open the connection that waits for jobs, under the login role; it is closed at the end."""
    arguments = {"timeout": 5.0, **connection_arguments(settings, "leadconnect worker")}
    connection = await asyncpg.connect(**arguments, command_timeout=10)
    try:
        yield connection
    finally:
        try:
            await connection.close(timeout=2)
        except Exception as error:
            _log.debug("worker_connection_not_closed", error=type(error).__name__)
