"""Search: any lead that has the text in its name, address, phone or company, whatever the case.

What can be found is folded in Python alone, for leads and for what is searched, so that no locale of a server has a
say. A lead's text is indexed by its trigrams in core PostgreSQL: an array of codes under a GIN index, no extension
needed. The index narrows, a literal comparison decides. In scripts that write words in one or two signs, these count
as well.

A phone is found in any spelling: what is searched for as a phone is also compared by its digits, and the two spellings
of one number, with a country code and without, find each other when enough of it is given.
"""

import re
import unicodedata
import zlib
from collections.abc import Iterable
from datetime import date
from itertools import pairwise, repeat
from typing import Any
from uuid import UUID

import msgspec
import phonenumbers

from leadconnect.database.pool import Connection
from leadconnect.leads.models import LeadFilters, followup_days

GRAM = 3
"""Characters in a trigram; shorter text has none, and is looked for without the index."""
DENSE = "\u2e80"
"""From here on, Unicode's blocks are of Chinese, Japanese and Korean signs, and of rarer ones."""
FEWEST_DIGITS = 3
FEWEST_NATIONAL_DIGITS = 6
NATIONAL = "\x1f"
"""Stands before the digits of a phone that was written without a country code; nobody can search for it."""

PHONE_LIKE = re.compile(r"[\d +()./\-‐-―\u00a0\u2000-\u200b\u202f]+")
INTERNATIONAL = re.compile(r" *\(?(?:\+|00)")

FOUND = "select ids, total from search_leads($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"


class SearchTerm(msgspec.Struct, frozen=True):
    """What is looked for: any of the texts, each with the codes of its trigrams; none where it is too short."""

    texts: list[str]
    codes: list[list[int]]


def search_document(
    account_id: UUID, name: str, email: str | None, phone: str, company: str | None, *, also: Iterable[str] = ()
) -> tuple[str, list[int]]:
    """Return the text that search looks into for a lead, and the codes of its trigrams in no order.

    `also` has further texts by which the lead is found: other names, e-mail addresses and phones. Those that may be
    phones are found by their digits too.
    """
    others = [other for other in also if other]
    text = fold("\n".join((name, email or "", phone, company or "", *others))) + _digit_lines(phone)
    text += "".join(_digit_lines(other) for other in others if PHONE_LIKE.fullmatch(other))
    return text, _codes(account_id, text.split("\n"))


def search_term(account_id: UUID, search: str) -> SearchTerm:
    """Return what `search`, a text that is not empty, looks for."""
    texts = list(dict.fromkeys([fold(search), *_phone_texts(search)]))
    return SearchTerm(texts=texts, codes=[search_codes_of_term(account_id, text) for text in texts])


async def found_ids(
    connection: Connection,
    account_id: UUID,
    filters: LeadFilters,
    today: date | None,
    *,
    limit: int | None,
    offset: int,
) -> tuple[list[UUID], int]:
    """Return the ids of one page of what `filters` search for, newest first, and how many leads there are on all; no
    `limit` means all of them.
    """
    days = followup_days(filters.followup, today) if filters.followup and today else (None, None)
    (row,) = await connection.fetch(FOUND, *search_values(account_id, filters), *days, offset, limit)
    return row["ids"], row["total"]


def search_values(account_id: UUID, filters: LeadFilters) -> tuple[Any, ...]:
    """Return what the search function takes of `filters`, but for the days of a follow-up: texts and codes of the term,
    statuses, category, cities and sectors.
    """
    term = search_term(account_id, filters.search)
    narrowed = (filters.statuses or None, filters.category, filters.city_keys or None, filters.sector_keys or None)
    return term.texts, _arrays(term.codes), *narrowed


async def ids_with_any(connection: Connection, account_id: UUID, texts: list[str], *, limit: int) -> list[UUID]:
    """Return the ids of the newest leads that have any of `texts`, which are not empty, in what search looks into."""
    folded = [fold(text) for text in texts]
    codes = _arrays(search_codes_of_term(account_id, text) for text in folded)
    (row,) = await connection.fetch(FOUND, folded, codes, *[None] * 6, 0, limit)
    ids: list[UUID] = row["ids"]
    return ids


