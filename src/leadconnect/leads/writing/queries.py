"""The statements that write leads. Parameters have names, so that none depends on the position of another."""

from collections.abc import Mapping

from leadconnect.leads.catalogue import Kind, columns_of
from leadconnect.leads.fields import FIELDS
from leadconnect.leads.history.queries import EVENT_OF_FIELD, EVENT_OF_LEAD
from leadconnect.leads.queries import COLUMNS, LIVE, STORED
from leadconnect.leads.terms import DOCUMENT_VERSION

TOUCHED = "updated_at = greatest(clock_timestamp(), updated_at + interval '1 microsecond')"
"""A version is newer than the one before it, even if the clock is set back."""


def _numbered(*names: str) -> dict[str, str]:
    """Return the parameters of a statement, such as ``$1``, by name and in this order."""
    return {name: f"${number}" for number, name in enumerate(names, start=1)}


def _unnested(kinds: Mapping[str, str], parameters: Mapping[str, str]) -> str:
    """Return the call of `unnest` for arrays of these types, by name."""
    return f"unnest({', '.join(f'{parameters[name]}::{kind}[]' for name, kind in kinds.items())})"


def _closed(status: str, moment: str) -> str:
    """Return the expression of `converted_at` or `lost_at` of a new lead."""
    return f"case lead_status when '{status}' then {moment} end"


def _still_closed(status: str) -> str:
    """Return the same of a changed lead, whose new values are in `changes`, with the instant `since` or now."""
    return f"""case when coalesce(changes ->> 'lead_status', lead_status) <> '{status}' then null
        when lead_status = '{status}' then {status}_at else coalesce(since, clock_timestamp()) end"""


_DATES = columns_of(Kind.DATE)
_ACT = ("account_id", "actor_id", "source", "change_set_id")
"""The first four parameters of the statements that have an act."""
_NEW = {
    **dict.fromkeys(("id", "created_by", "updated_by", "assigned_to_user_id"), "uuid"),
    **dict.fromkeys(("created_at", "updated_at"), "timestamptz"),
    **dict.fromkeys(("codes_from", "codes_to"), "integer"),
    **dict.fromkeys(("city_key", "sector_key", "phone_key", "email_key", "search_text"), "text"),
    **{field: "date" if field in _DATES else "text" for field in FIELDS},
}
_SECTORS = {"sector_id": "uuid", "new_sector": "text", "new_sector_key": "text"}
OF_ADD = _numbered(*_ACT, "returns", "search_codes", *_SECTORS, *_NEW)
ADD = f"""
    with given as (
        select * from {_unnested(_NEW, OF_ADD)} as given ({", ".join(_NEW)})
    ), added as (
        insert into leads (account_id, user_id, id, created_by, updated_by, assigned_to_user_id, created_at, updated_at,
            city_key, sector_key, {", ".join(FIELDS)}, converted_at, lost_at)
        select $1, owner_id, id, coalesce(created_by, $2),
            coalesce(updated_by, $2), assigned_to_user_id, coalesce(created_at, now()),
            coalesce(updated_at, now()), city_key, sector_key, {", ".join(FIELDS)},
            {_closed("converted", "coalesce(updated_at, now())")}, {_closed("lost", "coalesce(updated_at, now())")}
        from given, (select owner_id from accounts where id = $1) as account
        returning {STORED}
    ), indexed as (
        insert into lead_search (account_id, lead_id, created_at, search_text, search_codes, phone_key, email_key,
            is_keyed, document_version)
        select $1, id, coalesce(created_at, now()), search_text,
            ({OF_ADD["search_codes"]}::integer[])[codes_from:codes_to], phone_key, email_key, true, {DOCUMENT_VERSION}
        from given
    ), logged as (
        insert into {EVENT_OF_LEAD.removesuffix(")")}, happened_at)
        select $1, id, id, coalesce(created_by, $2), 'created', $3::text,
            $4::uuid, coalesce(created_at, clock_timestamp())
        from given
    ), named as (
        insert into custom_sectors (account_id, id, sector, sector_key)
        select $1, id, sector, sector_key
        from {_unnested(_SECTORS, OF_ADD)} as named (id, sector, sector_key)
        on conflict (account_id, sector_key) do nothing
    )
    select {COLUMNS} from added where {OF_ADD["returns"]}::boolean
"""  # noqa: S608  constants

