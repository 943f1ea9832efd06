"""CSV files as spreadsheets, other systems and people write them."""

import codecs
import io
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from leadconnect.files.reading.errors import TooManyRows, UnreadableFile
from leadconnect.files.reading.layout import CELL_LIMIT
from tests.files.reading.making import cells, delimited, opened

PEOPLE = "Name,Phone,City\nZoë Müller,+49 30 1234567,Köln\n李雷,,北京\n"
ROWS = [["Zoë Müller", "+49 30 1234567", "Köln"], ["李雷", "", "北京"]]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (PEOPLE.encode(), "UTF-8"),
        (codecs.BOM_UTF8 + PEOPLE.encode(), "UTF-8"),
        (PEOPLE.encode("utf-16"), "UTF-16"),
        (codecs.BOM_UTF16_BE + PEOPLE.encode("utf-16-be"), "UTF-16"),
        (PEOPLE.encode("utf-32"), "UTF-32"),
        (codecs.BOM_UTF32_BE + PEOPLE.encode("utf-32-be"), "UTF-32"),
    ],
)
def test_a_byte_order_mark_or_plain_utf_8_names_the_encoding(data: bytes, name: str) -> None:
    source = opened(data)
    assert source.described.encoding == name
    assert source.described.header == ["Name", "Phone", "City"]
    assert source.described.warnings == ()
    assert [record.cells for record in source.records()] == ROWS


def test_what_is_not_utf_8_is_read_as_windows_1252_and_a_changed_cell_is_named() -> None:
    source = opened("Name,Phone,Notes\r\nAnn,1,plain\r\nZoë,2,“about 5 €”\r\n".encode("cp1252"))
    assert source.described.encoding == "Windows-1252"
    assert [record.cells for record in source.records()][1] == ["Zoë", "2", "“about 5 €”"]
    (warning,) = source.described.warnings
    assert "Windows-1252; line 3 then says “Zoë”" in warning


def test_the_changed_cell_is_found_under_every_delimiter() -> None:
    for delimiter in ",;\t|:^~":
        source = opened(f"Name{delimiter}City\nAnn{delimiter}Köln\n".encode("cp1252"), delimiter=delimiter)
        assert "line 2 then says “Köln”" in source.described.warnings[0]


def test_iso_8859_1_is_covered_by_windows_1252() -> None:
    assert cells("Name,City\nJosé,Málaga\n".encode("latin-1")) == [["José", "Málaga"]]


def test_an_invalid_byte_far_behind_makes_the_whole_file_windows_1252() -> None:
    data = ("Name,Phone\n" + "Zoe,123456789\n" * 60_000).encode() + "Zoë,1\n".encode("cp1252")
    source = opened(data, row_limit=100_000)
    assert "line 60002 then says “Zoë”" in source.described.warnings[0]
    *_, last = source.records()
    assert last.cells == ["Zoë", "1"]


def test_a_utf_8_character_on_the_edge_of_a_block_stays_whole() -> None:
    for shift in range(4):
        data = "Name,Phone\n" + "x" * shift + "é" * 60_000 + ",1\n" + "é" * 60_000 + ",2\n" + "é" * 60_000 + ",3\n"
        source = opened(data)
        assert source.described.encoding == "UTF-8"
        assert [record.cells[1] for record in source.records()] == ["1", "2", "3"]


def test_a_file_that_breaks_the_promise_of_its_mark_is_refused_with_the_byte() -> None:
    with pytest.raises(UnreadableFile, match="says that it is UTF-16, but byte 23 is not"):
        opened("Name,Phone".encode("utf-16") + b"\x00\xd8\n\0")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_gives_the_best_header(delimiter: str) -> None:
    source = opened(delimited([["Name", "Phone", "City"], ["Lee, Ann; x", "1", "a|b\tc"]], delimiter=delimiter))
    assert source.described.delimiter == delimiter
    assert [record.cells for record in source.records()] == [["Lee, Ann; x", "1", "a|b\tc"]]


def test_the_first_line_may_name_the_delimiter() -> None:
    source = opened("sep=;\nName;Phone\nA,B;1\n")
    (record,) = source.records()
    assert (source.described.header_line, record.line, record.cells) == (2, 3, ["A,B", "1"])


def test_the_caller_may_name_the_delimiter() -> None:
    assert cells("Name:Phone\nA,B:1\n", delimiter=":") == [["A,B", "1"]]
    with pytest.raises(UnreadableFile, match="The delimiter must be one of"):
        opened("Name,Phone\n", delimiter='"')


