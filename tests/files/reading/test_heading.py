"""Which line is the header: by what its cells name, by what the caller says, or the best guess there is."""

import pytest

from leadconnect.files.reading.errors import UnreadableFile
from leadconnect.files.reading.heading import HEADER_LINE_LIMIT, column_name, looks_like_row
from tests.files.reading.making import cells, opened, row, workbook


def test_unknown_headers_are_taken_for_the_header_and_said_to_be_a_guess() -> None:
    source = opened("Kundin;Rufnr.\nAnna;030 1234567\n")
    described = source.described
    assert (described.header, described.header_line, described.delimiter) == (["Kundin", "Rufnr."], 1, ";")
    assert (described.has_header, described.header_is_sure) == (True, False)
    assert "line 1 was taken for it; set headerLine" in described.warnings[0]
    assert [record.cells for record in source.records()] == [["Anna", "030 1234567"]]


@pytest.mark.parametrize(
    "data",
    [
        "Anna,030 1234567\nBernd,030 7654321\n",
        "Anna,anna@example.com\nBernd,\n",
        "Anna,12.03.1990\nBernd,1.4.1991\n",
        "Vikram,98765\nAsha,98766\n",
        "1,2\n4,5\n",
        "Anna,030 1234567\n",
        workbook(row(1, "Anna", "030 1234567") + row(2, "Bernd")),
    ],
)
def test_a_first_line_of_values_is_a_row_and_the_columns_get_letters(data: str | bytes) -> None:
    source = opened(data)
    described = source.described
    assert (described.header, described.header_line) == (["Column A", "Column B"], 0)
    assert (described.has_header, described.header_is_sure) == (False, False)
    assert next(source.records()).line == 1


def test_a_row_with_a_word_that_headers_have_is_no_header() -> None:
    assert not opened("Anna,030 1234567,Phone\nBernd,030 7654321,Phone\n").described.has_header


def test_a_header_with_a_day_in_it_stays_the_header() -> None:
    assert opened("Name,Phone,2031-03-04\nAnna,1,x\n").described.header_line == 1


def test_titles_above_an_unknown_header_are_left_out() -> None:
    source = opened("Kundenliste\n\nKundin,Rufnr.,Ort\nAnna,030 1234567,Köln\n")
    assert (source.described.header_line, source.described.left_out) == (3, ("Kundenliste",))


def test_the_caller_may_say_which_line_is_the_header() -> None:
    text = "Name,Phone\nKundin,Rufnr.\nAnna,030 1234567\n"
    source = opened(text, header_line=2)
    assert (source.described.header, source.described.header_is_sure) == (["Kundin", "Rufnr."], True)
    assert source.described.left_out == ("Name, Phone",)
    assert [record.line for record in source.records()] == [3]
    assert cells(workbook(row(1, "Name", "Phone") + row(5, "A", "B") + row(6, "x", "1")), header_line=5) == [["x", "1"]]


def test_the_caller_may_say_that_there_is_no_header() -> None:
    source = opened("Name,Phone\nAnna,1,more\n\n", header_line=0)
    assert source.described.header == ["Column A", "Column B", "Column C"]
    assert source.described.warnings == ()
    assert [(record.line, record.cells) for record in source.records()] == [
        (1, ["Name", "Phone"]),
        (2, ["Anna", "1", "more"]),
    ]
    named = opened("sep=;\nAnna;1\n", header_line=0)
    assert [(record.line, record.cells) for record in named.records()] == [(2, ["Anna", "1"])]


def test_a_header_line_beyond_the_leading_ones_is_found() -> None:
    text = "".join(f"note {number}\n" for number in range(1, HEADER_LINE_LIMIT)) + "Kundin,Rufnr.\nAnna,1\n"
    assert cells(text, header_line=HEADER_LINE_LIMIT) == [["Anna", "1"]]


@pytest.mark.parametrize("data", ['Name,Notes\nA,"x\ny"\n', workbook(row(1, "Name", "Phone") + row(4, "A", "1"))])
def test_a_header_line_on_which_no_row_begins_is_refused(data: str | bytes) -> None:
    with pytest.raises(UnreadableFile, match="headerLine is 3, but no row of the file begins on that line"):
        opened(data, header_line=3)


@pytest.mark.parametrize("header_line", [None, 0])
def test_a_file_of_blank_lines_has_no_header(header_line: int | None) -> None:
    with pytest.raises(UnreadableFile, match="No header line was found"):
        opened(",,\n  ,\n", header_line=header_line)


def test_names_of_columns_go_on_after_z() -> None:
    assert [column_name(at) for at in (0, 25, 26, 701, 702)] == [
        "Column A", "Column Z", "Column AA", "Column ZZ", "Column AAA",
    ]  # fmt: skip


def test_values_and_names_of_columns_are_told_apart() -> None:
    assert looks_like_row(["Anna", " +49 (30) 123-456 "])
    assert looks_like_row(["1", "", "2.5"])
    assert not looks_like_row(["E-mail 1", "Line 2", "2024"])
