"""The SQL of leads. Every statement names the account, though row security stands below."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from leadconnect.database.pool import Connection
from leadconnect.identifiers import new_id
from leadconnect.leads.fields import DATES, FIELDS, LeadInput, stored_values
from leadconnect.leads.models import LeadFilters, followup_days, text_key
from leadconnect.leads.search import found_ids, search_document

COLUMNS = ", ".join(("id", *FIELDS, "user_id", "created_at", "updated_at"))
"""The columns of a lead as it is answered, in the order of `leads.models.Lead` but for its user."""
LIVE = "account_id = $1 and deleted_at is null"
NEWEST = "created_at desc, id desc"
DEEP = 500
"""From this offset on, the rows before the page are skipped in the index alone."""

PLAN_FOR_VALUES = "set local plan_cache_mode = force_custom_plan"
"""A plan made for any values would walk 100,000 leads to find the few that are asked for."""
KEPT_TOTAL = "select coalesce(sum(lead_count), 0)::bigint from lead_counts where account_id = $1"
BY_IDS = f"select {COLUMNS} from leads where {LIVE} and id = any ($2::uuid[]) order by {NEWEST}"  # noqa: S608  constants
ONE = f"select {COLUMNS} from leads where {LIVE} and id = $2"  # noqa: S608  constants
ONE_LOCKED = f"{ONE} for update"
USER_NAMES = "select id, full_name from users where account_id = $1 and id = any ($2::uuid[])"

_ARRAYS = ", ".join(
    f"${number}::{'date' if field in DATES else 'text'}[]" for number, field in enumerate(FIELDS, start=10)
)
INSERT = f"""
    with given as (
        select * from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::integer[], $8::integer[], {_ARRAYS})
            as given (id, city_key, sector_key, search_text, codes_from, codes_to, {", ".join(FIELDS)})
    ), added as (
        insert into leads (account_id, user_id, created_by, updated_by, id, city_key, sector_key, {", ".join(FIELDS)})
        select $1, (select owner_id from accounts where id = $1), $2, $2, id, city_key, sector_key, {", ".join(FIELDS)}
        from given
        returning {COLUMNS}
    ), indexed as (
        insert into lead_search (account_id, lead_id, created_at, search_text, search_codes)
        select $1, id, now(), search_text, ($9::integer[])[codes_from:codes_to] from given
    )
    select {COLUMNS} from added
"""  # noqa: S608  constants
UPDATE = f"""
    update leads
    set ({", ".join(FIELDS)}) = row({", ".join(f"${number}" for number in range(6, 6 + len(FIELDS)))}),
        city_key = $4, sector_key = $5, updated_by = $3,
        updated_at = greatest(clock_timestamp(), updated_at + interval '1 microsecond')
    where {LIVE} and id = $2
    returning {COLUMNS}
"""  # noqa: S608  constants
UPDATE_SEARCH = "update lead_search set search_text = $3, search_codes = $4 where account_id = $1 and lead_id = $2"
DELETE = f"""
    with deleted as (
        update leads set deleted_at = now(), updated_at = clock_timestamp(), updated_by = $3 where {LIVE} and id = $2
        returning id
    )
    update lead_search set is_deleted = true where account_id = $1 and lead_id in (select id from deleted)
    returning lead_id
"""  # noqa: S608  constants
CITIES = f"""
    with recursive keys as (
        (select city_key from leads where {LIVE} and city_key is not null order by city_key limit 1)
        union all
        select (
            select next.city_key from leads as next
            where next.account_id = $1 and next.deleted_at is null and next.city_key > keys.city_key
            order by next.city_key limit 1
        )
        from keys where keys.city_key is not null
    )
    select (
        select newest.city from leads as newest
        where newest.account_id = $1 and newest.deleted_at is null and newest.city_key = keys.city_key
        order by newest.created_at desc, newest.id desc limit 1
    ) as city
    from keys where keys.city_key is not null
