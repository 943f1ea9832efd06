"""What search compares: the document of a lead, the terms of a search, and the codes that narrow the one by the other.

A document is lines of folded text. A search is words, in any order, each of which must occur in a line; several words
in quotation marks are one text. Text is indexed by the codes of its trigrams, see `docs/decisions/0007`. Pure.
"""

import re
import zlib
from collections.abc import Iterable, Iterator
from itertools import pairwise, repeat
from uuid import UUID

import msgspec

from leadconnect.leads.folding import APOSTROPHE, fold, fold_case, with_plain_quotes, words_of
from leadconnect.leads.phone_text import PHONE_LIKE, is_phone, lines_of_phone, texts_of_phone, without_link

DOCUMENT_VERSION = 2
"""Kept with each document; the background work makes documents of an older version again."""
GRAM = 3
"""Characters in a trigram; shorter text has none, and is looked for without the index."""
DENSE = "\u2e80"
"""From here on, Unicode's blocks are of Chinese, Japanese and Korean signs, and of rarer ones."""
CONTROL = re.compile(r"[\x00-\x1f]")
TOKEN = re.compile(r'(?<!\S)"(?P<quoted>[^"]*[^"\s][^"]*)"(?!\S)|(?P<word>\S+)')
APOSTROPHE_WITHIN = re.compile(rf"(?<=\w){APOSTROPHE}+(?=\w)")


class SearchTerm(msgspec.Struct, frozen=True):
    """What a search wants: a document that has all of `words`, and of each of `choices` at least one text.

    Of `choices`, those that the index can narrow come first. `word_codes` are codes that every document with all of
    the words has.
    """

    words: list[str]
    word_codes: list[int]
    choices: list["Choice"]

    def clauses(self) -> list[list[str]]:
        """Return lists of texts, of each of which a document must have at least one."""
        return [*([word] for word in self.words), *(choice.texts for choice in self.choices)]


class Choice(msgspec.Struct, frozen=True):
    """Spellings of one word, each with codes that every document with it has; no codes where one of them has none."""

    texts: list[str]
    codes: list[list[int]]


def search_document(
    account_id: UUID,
    name: str,
    email: str | None,
    phone: str,
    company: str | None,
    city: str | None = None,
    *,
    also: Iterable[str] = (),
) -> tuple[str, list[int]]:
    """Return the text that search looks into for a lead, and the codes of its trigrams in no order.

    The first line is the name. `also` has further texts by which the lead is found: other names, e-mail addresses and
    phones. Those that may be phones are found by their digits too.
    """
    others = [other for other in also if other]
    lines = [words_of(text) for text in (name, email or "", phone, company or "", city or "", *others)]
    if any(APOSTROPHE in line for line in lines):
        lines += [APOSTROPHE_WITHIN.sub("", line) for line in lines if APOSTROPHE_WITHIN.search(line)]
    lines += lines_of_phone(phone)
    for other in others:
        if PHONE_LIKE.fullmatch(fold(other)):
            lines += lines_of_phone(other)
    return "\n".join(lines), _codes(account_id, lines)


def search_term(account_id: UUID, search: str) -> SearchTerm:
    """Return what `search`, a text that is not empty, wants."""
    words: list[str] = []
    choices: list[list[str]] = []
    for clause in _clauses(search):
        if len(clause) == 1:
            words += clause
        else:
            choices.append(clause)
    words = _without_implied(list(dict.fromkeys(words)))
    codes = {code: None for word in words for code in search_codes_of_term(account_id, word)}
    made = [any_of(account_id, texts) for texts in choices]
    return SearchTerm(words, list(codes), sorted(made, key=lambda choice: not choice.codes))


def any_of(account_id: UUID, texts: list[str]) -> Choice:
    """Return the choice between folded `texts`."""
    codes = [search_codes_of_term(account_id, text) for text in texts]
    return Choice(texts, codes if all(codes) else [])


def search_codes_of_term(account_id: UUID, text: str) -> list[int]:
    """Return codes that every lead with the folded `text` has; none where the index cannot help.

    Trigrams side by side cover the text. The others would have the index read twice as much, and keep few leads from
    the comparison that decides.
    """
    text = text.removeprefix("\n")
    if len(text) >= GRAM:
        starts = {*range(0, len(text) - GRAM, GRAM), len(text) - GRAM}
        return _crc(account_id, {text[start : start + GRAM].encode() for start in starts})
    return _crc(account_id, {text.encode()}) if text and all(sign >= DENSE for sign in text) else []


def _clauses(search: str) -> Iterator[list[str]]:
    """Yield lists of texts, of each of which a document must have at least one."""
    search = with_plain_quotes(CONTROL.sub("\ufffd", search))
    folded = words_of(search)
    phone = without_link(folded)
    if is_phone(phone) and (phone != folded or not PHONE_LIKE.fullmatch(phone)):
        yield _phone(phone)  # a link, or a number with an extension
        return
    found = list(_words(search))
    numbers: list[str] = []
    for word, spellings in found:
        if not PHONE_LIKE.fullmatch(word):
            yield from _numbers(numbers)
            numbers = []
            yield spellings
            continue
        if word.lstrip("(").startswith("+"):  # another number begins
            yield from _numbers(numbers)
            numbers = []
        numbers.append(word)
    yield from _numbers(numbers)
    if not found:
        yield [search]  # signs alone that folding removes, which no document has


def _words(search: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the folded words of `search`, of which a quoted text is one, each with the spellings of it that documents
    may have: without apostrophes between letters, and with the accents that documents of version 1 have.
    """
    for found in TOKEN.finditer(search):
        text = found["quoted"] or found["word"]
        words = [words_of(text)] if found["quoted"] else fold(text).split()
        former = " ".join(fold_case(text).split())
        for word in filter(None, words):
            spellings = [word, APOSTROPHE_WITHIN.sub("", word), former if len(words) == 1 else word]
            yield word, list(dict.fromkeys(spellings))


def _numbers(words: list[str]) -> Iterator[list[str]]:
    """Yield what neighbouring words of digits want: a phone, or without a country code each of them anywhere."""
    text = " ".join(words)
    if not is_phone(text):
        yield from ([word] for word in words)
    elif len(words) == 1 or text.lstrip("(").startswith(("+", "00")):
        yield _phone(text)
    else:
        spellings = list(texts_of_phone(text))
        yield from (list(dict.fromkeys([word, *spellings])) for word in words)


def _phone(text: str) -> list[str]:
    return list(dict.fromkeys([text, *texts_of_phone(text)]))


def _without_implied(words: list[str]) -> list[str]:
    """Return `words` without those that are a part of another one."""
    return [word for word in words if not any(word in other for other in words if other is not word)]


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
