"""PgQueuer's queries, tied to the names in our schema."""

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


class PollingDriver(AsyncpgDriver):
    """PgQueuer's driver without LISTEN.

    Behind a pooler, LISTEN would stay on the server connection that the pooler happens to use.
    """

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
