"""The SQL of API keys."""

from datetime import datetime
from uuid import UUID

from leadconnect.auth.credentials.api_keys import ApiKey
from leadconnect.auth.principal import Principal
from leadconnect.auth.queries import principal_of
from leadconnect.database.pool import Connection

CALLER = "select * from caller_by_api_key($1)"
REPLACE = """
    insert into api_keys (account_id, user_id, digest, prefix, last4) values ($1, $2, $3, $4, $5)
    on conflict (account_id, user_id) do update set digest = excluded.digest, prefix = excluded.prefix,
        last4 = excluded.last4, created_at = now(), last_used_at = null
    returning created_at
"""


async def caller(connection: Connection, digest: str) -> Principal | None:
    """Return whose key has this digest, at work in no session."""
    row = await connection.fetchrow(CALLER, digest)
    return principal_of(row) if row else None


async def replace(connection: Connection, account_id: UUID, user_id: UUID, key: ApiKey) -> datetime:
    """Give the user a key, in the place of the one they have, and return when."""
    created_at: datetime = await connection.fetchval(REPLACE, account_id, user_id, key.digest, key.prefix, key.last4)
    return created_at
