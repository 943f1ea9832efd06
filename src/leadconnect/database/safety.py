"""What a database must be like before it is trusted with anything."""

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


async def durability_gaps(connection: Connection) -> list[str]:
    """Return the settings with which the database may lose what it has acknowledged, such as ``fsync=off``."""
    rows = await connection.fetch(SETTINGS, list(DURABLE))
    return [f"{row['name']}={row['setting']}" for row in rows if row["setting"] not in DURABLE[row["name"]]]


async def bypassing_roles(connection: Connection) -> list[str]:
    """Return those of our roles that row security would not bind."""
    return [row["rolname"] for row in await connection.fetch(BYPASSING)]