"""  # noqa: S608  constants
SECTORS = "select sector from custom_sectors where account_id = $1"
REMEMBER_SECTORS = """
    insert into custom_sectors (account_id, id, sector, sector_key)
    select $1, id, sector, sector_key
    from unnest($2::uuid[], $3::text[], $4::text[]) as given (id, sector, sector_key)
    on conflict (account_id, sector_key) do nothing
"""
SECTOR_BY_KEY = "select sector from custom_sectors where account_id = $1 and sector_key = $2"
FOLD_COUNTS = """
    with unfolded as (
        select account_id from lead_counts where not is_folded group by account_id having count(*) >= $1
    ), taken as (
        select account_id, id from lead_counts where account_id in (select account_id from unfolded)
        for update skip locked
    ), removed as (
        delete from lead_counts using taken
        where lead_counts.account_id = taken.account_id and lead_counts.id = taken.id
        returning lead_counts.account_id, lead_status, customer_category, lead_count
    )
    insert into lead_counts (account_id, lead_status, customer_category, lead_count, is_folded)
    select account_id, lead_status, customer_category, sum(lead_count), true
    from removed
    group by account_id, lead_status, customer_category
    having sum(lead_count) <> 0
"""

CORRECT_COUNTS = """
    insert into lead_counts (account_id, lead_status, customer_category, lead_count)
    select $1, lead_status, customer_category, sum(change)
    from (
        select lead_status, customer_category, 1 as change from leads where account_id = $1 and deleted_at is null
        union all
        select lead_status, customer_category, -lead_count from lead_counts where account_id = $1
    ) as compared
    group by lead_status, customer_category
    having sum(change) <> 0
    returning lead_count
"""
COUNTED_ACCOUNTS = "select distinct account_id from lead_counts"


class Found(msgspec.Struct, frozen=True):
    """Rows of `COLUMNS` on one page, and how many leads there are on all."""

    rows: Sequence[Record]
    total: int


async def page(
    connection: Connection, account_id: UUID, filters: LeadFilters, today: date | None, *, limit: int, offset: int
) -> Found:
    """Return one page of the account's leads, newest first. `today` is needed where `filters` name a follow-up."""
    if filters.search:
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


async def one(connection: Connection, account_id: UUID, lead_id: UUID, *, locked: bool = False) -> Record | None:
    """Return a row of `COLUMNS`; `locked` keeps others from changing it until the transaction ends."""
    return await connection.fetchrow(ONE_LOCKED if locked else ONE, account_id, lead_id)


async def insert(connection: Connection, account_id: UUID, author_id: UUID, leads: Sequence[LeadInput]) -> list[Record]:
    """Add `leads` in one statement and remember their sectors. Return a row of `COLUMNS` for each, in their order."""
    if not leads:
        return []
    ids = [new_id() for _ in leads]
    texts: list[str] = []
    codes, starts, ends = list[int](), list[int](), list[int]()
    for lead in leads:
        text, own_codes = search_document(account_id, lead.name, lead.email, lead.phone_number, lead.company_name)
        texts.append(text)
        starts.append(len(codes) + 1)
        codes += own_codes
        ends.append(len(codes))
    keys = [[text_key(lead.city) for lead in leads], [text_key(lead.sector) for lead in leads]]
    values = zip(*map(stored_values, leads), strict=True)
    search = (texts, starts, ends, codes)
    rows = await connection.fetch(INSERT, account_id, author_id, ids, *keys, *search, *map(list, values))
    await remember_sectors(connection, account_id, (lead.sector for lead in leads))
    by_id = {row["id"]: row for row in rows}
    return [by_id[lead_id] for lead_id in ids]


