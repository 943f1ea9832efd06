"""The SQL of the queue that is ours; PgQueuer has its own."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from leadconnect.database.pool import Connection

CLAIM_KEY = "insert into job_keys (key) values ($1) on conflict do nothing"
POSITIONS = """
    with line as (
        select dedupe_key as name, row_number() over (partition by entrypoint order by priority desc, id) as position
        from pgqueuer where status = 'queued' and entrypoint = any ($1::text[])
    )
    select name, position from line where name = any ($2::text[])
"""
PARKED_COUNT = "select count(*) from pgqueuer where status = 'failed'"
PARKED = """
    select j.id, j.entrypoint, j.for_account, j.created, j.updated, j.attempts,
        (
            select case when l.traceback ->> 'exception_type' = 'JobParked' then l.traceback ->> 'exception_message'
                else l.traceback ->> 'exception_type' end
            from pgqueuer_log l where l.job_id = j.id and l.status = 'failed' order by l.id desc limit 1
        ) as reason
    from pgqueuer j where j.status = 'failed' order by j.updated desc, j.id desc
"""
REQUEUE_PARKED = """
    with requeued as (
        update pgqueuer set status = 'queued', execute_after = now(), updated = now(), attempts = 0,
            queue_manager_id = null
        where status = 'failed' and ($1::bigint[] is null or id = any($1))
        returning id, entrypoint, priority
    )
    insert into pgqueuer_log (job_id, status, entrypoint, priority)
    select id, 'queued', entrypoint, priority from requeued returning job_id
"""
DROP_PARKED = """
    with dropped as (
        delete from pgqueuer where status = 'failed' and ($1::bigint[] is null or id = any($1))
        returning id, entrypoint, priority
    )
    insert into pgqueuer_log (job_id, status, entrypoint, priority)
    select id, 'deleted', entrypoint, priority from dropped returning job_id
"""
PURGE_LOG = "delete from pgqueuer_log where created < now() - $1::interval"
PURGE_STATISTICS = "delete from pgqueuer_statistics where created < now() - $1::interval"
PURGE_PARKED = "delete from pgqueuer where status = 'failed' and updated < now() - $1::interval"
PURGE_KEYS = "delete from job_keys where created_at < now() - $1::interval"


class ParkedJob(msgspec.Struct, frozen=True):
    """A parked job: its entry point, times and reason, without its payload."""

    id: int
    entrypoint: str
    for_account: UUID | None
    created: datetime
    updated: datetime
    attempts: int
    reason: str | None


async def claim_key(connection: Connection, key: str) -> bool:
    """Take `key` in this transaction; False if another one has or had it.

    Waits for a transaction that is at it.
    """
    return str(await connection.execute(CLAIM_KEY, key)) == "INSERT 0 1"


async def parked_count(connection: Connection) -> int:
    """Return how many jobs were given up and wait for an operator. Needs the login role."""
    return int(await connection.fetchval(PARKED_COUNT))


async def parked_jobs(connection: Connection) -> list[ParkedJob]:
    """Return the jobs that were given up, the newest first. Needs the login role."""
    return [ParkedJob(**row) for row in await connection.fetch(PARKED)]


async def requeue_parked(connection: Connection, ids: Sequence[int] | None) -> list[int]:
    """Queue the parked jobs of `ids`, or all of them, with all their tries; return which.

    Needs the login role.
    """
    return [row["job_id"] for row in await connection.fetch(REQUEUE_PARKED, ids)]


async def drop_parked(connection: Connection, ids: Sequence[int] | None) -> list[int]:
    """Delete the parked jobs of `ids`, or all of them; return which. Needs the login role."""
    return [row["job_id"] for row in await connection.fetch(DROP_PARKED, ids)]


async def purge(connection: Connection, *, log_age: timedelta, parked_age: timedelta, key_age: timedelta) -> None:
    """Delete what is older than the ages given: log and statistics, given-up jobs, and keys.

    Needs the login role.
    """
    await connection.execute(PURGE_LOG, log_age)
    await connection.execute(PURGE_STATISTICS, log_age)
    await connection.execute(PURGE_PARKED, parked_age)
    await connection.execute(PURGE_KEYS, key_age)
