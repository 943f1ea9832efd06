"""Whose values a merged lead has, and which ones it gets back. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from asyncpg import Record

from leadconnect.errors import FieldCode, FieldError, ValidationFailed
from leadconnect.leads.catalogue import BELONGS_TO, COLUMN_OF
from leadconnect.leads.fields import DATES, FIELDS, check_change
from leadconnect.leads.models import LeadSource

NOTES = "additional_notes"
LONGEST_NOTES = 5_000
BETWEEN_NOTES = "\n\n"
Row = Mapping[str, Any] | Record


def check_order(survivor_id: UUID, other_ids: Sequence[UUID], take: Mapping[str, UUID]) -> None:
    """Compare the ids of what is asked for with each other.

    Raises:
        ValidationFailed: a lead is to be merged into itself, or what is taken is of none of these leads.
    """
    faults = [
        FieldError.of(f"take.{name}", FieldCode.NOT_MERGED, "must be one of the leads that are merged")
        for name, lead_id in take.items()
        if lead_id not in (survivor_id, *other_ids)
    ]
    if survivor_id in other_ids:
        requirement = "must not have the lead that the others are merged into"
        faults.append(FieldError.of("leadIds", FieldCode.SAME_LEAD, requirement))
    if faults:
        raise ValidationFailed(faults)


def merged_changes(survivor: Row, others: Sequence[Row], take: Mapping[str, UUID]) -> dict[str, Any]:
    """Return what changes in `survivor`, by column, when `others` are merged into it; `take` names whose value wins, by
    wire name, and is one that `check_order` lets through.

    Raises:
        ValidationFailed: the notes together are too long, or a source `other` would be without a name.
    """
    rows = {row["id"]: row for row in (survivor, *others)}
    winners = {COLUMN_OF[name]: rows[lead_id] for name, lead_id in take.items()}
    after: dict[str, Any] = {}
    for field in (field for field in FIELDS if field not in BELONGS_TO):
        after[field] = _value(field, winners.get(field), [survivor, *others])
    if NOTES not in winners:
        after[NOTES] = joined_notes([row[NOTES] for row in (survivor, *others)])
    for field, head in BELONGS_TO.items():
        first = winners.get(head, survivor)
        alike = [row for row in (first, survivor, *others) if row[head] == after[head]]
        after[field] = _value(field, winners.get(field), alike)
    check_change(survivor, after)
    return {field: value for field, value in after.items() if value != survivor[field]}


def _value(field: str, winner: Row | None, rows: Sequence[Row]) -> Any:
    """Return the value of `winner`, or else of the first of `rows` that has one."""
    if winner is not None:
        return winner[field]
    return next((row[field] for row in rows if row[field] not in (None, "")), rows[0][field])


def joined_notes(notes: Sequence[str | None]) -> str | None:
    """Return the notes one after the other, each once.

    Raises:
        ValidationFailed: together they are longer than a lead's notes may be.
    """
    found: list[str] = []
    for text in notes:
        if text and text.strip() not in BETWEEN_NOTES.join(found).split(BETWEEN_NOTES):
            found.append(text)
    joined = BETWEEN_NOTES.join(found)
    if len(found) > 1 and len(joined) > LONGEST_NOTES:
        requirement = (
            f"would have {len(joined)} characters together, more than {LONGEST_NOTES}: "
            "shorten them, or say in take whose are kept"
        )
        raise ValidationFailed([FieldError.of("additionalNotes", FieldCode.MAX_LENGTH, requirement, LONGEST_NOTES)])
    return joined or None


def restored_changes(now: Row, events: Sequence[Row]) -> tuple[dict[str, Any], list[str]]:
    """Return what changes in a lead, by column, when the `events` of a merge, rows of `field`, `old_value` and
    `new_value`, are taken back; and the columns that are left alone, because they have another value by now.
    """
    changes: dict[str, Any] = {}
    left: list[str] = []
    for event in events:
        field = event["field"]
        value = now[field]
        if (None if value is None else str(value)) == event["new_value"]:
            changes[field] = _stored(field, event["old_value"])
        else:
            left.append(field)
    after = dict(now) | changes
    if after["lead_source"] == LeadSource.OTHER and not after["custom_lead_source"] and "lead_source" in changes:
        del changes["lead_source"]
        left.append("lead_source")
    return changes, left


def _stored(field: str, text: str | None) -> Any:
    return date.fromisoformat(text) if text is not None and field in DATES else text
