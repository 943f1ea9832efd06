"""Changing or deleting many leads at once: all that are meant, or none."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from leadconnect.database.pool import Connection
from leadconnect.errors import Conflict
from leadconnect.leads import writing
from leadconnect.leads.catalogue import NAME_OF
from leadconnect.leads.changes import choosing
from leadconnect.leads.changes.choosing import Chosen
from leadconnect.leads.changes.models import BulkAction, BulkRequest, ChangeSetKind, Undone
from leadconnect.leads.changes.slices import SLICE, Progress
from leadconnect.leads.fields import CHECKED, LeadPatch, check_change, stored_changes
from leadconnect.leads.history.models import Act, FieldChange
from leadconnect.leads.listing.resolving import resolve
from leadconnect.leads.selection import LeadSelection
from leadconnect.leads.writing import as_text

KINDS = {BulkAction.UPDATE: ChangeSetKind.BULK_UPDATE, BulkAction.DELETE: ChangeSetKind.BULK_DELETE}


class CountChanged(Conflict):
    """These are other leads than expected. Nothing was changed."""

    code = "count_changed"
    field = "expectedCount"


def in_words(count: int) -> str:
    """Return a number of leads as people say it."""
    return f"{count:,} lead{'' if count == 1 else 's'}"


def check_count(request: BulkRequest, count: int) -> None:
    """Let pass what is expected to mean `count` leads.

    Raises:
        CountChanged: another number is expected.
    """
    if request.expected_count != count:
        raise CountChanged(f"This means {in_words(count)}, and not {request.expected_count:,}. Nothing was changed.")


async def choose(connection: Connection, account_id: UUID, request: BulkRequest) -> Chosen:
    """Return which leads a bulk change means at this moment."""
    if isinstance(request.filter, LeadSelection):
        filters, today = await resolve(connection, account_id, request.filter.filters())
        return await choosing.choose(connection, account_id, filters, today)
    ids = request.ids if isinstance(request.ids, list) else []
    return await choosing.choose_by_ids(connection, account_id, ids)


def description(request: BulkRequest) -> str:
    """Return which fields a bulk change sets, by their names on the wire."""
    return ", ".join(NAME_OF[field] for field in _sets(request))


async def carry_out(
    connection: Connection, account_id: UUID, act: Act, request: BulkRequest, chosen: Chosen, progress: Progress
) -> Undone:
    """Change or delete the chosen leads in the caller's transaction; return how many there was something to change in.

    Raises:
        CountChanged: one of them was changed or deleted meanwhile, so that it is not meant any more.
        ValidationFailed: one of them would be left without a contact or a name of its source, see `check_change`.
    """
    sets = _sets(request)
    changed_count = 0
    for start in range(0, len(chosen.ids), SLICE):
        ids = chosen.ids[start : start + SLICE]
        rows = await choosing.lock(connection, chosen, ids, list(dict.fromkeys((*sets, *CHECKED))))
        if len(rows) < len(ids):
            raise CountChanged
        if request.action is BulkAction.DELETE:
            await writing.delete(connection, account_id, act, ids)
            changed_count += len(ids)
        else:
            for row in rows:
                check_change(row, sets)
            changes = _changes(rows, sets)
            await writing.change(connection, account_id, act, changes)
            changed_count += len({change.lead_id for change in changes})
        await progress(start + len(ids))
        await asyncio.sleep(0)
    if chosen.ids:
        await writing.add_sectors(connection, account_id, [sets.get("sector")])
    return Undone(lead_count=changed_count)


def from_json(request: str) -> BulkRequest:
    """Read a request that was kept for the worker."""
    return msgspec.json.decode(request, type=BulkRequest)


def _sets(request: BulkRequest) -> dict[str, Any]:
    return stored_changes(request.changes) if isinstance(request.changes, LeadPatch) else {}


def _changes(rows: Sequence[Record], sets: dict[str, Any]) -> list[FieldChange]:
    """Return what is to be changed in the leads of `rows`, so that each has the values of `sets`."""
    return [
        FieldChange(row["id"], field, as_text(row[field]), as_text(value))
        for row in rows
        for field, value in sets.items()
        if row[field] != value
    ]
