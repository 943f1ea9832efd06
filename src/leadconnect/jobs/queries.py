"""The SQL of the queue that is ours, and PgQueuer's queries tied to the names in our schema."""

from datetime import timedelta
from typing import Final, TypeVar, cast

import asyncpg
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment, QueryQueueBuilder, QuerySchedulerBuilder
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain.settings import DBSettings, Durability
from pgqueuer.domain.types import Channel
from pgqueuer.ports.driver import NotifyCallback

from leadconnect.database.pool import Connection

KindOfQueries = TypeVar("KindOfQueries", bound=Queries)

NAMES: Final = DBSettings(
    prefix="",
    db_schema=None,
    channel=Channel("ch_pgqueuer"),
    function="fn_pgqueuer_changed",
    statistics_table="pgqueuer_statistics",
    queue_status_type="pgqueuer_status",
    queue_table="pgqueuer",
    queue_table_log="pgqueuer_log",
    trigger="tg_pgqueuer_changed",
    schedules_table="pgqueuer_schedules",
    durability=Durability.durable,
    widen_id=True,
)
"""The names in the migration, spelt out: left out, PgQueuer would take them from variables such as ``CHANNEL``."""


CLAIM_KEY = "insert into job_keys (key) values ($1) on conflict do nothing"
PARKED_COUNT = "select count(*) from pgqueuer where status = 'failed'"
PURGE_LOG = "delete from pgqueuer_log where created < now() - $1::interval"
PURGE_STATISTICS = "delete from pgqueuer_statistics where created < now() - $1::interval"
PURGE_PARKED = "delete from pgqueuer where status = 'failed' and updated < now() - $1::interval"
PURGE_KEYS = "delete from job_keys where created_at < now() - $1::interval"


class PollingDriver(AsyncpgDriver):
    """PgQueuer's driver without LISTEN, which would stay behind on whichever server connection a pooler lends."""

    async def add_listener(self, channel: str, callback: NotifyCallback) -> None:
        """Do nothing; the queue is looked at in intervals."""


def queue_queries(
    connection: "Connection | asyncpg.Connection[asyncpg.Record]",
    kind: type[KindOfQueries],
    *,
    is_listening: bool = True,
) -> KindOfQueries:
    """Return PgQueuer's queries over `connection`, as an instance of `kind`."""
    driver = AsyncpgDriver if is_listening else PollingDriver
    return kind(
        driver(cast("asyncpg.Connection[asyncpg.Record]", connection)),  # a lent connection has the same methods
        qbe=QueryBuilderEnvironment(NAMES),
        qbq=QueryQueueBuilder(NAMES),
        qbs=QuerySchedulerBuilder(NAMES),
    )


async def claim_key(connection: Connection, key: str) -> bool:
    """Take `key` in this transaction; False if another one has or had it. Waits for a transaction that is at it."""
    return str(await connection.execute(CLAIM_KEY, key)) == "INSERT 0 1"


async def parked_count(connection: Connection) -> int:
    """Return how many jobs were given up and wait for an operator. Needs the login role."""
    return int(await connection.fetchval(PARKED_COUNT))


async def purge(connection: Connection, *, log_age: timedelta, parked_age: timedelta, key_age: timedelta) -> None:
    """Delete what is older than the ages given: log and statistics, given-up jobs, and keys. Needs the login role."""
    await connection.execute(PURGE_LOG, log_age)
    await connection.execute(PURGE_STATISTICS, log_age)
    await connection.execute(PURGE_PARKED, parked_age)
    await connection.execute(PURGE_KEYS, key_age)
