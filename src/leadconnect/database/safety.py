"""What a database must be like before it is trusted with anything."""

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
