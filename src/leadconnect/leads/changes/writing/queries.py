"""The SQL that changes many leads at once. It writes its events in the same statement, as that of `leads.queries` does.

Who calls has locked the leads, in the order of their ids, and knows what they are.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from leadconnect.database.pool import Connection
from leadconnect.identifiers import new_id
from leadconnect.leads.changes.models import FieldChange
from leadconnect.leads.contacts import queries as contacts
from leadconnect.leads.fields import FIELDS
from leadconnect.leads.history.models import Act
from leadconnect.leads.history.queries import EVENT_OF_FIELD, EVENT_OF_LEAD
from leadconnect.leads.listing.queries import PLAN_FOR_VALUES, where_clause
from leadconnect.leads.models import text_key
from leadconnect.leads.queries import KEYED, LIVE, SEARCHED, keys_of
from leadconnect.leads.search import HAS_TERM, found_ids, term_values
from leadconnect.leads.selection import LeadFilters
from leadconnect.leads.terms import DOCUMENT_VERSION, search_document

KEYS = {"city": "city_key", "sector": "sector_key"}
"""The columns in which cities and sectors are compared."""
INDEXED = frozenset((*SEARCHED, *KEYED))
"""The fields that `lead_search` is made of: what is looked into, and what tells how a phone is meant."""
PLAN_AS_EVER = "set local plan_cache_mode to default"
"""Planned anew for its values, each statement of a slice would cost three times as much."""
BY_IDS = f"select id from leads where {LIVE} and id = any ($2::uuid[]) order by id"  # noqa: S608  constants
STILL_FOUND = f"""
    select lead_id from lead_search
    where account_id = $1 and lead_id = any ($2::uuid[]) and {HAS_TERM.format(3, 4, 5)}
"""  # noqa: S608  constants

CHANGE_FIELDS = f"""
    with given as (
        select * from unnest($5::uuid[], $6::jsonb[], $7::timestamptz[]) as given (id, changes, since)
    ), changed as (
        update leads
        set ({", ".join(FIELDS)}, city_key, sector_key) = (
                select {", ".join(f"new.{field}" for field in FIELDS)}, new.city_key, new.sector_key
                from jsonb_populate_record(leads, changes) as new
            ),
            converted_at = case when coalesce(changes ->> 'lead_status', lead_status) <> 'converted' then null
                when lead_status = 'converted' then converted_at else coalesce(since, clock_timestamp()) end,
            lost_at = case when coalesce(changes ->> 'lead_status', lead_status) <> 'lost' then null
                when lead_status = 'lost' then lost_at else coalesce(since, clock_timestamp()) end,
            updated_by = $2, updated_at = greatest(clock_timestamp(), updated_at + interval '1 microsecond')
        from given
        where {LIVE} and leads.id = given.id
        returning leads.id, {", ".join(SEARCHED)}, country
    ), logged as (
        insert into {EVENT_OF_FIELD.removesuffix(")")}, old_since)
        select $1, event.lead_id, event.id, $2, 'changed', $3::text, $4::uuid, field, old_value, new_value,
            case field when 'lead_status' then (
                select coalesce(before.converted_at, before.lost_at) from leads as before
                where before.account_id = $1 and before.id = event.lead_id
            ) end
        from unnest($8::uuid[], $9::uuid[], $10::text[], $11::text[], $12::text[])
            as event (lead_id, id, field, old_value, new_value)
    )
    select id, {", ".join(SEARCHED)}, country from changed where id = any ($13::uuid[])
"""  # noqa: S608  constants
REWRITE_SEARCH = f"""
    update lead_search
    set search_text = given.search_text, search_codes = ($6::integer[])[codes_from:codes_to],
        phone_key = given.phone_key, email_key = given.email_key, is_keyed = true,
        document_version = {DOCUMENT_VERSION}
    from unnest($2::uuid[], $3::text[], $4::integer[], $5::integer[], $7::text[], $8::text[])
        as given (id, search_text, codes_from, codes_to, phone_key, email_key)
    where account_id = $1 and lead_id = given.id
