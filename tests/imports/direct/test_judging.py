"""Judging the rows of an import."""

import resource
from datetime import date
from io import BytesIO

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.errors import LeadConnectError, MalformedRequest, ValidationFailed
from leadconnect.files.reading.errors import TooManyRows
from leadconnect.files.reading.opening import open_source
from leadconnect.imports.direct.judging import Verdict, judge_file, judge_json, split_json
from leadconnect.imports.file.recognising import File
from leadconnect.leads.fields import stored
from leadconnect.recognition.proposing import propose
from leadconnect.recognition.survey import Survey
from leadconnect.recognition.systems import header_score
from tests import make

TODAY = date(2026, 7, 26)


def judged_json(*rows: object) -> list[Verdict]:
    return list(judge_json(split_json(msgspec.json.encode({"leads": rows}), row_limit=100), today=TODAY))


def judged_file(text: str) -> list[Verdict]:
    source = open_source(BytesIO(text.encode()), header_score=header_score, row_limit=100)
    survey = Survey(source.described)
    for record in source.records():
        survey.add(record)
    return list(judge_file(File(source, propose(source.described, survey), survey.row_count, None, TODAY)))


def test_each_json_row_is_judged_by_itself_and_named_by_its_number() -> None:
    good, bad = judged_json(make.lead(city="Pune"), make.lead(name="", leadStatus="warm", shoeSize=43))
    assert (good.number, good.error) == (1, "")
    assert good.lead is not None
    assert good.lead.city == "Pune"
    assert (bad.number, bad.lead) == (2, None)
    assert bad.error == (
        "property shoeSize should not exist; name must not be empty; "
        "leadStatus must be one of: new, followup, qualified, hot, converted, lost"
    )
    assert [(error.field, error.code) for error in bad.errors] == [
        ("shoeSize", "unknown_field"),
        ("name", "min_length"),
        ("leadStatus", "enum"),
    ]


@pytest.mark.parametrize(
    ("spelled", "day"),
    [
        ("3/4/1990", date(1990, 4, 3)),
        ("12/25/1990", date(1990, 12, 25)),
        ("1990/4/3", date(1990, 4, 3)),
        ("April 3, 1990", date(1990, 4, 3)),
        ("3 Apr 90", date(1990, 4, 3)),
    ],
)
def test_days_of_json_rows_may_be_spelled_as_in_files(spelled: str, day: date) -> None:
    (verdict,) = judged_json(make.lead(dateOfBirth=spelled))
    assert verdict.lead is not None
    assert stored("date_of_birth", verdict.lead.date_of_birth) == day


def test_one_day_of_a_column_shows_the_order_of_all_of_them() -> None:
    verdicts = judged_json(
        make.lead(nextFollowupDate="3/4/2031", lastContactedDate="3/4/2026"),
        make.lead(nextFollowupDate="2031-05-06"),
        make.lead(nextFollowupDate="12/25/2031", lastContactedDate=7),
    )
    leads = [verdict.lead for verdict in verdicts[:2]]
    assert [lead and lead.next_followup_date for lead in leads] == [date(2031, 3, 4), date(2031, 5, 6)]
    assert leads[0] is not None
    assert leads[0].last_contacted_date == "2026-04-03"
    assert verdicts[2].error == "lastContactedDate must be text"


def test_what_else_is_wrong_beside_a_day_is_said_and_so_is_what_is_no_day() -> None:
    spelled, impossible = judged_json(
        make.lead(dateOfBirth="3/4/1990", name=""), make.lead(dateOfBirth="31/2/1990", nextFollowupDate="")
    )
    assert spelled.error == "name must not be empty"
    assert [message.partition(" ")[0] for message in impossible.error.split("; ")] == [
        "dateOfBirth",
        "nextFollowupDate",
    ]


def test_a_source_other_needs_its_text() -> None:
    (verdict,) = judged_json(make.lead(leadSource="other"))
    assert verdict.error == "customLeadSource is required when leadSource is other"


