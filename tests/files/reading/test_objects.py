"""JSON files: lists, single objects, lines, and the answers of lead forms."""

import json
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadconnect.files.reading.errors import TooManyRows, UnreadableFile
from leadconnect.files.reading.objects.columns import flatten, to_json
from leadconnect.files.reading.objects.scanner import VALUE_BYTES_LIMIT
from leadconnect.files.reading.records import FileFormat
from leadconnect.recognition.systems import header_score
from tests.files.reading.making import opened

ANN = '{"name": "Ann", "phone": "+91 1"}'
BOB = '{"name": "Bob", "city": "Köln"}'
HEADER = ["name", "phone", "city"]
ROWS = [["Ann", "+91 1", ""], ["Bob", "", "Köln"]]


def read(data: str | bytes) -> dict[str, str]:
    """Return the cells of the only row of a file, by header."""
    source = opened(data)
    (record,) = source.records()
    return dict(zip(source.described.header, record.cells, strict=True))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (f"[{ANN},{BOB}]", FileFormat.JSON),
        (f"\ufeff\n [ {ANN} ,\n{BOB} ]\n", FileFormat.JSON),
        (f'{{"leads": [{ANN}, {BOB}]}}', FileFormat.JSON),
        (f'{{"CODE": 200, "STATUS": "SUCCESS", "TOTAL_RECORDS": 2, "RESPONSE": [{ANN}, {BOB}]}}', FileFormat.JSON),
        (f'{{"paging": {{"next": "x"}}, "data": [{ANN}, {BOB}], "more": [1, 2]}}', FileFormat.JSON),
        (f'{{"people": [{ANN}, {BOB}]}}', FileFormat.JSON),
        (f'{{"status": 1, "response": {{"count": 2, "data": [{ANN}, {BOB}]}}}}', FileFormat.JSON),
        (f"{ANN}\n{BOB}\n", FileFormat.JSON_LINES),
        (f"{ANN}\r\n\r\n{BOB}", FileFormat.JSON_LINES),
    ],
)
def test_a_list_of_objects_is_read_wherever_it_stands(data: str, kind: FileFormat) -> None:
    source = opened(data)
    assert (source.described.format, source.described.header) == (kind, HEADER)
    records = list(source.records())
    assert [record.cells for record in records] == ROWS
    assert [record.line for record in records] == [1, 2]
    assert [data.encode()[record.start : record.end].decode() for record in records] == [ANN, BOB]


@pytest.mark.parametrize("data", [ANN, f"[{ANN}]", f'{{"event": "lead.created", "data": {ANN}}}', f"\n{ANN}\n"])
def test_a_single_object_is_one_row(data: str) -> None:
    assert read(data) == {"name": "Ann", "phone": "+91 1"}


def test_a_lead_with_a_list_of_objects_of_its_own_is_one_row() -> None:
    assert read('{"name": "Ann", "phones": [{"kind": "home", "number": "1"}]}') == {
        "name": "Ann",
        "phones": '[{"kind": "home", "number": "1"}]',
    }


def test_a_lead_that_wraps_something_else_is_one_row() -> None:
    assert read('{"name": "Ann", "phone": "1", "data": {"score": 3}}') == {
        "name": "Ann",
        "phone": "1",
        "data.score": "3",
    }


@pytest.mark.parametrize("name", ["items", "CONTACTS", "data"])
def test_a_lead_keeps_the_list_that_it_wraps_as_text(name: str) -> None:
    assert read(f'{{"name": "Ann", "phone": "1", "{name}": [{{"sku": "x", "name": "Loom"}}]}}') == {
        "name": "Ann",
        "phone": "1",
        name: '[{"sku": "x", "name": "Loom"}]',
    }


@pytest.mark.parametrize(
    "around",
    [
        '"status": "ok", "message": "2 found", "data"',
        '"title": "Fair", "description": "July", "items"',
        '"name": "Fair", "status": "done", "results"',
        '"company": "Loom Ltd", "email": "a@example.com", "leads"',
    ],
)
def test_what_programs_say_beside_a_list_makes_no_lead_of_its_object(around: str) -> None:
    source = opened(f"{{{around}: [{ANN}, {BOB}]}}", header_score=header_score)
    assert [record.cells for record in source.records()] == ROWS


@pytest.mark.parametrize(
    ("data", "names"),
    [
        (f'{{"leads": [{ANN}], "contacts": [{BOB}]}}', "“leads” and “contacts”"),
        (f'{{"total": 2, "Items": [{ANN}], "data": {{"rows": [{BOB}]}}}}', "“Items” and “data”"),
        (f'{{"response": {{"data": [{ANN}], "values": [{BOB}]}}}}', "“data” and “values”"),
    ],
)
def test_of_two_lists_of_leads_none_is_lost_without_a_word(data: str, names: str) -> None:
    with pytest.raises(UnreadableFile, match=f"two lists that may be the leads: {names}"):
        opened(data)


