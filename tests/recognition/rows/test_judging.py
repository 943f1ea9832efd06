"""The last word on a row, and the fate of its cells."""

import re
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.exports.columns import COLUMNS
from leadconnect.exports.writing.text import cell
from leadconnect.leads.fields import LeadInput
from leadconnect.recognition import fates
from leadconnect.recognition.models import IGNORED, ColumnPlan, Fate, Fault, Reading
from leadconnect.recognition.rows.cells import visible
from leadconnect.recognition.rows.contacts import LOST_DIGITS
from leadconnect.recognition.rows.row import NOTES_LENGTH
from tests.recognition.rows.reading import Sheet, one


def judged(header: list[str], row: list[str]) -> LeadInput | list[Fault]:
    sheet = Sheet(header, [row])
    return sheet.reader.judge(sheet.readings()[0])


def test_a_good_row_is_a_lead() -> None:
    lead = judged(["Name", "Phone"], ["Asha", "98765 43210"])
    assert isinstance(lead, LeadInput)
    assert (lead.name, lead.phone_number, lead.email) == ("Asha", "98765 43210", None)


@pytest.mark.parametrize(
    ("header", "value", "code", "message", "notes"),
    [
        ("Firm", "x" * 101, "too_long", "Firm must be at most 100 characters long; it was kept in the notes",
         f"Firm: {'x' * 101}"),
        ("Town", "a\x01b", "control_characters", "Town has control characters, which were left out", None),
        ("Remarks", "a\x07b", "control_characters", "Remarks has control characters, which were left out", "a b"),
        ("Channel", "y" * 300, "too_long", "Channel must be at most 255 characters long; it was kept in the notes",
         f"Channel: {'y' * 300}"),
    ],
)  # fmt: skip
def test_what_a_lead_does_not_take_of_an_optional_cell_goes_to_the_notes(
    header: str, value: str, code: str, message: str, notes: str | None
) -> None:
    sheet = Sheet(["Name", "Phone", header], [["Asha", "98765 43210", value]])
    reading = sheet.readings()[0]
    lead = sheet.reader.judge(reading)
    assert isinstance(lead, LeadInput)
    assert (lead.name, lead.additional_notes) == ("Asha", notes)
    assert [(one.code, one.column, one.message) for one in reading.remarks if one.code == code] == [
        (code, header, message)
    ]
    found = fates(sheet.records[0], sheet.mapping, reading)
    assert found[2] is (Fate.NOTES if code == "too_long" else Fate.FIELD)


def test_a_name_that_is_too_long_is_shortened_and_kept_whole_in_the_notes() -> None:
    lead = judged(["Name", "Phone"], ["n" * 300, "98765 43210"])
    assert isinstance(lead, LeadInput)
    assert (lead.name, lead.additional_notes) == ("n" * 255, f"Name: {'n' * 300}")


def test_a_name_without_a_letter_is_none() -> None:
    lead = judged(["Name", "Email"], ["...", "asha.rao@example.com"])
    assert isinstance(lead, LeadInput)
    assert (lead.name, lead.additional_notes) == ("asha.rao@example.com", "...")


def test_a_phone_that_is_too_long_goes_to_the_notes_and_is_no_contact() -> None:
    sheet = Sheet(["Name", "Phone"], [["Asha", "x" * 60]])
    faults = sheet.reader.judge(sheet.readings()[0])
    assert isinstance(faults, list)
    assert [fault.code for fault in faults] == ["no_contact"]


def test_faults_do_not_repeat_each_other() -> None:
    faults = judged(["Name", "Phone", "Firm"], ["Asha", "9.19877E+11", "x" * 101])
    assert isinstance(faults, list)
    assert [fault.code for fault in faults] == ["lost_digits"]


