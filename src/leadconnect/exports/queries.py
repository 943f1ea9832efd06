"""The SQL of an export: every lead that the list pages through, in its order, a slice at a time.

Each slice is read by itself and begins where the last one ended, by the key of the order: so no transaction need stay
open for as long as a client takes to read. A lead never changes its place; whatever comes, goes or changes meanwhile,
each one that is there throughout comes exactly once.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from asyncpg import Record

from leadconnect.database.pool import Connection
from leadconnect.exports.models import AccountFacts, Preferences
from leadconnect.leads.listing.queries import PLAN_FOR_VALUES, page, where_clause
from leadconnect.leads.queries import NEWEST, STORED
from leadconnect.leads.selection import LeadFilters

Place = tuple[datetime, UUID]
"""Where a lead stands in the order of the list: its creation and its id."""

BEFORE_ALL: Place = (datetime(9999, 1, 1, tzinfo=UTC), UUID(int=2**128 - 1))

BY_IDS, DELETED_BY_IDS = (
    f"""
        select {STORED} from leads join unnest($2::uuid[]) with ordinality as found (id, place) using (id)
        where account_id = $1 and deleted_at is {condition} order by place
    """  # noqa: S608  constants
    for condition in ("null", "not null")
)
ACCOUNT_FACTS = "select id, company_name, time_zone, locale from accounts where id = $1"
PREFERENCES = "select export_format, export_notes from user_preferences where account_id = $1 and user_id = $2"
ACCOUNT_OF_OWNER = """
    select a.id
    from users u
    join accounts a on a.id = u.account_id and a.owner_id = u.id
    where u.email_normal = $1 and u.deleted_at is null
"""


async def account_facts(connection: Connection, account_id: UUID) -> AccountFacts | None:
    """Return what an export needs to know of the account."""
    row = await connection.fetchrow(ACCOUNT_FACTS, account_id)
    return AccountFacts(**row) if row else None


async def preferences_of(connection: Connection, account_id: UUID, user_id: UUID) -> Preferences | None:
    """Return what a user of the account has chosen for exports."""
    row = await connection.fetchrow(PREFERENCES, account_id, user_id)
    return Preferences(**row) if row else None


async def account_of_owner(connection: Connection, email_normal: str) -> UUID | None:
    """Return the id of the account whose owner has this address; for an operator."""
    account_id: UUID | None = await connection.fetchval(ACCOUNT_OF_OWNER, email_normal)
    return account_id


async def total(connection: Connection, account_id: UUID, filters: LeadFilters, today: date) -> int:
    """Return how many leads `filters` mean, as the list counts them."""
    return (await page(connection, account_id, filters, today, limit=1, offset=0)).total


async def by_ids(connection: Connection, account_id: UUID, ids: Sequence[UUID], *, deleted: bool) -> list[Record]:
    """Return those of the leads that still are there, in the order of `ids`, as rows of `leads.queries.STORED`."""
    return await connection.fetch(DELETED_BY_IDS if deleted else BY_IDS, account_id, ids)


async def next_slice(
    connection: Connection, account_id: UUID, filters: LeadFilters, today: date, after: Place, *, size: int
) -> list[Record]:
    """Return the next `size` leads after the place `after`, or fewer at the end, as rows of `leads.queries.STORED`.

    `filters` has no search, unless they mean deleted leads.
    """
    where, values = where_clause(account_id, filters, today)
    number = len(values)
    if number > 1:
        await connection.execute(PLAN_FOR_VALUES)
    statement = f"""
        select {STORED} from leads where {where} and (created_at, id) < (${number + 1}, ${number + 2})
        order by {NEWEST} limit ${number + 3}
    """  # noqa: S608  constants
    return await connection.fetch(statement, *values, *after, size)
