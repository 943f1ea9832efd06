"""Header names: how they are compared, what they are taken for, and by what a file's columns are known again."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256

from leadconnect.transfer.reading.records import OURS
from leadconnect.transfer.recognition.vocabulary.aliases import (
    ALIASES,
    HONORIFICS,
    OPT_OUTS,
    RUNNING_NUMBERS,
    WEAK_ALIASES,
)

HEADER_LENGTH = 200
"""Characters of a header that are looked at; a longer one is no header."""
HEADER_COUNT = 1_000
"""Columns that are looked at when a header line is searched for."""
TITLE_LENGTH = 60
"""Characters of a header that are shown."""
NUMBER_AT_THE_END = re.compile(r"\d+$")
PLACEHOLDER = re.compile("Column [A-Z]{1,3}")
INVISIBLE = re.compile("[\ufeff\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


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
    text = clean_header(header)
    if len(text) > HEADER_LENGTH:
        return ""
    if text.endswith(")") and "(" in text[1:]:
        text = text[: text.index("(", 1)]
    return "".join(char for char in unicodedata.normalize("NFKD", text).casefold() if char.isalnum())


def fingerprint(header: Sequence[str]) -> str:
    """Return by what the columns under `header` are known again: 32 hexadecimal digits, equal whatever the case, the
    outer spaces and a star at the end of each header. The columns that a reject file has more do not count.
    """
    names = (clean_header(cell).casefold().rstrip("* ") for cell in header if clean_header(cell) not in OURS)
    return sha256("\x1f".join(names).encode("utf-8", "surrogatepass")).hexdigest()[:32]


_TARGET_OF_KEY = {header_key(alias): target for target, aliases in ALIASES.items() for alias in (*aliases, target)}
_RUNNING_NUMBERS = frozenset(map(header_key, RUNNING_NUMBERS)) - {""}
_WEAK_ALIASES = frozenset(map(header_key, WEAK_ALIASES))
_HONORIFICS = frozenset(map(header_key, HONORIFICS))
_OPT_OUTS = frozenset(map(header_key, OPT_OUTS))


def target_of(header: str) -> str | None:
    """Return the target that a hand-made sheet means by `header`, with or without a number at its end."""
    key = header_key(header)
    return _TARGET_OF_KEY.get(key) or _TARGET_OF_KEY.get(NUMBER_AT_THE_END.sub("", key))


def is_running_number(header: str) -> bool:
    """Tell whether the column only counts the rows."""
    return header_key(header) in _RUNNING_NUMBERS or clean_header(header[:HEADER_LENGTH]) == "#"


def is_weak(header: str) -> bool:
    """Tell whether `header` means its target only where no other column does."""
    return header_key(header) in _WEAK_ALIASES


def is_honorific(text: str) -> bool:
    """Tell whether `text` is a word that stands before a name."""
    return header_key(text) in _HONORIFICS


def is_opt_out(header: str) -> bool:
    """Tell whether the column says who wants to be left alone."""
    return header_key(header) in _OPT_OUTS


def is_placeholder(header: str) -> bool:
    """Tell whether `header` is what a column without a header is called, such as ``Column A``."""
    return PLACEHOLDER.fullmatch(clean_header(header[:HEADER_LENGTH])) is not None
