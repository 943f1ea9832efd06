"""Columns that are recognised by their cells, and headers that are outweighed by them."""

import pytest

from leadconnect.recognition import questions_of
from leadconnect.recognition.models import Because, ColumnChoice, QuestionCode
from tests.recognition.test_proposing import proposed, targets


@pytest.mark.parametrize("header", ["Dialling", "Kontaktweg", "x", "Rufzeichen"])
def test_national_numbers_under_an_unknown_header_are_phones_with_their_evidence(header: str) -> None:
    mapping = proposed(f"Name;{header};City", "Asha;9876543210;Pune", "Ravi;98765 43211;Goa", "Bo;09876543212;Agra")
    assert targets(mapping) == ["name", "phoneNumber", "city"]
    assert mapping.columns[1].because is Because.CONTENT
    assert mapping.columns[1].reason.startswith("3 of 3 cells that were looked at are phone numbers.")
    assert mapping.columns[1].region == "IN"


def test_numbers_of_another_country_are_phones_too() -> None:
    rows = ("Eva;030/1234567", "Max;0176 16432150", "Uwe;040 6432130")
    assert targets(proposed("Name;Durchwahl", *rows, region="IN")) == ["name", "phoneNumber"]


@pytest.mark.parametrize("header", ["Order number", "GST No", "Account no", "Rechnung", "Aadhaar", "Fax"])
def test_numbers_that_are_no_phones_by_their_header_stay_in_the_notes(header: str) -> None:
    assert targets(proposed(f"Name;Email;{header}", "A;a@x.com;9876543210", "B;b@x.com;9876543211"))[2] == "notes"


def test_numbers_that_are_valid_nowhere_are_no_phones() -> None:
    assert targets(proposed("Name;Email;x y", "A;a@x.com;1000000001", "B;b@x.com;1000000002"))[2] == "notes"


def test_addresses_under_any_header_are_addresses() -> None:
    mapping = proposed("Name;Where to write", "Asha;a@example.com", "Bo;b@example.com")
    assert targets(mapping) == ["name", "email"]


def test_a_column_of_phones_and_addresses_holds_contacts() -> None:
    rows = ("Farid;farid@example.com / 9876501234", "Gita;gita@example.com", "Hari;9876501235", "Isha;9876501236")
    assert targets(proposed("Name;Reach", *rows)) == ["name", "phoneNumber"]
    assert targets(proposed("Contact;Email / Phone", *rows)) == ["name", "phoneNumber"]


def test_a_header_is_outweighed_by_its_cells_and_the_loser_says_by_which() -> None:
    mapping = proposed(
        "name;Telefone;Numero", "Ana;11912345678;1200", "Bo;11912345679;45", "Cy;19912345670;7", region="BR"
    )
    assert targets(mapping) == ["name", "phoneNumber", "notes"]
    alone = proposed("name;email;Numero", "Ana;a@example.com;1200", "Bo;b@example.com;45").columns[2]
    assert (alone.target, alone.reason) == ("notes", "Its cells are no phone numbers; they are kept in the notes.")
    strong = proposed("name;Phone;Mobile", "Ana;98765 43210;none yet", "Bo;98765 43211;tbd").columns[2]
    assert strong.reason == (
        "“Phone” has phone numbers in 2 of 2 cells, this column in none; its cells are kept in the notes."
    )


def test_a_weak_header_wins_where_the_other_column_is_empty() -> None:
    assert targets(proposed("Name;Phone;Number", "Asha;;98765 43210", "Bo;;98765 43211"))[2] == "phoneNumber"


def test_a_customer_number_may_be_a_phone() -> None:
    assert targets(proposed("Name;Customer number", "A;98765 43210", "B;98765 43211"))[1] == "phoneNumber"
    assert targets(proposed("Name;Customer number", "A;K-10023", "B;K-10024"))[1] == "externalId"


def test_a_party_beside_its_contact_person_is_a_company() -> None:
    assert targets(proposed("Party Name;Contact Person;Mobile")) == ["companyName", "name", "phoneNumber"]
    assert targets(proposed("Kunde;Ansprechpartner;Telefon")) == ["companyName", "name", "phoneNumber"]
    assert targets(proposed("Party Name;Mobile")) == ["name", "phoneNumber"]
    assert targets(proposed("Customer;Company;Contact Person"))[:2] == ["name", "companyName"]


def test_a_name_is_guessed_by_its_cells_where_nothing_else_can_be_one_and_the_plan_asks() -> None:
    mapping = proposed("Kdbez;Tel;Artikel", "Asha Rao;9876543210;Loom", "Bo Lind;9876543211;Loom")
    assert targets(mapping) == ["name", "phoneNumber", "notes"]
    assert mapping.columns[0].reason.endswith("This is a guess.")
    (question,) = questions_of(mapping)
    assert (question.code, question.is_blocking) == (QuestionCode.NAME_GUESSED, False)
    assert [one.position for one in question.candidates] == [0, 2]
    assert targets(proposed("Salesman;Tel;Name", "Asha Rao;9876543210;X", "Bo Lind;9876543211;Y"))[0] == "notes"
    assert targets(proposed("Salesman;Tel", "Asha Rao;9876543210", "Bo Lind;9876543211"))[0] == "notes"


def test_a_file_without_a_column_of_contacts_asks_once_and_offers_the_columns() -> None:
    (question,) = questions_of(proposed("Name;City;Reach me", "Asha;Pune;after six", "Bo;Goa;by letter"))
    assert (question.code, question.option, question.is_blocking) == (
        QuestionCode.NO_CONTACT_COLUMN, "columns[].target", True,
    )  # fmt: skip
    assert [(one.position, one.header, one.samples) for one in question.candidates] == [
        (1, "City", ["Pune", "Goa"]), (2, "Reach me", ["after six", "by letter"]),
    ]  # fmt: skip


def test_a_file_without_a_column_of_names_asks_where_one_may_hold_them() -> None:
    rows = ("9876543210;R1;Pune", "9876543211;R2;Goa")
    (question,) = questions_of(proposed("Phone;Rufz;City", *rows))
    assert (question.code, question.is_blocking) == (QuestionCode.NO_NAME_COLUMN, True)
    assert questions_of(proposed("Phone;City", "9876543210;Pune")) == []
    assert questions_of(proposed("Email;Subscription type;Subscription status", "a@example.com;free;active")) == []
    (asked,) = questions_of(proposed("Email;Rufz", "a@example.com;R1"))
    assert (asked.code, asked.is_blocking) == (QuestionCode.NO_NAME_COLUMN, False)


def test_a_choice_answers_a_question() -> None:
    chosen = (ColumnChoice(position=1, target="name"),)
    assert questions_of(proposed("Phone;Rufz;City", "9876543210;R1;Pune", choices=chosen)) == []
