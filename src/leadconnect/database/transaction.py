"""The only place where a transaction begins and ends, takes on a role and names the account it is for.

The role, the account and the beginning travel in one round trip and end with the transaction, so nothing of one request
can reach the next on the same connection, behind a pooler either.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import TypeAlias
from uuid import UUID

from structlog.contextvars import get_contextvars

from leadconnect.database.pool import BUSY, Connection, Database
from leadconnect.errors import LeadConnectError

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]+")
"""What the edge lets through, and what may stand in a statement as it is."""

Begin: TypeAlias = Callable[[], Awaitable[Connection]]
"""Begins the transaction of a request, once: for work that has much to do before it needs the database."""
PATIENCE = {"statement_timeout": "6h", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "10min"}
"""For what an operator does once, and what may take long."""


class CommitFailed(Exception):
    """A transaction whose statement had failed was to be committed; PostgreSQL rolled it back."""


def tenant(database: Database, account_id: UUID, *, is_step: bool = False) -> AbstractAsyncContextManager[Connection]:
    """Open a transaction that sees and writes the rows of one account; it is committed at the end of the block. The
    commit of a step of some work does not wait for the disk: a server that fails may lose it, but not without all that
    was committed later (PostgreSQL, chapter 28.4), such as the end of that work.

    Raises:
        ServiceBusy: the database is away, too slow or too busy; nothing was written, unless the very commit was cut
            off.
    """
    settings = {"role": "leadconnect_request", "app.account_id": str(account_id)}
    return _transaction(database, settings | {"synchronous_commit": "off"} if is_step else settings)


def directory(database: Database) -> AbstractAsyncContextManager[Connection]:
    """Open a transaction before an account is known: it sees no tenant's row, and may call the directory functions,
    count throttles and enqueue jobs.
    """
    return _transaction(database, {"role": "leadconnect_request"})


def maintenance(database: Database) -> AbstractAsyncContextManager[Connection]:
    """Open a transaction of background work, which may reach the rows of all accounts that its grants name."""
    return _transaction(database, {"role": "leadconnect_directory"})


def erasing(database: Database, account_id: UUID) -> AbstractAsyncContextManager[Connection]:
    """Open a transaction that may delete the rows of one account from every table, and take its time.

    It takes on no role: the login role owns the tables. Row security is forced on the owner too, and as a member of the
    role of requests it sees what a request of the account would see, and no other row.
    """
    return _transaction(database, {"app.account_id": str(account_id), **PATIENCE})


@asynccontextmanager
async def _transaction(database: Database, settings: dict[str, str]) -> AsyncIterator[Connection]:
    """Open a transaction with `settings`, which end with it. Their values are ours or checked, and need no quoting."""
    if name := caller_name():
        settings["application_name"] = name
    begin = "begin" + "".join(f"; set local {name} to '{value}'" for name, value in settings.items())
    async with database.acquire() as connection:
        await connection.execute(begin)
        try:
            yield connection
        except BaseException as error:
            if isinstance(error, LeadConnectError) and error.keeps_writes:
                await _commit(connection)
            else:
                await asyncio.shield(_roll_back(connection))  # also when the request is cancelled
            raise
        await _commit(connection)


def caller_name() -> str | None:
    """Return what the server's views show for a transaction of a request; None outside of requests."""
    request_id = get_contextvars().get("request_id", "")
    return f"leadconnect {request_id}" if REQUEST_ID.fullmatch(request_id) else None


async def _roll_back(connection: Connection) -> None:
    with suppress(*BUSY):  # a connection that is lost has rolled back by itself
        await connection.execute("rollback")


async def _commit(connection: Connection) -> None:
    if await connection.execute("commit") != "COMMIT":
        raise CommitFailed
