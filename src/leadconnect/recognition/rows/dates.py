"""Calendar days as people and spreadsheets spell them."""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache

from babel import Locale

from leadconnect.recognition.models import DateOrder

TIME = r"(?:[T ,][0-9:., +\-ZAPMGTUC]*)?"
"""A time of day and its offset after the day, which are left out."""
YEAR = r"(\d{4}|\d{2})"
MONTH = r"([^\W\d_][^\d\s,،./-]{1,15}(?: [^\W\d_][^\d\s,،./-]{2,8})?)"
"""The name of a month, in one word or in two (``كانون الثاني``)."""
WEEKDAY = r"(?:[^\W\d_][^\d\s,،./-]{1,9},? )?"
ISO_DAY = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + TIME, re.IGNORECASE)
COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
NUMERIC_DAY = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|(?<! )\d{2})" + TIME, re.IGNORECASE)
"""Behind spaces the year has four digits: ``06 12 34 56 78`` is a phone number in France."""
DAY_MONTH_YEAR = re.compile(
    WEEKDAY + r"(\d{1,2})(?:st|nd|rd|th|er|[.º])?[-/ ,]{0,2}(?:de |of )?"
    + MONTH + r"\.?[-/ ,،]{0,2}(?:de |del )?" + YEAR + TIME, re.IGNORECASE
)  # fmt: skip
MONTH_DAY_YEAR = re.compile(WEEKDAY + MONTH + r"\.?[- ](\d{1,2})(?:st|nd|rd|th)?[,،]?[- ]" + YEAR + TIME, re.IGNORECASE)
SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?")
EPOCH = re.compile(r"([1-4]\d{9})(\d{3})?")
"""Seconds or milliseconds since 1970, from 2001 to 2128, so that no mobile phone number in India passes for a day."""
WITHOUT_YEAR = re.compile(r"-?-?(\d{1,2})[-/.](\d{1,2})\.?")
"""A birthday without its year, as address books write it: ``--03-12``, ``03/12``."""

NO_DAY = re.compile(r"0+(?:([-/. ])0+(?:\1(?:0+|1900))?)?|1900-0?1-0?0|0?0/0?1/1900|0?1/0?0/1900")
"""What databases and spreadsheets write for no day: ``0000-00-00``, ``0.0.00``, ``1900-01-00``."""
EMPTY_DAYS = frozenset({date(1899, 12, 30), date(1899, 12, 31)})
"""The days 0 and 1 of spreadsheets, which stand where a cell is empty."""
OF_MIDNIGHT = re.compile(r"[T ]0{1,2}:00(?::00)?(?:\.0+)?Z?$")

LANGUAGES = ("en", "de", "fr", "es", "hi", "ar", "ar_LB")
"""The months of these are known (Unicode CLDR); Lebanon's stand for those of the Levant."""
MORE_MONTHS = {
    "maerz": 3,
    "mrz": 3,
    "sept": 9,
    "set": 9,
    "setiembre": 9,
    "फरवरी": 2,
    "अप्रेल": 4,
    "सितम्बर": 9,
    "दिसम्बर": 12,
}
SERIAL_ORIGIN = date(1899, 12, 30)
"""Day 0 of the day numbers of spreadsheets, right from 1 March 1900 on (ECMA-376 part 1 §18.17.4.1)."""
PIVOT_YEAR = 69
"""Two-digit years from this one on are of the twentieth century (POSIX strptime ``%y``)."""
SPELLING_LENGTH = 64


class UnknownDay(Exception):
    """The text is no calendar day."""


def order_of(spelling: str) -> DateOrder | None:
    """Return in which order alone `spelling` can be a day: a first number over 12 is no month, a second one neither.
    ``None`` where it proves nothing.
    """
    parts = NUMERIC_DAY.fullmatch(spelling.strip()[:SPELLING_LENGTH])
    if parts is None:
        return None
    first, second = int(parts[1]), int(parts[3])
    if (first > 12) == (second > 12):
        return None
    day, month = (first, second) if first > 12 else (second, first)
    try:
        date(_year(parts[4]), month, day)
    except ValueError:  # a day that no calendar has proves nothing
        return None
    return DateOrder.DAY_FIRST if first > 12 else DateOrder.MONTH_FIRST


def is_ambiguous(spelling: str) -> bool:
    """Tell whether `spelling` is another day in the other order."""
    parts = NUMERIC_DAY.fullmatch(spelling.strip()[:SPELLING_LENGTH])
    return parts is not None and int(parts[1]) <= 12 and int(parts[3]) <= 12 and int(parts[1]) != int(parts[3])


def is_no_day(spelling: str) -> bool:
    """Tell whether `spelling` stands for an empty cell of days."""
    return NO_DAY.fullmatch(OF_MIDNIGHT.sub("", spelling.strip()[:SPELLING_LENGTH])) is not None


def parse_day(spelling: str, *, is_day_first: bool, is_past: bool = False, today: date) -> date:
    """Return the day that `spelling` writes; a time of day after it is left out, an offset is not applied.

    Understands year first (``2026-07-26``, ``2026/7/26 9:00``, ``20260726``), three numbers (by `is_day_first`, unless
    only one order is possible), names of months in six languages (``12 Mar 2024``, ``15-Jan-24``, ``March 12, 2024``,
    ``12 de marzo de 2024``), digits of any script, day numbers of spreadsheets (``46280``) and seconds or
    milliseconds since 1970 (UTC). With `is_past`, a two-digit year that would lie after `today` is a century earlier.

    Raises:
        UnknownDay: anything else, and days that no calendar has.
    """
    text = spelling.strip()
    if len(text) > SPELLING_LENGTH:
        raise UnknownDay
    found = _read(text, is_day_first)
    if found is None:
        raise UnknownDay
    day, has_short_year = found
    if is_past and has_short_year and day > today:
        day = _century_earlier(day)
    return day


@lru_cache(maxsize=4096)  # the days of one file are near each other
def _read(text: str, is_day_first: bool) -> tuple[date, bool] | None:
    """Return the day and whether its year has two digits."""
    try:
        return _by_numbers(text, is_day_first) or _by_name(text) or _by_count(text)
    except (ValueError, OverflowError, UnknownDay):
        return None


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
    month = _months().get(_folded(name))
    if month is None:
        raise UnknownDay
    return month


@cache
def _months() -> dict[str, int]:
    """Return the number of each month by its names and their abbreviations, folded."""
    known = {_folded(name): number for name, number in MORE_MONTHS.items()}
    for language in LANGUAGES:
        locale = Locale.parse(language)
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in locale.months[context][width].items():
                    known.setdefault(_folded(name), number)
    for number, name in Locale("en").months["format"]["wide"].items():
        for length in range(3, len(name)):
            known.setdefault(name[:length].lower(), number)
    return known


def _folded(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(char for char in letters if char.isalpha() or char == " ").strip()


def _century_earlier(day: date) -> date:
    try:
        return day.replace(year=day.year - 100)
    except ValueError:  # 29 February of 2000 has no counterpart in 1900
        raise UnknownDay from None
