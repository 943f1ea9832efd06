"""The lines by which a phone is searched, in any spelling. Pure.

A line is the digits of a phone. Before those of a number without its country code stands `NATIONAL`, so that a country
code in the search matches only numbers that have one. Numbers with a country code have a second line without it.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

import phonenumbers

from leadconnect.leads.folding import fold

FEWEST_DIGITS = 3
FEWEST_INSIDE = 6
"""Digits without the zero in front that are searched inside of numbers; fewer must stand at their beginning."""
FEWEST_WITH_CODE = 11
"""Digits without a plus that may be a country code and a number: ``919876543210``."""
NATIONAL = "\x1f"
"""Stands before digits without a country code. Requests cannot have it: control characters are refused."""
CODED = "\x1e"
"""Stands before `NATIONAL` where the phone has a country code."""

PHONE_LIKE = re.compile(r"[\d +()./\-]+")
INTERNATIONAL = re.compile(r" *\(?(?:\+|00)")
LINK = re.compile(r"\s*(?:tel|callto|sms):(?://)?", re.IGNORECASE)
"""What a link to a phone begins with (RFC 3966)."""
LINK_PARAMETERS = re.compile(r";(?!ext=)[^;]*")
EXTENSION = re.compile(
    r"(?P<number>.*\d\W*?)\s*(?:;ext=|ext(?:ension|n)?\b\.?:?|x|#|durchwahl|dw\b\.?)\s*(?P<extension>\d{1,7})"
)
"""A number with an extension (RFC 3966 §5.3, and as people write it)."""


class Number(NamedTuple):
    """The digits of a phone, and whether a country code leads."""

    digits: str
    is_international: bool


def digits_of(text: str) -> str:
    """Return the digits of `text`, of whatever script, as ASCII."""
    digits = "".join(filter(str.isdecimal, text))
    return digits if digits.isascii() else fold(digits)


def without_link(text: str) -> str:
    """Return the phone in a link such as ``tel:+49-30-1234567;ext=12``; other text as it is."""
    rest, count = LINK.subn("", text, count=1) if LINK.match(text) else (text, 0)
    return LINK_PARAMETERS.sub("", rest) if count else text


def is_phone(folded: str) -> bool:
    """Tell whether the folded text can be a part of a phone: `FEWEST_DIGITS` digits and what stands between them."""
    found = EXTENSION.fullmatch(folded)
    number, fewest = (found["number"], FEWEST_INSIDE) if found else (folded, FEWEST_DIGITS)
    return PHONE_LIKE.fullmatch(number) is not None and len(digits_of(number)) >= fewest


def lines_of_phone(phone: str) -> list[str]:
    """Return the lines of digits by which a lead's phone is found."""
    digits, is_international = _number(fold(phone))
    if not digits:
        return []
    if is_international:
        national = _without_country_code(digits).lstrip("0")
        return [digits, CODED + NATIONAL + national] if national else [digits]
    bare = digits.lstrip("0")
    return [NATIONAL + bare] if bare == digits else [digits, NATIONAL + bare]


def texts_of_phone(folded: str) -> Iterator[str]:
    """Yield what to search in the lines of phones for the folded text of a phone: its digits, and the other spelling,
    with the country code or without. A line break stands for the beginning of a line.
    """
    digits, is_international = _number(folded)
    yield digits
    if is_international or len(digits) >= FEWEST_WITH_CODE:
        national = _without_country_code(digits)
        bare = national.lstrip("0")
        if len(bare) >= FEWEST_DIGITS and national != digits:
            yield f"\n{NATIONAL}{bare}"
    if not is_international:
        bare = digits.lstrip("0")
        if bare != digits and len(bare) >= FEWEST_DIGITS:
            yield bare if len(bare) >= FEWEST_INSIDE else NATIONAL + bare


def _number(folded: str) -> Number:
    """Return the number, without what only means "abroad" or "at home"."""
    phone = without_link(folded)
    if INTERNATIONAL.match(phone) is None:
        return Number(digits_of(phone), is_international=False)
    return Number(digits_of(phone.replace("(0)", "")).removeprefix("00"), is_international=True)


def _without_country_code(digits: str) -> str:
    """Return `digits` without the country calling code before them (ITU-T E.164), where there is one."""
    for size in (1, 2, 3):
        if digits[:size] and int(digits[:size]) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            return digits[size:]
    return digits
