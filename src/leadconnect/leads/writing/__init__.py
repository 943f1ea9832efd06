"""Write leads: add, change, delete and restore them. No other module does.

Each function writes any number of leads as one act: by an actor, from a source, in a change set. Its statement writes
the leads, their history, and the rows by which search and duplicates are found; the tallies follow by triggers. Callers
of `change`, `delete` and `restore` have locked the leads, in the order of their ids.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from leadconnect.database.pool import Connection
from leadconnect.identifiers import new_id
from leadconnect.leads.additions import Addition, Columns, addition, columns
from leadconnect.leads.contacts import queries as contacts
from leadconnect.leads.duplicates.keys import Keys
from leadconnect.leads.fields import FIELDS, LeadInput
from leadconnect.leads.history import queries as history
from leadconnect.leads.history.models import Act, FieldChange
from leadconnect.leads.models import text_key
from leadconnect.leads.queries import KEYED, SEARCHED, keys_of
from leadconnect.leads.terms import search_document
from leadconnect.leads.writing import queries

KEYS = {"city": "city_key", "sector": "sector_key"}
"""The columns by which cities and sectors are compared."""
SECTOR_AT = FIELDS.index("sector")
INDEXED = frozenset((*SEARCHED, *KEYED))
"""The fields that search rows are made of."""


async def open_change_set(
    connection: Connection, account_id: UUID, act: Act, kind: str, *, description: str, lead_count: int
) -> None:
    """Store `act` as a change set that can be undone, in its transaction (see `history.queries.open_change_set`)."""
    await history.open_change_set(connection, account_id, act, kind, description=description, lead_count=lead_count)


async def add(
    connection: Connection, account_id: UUID, act: Act, leads: Sequence[LeadInput], keys: Sequence[Keys] = ()
) -> list[Record]:
    """Add `leads`, with their sectors; return a row of `queries.COLUMNS` for each, in their order.

    Their `keys` are computed unless given.
    """
    if not leads:
        return []
    keys = keys or await keys_of(connection, account_id, [[getattr(lead, f) for f in KEYED] for lead in leads])
    return await add_prepared(
        connection, account_id, act, [addition(account_id, lead, own) for lead, own in zip(leads, keys, strict=True)]
    )


async def add_prepared(
    connection: Connection, account_id: UUID, act: Act, additions: Sequence[Addition], *, with_sectors: bool = True
) -> list[Record]:
    """Add prepared leads; return a row of `queries.COLUMNS` for each, in their order."""
    sectors = _sectors(each.values[SECTOR_AT] for each in additions) if with_sectors else {}
    given = {**columns(additions), **sectors, "returns": True}
    rows = {
        row["id"]: row for row in await connection.fetch(queries.ADD, *_values(queries.OF_ADD, account_id, act, given))
    }
    return [rows[each.id] for each in additions]


async def add_columns(connection: Connection, account_id: UUID, act: Act, arrays: Columns) -> None:
    """Add the leads of `additions.columns`, without their sectors, and return nothing of them.

    A long transaction adds the sectors at its end (`add_sectors`), so that others need not wait for it.
    """
    await connection.execute(queries.ADD, *_values(queries.OF_ADD, account_id, act, {**arrays, "returns": False}))


async def change(
    connection: Connection,
    account_id: UUID,
    act: Act,
    changes: Sequence[FieldChange],
    *,
    returned: Collection[UUID] = (),
) -> dict[UUID, Record]:
    """Set the new values of `changes` in leads that are not deleted; return the rows of the `returned` leads by id.

    The new values differ from the old ones. A lead of `returned` gets a new version even without a change. Sectors are
    not remembered (see `add_columns`).
    """
    if not changes and not returned:
        return {}
    values: dict[UUID, dict[str, str | None]] = {lead_id: {} for lead_id in returned}
    since = {change.lead_id: change.since for change in changes if change.field == "lead_status"}
    indexed = {change.lead_id for change in changes if change.field in INDEXED}
    for each in changes:
        own = values.setdefault(each.lead_id, {})
        own[each.field] = each.new_value
        if each.field in KEYS:
            own[KEYS[each.field]] = text_key(each.new_value)
    given: dict[str, Any] = {
        "id": list(values),
        "changes": [msgspec.json.encode(own).decode() for own in values.values()],
        "since": [since.get(lead_id) for lead_id in values],
        "returned": list(indexed.union(returned)),
        "lead_id": [each.lead_id for each in changes],
        "event_id": [new_id() for _ in changes],
        "field": [each.field for each in changes],
        "old_value": [each.old_value for each in changes],
        "new_value": [each.new_value for each in changes],
    }
    rows = {
        row["id"]: row
        for row in await connection.fetch(queries.CHANGE, *_values(queries.OF_CHANGE, account_id, act, given))
    }
    await index(connection, account_id, [rows[lead_id] for lead_id in rows if lead_id in indexed])
    return rows


async def change_one(
    connection: Connection,
    account_id: UUID,
    act: Act,
    before: Record,
    changes: Mapping[str, Any],
    *,
    since: datetime | None = None,
) -> Record:
    """Set `changes`, by column, in the lead whose locked row is `before`, with its sector; return its new row.

    `since` is when the lead was converted or lost, if its new status is one that it had before.
    """
    lead_id = before["id"]
    given = [
        FieldChange(lead_id, field, as_text(before[field]), as_text(value), since if field == "lead_status" else None)
        for field, value in changes.items()
        if value != before[field]
    ]
    rows = await change(connection, account_id, act, given, returned=[lead_id])
    if any(each.field == "sector" for each in given):
        await add_sectors(connection, account_id, [changes["sector"]])
    return rows[lead_id]


def as_text(value: Any) -> str | None:
    """Return a value as events keep it: as text, days as ``YYYY-MM-DD``."""
    return None if value is None else str(value)


async def index(connection: Connection, account_id: UUID, rows: Sequence[Record]) -> None:
    """Rewrite the search rows of the leads in `rows`, by their values and their further contacts."""
    if not rows:
        return
    others = await contacts.values_of(connection, account_id, [row["id"] for row in rows])
    keys = await keys_of(connection, account_id, [[row[field] for field in KEYED] for row in rows])
    texts, codes, starts, ends = list[str](), list[int](), list[int](), list[int]()
    for row in rows:
        document = search_document(account_id, *(row[field] for field in SEARCHED), also=others.get(row["id"], ()))
        texts.append(document[0])
        starts.append(len(codes) + 1)
        codes += document[1]
        ends.append(len(codes))
    own = ([row["id"] for row in rows], texts, starts, ends, [key.phone for key in keys], [key.email for key in keys])
    await connection.execute(queries.INDEX, account_id, codes, *own)


async def delete(connection: Connection, account_id: UUID, act: Act, lead_ids: Sequence[UUID]) -> int:
    """Mark leads as deleted; return how many were not."""
    return await _marked(connection, queries.DELETE, account_id, act, lead_ids)


async def restore(connection: Connection, account_id: UUID, act: Act, lead_ids: Sequence[UUID]) -> int:
    """Remove the mark of deleted leads; return how many had it."""
    return await _marked(connection, queries.RESTORE, account_id, act, lead_ids)


async def _marked(connection: Connection, statement: str, account_id: UUID, act: Act, lead_ids: Sequence[UUID]) -> int:
    if not lead_ids:
        return 0
    given = {"lead_id": lead_ids, "event_id": [new_id() for _ in lead_ids]}
    return len(await connection.fetch(statement, *_values(queries.OF_MARK, account_id, act, given)))


def _sectors(named: Iterable[str | None]) -> Columns:
    """Return the sectors as arrays, each once, in the order of their keys so that two transactions cannot deadlock."""
    found = {key: sector.strip() for sector in named if sector and (key := text_key(sector))}
    keys = sorted(found)
    return {"sector_id": [new_id() for _ in keys], "new_sector": [found[key] for key in keys], "new_sector_key": keys}


async def set_external_ids(
    connection: Connection, account_id: UUID, system: str, pairs: Sequence[tuple[str, UUID]]
) -> None:
    """Store the ids under which `system` knows leads. The last of equal ids counts, also over those of other leads."""
    external_ids, lead_ids = [external_id for external_id, _ in pairs], [lead_id for _, lead_id in pairs]
    await connection.execute(queries.SET_EXTERNAL_IDS, account_id, system, external_ids, lead_ids)


async def add_sectors(connection: Connection, account_id: UUID, named: Iterable[str | None]) -> None:
    """Add the sectors among `named` that the account does not have, compared without case."""
    if any((new := _sectors(named)).values()):
        await connection.execute(queries.ADD_SECTORS, account_id, *new.values())


def _values(parameters: Mapping[str, str], account_id: UUID, act: Act, given: Mapping[str, Any]) -> list[Any]:
    """Return the values of a statement's parameters in their order; an array that is not given is empty."""
    own = {
        "account_id": account_id, "actor_id": act.actor_id, "source": act.source, "change_set_id": act.change_set_id
    }  # fmt: skip
    return [own[name] if name in own else given.get(name, []) for name in parameters]
