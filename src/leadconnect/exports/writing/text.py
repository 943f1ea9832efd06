"""The CSV file: RFC 4180, but rows end in LF alone as the wire contract has it."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from leadconnect.exports.columns import COLUMNS, Column, values_of
from leadconnect.files.cells import neutralise, neutralise_phone
from leadconnect.leads.catalogue import Kind
from leadconnect.wire import instant

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""By this Excel knows UTF-8."""


class _Lines(list[str]):
    """Takes the records of a csv writer, whose CRLF at the end becomes LF.

    The writer is given CRLF because it quotes a cell for the characters of its line ending: so a lone CR is quoted too.
    """

    def write(self, record: str) -> None:
        self.append(record[:-2] + "\n")


def header_line(columns: Sequence[Column] = COLUMNS) -> bytes:
    """Return the header row."""
    return _encode([[column.title for column in columns]])


def encode_rows(
    rows: Iterable[Any], contact_names: Mapping[str, str] | None = None, columns: Sequence[Column] = COLUMNS
) -> bytes:
    """Return the lines of `rows`, as `columns.values_of` takes them."""
    phone_at = next((at for at, column in enumerate(columns) if column.kind is Kind.PHONE), None)
    return _encode(_cells(values, phone_at) for values in values_of(rows, columns, contact_names))


def cell(value: Any) -> str:
    """Return `value` as a cell: text neutralised, a day as ``YYYY-MM-DD``, an instant in UTC, nothing as blank."""
    if value is None:
        return ""
    if isinstance(value, str):
        return neutralise(value)
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _encode(rows: Iterable[Sequence[str]]) -> bytes:
    lines = _Lines()
    csv.writer(lines, lineterminator="\r\n").writerows(rows)
    return "".join(lines).encode()


def _cells(values: Sequence[Any], phone_at: int | None) -> list[str]:
    cells = [
        "" if value is None else value if type(value) is str and value[:1].isalnum() else cell(value)  # most, quickly
        for value in values
    ]
    if phone_at is not None:
        cells[phone_at] = neutralise_phone(values[phone_at])
    return cells
