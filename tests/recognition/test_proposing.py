"""What the columns of a file are taken for, with the reason and the evidence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.errors import ValidationFailed
from leadconnect.files.reading.records import ERROR, SUGGESTION, Described, FileFormat, Record
from leadconnect.recognition import TARGETS, Survey, propose
from leadconnect.recognition.models import IGNORED, Because, ColumnChoice, ColumnPlan, DateOrder, Mapping
from leadconnect.recognition.values import ValueRules


def surveyed(header: list[str], rows: list[list[str]]) -> tuple[Described, Survey]:
    described = Described(FileFormat.CSV, header, 1, delimiter=",")
    survey = Survey(described)
    for line, cells in enumerate(rows, start=2):
        survey.add(Record(line, cells))
    return described, survey


def proposed(
    header: str,
    *rows: str,
    region: str | None = "IN",
    day_first: bool = True,
    remembered: Mapping | None = None,
    choices: tuple[ColumnChoice, ...] = (),
    values: ValueRules | None = None,
) -> Mapping:
    described, survey = surveyed(header.split(";"), [row.split(";") for row in rows])
    return propose(
        described, survey, region=region, day_first=day_first, remembered=remembered, choices=choices, values=values
    )


def column(cells: list[str], header: str, **options: str | None) -> ColumnPlan:
    """Return the plan of a column of `cells`, beside one of names."""
    region = options.get("region", "IN")
    return proposed(f"Name;{header}", *(f"A;{cell}" for cell in cells), region=region).columns[1]


def targets(mapping: Mapping) -> list[str]:
    return [plan.target for plan in mapping.columns]


def test_a_column_shows_how_many_cells_are_filled_and_what_stands_there() -> None:
    plan = column(["Pune", "", "Agra", "Pune", "#N/A", "Goa", "Ooty"], "City")
    assert (plan.filled_count, plan.samples) == (6, ["Pune", "Agra", "Goa"])
    assert (plan.position, plan.header, plan.target, plan.because) == (1, "City", "city", Because.ALIAS)


def test_samples_are_bounded() -> None:
    assert len(column(["x" * 10_000], "City").samples[0]) < 250


def test_a_column_that_nobody_knows_is_kept_in_the_notes() -> None:
    plan = column(["38"], "Shoe size")
    assert (plan.target, plan.because) == ("notes", Because.UNKNOWN)
    assert plan.reason == "No field of a lead is known for it; its cells are kept in the notes."


def test_technical_columns_of_a_system_are_ignored_and_its_questions_kept() -> None:
    mapping = proposed("id;adset_name;is_organic;form_id;full_name;email;what_is_your_budget?")
    assert targets(mapping) == ["externalId", "notes", "ignored", "ignored", "name", "email", "notes"]
    assert mapping.system == "meta_lead_ads"
    assert mapping.columns[2].reason == "It is of use to Meta lead ads alone; its cells are not imported."


def test_an_opt_out_is_no_consent() -> None:
    plan = column(["1"], "Email Opt Out")
    assert plan.target == "notes"
    assert "never read as consent" in plan.reason


def test_the_numbers_of_the_rows_are_ignored_unless_they_are_none() -> None:
    assert column(["1", "2"], "No.").target == "ignored"
    assert column(["AB-1", "AB-2"], "No.").target == "notes"


def test_an_id_may_not_be_the_number_of_the_row() -> None:
    assert column(["1", "2"], "Lead ID").target == "notes"
    assert column(["10023", "10024"], "Lead ID").target == "externalId"


def test_a_name_beside_the_first_name_alone_is_the_last_name() -> None:
    assert targets(proposed("Nom;Prénom;Téléphone")) == ["lastName", "firstName", "phoneNumber"]
    assert targets(proposed("Nombre;Apellidos;Correo")) == ["firstName", "lastName", "email"]
    assert targets(proposed("Name;First Name;Last Name;Email")) == ["name", "firstName", "lastName", "email"]


def test_a_source_wins_over_a_campaign() -> None:
    assert targets(proposed("Campaign;Name;Source;Email")) == ["notes", "name", "leadSource", "email"]
    assert targets(proposed("Campaign;Name;Email")) == ["leadSource", "name", "email"]


def test_columns_without_a_telling_header_are_known_by_their_cells() -> None:
    mapping = proposed("Name;;x;🚀", "A;a@example.com;+91 98765 43210;2024", "B;b@example.com;+91 98765 43211;z")
    assert targets(mapping) == ["name", "email", "phoneNumber", "notes"]
    assert mapping.columns[1].because is Because.CONTENT
    assert mapping.columns[1].reason == "2 of 2 cells that were looked at are e-mail addresses."


def test_numbers_under_another_header_are_no_phones() -> None:
    rows = ("A;9876543210;9876543210", "B;9876543211;9876543211")
    assert targets(proposed("Name;Phone;Order number", *rows)) == ["name", "phoneNumber", "notes"]
    assert targets(proposed("Name;Email;Order number", *rows))[2] == "notes"


def test_a_contact_may_be_a_number_and_a_title_a_form_of_address() -> None:
    mapping = proposed("Customer;Contact;Title", "A;98765 43210;Mr.", "B;98765 43211;Ms")
    assert targets(mapping) == ["name", "phoneNumber", "namePrefix"]
    assert targets(proposed("Customer;Contact;Title", "A;Bo;CEO", "B;Cy;Ms"))[1:] == ["name", "designation"]


def test_a_column_of_states_may_be_one_of_statuses() -> None:
    assert column(["Ganado", "Nuevo"], "Estado").target == "leadStatus"
    assert column(["Jalisco", "Nuevo León"], "Estado").target == "state"


def test_a_cell_proves_the_order_of_days() -> None:
    plan = column(["03/04/2026", "07/26/2026", "x"], "Next Followup Date")
    assert (plan.date_order, plan.date_order_is_sure) == (DateOrder.MONTH_FIRST, True)
    assert plan.date_order_evidence == "Line 3: in “07/26/2026” the month comes first."


def test_an_impossible_day_proves_nothing() -> None:
    plan = column(["1/31/1990", "2/1/1985", "31/02/1990"], "Birthday")
    assert (plan.date_order, plan.date_order_is_sure) == (DateOrder.MONTH_FIRST, True)


def test_a_proof_far_down_counts() -> None:
    plan = column(["03/04/2026"] * 500 + ["26/07/2026"], "Next Followup Date")
    assert plan.date_order_evidence == "Line 502: in “26/07/2026” the day comes first."


def test_contradicting_days_are_told_with_both_lines() -> None:
    plan = column(["26/07/2026", "07/26/2026", "03/04/2026"], "Next Followup Date")
    assert (plan.date_order, plan.date_order_is_sure) == (DateOrder.DAY_FIRST, False)
    assert plan.date_order_evidence == (
        "Line 2: in “26/07/2026” the day comes first, but line 3: in “07/26/2026” the month does. "
        "Where both are possible the day comes first: as it is usual for your account."
    )


def test_without_a_proof_the_order_is_a_guess_and_says_so() -> None:
    mapping = proposed("Name;DOB", "A;03/04/1990", day_first=False)
    plan = mapping.columns[1]
    assert (plan.date_order, plan.date_order_is_sure) == (DateOrder.MONTH_FIRST, False)
    assert plan.date_order_evidence == (
        "No cell proves the order; that the month comes first is a guess: as it is usual for your account."
    )


def test_another_column_of_the_file_is_a_better_guess_than_the_account() -> None:
    plan = proposed("Name;DOB;Enquiry Date", "A;03/04/1990;07/26/2026").columns[1]
    assert (plan.date_order, plan.date_order_is_sure) == (DateOrder.MONTH_FIRST, False)
    assert "as another column of the file has it" in (plan.date_order_evidence or "")


def test_a_system_that_writes_the_month_first_is_believed_until_a_cell_says_otherwise() -> None:
    header = "Lead Owner;Full Name;Email;Unsubscribed Mode;Last Activity Time"
    assert proposed(header, "S;A;a@example.com;;03/04/2024").columns[4].date_order is DateOrder.MONTH_FIRST
    assert proposed(header, "S;A;a@example.com;;26/04/2024").columns[4].date_order is DateOrder.DAY_FIRST


def test_days_that_can_be_read_in_one_way_only_need_no_guess() -> None:
    plan = column(["2026-07-26", "12 Mar 2024"], "DOB")
    assert plan.date_order_is_sure
    assert plan.date_order_evidence == "No day in it could be read in two ways."


@pytest.mark.parametrize(
    ("cells", "region", "is_region"),
    [
        (["98765 43210", "098765 43211"], "IN", "IN"),
        (["04 50 11 22 33", "06 12 34 56 78"], "IN", "FR"),
        (["04 50 11 22 33", "06 12 34 56 78"], None, "FR"),
        (["0171 1234567", "+49 30 1234567", "030 7654321"], "IN", "DE"),
        (["+49 30 1234567"], "IN", "IN"),
        (["1234567", "1234568"], "IN", "IN"),
        ([], None, None),
    ],
)
def test_numbers_tell_where_they_are_dialled(cells: list[str], region: str | None, is_region: str | None) -> None:
    assert column(cells, "Phone", region=region).region == is_region


def test_the_region_of_numbers_has_its_evidence() -> None:
    plan = column(["04 50 11 22 33", "06 12 34 56 78", "+33 6 12 34 56 79"], "Phone")
    assert plan.region_evidence == (
        "2 of 2 numbers without a country code are valid in France, such as “04 50 11 22 33” in line 2. 1 have theirs."
    )
    assert column(["+49 30 1234567"], "Phone").region_evidence == "All numbers have their country code."
    assert "India is a guess, from your account" in (column(["1234567"], "Phone").region_evidence or "")


def test_countries_in_the_file_say_where_numbers_may_be_from() -> None:
    mapping = proposed("Name;Phone;Country", "A;079 123 45 67;Schweiz", "B;079 123 45 68;Schweiz", region=None)
    assert mapping.columns[1].region == "CH"


def test_choices_win() -> None:
    choices = (
        ColumnChoice(position=0, target="companyName"),
        ColumnChoice(position=1, region="US"),
        ColumnChoice(position=2, date_order=DateOrder.MONTH_FIRST),
    )
    mapping = proposed("Name;Phone;DOB", "A;98765 43210;26/07/1990", choices=choices)
    assert targets(mapping) == ["companyName", "phoneNumber", "dateOfBirth"]
    assert mapping.columns[0].because is Because.CHOSEN
    assert (mapping.columns[1].region, mapping.columns[2].date_order) == ("US", DateOrder.MONTH_FIRST)
    assert mapping.columns[2].date_order_evidence == "As it was chosen."


def test_a_choice_that_cannot_be_is_refused_with_all_its_faults() -> None:
    choices = (ColumnChoice(position=9, region="XX"),)
    with pytest.raises(ValidationFailed) as refusal:
        proposed("Name;Phone", choices=choices)
    assert refusal.value.message == [
        "position 9 is beyond the last column of the file",
        "region XX is no country with phone numbers",
    ]


def test_what_was_confirmed_before_is_remembered_for_the_same_columns() -> None:
    first = proposed(
        "Name;Phone;Shoe size;DOB",
        choices=(
            ColumnChoice(position=2, target="pincode"),
            ColumnChoice(position=3, date_order=DateOrder.MONTH_FIRST),
        ),
    )
    again = proposed("NAME;phone *;Shoe size;dob", "A;1;2;03/04/1990", remembered=first)
    assert targets(again) == ["name", "phoneNumber", "pincode", "dateOfBirth"]
    assert again.columns[2].because is Because.REMEMBERED
    assert again.columns[3].date_order is DateOrder.MONTH_FIRST
    assert proposed("NAME;phone *;Shoe size;dob", "A;1;2;26/04/1990", remembered=first).columns[3].date_order_is_sure
    other = proposed("Name;Phone;Shoe size;DOB;City", remembered=first)
    assert other.columns[2].target == "notes"


@pytest.mark.parametrize(
    ("before", "after", "row"),
    [
        ("Name;Phone;Size;DOB", f"{ERROR};{SUGGESTION};Name;Phone;Size;DOB", "x;y;A;1;2;03/04/1990"),
        (f"{ERROR};Name;Phone;{SUGGESTION};Size;DOB", f"Name;Phone;Size;DOB;{ERROR};{SUGGESTION}", "A;1;2;03/04/1990"),
    ],
)
def test_what_is_remembered_moves_with_its_column_past_those_of_a_reject_file(
    before: str, after: str, row: str
) -> None:
    at = before.split(";").index("Size")
    choices = (
        ColumnChoice(position=at, target="customerInterestedIn"),
        ColumnChoice(position=at + 1, date_order=DateOrder.MONTH_FIRST),
    )
    again = proposed(after, row, remembered=proposed(before, choices=choices))
    assert {plan.header: plan.target for plan in again.columns} == {
        "Name": "name",
        "Phone": "phoneNumber",
        "Size": "customerInterestedIn",
        "DOB": "dateOfBirth",
        ERROR: IGNORED,
        SUGGESTION: IGNORED,
    }
    assert [plan.date_order for plan in again.columns if plan.header == "DOB"] == [DateOrder.MONTH_FIRST]


def test_the_memory_of_a_survey_does_not_grow_with_the_file() -> None:
    _, survey = surveyed(["Phone", "DOB"], [[f"98765{number:05}", "03/04/1990"] for number in range(5_000)])
    found = survey.column(0)
    assert (found.filled_count, len(found.numbers), len(found.samples)) == (5_000, 100, 3)


CELLS = st.text(max_size=12) | st.sampled_from(["26/07/2024", "07/26/2024", "9876543210", "a@example.com", "#N/A", " "])


@given(
    st.lists(st.text(max_size=12) | st.sampled_from(["Name", "Phone", "DOB", "Email", "Country", "#"]), max_size=8),
    st.lists(st.lists(CELLS, max_size=9), max_size=6),
    st.sampled_from([None, "IN", "US"]),
)
def test_any_file_gets_a_plan_of_each_column(header: list[str], rows: list[list[str]], region: str | None) -> None:
    described, survey = surveyed(header, rows)
    mapping = propose(described, survey, region=region)
    assert [plan.position for plan in mapping.columns] == list(range(len(header)))
    assert all(plan.target in TARGETS and plan.reason for plan in mapping.columns)
    again = propose(described, survey, region=region, remembered=mapping)
    assert targets(again) == targets(mapping)