def test_line_breaks_of_all_kinds_may_be_mixed() -> None:
    source = opened("Name,Phone\rA,1\r\nB,2\nC,3\r\rD,4")
    assert [(record.line, record.cells) for record in source.records()] == [
        (2, ["A", "1"]),
        (3, ["B", "2"]),
        (4, ["C", "3"]),
        (6, ["D", "4"]),
    ]


def test_quoted_line_breaks_and_quotes_belong_to_the_cell() -> None:
    source = opened('Name,Notes\n"A\r\nB","he said ""hi"""\nC,d\n')
    assert [(r.line, r.cells) for r in source.records()] == [(2, ["A\r\nB", 'he said "hi"']), (4, ["C", "d"])]


def test_quotes_that_are_not_doubled_stay_text() -> None:
    text = 'Name,Notes\nAnn,5" pipe\nBob,"a "quoted" word"\n'
    assert cells(text) == [["Ann", '5" pipe'], ["Bob", 'a quoted" word"']]


def test_quotes_that_are_not_doubled_are_remarked_on() -> None:
    text = 'Name,Phone,Notes\nAsha,1,"He said "call me" twice"\nBob,2,"a ""b"""\nCid,3,5" pipe\nDan,4,"x\n"y" z"\n'
    records = list(opened(text).records())
    assert records[0].cells == ["Asha", "1", 'He said call me" twice"']
    assert [[(change.code, change.position) for change in record.changes] for record in records] == [
        [("unescaped_quotes", 2)], [], [], [("unescaped_quotes", 2)],
    ]  # fmt: skip
    assert next(opened(text.encode("utf-16")).records()).changes == records[0].changes


def test_lines_before_the_header_are_kept_as_left_out() -> None:
    notes = 'Notes:\n"When exporting, some addresses are missing"\n\n,,,\n'
    source = opened(notes + "First Name,Email,Company\nAnn,a@example.com,Mills\n")
    assert source.described.header_line == 5
    assert [record.line for record in source.records()] == [6]
    assert source.described.left_out == ("Notes:", "When exporting, some addresses are missing")


def test_lines_after_the_rows_are_kept_as_left_out() -> None:
    text = "Name,Phone,City\nAnn,1,X\n\nBob,2,\n\nLeads by city,,\nCopyright (c) 2031 Example Ltd.\n"
    source = opened(text)
    assert [record.cells[0] for record in source.records()] == ["Ann", "Bob"]
    assert source.described.left_out == ("Leads by city", "Copyright (c) 2031 Example Ltd.")


def test_a_row_of_one_cell_among_others_is_a_row() -> None:
    assert cells("Name,Phone,City\nAnn,,\nBob,1,\n") == [["Ann", "", ""], ["Bob", "1", ""]]


@pytest.mark.parametrize("last", ["a@example.com,,", ",1,", "Ann;1;X"])
def test_a_last_row_of_one_cell_that_is_somebodys_is_a_row(last: str) -> None:
    assert len(cells(f"Name,Phone,City\nAnn,1,\n{last}\n")) == 2


def test_more_lines_of_one_cell_than_a_footer_has_are_rows() -> None:
    source = opened("Name,Phone,City\n" + "Ann\n" * 1000 + "Bob,1\nCid\n")
    assert len(list(source.records())) == 1001
    assert source.described.left_out == ("Cid",)


def test_the_header_once_more_is_left_out_with_a_warning() -> None:
    source = opened("Name,Phone\nAnn,1\nName,Phone\nBob,2\nName,Phone\n")
    assert [record.cells[0] for record in source.records()] == ["Ann", "Bob"]
    assert source.described.left_out == ("Name, Phone", "Name, Phone")
    assert source.described.warnings == ("Line 3 repeats the header; such lines were left out.",)


def test_what_was_found_is_told_once_however_often_the_rows_are_read() -> None:
    source = opened("Report\nName,Phone\nAnn,1\nName,Phone\n")
    assert len(list(source.records())) == len(list(source.records())) == 1
    assert source.described.left_out == ("Report", "Name, Phone")
    assert len(source.described.warnings) == 1


def test_two_readings_may_take_turns() -> None:
    source = opened("Name,Phone\n" + "".join(f"A{n},{n}\n" for n in range(50_000)), row_limit=50_000)
    assert all(one == other for one, other in zip(source.records(), source.records(), strict=True))


def test_blank_lines_and_lines_of_delimiters_are_passed_over() -> None:
    source = opened("Name,Phone\n\n,\n   ,\n \t, ,\u00a0\nAnn,1\n,,,,\n")
    assert [(record.line, record.cells) for record in source.records()] == [(6, ["Ann", "1"])]


