"""What runs periodically, each by one instance at a time, and what runs it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

import msgspec
import structlog
from pgqueuer.core.sm import SchedulerManager
from pgqueuer.domain.models import Schedule

from leadconnect.auth import face as auth
from leadconnect.database.pool import Database
from leadconnect.database.transaction import maintenance
from leadconnect.edge.causes import cause_of
from leadconnect.idempotency import actions as idempotency
from leadconnect.imports import upkeep as imports
from leadconnect.leads.duplicates.filling import key_older_leads
from leadconnect.leads.reindexing import renew_documents
from leadconnect.leads.totals.actions import check_counts, fold_counts
from leadconnect.notifications import actions as notifications
from leadconnect.notifications.digests import announce_digests
from leadconnect.profile import email_change
from leadconnect.queue.actions import purge

_log = structlog.get_logger()

LOG_AGE = timedelta(days=7)
PARKED_AGE = timedelta(days=30)
KEY_AGE = timedelta(days=90)
"""How long the key of a job keeps a second job with the same key away."""
NOTIFICATION_AGE = timedelta(days=90)
IMPORT_AGE = timedelta(days=30)
FAILED_FILE_AGE = timedelta(days=1)


class Periodic(msgspec.Struct, frozen=True):
    """A function that runs whenever the cron expression `when` says, in UTC; a sixth field, if any, is the seconds.

    It runs in one instance at a time. When it fails it is logged and runs again at its next time; what was missed
    while no instance ran is made up for once. It must be safe to run twice: an instance that dies is replaced.
    """

    name: str
    when: str
    function: Callable[[Database], Awaitable[None]]
    limit: timedelta = timedelta(minutes=10)
    """It is broken off after this time."""


async def purge_jobs(database: Database) -> None:
    """Forget finished jobs, jobs long given up, and old keys."""
    async with database.acquire() as connection:
        await purge(connection, log_age=LOG_AGE, parked_age=PARKED_AGE, key_age=KEY_AGE)


async def purge_sign_ins(database: Database) -> None:
    """Forget sessions, tokens, codes, links and throttles that ended a while ago."""
    async with maintenance(database) as connection:
        await auth.purge(connection)
        await email_change.purge(connection)


async def purge_notifications(database: Database) -> None:
    """Forget old notifications, and the devices of sessions that were ended."""
    async with maintenance(database) as connection:
        await notifications.purge(connection, age=NOTIFICATION_AGE)


async def purge_answers(database: Database) -> None:
    """Forget the answers that were kept for requests sent twice, once their time is over."""
    async with maintenance(database) as connection:
        await idempotency.purge(connection)


async def purge_imports(database: Database) -> None:
    """Forget old imports with their files and plans; what they wrote stays."""
    async with maintenance(database) as connection:
        await imports.purge(connection, age=IMPORT_AGE)


async def drop_failed_files(database: Database) -> None:
    """Drop the files of imports that failed a while ago; until then another choice may mend them."""
    async with maintenance(database) as connection:
        await imports.drop_failed_files(connection, age=FAILED_FILE_AGE)


PERIODIC: tuple[Periodic, ...] = (
    Periodic("purge_jobs", "17 * * * *", purge_jobs),
    Periodic("purge_sign_ins", "37 * * * *", purge_sign_ins),
    Periodic("purge_notifications", "47 * * * *", purge_notifications),
    Periodic("purge_imports", "27 2 * * *", purge_imports),
    Periodic("drop_failed_files", "7 * * * *", drop_failed_files),
    Periodic("purge_answers", "*/10 * * * *", purge_answers),
    Periodic("announce_digests", "*/5 * * * *", announce_digests),
    Periodic("fold_lead_counts", "* * * * *", fold_counts),
    Periodic("renew_documents", "*/5 * * * *", renew_documents),
    Periodic("key_older_leads", "*/5 * * * *", key_older_leads),
    Periodic("check_lead_counts", "23 3 * * *", check_counts),
)
"""Everything that runs periodically."""


def register(scheduler: SchedulerManager, periodic: tuple[Periodic, ...], database: Database) -> None:
    """Hand `periodic` to the scheduler, which keeps their next times in the database.

    Raises:
        ValueError: an expression is no cron expression.
    """
    for task in periodic:
        scheduler.schedule(task.name, task.when, accepts_context=False)(partial(run_once, task, database))


async def run_once(task: Periodic, database: Database, _: Schedule | None = None) -> None:
    """Run `task` now; a failure is logged and goes no further.

    The log names the error and the place, not its text: PostgreSQL quotes rows in it.
    """
    try:
        async with asyncio.timeout(task.limit.total_seconds()):
            await task.function(database)
    except Exception as error:
        _log.error("periodic_failed", name=task.name, error=type(error).__name__, **cause_of(error))
