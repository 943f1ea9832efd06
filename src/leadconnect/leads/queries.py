"""The SQL of leads. Every statement names the account, though row security stands below."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from asyncpg import Record

from leadconnect.accounts import region_of
from leadconnect.database.pool import Connection
from leadconnect.identifiers import new_id
from leadconnect.leads.additions import Addition, addition, columns
from leadconnect.leads.choices.queries import remember_sectors
from leadconnect.leads.contacts import queries as contacts
from leadconnect.leads.duplicates.keys import Keys, contact_keys, needs_default_region
from leadconnect.leads.fields import DATES, FIELDS, LeadInput
from leadconnect.leads.history.models import Act
from leadconnect.leads.history.queries import EVENT_OF_FIELD, EVENT_OF_LEAD
from leadconnect.leads.models import text_key
from leadconnect.leads.terms import DOCUMENT_VERSION, search_document

_LEAD = ", ".join(("id", *FIELDS, "user_id"))
STORED = f"{_LEAD}, created_at, updated_at"
"""The columns of a lead but for its user, by the names of `leads.models.Lead`, and in its order."""
COLUMNS = f"""{_LEAD},
    date_part('epoch', created_at) as created_epoch, date_part('epoch', updated_at) as updated_epoch
"""
"""The same as a lead is answered: instants as seconds since 1970, for reading those of a page as instants costs more
than reading all of its texts.
"""
LIVE = "account_id = $1 and deleted_at is null"
TOUCHED = "updated_at = greatest(clock_timestamp(), updated_at + interval '1 microsecond')"
"""A version is newer than the one before it, though the clock be set back."""
NEWEST = "created_at desc, id desc"
BY_IDS = f"select {COLUMNS} from leads where {LIVE} and id = any ($2::uuid[]) order by {NEWEST}"  # noqa: S608  constants
ONE = f"select {COLUMNS} from leads where {LIVE} and id = $2"  # noqa: S608  constants
ONE_LOCKED = f"{ONE} for update"
SEARCHED = ("name", "email", "phone_number", "company_name", "city")
"""The fields that search looks into, in the order of `search_document`."""
KEYED = ("phone_number", "email", "country")
"""The fields that tell who a lead is, in the order of `contact_keys`."""
WITH_OUTDATED_DOCUMENTS = f"""
    select distinct account_id from lead_search where document_version < {DOCUMENT_VERSION}
"""  # noqa: S608  constants
OUTDATED_DOCUMENTS = f"""
    select l.id, {", ".join(f"l.{field}" for field in SEARCHED)}
    from lead_search s
    join leads l on l.account_id = s.account_id and l.id = s.lead_id
    where s.account_id = $1 and s.document_version < {DOCUMENT_VERSION}
    order by s.lead_id limit $2
    for no key update of l
"""  # noqa: S608  constants
SET_DOCUMENT = f"""
    update lead_search set search_text = $3, search_codes = $4, document_version = {DOCUMENT_VERSION}
    where account_id = $1 and lead_id = $2
"""  # noqa: S608  constants
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
        returning {STORED}
    ), indexed as (
        insert into lead_search (account_id, lead_id, created_at, search_text, search_codes, phone_key, email_key,
            is_keyed, document_version)
        select $1, id, now(), search_text, ($13::integer[])[codes_from:codes_to], phone_key, email_key, true,
            {DOCUMENT_VERSION}
        from given
    ), logged as (
        insert into {EVENT_OF_LEAD} select $1, id, id, $2, 'created', $3::text, $4::uuid from given
    )
    select {COLUMNS} from added
"""  # noqa: S608  constants
INSERT_QUIETLY = INSERT.replace(f"returning {STORED}", "returning id").replace(
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
            {TOUCHED}
        where {LIVE} and id = $2
        returning {STORED}
    ), logged as (
        insert into {EVENT_OF_FIELD}
        select $1, $2, event_id, $3, 'changed', $4::text, $5::uuid, field, old_value, new_value
        from unnest($6::uuid[], $7::text[], $8::text[], $9::text[]) as event (event_id, field, old_value, new_value)
    )
    select {COLUMNS} from changed
"""  # noqa: S608  constants
UPDATE_SEARCH = f"""
    update lead_search set search_text = $3, search_codes = $4, phone_key = $5, email_key = $6, is_keyed = true,
        document_version = {DOCUMENT_VERSION}
    where account_id = $1 and lead_id = $2
"""  # noqa: S608  constants
DELETE = f"""
    with deleted as (
        update leads set deleted_at = now(), {TOUCHED}, updated_by = $3 where {LIVE} and id = $2
        returning id
    ), logged as (
        insert into {EVENT_OF_LEAD} select $1, id, $6::uuid, $3, 'deleted', $4::text, $5::uuid from deleted
    )
    update lead_search set is_deleted = true where account_id = $1 and lead_id in (select id from deleted)
    returning lead_id
"""  # noqa: S608  constants
RESTORE = f"""
    with restored as (
        update leads set deleted_at = null, {TOUCHED}, updated_by = $3
        where account_id = $1 and id = $2 and deleted_at is not null
        returning id
    ), logged as (
        insert into {EVENT_OF_LEAD} select $1, id, $6::uuid, $3, 'restored', $4::text, $5::uuid from restored
    )
    update lead_search set is_deleted = false where account_id = $1 and lead_id in (select id from restored)
