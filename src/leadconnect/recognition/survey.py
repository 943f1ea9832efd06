"""One walk through a file before its columns are decided on: what fills each of them, and what that proves."""

import re
from collections import Counter
from datetime import date

import msgspec

from leadconnect.files.reading.records import Described, Record
from leadconnect.recognition.models import DateOrder
from leadconnect.recognition.rows.cells import is_blank, kept, unwrapped
from leadconnect.recognition.rows.contacts import (
    NUMBER,
    contacts_in,
    is_simple_phone,
    mended_phone,
)
from leadconnect.recognition.rows.dates import UnknownDay, is_ambiguous, order_of, parse_day
from leadconnect.wire import email_address

SAMPLE_COUNT = 3
LOOKED_AT = 100
"""Filled cells of a column whose kind is looked at, and phone numbers that are kept to find out their region."""
COUNTED_VALUES = 200
"""Different values of a column that are counted; a column with more has no list of them."""
SURVEYED_COLUMNS = 2_000
"""Columns that are surveyed; a file with more has no lead beyond."""

LIKE_A_NAME = re.compile(r"[^\W\d_][^\d_@/\\:;,!?() ]{0,25}(?:[ \u00a0][^\d_@/\\:;,!?()]{1,25}){0,4}")
"""Up to five words without digits or punctuation."""
ANY_DAY = date(2000, 1, 1)


class Proof(msgspec.Struct, frozen=True):
    """The first cell that can be a day in one order only, and its line."""

    line: int
    cell: str


class ColumnSurvey:
    """What one column holds. Its memory is bounded, however long the file is.

    `kinds` counts what the first cells look like: ``email``, ``phone``, ``mixed`` (an address and more), ``date``,
    ``url`` or ``text``; `distinct` has the first cells, `name_count` counts those that may be names, `full_name_count`
    those of several words. `numbers` are
    the first ones of those that look like phone numbers, each with its line. `orders` has for each order of days the
    first cell that proves it; columns without days are not searched to their end. `counts` has the cells by value, None
    once there are more than `COUNTED_VALUES` different ones.
    """

    __slots__ = (
        "counts", "distinct", "filled_count", "full_name_count", "has_ambiguous_days", "is_open", "kinds", "looked_at",
        "name_count", "numbers", "orders", "samples",
    )  # fmt: skip

    def __init__(self) -> None:
        self.filled_count = 0
        self.counts: Counter[str] | None = Counter()
        self.samples: list[str] = []
        self.kinds: Counter[str] = Counter()
        self.orders: dict[DateOrder, Proof] = {}
        self.numbers: list[tuple[int, str]] = []
        self.has_ambiguous_days = False
        self.looked_at = 0
        self.is_open = True
        self.distinct: set[str] = set()
        self.name_count = 0
        self.full_name_count = 0

    def count(self, cell: str) -> None:
        """Count a cell that is not blank, while its column has few different values."""
        self.filled_count += 1
        if self.counts is not None:
            self.counts[kept(cell.strip())] += 1
            if len(self.counts) > COUNTED_VALUES:
                self.counts = None

    def look(self, cell: str, line: int) -> None:
        """Look at a cell that is not blank, while there is something to learn."""
        if self.looked_at >= LOOKED_AT:
            self._look_for_order(cell, line)
            self.is_open = self.kinds["date"] > 0 and len(self.orders) < 2
            return
        text = unwrapped(cell.strip())
        if is_blank(text, is_name=False):
            return
        self.looked_at += 1
        self.distinct.add(kept(text))
        if len(self.samples) < SAMPLE_COUNT and kept(text) not in self.samples:
            self.samples.append(kept(text))
        self._tell_kind(text, line)
        self._look_for_order(text, line)

    def _look_for_order(self, text: str, line: int) -> None:
        if (order := order_of(text)) is not None:
            self.orders.setdefault(order, Proof(line, kept(text)))
        elif not self.has_ambiguous_days:
            self.has_ambiguous_days = is_ambiguous(text)

    def _tell_kind(self, text: str, line: int) -> None:
        phone = mended_phone(text.removeprefix("'"))
        if (is_simple_phone(phone) or _is_grouped_phone(phone)) and order_of(text) is None and not is_ambiguous(text):
            self.numbers.append((line, phone))
            self.kinds["phone"] += 1
        elif email_address(text) is None:
            self.kinds["email"] += 1
        elif "@" in text and contacts_in(text, None).emails:
            self.kinds["mixed"] += 1
        elif text.lower().startswith(("http://", "https://", "www.")):
            self.kinds["url"] += 1
        elif _is_day(text):
            self.kinds["date"] += 1
        else:
            self.kinds["text"] += 1
            if LIKE_A_NAME.fullmatch(text):
                self.name_count += 1
                self.full_name_count += " " in text

    @property
    def contact_count(self) -> int:
        """How many of the cells that were looked at hold a phone number or an e-mail address."""
        return self.kinds["phone"] + self.kinds["email"] + self.kinds["mixed"]

    def share_of(self, kind: str) -> float:
        """Return which part of the cells that were looked at is of the kind, from 0 to 1."""
        total = sum(self.kinds.values())
        return self.kinds[kind] / total if total else 0.0


class Survey:
    """What a file holds, gathered from its records in their order."""

    def __init__(self, described: Described) -> None:
        self.row_count = 0
        self.columns = [ColumnSurvey() for _ in described.header[:SURVEYED_COLUMNS]]
        self.nothing = ColumnSurvey()

    def add(self, record: Record) -> None:
        """Look at one more record."""
        self.row_count += 1
        for column, cell in zip(self.columns, record.cells, strict=False):
            if cell and not cell.isspace():
                column.count(cell)
                if column.is_open:
                    column.look(cell, record.line)

    def column(self, position: int) -> ColumnSurvey:
        """Return what the column holds; an empty one beyond those that are surveyed."""
        return self.columns[position] if position < len(self.columns) else self.nothing


def _is_grouped_phone(text: str) -> bool:
    """Tell whether `text` is one number with the marks that people put into phone numbers, such as ``030/1234567``."""
    return 7 <= sum(map(str.isdigit, text)) <= 15 and len(text) <= 30 and NUMBER.fullmatch(text) is not None


def _is_day(text: str) -> bool:
    if text.isdigit() and len(text) != 8:
        return False  # a number of a spreadsheet or a count of seconds says nothing by itself
    try:
        parse_day(text, is_day_first=True, today=ANY_DAY)
    except UnknownDay:
        return False
    return True