def test_a_row_that_a_lead_does_not_take_is_rejected_with_all_its_cells() -> None:
    sheet = Sheet(["Name", "Phone", "Firm", "City"], [["Asha", "", "Example", ""]])
    reading = sheet.readings()[0]
    sheet.reader.judge(reading)
    assert fates(sheet.records[0], sheet.mapping, reading) == {0: Fate.REJECTED, 2: Fate.REJECTED}


def test_each_cell_has_a_fate() -> None:
    header = ["S. No.", "Name", "Phone", "Shoe size", "Status", "City", "Email", "Notes"]
    sheet = Sheet(header, [["1", "Asha", "98765 43210 / 91234 56789", "38", "Negotiation", "#N/A", "", "n"]])
    found = fates(sheet.records[0], sheet.mapping, sheet.readings()[0])
    assert found == {
        0: Fate.IGNORED, 1: Fate.FIELD, 2: Fate.NOTES, 3: Fate.NOTES, 4: Fate.NOTES, 5: Fate.BLANK, 7: Fate.FIELD,
    }  # fmt: skip


def test_the_cells_of_a_row_that_is_no_lead_are_skipped() -> None:
    sheet = Sheet(["Name", "Phone"], [["Name", "Phone"]])
    assert set(fates(sheet.records[0], sheet.mapping, sheet.readings()[0]).values()) == {Fate.SKIPPED}


def test_what_does_not_fit_into_the_notes_is_told() -> None:
    header = ["Name", "Phone", "Notes", "Shoe size", "Hat size"]
    sheet = Sheet(header, [["Asha", "98765 43210", "n" * NOTES_LENGTH, "38", "7"]])
    found = fates(sheet.records[0], sheet.mapping, sheet.readings()[0])
    assert [found[at] for at in (2, 3, 4)] == [Fate.FIELD, Fate.CUT, Fate.CUT]


HEADERS = st.sampled_from([
    "Name", "First Name", "Last Name", "Salutation", "Phone", "Mobile", "Email", "Email 2", "DOB", "Status", "Source",
    "Custom Lead Source", "Category", "Channel", "Notes", "Remarks", "Shoe size", "", "🚀", "Country", "Company",
    "City",
    "Record ID", "S. No.", "Email Opt Out", "is_test", "Custom Sector", "ID", "Created At", "Updated At",
    "Lead Created By",
])  # fmt: skip
PIECES = st.sampled_from([
    "9876543210", "+91 98765 43210", "a@example.com", "b@example.com", "@", " / ", "; ", " ", "\n", "26/07/2024", "new",
    "Trade fair", "other", "Google Ads", "won", "=", "'", '"', "-", "#N/A", "p:", "<", ">", "Asha", "Rao", "India", "1",
    "9E+9", "0091", "x12", "null", "\u200f", "नाम", "1/2", "<test lead: dummy data for x>", "\x00", "\u00a0", "ext",
])  # fmt: skip
CELLS = st.text(max_size=20) | st.lists(PIECES, max_size=5).map("".join)
WORD = re.compile(r"[^\W_]+")


def words_of(texts: Any) -> str:
    return " ".join(WORD.findall(visible(" ".join(texts)))).casefold()


RESPELLED = {
    "phoneNumber", "email", "dateOfBirth", "lastContactedDate", "nextFollowupDate", "customerCategory", "leadStatus",
    "leadSource", "preferredCommunicationChannel", "externalId",
}  # fmt: skip
"""Targets whose cells are written otherwise in a lead."""
WITHOUT_ORIGIN = {
    "additionalNotes", "phoneNumber", "customerCategory", "leadStatus", "leadSource", "customLeadSource",
}  # fmt: skip
"""What a lead may have that none of its cells says: defaults, and what was kept."""


