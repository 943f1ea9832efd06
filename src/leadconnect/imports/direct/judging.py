"""Judging the rows of an import at once: which of them become leads, and what is wrong with the others. Pure."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec

from leadconnect.errors import FieldError, MalformedRequest, ValidationFailed
from leadconnect.files.reading.errors import TooManyRows
from leadconnect.imports.direct.models import LeadImport
from leadconnect.imports.file.recognising import File
from leadconnect.leads.fields import LeadInput
from leadconnect.recognition.models import DateOrder, Reading
from leadconnect.recognition.rows.columns import DATE_FIELDS
from leadconnect.recognition.rows.dates import UnknownDay, order_of, parse_day
from leadconnect.recognition.rows.reader import RowReader
from leadconnect.wire import convert, decode

SKIPPED = {
    "test_lead": "The row is a test lead.",
    "repeated_header": "The row repeats the header.",
    "total_row": "The row sums up others.",
    "deleted": "The row says that it was deleted where the file comes from.",
}
"""What is told of rows that are passed over."""
DROPPED = "Characters that cannot be stored (zero bytes, halves of surrogate pairs) are left out."
ESCAPES = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|\\(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|\\(?P<dropped>u0000|ufdd0)|\\.",
    re.DOTALL,
)
"""The escapes of a JSON text (RFC 8259 §7), pairs of surrogates first; what cannot be stored needs one."""
HALF = re.compile(rb"\\u[dD][89a-fA-F]")
"""What may be half a pair of surrogates."""
MARK = rb"\ufdd0"
"""Takes the place of half a pair of surrogates, with which a body is no JSON for msgspec; a character of no text."""
DAYS = msgspec.json.Decoder(msgspec.defstruct("Days", [(field, Any, None) for field in DATE_FIELDS]))
"""Reads the days of a row and passes over the rest."""


class Verdict(msgspec.Struct, frozen=True):
    """What becomes of a row, counted from 1: a lead, or else what is wrong with it, in words for people. A row that is
    the lead `duplicate_of` already has a `code` that says what both have.
    """

    number: int
    lead: LeadInput | None
    error: str = ""
    code: str = ""
    duplicate_of: UUID | None = None
    remark: str = ""
    errors: tuple[FieldError, ...] = ()


def split_json(body: bytes, *, row_limit: int) -> list[msgspec.Raw]:
    """Return the JSON texts of the rows of an import as JSON, unread.

    Raises:
        MalformedRequest: `body` is not JSON.
        ValidationFailed: it is no import, or one without rows; one message a fault.
        TooManyRows: it has more than `row_limit` rows; those beyond are not even counted.
    """
    rows = _split(body, row_limit)
    if not rows and HALF.search(body) is not None:
        rows = _split(readable(body), row_limit)
    if not rows or any(bytes(row).lstrip()[:1] != b"{" for row in rows):
        decode(body, LeadImport)  # says what is wrong
        raise MalformedRequest
    return rows


def _split(body: bytes, row_limit: int) -> list[msgspec.Raw]:
    """Return the rows of `split_json`; none where it is no import."""
    try:
        given = _splitter(row_limit).decode(body)
    except (msgspec.MsgspecError, RecursionError):
        return []
    rows = [row for row in msgspec.structs.astuple(given.leads) if len(row)]
    if len(rows) > row_limit:
        raise TooManyRows(f"An import may have {row_limit:,} rows; this one has more. Please split it.")
    return rows


@lru_cache(maxsize=1)
def _splitter(row_limit: int) -> msgspec.json.Decoder[Any]:
    """Return a decoder of imports that keeps one row more than `row_limit`, and passes over those beyond.

    A list is whole in memory before msgspec checks its bound, but a struct that is written as an array takes as many
    items as it has fields. Missing rows are empty.
    """
    fields = [(f"row_{number}", msgspec.Raw, msgspec.field(default=msgspec.Raw())) for number in range(row_limit + 1)]
    rows = msgspec.defstruct("Rows", fields, array_like=True)
    return msgspec.json.Decoder(msgspec.defstruct("SplitImport", [("leads", rows)], forbid_unknown_fields=True))


def readable(body: bytes) -> bytes:
    """Return a JSON text with a mark in the place of each half of a pair of surrogates."""
    return ESCAPES.sub(lambda found: MARK if found["half"] else found[0], body)


def storable(row: bytes) -> bytes:
    """Return the `readable` JSON text of a row without the zero bytes and marks in it, which cannot be stored."""
    if rb"\u0000" not in row and MARK not in row:
        return row
    return ESCAPES.sub(lambda found: b"" if found["dropped"] else found[0], row)


def _text_of(row: bytes) -> bytes:
    """Return the JSON text of a row as it can be read and stored."""
    if HALF.search(row) is not None:
        row = readable(row)
    return storable(row)


def judge_json(rows: list[msgspec.Raw], *, today: date) -> Iterator[Verdict]:
    """Yield what becomes of each of the rows of `split_json`. Days may be spelled as in files, and are read by the same
    rules: there are clients that read a file themselves and send its days as they stand there.

    Raises:
        MalformedRequest: a row is not JSON.
    """
    orders: dict[str, bool] = {}
    for number, row in enumerate(rows, start=1):
        text = _text_of(bytes(row))
        remark = DROPPED if len(text) < len(row) else ""
        try:
            yield Verdict(number, decode(text, LeadInput), remark=remark)
        except ValidationFailed as error:
            orders = orders or _date_orders(rows)
            verdict = _respelled(number, text, orders, today) or _refused(number, error)
            yield msgspec.structs.replace(verdict, remark=remark)


def _date_orders(rows: list[msgspec.Raw]) -> dict[str, bool]:
    """Return for each date field whether the rows write the day before the month: as the first one proves that does."""
    orders: dict[str, bool] = {}
    for row in rows:
        with suppress(msgspec.MsgspecError, RecursionError, UnicodeDecodeError):  # a later row may be no JSON
            days = msgspec.structs.asdict(DAYS.decode(row))
            for field, spelling in days.items():
                if isinstance(spelling, str) and (order := order_of(spelling)):
                    orders.setdefault(field, order is DateOrder.DAY_FIRST)
    return {field: orders.get(field, True) for field in DATE_FIELDS}


def _respelled(number: int, row: bytes, orders: dict[str, bool], today: date) -> Verdict | None:
    """Judge a row again with its days in the spelling of the wire; None where none is spelled otherwise."""
    given: dict[str, Any] = msgspec.json.decode(row)
    days: dict[str, str] = {}
    for field in DATE_FIELDS:
        with suppress(UnknownDay):
            if isinstance(spelled := given.get(field), str):
                is_past = field != "nextFollowupDate"
                day = parse_day(spelled, is_day_first=orders[field], is_past=is_past, today=today)
                days[field] = day.isoformat()
    if not any(given[field] != day for field, day in days.items()):
        return None
    try:
        return Verdict(number, convert(given | days, LeadInput))
    except ValidationFailed as error:
        return _refused(number, error)


def _refused(number: int, error: ValidationFailed) -> Verdict:
    return Verdict(number, None, error.text, errors=error.errors)


def judge_file(file: File) -> Iterator[Verdict]:
    """Yield what becomes of each row of a file."""
    reader = RowReader(file.mapping, file.source.described, today=file.today)
    for number, record in enumerate(file.source.records(), start=1):
        reading = reader.read(record)
        lead = reader.judge(reading) if reading.skip is None else None
        if isinstance(lead, LeadInput):
            yield Verdict(number, lead)
        else:
            yield Verdict(number, None, _told(reading) + _place(record.line, number))


def _told(reading: Reading) -> str:
    if reading.skip is not None:
        return SKIPPED.get(reading.skip, "The row is passed over.")
    return ". ".join(text for fault in reading.faults for text in (fault.message, fault.suggestion) if text)


def _place(line: int, number: int) -> str:
    """Return where a row stands, unless it is where one would look for it: a line a row, below the header on top."""
    return "" if line == number + 1 else f" (Line {line} of the file.)"