def test_a_list_without_a_lead_hides_no_other() -> None:
    source = opened(f'{{"contacts": [], "leads": [{ANN}, {BOB}], "values": []}}')
    assert [record.cells for record in source.records()] == ROWS


def test_the_answers_of_a_meta_lead_become_columns() -> None:
    lead = {
        "id": "l:1",
        "created_time": "2026-07-16T00:12:13+0300",
        "field_data": [
            {"name": "full_name", "values": ["Ann Lee"]},
            {"name": "phone_number", "values": ["p:+61402000000"]},
            {"name": "which_products?", "values": ["a", "b"]},
            {"name": "id", "values": ["mine"]},
        ],
    }
    expected = {
        "id": "l:1",
        "created_time": "2026-07-16T00:12:13+0300",
        "full_name": "Ann Lee",
        "phone_number": "p:+61402000000",
        "which_products?": "a; b",
        "field_data.id": "mine",
    }
    assert read(json.dumps({"data": [lead], "paging": {}})) == expected
    assert read(json.dumps(lead)) == expected


def test_the_answers_of_a_google_lead_become_columns() -> None:
    lead = {
        "lead_id": "x",
        "user_column_data": [
            {"column_name": "Full Name", "string_value": "Ann Lee", "column_id": "FULL_NAME"},
            {"column_name": "What do you need?", "string_value": "Bricks"},
        ],
        "is_test": True,
        "campaign_id": 12345678901234567890,
    }
    assert read(json.dumps(lead)) == {
        "lead_id": "x",
        "FULL_NAME": "Ann Lee",
        "What do you need?": "Bricks",
        "is_test": "true",
        "campaign_id": "12345678901234567890",
    }


def test_values_are_the_text_that_was_written() -> None:
    data = (
        '{"a": 1.50, "b": -1E+400, "c": 0.1e1, "d": null, "e": false, "f": "x\\ny \\u00e9", "g": [], "h": {}, '
        '"i": ["p", 2, null]}'
    )
    assert read(data) == {
        "a": "1.50",
        "b": "-1E+400",
        "c": "0.1e1",
        "d": "",
        "e": "false",
        "f": "x\ny é",
        "g": "",
        "h": "{}",
        "i": "p; 2",
    }


def test_nested_objects_become_columns_and_what_is_deeper_stays_json() -> None:
    assert read('{"a": {"b": {"c": {"d": {"e": {"f": 1.0}}}}}, "x": {"y": "z"}}') == {
        "a.b.c.d.e": '{"f": 1.0}',
        "x.y": "z",
    }


def test_two_values_of_one_name_are_two_columns() -> None:
    assert read('{"a.b": 1, "a": {"b": 2}, "a.b (2)": 3}') == {"a.b": "1", "a.b (2)": "2", "a.b (2) (2)": "3"}
    answers = [{"name": "phone", "values": [number]} for number in ("1", "2", "3")]
    assert read(json.dumps({"id": "x", "lead": {"phone": "0", "field_data": answers[:1]}, "field_data": answers})) == {
        "id": "x",
        "lead.phone": "0",
        "lead.field_data.phone": "1",
        "phone": "1",
        "phone (2)": "2",
        "phone (3)": "3",
    }


def test_a_question_that_is_asked_without_end_is_refused() -> None:
    data = json.dumps({"field_data": [{"name": "q", "values": ["a"]}] * 10_000})
    with pytest.raises(UnreadableFile, match="it has more than 1,000 keys"):
        opened(data)


def test_questions_that_are_asked_again_are_named_in_linear_time() -> None:
    def steps(count: int) -> int:
        lines = 0

        def trace(*_: object) -> Any:
            nonlocal lines
            lines += 1
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            flatten({"field_data": [{"name": "q", "values": ["a"]}] * count})
        finally:
            sys.settrace(before)
        return lines

    assert steps(800) < 10 * steps(100)


