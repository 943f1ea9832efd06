"""The SQL of lists: pages of leads in the orders of a list, and what decides which leads are among them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from leadconnect.auth.face import caller_of
from leadconnect.auth.principal import Idled, Principal
from leadconnect.database.pool import Connection, Database
from leadconnect.database.transaction import caller_name
from leadconnect.leads.queries import COLUMNS, LIVE
from leadconnect.leads.search import HAS_TERM, found_ids, search_values, term_values
from leadconnect.leads.selection import NEWEST_FIRST, LeadFilters, Sort, followup_days

DELETED = """
    account_id = $1 and deleted_at is not null
    and not exists (select from lead_redirects r where r.account_id = $1 and r.old_id = leads.id)
"""
"""The deleted leads; those that were merged live on in another one, and are none."""
FOUND_DELETED = f"""
    id in (select lead_id from lead_search where account_id = $1 and is_deleted and {HAS_TERM})
"""  # noqa: S608  constants
"""A search of the deleted leads, which are few and need no index."""
DEEP = 500
"""From this offset on, the rows before the page are skipped in the index alone."""

DUE = "next_followup_date >= ${} and next_followup_date < ${} and lead_status not in ('converted', 'lost')"
ORDERED_BY = {
    "createdAt": "created_at",
    "updatedAt": "updated_at",
    "nextFollowupDate": "next_followup_date",
    "lastContactedDate": "last_contacted_date",
    "name": r"left(split_part(s.search_text, e'\n', 1), 100)",
}
"""What the index of each order is made of; names are those that search compares, in `lead_search`."""
OPTIONAL = ("nextFollowupDate", "lastContactedDate")
BY_IDS_IN_ORDER = f"""
    select {COLUMNS} from leads join unnest($2::uuid[]) with ordinality as found (id, place) using (id)
    where {LIVE} order by place
"""  # noqa: S608  constants
PLAN_FOR_VALUES = "set local plan_cache_mode = force_custom_plan"
"""A plan made for any values would walk 100,000 leads to find the few that are asked for."""
KEPT_TOTAL = "select coalesce(sum(lead_count), 0)::bigint from lead_counts where account_id = $1"
NEWEST_PAGE = f"select {COLUMNS}, total from newest_leads($1, $2, $3, $4)"  # noqa: S608  constants
CALLER_AND_NEWEST_PAGE = f"""
    select {COLUMNS}, total, found_caller from newest_leads_of_caller($1, $2, $3, $4, $5, $6)
