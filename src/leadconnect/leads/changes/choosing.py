"""Choose the leads of a bulk operation, by ids or by a filter, and lock them slice by slice."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from leadconnect.database.pool import Connection
from leadconnect.leads.listing.queries import PLAN_FOR_VALUES, where_clause
from leadconnect.leads.queries import KEYED, LIVE, SEARCHED
from leadconnect.leads.search import HAS_TERM, found_ids, term_values
from leadconnect.leads.selection import LeadFilters

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
