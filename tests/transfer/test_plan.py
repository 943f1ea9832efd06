"""Judging the rows of an import."""

import resource
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.errors import LeadConnectError, MalformedRequest, ValidationFailed
from leadconnect.transfer.plan import Verdict, judge_file, judge_json, split_json
from leadconnect.transfer.reading.formats import TooManyRows, read_table
from leadconnect.transfer.reading.recognise import header_score, recognise
from tests import make


def judged_json(*rows: object) -> list[Verdict]:
    return list(judge_json(split_json(msgspec.json.encode({"leads": rows}), row_limit=100)))


def judged_file(text: str) -> list[Verdict]:
    table = read_table(text.encode(), header_score, row_limit=100)
    return list(judge_file(table, recognise(table.header), today=date(2026, 7, 26)))


def test_each_json_row_is_judged_by_itself_and_named_by_its_number() -> None:
    good, bad = judged_json(make.lead(city="Pune"), make.lead(name="", leadStatus="warm", shoeSize=43))
    assert (good.number, good.error) == (1, "")
    assert good.lead is not None
    assert good.lead.city == "Pune"
    assert bad == Verdict(
        2,
        None,
        "property shoeSize should not exist; name must not be empty; "
        "leadStatus must be one of: new, followup, qualified, hot, converted, lost",
    )


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
        list(judge_json(split_json(body, row_limit=10)))


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
            verdicts = list(judge_json(split_json(body, row_limit=10)))
        except LeadConnectError:
            continue
        assert all((verdict.lead is None) == bool(verdict.error) for verdict in verdicts)


def test_a_row_of_a_file_is_refused_in_the_files_own_words() -> None:
    (verdict,) = judged_file(f"Customer Name,Mobile No.,E-Mail ID,Zip\nAsha,1,not an address,{'9' * 30}\n")
    assert verdict.error == "E-Mail ID must be an e-mail address. Zip must be at most 20 characters long."


def test_a_row_of_a_file_may_have_an_email_instead_of_a_phone() -> None:
    (verdict,) = judged_file("Name,Phone,Email\nAsha,,a@example.com\n")
    assert verdict.lead is not None
    assert (verdict.lead.phone_number, verdict.lead.email) == ("", "a@example.com")


def test_the_line_is_named_where_the_number_of_the_row_does_not_tell_it() -> None:
    first, second = judged_file('Name,Phone,Notes\nAsha,,"two\nlines"\nRavi,,\n')
    assert first.error == "The row has neither a phone number nor an e-mail address."
    assert second.error == "The row has neither a phone number nor an e-mail address. (Line 4 of the file.)"
    assert second.number == 2


def test_a_number_that_is_no_name_costs_the_row() -> None:
    good, bad = judged_file("Name,Phone\nAgent 47,1\n---,2\n")
    assert good.lead is not None
    assert bad.error == "Name must have at least one letter or digit."