"""  # noqa: S608  constants


def _mark(kind: str, *, deleted_at: str, is_deleted: bool) -> str:
    """Return the statement that marks leads as deleted, or takes the mark away."""
    return f"""
        with marked as (
            update leads set deleted_at = {deleted_at}, updated_by = $2,
                updated_at = greatest(clock_timestamp(), updated_at + interval '1 microsecond')
            where account_id = $1 and id = any ($5::uuid[]) and deleted_at is {"null" if is_deleted else "not null"}
            returning id
        ), logged as (
            insert into {EVENT_OF_LEAD}
            select $1, marked.id, event.id, $2, '{kind}', $3::text, $4::uuid
            from marked join unnest($5::uuid[], $6::uuid[]) as event (lead_id, id) on event.lead_id = marked.id
        )
        update lead_search set is_deleted = {is_deleted} where account_id = $1 and lead_id in (select id from marked)
    """  # noqa: S608  constants


DELETE_LEADS = _mark("deleted", deleted_at="now()", is_deleted=True)
RESTORE_LEADS = _mark("restored", deleted_at="null", is_deleted=False)


class Chosen(msgspec.Struct, frozen=True):
    """Which leads are meant, as a condition on `leads`, its values, of which the account is the first, their ids in
    order, and the values of `HAS_TERM` for their search; without a search there are none.
    """

    where: str
    values: list[Any]
    ids: list[UUID]
    term: tuple[list[str], list[int], int] | None = None


async def choose_by_ids(connection: Connection, account_id: UUID, ids: Sequence[UUID]) -> Chosen:
    """Choose those of `ids` that are leads of the account and not deleted."""
    rows = await connection.fetch(BY_IDS, account_id, ids)
    return Chosen(LIVE, [account_id], [row["id"] for row in rows])


async def choose(connection: Connection, account_id: UUID, filters: LeadFilters, today: date | None) -> Chosen:
    """Choose the leads that `filters` mean, none of them deleted."""
    where, values = where_clause(account_id, filters, today)
    if filters.search:
        ids, _ = await found_ids(connection, account_id, filters, today, limit=None, offset=0)
        return Chosen(where, values, sorted(ids), term_values(account_id, filters.search))
    await connection.execute(PLAN_FOR_VALUES)
    rows = await connection.fetch(f"select id from leads where {where} order by id", *values)  # noqa: S608  constants
    await connection.execute(PLAN_AS_EVER)
    return Chosen(where, values, [row["id"] for row in rows])


async def lock(connection: Connection, chosen: Chosen, ids: Sequence[UUID], fields: Sequence[str]) -> list[Record]:
    """Keep others from changing those of `ids` that still are among the chosen ones, until the transaction ends; return
    their ids with `fields`, which are columns.
    """
    columns = ", ".join(("id", *fields))
    place = f"id = any (${len(chosen.values) + 1}::uuid[])"
    statement = f"select {columns} from leads where {chosen.where} and {place} order by id for update"  # noqa: S608
    rows = await connection.fetch(statement, *chosen.values, ids)
    if chosen.term is None:
        return rows
    # In a statement of its own, which sees what whoever held a lead has written: who changes what is searched locks it.
    found = await connection.fetch(STILL_FOUND, chosen.values[0], ids, *chosen.term)
    still = {row["lead_id"] for row in found}
    return [row for row in rows if row["id"] in still]


async def change_fields(connection: Connection, account_id: UUID, act: Act, changes: Sequence[FieldChange]) -> None:
    """Set the new values of `changes`, which differ from the old ones, in leads that are not deleted; search finds them
    by these from then on. Sectors are not remembered here: others would have to wait for as long as a great act takes.
    """
    if not changes:
        return
    values: dict[UUID, dict[str, str | None]] = {}
    since = {change.lead_id: change.since for change in changes if change.field == "lead_status"}
    indexed: list[UUID] = []
    for change in changes:
        own = values.setdefault(change.lead_id, {})
        own[change.field] = change.new_value
        if change.field in KEYS:
            own[KEYS[change.field]] = text_key(change.new_value)
        if change.field in INDEXED:
            indexed.append(change.lead_id)
    given = (
        list(values),
        [msgspec.json.encode(own).decode() for own in values.values()],
        [since.get(lead_id) for lead_id in values],
    )
    events = zip(*((c.lead_id, new_id(), c.field, c.old_value, c.new_value) for c in changes), strict=True)
    rows = await connection.fetch(CHANGE_FIELDS, account_id, *_by(act), *given, *map(list, events), indexed)
    if rows:
        await _rewrite_search(connection, account_id, rows)


async def delete_leads(connection: Connection, account_id: UUID, act: Act, ids: Sequence[UUID]) -> None:
    """Mark leads as deleted."""
    if ids:
        await connection.execute(DELETE_LEADS, account_id, *_by(act), ids, [new_id() for _ in ids])


async def restore_leads(connection: Connection, account_id: UUID, act: Act, ids: Sequence[UUID]) -> None:
    """Take the mark of deleted leads away."""
    if ids:
        await connection.execute(RESTORE_LEADS, account_id, *_by(act), ids, [new_id() for _ in ids])


async def _rewrite_search(connection: Connection, account_id: UUID, rows: Sequence[Record]) -> None:
    texts: list[str] = []
    codes, starts, ends = list[int](), list[int](), list[int]()
    others = await contacts.values_of(connection, account_id, [row["id"] for row in rows])
    for row in rows:
        own = others.get(row["id"], ())
        text, own_codes = search_document(account_id, *(row[field] for field in SEARCHED), also=own)
        texts.append(text)
        starts.append(len(codes) + 1)
        codes += own_codes
        ends.append(len(codes))
    keys = await keys_of(connection, account_id, [[row[field] for field in KEYED] for row in rows])
    own_keys = [own.phone for own in keys], [own.email for own in keys]
    ids = [row["id"] for row in rows]
    await connection.execute(REWRITE_SEARCH, account_id, ids, texts, starts, ends, codes, *own_keys)


def _by(act: Act) -> tuple[UUID, str, UUID]:
    return act.actor_id, act.source, act.change_set_id