_CHANGES = {"id": "uuid", "changes": "jsonb", "since": "timestamptz"}
_EVENTS = {"lead_id": "uuid", "event_id": "uuid", "field": "text", "old_value": "text", "new_value": "text"}
OF_CHANGE = _numbered(*_ACT, "returned", *_CHANGES, *_EVENTS)
CHANGE = f"""
    with given as (
        select * from {_unnested(_CHANGES, OF_CHANGE)} as given ({", ".join(_CHANGES)})
    ), changed as (
        update leads
        set ({", ".join(FIELDS)}, city_key, sector_key) = (
                select {", ".join(f"new.{field}" for field in FIELDS)}, new.city_key, new.sector_key
                from jsonb_populate_record(leads, changes) as new
            ),
            converted_at = {_still_closed("converted")}, lost_at = {_still_closed("lost")},
            updated_by = $2, {TOUCHED}
        from given
        -- The planner expects ten ids of the array, but a thousand of the join, for which it would read all leads.
        where {LIVE} and leads.id = given.id and leads.id = any ({OF_CHANGE["id"]}::uuid[])
        returning {", ".join(f"leads.{column}" for column in STORED.split(", "))}
    ), logged as (
        insert into {EVENT_OF_FIELD.removesuffix(")")}, old_since)
        select $1, event.lead_id, event_id, $2, 'changed', $3::text,
            $4::uuid, field, old_value, new_value,
            case field when 'lead_status' then (
                select coalesce(before.converted_at, before.lost_at) from leads as before
                where before.account_id = $1 and before.id = event.lead_id
            ) end
        from {_unnested(_EVENTS, OF_CHANGE)} as event ({", ".join(_EVENTS)})
    )
    select {COLUMNS} from changed where id = any ({OF_CHANGE["returned"]}::uuid[])
"""  # noqa: S608  constants

_DOCUMENTS = {"lead_id": "uuid", "search_text": "text", "codes_from": "integer", "codes_to": "integer",
              "phone_key": "text", "email_key": "text"}  # fmt: skip
OF_INDEX = _numbered("account_id", "search_codes", *_DOCUMENTS)
INDEX = f"""
    update lead_search
    set search_text = given.search_text, search_codes = ({OF_INDEX["search_codes"]}::integer[])[codes_from:codes_to],
        phone_key = given.phone_key, email_key = given.email_key, is_keyed = true,
        document_version = {DOCUMENT_VERSION}
    from (
        select * from {_unnested(_DOCUMENTS, OF_INDEX)} as given ({", ".join(_DOCUMENTS)})
        -- It bounds nothing. The planner expects one row of it, so that a kept plan looks each lead up by its id.
        limit cardinality({OF_INDEX["lead_id"]}::uuid[])
    ) as given
    where lead_search.account_id = $1 and lead_search.lead_id = given.lead_id
"""  # noqa: S608  constants

OF_MARK = _numbered(*_ACT, "lead_id", "event_id")


def _mark(kind: str, deleted_at: str, *, is_deleted: bool) -> str:
    """Return the statement that marks leads as deleted, or removes the mark."""
    return f"""
        with marked as (
            update leads set deleted_at = {deleted_at}, updated_by = $2, {TOUCHED}
            where account_id = $1 and id = any ({OF_MARK["lead_id"]}::uuid[])
                and deleted_at is {"null" if is_deleted else "not null"}
            returning id
        ), logged as (
            insert into {EVENT_OF_LEAD}
            select $1, marked.id, event.id, $2, '{kind}', $3::text,
                $4::uuid
            from marked
            join unnest({OF_MARK["lead_id"]}::uuid[], {OF_MARK["event_id"]}::uuid[]) as event (lead_id, id)
                on event.lead_id = marked.id
        )
        update lead_search set is_deleted = {is_deleted}
        where account_id = $1 and lead_id in (select id from marked)
        returning lead_id
    """  # noqa: S608  constants


DELETE = _mark("deleted", "now()", is_deleted=True)
RESTORE = _mark("restored", "null", is_deleted=False)

SET_EXTERNAL_IDS = """
    insert into lead_external_ids (account_id, system, external_id, lead_id)
    select distinct on (external_id) $1, $2, external_id, lead_id
    from unnest($3::text[], $4::uuid[]) with ordinality
        as given (external_id, lead_id, position)
    order by external_id, position desc
    on conflict (account_id, system, external_id) do update set lead_id = excluded.lead_id
    where lead_external_ids.lead_id <> excluded.lead_id
"""
ADD_SECTORS = """
    insert into custom_sectors (account_id, id, sector, sector_key)
    select $1, id, sector, sector_key
    from unnest($2::uuid[], $3::text[], $4::text[]) as given (id, sector, sector_key)
    on conflict (account_id, sector_key) do nothing
"""
