"""Workbooks as spreadsheets and programs write them."""

import io
from datetime import date, datetime

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from leadconnect.files.reading.errors import TooManyRows, UnreadableFile
from leadconnect.files.reading.workbook.sheet import iso_shown
from tests.files.reading.making import NAMESPACE, cells, formats, opened, row, workbook

HEADER = row(1, "Name", "Phone", "City")


def test_a_workbook_of_a_spreadsheet_is_read_as_shown() -> None:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet("Leads")
    day, time = book.add_format({"num_format": "dd.mm.yyyy"}), book.add_format({"num_format": "dd.mm.yyyy hh:mm"})
    pin = book.add_format({"num_format": "000000"})
    sheet.write_row(0, 0, ["Name", "Phone", "Email", "City", "Date", "Notes"])
    sheet.write_row(1, 0, ["Zoë & <Co>", 919876543210, True, "नमस्ते\nline"])
    sheet.write_datetime(1, 4, datetime(2026, 7, 26), day)
    sheet.write_datetime(1, 5, datetime(2026, 7, 26, 9), time)
    sheet.write_number(2, 1, 1234, pin)
    sheet.write_formula(2, 2, '=B3&"x"', value="1234x")
    sheet.write_formula(2, 3, "=1/0", value="#DIV/0!")
    sheet.write_number(2, 4, 12.5)
    book.close()
    assert cells(file.getvalue()) == [
        ["Zoë & <Co>", "919876543210", "TRUE", "नमस्ते\nline", "2026-07-26", "2026-07-26 09:00"],
        ["", "001234", "1234x", "#DIV/0!", "12.5"],
    ]


def test_every_kind_of_cell_is_read() -> None:
    kinds = (
        '<row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2" t="n"><v>15</v></c><c r="C2" t="str"><f>A1</f><v>text</v></c>'
        '<c r="D2" t="b"><v>0</v></c><c r="E2" t="e"><v>#N/A</v></c><c r="F2" t="d"><v>2026-07-26T09:00:00</v></c>'
        '<c r="G2" t="inlineStr"><is><r><t>rich</t></r><r><rPr><b/></rPr><t xml:space="preserve"> text</t></r>'
        '<rPh sb="0" eb="1"><t>aid</t></rPh></is></c>'
        '<c r="H2" s="1"/></row>'
    )
    strings = (
        "<si><t>unused</t></si>"
        "<si><r><t>Ri</t></r><r><t>ch</t></r>"
        '<rPh sb="0" eb="1"><t>reading aid</t></rPh><phoneticPr fontId="1"/></si>'
    )
    data = workbook(HEADER + kinds, strings=strings, styles=formats("yyyy"))
    assert cells(data) == [["Rich", "15", "text", "FALSE", "#N/A", "2026-07-26 09:00", "rich text"]]


def test_escaped_characters_are_what_they_stand_for() -> None:
    data = workbook(row(1, "Name", "Phone") + row(2, "a_x000D_b", "_x005F_x0041_", "_xD800_"))
    assert cells(data) == [["a\rb", "_x0041_", "_xD800_"]]


def test_cells_and_rows_may_lack_their_references() -> None:
    data = workbook(
        f'{HEADER}<row><c t="str"><v>A</v></c><c r="C2"><v>3</v></c><c><v>4</v></c></row>'
        '<row r="9"><c><v>5</v></c><c><v>6</v></c></row>'
    )
    assert [(record.line, record.cells) for record in opened(data).records()] == [
        (2, ["A", "", "3", "4"]),
        (9, ["5", "6"]),
    ]


def test_a_prefix_before_every_name_changes_nothing() -> None:
    sheet = (
        f'<x:worksheet xmlns:x="{NAMESPACE}"><x:sheetData>'
        + (HEADER + row(2, "A", "1")).replace("<", "<x:").replace("<x:/", "</x:")
        + "</x:sheetData></x:worksheet>"
    )
    assert cells(workbook(parts={"xl/worksheets/sheet1.xml": sheet})) == [["A", "1"]]


def test_empty_rows_and_columns_before_the_table_and_around_it_are_minded() -> None:
    data = workbook(
        row(3, "", "Report of July")
        + row(5, "", "Name", "Phone")
        + row(6, "", "A", "1")
        + '<row r="7"><c r="B7" s="0"/><c r="XFD7" s="0"/></row>'
        + row(8, "", "B", "2")
    )
    source = opened(data)
    assert source.described.header == ["", "Name", "Phone"]
    assert (source.described.header_line, source.described.left_out) == (5, ("Report of July",))
    assert [(record.line, record.cells) for record in source.records()] == [(6, ["", "A", "1"]), (8, ["", "B", "2"])]


