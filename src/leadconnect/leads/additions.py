"""Prepare new leads for `leads.writing.add`: what is stored of each, before the database is asked. Pure."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from leadconnect.identifiers import new_id
from leadconnect.leads.catalogue import COLUMNS
from leadconnect.leads.duplicates.keys import Keys
from leadconnect.leads.fields import LeadInput, stored_values
from leadconnect.leads.models import text_key
from leadconnect.leads.terms import search_document


class Origin(msgspec.Struct, frozen=True):
    """Who added a lead and changed it last, when, and to whom it is assigned, where that is not the present."""

    created_by: UUID | None = None
    updated_by: UUID | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    assigned_to_user_id: UUID | None = None


NOW = Origin()
_OWN = ("id", "city_key", "sector_key", "phone_key", "email_key", "search_text")
_SEARCHED_AT = tuple(map(COLUMNS.index, ("name", "email", "phone_number", "company_name", "city")))
_CITY_AT, _SECTOR_AT = COLUMNS.index("city"), COLUMNS.index("sector")


class Addition(msgspec.Struct, frozen=True):
    """A new lead: its id, the keys of its city, sector, phone and mailbox, its search document, and the values of its
    fields in the order of `catalogue.COLUMNS`.
    """

    id: UUID
    city_key: str | None
    sector_key: str | None
    phone_key: str | None
    email_key: str | None
    search_text: str
    search_codes: list[int]
    values: list[Any]
    origin: Origin = NOW


Columns = dict[str, list[Any]]
"""New leads as one array for each parameter of the statement that adds them."""


def addition(account_id: UUID, lead: LeadInput, keys: Keys, lead_id: UUID | None = None) -> Addition:
    """Return what is stored of `lead`; without `lead_id` it gets a new one."""
    return prepared(account_id, lead_id or new_id(), stored_values(lead), keys)


def prepared(account_id: UUID, lead_id: UUID, values: list[Any], keys: Keys, origin: Origin = NOW) -> Addition:
    """Return the addition of a lead with these values, in the order of `catalogue.COLUMNS`."""
    text, codes = search_document(account_id, *(values[at] for at in _SEARCHED_AT))
    city_key, sector_key = text_key(values[_CITY_AT]), text_key(values[_SECTOR_AT])
    return Addition(lead_id, city_key, sector_key, keys.phone, keys.email, text, codes, values, origin)


def columns(additions: Iterable[Addition]) -> Columns:
    """Return `additions` as arrays: the search codes of all are one, in which each lead has a range of its own."""
    additions = list(additions)
    codes: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    for each in additions:
        starts.append(len(codes) + 1)
        codes += each.search_codes
        ends.append(len(codes))
    own = zip(
        *((e.id, e.city_key, e.sector_key, e.phone_key, e.email_key, e.search_text) for e in additions), strict=True
    )
    values = zip(*(each.values for each in additions), strict=True)
    found = dict(zip((*_OWN, *COLUMNS), map(list, (*own, *values)), strict=True))
    found |= {"codes_from": starts, "codes_to": ends}
    if any(each.origin is not NOW for each in additions):
        found |= {name: [getattr(each.origin, name) for each in additions] for name in Origin.__struct_fields__}
    # `unnest` fills shorter arrays with nulls, and asyncpg takes its time for each null of an array.
    empty = [None] * len(additions)
    found = {name: [] if column == empty else column for name, column in found.items()}
    return found | {"search_codes": codes}
