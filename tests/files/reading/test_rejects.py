"""The reject file: what was not taken, as it came, and why."""

import csv
import io
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadconnect.files.reading.records import ERROR, OURS, SUGGESTION, Record
from leadconnect.files.reading.rejects import Rejected, write_rejects
from tests.files.reading.making import cells, delimited, opened, row, workbook


def rejects(
    data: bytes | str,
    *,
    error: str = "No phone.",
    suggestion: str = "Add one.",
    of: Callable[[Record], bool] = lambda _: True,
) -> bytes:
    """Return the reject file of a file, of those of its rows for which `of` says so."""
    file = data.encode() if isinstance(data, str) else data
    source = opened(file)
    chosen = (Rejected(record, error, suggestion) for record in source.records() if of(record))
    return b"".join(write_rejects(io.BytesIO(file), source.described, chosen))


def test_the_rows_come_byte_for_byte_with_two_cells_more() -> None:
    data = 'Report\r\n\r\nName;Phone;"City"\r\nAnn;1;X\r\n"B ""b""";;"Y\r\nZ"\r\nCid;3;=1+1\r\n'
    assert rejects(data, of=lambda record: record.line > 4).decode() == (
        f'Name;Phone;"City";{ERROR};{SUGGESTION}\r\n'
        '"B ""b""";;"Y\r\nZ";No phone.;Add one.\r\n'
        "Cid;3;=1+1;No phone.;Add one.\r\n"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-32"])
def test_encoding_and_mark_stay(encoding: str) -> None:
    data = "Name\tCity\nZoë\tKöln\n".encode(encoding)
    found = rejects(data, error="“Köln” is 東京")
    lost = "“Köln” is ??" if encoding == "cp1252" else "“Köln” is 東京"
    assert found == f"Name\tCity\t{ERROR}\t{SUGGESTION}\nZoë\tKöln\t{lost}\tAdd one.\n".encode(encoding)


def test_the_line_that_names_the_delimiter_stays() -> None:
    assert rejects("sep=;\r\nName;Phone\r\nA,B;1\r\n").startswith(b"sep=;\r\nName;Phone;LeadConnect Error;")


def test_short_rows_are_filled_up_and_long_ones_get_theirs_at_the_end() -> None:
    lines = rejects("Name,Phone,City\nAnn\nBob,1\nCid,2,Flat 1, Main St").decode().split("\n")
    assert lines[1:] == [
        "Ann,,,No phone.,Add one.",
        "Bob,1,,No phone.,Add one.",
        "Cid,2,Flat 1, Main St,No phone.,Add one.",
        "",
    ]


def test_our_cells_are_quoted_as_needed_bounded_and_never_run() -> None:
    found = rejects("Name,Phone\nAnn,1\n", error='=cmd|"x",y', suggestion="a\nb " + "c" * 2_000).decode()
    (_, cells_found) = csv.reader(io.StringIO(found, newline=""))
    assert cells_found[2] == '\'=cmd|"x",y'
    assert cells_found[3].startswith("a b ccc")
    assert len(cells_found[3]) == 1_000


def test_a_reject_file_that_is_rejected_again_has_the_two_columns_once() -> None:
    first = rejects('Name,Phone\r\n"Ann, A",1\r\nBob\r\nCid,1,2\r\n', error='He said "no", twice')
    assert (
        rejects(first, error="Still not.", suggestion="")
        == (
            f'Name,Phone,{ERROR},{SUGGESTION}\r\n"Ann, A",1,Still not.,\r\nBob,,Still not.,\r\nCid,1,2,Still not.,\r\n'
        ).encode()
    )


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        (f"{ERROR},{SUGGESTION},Name,Phone", ['old,"a, b",Ann,1', "old", "old,,Cid,1,2"]),
        (f'Name,"{ERROR}",Phone, {SUGGESTION} ', ["Ann,old,1,", ",old", "Cid,old,1,older,2"]),
        (f"Name,Phone,{ERROR},{SUGGESTION}", ["Ann,1,old", ",,old,", "Cid,1,2,old,older"]),
        (f"Name,{ERROR},Phone", ["Ann,old,1", ",old", "Cid,old,1,2"]),
        (f"Name,Phone,{ERROR},{SUGGESTION},{ERROR},{SUGGESTION}", ["Ann,1,a,b,c,d", ",,a", "Cid,1,2,a,b,c,d"]),
    ],
)
def test_the_two_columns_are_replaced_wherever_they_stand(header: str, rows: list[str]) -> None:
    found = rejects("\n".join([header, *rows, ""]), error="Still not.").decode()
    own = ["Ann,1", ",", "Cid,1,2"]
    assert found.splitlines() == [f"Name,Phone,{ERROR},{SUGGESTION}", *(f"{row},Still not.,Add one." for row in own)]


def test_a_blank_cell_beyond_the_header_does_not_push_ours_out_of_their_columns() -> None:
    found = rejects('Name,Phone\nAnn,,\nBob,,""," "\n')
    assert cells(found) == [["Ann", "", "No phone.", "Add one."], ["Bob", "", "No phone.", "Add one."]]


