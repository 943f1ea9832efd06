"""The SQL of what operators watch in the database."""

import msgspec

from leadconnect.database.pool import Connection

QUEUE = """
    select count(*) filter (where status = 'queued') as waiting_count,
        count(*) filter (where status = 'picked') as picked_count,
        count(*) filter (where status = 'failed') as parked_count,
        greatest(extract(epoch from now() - min(execute_after) filter (where status = 'queued')), 0)::float8
            as oldest_seconds
    from pgqueuer
"""


class QueueState(msgspec.Struct, frozen=True):
    """How many jobs wait, are at work, and were given up, and for how long the oldest one that is due has waited."""

    waiting_count: int
    picked_count: int
    parked_count: int
    oldest_seconds: float


async def queue_state(connection: Connection) -> QueueState:
    """Return the state of the queue. Needs the login role."""
    (row,) = await connection.fetch(QUEUE)
    return QueueState(**row)
