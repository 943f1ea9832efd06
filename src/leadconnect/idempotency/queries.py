"""The SQL of answers that are kept. They are told apart by account, user and key."""

import msgspec

from leadconnect.database.pool import Connection
from leadconnect.idempotency.models import Attempt, KeptAnswer

KEPT_ANSWER = """
    select request, status, content_type, etag, location, body from idempotency_keys
    where account_id = $1 and user_id = $2 and key = $3 and expires_at > now()
"""
CLAIM = """
    select pg_try_advisory_xact_lock($4) as is_ours, exists (
        select from idempotency_keys where account_id = $1 and user_id = $2 and key = $3 and expires_at > now()
    ) as is_answered
"""
# The primary key has the route as well, so the condition refuses a key whose other request was answered after CLAIM.
KEEP = """
    insert into idempotency_keys as kept
        (account_id, user_id, route, key, request, status, content_type, etag, location, body, expires_at)
    select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now() + $11::interval
    where not exists (
        select from idempotency_keys where account_id = $1 and user_id = $2 and key = $4 and expires_at > now()
    )
    on conflict (account_id, user_id, route, key) do update set request = excluded.request, status = excluded.status,
        content_type = excluded.content_type, etag = excluded.etag, location = excluded.location, body = excluded.body,
        created_at = now(), expires_at = excluded.expires_at
    where kept.expires_at <= now()
"""
PURGE = "delete from idempotency_keys where expires_at <= now()"


async def kept_answer(connection: Connection, attempt: Attempt) -> KeptAnswer | None:
    """Return the answer that is kept for the key of `attempt`, if any."""
    row = await connection.fetchrow(KEPT_ANSWER, attempt.account_id, attempt.user_id, attempt.key)
    return KeptAnswer(*row) if row is not None else None


async def claim(connection: Connection, attempt: Attempt) -> tuple[bool, bool]:
    """Take the key of `attempt` until the end of the transaction. Return whether that worked, for nobody else has it,
    and whether there is an answer. Nobody waits.
    """
    (row,) = await connection.fetch(CLAIM, attempt.account_id, attempt.user_id, attempt.key, attempt.lock)
    return row["is_ours"], row["is_answered"]


async def keep(connection: Connection, attempt: Attempt, answer: KeptAnswer) -> bool:
    """Keep the answer of `attempt`, in place of one whose time is over; False when there is another one."""
    place = (attempt.account_id, attempt.user_id, attempt.route, attempt.key)
    done = await connection.execute(KEEP, *place, *msgspec.structs.astuple(answer), attempt.life)
    return str(done) == "INSERT 0 1"


async def purge(connection: Connection) -> None:
    """Forget the answers of all accounts whose time is over. Needs the role of background work."""
    await connection.execute(PURGE)
