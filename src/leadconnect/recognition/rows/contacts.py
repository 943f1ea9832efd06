"""The phone numbers and e-mail addresses in a cell: one, several, or both kinds in one."""

import re
from enum import IntEnum
from functools import cache, lru_cache

import msgspec
import phonenumbers
from phonenumbers import PhoneNumberMatcher
from phonenumbers.phonemetadata import PhoneMetadata

from leadconnect.wire import email_address

PHONE_LENGTH = 50
"""Characters of a phone number; the limit of a lead's field."""
CELL_LENGTH = 300
"""Characters of a cell that are searched for numbers and addresses."""
FEWEST_DIGITS = 3
"""Digits of the shortest number that is kept as one: a short code."""

SIMPLE = re.compile(r"(?:\+|00)?[0-9(][0-9 ().\-\xa0]{5,24}")
PUNCTUATION = dict.fromkeys(map(ord, " ().-\xa0"))
PREFIX = re.compile(r"(?:p|tel|phone|whatsapp|mob|mobile):\s*", re.IGNORECASE)
WHATSAPP_ADDRESS = re.compile(r"\+?(\d{7,15})(?::\d+)?@(?:s\.whatsapp\.net|c\.us)", re.IGNORECASE)
DECIMAL = re.compile(r"(\+?\d{7,})\.0+")
LOST_DIGITS = re.compile(r"\+?\d+(?:[.,]\d+)?[eE]\+?\d+")
EXTENSION = re.compile(r"[\s,]*(?:extn?\.?|x|#|durchwahl|dw\.?|poste)\s*\.?:?\s*\d{1,7}$", re.IGNORECASE)
NUMBER = re.compile(r"[+(]?\d[\d\s().\-–/]*")
SEPARATOR = re.compile(
    r"\s*(?:[;,|\n\r\t&]|:::|\s/\s|\s(?:or|and|oder|und|ou|et|y|o|या|और|أو|و)\s)\s*|(?<=\d{7})\s+(?=\+?\d{7})",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"[^\s@\"(),:;<>\[\]\\/|]+@[^\s@\"(),:;<>\[\]\\/|]+")
AROUND = " \t\xa0<>[]\"“”'.,;:"


class Quality(IntEnum):
    """How good a phone number is where it is dialled from: no number of any subscriber, the right length, or right."""

    IMPOSSIBLE = 0
    POSSIBLE = 1
    VALID = 2


class Contacts(msgspec.Struct):
    """What a cell holds: numbers with their quality, addresses, and the text that is neither."""

    phones: list[tuple[str, Quality]]
    emails: list[str]
    rest: str = ""


def is_simple_phone(text: str) -> bool:
    """Tell whether `text` is one phone number without letters, of a usual length."""
    return SIMPLE.fullmatch(text) is not None and 7 <= len(text.translate(PUNCTUATION).lstrip("+")) <= 15


def quality_of(number: str, region: str | None) -> Quality:
    """Return how good `number` is, dialled in `region`. Without a region a national number counts as valid: nothing
    speaks against it.
    """
    digits = number.translate(PUNCTUATION)
    if digits[:1] == "+" or digits[:2] == "00":
        rest = digits.lstrip("+") if digits[0] == "+" else digits[2:]
        for length in (2, 1, 3):
            pattern = _pattern_of_code(rest[:length])
            if pattern is not None and pattern.fullmatch(rest, length):
                return Quality.VALID
    elif region is None:
        return Quality.VALID if 7 <= len(digits) <= 15 else Quality.IMPOSSIBLE
    else:
        prefix, pattern = _pattern_of_region(region)
        if pattern.fullmatch(digits) or (
            prefix and digits.startswith(prefix) and pattern.fullmatch(digits, len(prefix))
        ):
            return Quality.VALID
    return _parsed_quality(number, region)


def _parsed_quality(number: str, region: str | None) -> Quality:
    if number.startswith("00") and _parsed_quality(f"+{number[2:]}", None) is Quality.VALID:
        return Quality.VALID
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return Quality.IMPOSSIBLE
    if phonenumbers.is_valid_number(parsed):
        return Quality.VALID
    return Quality.POSSIBLE if phonenumbers.is_possible_number(parsed) else Quality.IMPOSSIBLE


@lru_cache(maxsize=2_000)  # of ASCII digits there are 1,110; a number can have those of any script
def _pattern_of_code(code: str) -> re.Pattern[str] | None:
    """Return what the numbers behind the calling code look like, or ``None`` where there is no such code."""
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(code), ()) if code.isascii() and code.isdigit() else ()
    known = [region for region in regions if region in phonenumbers.SUPPORTED_REGIONS]
    return re.compile("|".join(map(_types, known))) if known and code[0] != "0" else None


