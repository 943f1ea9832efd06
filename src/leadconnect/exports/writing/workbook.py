"""The workbook (Office Open XML, ECMA-376), a row at a time: its memory does not grow with the leads."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter  # type: ignore[import-untyped]

from leadconnect.exports.columns import Column, words
from leadconnect.exports.writing.job import Heading
from leadconnect.files.cells import is_hazard, literal, restore, restore_phone
from leadconnect.leads.catalogue import Kind

FIRST_DAY = date(1900, 3, 1)
"""Spreadsheets number the days from here on alike: some count a 29 February 1900. Earlier ones are written as text."""
SHEET = "Leads"


class CellTooLong(ValueError):
    """A text has more than the 32,767 characters that a cell takes."""


def write(leads: Iterable[Mapping[str, Any]], columns: Sequence[Column], target: Path, *, heading: Heading) -> int:
    """Write `leads`, with values by the keys of `columns` as JSON has them, to `target`; return how many they were. On
    the way, files as large as the uncompressed sheet stand in the folder of `target`.

    Text is text, whatever it looks like: ids and phone numbers too, and nothing is a formula or a link. Days and
    instants are dates of the spreadsheet. Spreadsheets know no time zones, so instants are in the account's, which
    their titles name.

    Raises:
        CellTooLong: nothing of use is at `target`.
    """
    options = {"constant_memory": True, "tmpdir": str(target.parent), "default_date_format": "yyyy-mm-dd"}
    book = xlsxwriter.Workbook(str(target), options)
    book.set_properties({"title": SHEET, "author": heading.company})
    sheet = _Sheet(book, columns, heading.time_zone)
    for lead in leads:
        sheet.add([lead[column.key] for column in columns])
    sheet.finish()
    book.close()
    return sheet.row_count


class _Sheet:
    """The sheet of leads, which grows by rows."""

    def __init__(self, book: xlsxwriter.Workbook, columns: Sequence[Column], time_zone: str) -> None:
        self.row_count = 0
        self._zone = ZoneInfo(time_zone)
        self._columns = columns
        self._sheet = book.add_worksheet(SHEET)
        self._formats = {
            Kind.TEXT: book.add_format({"num_format": "@"}),
            Kind.DATE: book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
            Kind.INSTANT: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"}),
        }
        self._quoted = book.add_format({"num_format": "@", "quote_prefix": True})
        bold = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E8EDF2"})
        for at, column in enumerate(columns):
            self._sheet.set_column(at, at, column.width, self._formats.get(column.kind, self._formats[Kind.TEXT]))
        self._sheet.freeze_panes(1, 0)
        for at, column in enumerate(columns):
            title = f"{column.title} ({time_zone})" if column.kind is Kind.INSTANT else column.title
            self._sheet.write_string(0, at, title, bold)

    def add(self, values: Sequence[Any]) -> None:
        """Write the next row."""
        self.row_count += 1
        for at, (column, value) in enumerate(zip(self._columns, values, strict=True)):
            if value is None or value == "":
                continue
            if column.kind in (Kind.DATE, Kind.INSTANT) and value >= FIRST_DAY.isoformat():
                moment = datetime.fromisoformat(value).astimezone(self._zone) if column.kind is Kind.INSTANT else None
                day = moment.replace(tzinfo=None) if moment else date.fromisoformat(value)
                self._sheet.write_datetime(self.row_count, at, day, self._formats[column.kind])
            else:
                self._write_text(at, column, words(value) if column.kind is Kind.CHOICE else str(value))

    def finish(self) -> None:
        """Let people filter what is there."""
        self._sheet.autofilter(0, 0, self.row_count, len(self._columns) - 1)

    def _write_text(self, at: int, column: Column, text: str) -> None:
        written = literal(text, restore_phone if column.kind is Kind.PHONE else restore)
        format_ = self._quoted if is_hazard(written) else self._formats[Kind.TEXT]
        if self._sheet.write_string(self.row_count, at, written, format_):
            raise CellTooLong(f"{column.title} in row {self.row_count + 1}")