async def update(
    connection: Connection, account_id: UUID, author_id: UUID, before: Record, changes: dict[str, Any]
) -> Record:
    """Set `changes`, by column, in the lead whose locked row is `before`; return its new row of `COLUMNS`."""
    after = {field: changes.get(field, before[field]) for field in FIELDS}
    keys = text_key(after["city"]), text_key(after["sector"])
    (row,) = await connection.fetch(UPDATE, account_id, before["id"], author_id, *keys, *after.values())
    searched = [after[field] for field in ("name", "email", "phone_number", "company_name")]
    if searched != [before[field] for field in ("name", "email", "phone_number", "company_name")]:
        await connection.execute(UPDATE_SEARCH, account_id, before["id"], *search_document(account_id, *searched))
    if after["sector"] != before["sector"]:
        await remember_sectors(connection, account_id, [after["sector"]])
    return row


async def delete(connection: Connection, account_id: UUID, author_id: UUID, lead_id: UUID) -> bool:
    """Mark a lead as deleted; return False where there was none."""
    return await connection.fetchval(DELETE, account_id, lead_id, author_id) is not None


async def user_names(connection: Connection, account_id: UUID, user_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the full names of those who are users of the account."""
    return {row["id"]: row["full_name"] for row in await connection.fetch(USER_NAMES, account_id, list(user_ids))}


async def cities(connection: Connection, account_id: UUID) -> list[str]:
    """Return the cities of the account's leads, ascending, each as its newest lead spells it."""
    return sorted((row["city"] for row in await connection.fetch(CITIES, account_id)), key=_ascending)


async def sectors(connection: Connection, account_id: UUID) -> list[str]:
    """Return the sectors that the account has named, ascending."""
    return sorted((row["sector"] for row in await connection.fetch(SECTORS, account_id)), key=_ascending)


async def remember_sectors(connection: Connection, account_id: UUID, named: Iterable[str | None]) -> None:
    """Keep those of `named` that the account has not named before, in whatever case."""
    new = {key: sector.strip() for sector in named if sector and (key := text_key(sector))}
    if new:
        keys = sorted(new)  # in one order, so that two transactions cannot wait for each other
        spelled = [new[key] for key in keys]
        await connection.execute(REMEMBER_SECTORS, account_id, [new_id() for _ in keys], spelled, keys)


async def add_sector(connection: Connection, account_id: UUID, sector: str) -> str:
    """Remember `sector`, which is not blank; return it in the spelling that was first."""
    await remember_sectors(connection, account_id, [sector])
    first: str = await connection.fetchval(SECTOR_BY_KEY, account_id, text_key(sector))
    return first


async def fold_counts(connection: Connection, *, at_least: int = 50) -> None:
    """Sum up the running totals of accounts that have `at_least` rows of changes since the last time.

    Background work, for the role that reaches all accounts. Writers are not held up, and totals stay right throughout.
    """
    await connection.execute(FOLD_COUNTS, at_least)


async def correct_counts(connection: Connection, account_id: UUID) -> int:
    """Compare the running totals of an account with its leads, and append what is missing; return how far they were
    off, which is 0 unless somebody wrote past the triggers.
    """
    return sum(abs(row["lead_count"]) for row in await connection.fetch(CORRECT_COUNTS, account_id))


async def counted_accounts(connection: Connection) -> list[UUID]:
    """Return the accounts that have running totals. Background work."""
    return [row["account_id"] for row in await connection.fetch(COUNTED_ACCOUNTS)]


def _ascending(name: str) -> tuple[str, str]:
    return text_key(name) or "", name


def where_clause(account_id: UUID, filters: LeadFilters, today: date | None) -> tuple[str, list[Any]]:
    """Return the condition on `leads` that `filters` put, but for their search, and the values of its parameters."""
    conditions: list[str] = [LIVE]
    values: list[Any] = [account_id]
    for condition, value in (
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
        select {COLUMNS}, ({total}) as total from leads where {LIVE} and id in (select id from page) order by {NEWEST}
    """  # noqa: S608  constants


def _total_statement(where: str, filters: LeadFilters) -> str:
    """Return the statement of the total: of the kept sums where they know, else of a count."""
    if filters.city_keys or filters.sector_keys or filters.followup:
        return f"select count(*) from leads where {where}"  # noqa: S608  constants
    return KEPT_TOTAL + where.removeprefix(LIVE)
