"""The query of an export."""

import pytest

from leadconnect.errors import ValidationFailed
from leadconnect.exports.columns import COLUMNS, NOTES, READABLE
from leadconnect.exports.models import LIMITS, MEDIA_TYPES, ExportFormat, ExportQuery, columns_of
from leadconnect.wire.query import decode_query


def read(query: str) -> ExportQuery:
    return decode_query(query.encode(), ExportQuery)


def test_a_query_without_a_format_wants_csv_with_all_columns() -> None:
    query = read("format=&page=9&limit=1")
    assert query.format is ExportFormat.CSV
    assert columns_of(query, query.format, has_notes=True) == COLUMNS


def test_every_format_has_a_media_type_and_limits() -> None:
    assert set(MEDIA_TYPES) == set(LIMITS) == set(ExportFormat) - {ExportFormat.PREFERRED}


def test_columns_come_in_the_order_they_are_named_in_and_once() -> None:
    query = read("columns=city, name&columns=city,additionalNotes")
    assert [column.key for column in columns_of(query, query.format, has_notes=False)] == [
        "city",
        "name",
        "additionalNotes",
    ]


def test_notes_are_left_out_for_whom_has_chosen_so() -> None:
    columns = columns_of(read(""), ExportFormat.CSV, has_notes=False)
    assert columns == tuple(column for column in COLUMNS if column is not NOTES)
    assert columns_of(read(""), ExportFormat.PDF, has_notes=True) == READABLE


def test_a_workbook_begins_with_the_name_and_ends_with_the_id() -> None:
    columns = columns_of(read(""), ExportFormat.XLSX, has_notes=True)
    assert (columns[0].key, columns[-1].key) == ("name", "id")
    assert set(columns) == set(COLUMNS)


@pytest.mark.parametrize("query", ["format=doc", "columns=colour", "bom=1", "colour=red", "status=lukewarm"])
def test_what_is_not_known_is_refused(query: str) -> None:
    with pytest.raises(ValidationFailed):
        read(query)


def test_what_is_meant_is_said_in_words() -> None:
    query = read("search=%20rao&status=hot,new&category=existing&city=Pune&followupDateFilter=due_soon&deleted=true")
    assert query.in_words() == (
        "Search: “rao” · Status: Hot, New · Category: Existing · City: Pune · Follow-up: due soon · Deleted: yes"
    )
    assert read("search=%20&city=").in_words() == ""
