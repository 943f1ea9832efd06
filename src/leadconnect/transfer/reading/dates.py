"""Calendar days as people and spreadsheets spell them."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

TIME = r"(?:[T ,][0-9:., +\-ZAPMGTUC]*)?"
"""A time of day and its offset after the day, which are left out."""
ISO_DAY = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + TIME, re.IGNORECASE)
COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
NUMERIC_DAY = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})" + TIME, re.IGNORECASE)
DAY_MONTH_YEAR = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|\.)?[-/ ,]{1,2}([A-Z]{3,9})\.?[-/ ,]{1,2}(\d{4}|\d{2})" + TIME, re.IGNORECASE
)
MONTH_DAY_YEAR = re.compile(r"([A-Z]{3,9})\.?[- ](\d{1,2})(?:st|nd|rd|th)?,?[- ](\d{4}|\d{2})" + TIME, re.IGNORECASE)
SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?")
EPOCH = re.compile(r"([1-4]\d{9})(\d{3})?")
"""Seconds or milliseconds since 1970, from 2001 to 2128, so that no mobile phone number in India passes for a day."""

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
          "december")  # fmt: skip
SERIAL_ORIGIN = date(1899, 12, 30)
"""Day 0 of the day numbers of spreadsheets, right from 1 March 1900 on (ECMA-376 part 1 §18.17.4.1)."""
PIVOT_YEAR = 69
"""Two-digit years from this one on are of the twentieth century (POSIX strptime ``%y``)."""
SPELLING_LENGTH = 64


class UnknownDay(Exception):
    """The text is no calendar day."""


def day_first(spellings: Iterable[str]) -> bool | None:
    """Return whether the days of one column are written day before month, as their numbers prove: a first part over 12
    says yes, a second part over 12 no. ``None`` when nothing is proved, or both.
    """
    proofs = set()
    for spelling in spellings:
        parts = NUMERIC_DAY.fullmatch(spelling.strip()[:SPELLING_LENGTH])
        if parts:
            first, second = int(parts[1]), int(parts[3])
            if (first > 12) != (second > 12):
                proofs.add(first > 12)
    return proofs.pop() if len(proofs) == 1 else None


def parse_day(spelling: str, *, is_day_first: bool, is_past: bool = False, today: date) -> date:
    """Return the day that `spelling` writes; a time of day after it is left out, an offset is not applied.

    Understands year first (``2026-07-26``, ``2026/7/26 9:00``, ``20260726``), three numbers (by `is_day_first`, unless
    only one order is possible), English month names (``12 Mar 2024``, ``15-Jan-24``, ``March 12, 2024``), day
    numbers of spreadsheets (``46280``) and seconds or milliseconds since 1970 (UTC). With `is_past`, a two-digit
    year that would lie after `today` is a century earlier.

    Raises:
        UnknownDay: anything else, and days that no calendar has.
    """
    text = spelling.strip()
    if len(text) > SPELLING_LENGTH or not text.isascii():
        raise UnknownDay
    try:
        found = _by_numbers(text, is_day_first) or _by_name(text) or _by_count(text)
    except (ValueError, OverflowError):
        raise UnknownDay from None
    if found is None:
        raise UnknownDay
    day, has_short_year = found
    if is_past and has_short_year and day > today:
        day = _century_earlier(day)
    return day


def _by_numbers(text: str, is_day_first: bool) -> tuple[date, bool] | None:
    parts = ISO_DAY.fullmatch(text)
    if parts:
        return date(int(parts[1]), int(parts[3]), int(parts[4])), False
    parts = COMPACT_DAY.fullmatch(text)
    if parts:
        return date(int(parts[1]), int(parts[2]), int(parts[3])), False
    parts = NUMERIC_DAY.fullmatch(text)
    if parts is None:
        return None
    first, second = int(parts[1]), int(parts[3])
    if first > 12 or second > 12:
        is_day_first = first > 12
    day, month = (first, second) if is_day_first else (second, first)
    return date(_year(parts[4]), month, day), len(parts[4]) == 2


def _by_name(text: str) -> tuple[date, bool] | None:
    parts = DAY_MONTH_YEAR.fullmatch(text)
    if parts:
        return date(_year(parts[3]), _month(parts[2]), int(parts[1])), len(parts[3]) == 2
    parts = MONTH_DAY_YEAR.fullmatch(text)
    if parts:
        return date(_year(parts[3]), _month(parts[1]), int(parts[2])), len(parts[3]) == 2
    return None


def _by_count(text: str) -> tuple[date, bool] | None:
    parts = SERIAL.fullmatch(text)
    if parts:
        return SERIAL_ORIGIN + timedelta(days=int(parts[1])), False
    parts = EPOCH.fullmatch(text)
    if parts:
        return datetime.fromtimestamp(int(parts[1]), UTC).date(), False
    return None


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (1900 if year >= PIVOT_YEAR else 2000)


def _month(name: str) -> int:
    for number, month in enumerate(MONTHS, start=1):
        if month.startswith(name.lower()):
            return number
    raise UnknownDay


def _century_earlier(day: date) -> date:
    try:
        return day.replace(year=day.year - 100)
    except ValueError:  # 29 February of 2000 has no counterpart in 1900
        raise UnknownDay from None