@given(
    st.booleans(),
    st.lists(HEADERS | st.text(max_size=10), min_size=1, max_size=9),
    st.lists(st.lists(CELLS, max_size=10), min_size=1, max_size=3),
    st.sampled_from(["csv", "xlsx", "json"]),
    st.sampled_from([None, "IN", "DE"]),
)
def test_any_row_is_a_lead_or_says_why_not_and_every_cell_has_a_fate(
    has_more: bool, header: list[str], rows: list[list[str]], form: str, region: str | None
) -> None:
    if has_more:
        header, rows = ["Full Name", "Tel", *header], [["Asha Rao", "9876543210", *row] for row in rows]
    sheet = Sheet(header, rows, region=region, form=form)
    for record, reading in zip(sheet.records, sheet.readings(), strict=True):
        outcome = None if reading.skip else sheet.reader.judge(reading)
        assert reading.skip or isinstance(outcome, LeadInput) or reading.faults
        found = fates(record, sheet.mapping, reading)
        assert set(found) == {at for at, cell in enumerate(record.cells) if cell and not cell.isspace()}
        if isinstance(outcome, LeadInput):
            assert reading.values.keys() - reading.origins.keys() <= WITHOUT_ORIGIN
            for at, fate in found.items():
                check_fate(record.cells[at], fate, sheet.mapping.columns[at], reading)


def check_fate(cell: str, fate: Fate, plan: ColumnPlan, reading: Reading) -> None:
    """Fail where a cell of a lead is not where its fate says."""
    words = words_of([cell])
    if fate is Fate.IGNORED:
        assert plan.target == IGNORED
    elif fate is Fate.NOTES:
        kept = words_of(reading.values.values())
        is_there = all(word.removeprefix("00") in kept for word in words.split())  # a plus may stand for 00
        assert is_there or words in words_of([reading.values["additionalNotes"]])
    elif fate is Fate.FIELD and plan.target not in RESPELLED:
        assert words in words_of(reading.values.values())


LEADS: dict[str, Any] = {
    "name": st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(
        lambda text: any(map(str.isalnum, text))
    ),
    "customer_category": st.sampled_from(["existing", "potential"]),
    "lead_status": st.sampled_from(["new", "followup", "qualified", "hot", "converted", "lost"]),
    "lead_source": st.sampled_from(["website", "generated_by", "on_field", "other"]),
    "date_of_birth": st.dates(),
    "last_contacted_date": st.dates(),
    "next_followup_date": st.dates(),
}
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30) | st.text(
    st.sampled_from("'\"=+-@ \t\r\n,;＝a1"), min_size=1, max_size=8
)
STORED = TEXT.filter(lambda text: not text.isspace())


NAMES = [column.name for column in COLUMNS]


@given(st.fixed_dictionaries({column: LEADS.get(column, STORED) for column in NAMES[1:27]}))
def test_any_lead_comes_back_from_our_own_export(lead: dict[str, Any]) -> None:
    if LOST_DIGITS.fullmatch(lead["phone_number"]):
        return
    record = {"id": UUID(int=1), **lead, "created_at": None, "updated_at": None}
    cells = [cell(record[column]) for column in NAMES]
    reading = Sheet([column.title for column in COLUMNS], [cells]).readings()[0]
    expected = {camel(column): str(value) for column, value in lead.items()}
    assert (reading.values, reading.external_id) == (expected, str(UUID(int=1)))


def test_our_own_export_may_have_been_through_a_spreadsheet() -> None:
    lead = dict.fromkeys(NAMES) | {"id": UUID(int=1), "name": "Asha", "phone_number": "12345"}
    cells = [cell((lead | {"next_followup_date": date(2026, 7, 26)})[column]) for column in NAMES]
    spoilt = [item.replace("2026-07-26", "26/07/2026") for item in cells]
    assert (
        Sheet([column.title for column in COLUMNS], [spoilt]).readings()[0].values["nextFollowupDate"] == "2026-07-26"
    )


def camel(column: str) -> str:
    head, *rest = column.split("_")
    return head + "".join(part.title() for part in rest)


def test_a_reading_knows_where_its_fields_come_from() -> None:
    assert one(City="Pune").origins == {"name": 0, "phoneNumber": 1, "city": 2}
