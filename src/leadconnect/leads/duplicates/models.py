"""Duplicates as nouns: candidates with their scores, groups of them, and how they are asked for."""

import re
from typing import Annotated, NamedTuple
from uuid import UUID

from msgspec import Meta

from leadconnect.errors import FieldCode
from leadconnect.leads.duplicates.scoring import THRESHOLD, Evidence
from leadconnect.leads.models import Lead
from leadconnect.wire import Answer, Input, Refusal, text

KINDS = ("phone", "email")
"""The keys that leads share, in the order in which the sweep goes through them."""


class Place(NamedTuple):
    """Up to where a sweep has come: a kind of key, and the last key of it that was looked at; "" is before all."""

    kind: str
    key: str


CURSOR = re.compile(r"([01]([0-9a-f]{2})*)?")
"""A kind and a key in hex; an empty one counts as absent."""


def _cursor(value: str) -> Refusal | None:
    return None if CURSOR.fullmatch(value) else Refusal(FieldCode.FORMAT, "must be the nextCursor of an answer")


Cursor = Annotated[str, text(4_000, check=_cursor, pattern=f"^{CURSOR.pattern}$")]
Score = Annotated[int, Meta(ge=0, le=100)]


class Candidate(Answer):
    """A lead that may be the same person as another one: how likely, from 0 to 100, and why."""

    lead: Lead
    score: int
    reasons: list[Evidence]


class Duplicate(Answer):
    """A lead that a new lead is a duplicate of: how likely, from 0 to 100, and why."""

    id: UUID
    score: int
    reasons: list[Evidence]


class AddedLead(Lead):
    """A lead that was just added, with the leads that it is a duplicate of, the likeliest first. There are none for
    callers who may not view leads.
    """

    duplicates: list[Duplicate]


class Candidates(Answer):
    """The leads that may be the same person as one, the likeliest first."""

    data: list[Candidate]


class CandidatesQuery(Input):
    """The query for the duplicates of one lead. Leads that score less are left out; those that are duplicates score
    `THRESHOLD` or more.
    """

    min_score: Score = THRESHOLD


class Group(Answer):
    """Leads that may be one person: the one that was added first, and those that are compared with it."""

    lead: Lead
    duplicates: list[Candidate]


class SweepMeta(Answer):
    """Where the next part begins; null at the end."""

    next_cursor: str | None


class Sweep(Answer):
    """A part of the duplicates of an account. It can be shorter than was asked for and not be the last."""

    data: list[Group]
    meta: SweepMeta


class SweepQuery(CandidatesQuery):
    """The query of the sweep: how many shared numbers and mailboxes are looked at, from `cursor` on."""

    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=50)] = 20


START = Place(KINDS[0], "")


def write_cursor(place: Place) -> str:
    """Return `place` as text that goes into an address as it is: the number of its kind and its key in hex."""
    return f"{KINDS.index(place.kind)}{place.key.encode().hex()}"


def read_cursor(text: str | None) -> Place:
    """Return the place that `write_cursor` wrote, or one near what a cursor of somebody else's says; without one, the
    start.
    """
    if not text:
        return START
    key = bytes.fromhex(text[1:]).decode("utf-8", "replace").replace("\0", "")
    return Place(KINDS[int(text[0])], key)
