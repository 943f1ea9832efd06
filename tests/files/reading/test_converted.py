"""Workbooks in other formats give the records of the same sheet as .xlsx."""

import tempfile
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadconnect.files.reading.converted.texts import text_of
from leadconnect.files.reading.errors import TooManyRows, UnreadableFile
from leadconnect.files.reading.records import FileFormat
from leadconnect.files.reading.workbook.numbers import shower
from tests.files.reading.making import cells, opened
from tests.files.reading.saving import SAVERS, Cell, as_ods, as_xls, as_xlsx, ods_of, serial

HEADER: list[Cell] = ["Name", "Phone", "Email", "Date", "Notes"]
ROWS: list[list[Cell]] = [
    ["Leads of the fair"],
    [],
    HEADER,
    ["Zoë Ångström", 919876543210, "zoe@example.com", date(2026, 7, 26), "two\nlines"],
    ["Ann & <Bob>", "00491234", None, datetime(2026, 7, 26, 9, 0), True],
    [None, None, "x@example.com", datetime(2026, 7, 26, 9, 0, 7), False],
    [],
    ["李伟 😀", 123456789012345, -7, timedelta(hours=36, minutes=5), 12.25],
    ["  spaces  ", 5, 0.1, time(12, 30), 1e22],
    ["Li", 0, "0", time(12, 30, 15), date(1999, 12, 31)],
]
EXPECTED = [
    ["Zoë Ångström", "919876543210", "zoe@example.com", "2026-07-26", "two\nlines"],
    ["Ann & <Bob>", "00491234", "", "2026-07-26 09:00", "TRUE"],
    ["", "", "x@example.com", "2026-07-26 09:00:07", "FALSE"],
    ["李伟 😀", "123456789012345", "-7", "36:05:00", "12.25"],
    ["  spaces  ", "5", "0.1", "12:30", "1E+22"],
    ["Li", "0", "0", "12:30:15", "1999-12-31"],
]


@pytest.mark.parametrize("ending", SAVERS)
def test_the_same_sheet_gives_the_same_records(ending: str) -> None:
    source, like = opened(SAVERS[ending]({"Leads": ROWS})), opened(as_xlsx({"Leads": ROWS}))
    records = list(source.records())
    assert [record.cells for record in records] == EXPECTED
    assert records == list(like.records())
    assert records == list(source.records())
    found, other = source.described, like.described
    assert (found.format, found.header, found.header_line) == (FileFormat(ending), HEADER, 3)
    assert found.left_out == other.left_out == ("Leads of the fair",)
    assert (found.sheet, found.sheets, found.sheet_rows) == (other.sheet, other.sheets, other.sheet_rows)
    assert found.warnings == other.warnings


@pytest.mark.parametrize("ending", SAVERS)
def test_a_sheet_and_a_header_line_can_be_chosen(ending: str) -> None:
    data = SAVERS[ending]({"First": [["Name"], ["Ann"]], "Second": [["Was"], ["Wer"], ["Bob"]], "Empty": []})
    source = opened(data)
    assert (source.described.sheets, source.described.sheet) == (("First", "Second", "Empty"), "First")
    assert source.described.sheet_rows[:2] == (2, 3)
    source = opened(data, sheet="SECOND", header_line=2)
    assert (source.described.sheet, source.described.header) == ("Second", ["Wer"])
    assert [record.cells for record in source.records()] == [["Bob"]]
    assert opened(data, sheet="Second", header_line=0).described.header == ["Column A"]
    with pytest.raises(UnreadableFile, match=r"no sheet “Third”\. Its sheets are: “First”, “Second”, “Empty”"):
        opened(data, sheet="Third")
    with pytest.raises(UnreadableFile, match="No header"):
        opened(data, sheet="Empty")
    with pytest.raises(UnreadableFile, match="headerLine is 9"):
        opened(data, header_line=9)


