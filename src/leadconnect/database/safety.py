"""What a database must be like before it is trusted with anything."""

from contextlib import suppress

import asyncpg

from leadconnect.database.connecting import Connection as OwnConnection
from leadconnect.database.pool import Connection

DURABLE = {
    "fsync": {"on"},
    "full_page_writes": {"on"},
    "synchronous_commit": {"on", "local", "remote_write", "remote_apply"},
}
"""Settings of PostgreSQL, and the values with which what was acknowledged survives a crash."""

SETTINGS = "select name, setting from pg_settings where name = any($1)"
BYPASSING = """
    select r.rolname
    from pg_roles r
    join pg_database d on d.datname = current_database()
    where r.rolname in ('leadconnect_request', 'leadconnect_directory', 'leadconnect_search')
        and (r.rolsuper or r.rolbypassrls or r.rolcanlogin or pg_has_role(r.oid, d.datdba, 'member'))
    order by r.rolname
"""
IS_SUPERUSER = "select rolsuper from pg_roles where rolname = session_user"
TAKES_WRITES = "select not pg_is_in_recovery() and current_setting('default_transaction_read_only') = 'off' as is_open"

WRITE = """
    begin;
    set local work_mem = '64kB';
    insert into job_keys (key) values ('write probe') on conflict do nothing;
    select count(*) from generate_series(1, 20000);
    rollback
"""
"""Fails where writes fail: the row is refused by a read-only server, and the series, which is larger than the memory it
may take, goes to a file that needs half a megabyte of the disk. Nothing of either is left.
"""


async def check_writes(connection: Connection) -> None:
    """Check that the database takes writes and has room for them.

    Raises:
        PostgresError: what hinders a write, such as a full disk or a read-only server.
    """
    try:
        await connection.execute(WRITE)
    except asyncpg.PostgresError:
        with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):  # lost, and rolled back by itself
            await connection.execute("rollback")
        raise


async def durability_gaps(connection: Connection | OwnConnection) -> list[str]:
    """Return the settings with which the database may lose what it has acknowledged, such as ``fsync=off``."""
    rows = await connection.fetch(SETTINGS, list(DURABLE))
    return [f"{row['name']}={row['setting']}" for row in rows if row["setting"] not in DURABLE[row["name"]]]


async def bypassing_roles(connection: Connection | OwnConnection) -> list[str]:
    """Return those of our roles that row security would not bind."""
    return [row["rolname"] for row in await connection.fetch(BYPASSING)]


async def is_superuser(connection: OwnConnection) -> bool:
    """Return whether the login role is a superuser."""
    return bool(await connection.fetchval(IS_SUPERUSER))


async def takes_writes(connection: OwnConnection) -> bool:
    """Return whether the server takes writes: it is no replica, and transactions are not read-only."""
    return bool(await connection.fetchval(TAKES_WRITES))
