"""The only place where a transaction begins and ends, takes on a role and names the account it is for.

The role, the account and the beginning travel in one round trip and end with the transaction, so nothing of one request
can reach the next on the same connection, behind a pooler either.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import UUID

from structlog.contextvars import get_contextvars

from leadconnect.database.pool import BUSY, TIMEOUTS, Connection, Database
from leadconnect.errors import LeadConnectError

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]+")
"""What the edge lets through, and what may stand in a statement as it is."""


class CommitFailed(Exception):
    """A transaction whose statement had failed was to be committed; PostgreSQL rolled it back."""


@asynccontextmanager
async def tenant(database: Database, account_id: UUID) -> AsyncIterator[Connection]:
    """Open a transaction that sees and writes the rows of one account; it is committed at the end of the block.

    Raises:
        ServiceBusy: the database is away, too slow or too busy; nothing was written, unless the very commit was cut
            off.
    """
    role = f"set local role leadconnect_request; select set_config('app.account_id', '{account_id}', true)"
    async with _transaction(database, role) as connection:
        yield connection


@asynccontextmanager
async def directory(database: Database) -> AsyncIterator[Connection]:
    """Open a transaction before an account is known: it sees no tenant's row, and may call the directory functions,
    count throttles and enqueue jobs.
    """
    async with _transaction(database, "set local role leadconnect_request") as connection:
        yield connection


@asynccontextmanager
async def maintenance(database: Database) -> AsyncIterator[Connection]:
    """Open a transaction of background work, which may reach the rows of all accounts that its grants name."""
    async with _transaction(database, "set local role leadconnect_directory") as connection:
        yield connection


@asynccontextmanager
async def _transaction(database: Database, role: str) -> AsyncIterator[Connection]:
    begin = f"begin; {role}"
    request_id = get_contextvars().get("request_id", "")
    if REQUEST_ID.fullmatch(request_id):
        begin += f"; set local application_name = 'leadconnect {request_id}'"
    if (
        not database.prepares_statements
    ):  # behind a pooler the session is not ours, so the limits go with the transaction
        begin += "".join(f"; set local {name} = '{value}'" for name, value in TIMEOUTS.items())
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


async def _roll_back(connection: Connection) -> None:
    with suppress(*BUSY):  # a connection that is lost has rolled back by itself
        await connection.execute("rollback")


async def _commit(connection: Connection) -> None:
    if await connection.execute("commit") != "COMMIT":
        raise CommitFailed
