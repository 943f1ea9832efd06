"""The history of a lead as nouns: the act that changes leads, the events it leaves, and how they are asked for."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from leadconnect.identifiers import new_id
from leadconnect.leads.catalogue import NAME_OF
from leadconnect.wire import Answer, Input, Instant, instant


class Source(StrEnum):
    """By what way leads were changed."""

    API = "api"
    IMPORT = "import"
    BULK = "bulk"
    SYSTEM = "system"
    MERGE = "merge"
    UNDO = "undo"


class EventKind(StrEnum):
    """What an event tells. `CHANGED` is of one field; the others are of the whole lead. `MERGED` and `UNMERGED` stand
    with each of the leads; the new value of the one, and the old value of the other, is the id of the other lead.
    """

    CREATED = "created"
    CHANGED = "changed"
    DELETED = "deleted"
    RESTORED = "restored"
    MERGED = "merged"
    UNMERGED = "unmerged"


class Act(msgspec.Struct, frozen=True):
    """One request or import that changes leads: who is at it, by what way, and the change set that all of it makes."""

    actor_id: UUID
    source: Source = Source.API
    change_set_id: UUID = msgspec.field(default_factory=new_id)


class FieldChange(msgspec.Struct, frozen=True):
    """A change of one field of one lead, with its values as events keep them. `since` is when the lead was won or lost,
    where the new status brings back one that it had; None means now.
    """

    lead_id: UUID
    field: str
    old_value: str | None
    new_value: str | None
    since: datetime | None = None


class Actor(Answer):
    """Who did something; somebody who was deleted meanwhile keeps their name."""

    id: UUID
    full_name: str


class LeadEvent(Answer):
    """One thing that happened to a lead, or to one that was merged into it: `leadId` says to which. `field` is its
    name on the wire; values are text, and null where there is none. All that one request or import did has the same
    `changeSetId`.
    """

    id: UUID
    lead_id: UUID
    kind: EventKind
    happened_at: Instant
    actor: Actor | None
    source: Source
    change_set_id: UUID
    field: str | None
    old_value: str | None
    new_value: str | None


class HistoryMeta(Answer):
    """Where the next, older events begin; null at the end."""

    next_cursor: UUID | None


class LeadHistory(Answer):
    """A part of a lead's history, newest first."""

    data: list[LeadEvent]
    meta: HistoryMeta


class HistoryQuery(Input):
    """The query of a history: events before `cursor`, the newest first."""

    cursor: UUID | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 50


class EventRow(Answer):
    """A row of `history.queries.EVENTS`. Never sent as it is."""

    id: UUID
    lead_id: UUID
    kind: str
    happened_at: datetime
    actor_id: UUID | None
    actor_name: str | None
    source: str
    change_set_id: UUID
    field: str | None
    old_value: str | None
    new_value: str | None


def lead_event(row: EventRow) -> LeadEvent:
    """Return the event in `row` as it is sent."""
    return LeadEvent(
        id=row.id,
        lead_id=row.lead_id,
        kind=EventKind(row.kind),
        happened_at=instant(row.happened_at),
        actor=Actor(row.actor_id, row.actor_name) if row.actor_id and row.actor_name else None,
        source=Source(row.source),
        change_set_id=row.change_set_id,
        field=NAME_OF[row.field] if row.field else None,
        old_value=row.old_value,
        new_value=row.new_value,
    )
