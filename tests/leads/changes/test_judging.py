"""What can be undone is judged by what happened since, field by field."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from leadconnect.identifiers import new_id
from leadconnect.leads.changes.judging import Verdict, judge
from leadconnect.leads.changes.models import PastEvent
from leadconnect.leads.history.models import FieldChange

LEAD = new_id()
WON = datetime(2031, 3, 4, tzinfo=UTC)
Event = tuple[str, str] | tuple[str, str, str | None, str | None]
"""Whose it is (``own``, or another one's source), and its kind or else the field with the old and the new value."""


def past(event: Event, lead_id: UUID = LEAD) -> PastEvent:
    whose, what, *values = event
    old, new = values or (None, None)
    kind, field = ("changed", what) if values else (what, None)
    since = WON if old == "converted" else None
    return PastEvent(lead_id, whose == "own", kind, "bulk" if whose == "own" else whose, field, old, new, since)


def verdict(*events: Event, is_deleted: bool = False) -> Verdict:
    return judge([past(event) for event in events], {LEAD: is_deleted})


def left(found: Verdict) -> list[tuple[str | None, str]]:
    assert all(item.lead_id == LEAD for item in found.left_alone)
    return [(item.field, item.reason.value) for item in found.left_alone]


def test_a_change_is_taken_back_with_the_instant_that_the_former_status_had() -> None:
    found = verdict(("own", "lead_status", "converted", "lost"), ("own", "city", "Ulm", None))
    assert found.changes == [
        FieldChange(LEAD, "lead_status", "lost", "converted", WON),
        FieldChange(LEAD, "city", None, "Ulm"),
    ]
    assert (found.deleted, found.restored, left(found), found.lead_count) == ([], [], [], 1)


def test_of_several_changes_of_a_field_the_first_old_value_comes_back() -> None:
    found = verdict(("own", "city", "Ulm", "Pune"), ("own", "city", "Pune", "Köln"))
    assert found.changes == [FieldChange(LEAD, "city", "Köln", "Ulm")]
    assert verdict(("own", "city", "Ulm", "Pune"), ("own", "city", "Pune", "Ulm")) == Verdict()


def test_a_field_that_was_edited_since_is_left_alone_and_the_others_are_not() -> None:
    found = verdict(("own", "city", "Ulm", "Pune"), ("own", "state", "A", "B"), ("api", "city", "Pune", "Köln"))
    assert [change.field for change in found.changes] == ["state"]
    assert left(found) == [("city", "edited_since")]


def test_a_field_that_somebody_set_to_the_same_again_is_left_alone() -> None:
    found = verdict(("own", "city", "A", "B"), ("api", "city", "B", "C"), ("api", "city", "C", "B"))
    assert (found.changes, left(found)) == ([], [("city", "edited_since")])


def test_a_field_that_another_undo_put_back_counts_as_untouched() -> None:
    put_back = (("own", "city", "A", "B"), ("bulk", "city", "B", "C"), ("undo", "city", "C", "B"))
    assert [change.new_value for change in verdict(*put_back).changes] == ["A"]
    assert left(verdict(*put_back[:2], ("undo", "city", "C", "D"))) == [("city", "edited_since")]


def test_what_was_before_the_act_does_not_count() -> None:
    found = verdict(("api", "city", "X", "A"), ("own", "city", "A", "B"))
    assert [change.new_value for change in found.changes] == ["A"]


def test_the_names_of_fields_are_those_of_the_wire() -> None:
    found = verdict(
        ("own", "next_followup_date", None, "2031-03-04"), ("api", "next_followup_date", "2031-03-04", None)
    )
    assert left(found) == [("nextFollowupDate", "edited_since")]


@pytest.mark.parametrize("kind", ["created", "restored"])
def test_a_lead_that_came_goes_unless_anything_was_done_with_it(kind: str) -> None:
    assert verdict(("own", kind)).deleted == [LEAD]
    assert verdict(("own", kind), ("own", "city", "A", "B")).deleted == [LEAD]
    assert left(verdict(("own", kind), ("api", "city", "A", "B"))) == [("city", "edited_since")]
    assert left(verdict(("own", kind), ("api", "deleted"), ("api", "restored"))) == [(None, "edited_since")]
    assert left(verdict(("own", kind), ("merge", "merged"))) == [(None, "edited_since")]
    assert verdict(("own", kind), ("bulk", "city", "A", "B"), ("undo", "city", "B", "A")).deleted == [LEAD]
    assert left(verdict(("own", kind), ("api", "deleted"), is_deleted=True)) == [(None, "deleted_since")]


def test_a_lead_that_went_comes_back_unless_others_had_it() -> None:
    assert verdict(("own", "deleted"), is_deleted=True).restored == [LEAD]
    assert left(verdict(("own", "deleted"), ("api", "restored"))) == [(None, "restored_since")]
    again = (("own", "deleted"), ("api", "restored"), ("api", "deleted"))
    assert left(verdict(*again, is_deleted=True)) == [(None, "deleted_since")]
    found = verdict(("own", "city", "A", "B"), ("own", "deleted"), is_deleted=True)
    assert (found.restored, [change.new_value for change in found.changes], found.lead_count) == ([LEAD], ["A"], 1)


def test_a_field_of_a_lead_that_was_deleted_since_is_left_alone() -> None:
    found = verdict(("own", "city", "A", "B"), ("api", "deleted"), is_deleted=True)
    assert (found.changes, left(found)) == ([], [("city", "deleted_since")])


def test_leads_are_judged_apart() -> None:
    other = new_id()
    events = [past(("own", "created")), past(("api", "city", "A", "B"), other), past(("own", "created"), other)]
    assert judge(events, {LEAD: False, other: False}).deleted == [LEAD, other]
