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
    row = dict(zip(COLUMNS, values, strict=True))
    document = search_document(
        account_id, row["name"], row["email"], row["phone_number"], row["company_name"], row["city"]
    )
    return Addition(lead_id, text_key(row["city"]), text_key(row["sector"]), *keys, *document, values, origin)


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
    own = ("id", "city_key", "sector_key", "phone_key", "email_key", "search_text")
    found = {name: [getattr(each, name) for each in additions] for name in own}
    found |= {"codes_from": starts, "codes_to": ends}
    found |= dict(zip(COLUMNS, map(list, zip(*(each.values for each in additions), strict=True)), strict=True))
    if any(each.origin is not NOW for each in additions):
        found |= {name: [getattr(each.origin, name) for each in additions] for name in Origin.__struct_fields__}
    # `unnest` fills shorter arrays with nulls, and asyncpg takes its time for each null of an array.
    found = {name: values if any(value is not None for value in values) else [] for name, values in found.items()}
    return found | {"search_codes": codes}
