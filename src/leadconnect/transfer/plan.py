"""Judging an import: which of its rows become leads, and what is wrong with the others. Nothing is written here."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec

from leadconnect.errors import MalformedRequest, ValidationFailed
from leadconnect.leads.fields import LeadInput
from leadconnect.transfer.models import FileLead, LeadImport
from leadconnect.transfer.reading.formats import Table, TooManyRows
from leadconnect.transfer.reading.recognise import Columns
from leadconnect.transfer.reading.rows import FileRow, read_rows
from leadconnect.wire import convert, decode


class Verdict(msgspec.Struct, frozen=True):
    """What becomes of a row, counted from 1: a lead, or else what is wrong with it, in people's words."""

    number: int
    lead: LeadInput | None
    error: str = ""


def split_json(body: bytes, *, row_limit: int) -> list[msgspec.Raw]:
    """Return the JSON texts of the rows of an import as JSON, unread.

    Raises:
        MalformedRequest: `body` is not JSON.
        ValidationFailed: it is no import, or one without rows; one message a fault.
        TooManyRows: it has more than `row_limit` rows; those beyond are not even counted.
    """
    rows: list[msgspec.Raw] = []
    try:
        given = _splitter(row_limit).decode(body)
        rows = [row for row in msgspec.structs.astuple(given.leads) if len(row)]
    except msgspec.ValidationError as error:
        if "at most length" in str(error):
            raise TooManyRows(f"An import may have {row_limit:,} rows; this one has more. Please split it.") from None
    except (msgspec.MsgspecError, RecursionError):
        pass
    if not rows or any(bytes(row).lstrip()[:1] != b"{" for row in rows):
        decode(body, LeadImport)  # says what is wrong
        raise MalformedRequest
    return rows


@lru_cache(maxsize=1)
def _splitter(row_limit: int) -> msgspec.json.Decoder[Any]:
    """Return a decoder of imports that gives up at the first row beyond `row_limit`.

    For msgspec a list has its bound checked when it is whole, but a struct that is written as an array has its items
    counted as they come. Missing rows are empty.
    """
    fields = [(f"row_{number}", msgspec.Raw, msgspec.field(default=msgspec.Raw())) for number in range(row_limit)]
    rows = msgspec.defstruct("Rows", fields, array_like=True, forbid_unknown_fields=True)
    return msgspec.json.Decoder(msgspec.defstruct("SplitImport", [("leads", rows)], forbid_unknown_fields=True))


def judge_json(rows: list[msgspec.Raw]) -> Iterator[Verdict]:
    """Yield what becomes of each of the rows of `split_json`.

    Raises:
        MalformedRequest: a row is not JSON.
    """
    for number, row in enumerate(rows, start=1):
        try:
            yield Verdict(number, decode(bytes(row), LeadInput))
        except ValidationFailed as error:
            yield Verdict(number, None, "; ".join(error.message))


def judge_file(table: Table, columns: Columns, *, today: date) -> Iterator[Verdict]:
    """Yield what becomes of each row of a file."""
    for row in read_rows(table, columns, today=today):
        errors = list(row.errors)
        lead = None
        if not errors:
            try:
                lead = convert(row.values, FileLead)
            except ValidationFailed as error:
                errors = [_by_title(message, columns) for message in error.message]
        yield Verdict(row.number, lead, " ".join(errors) + _place(row) if errors else "")


def _by_title(message: str, columns: Columns) -> str:
    """Return `message`, which begins with the wire's name of a field, with the file's name of it."""
    field, _, rest = message.partition(" ")
    if field not in columns.positions:
        return f"{message}."
    return f"{columns.title(field)} {rest}."


def _place(row: FileRow) -> str:
    """Return where the row stands, unless it is where one would look for it: a line a row, below the header on top."""
    return "" if row.line == row.number + 1 else f" (Line {row.line} of the file.)"
