"""Header names: how they are compared, and what hand-made sheets mean by them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.recognition.headers import (
    clean_header,
    fingerprint,
    header_key,
    is_opt_out,
    is_running_number,
    target_of,
    title_of,
)
from leadconnect.recognition.systems import header_score


def test_case_spaces_marks_and_accents_do_not_count() -> None:
    for spelling in ("phone number", "PHONE\u00a0NUMBER", "\ufeffPhone  Number * ", "phone_number", "Ｐhone Number"):
        assert header_key(spelling) == "phonenumber"
    assert header_key("PRENOM") == header_key("Prénom")


def test_a_suffix_in_brackets_does_not_count_but_a_header_in_brackets_does() -> None:
    assert header_key("Date of Birth (YYYY-MM-DD)") == header_key("Date of Birth")
    assert header_key("(Phone)") == "phone"


def test_an_overlong_header_is_none() -> None:
    assert header_key("x" * 100_000) == ""
    assert target_of("Name" + " " * 10 + "x" * 300) is None


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("Customer Name", "name"), ("First_And_Last_Name", "name"), ("fname", "firstName"), ("SURNAME", "lastName"),
        ("Mobile No.", "phoneNumber"), ("Phone 2", "phoneNumber"), ("Contact No", "phoneNumber"), ("Ph", "phoneNumber"),
        ("WhatsApp Number", "phoneNumber"), ("Email Id", "email"), ("EMAIL ADDRESS", "email"), ("email2", "email"),
        ("Organisation", "companyName"), ("org", "companyName"), ("Title", "designation"), ("Status_Label",
                                                                                            "leadStatus"),
        ("Interested?", "leadStatus"), ("How did you hear", "leadSource"), ("Agent_Comments", "additionalNotes"),
        ("Requirement", "additionalNotes"), ("Salutation", "namePrefix"), ("nextFollowupDate", "nextFollowupDate"),
        ("Vorname", "firstName"), ("Firma", "companyName"), ("PLZ", "pincode"), ("Prénom", "firstName"),
        ("N° de téléphone", "phoneNumber"), ("Société", "companyName"), ("Teléfono", "phoneNumber"),
        ("Correo electrónico", "email"), ("Apellidos", "lastName"), ("नाम", "name"), ("फ़ोन", "phoneNumber"),
        ("ईमेल", "email"), ("الاسم", "name"), ("البريد", "email"), ("الهاتف", "phoneNumber"), ("Lead ID", "externalId"),
        ("Fax", None), ("Pager", None), ("Business Fax", None), ("Shoe size", None), ("", None), ("🚀", None), ("2",
                                                                                                               None),
    ],
)  # fmt: skip
def test_a_header_means_a_field(header: str, target: str | None) -> None:
    assert target_of(header) == target


@pytest.mark.parametrize("header", ["S. No.", "sr no", "#", "Index", "क्रमांक"])
def test_a_column_may_only_count_the_rows(header: str) -> None:
    assert is_running_number(header)


def test_nothing_else_counts_the_rows() -> None:
    assert not any(map(is_running_number, ("", "🚀", "*", "Number", "Name")))


@pytest.mark.parametrize(
    "header", ["Email Opt Out", "HasOptedOutOfEmail", "DoNotCall", "dncmobile", "Unsubscribed Mode"]
)
def test_an_opt_out_is_known_and_means_no_field(header: str) -> None:
    assert is_opt_out(header)
    assert target_of(header) is None


def test_a_fingerprint_is_that_of_the_same_columns_in_the_same_order() -> None:
    header = ["Name", "Phone Number", ""]
    assert fingerprint(header) == fingerprint(["\ufeffname * ", " PHONE\u00a0 NUMBER*", " "])
    assert len({fingerprint(one) for one in (header, header[::-1], header[:2], ["Name,Phone Number", ""], [])}) == 5
    assert len(fingerprint(header)) == 32


def test_a_header_is_shown_clean_and_bounded_or_by_its_position() -> None:
    assert title_of(" \u200fPhone\u00a0 No ", 0) == "Phone No"
    assert title_of("x" * 500, 0) == "x" * 60
    assert title_of(" ", 2) == "Column 3"


def test_a_header_line_scores_by_its_different_fields() -> None:
    assert header_score(["Name", "name", "Full Name", "Phone", "4711"]) == 2
    assert header_score(["Asha Rao", "+91 98", "asha@example.com"]) == 0
    assert header_score(["Person - Name", "Personne - Téléphone", "SENDER_EMAIL_ALT"]) == 3


@given(st.text(max_size=300))
def test_any_text_is_a_header(header: str) -> None:
    assert clean_header(clean_header(header)) == clean_header(header)
    assert len(title_of(header, 0)) <= 60
    target_of(header)
    header_score([header])
    fingerprint([header])
