"""Reading the bytes of CSV files."""

import codecs
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadconnect.transfer.reading.formats import (
    CELL_LIMIT,
    Table,
    TooManyRows,
    UnreadableFile,
    UnsupportedFile,
    read_table,
)
from leadconnect.transfer.reading.recognise import header_score


def read(data: bytes | str, *, row_limit: int = 10_000) -> Table:
    return read_table(data.encode() if isinstance(data, str) else data, header_score, row_limit=row_limit)


def cells(table: Table) -> list[list[str]]:
    return [row.cells for row in table.rows]


PEOPLE = "Name,Phone Number,City\nZoë Müller,+49 30 1234567,Köln\n李雷,,北京\n"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (PEOPLE.encode(), "UTF-8"),
        (codecs.BOM_UTF8 + PEOPLE.encode(), "UTF-8"),
        (PEOPLE.encode("utf-16"), "UTF-16"),
        (codecs.BOM_UTF16_BE + PEOPLE.encode("utf-16-be"), "UTF-16"),
        (PEOPLE.encode("utf-32"), "UTF-32"),
    ],
)
def test_a_byte_order_mark_or_plain_utf_8_names_the_encoding(data: bytes, name: str) -> None:
    table = read(data)
    assert table.encoding == name
    assert table.header == ["Name", "Phone Number", "City"]
    assert cells(table) == [["Zoë Müller", "+49 30 1234567", "Köln"], ["李雷", "", "北京"]]


def test_what_is_not_utf_8_is_read_as_windows_1252_with_its_curly_quotes_and_euro_sign() -> None:
    table = read("Name,Phone,Notes\nZoë,1,“about 5 €”\n".encode("cp1252"))
    assert table.encoding == "Windows-1252"
    assert cells(table) == [["Zoë", "1", "“about 5 €”"]]


def test_bytes_that_no_usual_encoding_has_are_refused_with_their_place() -> None:
    with pytest.raises(UnreadableFile, match="Byte 12 of the file is neither UTF-8 nor Windows-1252"):
        read(b"Name,Phone\n\x81\n")


def test_a_file_that_breaks_the_promise_of_its_mark_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="says that it is UTF-8, but byte 15 is not"):
        read(codecs.BOM_UTF8 + b"Name,Phone\n\xff\n")


@pytest.mark.parametrize("data", [b"PK\x03\x04rest", b"%PDF-1.7", b"\x1f\x8b\x08", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_other_formats_are_refused_as_such(data: bytes) -> None:
    with pytest.raises(UnsupportedFile, match="not CSV"):
        read(data)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    table = read(delimiter.join(["Name", "Phone", "Notes"]) + "\n" + delimiter.join(["Asha", "1", "x"]))
    assert table.delimiter == delimiter
    assert cells(table) == [["Asha", "1", "x"]]


def test_an_excel_separator_line_names_the_delimiter_and_counts_as_a_line() -> None:
    table = read("sep=^\r\nName^Phone\r\nAsha, Ltd^1\r\n")
    assert (table.delimiter, table.header_line) == ("^", 2)
    assert [(row.line, row.cells) for row in table.rows] == [(3, ["Asha, Ltd", "1"])]


def test_lines_before_the_header_are_left_out() -> None:
    table = read(
        'Notes:\n"When exporting, some addresses are missing."\n,,,,\n\nFirst Name,Last Name,Email\nAsha,Rao,a@x.com'
    )
    assert (table.header_line, table.header) == (5, ["First Name", "Last Name", "Email"])
    assert [row.line for row in table.rows] == [6]


def test_quoted_cells_keep_line_breaks_delimiters_and_quotes() -> None:
    table = read('Name,Phone,Notes\r\nAsha,1,"one\r\ntwo\rthree\nsays ""hi"", bye"\r\nRavi,2,\r\n')
    assert [(row.line, row.cells) for row in table.rows] == [
        (2, ["Asha", "1", 'one\r\ntwo\rthree\nsays "hi", bye']),
        (6, ["Ravi", "2", ""]),
    ]


def test_inner_quotes_that_are_not_doubled_do_not_stop_the_file() -> None:
    assert cells(read('Name,Phone\nAsha "Ash" Rao,1\n')) == [['Asha "Ash" Rao', "1"]]


def test_all_line_endings_may_be_mixed() -> None:
    assert cells(read("Name,Phone\rA,1\r\nB,2\nC,3")) == [["A", "1"], ["B", "2"], ["C", "3"]]


def test_a_quote_that_is_never_closed_is_reported_with_its_line() -> None:
    rows = "".join(f"Person {number},{number},x\n" for number in range(100))
    with pytest.raises(UnreadableFile, match="The quote that opens on line 102 of the file is never closed"):
        read(f'Name,Phone,Notes\n{rows}Asha,1,"lost\n{rows}')


def test_a_quote_never_closed_in_the_last_line_without_line_break_is_reported_too() -> None:
    with pytest.raises(UnreadableFile, match="opens on line 3 of the file"):
        read('Name,Phone\nAsha,1\n"Ravi')


def test_a_cell_is_bounded_and_reported_by_the_first_line_of_its_row() -> None:
    filling = "x" * 99 + "\n"
    with pytest.raises(UnreadableFile, match="begins on line 3 has a cell or a line longer than 131,072 characters"):
        read('Name,Phone\nAsha,1\n"Ravi' + filling * (CELL_LIMIT // 100 + 1) + '",2\n')


def test_a_line_without_end_is_bounded() -> None:
    with pytest.raises(UnreadableFile, match="begins on line 3 has a cell or a line longer than 131,072 characters"):
        read("Name,Phone\nAsha,1\n" + "," * (CELL_LIMIT + 1))


def test_blank_rows_do_not_count() -> None:
    table = read("Name,Phone\n\n,,\nA,1\n  ,\t\nB,2\n", row_limit=2)
    assert [(row.line, row.cells[0]) for row in table.rows] == [(4, "A"), (6, "B")]


def test_one_row_more_than_the_limit_is_too_many() -> None:
    with pytest.raises(TooManyRows, match="A file may have 3 rows"):
        read("Name,Phone\n" + "A,1\n" * 4, row_limit=3)


@pytest.mark.parametrize("data", ["", "\n\n", "just some text\nwithout columns", "1,2,3\n4,5,6"])
def test_a_file_without_a_header_is_refused(data: str) -> None:
    with pytest.raises(UnreadableFile, match="No header line was found"):
        read(data)


CSV_ALPHABET = st.text(st.sampled_from('abNamePhone,;\t|"\r\n =+\0é李'), max_size=80)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.binary(max_size=300), CSV_ALPHABET.map(str.encode), CSV_ALPHABET.map(lambda t: t.encode("utf-16"))))
def test_any_bytes_are_read_or_refused_in_our_own_words(data: bytes) -> None:
    for given_bytes in (data, b"Name,Phone Number\n" + data, b"sep=;\nName;Email\n" + data):
        try:
            table = read(given_bytes, row_limit=5)
        except (UnreadableFile, UnsupportedFile, TooManyRows):
            continue
        assert len(table.rows) <= 5
        assert all(row.line > table.header_line for row in table.rows)


def test_the_header_is_looked_for_in_the_leading_records_alone() -> None:
    seen = 0

    def score(record: Sequence[str]) -> int:
        nonlocal seen
        seen += 1
        return header_score(record)

    with pytest.raises(UnreadableFile):
        read_table(b"nothing\n" * 100_000, score, row_limit=10)
    assert seen == 4 * 40