def test_the_text_of_merged_cells_applies_to_all_of_their_rows() -> None:
    sheet = (
        f'<worksheet xmlns="{NAMESPACE}"><cols><col min="1" max="1"/></cols><sheetData>{HEADER}'
        f'{row(2, "A", "1")}<row r="3"><c r="A3" s="0"/><c r="B3"><v>2</v></c><c r="C3" t="str"><v>X</v></c></row>'
        '</sheetData><mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells></worksheet>'
    )
    assert cells(workbook(parts={"xl/worksheets/sheet1.xml": sheet})) == [["A", "1"], ["A", "2", "X"]]


def test_the_first_sheet_that_is_not_hidden_is_read_or_the_one_that_is_named() -> None:
    sheets = {"Lists": row(1, "Name", "Phone") + row(2, "L", "0"), "Leads": HEADER + row(2, "A", "1")}
    data = workbook(sheets=sheets)
    listed = '<sheet name="Lists" q:id="rId1" state="hidden"/><sheet name="Leads" q:id="rId2"/>'
    named = f'<workbook xmlns="{NAMESPACE}" xmlns:q="urn:q"><sheets>{listed}</sheets></workbook>'
    hidden = workbook(sheets=sheets, parts={"xl/workbook.xml": named})
    assert cells(data) == [["L", "0"]]
    assert cells(hidden) == cells(data, sheet="leads") == [["A", "1"]]
    assert opened(hidden).described.sheets == ("Lists", "Leads")
    assert opened(hidden).described.sheet == "Leads"
    with pytest.raises(UnreadableFile, match=r"no sheet “Contacts”. Its sheets are: “Lists”, “Leads”"):
        opened(data, sheet="Contacts")


def test_a_sheet_without_header_says_which_other_sheets_there_are() -> None:
    with pytest.raises(
        UnreadableFile, match=r"No header line was found.*sheet “Read me”; the workbook also has “Leads”"
    ):
        opened(workbook(sheets={"Read me": row(1, "Fill in the next sheet"), "Leads": HEADER}))


def test_days_of_a_workbook_from_a_mac_are_counted_from_1904() -> None:
    data = workbook(
        HEADER + '<row r="2"><c r="A2" s="1"><v>44767</v></c><c r="B2"><v>1</v></c></row>',
        styles=formats("yyyy-mm-dd"),
        properties='date1904="1"',
    )
    assert cells(data) == [["2026-07-26", "1"]]


def test_hidden_rows_are_read_and_formulas_without_a_value_told() -> None:
    data = workbook(
        HEADER
        + '<row r="2" hidden="1"><c r="A2" t="str"><v>A</v></c><c r="B2"><v>1</v></c><c r="C2"><f>A2</f></c></row>'
    )
    source = opened(data)
    assert [record.cells for record in source.records()] == [["A", "1"]]
    assert source.described.warnings == (
        "Rows that are hidden in the sheet were read like the others: 1.",
        "A formula in row 2 has no value, so its cell was read as empty. "
        "Please open the workbook in your spreadsheet and save it.",
    )


def test_footers_repeated_headers_and_the_limit_hold_as_in_csv() -> None:
    data = workbook(HEADER + row(2, "A", "1") + row(3, "Name", "Phone", "City") + row(4, "B", "2") + row(6, "Total: 2"))
    source = opened(data, row_limit=2)
    assert [record.line for record in source.records()] == [2, 4]
    assert source.described.left_out == ("Name, Phone, City", "Total: 2")
    with pytest.raises(TooManyRows):
        cells(data, row_limit=1)


def test_strings_in_any_order_and_number_are_found() -> None:
    count = 5_000
    strings = "".join(f"<si><t>text {n} &amp; {'é' * (n % 90)}</t></si>" for n in range(count))
    order = [(n * 1_237) % count for n in range(count)]
    rows = "".join(f'<row r="{at}"><c t="s"><v>{n}</v></c><c><v>{n}</v></c></row>' for at, n in enumerate(order, 2))
    found = cells(workbook(HEADER + rows, strings=strings))
    assert found == [[f"text {n} & {'é' * (n % 90)}", str(n)] for n in order]


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("2026-07-26", "2026-07-26"),
        ("2026-07-26T00:00:00", "2026-07-26"),
        ("2026-07-26T09:05:07.5Z", "2026-07-26 09:05:07"),
    ],
)
def test_days_of_strict_workbooks_are_iso_already(raw: str, shown: str) -> None:
    assert iso_shown(raw) == shown


def test_a_day_of_every_month_comes_back() -> None:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": 14})
    days = [date(1901 + n * 3 % 130, n % 12 + 1, n % 28 + 1) for n in range(100)]
    sheet.write_row(0, 0, ["Name", "Date"])
    for at, one in enumerate(days, 1):
        sheet.write_string(at, 0, "A")
        sheet.write_datetime(at, 1, datetime(one.year, one.month, one.day), day)
    book.close()
    assert [found[1] for found in cells(file.getvalue())] == [one.isoformat() for one in days]
