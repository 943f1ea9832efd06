"""Quotes within a quoted cell that are not doubled (RFC 4180), which spreadsheets read all the same."""

import csv
import io

import msgspec

from leadconnect.files.reading.records import Change, Record

UNESCAPED = "unescaped_quotes"
MESSAGE = "has quotes that are not doubled; it was read as spreadsheets read it."


def with_quote_changes(record: Record, text: str, delimiter: str) -> Record:
    """Return `record`, which `text` says, with a change for the first cell with quotes where some are not doubled."""
    at = next((at for at, cell in enumerate(record.cells) if '"' in cell), None)
    if at is None:
        return record
    try:
        next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), None)
    except csv.Error:
        return msgspec.structs.replace(record, changes=(*record.changes, Change(UNESCAPED, at, MESSAGE)))
    return record