"""  # noqa: S608  constants


async def one(connection: Connection, account_id: UUID, lead_id: UUID, *, locked: bool = False) -> Record | None:
    """Return a row of `COLUMNS`; `locked` keeps others from changing it until the transaction ends."""
    return await connection.fetchrow(ONE_LOCKED if locked else ONE, account_id, lead_id)


async def insert(
    connection: Connection, account_id: UUID, act: Act, leads: Sequence[LeadInput], keys: Sequence[Keys] = ()
) -> list[Record]:
    """Add `leads` in one statement and remember their sectors. Return a row of `COLUMNS` for each, in their order.
    Their `keys` are computed unless they are given.
    """
    if not leads:
        return []
    keys = keys or await keys_of_new(connection, account_id, leads)
    additions = [addition(account_id, lead, own) for lead, own in zip(leads, keys, strict=True)]
    rows = await insert_prepared(connection, account_id, act, additions)
    await remember_sectors(connection, account_id, (lead.sector for lead in leads))
    return rows


async def keys_of_new(connection: Connection, account_id: UUID, leads: Sequence[LeadInput]) -> list[Keys]:
    """Return the keys of leads that are about to be added."""
    return await keys_of(connection, account_id, [(lead.phone_number, lead.email, lead.country) for lead in leads])


async def insert_prepared(
    connection: Connection, account_id: UUID, act: Act, additions: Sequence[Addition]
) -> list[Record]:
    """Add leads in one statement; return a row of `COLUMNS` for each, in their order. Sectors are not remembered."""
    rows = await connection.fetch(INSERT, account_id, *_by(act), *columns(additions))
    by_id = {row["id"]: row for row in rows}
    return [by_id[each.id] for each in additions]


async def insert_quietly(connection: Connection, account_id: UUID, act: Act, arrays: Sequence[list[Any]]) -> None:
    """Add the leads of `arrays`, which are `additions.columns`, in one statement, and return nothing of them. Sectors
    are not remembered: others would have to wait for as long as a great act takes.
    """
    await connection.execute(INSERT_QUIETLY, account_id, *_by(act), *arrays)


async def update(connection: Connection, account_id: UUID, act: Act, before: Record, changes: dict[str, Any]) -> Record:
    """Set `changes`, by column, in the lead whose locked row is `before`; return its new row of `COLUMNS`."""
    after = {field: changes.get(field, before[field]) for field in FIELDS}
    changed = [field for field in changes if after[field] != before[field]]
    events = ([new_id() for _ in changed], changed, _texts(before, changed), _texts(after, changed))
    keys = text_key(after["city"]), text_key(after["sector"])
    (row,) = await connection.fetch(UPDATE, account_id, before["id"], *_by(act), *events, *keys, *after.values())
    if not set(changed).isdisjoint((*SEARCHED, "country")):
        await rewrite_search(connection, account_id, before["id"], after)
    if "sector" in changed:
        await remember_sectors(connection, account_id, [after["sector"]])
    return row


async def rewrite_search(
    connection: Connection, account_id: UUID, lead_id: UUID, lead: Mapping[str, Any] | Record
) -> None:
    """Have a lead found by the values of `lead`, by column, and by its further contacts."""
    (keys,) = await keys_of(connection, account_id, [[lead[field] for field in KEYED]])
    others = (await contacts.values_of(connection, account_id, [lead_id])).get(lead_id, [])
    document = search_document(account_id, *(lead[field] for field in SEARCHED), also=others)
    await connection.execute(UPDATE_SEARCH, account_id, lead_id, *document, *keys)


async def keys_of(connection: Connection, account_id: UUID, given: Sequence[Sequence[Any]]) -> list[Keys]:
    """Return the keys of leads whose values of `KEYED` are `given`."""
    region = await region_for(connection, account_id, given)
    return [contact_keys(phone, email, country, region) for phone, email, country in given]


async def region_for(connection: Connection, account_id: UUID, given: Iterable[Sequence[Any]]) -> str | None:
    """Return where the national numbers of the account are dialled; it is asked for only if one is among `given`."""
    if any(needs_default_region(phone, country) for phone, _, country in given):
        return await region_of(connection, account_id)
    return None


async def accounts_with_outdated_documents(connection: Connection) -> list[UUID]:
    """Return the accounts with leads whose documents are of an older version. Background work."""
    return [row["account_id"] for row in await connection.fetch(WITH_OUTDATED_DOCUMENTS)]


async def renew_documents(connection: Connection, account_id: UUID, *, limit: int) -> int:
    """Make outdated documents again, `limit` at most, deleted leads' too; return how many there were.

    The leads are locked, and whoever changes what is searched locks the lead first.
    """
    rows = await connection.fetch(OUTDATED_DOCUMENTS, account_id, limit)
    others = await contacts.values_of(connection, account_id, [row["id"] for row in rows])
    documents = [
        (
            account_id,
            row["id"],
            *search_document(account_id, *(row[field] for field in SEARCHED), also=others.get(row["id"], ())),
        )
        for row in rows
    ]
    if documents:
        await connection.executemany(SET_DOCUMENT, documents)
    return len(rows)


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
