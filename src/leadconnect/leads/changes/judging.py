"""Judging what can be undone of an act, lead by lead, by what has happened to it since. Nothing is written here.

What an act did to a field stands if nothing has changed the field since, or if the last to change it was an undo that
put back just what the act had left. The same holds for whether a lead is there.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from leadconnect.errors import ValidationFailed
from leadconnect.leads.catalogue import NAME_OF
from leadconnect.leads.changes.models import LeftAlone, LeftAloneItem, PastEvent
from leadconnect.leads.fields import CHECKED, check_change
from leadconnect.leads.history.models import EventKind, FieldChange, Source

WHOLE_LEAD = None
"""Stands for a field where an event is of the lead itself."""


class Verdict(msgspec.Struct):
    """What undoing an act does to some leads, and what it leaves alone."""

    deleted: list[UUID] = msgspec.field(default_factory=list)
    restored: list[UUID] = msgspec.field(default_factory=list)
    changes: list[FieldChange] = msgspec.field(default_factory=list)
    left_alone: list[LeftAloneItem] = msgspec.field(default_factory=list)

    def leave(self, lead_id: UUID, field: str | None, reason: LeftAlone) -> None:
        """Note that a field, or a whole lead, stays as it is."""
        self.left_alone.append(LeftAloneItem(lead_id, NAME_OF[field] if field else None, reason))

    @property
    def lead_count(self) -> int:
        """How many leads are changed."""
        return len({*self.deleted, *self.restored, *(change.lead_id for change in self.changes)})


class Strand(msgspec.Struct):
    """What the act did to one field of a lead, or to the lead itself, and what others did since; in order."""

    own: list[PastEvent] = msgspec.field(default_factory=list)
    since: list[PastEvent] = msgspec.field(default_factory=list)

    @property
    def stands(self) -> bool:
        """Whether all is as the act left it."""
        if not self.since:
            return True
        last = self.since[-1]
        return last.source == Source.UNDO and last.new_value == self.since[0].old_value


def judge(events: Iterable[PastEvent], is_deleted: dict[UUID, bool]) -> Verdict:
    """Return what is to become of the leads of `is_deleted`, which tells of each whether it is deleted now. `events`
    are theirs from the act on, in the order in which they happened.
    """
    strands: dict[UUID, dict[str | None, Strand]] = {lead_id: {} for lead_id in is_deleted}
    begun: set[UUID] = set()
    for event in events:
        if not event.is_own and event.lead_id not in begun:
            continue
        begun.add(event.lead_id)
        strand = strands[event.lead_id].setdefault(event.field, Strand())
        (strand.own if event.is_own else strand.since).append(event)
    verdict = Verdict()
    for lead_id, found in strands.items():
        _judge_lead(lead_id, found, is_deleted[lead_id], verdict)
    return verdict


def leave_invalid(verdict: Verdict, rows: Mapping[UUID, Mapping[str, Any] | Record]) -> None:
    """Take out of `verdict` all field changes of each lead that they would leave without a contact or with an unnamed
    source, by the rule of every change (`check_change`). `rows` have the columns `CHECKED` as they are now.
    """
    changes: dict[UUID, dict[str, str | None]] = {}
    for change in verdict.changes:
        if change.field in CHECKED:
            changes.setdefault(change.lead_id, {})[change.field] = change.new_value
    invalid = {lead_id for lead_id, own in changes.items() if not _is_allowed(rows[lead_id], own)}
    verdict.changes = [change for change in verdict.changes if change.lead_id not in invalid]
    for lead_id in invalid:
        verdict.leave(lead_id, WHOLE_LEAD, LeftAlone.WOULD_BE_INVALID)


def _is_allowed(before: Mapping[str, Any] | Record, changes: Mapping[str, str | None]) -> bool:
    try:
        check_change(before, changes)
    except ValidationFailed:
        return False
    return True


def _judge_lead(lead_id: UUID, strands: dict[str | None, Strand], is_deleted: bool, verdict: Verdict) -> None:
    whole = strands.get(WHOLE_LEAD, Strand())
    did = [event.kind for event in whole.own]
    if EventKind.CREATED in did or EventKind.RESTORED in did:
        _judge_appearance(lead_id, strands, is_deleted, verdict)
        return
    if EventKind.DELETED in did:
        if not is_deleted:
            verdict.leave(lead_id, None, LeftAlone.RESTORED_SINCE)
        elif not whole.stands:
            verdict.leave(lead_id, None, LeftAlone.DELETED_SINCE)
        else:
            verdict.restored.append(lead_id)
            is_deleted = False
    for field, strand in strands.items():
        if field is not None and strand.own:
            _judge_field(lead_id, field, strand, is_deleted, verdict)


def _judge_appearance(lead_id: UUID, strands: dict[str | None, Strand], is_deleted: bool, verdict: Verdict) -> None:
    """A lead that came by the act goes, unless anything at all was done with it since."""
    touched: Sequence[str | None] = [field for field, strand in strands.items() if not strand.stands]
    if is_deleted:
        verdict.leave(lead_id, None, LeftAlone.DELETED_SINCE)
    elif touched:
        verdict.leave(lead_id, touched[0], LeftAlone.EDITED_SINCE)
    else:
        verdict.deleted.append(lead_id)


def _judge_field(lead_id: UUID, field: str, strand: Strand, is_deleted: bool, verdict: Verdict) -> None:
    first, last = strand.own[0], strand.own[-1]
    if is_deleted:
        verdict.leave(lead_id, field, LeftAlone.DELETED_SINCE)
    elif not strand.stands:
        verdict.leave(lead_id, field, LeftAlone.EDITED_SINCE)
    elif first.old_value != last.new_value:
        verdict.changes.append(FieldChange(lead_id, field, last.new_value, first.old_value, first.old_since))
