"""The SQL of answers that are kept. They are told apart by account, person, route and key."""

import msgspec

from leadconnect.database.pool import Connection
from leadconnect.idempotency.models import Attempt, KeptAnswer

KEPT_ANSWER = """
    select request, status, content_type, etag, body from idempotency_keys
    where account_id = $1 and user_id = $2 and route = $3 and key = $4 and expires_at > now()
"""
CLAIM = """
    select pg_try_advisory_xact_lock($5) as is_ours, exists (
        select from idempotency_keys
        where account_id = $1 and user_id = $2 and route = $3 and key = $4 and expires_at > now()
    ) as is_answered
"""
KEEP = """
    insert into idempotency_keys as kept
        (account_id, user_id, route, key, request, status, content_type, etag, body, expires_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now() + $10::interval)
    on conflict (account_id, user_id, route, key) do update set request = excluded.request, status = excluded.status,
        content_type = excluded.content_type, etag = excluded.etag, body = excluded.body, created_at = now(),
        expires_at = excluded.expires_at
    where kept.expires_at <= now()
"""
PURGE = "delete from idempotency_keys where expires_at <= now()"


async def kept_answer(connection: Connection, attempt: Attempt) -> KeptAnswer | None:
    """Return the answer that is kept for the key of `attempt`, if any."""
    row = await connection.fetchrow(KEPT_ANSWER, attempt.account_id, attempt.user_id, attempt.route, attempt.key)
    return KeptAnswer(*row) if row is not None else None


async def claim(connection: Connection, attempt: Attempt) -> tuple[bool, bool]:
    """Take the key of `attempt` until the end of the transaction. Return whether that worked, for nobody else has it,
    and whether there is an answer. Nobody waits.
    """
    place = (attempt.account_id, attempt.user_id, attempt.route, attempt.key)
    (row,) = await connection.fetch(CLAIM, *place, attempt.lock)
    return row["is_ours"], row["is_answered"]


async def keep(connection: Connection, attempt: Attempt, answer: KeptAnswer) -> bool:
    """Keep the answer of `attempt`, in place of one whose time is over; False when there is another one."""
    place = (attempt.account_id, attempt.user_id, attempt.route, attempt.key)
    done = await connection.execute(KEEP, *place, *msgspec.structs.astuple(answer), attempt.life)
    return str(done) == "INSERT 0 1"


async def purge(connection: Connection) -> None:
    """Forget the answers of all accounts whose time is over. Needs the role of background work."""
    await connection.execute(PURGE)
