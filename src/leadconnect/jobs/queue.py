"""Adding jobs to the queue in the transaction that causes them, so that both are there or neither."""

from datetime import timedelta

from pgqueuer.adapters.persistence.queries import Queries

from leadconnect.database.pool import Connection
from leadconnect.jobs.queries import claim_key, queue_queries


async def enqueue(
    connection: Connection,
    entrypoint: str,
    payload: bytes,
    *,
    key: str | None = None,
    delay: timedelta = timedelta(0),
    priority: int = 0,
) -> None:
    """Add a job for `entrypoint` to the caller's transaction, to be done `delay` after its commit at the earliest.

    Of jobs that are due, those of a higher `priority` begin first. A `key` (at most 200 characters, readable by
    operators, so made of ids and never of personal data) makes the job unique: when a job has or had the same key,
    nothing is added and the transaction goes on. Keys are forgotten after `leadconnect.jobs.schedule.KEY_AGE`. Works
    under the request role and the directory role.
    """
    if key is not None and not await claim_key(connection, key):
        return
    await queue_queries(connection, Queries).enqueue(entrypoint, payload, priority, execute_after=delay)
