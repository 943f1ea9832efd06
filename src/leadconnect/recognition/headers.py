"""Header names: how they are compared, what they are taken for, and by what a file's columns are known again."""

import re
import unicodedata
from collections.abc import Sequence
from enum import Enum
from functools import lru_cache
from hashlib import sha256

from leadconnect.files.reading.records import OURS
from leadconnect.leads.catalogue import CATALOGUE
from leadconnect.recognition.vocabulary.aliases import (
    ALIASES,
    CONTACT_PERSONS,
    HONORIFICS,
    PARTIES,
    RUNNING_NUMBERS,
    WEAK_ALIASES,
)
from leadconnect.recognition.vocabulary.languages import spellings
from leadconnect.recognition.vocabulary.opting_out import OPT_INS, OPT_OUTS, SUBSCRIPTION_STATUSES
from leadconnect.recognition.vocabulary.words import COUNTS, FILLERS, NO_NAMES, NO_PHONES, QUALIFIERS, TAILS

HEADER_LENGTH = 200
"""Characters of a header that are looked at; a longer one is no header."""
HEADER_COUNT = 1_000
"""Columns that are looked at when a header line is searched for."""
TITLE_LENGTH = 60
"""Characters of a header that are shown."""
NUMBER_AT_THE_END = re.compile(r"\d+$")
PLACEHOLDER = re.compile("Column [A-Z]{1,3}")
INVISIBLE = re.compile("[\ufeff\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
BRACKETS = re.compile(r"[(\[{][^)\]}]*[)\]}]?")
PART = re.compile(r"\s*[/|]\s*|\s+[-–—:&+]\s+|\s+(?:or|and|und|oder|et|ou|y|o|e|en|of)\s+", re.IGNORECASE)
"""What stands between two headers in one: ``Phone No./Mobile No.``, ``Phone - Mobile``."""
WORDS = re.compile(r"[^\W\d_]+|#")
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
MOST_WORDS = 14
"""Words of the longest header whose words are looked at one by one; a longer one is a sentence."""


def clean_header(header: str) -> str:
    """Return `header` for people: no byte order or direction marks, no outer spaces, inner ones (also non-breaking)
    single.
    """
    return " ".join(INVISIBLE.sub(" ", header).split())


def title_of(header: str, position: int) -> str:
    """Return what the column at `position`, counted from 0, is called in messages."""
    return clean_header(header[: HEADER_LENGTH + 1])[:TITLE_LENGTH] or f"Column {position + 1}"


def header_key(header: str) -> str:
    """Return what `header` is compared by: no suffix in brackets, no accents, letters and digits only, case folded."""
    return _key(header[: HEADER_LENGTH + 1])


@lru_cache(maxsize=4096)
def _key(header: str) -> str:
    text = unicodedata.normalize("NFKC", clean_header(header))
    if len(text) > HEADER_LENGTH:
        return ""
    if text.endswith(")") and "(" in text[1:]:
        text = text[: text.index("(", 1)]
    return _folded(text)


def _folded(text: str) -> str:
    """Return `text` without accents, letters and digits only, case folded."""
    return "".join(char for char in unicodedata.normalize("NFKD", text).casefold() if char.isalnum())


def fingerprint(header: Sequence[str]) -> str:
    """Return by what the columns under `header` are known again: 32 hexadecimal digits, equal whatever the case, the
    outer spaces and a star at the end of each header. The columns that a reject file has more do not count.
    """
    names = (clean_header(cell).casefold().rstrip("* ") for cell in header if clean_header(cell) not in OURS)
    return sha256("\x1f".join(names).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _known_headers() -> dict[str, str]:
    """Return the target of each known header by its key. English comes first, then the other languages."""
    found = {header_key(alias): target for target, aliases in ALIASES.items() for alias in (*aliases, target)}
    for field in CATALOGUE:
        found |= {header_key(alias): field.name for alias in (field.label, *field.aliases, field.name)}
    for entry in spellings():
        for header in entry.headers:
            found.setdefault(_key.__wrapped__(header), entry.target)
    return found


_TARGET_OF_KEY = _known_headers()
_RUNNING_NUMBERS = frozenset(map(header_key, RUNNING_NUMBERS)) - {""}
_WEAK_ALIASES = frozenset(map(header_key, WEAK_ALIASES))
_PARTIES = frozenset(map(header_key, PARTIES))
_PERSONS = frozenset(map(header_key, CONTACT_PERSONS))
_HONORIFICS = frozenset(map(header_key, HONORIFICS))


def target_of(header: str) -> str | None:
    """Return the target that a hand-made sheet means by `header`.

    What is not known as a whole is divided (``Phone No./Mobile No.``), and freed of numbers, of words around what it is
    about (``What is your …?``, ``alt …``) and of what stands in brackets.
    """
    return _target_of(header[: HEADER_LENGTH + 1])


@lru_cache(maxsize=4096)
def _target_of(header: str) -> str | None:
    key = header_key(header)
    if not key:
        return None
    found = _TARGET_OF_KEY.get(key) or _TARGET_OF_KEY.get(NUMBER_AT_THE_END.sub("", key))
    if found is not None:
        return found
    text = unicodedata.normalize("NFKC", clean_header(header))
    parts = [part for part in PART.split(BRACKETS.sub(" ", text)) if _folded(part)]
    if len(parts) < 2:
        return _by_words(text)
    targets = [_TARGET_OF_KEY.get(_folded(part)) or _by_words(part) for part in parts]
    if "phoneNumber" in targets:
        return "phoneNumber"
    is_one = all(target or not _rest(part, QUALIFIERS) for target, part in zip(targets, parts, strict=True))
    return targets[0] if is_one else _by_words(text)


def _by_words(text: str) -> str | None:
    """Return what `text` means by its words, fewer and fewer of them; none where only words around it are left."""
    words = _words(text)
    if not 0 < len(words) <= MOST_WORDS:
        return None
    for without in (frozenset(), FILLERS, FILLERS | QUALIFIERS):
        left = [word for word in words if word not in without]
        found = _TARGET_OF_KEY.get(_folded("".join(left)))
        if found is None and len(left) > 1 and left[-1] in COUNTS:
            of_rest = _TARGET_OF_KEY.get(_folded("".join(left[:-1])))
            found = of_rest if of_rest in ("phoneNumber", "email") else None
        if found is not None:
            return found
    return None


def _words(text: str) -> list[str]:
    words = [word.casefold() for word in WORDS.findall(CAMEL.sub(" ", BRACKETS.sub(" ", text)))]
    end = next((at for at, word in enumerate(words) if at and word in TAILS), len(words))
    return words[:end]


def _rest(text: str, without: frozenset[str]) -> list[str]:
    return [word for word in _words(text) if word not in without]


def is_running_number(header: str) -> bool:
    """Tell whether the column only counts the rows."""
    return header_key(header) in _RUNNING_NUMBERS or clean_header(header[:HEADER_LENGTH]) == "#"


def is_weak(header: str) -> bool:
    """Tell whether `header` means its target only where no other column does."""
    return header_key(header) in _WEAK_ALIASES


def is_party(header: str) -> bool:
    """Tell whether `header` means customers, who may be firms."""
    return header_key(header) in _PARTIES


def is_person(header: str) -> bool:
    """Tell whether `header` means the persons who speak for customers."""
    return header_key(header) in _PERSONS


def names_no_person(header: str) -> bool:
    """Tell whether `header` has a word that no column of names of leads has."""
    return not NO_NAMES.isdisjoint(_words(header[:HEADER_LENGTH]))


def numbers_no_phone(header: str) -> bool:
    """Tell whether `header` has a word of columns whose numbers are no phone numbers."""
    return not NO_PHONES.isdisjoint(_words(header[:HEADER_LENGTH]))


def is_honorific(text: str) -> bool:
    """Tell whether `text` is a word that stands before a name."""
    return header_key(text) in _HONORIFICS


class OptingOut(Enum):
    """By which values a column says that a person has opted out: by any but no, by no, or by the words of a status."""

    OUT = "out"
    IN = "in"
    STATUS = "status"


_OPTING_OUT = {
    header_key(header): kind
    for kind, headers in (
        (OptingOut.OUT, OPT_OUTS),
        (OptingOut.IN, OPT_INS),
        (OptingOut.STATUS, SUBSCRIPTION_STATUSES),
    )
    for header in headers
}


def opting_out(header: str) -> OptingOut | None:
    """Return how the column under `header` says who has opted out; ``None`` where it does not."""
    return _OPTING_OUT.get(header_key(header))


def is_opt_out(header: str) -> bool:
    """Tell whether the column says who has opted out, or who has not."""
    return header_key(header) in _OPTING_OUT


def is_placeholder(header: str) -> bool:
    """Tell whether `header` is what a column without a header is called, such as ``Column A``."""
    return PLACEHOLDER.fullmatch(clean_header(header[:HEADER_LENGTH])) is not None
