"""Add jobs to the queue, in the transaction that causes them."""

from collections.abc import Sequence
from datetime import timedelta

from pgqueuer.adapters.persistence.queries import Queries

from leadconnect.database.pool import Connection
from leadconnect.queue import queries
from leadconnect.queue.driver import queue_queries
from leadconnect.queue.queries import POSITIONS, claim_key


async def enqueue(
    connection: Connection,
    entrypoint: str,
    payload: bytes,
    *,
    key: str | None = None,
    delay: timedelta = timedelta(0),
    priority: int = 0,
    name: str | None = None,
) -> None:
    """Add a job for `entrypoint` in the caller's transaction, due `delay` after its commit.

    A `key` (at most 200 characters, readable by operators, so made of ids and never of personal data) makes the job
    unique: when a job has or had the same key, nothing is added and the transaction goes on. Keys are forgotten after
    `leadconnect.worker.schedule.KEY_AGE`. Jobs of higher `priority` are taken first, and of equal ones the oldest.
    `positions` finds a job by its `name`, which no other waiting job has. Works under the request and directory roles.
    """
    if key is not None and not await claim_key(connection, key):
        return
    await queue_queries(connection, Queries).enqueue(
        entrypoint, payload, priority, execute_after=delay, dedupe_key=name
    )


async def positions(connection: Connection, entrypoints: Sequence[str], names: Sequence[str]) -> dict[str, int]:
    """Return the positions of waiting jobs in their entry point, by name; the next one has 1."""
    return {row["name"]: row["position"] for row in await connection.fetch(POSITIONS, entrypoints, names)}


async def purge(connection: Connection, *, log_age: timedelta, parked_age: timedelta, key_age: timedelta) -> None:
    """Delete what is older than these ages: log and statistics, parked jobs, and keys.

    Needs the login role.
    """
    await queries.purge(connection, log_age=log_age, parked_age=parked_age, key_age=key_age)
