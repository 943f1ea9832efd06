"""Cells as the text that a person sees, as the reader of ``.xlsx`` gives it."""

import re
from datetime import date, datetime, time, timedelta

from leadconnect.files.reading.workbook.numbers import plain

ISO_DURATION = re.compile(r"(-?)PT(\d{1,8})H(\d{1,2})M(\d{1,2})(?:[.,]\d+)?S")
"""A time of 24 hours and more, or below zero, as OpenDocument writes it."""
HALF_SECOND = timedelta(milliseconds=500)
Value = bool | int | float | str | datetime | date | time | timedelta


def text_of(value: Value, *, has_iso_durations: bool = False) -> str:
    """Return the text of a cell: days and times in ISO 8601 to the second, whole numbers without a decimal point.

    `has_iso_durations` says that durations come as text, as from OpenDocument files.
    """
    if isinstance(value, str):
        if has_iso_durations and (found := ISO_DURATION.fullmatch(value)):
            sign, hours, minutes, seconds = found.groups()
            return f"{sign}{int(hours)}:{minutes:0>2}:{seconds:0>2}"
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return plain(repr(value))
    if isinstance(value, timedelta):
        return _duration(value)
    if isinstance(value, datetime):
        return _instant(value)
    return _time(value) if isinstance(value, time) else value.isoformat()


def _instant(value: datetime) -> str:
    if value.microsecond:
        value = _rounded(value)
    clock = value.time()
    return f"{value.date().isoformat()} {_time(clock)}" if clock != time() else value.date().isoformat()


def _rounded(value: datetime) -> datetime:
    """Return `value` to the nearest second: the parser counts milliseconds of days that are fractions."""
    try:
        return (value + HALF_SECOND).replace(microsecond=0)
    except OverflowError:  # the last second of 9999
        return value.replace(microsecond=0)


def _time(value: time) -> str:
    if value.microsecond:
        value = _rounded(datetime.combine(date(2000, 1, 1), value)).time()
    return value.strftime("%H:%M:%S" if value.second else "%H:%M")


def _duration(value: timedelta) -> str:
    seconds = round(abs(value).total_seconds())
    sign = "-" if value < timedelta() else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
