"""Duplicates as nouns: candidates with their scores, groups of them, and how they are asked for."""

import base64
import binascii
from typing import Annotated

from msgspec import Meta

from leadconnect.errors import ValidationFailed
from leadconnect.leads.duplicates.scoring import Evidence
from leadconnect.leads.models import Lead
from leadconnect.wire import Answer, Input

KINDS = ("phone", "email")
"""The keys that leads share, in the order in which the sweep goes through them."""

Score = Annotated[int, Meta(ge=0, le=100)]


class Candidate(Answer):
    """A lead that may be the same person as another one: how likely, from 0 to 100, and why."""

    lead: Lead
    score: int
    reasons: list[Evidence]


class Candidates(Answer):
    """The leads that may be the same person as one, the likeliest first."""

    data: list[Candidate]


class CandidatesQuery(Input):
    """The query for the duplicates of one lead. Candidates that score less are left out."""

    min_score: Score = 40


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

    cursor: Annotated[str, Meta(max_length=2_000)] | None = None
    limit: Annotated[int, Meta(ge=1, le=50)] = 20


class Place(Answer):
    """Up to where a sweep has come: a kind of key, and the last key of it that was looked at; "" is before all."""

    kind: str
    key: str


START = Place(KINDS[0], "")


def write_cursor(place: Place) -> str:
    """Return `place` as text that goes into an address as it is."""
    return base64.urlsafe_b64encode(f"{KINDS.index(place.kind)}{place.key}".encode()).decode().rstrip("=")


def read_cursor(text: str | None) -> Place:
    """Return the place that `write_cursor` wrote; without one, the start.

    Raises:
        ValidationFailed: nobody wrote such a cursor.
    """
    if not text:
        return START
    try:
        written = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
        place = Place(KINDS[int(written[:1])], written[1:])
    except (binascii.Error, ValueError, IndexError):
        raise ValidationFailed(["cursor must be the nextCursor of an answer"]) from None
    if "\0" in place.key:
        raise ValidationFailed(["cursor must be the nextCursor of an answer"])
    return place
