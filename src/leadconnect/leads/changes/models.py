"""Acts on many leads as nouns: what is asked for, the change sets that are left, and what undoing leaves alone."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from leadconnect.errors import FieldCode, FieldError
from leadconnect.leads.fields import LeadPatch
from leadconnect.leads.history.models import Actor, EventKind
from leadconnect.leads.selection import LeadSelection
from leadconnect.wire import Answer, Input, Instant, unnamed

SHOWN = 100
"""How many of the leads that were not found, and of what undoing left alone, an answer names."""


class ChangeSetKind(StrEnum):
    """What was done to many leads at once."""

    IMPORT = "import"
    BULK_UPDATE = "bulk_update"
    BULK_DELETE = "bulk_delete"
    MERGE = "merge"
    UNDO = "undo"


class ChangeSetState(StrEnum):
    """Whether it is done: all of it, or nothing yet, or nothing at all."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


class BulkAction(StrEnum):
    """What is to become of the leads."""

    UPDATE = "update"
    DELETE = "delete"


class BulkRequest(Input, kw_only=True):
    """What is to become of which leads: those of `ids`, or those that `filter` means, which is read as the query of
    the list. Nothing is changed without `expectedCount`, nor when it is another number of leads by then.
    """

    rules: ClassVar[dict[str, Any]] = {
        "oneOf": [{"required": ["ids"]}, {"required": ["filter"]}],
        "if": {"properties": {"action": {"const": "update"}}},
        "then": {"required": ["set"], "properties": {"set": {"minProperties": 1}}},
        "else": {"not": {"required": ["set"]}},
        "examples": [{"action": "update", "filter": {"status": ["new"]}, "set": {"leadStatus": "qualified"}}],
    }

    action: BulkAction
    ids: Annotated[list[UUID], Meta(min_length=1, max_length=10_000)] | UnsetType = UNSET
    filter: LeadSelection | UnsetType = UNSET
    changes: LeadPatch | UnsetType = msgspec.field(default=UNSET, name="set")
    expected_count: Annotated[int, Meta(ge=0, le=2**53)] | UnsetType = UNSET

    def problems(self) -> list[FieldError]:
        """Refuse both ways of naming leads or neither, and an update without values or a deletion with some."""
        found = []
        if isinstance(self.ids, list) == isinstance(self.filter, LeadSelection):
            field, code = ("ids", FieldCode.REQUIRED) if self.ids is UNSET else ("filter", FieldCode.CONFLICTING)
            found.append(FieldError(field, code, "one of ids and filter is required"))
        sets = isinstance(self.changes, LeadPatch) and self.changes != LeadPatch()
        if self.action is BulkAction.UPDATE and not sets:
            found.append(FieldError.of("set", FieldCode.REQUIRED, "must have at least one field"))
        if isinstance(self.changes, LeadPatch):
            source = self.changes.lead_source, self.changes.custom_lead_source
            problems = unnamed("leadSource", source[0], "customLeadSource", source[1])
            found += [problem.within("set.") for problem in problems]
        if self.action is BulkAction.DELETE and isinstance(self.changes, LeadPatch):
            found.append(FieldError.of("set", FieldCode.NOT_ALLOWED, "is for updates only"))
        return found


class ChangeSet(Answer):
    """An act on many leads, and whether it can be undone. Of one that is pending, `leadCount` is how many leads it
    means and `doneCount` how many of them the worker has been through; it shows in the leads once all of it is done.
    """

    id: UUID
    kind: ChangeSetKind
    state: ChangeSetState
    created_at: Instant
    actor: Actor
    description: str
    lead_count: int
    done_count: int
    failure: str | None
    undoes: UUID | None
    undone_by: UUID | None
    is_undoable: bool


class LeftAlone(StrEnum):
    """Why an undo left something unchanged: it was edited since, the lead was deleted or restored since, or the lead
    would be without a phone number and an e-mail address, or its source `other` without a name.
    """

    EDITED_SINCE = "edited_since"
    DELETED_SINCE = "deleted_since"
    RESTORED_SINCE = "restored_since"
    WOULD_BE_INVALID = "would_be_invalid"


class LeftAloneItem(Answer):
    """A field of a lead that undoing left alone, by its name on the wire; null stands for the whole lead."""

    lead_id: UUID
    field: str | None
    reason: LeftAlone


class LeftAloneItems(Answer):
    """How much undoing left alone, and the first hundred of it."""

    total: int
    items: list[LeftAloneItem]


class ChangeSetDetail(ChangeSet):
    """A change set with its events by kind and, of one that undoes another, what it left alone."""

    events: dict[EventKind, int]
    left_alone: LeftAloneItems


class ChangeSetMeta(Answer):
    """Where the next, older change sets begin; null at the end."""

    next_cursor: UUID | None


class ChangeSets(Answer):
    """A part of the account's change sets, newest first."""

    data: list[ChangeSet]
    meta: ChangeSetMeta


class MissingLeads(Answer):
    """Ids for which there is no lead, or a deleted one: how many, and the first hundred of them."""

    total: int
    ids: list[UUID]


class BulkResult(Answer):
    """How many leads are meant, and in how many something was changed; the change set is null until it is confirmed."""

    message: str
    matched: int
    changed: int
    not_found: MissingLeads
    change_set: ChangeSet | None


class Undone(msgspec.Struct):
    """What undoing did, and what it left alone: the first of it, and how much it was."""

    lead_count: int = 0
    left_alone: list[LeftAloneItem] = msgspec.field(default_factory=list)
    left_alone_count: int = 0


class PastEvent(msgspec.Struct, frozen=True):
    """An event as undoing reads it: whether it is of the change set that is undone, and what it did."""

    lead_id: UUID
    is_own: bool
    kind: str
    source: str
    field: str | None
    old_value: str | None
    new_value: str | None
    old_since: datetime | None


class ChangeSetRow(msgspec.Struct, frozen=True):
    """A row of `changes.queries.CHANGE_SETS`. `undoes_kind` is what the set that it undoes did."""

    id: UUID
    kind: str
    state: str
    created_at: datetime
    actor_id: UUID
    actor_name: str
    description: str
    lead_count: int
    done_count: int
    failure: str | None
    undoes: UUID | None
    undone_by: UUID | None
    undoes_kind: str | None


class PendingAct(msgspec.Struct, frozen=True):
    """A row of `changes.queries.PENDING`: what the worker has to do, and for whom."""

    actor_id: UUID
    request: str | None
    undoes: UUID | None


class ChangeSetQuery(Input):
    """The query of the list of change sets: those before `cursor`, the newest first."""

    cursor: UUID | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 50