def test_ragged_rows_are_rows() -> None:
    source = opened("Name,Phone,City\nAnn\nBob,1\nCid,2,X,,\nDan,3,12 High St, Flat 2\n")
    assert [len(record.cells) for record in source.records()] == [1, 2, 5, 4]


def test_a_row_with_another_delimiter_is_a_row_also_at_the_end() -> None:
    rows = [record.cells for record in opened("Name,Phone,City\nAnn,1,X\n\nBob;2;Y\n").records()]
    assert rows == [["Ann", "1", "X"], ["Bob;2;Y"]]


def test_duplicate_blank_and_odd_headers_stay_as_written() -> None:
    source = opened("\ufeffName , Email,Email,,📞 Phone,الاسم\nA,B,C,D,E,F\n")
    assert source.described.header == ["Name ", " Email", "Email", "", "📞 Phone", "الاسم"]


def test_a_quote_that_is_never_closed_is_refused_with_the_line_it_opens_on() -> None:
    source = opened('Name,Notes\nAnn,"ok\nok"\nBob,"never\nclosed\nCid,x\n')
    with pytest.raises(UnreadableFile, match="The quote that opens on line 4 of the file is never closed"):
        list(source.records())


def test_a_quote_that_swallows_a_large_file_is_refused_where_its_row_begins() -> None:
    source = opened('Name,Notes\nAnn,x\nBob,"never closed\n' + "Cid,x\n" * 200_000)
    with pytest.raises(UnreadableFile, match="The row that begins on line 3 has a cell or a line longer than 131,072"):
        list(source.records())


def test_a_line_without_end_is_refused_with_its_number() -> None:
    source = opened("Name,Notes\nAnn,x\n" + "y" * (CELL_LIMIT + 1) + "\n")
    with pytest.raises(UnreadableFile, match="begins on line 3 has a cell or a line longer"):
        list(source.records())
    with pytest.raises(UnreadableFile, match="begins on line 1 has a cell or a line longer"):
        opened(b"y" * 10_000_000)


def test_a_row_of_ever_more_quoted_lines_is_refused() -> None:
    source = opened("Name,Notes\n" + '"\n","\n",' * 400_000)
    with pytest.raises(UnreadableFile, match="The row that begins on line 2"):
        list(source.records())


def test_rows_are_bounded() -> None:
    assert len(cells("Name,Phone\nA,1\n\nB,2\n", row_limit=2)) == 2
    with pytest.raises(TooManyRows, match="A file may have 2 rows"):
        cells("Name,Phone\nA,1\nB,2\nC,3\n", row_limit=2)


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), max_size=12)
TABLES = st.lists(st.lists(TEXT, min_size=3, max_size=5), max_size=8)
DIALECTS = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from(",;\t|"),
        "quoting": st.sampled_from([0, 1]),
        "lineterminator": st.sampled_from(["\n", "\r\n", "\r"]),
    }
)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"])


@given(table=TABLES, dialect=DIALECTS, encoding=ENCODINGS)
@settings(max_examples=150, deadline=None)
def test_any_table_in_any_dialect_and_encoding_is_read_back_and_its_rows_fill_the_file(
    table: list[list[str]], dialect: dict[str, Any], encoding: str
) -> None:
    header = ["Name", "Phone", "Email", "City"]
    assume(all(sum(cell.strip() != "" for cell in cells) > 1 and cells != header for cells in table))
    # The writer of Python 3.11 leaves a line break of another kind than the dialect's without quotes.
    if any(char in cell for cells in table for cell in cells for char in "\r\n"):
        dialect = {**dialect, "quoting": 1}
    data = delimited([header, *table], **dialect).encode(encoding)
    source = opened(data)
    records = list(source.records())
    assert source.described.header == header
    assert [record.cells for record in records] == table
    head = delimited([header], **dialect).encode(encoding)
    begins = [len(head), *(record.end for record in records)]
    assert begins == [*(record.start for record in records), len(data)]
    assert all(start < end for start, end in pairwise(begins))


def test_a_span_is_the_row_itself_in_every_encoding() -> None:
    for encoding in ("utf-8", "cp1252", "utf-16", "utf-32"):
        data = 'Name,City\r\n"Zoë\n2",Köln\r\n\r\nJörg,Ü\n'.encode(encoding)
        file = io.BytesIO(data)
        spans = [data[record.start : record.end] for record in opened(file.getvalue()).records()]
        plain = encoding if encoding in ("utf-8", "cp1252") else f"{encoding}-le"
        assert [span.decode(plain) for span in spans] == ['"Zoë\n2",Köln\r\n', "Jörg,Ü\n"]
