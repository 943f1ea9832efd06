"""What a sheet says around its rows: merged cells, links, hidden columns, its size; and names of parts of all kinds."""

import io
import zipfile

import xlsxwriter  # type: ignore[import-untyped]

from leadconnect.files.reading.rejects import Rejected, write_rejects
from tests.files.reading.making import NAMESPACE, OFFICE, archive, cells, opened, row, workbook

HEADER = row(1, "Company", "Name", "Phone")


def sheet(rows: str, after: str = "", before: str = "") -> bytes:
    """Return a workbook whose sheet has this XML around its rows."""
    xml = f'<worksheet xmlns="{NAMESPACE}" xmlns:r="{OFFICE}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'
    return workbook(parts={"xl/worksheets/sheet1.xml": xml})


def merged(*references: str) -> str:
    """Return the XML of merged cells."""
    return f"<mergeCells>{''.join(f'<mergeCell ref={chr(34)}{one}{chr(34)}/>' for one in references)}</mergeCells>"


def test_merged_text_is_given_to_the_rows_of_the_merge_alone() -> None:
    rows = HEADER + row(2, "Acme", "Ann", "1") + row(3, "", "Bob", "2") + row(4, "", "Cy", "3") + row(5, "", "Dee", "4")
    assert cells(sheet(rows, merged("A2:A4", "B1:C1", "C4:C4"))) == [
        ["Acme", "Ann", "1"], ["Acme", "Bob", "2"], ["Acme", "Cy", "3"], ["", "Dee", "4"],
    ]  # fmt: skip


def test_a_merge_at_the_end_of_the_rows_lengthens_them() -> None:
    rows = HEADER + row(2, "A", "Ann", "1") + row(3, "B", "Bob") + row(4, "C")
    assert cells(sheet(rows, merged("C2:C4")))[1:] == [["B", "Bob", "1"], ["C", "", "1"]]


def test_rows_of_merged_text_alone_are_no_rows() -> None:
    rows = HEADER + row(2, "Acme", "Ann", "1") + '<row r="3"/><row r="4"><c r="A4" s="0"/></row>'
    assert len(cells(sheet(rows, merged("A2:A4")))) == 1


def test_a_block_of_rows_read_twice_gives_the_same_merged_text() -> None:
    source = opened(sheet(HEADER + row(2, "Acme", "Ann", "1") + row(3, "", "Bob", "2"), merged("A2:A3")))
    assert list(source.records()) == list(source.records())


def test_a_hostile_number_of_merged_cells_is_bounded() -> None:
    references = [f"{chr(65 + at % 26)}{at}:{chr(65 + at % 26)}1048576" for at in range(2, 5_000)]
    rows = HEADER + "".join(row(at, "A", "B", "1") for at in range(2, 3_000))
    assert len(cells(sheet(rows, merged(*references)))) == 2_998


def linked() -> bytes:
    """Return a workbook with links of all kinds, as a spreadsheet writes them."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    made = book.add_worksheet("Leads")
    made.write_row(0, 0, ["Name", "Email", "Notes"])
    made.write_url(1, 0, "mailto:vikram@example.com", string="Vikram")
    made.write_url(1, 2, "https://example.com/a?b=1&c=2", string="profile")
    made.write_url(2, 0, "internal:Leads!A1", string="Ann")
    made.write_formula(2, 1, '=HYPERLINK("mailto:ann@example.com?subject=Hi","Mail")', value="Mail")
    made.write_row(3, 0, ["Bob", "b@example.com"])
    book.close()
    return file.getvalue()


def test_links_of_cells_and_formulas_are_read_with_their_targets() -> None:
    records = list(opened(linked()).records())
    assert [record.cells[0] for record in records] == ["Vikram", "Ann", "Bob"]
    assert [record.links for record in records] == [
        ((0, "mailto:vikram@example.com"), (2, "https://example.com/a?b=1&c=2")),
        ((1, "mailto:ann@example.com?subject=Hi"),),
        (),
    ]


def test_links_are_kept_in_the_reject_file() -> None:
    source = opened(linked())
    records = list(source.records())
    again = b"".join(write_rejects(io.BytesIO(), source.described, [Rejected(one, "Wrong.") for one in records]))
    assert [record.links for record in opened(again).records()] == [record.links for record in records]


def test_hidden_columns_and_the_sizes_of_sheets_are_told() -> None:
    columns = '<cols><col min="2" max="3" hidden="1"/><col min="5" max="16384" hidden="true"/></cols>'
    data = sheet(HEADER + row(2, "A", "B", "1"), before=f'<dimension ref="A1:C2"/>{columns}')
    described = opened(data).described
    assert (described.hidden_columns, described.sheet_rows) == ((1, 2), (2,))
    assert opened(workbook(HEADER + row(2, "A", "B", "1"))).described.sheet_rows == (None,)


def test_parts_may_be_named_with_backslashes_and_in_any_case() -> None:
    data = workbook(HEADER + row(2, "A", "B", "1"), strings="<si><t>x</t></si>")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    backslashes = {name.replace("/", "\\"): part for name, part in parts.items()}
    upper = {name.upper(): part for name, part in parts.items()}
    assert cells(archive(backslashes)) == cells(archive(upper)) == [["A", "B", "1"]]
