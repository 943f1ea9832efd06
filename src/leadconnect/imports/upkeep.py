"""What background work does with imports besides planning and applying them."""

from datetime import timedelta

from leadconnect.database.pool import Connection, Database
from leadconnect.database.transaction import tenant
from leadconnect.errors import LeadConnectError
from leadconnect.imports import queries


async def fail(database: Database, key: queries.Run, error: LeadConnectError) -> None:
    """Mark an import as failed with the code and the text of `error`, unless another run has begun."""
    async with tenant(database, key[0]) as connection:
        await queries.set_failed(connection, key, error.code, error.text)


async def purge(connection: Connection, *, age: timedelta) -> None:
    """Delete the imports older than `age` with their files and plans, of all accounts. Background work."""
    await queries.purge(connection, age=age)


async def drop_failed_files(connection: Connection, *, age: timedelta) -> None:
    """Delete the files of imports that failed longer than `age` ago, of all accounts. Background work."""
    await queries.drop_failed_files(connection, age=age)
