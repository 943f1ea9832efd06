"""Find leads by search: the SQL, which calls one function of the database.

See `leads.terms` for what is compared. The index narrows, a literal comparison decides.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from leadconnect.database.pool import Connection
from leadconnect.leads.folding import fold
from leadconnect.leads.selection import NEWEST_FIRST, LeadFilters, Sort, followup_days
from leadconnect.leads.terms import Choice, SearchTerm, any_of, search_document, search_term

__all__ = ["FOUND", "HAS_TERM", "found_ids", "ids_with_any", "search_document", "search_values", "term_values"]

FOUND = "select ids, total from search_lead_ids($1, $2, $3, $4, $5, $6, $7, $8)"
HAS_TERM = """
    (
        select count(distinct clause) from unnest(${}::text[], ${}::integer[]) as sought (needle, clause)
        where strpos(search_text, needle) > 0
    ) = ${}::integer
"""
"""The condition that a row of `lead_search` has a term, given by its `term_values`."""


async def found_ids(
    connection: Connection,
    account_id: UUID,
    filters: LeadFilters,
    today: date | None,
    *,
    sort: Sort = NEWEST_FIRST,
    limit: int | None,
    offset: int,
) -> tuple[list[UUID], int]:
    """Return the ids of one page of what `filters` search for, in the order of `sort`, and the total; no `limit` means
    all of them.
    """
    values = search_values(account_id, filters, today, sort)
    (row,) = await connection.fetch(FOUND, *values, offset, limit)
    return row["ids"], row["total"]


def search_values(
    account_id: UUID, filters: LeadFilters, today: date | None = None, sort: Sort = NEWEST_FIRST
) -> tuple[Any, ...]:
    """Return what the search function takes of `filters`: the four of the term, the filters as JSON, and the order."""
    return *_term(search_term(account_id, filters.search)), _narrowing(filters, today), sort.value


def term_values(account_id: UUID, search: str) -> tuple[list[str], list[int], int]:
    """Return the values of `HAS_TERM`: texts, the number of the clause of each, and how many clauses there are."""
    clauses = search_term(account_id, search).clauses()
    pairs = [(text, number) for number, texts in enumerate(clauses) for text in texts]
    return [text for text, _ in pairs], [number for _, number in pairs], len(clauses)


async def ids_with_any(connection: Connection, account_id: UUID, texts: list[str], *, limit: int) -> list[UUID]:
    """Return the ids of the newest leads that have any of `texts`, which are not empty, in what search looks into."""
    choice = any_of(account_id, [fold(text) for text in texts])
    (row,) = await connection.fetch(FOUND, *_term(SearchTerm([], [], [choice])), "{}", NEWEST_FIRST.value, 0, limit)
    ids: list[UUID] = row["ids"]
    return ids


def _term(term: SearchTerm) -> tuple[list[str], list[int], list[list[str | None]], list[list[str | None]]]:
    """Return words, their codes, and the texts and codes of the choices as rectangles filled up with None."""
    width = max((len(choice.texts) for choice in term.choices), default=0)
    texts = [_filled(choice.texts, width) for choice in term.choices]
    codes = [_filled(_arrays(choice), width) for choice in term.choices]
    return term.words, term.word_codes, texts, codes


def _filled(values: Iterable[str | None], width: int) -> list[str | None]:
    given = list(values)
    return [*given, *[None] * (width - len(given))]


def _arrays(choice: Choice) -> list[str | None]:
    """Return the codes of each text as PostgreSQL writes an array."""
    return [f"{{{','.join(map(str, own))}}}" for own in choice.codes]


def _narrowing(filters: LeadFilters, today: date | None) -> str:
    """Return the filters but for the search, as the JSON that the search function takes."""
    if filters == LeadFilters(search=filters.search):
        return "{}"
    due_from, due_before = followup_days(filters.followup, today) if filters.followup and today else (None, None)
    given = {
        "statuses": filters.statuses or None,
        "category": filters.category,
        "cities": filters.city_keys or None,
        "sectors": filters.sector_keys or None,
        "sources": filters.sources or None,
        "countries": filters.countries,
        "due_from": due_from,
        "due_before": due_before,
        "followup_from": filters.followup_from,
        "followup_to": filters.followup_to,
        "created_since": filters.created_since,
        "created_before": filters.created_before,
        "updated_since": filters.updated_since,
    }
    return msgspec.json.encode({key: value for key, value in given.items() if value is not None}).decode()
