"""What happens between a process and its database before anything else: wait, migrate, check."""

import asyncio
import time
from collections.abc import Callable

import asyncpg
import msgspec

from leadconnect.database.connecting import Connection, connection_arguments, keeps_statements
from leadconnect.database.migrate import WITHOUT_ROLES, migrate
from leadconnect.database.reasons import PASSING, explain
from leadconnect.database.rights import missing_rights
from leadconnect.database.safety import bypassing_roles, durability_gaps, is_superuser, takes_writes
from leadconnect.settings import Settings

PAUSE_SECONDS = 0.5
CONNECT_SECONDS = 5.0
OPERATION_SECONDS = 60.0


class CannotStart(Exception):
    """The database cannot be used; the message names the variable and the remedy in one line."""


async def prepare(settings: Settings, say: Callable[[str], None], *, repairs: bool = False) -> Settings:
    """Wait for the database, bring its schema up to date, check it, and return the settings that suit it.

    Behind a pooler that loses prepared statements, ``database_statement_cache`` becomes false. `say` is given what an
    operator should know. With `repairs`, rights that a restore has lost are made again.

    Raises:
        CannotStart: the database cannot be used, or would not keep accounts apart, or might lose what it acknowledges.
    """
    try:
        await _wait(settings, say)
        await migrate(settings.database_url, ca_file=settings.database_ca_file, repairs=repairs)
        connection = await _connect(settings)
        try:
            return await _checked(connection, settings, say)
        finally:
            await connection.close()
    except Exception as error:
        reason = explain(error)
        if reason is None:
            raise
        raise CannotStart(reason) from None


async def _wait(settings: Settings, say: Callable[[str], None]) -> None:
    """Return once the database can be connected to; give up after the setting DATABASE_START_WAIT."""
    deadline = time.monotonic() + settings.database_start_wait
    has_said = False
    while True:
        try:
            connection = await _connect(settings)
            await connection.close()
            return
        except PASSING:
            if time.monotonic() + PAUSE_SECONDS > deadline:
                raise
        if not has_said:
            say(f"waiting up to {settings.database_start_wait:g} s for the database to come up")
            has_said = True
        await asyncio.sleep(PAUSE_SECONDS)


async def _connect(settings: Settings) -> Connection:
    arguments = connection_arguments(settings, "leadconnect start") | {"statement_cache_size": 0}
    return await asyncpg.connect(**{"timeout": CONNECT_SECONDS, **arguments}, command_timeout=OPERATION_SECONDS)


async def _checked(connection: Connection, settings: Settings, say: Callable[[str], None]) -> Settings:
    if not await takes_writes(connection):
        raise asyncpg.ReadOnlySQLTransactionError
    if missing := await missing_rights(connection):
        raise CannotStart(
            f"DATABASE_URL: {WITHOUT_ROLES} or rights ({', '.join(missing[:3])}): run `leadconnect migrate`, once as a"
            " superuser where functions belong to one"
        )
    if roles := await bypassing_roles(connection):
        raise CannotStart(f"row security would not bind {', '.join(roles)}: take their privileges away")
    if gaps := await durability_gaps(connection):
        raise CannotStart(f"the database may lose what it has acknowledged: {', '.join(gaps)}")
    if await is_superuser(connection):
        say(
            "DATABASE_URL: this is a superuser, for whom no right is checked: use a role that owns the database and"
            " has createrole alone"
        )
    if settings.database_statement_cache and not await keeps_statements(connection):
        say("DATABASE_STATEMENT_CACHE: the connection pooler loses prepared statements, so none are used")
        return msgspec.structs.replace(settings, database_statement_cache=False)
    return settings