@pytest.mark.parametrize(
    ("body", "messages"),
    [
        (b"", ["leads is required"]),
        (b"{}", ["leads is required"]),
        (b'{"leads":[]}', ["leads must not be empty"]),
        (b'{"leads":{}}', ["leads must be a list, each item an object"]),
        (b'{"leads":[{},7]}', ["leads must be a list, each item an object"]),
        (b'{"leads":[{}],"dry":true}', ["property dry should not exist"]),
        (b'{"lead":[{}]}', ["property lead should not exist", "leads is required"]),
    ],
)
def test_what_is_no_import_is_refused_as_a_whole_with_a_list(body: bytes, messages: list[str]) -> None:
    with pytest.raises(ValidationFailed) as refusal:
        split_json(body, row_limit=10)
    assert refusal.value.message == messages


@pytest.mark.parametrize(
    "body", [b"{", b'{"leads":[{]}', b"\xff", b'{"leads":[{"name":"\xff"}]}', b'{"leads":' + b"[" * 100_000]
)
def test_what_is_no_json_is_refused_as_a_whole(body: bytes) -> None:
    with pytest.raises(MalformedRequest):
        list(judge_json(split_json(body, row_limit=10), today=TODAY))


def test_as_many_rows_as_the_limit_are_taken_and_not_one_more() -> None:
    assert len(split_json(b'{"leads":[' + b"{}," * 9 + b"{}]}", row_limit=10)) == 10
    with pytest.raises(TooManyRows, match="may have 10 rows"):
        split_json(b'{"leads":[' + b"{}," * 10 + b"{}]}", row_limit=10)


def test_millions_of_rows_are_refused_without_being_read() -> None:
    body = b'{"leads":[' + b"0," * 5_000_000 + b"0]}"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(TooManyRows):
        split_json(body, row_limit=10_000)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kibibytes


@given(st.binary(max_size=200) | st.text(st.sampled_from('{}[]",:leads01n \\'), max_size=60).map(str.encode))
def test_any_bytes_are_judged_or_refused(junk: bytes) -> None:
    for body in (junk, b'{"leads":' + junk + b"}", b'{"leads":[{"name":' + junk + b"}]}"):
        try:
            verdicts = list(judge_json(split_json(body, row_limit=10), today=TODAY))
        except LeadConnectError:
            continue
        assert all((verdict.lead is None) == bool(verdict.error) for verdict in verdicts)


def test_a_row_of_a_file_is_refused_in_the_files_own_words() -> None:
    (verdict,) = judged_file("Customer Name,Mobile No.,E-Mail ID\nAsha,9E+9,\n")
    advice = "Format the column as text where the file comes from, and export it again"
    assert verdict.error == f"Mobile No.: “9E+9” has lost its digits in a spreadsheet. {advice}"


def test_a_row_of_a_file_may_have_an_email_instead_of_a_phone() -> None:
    (verdict,) = judged_file("Name,Phone,Email\nAsha,,a@example.com\n")
    assert verdict.lead is not None
    assert (verdict.lead.phone_number, verdict.lead.email) == ("", "a@example.com")


def test_the_line_is_named_where_the_number_of_the_row_does_not_tell_it() -> None:
    first, second = judged_file('Name,Phone,Notes\nAsha,,"two\nlines"\nRavi,,\n')
    assert first.error == "The row has no contact. Add a phone number or an e-mail address"
    assert second.error == "The row has no contact. Add a phone number or an e-mail address (Line 4 of the file.)"
    assert second.number == 2


def test_signs_are_no_name() -> None:
    good, bad = judged_file("Name,Phone\nAgent 47,12345\n?!,23456\n")
    assert good.lead is not None
    assert bad.lead is not None
    assert (bad.lead.name, bad.lead.additional_notes) == ("23456", "?!")
