"""The SQL of import and export. An export has every lead that the list pages through, in its order, a slice at a time.

Each slice is read by itself and begins where the last one ended, by the key of the order: so no transaction need stay
open for as long as a client takes to read. A lead never changes its place; whatever comes, goes or changes meanwhile,
each one that is there throughout comes exactly once.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from asyncpg import Record

from leadconnect.database.pool import Connection
from leadconnect.leads.fields import LeadInput
from leadconnect.leads.history.models import Act
from leadconnect.leads.models import LeadFilters
from leadconnect.leads.queries import BY_IDS, COLUMNS, NEWEST, PLAN_FOR_VALUES, insert, where_clause

Place = tuple[datetime, UUID]
"""Where a lead stands in the order of the list: its creation and its id."""

BEFORE_ALL: Place = (datetime(9999, 1, 1, tzinfo=UTC), UUID(int=2**128 - 1))


async def add(connection: Connection, account_id: UUID, act: Act, leads: Sequence[LeadInput]) -> list[Record]:
    """Add `leads` in one statement. Return a row of `leads.queries.COLUMNS` for each, in their order."""
    return await insert(connection, account_id, act, leads)


async def by_ids(connection: Connection, account_id: UUID, ids: Sequence[UUID]) -> list[Record]:
    """Return those of the leads that still are there, newest first, as rows of `leads.queries.COLUMNS`."""
    return await connection.fetch(BY_IDS, account_id, ids)


async def next_slice(
    connection: Connection, account_id: UUID, filters: LeadFilters, today: date, after: Place, *, size: int
) -> list[Record]:
    """Return the next `size` leads after the place `after`, or fewer at the end, as rows of `leads.queries.COLUMNS`.

    `filters` has no search.
    """
    where, values = where_clause(account_id, filters, today)
    number = len(values)
    if number > 1:
        await connection.execute(PLAN_FOR_VALUES)
    statement = f"""
        select {COLUMNS} from leads where {where} and (created_at, id) < (${number + 1}, ${number + 2})
        order by {NEWEST} limit ${number + 3}
    """  # noqa: S608  constants
    return await connection.fetch(statement, *values, *after, size)
