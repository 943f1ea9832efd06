"""Writing the workbook of an export."""

import io
import tempfile
import tracemalloc
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadconnect.exports.columns import BY_KEY, COLUMNS
from leadconnect.exports.writing import workbook
from leadconnect.exports.writing.job import Heading
from leadconnect.files.cells import restore, restore_phone
from leadconnect.wire.types import CONTROL_IN_LINES
from tests.exports.downloading import sheet
from tests.exports.writing.leads import lead

HEADING = Heading("Rao Traders", [], "", "en-IN", "Asia/Kolkata")
STORABLE = st.text(st.characters(exclude_categories=["Cs"]), max_size=40).filter(
    lambda x: not CONTROL_IN_LINES.search(x)
)
TEXT = STORABLE | st.text(st.sampled_from("'\"=+-@ \t\r\n,;＝\ufeffa1_x0D"), max_size=10)


def written(*leads: dict[str, Any]) -> bytes:
    """Return the workbook of `leads`."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "result"
        assert workbook.write(leads, COLUMNS, target, heading=HEADING) == len(leads)
        assert [path.name for path in Path(folder).iterdir()] == ["result"]
        return target.read_bytes()


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data)).active


def test_the_header_is_bold_stays_in_view_and_filters_all_rows() -> None:
    page = opened(written(lead(), lead()))
    assert [cell.value for cell in page[1]] == [
        *(column.title for column in COLUMNS[:-2]), "Created At (Asia/Kolkata)", "Updated At (Asia/Kolkata)",
    ]  # fmt: skip
    assert all(cell.font.bold for cell in page[1])
    assert (page.freeze_panes, page.auto_filter.ref) == ("A2", "A1:AC3")
    assert page.column_dimensions["A"].width > 36


def test_days_and_instants_are_dates_of_the_spreadsheet() -> None:
    given_lead = lead(dateOfBirth="1990-04-03", createdAt="2031-03-04T05:06:07.890Z")
    data = written(given_lead)
    row = dict(zip(BY_KEY, sheet(data)[1], strict=True))
    assert row["dateOfBirth"] == date(1990, 4, 3)
    assert row["createdAt"] == datetime(2031, 3, 4, 10, 36, 7, 890_000), "the clock of Kolkata"
    page = opened(data)
    assert (page["E2"].number_format, page["AB2"].number_format) == ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss")


def test_a_choice_is_written_in_words() -> None:
    row = dict(zip(BY_KEY, sheet(written(lead(leadSource="on_field", leadStatus="new")))[1], strict=True))
    assert (row["leadSource"], row["leadStatus"]) == ("On field", "New")


def test_a_day_before_those_that_spreadsheets_count_alike_is_text() -> None:
    days = ["1899-12-31", "1900-02-28", "1900-03-01"]
    rows = sheet(written(*[lead(dateOfBirth=day) for day in days]))[1:]
    assert [row[4] for row in rows] == ["1899-12-31", "1900-02-28", date(1900, 3, 1)]


@pytest.mark.parametrize("text", ["=1+1", "http://example.com", "mailto:a@example.com", "007", "1e5", "TRUE", "-2"])
def test_text_is_text_and_neither_formula_nor_link_nor_number(text: str) -> None:
    page = opened(written(lead(city=text, phoneNumber=text)))
    for cell in (page["F2"], page["C2"]):
        assert (cell.value, cell.data_type, cell.number_format, cell.hyperlink) == (text, "s", "@", None)


def test_what_could_be_run_once_it_is_edited_is_marked_as_text() -> None:
    page = opened(written(lead(city="=1+1", phoneNumber="+91 98765 43210", state="Goa")))
    assert [page[at].quotePrefix for at in ("F2", "C2", "G2")] == [True, False, False]


@settings(max_examples=60)
@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=5))
def test_any_text_is_read_again_as_it_was(texts: list[tuple[str, str]]) -> None:
    rows = sheet(written(*[lead(additionalNotes=notes, phoneNumber=phone) for notes, phone in texts]))[1:]
    assert [(restore(row[24]), restore_phone(row[2])) for row in rows] == texts


def test_a_text_that_no_cell_takes_is_an_error_and_not_cut() -> None:
    assert sheet(written(lead(additionalNotes="x" * 32_767)))[1][24] == "x" * 32_767
    with pytest.raises(workbook.CellTooLong, match="Additional Notes in row 2"):
        written(lead(additionalNotes="x" * 32_768))


def test_the_memory_does_not_grow_with_the_leads(tmp_path: Path) -> None:
    tracemalloc.start()
    try:
        leads = (lead(additionalNotes=f"{number} " * 20) for number in range(4_000))
        assert workbook.write(leads, COLUMNS, tmp_path / "result", heading=HEADING) == 4_000
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 3_000_000
