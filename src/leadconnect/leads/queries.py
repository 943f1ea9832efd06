"""The SQL of leads. Every statement names the account, though row security stands below."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from leadconnect.accounts.queries import region_of
from leadconnect.auth.principal import Idled, Principal
from leadconnect.auth.queries import caller_of
from leadconnect.database.pool import Connection, Database
from leadconnect.database.transaction import caller_name
from leadconnect.identifiers import new_id
from leadconnect.leads.additions import Addition, addition, columns
from leadconnect.leads.choices.queries import remember_sectors
from leadconnect.leads.duplicates.keys import Keys, contact_keys, needs_default_region
from leadconnect.leads.fields import DATES, FIELDS, LeadInput
from leadconnect.leads.history.models import Act
from leadconnect.leads.history.queries import EVENT_OF_FIELD, EVENT_OF_LEAD
from leadconnect.leads.models import LeadFilters, followup_days, text_key
from leadconnect.leads.search import found_ids, search_document, search_term, search_values

COLUMNS = ", ".join(("id", *FIELDS, "user_id", "created_at", "updated_at"))
"""The columns of a lead as it is answered, in the order of `leads.models.Lead` but for its user."""
LIVE = "account_id = $1 and deleted_at is null"
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
NEWEST = "created_at desc, id desc"
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
BY_IDS = f"select {COLUMNS} from leads where {LIVE} and id = any ($2::uuid[]) order by {NEWEST}"  # noqa: S608  constants
ONE = f"select {COLUMNS} from leads where {LIVE} and id = $2"  # noqa: S608  constants
ONE_LOCKED = f"{ONE} for update"
SEARCHED = ("name", "email", "phone_number", "company_name")
"""The fields that search looks into, in the order of `search_document`."""
KEYED = ("phone_number", "email", "country")
"""The fields that tell who a lead is, in the order of `contact_keys`."""
USER_NAMES = "select id, full_name from users where account_id = $1 and id = any ($2::uuid[])"

_ARRAYS = ", ".join(
    f"${number}::{'date' if field in DATES else 'text'}[]" for number, field in enumerate(FIELDS, start=14)
)
INSERT = f"""
    with given as (
        select * from unnest($5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::integer[],
            $12::integer[], {_ARRAYS})
            as given (id, city_key, sector_key, phone_key, email_key, search_text, codes_from, codes_to,
                {", ".join(FIELDS)})
    ), added as (
        insert into leads (account_id, user_id, created_by, updated_by, id, city_key, sector_key, {", ".join(FIELDS)},
            converted_at, lost_at)
        select $1, owner_id, $2, $2, id, city_key, sector_key, {", ".join(FIELDS)},
            case lead_status when 'converted' then now() end, case lead_status when 'lost' then now() end
        from given, (select owner_id from accounts where id = $1) as account
        returning {COLUMNS}
    ), indexed as (
        insert into lead_search (account_id, lead_id, created_at, search_text, search_codes, phone_key, email_key,
            is_keyed)
        select $1, id, now(), search_text, ($13::integer[])[codes_from:codes_to], phone_key, email_key, true from given
    ), logged as (
        insert into {EVENT_OF_LEAD} select $1, id, id, $2, 'created', $3::text, $4::uuid from given
    )
    select {COLUMNS} from added
"""  # noqa: S608  constants
INSERT_QUIETLY = INSERT.replace(f"returning {COLUMNS}", "returning id").replace(
    f"select {COLUMNS} from added",  # noqa: S608  constants
    "select from added limit 0",
)
_STATUS = f"${12 + FIELDS.index('lead_status')}::text"
UPDATE = f"""
    with changed as (
        update leads
        set ({", ".join(FIELDS)}) = row({", ".join(f"${number}" for number in range(12, 12 + len(FIELDS)))}),
            converted_at = case when {_STATUS} <> 'converted' then null
                when lead_status = 'converted' then converted_at else clock_timestamp() end,
            lost_at = case when {_STATUS} <> 'lost' then null
                when lead_status = 'lost' then lost_at else clock_timestamp() end,
            city_key = $10, sector_key = $11, updated_by = $3,
            updated_at = greatest(clock_timestamp(), updated_at + interval '1 microsecond')
        where {LIVE} and id = $2
        returning {COLUMNS}
    ), logged as (
        insert into {EVENT_OF_FIELD}
        select $1, $2, event_id, $3, 'changed', $4::text, $5::uuid, field, old_value, new_value
        from unnest($6::uuid[], $7::text[], $8::text[], $9::text[]) as event (event_id, field, old_value, new_value)
    )
    select {COLUMNS} from changed
"""  # noqa: S608  constants
UPDATE_SEARCH = """
    update lead_search set search_text = $3, search_codes = $4, phone_key = $5, email_key = $6, is_keyed = true
    where account_id = $1 and lead_id = $2
