"""Counting what a request costs: its statements, its hashes and the codes that were compared."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from uuid import UUID

import msgspec

from leadconnect.auth.credentials.codes import CodeSealer
from leadconnect.auth.services import Services
from leadconnect.database.pool import Connection, Database
from leadconnect.edge.middleware import Edge
from leadconnect.settings import Settings

OF_ONE_REQUEST = re.compile(r"; set local application_name to '[^']*'")
"""The part of a statement that names the request."""


def services_of(app: Edge) -> Services:
    """Return what the requests of `app` share."""
    services: Services = app.app.state.services
    return services


class CountingDatabase(Database):
    """Keeps every statement that goes over the connections it lends, and the arguments of them all."""

    def __init__(self, inner: Database) -> None:
        self.statements: list[str] = []
        self.arguments: list[Any] = []
        self._inner = inner

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[Connection]:
        """Lend a connection of the real pool that tells its statements."""
        async with self._inner.acquire() as connection:
            connection.add_query_logger(self._keep)
            try:
                yield connection
            finally:
                await asyncio.sleep(0)  # asyncpg calls its loggers in the loop's next turn
                connection.remove_query_logger(self._keep)

    def _keep(self, query: Any) -> None:
        self.statements.append(OF_ONE_REQUEST.sub("", query.query))
        self.arguments.extend(query.args)


class CountingSealer(CodeSealer):
    """Counts the codes that are compared."""

    compared_count = 0

    def matches(self, code: str, purpose: str, user_id: UUID, sealed: str) -> bool:
        """Compare, and count it."""
        self.compared_count += 1
        return super().matches(code, purpose, user_id, sealed)


@contextmanager
def exchanged(app: Edge, **parts: Any) -> Iterator[None]:
    """Let the requests of `app` share other parts in the block."""
    before = services_of(app)
    app.app.state.services = msgspec.structs.replace(before, **parts)
    try:
        yield
    finally:
        app.app.state.services = before


@contextmanager
def counted_statements(app: Edge) -> Iterator[list[str]]:
    """Give the list of the statements that the requests of `app` in the block send."""
    counting = CountingDatabase(services_of(app).database)
    with exchanged(app, database=counting):
        yield counting.statements


@contextmanager
def counted_codes(app: Edge, settings: Settings) -> Iterator[CountingSealer]:
    """Give the sealer that counts the codes that the requests of `app` in the block compare."""
    sealer = CountingSealer(settings.secret)
    with exchanged(app, codes=sealer):
        yield sealer