def _arrays(codes: Iterable[list[int]]) -> list[str | None]:
    """Return the codes of each text as PostgreSQL writes an array; None where there are none."""
    return [f"{{{','.join(map(str, own))}}}" if own else None for own in codes]


def search_codes_of_term(account_id: UUID, text: str) -> list[int]:
    """Return codes that every lead with the folded `text` has; none where the index cannot help.

    Trigrams side by side cover the text. The others would have the index read twice as much, and keep few leads from
    the comparison that decides.
    """
    if len(text) >= GRAM:
        starts = {*range(0, len(text) - GRAM, GRAM), len(text) - GRAM}
        return _crc(account_id, {text[start : start + GRAM].encode() for start in starts})
    return _crc(account_id, {text.encode()}) if text and all(sign >= DENSE for sign in text) else []


def fold(text: str) -> str:
    """Return `text` as it is compared: case folded, in Unicode NFC (Standard Annex #15)."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def digits_of(text: str) -> str:
    """Return the digits of `text`, of whatever script, as ASCII."""
    digits = "".join(filter(str.isdecimal, text))
    return digits if digits.isascii() else "".join(str(unicodedata.decimal(digit)) for digit in digits)


def _digit_lines(phone: str) -> str:
    """Return the lines of digits by which a lead's phone is found, each with a line break before it."""
    digits, is_international = _number(phone)
    if not digits:
        return ""
    if is_international:
        return f"\n{digits}"
    bare = digits.lstrip("0")
    return f"\n{NATIONAL}{bare}" if bare == digits else f"\n{digits}\n{NATIONAL}{bare}"


def _phone_texts(search: str) -> Iterable[str]:
    """Yield the digits to look for when `search` may be a phone: as they are, and in the other spelling."""
    if PHONE_LIKE.fullmatch(search) is None:
        return
    digits, is_international = _number(search)
    if len(digits) < FEWEST_DIGITS:
        return
    yield digits
    if is_international:
        bare = _without_country_code(digits).lstrip("0")
        if len(bare) >= FEWEST_NATIONAL_DIGITS:
            yield NATIONAL + bare
    else:
        bare = digits.lstrip("0")
        if bare != digits and len(bare) >= FEWEST_NATIONAL_DIGITS:
            yield bare


def _number(phone: str) -> tuple[str, bool]:
    """Return the digits of `phone`, without what only means "abroad" or "at home", and whether a country code leads."""
    if INTERNATIONAL.match(phone) is None:
        return digits_of(phone), False
    return digits_of(phone.replace("(0)", "")).removeprefix("00"), True


def _without_country_code(digits: str) -> str:
    """Return `digits` without the country calling code before them (ITU-T E.164), where there is one."""
    for size in (1, 2, 3):
        if digits[:size] and int(digits[:size]) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            return digits[size:]
    return digits


def _codes(account_id: UUID, lines: list[str]) -> list[int]:
    grams: set[bytes] = set()
    for line in lines:
        if line.isascii():  # a sign is a byte, and bytes are quicker to take apart
            signs = line.encode()
            grams.update([signs[at : at + GRAM] for at in range(len(signs) - GRAM + 1)])
            continue
        grams.update([line[at : at + GRAM].encode() for at in range(len(line) - GRAM + 1)])
        if max(line) >= DENSE:
            grams.update(sign.encode() for sign in line if sign >= DENSE)
            grams.update((a + b).encode() for a, b in pairwise(line) if a >= DENSE and b >= DENSE)
    return _crc(account_id, grams)


def _crc(account_id: UUID, grams: set[bytes]) -> list[int]:
    """Return the CRC-32 of each gram, in UTF-8, begun at one of the account's own, moved into PostgreSQL's signed
    integers.
    """
    own = zlib.crc32(account_id.bytes)
    return [code - 0x8000_0000 for code in map(zlib.crc32, grams, repeat(own))]