"""
DELETE = f"""
    with deleted as (
        update leads set deleted_at = now(), updated_at = clock_timestamp(), updated_by = $3 where {LIVE} and id = $2
        returning id
    ), logged as (
        insert into {EVENT_OF_LEAD} select $1, id, $6::uuid, $3, 'deleted', $4::text, $5::uuid from deleted
    )
    update lead_search set is_deleted = true where account_id = $1 and lead_id in (select id from deleted)
    returning lead_id
"""  # noqa: S608  constants
RESTORE = f"""
    with restored as (
        update leads set deleted_at = null, updated_at = clock_timestamp(), updated_by = $3
        where account_id = $1 and id = $2 and deleted_at is not null
        returning id
    ), logged as (
        insert into {EVENT_OF_LEAD} select $1, id, $6::uuid, $3, 'restored', $4::text, $5::uuid from restored
    )
    update lead_search set is_deleted = false where account_id = $1 and lead_id in (select id from restored)
"""  # noqa: S608  constants


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


async def one(connection: Connection, account_id: UUID, lead_id: UUID, *, locked: bool = False) -> Record | None:
    """Return a row of `COLUMNS`; `locked` keeps others from changing it until the transaction ends."""
    return await connection.fetchrow(ONE_LOCKED if locked else ONE, account_id, lead_id)


async def insert(connection: Connection, account_id: UUID, act: Act, leads: Sequence[LeadInput]) -> list[Record]:
    """Add `leads` in one statement and remember their sectors. Return a row of `COLUMNS` for each, in their order."""
    if not leads:
        return []
    keys = await keys_of(connection, account_id, [(lead.phone_number, lead.email, lead.country) for lead in leads])
    additions = [addition(account_id, lead, own) for lead, own in zip(leads, keys, strict=True)]
    rows = await connection.fetch(INSERT, account_id, *_by(act), *columns(additions))
    await remember_sectors(connection, account_id, (lead.sector for lead in leads))
    by_id = {row["id"]: row for row in rows}
    return [by_id[each.id] for each in additions]


async def insert_quietly(connection: Connection, account_id: UUID, act: Act, additions: Sequence[Addition]) -> None:
    """Add leads in one statement, and return nothing of them. Sectors are not remembered: others would have to wait
    for as long as a great act takes.
    """
    if additions:
        await connection.execute(INSERT_QUIETLY, account_id, *_by(act), *columns(additions))


async def update(connection: Connection, account_id: UUID, act: Act, before: Record, changes: dict[str, Any]) -> Record:
    """Set `changes`, by column, in the lead whose locked row is `before`; return its new row of `COLUMNS`."""
    after = {field: changes.get(field, before[field]) for field in FIELDS}
    changed = [field for field in changes if after[field] != before[field]]
    events = ([new_id() for _ in changed], changed, _texts(before, changed), _texts(after, changed))
    keys = text_key(after["city"]), text_key(after["sector"])
    (row,) = await connection.fetch(UPDATE, account_id, before["id"], *_by(act), *events, *keys, *after.values())
    if not set(changed).isdisjoint((*SEARCHED, "country")):
        (contact,) = await keys_of(connection, account_id, [[after[field] for field in KEYED]])
        document = search_document(account_id, *(after[field] for field in SEARCHED))
        await connection.execute(UPDATE_SEARCH, account_id, before["id"], *document, *contact)
    if "sector" in changed:
        await remember_sectors(connection, account_id, [after["sector"]])
    return row


async def keys_of(connection: Connection, account_id: UUID, contacts: Sequence[Sequence[Any]]) -> list[Keys]:
    """Return the keys of leads whose values of `KEYED` are `contacts`. The account is asked for its region only where
    a national number is among them.
    """
    region = None
    if any(needs_default_region(phone, country) for phone, _, country in contacts):
        region = await region_of(connection, account_id)
    return [contact_keys(phone, email, country, region) for phone, email, country in contacts]


async def delete(connection: Connection, account_id: UUID, act: Act, lead_id: UUID) -> bool:
    """Mark a lead as deleted; return False where there was none."""
    return await connection.fetchval(DELETE, account_id, lead_id, *_by(act), new_id()) is not None


async def restore(connection: Connection, account_id: UUID, act: Act, lead_id: UUID) -> None:
    """Take the mark of a deleted lead away; one without it stays as it is."""
    await connection.execute(RESTORE, account_id, lead_id, *_by(act), new_id())


def _by(act: Act) -> tuple[UUID, str, UUID]:
    return act.actor_id, act.source, act.change_set_id


def _texts(row: Mapping[str, Any] | Record, fields: Iterable[str]) -> list[str | None]:
    """Return the values of `fields` as events keep them: as text, days as ``YYYY-MM-DD``."""
    return [None if row[field] is None else str(row[field]) for field in fields]


async def user_names(connection: Connection, account_id: UUID, user_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the full names of those who are users of the account."""
    return {row["id"]: row["full_name"] for row in await connection.fetch(USER_NAMES, account_id, list(user_ids))}


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
