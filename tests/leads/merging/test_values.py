"""Whose values a merged lead has. Pure."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from leadconnect.errors import ValidationFailed
from leadconnect.leads.catalogue import BELONGS_TO, COLUMN_OF
from leadconnect.leads.fields import DATES, FIELDS
from leadconnect.leads.merging.values import NOTES, check_order, merged_changes, restored_changes

A, B, C = (UUID(int=number) for number in (1, 2, 3))
Row = dict[str, Any]


def row(lead_id: UUID, **values: Any) -> Row:
    blank = dict.fromkeys(FIELDS)
    required = {
        "name": "Asha Rao",
        "phone_number": "",
        "customer_category": "potential",
        "lead_source": "website",
        "lead_status": "new",
    }
    return {"id": lead_id, **blank, **required, **values}


def test_blanks_are_filled_from_the_first_that_has_something() -> None:
    survivor = row(A, city="Pune", email=None)
    others = [row(B, city="Ulm", phone_number="1234567"), row(C, email="asha@example.com", phone_number="7654321")]
    assert merged_changes(survivor, others, {}) == {"phone_number": "1234567", "email": "asha@example.com"}


def test_what_is_taken_wins_even_where_it_is_blank() -> None:
    survivor = row(A, city="Pune", state="Maharashtra")
    other = row(B, city="Ulm", lead_status="hot")
    take = {"city": B, "state": B, "leadStatus": B, "name": A}
    assert merged_changes(survivor, [other], take) == {"city": "Ulm", "state": None, "lead_status": "hot"}


def test_notes_are_joined_and_each_stands_there_once() -> None:
    survivor = row(A, additional_notes="Not paid")
    others = [row(B, additional_notes="Paid"), row(C, additional_notes="Not paid")]
    assert merged_changes(survivor, others, {}) == {NOTES: "Not paid\n\nPaid"}
    assert merged_changes(survivor, others, {"additionalNotes": B}) == {NOTES: "Paid"}


def test_notes_that_would_be_too_long_are_refused_and_nothing_is_cut() -> None:
    survivor, other = row(A, additional_notes="a" * 2_500), row(B, additional_notes="b" * 2_499)
    with pytest.raises(ValidationFailed, match="additionalNotes would have 5001 characters"):
        merged_changes(survivor, [other], {})
    assert len(merged_changes(survivor, [other], {"additionalNotes": B})[NOTES]) == 2_499


def test_what_says_more_about_a_source_stays_with_that_source() -> None:
    survivor = row(A, lead_source="website")
    fair = row(B, lead_source="other", custom_lead_source="Hannover fair")
    assert merged_changes(survivor, [fair], {}) == {}
    assert merged_changes(survivor, [fair], {"leadSource": B}) == {
        "lead_source": "other",
        "custom_lead_source": "Hannover fair",
    }
    with pytest.raises(ValidationFailed, match="customLeadSource"):
        merged_changes(survivor, [fair], {"leadSource": B, "customLeadSource": A})


def test_a_sector_that_fills_a_blank_comes_with_what_says_more_about_it() -> None:
    survivor = row(A, custom_sector=None)
    others = [row(B, sector="Textiles"), row(C, sector="Textiles", custom_sector="Silk")]
    assert merged_changes(survivor, others, {}) == {"sector": "Textiles", "custom_sector": "Silk"}
    assert merged_changes(row(A, sector="Food"), others, {}) == {}


def test_a_lead_is_not_merged_into_itself_and_nothing_is_taken_from_a_stranger() -> None:
    with pytest.raises(ValidationFailed) as refused:
        check_order(A, [A, B], {"city": C})
    assert refused.value.message == [
        "take.city must be one of the leads that are merged",
        "leadIds must not have the lead that the others are merged into",
    ]
    check_order(A, [B, C], {"city": C, "state": A})


TEXTS = st.sampled_from([None, "x", "y", "z"])
NEEDED = {
    "name": st.sampled_from(["Asha", "Asha Rao"]),
    "phone_number": st.sampled_from(["", "1234567"]),
    "customer_category": st.sampled_from(["potential", "existing"]),
    "lead_source": st.sampled_from(["website", "referral"]),
    "lead_status": st.sampled_from(["new", "converted"]),
}
DAYS = st.sampled_from([None, date(2026, 3, 4), date(2031, 3, 4)])
VALUES = st.fixed_dictionaries({field: DAYS if field in DATES else NEEDED.get(field, TEXTS) for field in FIELDS})
TAKES = st.dictionaries(st.sampled_from(sorted(COLUMN_OF)), st.sampled_from([A, B, C]))


def merged(survivor: Row, others: list[Row], take: dict[str, UUID]) -> dict[str, Any]:
    """Return the changes of a merge that is let through: one that takes the last contact away is not."""
    try:
        return merged_changes(survivor, others, take)
    except ValidationFailed:
        reject()


@given(VALUES, VALUES, VALUES, TAKES)
def test_every_value_is_one_of_the_leads_and_no_blank_is_left_that_could_be_filled(
    first: Row, second: Row, third: Row, take: dict[str, UUID]
) -> None:
    rows = {lead_id: {"id": lead_id, **values} for lead_id, values in ((A, first), (B, second), (C, third))}
    after = rows[A] | merged(rows[A], [rows[B], rows[C]], take)
    for name, field in COLUMN_OF.items():
        values = [each[field] for each in rows.values()]
        if name in take:
            assert after[field] == rows[take[name]][field]
        elif field != NOTES:
            assert after[field] in (*values, None)
            if field not in BELONGS_TO:
                assert after[field] not in (None, "") or all(value in (None, "") for value in values)
                assert after[field] == rows[A][field] or rows[A][field] in (None, "")


@given(VALUES, VALUES, TAKES)
def test_what_a_merge_changed_is_taken_back_exactly(first: Row, second: Row, take: dict[str, UUID]) -> None:
    before, other = {"id": A, **first}, {"id": B, **second}
    taken = {name: lead_id for name, lead_id in take.items() if lead_id != C}
    changes = merged(before, [other], taken)
    after = before | changes
    events = [
        {"field": field, "old_value": _text(before[field]), "new_value": _text(after[field])} for field in changes
    ]
    back, left = restored_changes(after, events)
    assert (after | back, left) == (before, [])


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def test_what_was_changed_since_is_left_alone() -> None:
    events = [
        {"field": "city", "old_value": None, "new_value": "Ulm"},
        {"field": "next_followup_date", "old_value": None, "new_value": "2031-03-04"},
    ]
    now = row(A, city="Pune", next_followup_date=date(2031, 3, 4))
    assert restored_changes(now, events) == ({"next_followup_date": None}, ["city"])


def test_a_source_is_left_alone_where_it_would_have_no_name() -> None:
    events: list[Row] = [
        {"field": "lead_source", "old_value": "other", "new_value": "website"},
        {"field": "custom_lead_source", "old_value": "Hannover fair", "new_value": None},
    ]
    now = row(A, lead_source="website", custom_lead_source="Shop window")
    assert restored_changes(now, events) == ({"lead_source": "other"}, ["custom_lead_source"])
    events[1] |= {"new_value": "x"}
    now = row(A, lead_source="website", custom_lead_source=None)
    assert restored_changes(now, events) == ({}, ["custom_lead_source", "lead_source"])
