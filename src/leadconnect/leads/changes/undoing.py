"""Undoing what an act did to leads, as far as nobody has been at them since."""

import asyncio
from uuid import UUID

from leadconnect.database.pool import Connection
from leadconnect.leads import writing
from leadconnect.leads.changes import queries
from leadconnect.leads.changes.judging import WHOLE_LEAD, judge, leave_invalid
from leadconnect.leads.changes.models import SHOWN, LeftAlone, LeftAloneItem, Undone
from leadconnect.leads.changes.slices import SLICE, Progress
from leadconnect.leads.history.models import Act
from leadconnect.leads.merging.actions import unmerge

BEFORE_ALL = UUID(int=0)


async def undo_events(
    connection: Connection, account_id: UUID, act: Act, change_set_id: UUID, progress: Progress
) -> Undone:
    """Take back what the events of a change set tell, in the caller's transaction: what was created is deleted, what
    was deleted is restored, and what was changed gets its former value.
    """
    did, last, done_count = Undone(), BEFORE_ALL, 0
    while ids := await queries.next_leads(connection, account_id, change_set_id, after=last, limit=SLICE):
        rows = await queries.lock_leads(connection, account_id, ids)
        events = await queries.events_since(connection, account_id, change_set_id, ids)
        verdict = judge(events, {lead_id: row["is_deleted"] for lead_id, row in rows.items()})
        leave_invalid(verdict, rows)
        await writing.restore(connection, account_id, act, verdict.restored)
        await writing.change(connection, account_id, act, verdict.changes)
        await writing.delete(connection, account_id, act, verdict.deleted)
        did.lead_count += verdict.lead_count
        did.left_alone += verdict.left_alone[: SHOWN - len(did.left_alone)]
        did.left_alone_count += len(verdict.left_alone)
        last, done_count = ids[-1], done_count + len(ids)
        await progress(done_count)
        await asyncio.sleep(0)
    return did


async def undo_merge(connection: Connection, account_id: UUID, act: Act, change_set_id: UUID, _: Progress) -> Undone:
    """Take a merge back, in the caller's transaction.

    Raises:
        MergedAgain: the lead that stayed was merged into another one since.
    """
    did = await unmerge(connection, account_id, act, change_set_id)
    reason = LeftAlone.DELETED_SINCE if did.survivor_is_deleted else LeftAlone.EDITED_SINCE
    left = [LeftAloneItem(did.survivor_id, field, reason) for field in did.left_alone]
    if did.survivor_would_be_invalid:
        left = [LeftAloneItem(did.survivor_id, WHOLE_LEAD, LeftAlone.WOULD_BE_INVALID)]
    return Undone(lead_count=1 + len(did.restored_ids), left_alone=left, left_alone_count=len(left))
