"""The SQL of lists: pages of leads, newest first, and what decides which leads are among them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from leadconnect.auth.principal import Idled, Principal
from leadconnect.auth.queries import caller_of
from leadconnect.database.pool import Connection, Database
from leadconnect.database.transaction import caller_name
from leadconnect.leads.models import LeadFilters, followup_days
from leadconnect.leads.queries import BY_IDS, COLUMNS, LIVE, NEWEST
from leadconnect.leads.search import found_ids, search_term, search_values

DELETED = """
    account_id = $1 and deleted_at is not null
    and not exists (select from lead_redirects r where r.account_id = $1 and r.old_id = leads.id)
"""
"""The deleted leads; those that were merged live on in another one, and are none."""
FOUND_DELETED = """
    id in (
        select lead_id from lead_search
        where account_id = $1 and is_deleted
            and exists (select from unnest(${}::text[]) as sought (needle) where strpos(search_text, needle) > 0)
    )
"""
"""A search of the deleted leads, which are few and need no index."""
DEEP = 500
"""From this offset on, the rows before the page are skipped in the index alone."""

PLAN_FOR_VALUES = "set local plan_cache_mode = force_custom_plan"
"""A plan made for any values would walk 100,000 leads to find the few that are asked for."""
KEPT_TOTAL = "select coalesce(sum(lead_count), 0)::bigint from lead_counts where account_id = $1"
NEWEST_PAGE = f"select {COLUMNS}, total from newest_leads($1, $2, $3, $4)"  # noqa: S608  constants
CALLER_AND_NEWEST_PAGE = f"""
    select {COLUMNS}, total, found_caller from newest_leads_of_caller($1, $2, $3, $4, $5, $6)
"""  # noqa: S608  constants
FOUND_PAGE = f"select {COLUMNS}, total from found_leads($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"  # noqa: S608  constants


class Found(msgspec.Struct, frozen=True):
    """Rows of `COLUMNS` on one page, and how many leads there are on all."""

    rows: Sequence[Record]
    total: int


async def page(
    connection: Connection, account_id: UUID, filters: LeadFilters, today: date | None, *, limit: int, offset: int
) -> Found:
    """Return one page of the account's leads, newest first. `today` is needed where `filters` name a follow-up."""
    if filters.search and not filters.deleted:
        ids, total = await found_ids(connection, account_id, filters, today, limit=limit, offset=offset)
        return Found(await connection.fetch(BY_IDS, account_id, ids) if ids else [], total)
    where, values = where_clause(account_id, filters, today)
    total_statement = _total_statement(where, filters)
    if len(values) > 1:
        await connection.execute(PLAN_FOR_VALUES)
    statement = _page_statement(where, total_statement, len(values), deep=offset >= DEEP)
    rows = await connection.fetch(statement, *values, limit, offset)
    if rows:
        return Found(rows, rows[0]["total"])
    return Found([], await connection.fetchval(total_statement, *values) if offset else 0)


async def newest_page(database: Database, account_id: UUID, *, limit: int, offset: int) -> Found | None:
    """Return a page of all of the account's leads, newest first, in one round trip; None beyond their end.

    The statement is a transaction by itself, and takes on role and account as `database.transaction` does.
    """
    async with database.acquire() as connection:
        rows = await connection.fetch(NEWEST_PAGE, account_id, limit, offset, caller_name())
    return Found(rows, rows[0]["total"]) if rows else None


async def caller_and_newest_page(
    connection: Connection, digest: str, *, ends_idle: bool, unchosen: timedelta | None, limit: int, offset: int
) -> tuple[Principal | Idled | None, Found | None]:
    """Return who holds the live access token of this digest, as `auth.queries.caller` does, and of their account what
    `newest_page` does, in one round trip. Whether the caller may see leads has not been asked.
    """
    values = (digest, ends_idle, unchosen, limit, offset, caller_name())
    rows = await connection.fetch(CALLER_AND_NEWEST_PAGE, *values)
    if not rows:
        return None, None
    caller, *leads = rows
    newest = Found(leads, leads[0]["total"] if leads else 0)
    return caller_of(caller["found_caller"]), newest if leads or not offset else None


async def found_page(database: Database, account_id: UUID, filters: LeadFilters, *, limit: int, offset: int) -> Found:
    """Return a page of what `filters` search for, newest first, in one round trip. They name neither follow-up nor
    deleted leads. The statement begins as that of `newest_page`.
    """
    values = search_values(account_id, filters)
    async with database.acquire() as connection:
        rows = await connection.fetch(FOUND_PAGE, account_id, caller_name(), *values, offset, limit)
    return Found(rows if rows[0]["id"] else [], rows[0]["total"])


def where_clause(account_id: UUID, filters: LeadFilters, today: date | None) -> tuple[str, list[Any]]:
    """Return the condition on `leads` that `filters` put, but for their search, and the values of its parameters.

    Among deleted leads, the search is part of it.
    """
    conditions: list[str] = [DELETED if filters.deleted else LIVE]
    values: list[Any] = [account_id]
    needles = search_term(account_id, filters.search).texts if filters.search and filters.deleted else None
    for condition, value in (
        (FOUND_DELETED, needles),
        ("lead_status = any (${}::text[])", filters.statuses),
        ("customer_category = ${}", filters.category),
        ("city_key = any (${}::text[])", filters.city_keys),
        ("sector_key = any (${}::text[])", filters.sector_keys),
    ):
        if value:
            values.append(value)
            conditions.append(condition.format(len(values)))
    if filters.followup and today:
        values += followup_days(filters.followup, today)
        conditions.append(
            f"next_followup_date >= ${len(values) - 1} and next_followup_date < ${len(values)}"
            " and lead_status not in ('converted', 'lost')"
        )
    return " and ".join(conditions), values


def _page_statement(where: str, total: str, value_count: int, *, deep: bool) -> str:
    """Return the statement of a page; its limit and offset follow the `value_count` values of `where`."""
    place = f"order by {NEWEST} limit ${value_count + 1} offset ${value_count + 2}"
    if not deep:
        return f"select {COLUMNS}, ({total}) as total from leads where {where} {place}"  # noqa: S608  constants
    return f"""
        with page as (select id from leads where {where} {place})
        select {COLUMNS}, ({total}) as total from leads where account_id = $1 and id in (select id from page)
        order by {NEWEST}
    """  # noqa: S608  constants


def _total_statement(where: str, filters: LeadFilters) -> str:
    """Return the statement of the total: of the kept sums where they know, else of a count."""
    if filters.city_keys or filters.sector_keys or filters.followup or filters.deleted:
        return f"select count(*) from leads where {where}"  # noqa: S608  constants
    return KEPT_TOTAL + where.removeprefix(LIVE)
