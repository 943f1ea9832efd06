"""Whether a row is a lead that is there, and what it would do to it. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from leadconnect.imports.models import Verdict
from leadconnect.imports.options import MatchKey, OnMatch, Options, Policy
from leadconnect.imports.repeats.grouping import SAME
from leadconnect.leads.catalogue import NAME_OF
from leadconnect.leads.duplicates.lookup import Comparison
from leadconnect.leads.duplicates.scoring import Reason
from leadconnect.leads.fields import FIELDS, LeadInput, stored
from leadconnect.recognition.models import EXTERNAL_ID
from leadconnect.recognition.models import Mapping as FileMapping
from leadconnect.recognition.rows.defaults import defaults_of, fill
from leadconnect.recognition.rows.standing_in import is_stand_in
from leadconnect.wire import convert

REASONS = {MatchKey.PHONE: Reason.SAME_PHONE, MatchKey.EMAIL: Reason.SAME_MAILBOX}
MOST_CANDIDATES = 5
AMBIGUOUS = "several_leads"
NO_MATCH = "no_match"
EXISTS = "exists_already"
UNCHANGED = "nothing_new"
GONE = "lead_gone"
SAME_LEAD = "same_lead"


class Found(msgspec.Struct, frozen=True):
    """The lead that a row is found to be, if it is one alone; else all that it may be. `code` says by what."""

    lead_id: UUID | None
    code: str
    candidates: tuple[UUID, ...]


def find(known_id: UUID | None, comparison: Comparison | None, keys: Iterable[MatchKey]) -> Found | None:
    """Return which lead a row is: the one that its system knows by its id, else the likeliest duplicate. Of several
    that are equally likely it is the one that shares the earlier of `keys`. None where no lead is a duplicate.
    """
    if known_id is not None:
        return Found(known_id, SAME[MatchKey.EXTERNAL_ID], (known_id,))
    if comparison is None or not comparison.duplicates:
        return None
    best = comparison.duplicates[0][1].score
    equal = [(lead_id, how) for lead_id, how in comparison.duplicates if how.score == best]
    for key in (key for key in keys if key in REASONS):
        sharing = [(lead_id, how) for lead_id, how in equal if any(each.reason is REASONS[key] for each in how.reasons)]
        if len(sharing) == 1:
            return Found(sharing[0][0], SAME[key], (sharing[0][0],))
        equal = sharing or equal
    return Found(None, AMBIGUOUS, tuple(lead_id for lead_id, _ in equal[:MOST_CANDIDATES]))


def differences(
    given: Mapping[str, str], lead: Mapping[str, Any] | Record, on_match: OnMatch
) -> list[tuple[str, str | None, str]]:
    """Return what a row would change in a stored lead: columns with the old and the new value, as events keep them.
    `given` has what the row itself says, by names on the wire; what it leaves blank takes nothing away.
    """
    found = []
    stands_in = is_stand_in(given)
    for field in FIELDS:
        if stands_in and field == "name" and lead["name"]:
            continue  # an address in place of a name is no reason to change one
        new = stored(field, given[NAME_OF[field]]) if NAME_OF[field] in given else None
        old = lead[field]
        if new in (None, "") or new == old or (on_match is OnMatch.FILL_BLANKS and old not in (None, "")):
            continue
        found.append((field, None if old is None else str(old), str(new)))
    return found


def verdict_on_match(options: Options, found: Found, has_differences: bool) -> tuple[Verdict, str]:
    """Return what becomes of a row that is found to be a lead."""
    if options.policy is Policy.CREATE or found.lead_id is None:
        return Verdict.DUPLICATE, found.code
    if options.on_match is OnMatch.SKIP:
        return Verdict.SKIP, EXISTS
    return (Verdict.UPDATE, found.code) if has_differences else (Verdict.SKIP, UNCHANGED)


def lead_of(values: Mapping[str, str], mapping: FileMapping) -> LeadInput:
    """Return the lead that a row becomes which was judged to be right, and so is not judged again.

    Raises:
        ValidationFailed: a release since then takes other values.
    """
    whole = dict(values)
    fill(whole, defaults_of(mapping))
    try:
        return msgspec.convert(whole, LeadInput)
    except msgspec.ValidationError:
        return convert(whole, LeadInput)  # which says what is wrong


def keys_of(options: Options, mapping: FileMapping) -> tuple[MatchKey, ...]:
    """Return by what rows of such a file can be found: not by ids where no column has any."""
    has_ids = any(column.target == EXTERNAL_ID for column in mapping.columns)
    return tuple(key for key in options.match_on if has_ids or key is not MatchKey.EXTERNAL_ID)


def system_of(mapping: FileMapping) -> str:
    """Return the name under which the ids of such a file are kept apart from those of others. A system that nobody
    recognises is known by the header of its files.
    """
    return mapping.system or f"file:{mapping.fingerprint[:32]}"
