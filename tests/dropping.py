"""Dropping the databases of tests."""

import asyncio

import asyncpg

from leadconnect.database.pool import Connection

TRIES = 100
PAUSE_SECONDS = 0.1


async def drop_database(connection: "Connection | asyncpg.Connection[asyncpg.Record]", name: str) -> None:
    """Drop a database if it is there, with whoever is connected. PostgreSQL's own cleaning may be at work in it, which
    only a superuser may end, and which soon ends by itself.
    """
    for attempt in range(1, TRIES + 1):
        try:
            await connection.execute(f'drop database if exists "{name}" with (force)')
            return
        except asyncpg.InsufficientPrivilegeError:
            if attempt == TRIES:
                raise
            await asyncio.sleep(PAUSE_SECONDS)