def test_a_row_of_a_workbook_that_is_too_long_loses_no_cell() -> None:
    first = rejects(workbook(row(1, "Name", ERROR, "Phone") + row(2, "Ann", "old") + row(3, "Cid", "old", "1", "2")))
    for found in (first, rejects(first), rejects(rejects(first))):
        assert opened(found).described.header == ["Name", "Phone", *OURS]
        assert cells(found) == [["Ann", "", "No phone.", "Add one."], ["Cid", "1", "2", "No phone.", "Add one."]]


def test_a_mended_reject_file_is_read_like_the_file_it_came_from() -> None:
    mended = rejects("Name;Phone\nAnn;\nBob;\n").replace(b"Ann;", b"Ann;1")
    assert cells(mended) == [["Ann", "1", "No phone.", "Add one."], ["Bob", "", "No phone.", "Add one."]]


def test_of_a_workbook_comes_a_workbook_of_text() -> None:
    rows = (
        row(1, "Report") + row(2, "Name", "Phone") + row(3, "Ann", "=1+1") + '<row r="4"><c r="B4"><v>5</v></c></row>'
    )
    found = rejects(workbook(sheets={"July": rows}))
    source = opened(found)
    assert (source.described.sheet, source.described.header) == ("July", ["Name", "Phone", *OURS])
    assert [record.cells for record in source.records()] == [
        ["Ann", "=1+1", "No phone.", "Add one."],
        ["", "5", "No phone.", "Add one."],
    ]
    assert cells(rejects(found, error="Still not.")) == [
        ["Ann", "=1+1", "Still not.", "Add one."],
        ["", "5", "Still not.", "Add one."],
    ]


def test_a_sheet_whose_name_no_sheet_may_have_gets_another() -> None:
    for name in ("a/b", "'a", "n" * 32):
        found = rejects(workbook(sheets={name: row(1, "Name") + row(2, "Ann")}))
        assert opened(found).described.sheet == "Sheet1"


def test_characters_that_xml_lacks_survive_in_a_workbook() -> None:
    data = workbook(row(1, "Name", "Phone") + row(2, "a_x000B_b", "_x005F_x000B_"))
    assert cells(rejects(data))[0][:2] == ["a\x0bb", "_x000B_"]


def test_of_a_json_list_comes_a_list_and_of_lines_come_lines() -> None:
    ann, bob = '{"name" : "Ann", "n": 1.0}', '{"name":"Zoë"}'
    ours = f'"{ERROR}":"No phone.","{SUGGESTION}":"Add one."}}'
    expected = [f'{{"name" : "Ann", "n": 1.0, {ours}', f'{{"name":"Zoë", {ours}']
    assert rejects(f"[{ann},{bob}]").decode() == "[\n" + ",\n".join(expected) + "\n]\n"
    assert rejects(f'{{"leads": [{ann},{bob}]}}').decode() == "[\n" + ",\n".join(expected) + "\n]\n"
    assert rejects(f"{ann}\n{bob}").decode() == "\n".join(expected) + "\n"


def test_json_that_has_our_keys_gets_them_anew() -> None:
    again = rejects(rejects('[{"name": "Ann", "n": 1.0}]'), error="Still not.")
    assert again.decode() == f'[\n{{"name":"Ann","n":1.0, "{ERROR}":"Still not.","{SUGGESTION}":"Add one."}}\n]\n'


@pytest.mark.parametrize(
    ("data", "empty"),
    [
        ("Name,Phone\nAnn,1\n", f"Name,Phone,{ERROR},{SUGGESTION}\n"),
        ('[{"name": "Ann"}]', "[]\n"),
        ('{"name": "Ann"}\n{"name": "Bob"}\n', ""),
    ],
)
def test_where_nothing_was_rejected_the_file_is_empty(data: str, empty: str) -> None:
    assert rejects(data, of=lambda _: False).decode() == empty


def in_shape(found: list[str]) -> list[str]:
    """Return the cells of a row filled up to a header of three columns, without blank ones beyond it."""
    beyond = found[3:]
    while beyond and not beyond[-1].strip():
        beyond.pop()
    return [*found[:3], *[""] * (3 - len(found)), *beyond]


CELLS = st.text(st.sampled_from("ab\"'=,;é \n\r"), max_size=6)


@given(
    table=st.lists(st.lists(CELLS, min_size=2, max_size=5), min_size=1, max_size=5),
    encoding=st.sampled_from(["utf-8", "cp1252", "utf-16"]),
    delimiter=st.sampled_from(",;"),
    error=st.text(st.sampled_from('ab"=,; '), max_size=8),
)
@settings(deadline=None)
def test_whatever_the_rows_hold_they_come_back_with_two_cells_more_however_often(
    table: list[list[str]], encoding: str, delimiter: str, error: str
) -> None:
    header = ["Name", "Phone", "City"]
    data = delimited([header, *table], quoting=csv.QUOTE_ALL, delimiter=delimiter).encode(encoding)
    before = cells(data)
    once = rejects(data, error=error)
    assert [found[:-2] for found in cells(once)] == [in_shape(found) for found in before]
    assert rejects(once, error=error) == once