@cache
def _pattern_of_region(region: str) -> tuple[str, re.Pattern[str]]:
    """Return the prefix of national numbers, and what the numbers of the region look like without it."""
    metadata = PhoneMetadata.metadata_for_region(region)
    return (metadata.national_prefix or "" if metadata else ""), re.compile(_types(region))


def _types(region: str) -> str:
    """Return the pattern of all types of numbers of the region, as the metadata of libphonenumber has them."""
    metadata = PhoneMetadata.metadata_for_region(region)
    if metadata is None:
        return r"(?!)"
    kinds = (
        metadata.fixed_line, metadata.mobile, metadata.toll_free, metadata.premium_rate, metadata.shared_cost,
        metadata.personal_number, metadata.voip, metadata.pager, metadata.uan, metadata.voicemail,
    )  # fmt: skip
    patterns = [kind.national_number_pattern for kind in kinds if kind is not None and kind.national_number_pattern]
    return "|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)"


def mended_phone(text: str) -> str:
    """Return `text` without what programs put around a phone number: ``p:``, an address of WhatsApp, ``.0``."""
    text = PREFIX.sub("", text, count=1) if PREFIX.match(text) else text
    address = WHATSAPP_ADDRESS.fullmatch(text)
    if address:
        return f"+{address[1]}"
    decimal = DECIMAL.fullmatch(text)
    return decimal[1] if decimal else text


def with_plus(number: str) -> str:
    """Return `number` with a plus in place of ``00`` where that makes it right; others stay as they are."""
    if number.startswith("00") and quality_of(number, None) is Quality.VALID:
        return f"+{number[2:].lstrip()}"
    return number


def contacts_in(cell: str, region: str | None) -> Contacts:
    """Return the numbers and addresses in `cell`, each once, in their order; what is neither is the rest."""
    found = Contacts([], [])
    rest = []
    for part in _parts(cell[:CELL_LENGTH]):
        left = _take_addresses(part, found)
        left = _take_numbers(left, region, found)
        if any(map(str.isalnum, left)):
            rest.append(left)
    found.rest = "; ".join(rest) + cell[CELL_LENGTH:]
    return found


def _parts(cell: str) -> list[str]:
    parts: list[str] = []
    for part in SEPARATOR.split(cell):
        halves = part.split("/")
        whole = len(halves) > 1 and all("@" in half or sum(map(str.isdigit, half)) >= 7 for half in halves)
        parts += halves if whole else [part]
    return parts


def _take_addresses(part: str, found: Contacts) -> str:
    """Move the e-mail addresses of `part` to `found`, numbers of WhatsApp to its numbers; return what is left."""
    if "@" not in part:
        return part

    def take(match: re.Match[str]) -> str:
        address = match[0].strip(AROUND)
        phone = WHATSAPP_ADDRESS.fullmatch(address)
        if phone:
            _add_phone(found, f"+{phone[1]}", quality_of(f"+{phone[1]}", None))
            return " "
        if email_address(address) is not None or len(address) > 255:
            return match[0]
        if address not in found.emails:
            found.emails.append(address)
        return " "

    left = ADDRESS.sub(take, re.sub(r"\bmailto:", " ", part, flags=re.IGNORECASE))
    return left.strip(AROUND)


def _take_numbers(part: str, region: str | None, found: Contacts) -> str:
    """Move the phone numbers of `part` to `found`; return what is left."""
    text = mended_phone(part.strip())
    if sum(map(str.isdigit, text)) < FEWEST_DIGITS or "@" in text:
        return part
    extension = EXTENSION.search(text)
    if NUMBER.fullmatch(text[: extension.start()] if extension else text) and len(text) <= PHONE_LENGTH:
        _add_phone(found, text, quality_of(text, region))
        return ""
    left = text
    for match in PhoneNumberMatcher(text, region, leniency=phonenumbers.Leniency.POSSIBLE):
        if len(match.raw_string) <= PHONE_LENGTH:
            _add_phone(found, match.raw_string, quality_of(match.raw_string, region))
            left = left.replace(match.raw_string, " ", 1)
    if left == text and len(text) <= PHONE_LENGTH and _parsed_quality(text, region) is Quality.VALID:
        _add_phone(found, text, Quality.VALID)  # such as 1-800-FLOWERS
        return ""
    return left.strip(AROUND + "()-/")


def _add_phone(found: Contacts, number: str, quality: Quality) -> None:
    number = with_plus(number)
    if all(number != other for other, _ in found.phones):
        found.phones.append((number, quality))