"""  # noqa: S608  constants
FOUND_PAGE = f"select {COLUMNS}, total from search_lead_page($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"  # noqa: S608  constants


class Found(msgspec.Struct, frozen=True):
    """Rows of `COLUMNS` on one page, and how many leads there are on all."""

    rows: Sequence[Record]
    total: int


async def page(
    connection: Connection,
    account_id: UUID,
    filters: LeadFilters,
    today: date | None,
    *,
    limit: int,
    offset: int,
    sort: Sort = NEWEST_FIRST,
) -> Found:
    """Return one page of the account's leads in the order of `sort`. `today` is needed where `filters` name a
    follow-up.
    """
    if filters.search and not filters.deleted:
        ids, total = await found_ids(connection, account_id, filters, today, sort=sort, limit=limit, offset=offset)
        return Found(await connection.fetch(BY_IDS_IN_ORDER, account_id, ids) if ids else [], total)
    where, values = where_clause(account_id, filters, today)
    total_statement = _total_statement(where, filters)
    if len(values) > 1 or sort is not NEWEST_FIRST:
        await connection.execute(PLAN_FOR_VALUES)
    is_direct = sort is NEWEST_FIRST and offset < DEEP
    statement = (_direct_page if is_direct else _page_by_ids)(where, total_statement, len(values), filters, sort)
    rows = await connection.fetch(statement, *values, limit, offset)
    if rows:
        return Found(rows, rows[0]["total"])
    return Found([], await connection.fetchval(total_statement, *values) if offset else 0)


async def ids_in_order(
    connection: Connection, account_id: UUID, filters: LeadFilters, today: date | None, sort: Sort
) -> list[UUID]:
    """Return the ids of all leads that `filters` mean, in the order of `sort`."""
    if filters.search and not filters.deleted:
        return (await found_ids(connection, account_id, filters, today, sort=sort, limit=None, offset=0))[0]
    where, values = where_clause(account_id, filters, today)
    await connection.execute(PLAN_FOR_VALUES)
    ordered = _ordered(where, len(values), filters, sort)
    rows = await connection.fetch(f"select id from ({ordered}) as ordered", *values, None, 0)  # noqa: S608  constants
    return [row["id"] for row in rows]


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


async def found_page(
    database: Database, account_id: UUID, filters: LeadFilters, *, limit: int, offset: int, sort: Sort = NEWEST_FIRST
) -> Found:
    """Return a page of what `filters` search for, in one round trip. They do not depend on the account, and mean no
    deleted leads. The statement begins as that of `newest_page`.
    """
    values = search_values(account_id, filters, sort=sort)
    async with database.acquire() as connection:
        rows = await connection.fetch(FOUND_PAGE, account_id, caller_name(), *values, offset, limit)
    return Found(rows if rows[0]["id"] else [], rows[0]["total"])


def where_clause(account_id: UUID, filters: LeadFilters, today: date | None) -> tuple[str, list[Any]]:
    """Return the condition on `leads` that `filters` put, but for their search, and the values of its parameters.

    Among deleted leads, the search is part of it. The filters are resolved, see `resolving.resolve`.
    """
    conditions: list[str] = [DELETED if filters.deleted else LIVE]
    values: list[Any] = [account_id]
    due = followup_days(filters.followup, today) if filters.followup and today else None
    is_searched = filters.search and filters.deleted
    for condition, *given in (
        (FOUND_DELETED, *(term_values(account_id, filters.search) if is_searched else [None])),
        ("lead_status = any (${}::text[])", filters.statuses or None),
        ("customer_category = ${}", filters.category),
        ("city_key = any (${}::text[])", filters.city_keys or None),
        ("sector_key = any (${}::text[])", filters.sector_keys or None),
        ("lead_source = any (${}::text[])", filters.sources or None),
        ("country = any (${}::text[])", filters.countries),
        (DUE, *(due or [None])),
        ("next_followup_date >= ${}", filters.followup_from),
        ("next_followup_date <= ${}", filters.followup_to),
        ("created_at >= ${}", filters.created_since),
        ("created_at < ${}", filters.created_before),
        ("updated_at >= ${}", filters.updated_since),
    ):
        if given[0] is not None:
            numbers = range(len(values) + 1, len(values) + len(given) + 1)
            values += given
            conditions.append(condition.format(*numbers))
    return " and ".join(conditions), values


def _direct_page(where: str, total: str, value_count: int, _: LeadFilters, sort: Sort) -> str:
    """Return the statement of a page; its limit and offset follow the `value_count` values of `where`."""
    place = f"order by {_order(sort)} limit ${value_count + 1} offset ${value_count + 2}"
    return f"select {COLUMNS}, ({total}) as total from leads where {where} {place}"  # noqa: S608  constants


def _page_by_ids(where: str, total: str, value_count: int, filters: LeadFilters, sort: Sort) -> str:
    """Return the statement of a page that first finds its ids, for rows that are passed over need not be read."""
    direction = "desc" if sort.is_descending else "asc"
    return f"""
        with page as materialized ({_ordered(where, value_count, filters, sort)})
        select {COLUMNS}, ({total}) as total from leads join page using (id) where account_id = $1
        order by place {direction} nulls last, id {direction}
    """  # noqa: S608  constants


def _ordered(where: str, value_count: int, filters: LeadFilters, sort: Sort) -> str:
    """Return the statement of ids in the order of `sort`, each with its place; limit and offset follow the values.

    Indexes have nulls last only ascending, so descending the leads without a value are read by themselves.
    """
    limit, offset = f"${value_count + 1}::bigint", f"${value_count + 2}::bigint"
    column = ORDERED_BY[sort.key]
    if sort.key == "name":
        return f"""
            select l.id, {column} as place
            from lead_search s join (select id from leads where {where}) as l on l.id = s.lead_id
            where s.account_id = $1 and {"" if filters.deleted else "not"} s.is_deleted
            order by {_order(sort, "s.lead_id")} limit {limit} offset {offset}
        """  # noqa: S608  constants
    if sort.is_descending and sort.key in OPTIONAL:

        def part(condition: str) -> str:
            return f"""
                (select id, {column} as place from leads where {where} and {column} is {condition}
                order by {_order(sort)} limit {limit} + {offset})
            """  # noqa: S608  constants

        return f"""
            select id, place from ({part("not null")} union all {part("null")}) as parts
            order by place desc nulls last, id desc limit {limit} offset {offset}
        """  # noqa: S608  constants
    return f"""
        select id, {column} as place from leads where {where}
        order by {_order(sort)} limit {limit} offset {offset}
    """  # noqa: S608  constants


def _order(sort: Sort, lead_id: str = "id") -> str:
    direction = " desc" if sort.is_descending else ""
    return f"{ORDERED_BY[sort.key]}{direction}, {lead_id}{direction}"


def _total_statement(where: str, filters: LeadFilters) -> str:
    """Return the statement of the total: of the kept sums where they know, else of a count."""
    if filters == LeadFilters(search=filters.search, statuses=filters.statuses, category=filters.category):
        return KEPT_TOTAL + where.removeprefix(LIVE)
    return f"select count(*) from leads where {where}"  # noqa: S608  constants
