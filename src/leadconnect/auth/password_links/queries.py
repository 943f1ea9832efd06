"""The SQL of links to set a password with."""

from datetime import datetime, timedelta
from uuid import UUID

from leadconnect.auth.password_links.models import OpenLink
from leadconnect.database.pool import Connection
from leadconnect.identifiers import new_id

LINK_LIFE = timedelta(hours=72)

INSERT_LINK = """
    insert into password_links (account_id, id, user_id, token, expires_at) values ($1, $2, $3, $4, now() + $5)
    returning expires_at
"""
OPEN_LINK = "select account_id, user_id, link_id, email, company_name from open_password_link($1)"
USE_LINK = """
    update password_links set used_at = now()
    where account_id = $1 and id = $2 and used_at is null and expires_at > now() returning id
"""
VOID_LINKS = "update password_links set used_at = now() where account_id = $1 and user_id = $2 and used_at is null"


async def insert_link(connection: Connection, account_id: UUID, user_id: UUID, digest: str) -> datetime:
    """Add a link of a user, known by its token's digest, and return when it ends."""
    ends_at: datetime = await connection.fetchval(INSERT_LINK, account_id, new_id(), user_id, digest, LINK_LIFE)
    return ends_at


async def open_link(connection: Connection, digest: str) -> OpenLink | None:
    """Return the link of a token's digest, of whatever account, if it can be used and its user is active."""
    row = await connection.fetchrow(OPEN_LINK, digest)
    return OpenLink(**row) if row else None


async def use_link(connection: Connection, account_id: UUID, link_id: UUID) -> bool:
    """Use a link up; False when somebody else was first or it has ended."""
    return await connection.fetchval(USE_LINK, account_id, link_id) is not None


async def void_links(connection: Connection, account_id: UUID, user_id: UUID) -> None:
    """Make the user's links useless."""
    await connection.execute(VOID_LINKS, account_id, user_id)
