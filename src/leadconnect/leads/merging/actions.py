"""Merging leads and taking a merge back.

The leads are locked in the order of their ids before anything is read of them, as every change locks its lead first: so
of two merges that cross one waits and then finds its lead gone, and a change that comes meanwhile is merged or refused,
and never lost.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from leadconnect.auth.principal import Principal
from leadconnect.database.pool import Connection
from leadconnect.errors import Conflict, NotFound, ValidationFailed
from leadconnect.leads import queries as leads
from leadconnect.leads import writing
from leadconnect.leads.actions import LeadMerged, NoSuchLead, check_version, tagged
from leadconnect.leads.catalogue import NAME_OF
from leadconnect.leads.contacts import queries as contacts
from leadconnect.leads.contacts.queries import Contact
from leadconnect.leads.fields import check_change
from leadconnect.leads.history.models import Act, EventKind, Source
from leadconnect.leads.merging import queries
from leadconnect.leads.merging.contacts import other_contacts, with_contacts
from leadconnect.leads.merging.models import Merged, MergeInput, Unmerged
from leadconnect.leads.merging.values import NOTES, check_order, merged_changes, restored_changes

CLOSING = "lead_status"


class NoSuchMerge(NotFound):
    """There is no such merge."""

    code = "no_such_merge"


class MergeUndone(Conflict):
    """This merge was undone already."""

    code = "merge_undone"


class MergedAgain(Conflict):
    """The lead that the others were merged into was merged into another one since. Undo that merge first."""

    code = "merged_again"


async def merge(
    connection: Connection, principal: Principal, lead_id: UUID, wanted: MergeInput, if_match: str | None
) -> tuple[Merged, str]:
    """Make one lead of several, the one with the id `lead_id`; return it and its new entity tag.

    Raises:
        NoSuchLead: one of them is not in this account.
        LeadMerged: one of them was merged into another one already.
        LeadChanged: the one that stays is none of those that `if_match`, a header field, names.
        ValidationFailed: see `values.check_order` and `values.merged_changes`.
    """
    account_id, other_ids = principal.account_id, list(dict.fromkeys(wanted.lead_ids))
    rows = await queries.lock(connection, account_id, [lead_id, *other_ids])
    survivor = await _present(connection, account_id, lead_id, rows)
    check_version(survivor, if_match)
    check_order(lead_id, other_ids, wanted.take)
    others = [await _present(connection, account_id, each, rows) for each in other_ids]
    act = Act(principal.user_id, Source.MERGE)
    changes = merged_changes(survivor, others, wanted.take)
    kept_contacts = await _other_contacts(connection, account_id, survivor, others, changes)
    notes = with_contacts(changes.get(NOTES, survivor[NOTES]), kept_contacts)
    if notes != survivor[NOTES]:
        changes[NOTES] = notes
    await _open_change_set(connection, account_id, act, survivor, others)
    since = _closed_at(rows[wanted.take["leadStatus"]]) if CLOSING in changes else None
    row = await writing.change_one(connection, account_id, act, survivor, changes, since=since) if changes else survivor
    if kept_contacts:
        await contacts.add(connection, account_id, lead_id, act.change_set_id, kept_contacts)
        await writing.index(connection, account_id, [row])
    moved = await queries.move_children(connection, account_id, other_ids, lead_id)
    kept = [(survivor, queries.Moved([], [], [], [])), *((rows[each], moved[each]) for each in other_ids)]
    await queries.keep_merge(connection, account_id, act, lead_id, kept)
    await writing.delete(connection, account_id, act, other_ids)
    await queries.add_redirects(connection, account_id, act, other_ids, lead_id)
    await queries.tell(connection, account_id, act, EventKind.MERGED, other_ids, lead_id)
    lead, tag = await tagged(connection, principal, row)
    return Merged(lead=lead, merged_ids=other_ids, change_set_id=act.change_set_id), tag


async def unmerge(connection: Connection, account_id: UUID, act: Act, change_set_id: UUID) -> Unmerged:
    """Take the merge `change_set_id` back as the act `act`: the merged leads are back with all that was theirs, and the
    one that stayed has its former values again, but for fields that were changed since and for one that was deleted.

    Raises:
        NoSuchMerge: the account has none.
        MergeUndone: it was taken back already.
        MergedAgain: the lead that stayed was merged into another one since.
    """
    merges = await queries.merges(connection, account_id, change_set_id)
    if not merges:
        raise NoSuchMerge
    survivor_id = merges[0]["survivor_id"]
    rows = await queries.lock(connection, account_id, [each["lead_id"] for each in merges])
    redirects = await queries.redirects_of(connection, account_id, change_set_id)
    if not redirects:
        raise MergeUndone
    if set(redirects.values()) != {survivor_id}:
        raise MergedAgain
    merged = [each for each in merges if each["lead_id"] != survivor_id]
    (former,) = (each for each in merges if each["lead_id"] == survivor_id)
    left, would_be_invalid = await _restore_values(
        connection, account_id, act, rows[survivor_id], former, change_set_id
    )
    await contacts.drop(connection, account_id, change_set_id)
    now = await leads.one(connection, account_id, survivor_id) or rows[survivor_id]
    await writing.index(connection, account_id, [now])
    await queries.drop_redirects(connection, account_id, change_set_id)
    for each in merged:
        await queries.move_back(connection, account_id, each)
    restored_ids = [each["lead_id"] for each in merged]
    await writing.restore(connection, account_id, act, restored_ids)
    await queries.tell(connection, account_id, act, EventKind.UNMERGED, restored_ids, survivor_id)
    return Unmerged(
        survivor_id=survivor_id,
        restored_ids=restored_ids,
        left_alone=[NAME_OF[field] for field in left],
        survivor_is_deleted=rows[survivor_id]["deleted_at"] is not None,
        survivor_would_be_invalid=would_be_invalid,
    )


async def _other_contacts(
    connection: Connection, account_id: UUID, survivor: Record, others: Sequence[Record], changes: dict[str, Any]
) -> list[Contact]:
    """Return the phones and e-mail addresses that the lead `survivor` gets besides its own."""
    rows = [survivor, *others]
    region = await leads.region_for(connection, account_id, [[row[field] for field in leads.KEYED] for row in rows])
    known = await contacts.of_leads(connection, account_id, [row["id"] for row in rows])
    mine = {(row["kind"], row["key"] or row["value"]) for row in known if row["lead_id"] == survivor["id"]}
    found = other_contacts(rows, dict(survivor) | changes, known, region)
    return [each for each in found if (each.kind, each.key or each.value) not in mine]


async def _restore_values(
    connection: Connection, account_id: UUID, act: Act, now: Record, former: Record, change_set_id: UUID
) -> tuple[list[str], bool]:
    """Give the lead `now` the values that the merge changed back, and return the columns that were left alone, and
    whether all were because `check_change` does not allow the former values.
    """
    events = await queries.changes(connection, account_id, now["id"], change_set_id)
    if now["deleted_at"] is not None:
        return [event["field"] for event in events], False
    changes, left = restored_changes(now, events)
    try:
        check_change(now, changes)
    except ValidationFailed:
        return [], True
    if changes:
        await writing.change_one(connection, account_id, act, now, changes, since=_closed_at(former))
    return left, False


def _closed_at(row: Record) -> datetime | None:
    """Return when the lead in `row` was converted or lost."""
    moment: datetime | None = row["converted_at"] or row["lost_at"]
    return moment


async def _present(connection: Connection, account_id: UUID, lead_id: UUID, rows: dict[UUID, Record]) -> Record:
    if lead_id not in rows:
        raise NoSuchLead
    if rows[lead_id]["deleted_at"] is not None:
        survivor_id = await queries.redirect(connection, account_id, lead_id)
        raise LeadMerged(survivor_id) if survivor_id else NoSuchLead
    return rows[lead_id]


async def _open_change_set(
    connection: Connection, account_id: UUID, act: Act, survivor: Record, others: Sequence[Record]
) -> None:
    description = f"{', '.join(row['name'] for row in others)} merged into {survivor['name']}"
    count = 1 + len(others)
    await writing.open_change_set(connection, account_id, act, Source.MERGE, description=description, lead_count=count)
