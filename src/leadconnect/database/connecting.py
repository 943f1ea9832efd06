"""How this program connects to the database, and what it finds there: a server, or a connection pooler in between.

Every connection is opened with `connection_arguments`. No start-up parameter but ``application_name`` is sent, because
PgBouncer refuses the others (its manual, ``ignore_startup_parameters``). The limits of a session are settings of the
role in the database, which `ensure_session_settings` writes: PostgreSQL applies them whenever a server connection is
opened, whoever opens it.
"""

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import asyncpg

from leadconnect.dsn import connect_arguments
from leadconnect.settings import Settings

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]
else:
    Connection = Any

KEPT_STATEMENTS_COUNT = 200
"""Prepared statements that one connection keeps."""

SESSION_SETTINGS = {
    "statement_timeout": "5s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "10s",
    "jit": "off",
    "plan_cache_mode": "force_generic_plan",
}
"""What the sessions of the login role have: limits, which PostgreSQL enforces, and plans that are made once."""

_ADVISORY_LOCK = 0x6C65616464  # "leadd", in the 64-bit key space
_WRITTEN = """
    select coalesce(s.setconfig, '{}') as config
    from pg_roles r
    join pg_database d on d.datname = current_database()
    left join pg_db_role_setting s on s.setrole = r.oid and s.setdatabase = d.oid
    where r.rolname = session_user
"""
_WRITE = """
    do $$ begin
        execute format('alter role %I in database %I set {name} = %L', session_user, current_database(), '{value}');
    end $$
"""
_HAS_STATEMENT = "select exists (select from pg_prepared_statements where name = $1)"


class NamesakeFreeConnection(asyncpg.Connection):
    """A connection whose prepared statements have names that no other client uses.

    asyncpg counts them from 1 in each process, and a cursor always prepares one by name. A pooler in transaction mode
    may leave it behind on a server connection, where the same name of another client is then refused.
    """

    def _get_unique_id(self, prefix: str) -> str:
        return f"__asyncpg_{prefix}_{uuid4().hex}__"


def connection_arguments(settings: Settings, application_name: str) -> dict[str, Any]:
    """Return the keyword arguments of `asyncpg.connect` and `asyncpg.create_pool` for the database of `settings`.

    Raises:
        InvalidDatabaseUrl: see `leadconnect.dsn.connect_arguments`.
    """
    arguments = connect_arguments(settings.database_url, ca_file=settings.database_ca_file)
    arguments["server_settings"] = {**arguments["server_settings"], "application_name": application_name}
    arguments["connection_class"] = NamesakeFreeConnection
    arguments["statement_cache_size"] = KEPT_STATEMENTS_COUNT if settings.database_statement_cache else 0
    return arguments


async def is_pooled(connection: Connection) -> bool:
    """Return whether a connection pooler stands between: the process that serves is not the one that was announced."""
    return bool(await connection.fetchval("select pg_backend_pid()") != connection.get_server_pid())


async def keeps_statements(connection: Connection) -> bool:
    """Return whether a named prepared statement can be used in a later transaction of the same client.

    Behind a pooler that follows prepared statements (PgBouncer 1.21 or later), the server knows them by other names.
    """
    if not await is_pooled(connection):
        return True
    name = f"leadconnect_{uuid4().hex}"
    async with connection.transaction():  # so that all of it reaches the same server connection
        statement = await connection.prepare(f"select '{name}'", name=name)
        has_our_name = bool(await connection.fetchval(_HAS_STATEMENT, name))
        if has_our_name:
            await connection.execute(f"deallocate {name}")
    del statement
    return not has_our_name


async def ensure_session_settings(connection: Connection) -> None:
    """Write `SESSION_SETTINGS` for the login role in this database, unless they are written already.

    A pooler's server connection that was opened earlier does not have them; the one that this reaches gets them now,
    and others when the pooler replaces them.
    """
    wanted = {f"{name}={value}" for name, value in SESSION_SETTINGS.items()}
    async with connection.transaction():
        if not wanted <= set(await connection.fetchval(_WRITTEN)):
            await connection.execute(f"select pg_advisory_xact_lock({_ADVISORY_LOCK})")
            for name, value in SESSION_SETTINGS.items():
                await connection.execute(_WRITE.format(name=name, value=value))
        for name, value in SESSION_SETTINGS.items():
            await connection.execute(f"set {name} = '{value}'")
