"""New leads on their way into the tables: what is stored of each, worked out before the database is asked. Pure."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from leadconnect.identifiers import new_id
from leadconnect.leads.duplicates.keys import Keys
from leadconnect.leads.fields import LeadInput, stored_values
from leadconnect.leads.models import text_key
from leadconnect.leads.terms import search_document


class Addition(NamedTuple):
    """One new lead: its id, the keys of its city, its sector, its phone and its mailbox, what search looks into, and
    its values in the order of `leads.fields.FIELDS`.
    """

    id: UUID
    city_key: str | None
    sector_key: str | None
    phone_key: str | None
    email_key: str | None
    search_text: str
    search_codes: list[int]
    values: list[Any]
    sector: str | None


def addition(account_id: UUID, lead: LeadInput, keys: Keys, lead_id: UUID | None = None) -> Addition:
    """Return what is stored of `lead`; without `lead_id` it gets a new one."""
    document = search_document(account_id, lead.name, lead.email, lead.phone_number, lead.company_name, lead.city)
    compared = text_key(lead.city), text_key(lead.sector)
    return Addition(lead_id or new_id(), *compared, *keys, *document, stored_values(lead), lead.sector)


def columns(additions: Sequence[Addition]) -> list[list[Any]]:
    """Return `additions` as the arrays that `leads.queries.INSERT` takes: the codes of all are one array, in which each
    lead has a range of its own.
    """
    codes: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    for each in additions:
        starts.append(len(codes) + 1)
        codes += each.search_codes
        ends.append(len(codes))
    ids, cities, sectors, phones, emails, texts, _, values, _ = zip(*additions, strict=True)
    own = (ids, cities, sectors, phones, emails, texts, starts, ends, codes)
    # `unnest` fills shorter arrays with nulls, and asyncpg takes its time for each of them.
    return [
        list(each) if any(value is not None for value in each) else [] for each in (*own, *zip(*values, strict=True))
    ]