@pytest.mark.parametrize("ending", SAVERS)
def test_hidden_rows_cannot_be_left_out(ending: str) -> None:
    with pytest.raises(UnreadableFile, match=f"hiddenRows cannot be skip for a .{ending} file"):
        opened(SAVERS[ending]({"Leads": ROWS}), skips_hidden=True)


@pytest.mark.parametrize("ending", SAVERS)
def test_the_limit_of_rows_holds(ending: str) -> None:
    source = opened(SAVERS[ending]({"Leads": ROWS}), row_limit=5)
    with pytest.raises(TooManyRows, match="5 rows"):
        list(source.records())


def test_a_hidden_sheet_is_not_the_first_choice() -> None:
    data = as_xls({"Notes": [["Name"], ["x"]], "Leads": [["Name"], ["Ann"]]}, hidden=["Notes"])
    assert opened(data).described.sheet == "Leads"
    assert opened(data, sheet="Notes").described.sheet == "Notes"


def test_the_text_of_merged_cells_applies_to_each_row_of_an_xls_file() -> None:
    rows: list[list[Cell]] = [["Company", "Name"], ["Acme", "Ann"], [None, "Bob"], [None, None], ["", "Li"]]
    assert cells(as_xls({"Leads": rows}, merged=[(1, 3, 0, 0)])) == [["Acme", "Ann"], ["Acme", "Bob"], ["", "Li"]]


def test_repeated_rows_and_cells_of_an_ods_file() -> None:
    blank = '<table:table-cell table:number-columns-repeated="16000"/>'
    one = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    data = ods_of(
        f'<table:table table:name="Leads"><table:table-row>{one.format("Name")}{one.format("City")}</table:table-row>'
        f'<table:table-row table:number-rows-repeated="3">{one.format("Ann")}{blank}</table:table-row>'
        f'<table:table-row table:number-rows-repeated="1048000">{blank}</table:table-row></table:table>'
    )
    assert [(record.line, record.cells) for record in opened(data).records()] == [
        (2, ["Ann"]), (3, ["Ann"]), (4, ["Ann"]),
    ]  # fmt: skip


def test_zero_bytes_are_dropped() -> None:
    source = opened(as_xls({"Leads": [["Name", "City"], ["An\0n", "Pune"]]}))
    (record,) = source.records()
    assert (record.cells, record.changes[0].code) == (["Ann", "Pune"], "characters_dropped")


def test_nothing_is_left_in_the_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    source = opened(as_ods({"Leads": ROWS}))
    assert len(list(source.records())) == len(EXPECTED)
    assert list(tmp_path.iterdir()) == []


@given(st.datetimes(datetime(1900, 3, 1), datetime(9999, 12, 31)).map(lambda at: at.replace(microsecond=0)))
def test_an_instant_has_the_text_that_its_number_has_in_an_xlsx_file(instant: datetime) -> None:
    show = shower("yyyy-mm-dd hh:mm:ss", is_1904=False)
    assert text_of(instant) == show(repr(serial(instant)))


@given(
    st.timedeltas(timedelta(days=-10_000), timedelta(days=10_000)).map(lambda span: timedelta(span.days, span.seconds))
)
def test_a_duration_has_the_text_that_its_number_has_in_an_xlsx_file(span: timedelta) -> None:
    assert text_of(span) == shower("[h]:mm:ss", is_1904=False)(repr(serial(span)))


@given(st.datetimes(timezones=st.none()))
@settings(max_examples=300)
def test_fractions_of_a_second_are_rounded(instant: datetime) -> None:
    shown = text_of(instant)
    read = datetime.fromisoformat(shown)
    assert abs(read - instant) <= timedelta(milliseconds=500) or instant.replace(tzinfo=UTC).year == 9999


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("PT36H05M00S", "36:05:00"),
        ("-PT36H05M07.5S", "-36:05:07"),
        ("PT", "PT"),
        ("PT36H05M00S later", "PT36H05M00S later"),
    ],
)
def test_the_durations_of_an_ods_file(text: str, shown: str) -> None:
    assert text_of(text, has_iso_durations=True) == shown
    assert text_of(text) == text
