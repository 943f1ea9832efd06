"""Numbers of a sheet as the sheet shows them: days, times, percentages, leading zeros."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from math import isinf

Show = Callable[[str], str]
"""From the text of a number in the XML to what is shown of it."""

BUILT_IN = {
    9: "0%", 10: "0.00%", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    **dict.fromkeys((*range(27, 32), 36, *range(50, 55), 57, 58), "yyyy-mm-dd"),
    **dict.fromkeys((32, 33, 34, 35, 55, 56), "h:mm:ss"),
}  # fmt: skip
"""The formats that a file names by number alone (ECMA-376 part 1, 18.8.30), as far as they matter here."""

NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
LITERALS = re.compile(r'"[^"]*"|\\.|\[(?![hms]+\])[^\]]*\]|_.|\*.|am/pm|a/p', re.IGNORECASE)
"""What in a format is no instruction: quoted and escaped text, colours and locales, padding, halves of the day."""
PERCENT = re.compile(r"[#0,]*(?:\.([#0]*))? ?%")
MASK = re.compile(r'(?:0+|#+|[ ()+\-/]|\\.|"[^"]*")+')
"""A format of digits and what stands between them, such as ``00000`` and ``(000) 000-0000``."""
MASK_PART = re.compile(r'0|#|\\(.)|"([^"]*)"|([ ()+\-/])')

WHOLE_LIMIT = 1e21
"""Whole numbers below this are written without exponent."""
DAYS_LIMIT = 2_958_466
"""The first day after the year 9999."""
EPOCH = datetime(1899, 12, 30)
EPOCH_1904 = datetime(1904, 1, 1)


def plain(text: str) -> str:
    """Return a number without format: whole ones without point or exponent, others to 15 digits, as Excel counts."""
    if text.isdigit() or NUMBER.fullmatch(text) is None:
        return text
    value = float(text)
    if abs(value) < WHOLE_LIMIT and value == int(value):
        return str(int(Decimal(text)))
    return text if isinf(value) else f"{value:.15g}".upper()


def shower(code: str, *, is_1904: bool) -> Show:
    """Return how the number format `code` (ECMA-376 part 1, 18.8.31) shows a number.

    Days and times become ISO 8601 without zone; percentages and masks of digits are shown as they say, and whatever
    else a format adds (thousands, currencies, decimals) is left off, so that no digit is lost.
    """
    first = code.split(";", 1)[0]
    bare = LITERALS.sub("", first).lower()
    if "general" in bare or "@" in bare:
        return plain
    if re.search(r"\[[hms]+\]", bare):
        return _duration
    has_time = re.search(r"[hs]", bare) is not None
    has_day = re.search(r"[yd]", bare) is not None or ("m" in bare and not has_time)
    if has_day or has_time:
        return _shower_of_instants(has_day=has_day, has_time=has_time, is_1904=is_1904)
    if percent := PERCENT.fullmatch(bare.strip()):
        return lambda text: _percent(text, len(percent[1] or ""))
    if MASK.fullmatch(first) and (first.count("0") > 1 or set(first) - {"0", "#"}):
        return lambda text: _masked(text, first)
    return plain


def _shower_of_instants(*, has_day: bool, has_time: bool, is_1904: bool) -> Show:
    def show(text: str) -> str:
        instant = instant_of(text, is_1904=is_1904)
        if instant is None:
            return plain(text)
        if float(text) < 1 and not (is_1904 and has_day):
            return _time(instant) if has_time else plain(text)
        if has_time and (instant.hour or instant.minute or instant.second or not has_day):
            return f"{instant.date().isoformat()} {_time(instant)}"
        return instant.date().isoformat()

    return show


def instant_of(text: str, *, is_1904: bool) -> datetime | None:
    """Return the instant that a serial number stands for, to the second; ``None`` where it stands for none.

    Excel counts 1900 as a leap year: its day 60 is not there, and days before it are one further from the epoch.
    """
    if NUMBER.fullmatch(text) is None:
        return None
    days = float(text)
    if not 0 <= days < DAYS_LIMIT - (1462 if is_1904 else 0) or (not is_1904 and 60 <= days < 61):
        return None
    epoch = EPOCH_1904 if is_1904 else EPOCH
    if not is_1904 and 1 <= days < 60:
        days += 1
    try:
        return epoch + timedelta(days=int(days), seconds=round(days % 1 * 86_400))
    except OverflowError:  # the last second of 9999, rounded up
        return None


def _time(instant: datetime) -> str:
    return instant.strftime("%H:%M:%S" if instant.second else "%H:%M")


def _duration(text: str) -> str:
    if NUMBER.fullmatch(text) is None or abs(float(text)) >= DAYS_LIMIT:
        return plain(text)
    seconds = round(abs(float(text)) * 86_400)
    sign = "-" if float(text) < 0 else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _percent(text: str, places: int) -> str:
    if NUMBER.fullmatch(text) is None:
        return text
    try:
        value = (Decimal(text) * 100).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    except InvalidOperation:
        return plain(text)
    return f"{value:f}%"


def _masked(text: str, mask: str) -> str:
    """Fill the digits of a whole number into `mask` from the right, as Excel does with zip codes and phones."""
    number = plain(text)
    if not number.isdigit():
        return number
    digits = list(number)
    parts = list(MASK_PART.finditer(mask))
    places = sum(part[0] in ("0", "#") for part in parts)
    shown: list[str] = []
    for part in reversed(parts):
        if part[0] in ("0", "#"):
            places -= 1
            if places == 0:
                shown.append("".join(digits) or ("0" if part[0] == "0" else ""))
            elif digits:
                shown.append(digits.pop())
            elif part[0] == "0":
                shown.append("0")
        else:
            shown.append(part[1] or part[2] or part[3] or "")
    return "".join(reversed(shown))