def test_an_object_without_any_value_is_no_row_and_counts_for_none() -> None:
    blank = '{}, {"name": ""}, {"name": null}, {"name": " \\t"}, {"name": []}'
    source = opened(f'[{{"name": "Ann"}}, {blank}, {{"name": "Bob"}}]', row_limit=5)
    assert [(record.line, record.cells) for record in source.records()] == [(1, ["Ann"]), (7, ["Bob"])]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            '[{"name": "A", "name": "B"}]',
            "line 1, byte 2: in the entry that begins here, the key “name” stands there twice",
        ),
        ('[{"a": {"b": 1, "b": 1}}]', "the key “b” stands there twice"),
        (
            '{"name": "A"}\n{"name": }\n',
            "line 2, byte 15: in the entry that begins here, Expecting value at character 10",
        ),
        ('{"name": "A"}\n[1]\n', "it is no object"),
        ('[["Name"], ["Ann"]]', "it is no object; a list of objects is needed"),
        ('[{"a": NaN}]', "NaN is not JSON"),
        ('[{"a": 01}]', "Expecting ',' delimiter"),
        ('[{"a": "tab\there"}]', "Invalid control character"),
        (b'[{"a": "\xff"}]', "byte 8 of it is not UTF-8"),
        ('[{"a": 1}', ", or ] is missing"),
        ('[{"a": 1}}', ", or ] is missing"),
        ('[{"a": 1},]', "this is not JSON"),
        ('[{"a": 1}] x', "something follows the list"),
        ('[{"a": 1}, {"b": "x', "what begins here has no end"),
        ('{"leads": [{"a": 1}], "more": tru}', "this is not JSON"),
        ('{"leads": [{"a": 1}]} x', "line 1, byte 23: what begins here has no end"),
        ('{"leads": [{"a": 1}], more: 1}', "a key is missing"),
        ('{"leads": [{"a": 1}] "b": 1}', ", or } is missing"),
        ('{"leads": [{"a": 1}], "\\x": 1}', "the key before this is not valid"),
        ("[" * 100_000, "nested deeper than 64"),
        ('[{"a": ' + "[" * 100_000, "nested deeper than 64"),
        ('{"a":' * 100_000, "nested deeper than 64"),
        ('[{"a": ' + "[" * 64 + "]" * 64 + "}]", "nested deeper than 64"),
        ('[{"a": "' + "x" * 200_000 + '"}]', "a value in it is longer than 131,072"),
        ('[{"a": ' + "1" * 200_000 + "}]", "a value in it is longer than 131,072"),
        ('[{"a": "' + "x" * (2 * VALUE_BYTES_LIMIT) + '"}]', "longer than 1,048,576 bytes"),
        ("[" + ",".join(f'{{"k{n}": 1}}' for n in range(1_001)) + "]", "more than 1,000 different keys"),
        (f'[{{"{"k" * 70_000}": 1}}, {{"{"l" * 70_000}": 1}}]', "the keys of the objects have more than 131,072"),
        ("{" + ",".join(f'"k{n}": 1' for n in range(100_000)) + "}", "the object has more than 1,000 keys"),
        ("[]", "no object with a key"),
        ('{"leads": []}', "no object with a key"),
        ("{}", "no object with a key"),
    ],
)
def test_what_is_broken_is_refused_with_its_place(data: str | bytes, message: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        opened(data)
    assert message in str(refused.value)


def test_a_file_that_is_called_json_must_be_json() -> None:
    for name, media in (("leads.json", ""), ("", "application/json")):
        with pytest.raises(UnreadableFile, match="it is no object"):
            opened("[1, 2]", name=name, media=media)
        with pytest.raises(UnreadableFile, match="it must begin with"):
            opened("Name,Phone\nAnn,1\n", name=name, media=media)


def test_json_in_another_encoding_than_utf_8_is_refused() -> None:
    with pytest.raises(UnreadableFile, match=r"JSON must be UTF-8 .* the file is UTF-16"):
        opened(f"[{ANN}]".encode("utf-16"))


def test_rows_are_bounded_when_the_file_is_opened() -> None:
    assert len(list(opened(f"[{ANN},{BOB}]", row_limit=2).records())) == 2
    with pytest.raises(TooManyRows):
        opened(f"[{ANN},{BOB},{ANN}]", row_limit=2)
    with pytest.raises(TooManyRows):
        opened(f"[{ANN},{{}},{{}},{{}}]", row_limit=2)


def test_objects_across_the_edges_of_blocks_stay_whole() -> None:
    leads = [{"name": f"Zoë {n} {{[", "phone": "é" * (n % 600), "n": n, "x": {"y": [n]}} for n in range(3_000)]
    for data in (json.dumps(leads, ensure_ascii=False), "\n".join(json.dumps(lead) for lead in leads)):
        found = [record.cells for record in opened(data).records()]
        assert found == [[f"Zoë {n} {{[", "é" * (n % 600), str(n), str(n)] for n in range(3_000)]


KEYS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=5)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | KEYS
VALUES = st.recursive(SCALARS, lambda value: st.lists(value, max_size=3) | st.dictionaries(KEYS, value, max_size=3))


@given(
    leads=st.lists(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4), min_size=1, max_size=4),
    indent=st.sampled_from([None, 1]),
)
@settings(deadline=None)
def test_any_list_of_objects_can_be_read_and_every_text_is_found(
    leads: list[dict[str, Any]], indent: int | None
) -> None:
    data = json.dumps(leads, indent=indent)
    found = [cell for record in opened(data).records() for cell in record.cells]
    for lead in leads:
        for value in lead.values():
            # Zero bytes are dropped, and with them a text that has nothing else.
            if isinstance(value, str) and (kept := value.replace("\0", "")):
                assert kept in found


@given(VALUES)
def test_json_text_of_a_value_is_that_value(value: Any) -> None:
    assert json.loads(to_json(value)) == value
