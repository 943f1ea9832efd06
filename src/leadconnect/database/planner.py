"""Settings of the planner for statements whose plan must not depend on statistics.

On a new database, or for an account that is new on it, PostgreSQL takes every table for nearly empty, and what it
prepares then is kept. A join that is right for one row takes the square of the time for 100,000.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from leadconnect.database.pool import Connection

NO_NESTED_LOOPS = ("enable_nestloop",)
"""Joins hash or merge: each side is read once, however many rows it has."""
NO_WALKS = ("enable_seqscan", "enable_bitmapscan")
"""An index is used, also where the table has one page. For tables with one index that suits the statement."""
IN_INDEX_ORDER = (*NO_WALKS, "enable_sort", "enable_incremental_sort")
"""The index whose order the statement asks for is used, where others have the account as well. A condition must then
not be an equality, of which no order is needed: ``key between $2 and $2 order by key``.
"""


@asynccontextmanager
async def without(connection: Connection, methods: tuple[str, ...]) -> AsyncIterator[None]:
    """Have the planner avoid `methods` for the statements of the block, where it has another way."""
    await connection.execute("; ".join(f"set local {method} to off" for method in methods))
    yield
    await connection.execute("; ".join(f"set local {method} to default" for method in methods))
