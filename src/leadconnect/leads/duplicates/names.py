"""How alike two names are, of people and of companies, in whatever order, spelling and script. Pure.

Accents are no difference, nor are titles and legal forms. Names in two scripts are compared as they are transliterated,
which is rough: they can be found alike, but never different.
"""

import re
import unicodedata
from enum import IntEnum

from anyascii import anyascii
from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

TITLES = frozenset({
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "madam", "shri", "sri", "smt", "shrimati", "kumari",
    "herr", "frau", "monsieur", "madame", "mme", "mlle", "señor", "señora", "sr", "sra", "srta", "senor", "senora",
    "श्री", "श्रीमती", "डॉ", "السيد", "السيدة",
})  # fmt: skip
LEGAL_FORMS = frozenset({
    "pvt", "private", "ltd", "limited", "llp", "llc", "inc", "incorporated", "corp", "corporation", "co", "company",
    "plc", "pte", "pty", "gmbh", "mbh", "ag", "kg", "ohg", "ug", "ev", "sa", "sarl", "sas", "sl", "srl", "spa",
    "bv", "nv", "oy", "ab", "as", "aps", "kk", "pt",
})  # fmt: skip
LATIN = re.compile("[\u0000-\u024f\u1e00-\u1eff\u2000-\u206f]*")
BETWEEN_WORDS = re.compile(r"[\s.,;:/&()'’\"|_–-]+")
LONG_WORD = 6
"""Letters from which on a word has room for another letter or two."""
ALIKE_SHORT, ALIKE_LONG = 0.92, 0.85
"""From which Jaro-Winkler similarity on two words are spellings of one: Sara and Sarah, Mohammed and Mohammad are, Anna
and Anne, Ravi and Rani are not.
"""
PERHAPS_ALIKE = 0.8
"""Two words below this are two words."""
COMPANIES_ALIKE, COMPANIES_APART = 88, 50
"""Token set ratios in percent."""


class Alike(IntEnum):
    """How alike two names are. `UNCLEAR` speaks neither for one bearer nor for two."""

    DIFFERENT = 0
    UNCLEAR = 1
    SIMILAR = 2
    SAME = 3


def people(one: str, other: str) -> Alike:
    """Compare the names of two people.

    `SIMILAR` is a name within the other, word for word in any order, where an initial stands for a word: ``A. Rao`` and
    ``Dr. Rao, Asha``. Of names that share some words only, those that begin otherwise are `DIFFERENT`, as a family's.
    """
    if one == other and any(map(str.isalpha, one)):
        return Alike.SAME
    a, b, are_of_one_script = _words(one, other, TITLES)
    if not a or not b:
        return Alike.UNCLEAR
    if sorted(a) == sorted(b) or "".join(a) == "".join(b):
        return Alike.SAME
    few, many = sorted((a, b), key=lambda words: (len(words), words))
    rest = list(many)
    partners = 0
    for word in sorted(few, key=len, reverse=True):
        partner = next((each for each in rest if _is_spelling_of(word, each)), None)
        if partner is not None:
            rest.remove(partner)
            partners += 1
    if partners == len(few):
        return Alike.SIMILAR
    is_perhaps = all(any(_is_perhaps(word, each) for each in many) for word in few)
    is_perhaps = is_perhaps or (partners > 0 and _is_perhaps(a[0], b[0]))
    return Alike.UNCLEAR if is_perhaps or not are_of_one_script else Alike.DIFFERENT


def companies(one: str | None, other: str | None) -> Alike:
    """Compare the names of two companies; one that is not known is `UNCLEAR`. Initials stand for the words."""
    a, b, are_of_one_script = _words(one or "", other or "", LEGAL_FORMS)
    if not a or not b:
        return Alike.UNCLEAR
    if sorted(a) == sorted(b) or "".join(a) == "".join(b):
        return Alike.SAME
    ratio = fuzz.token_set_ratio(" ".join(a), " ".join(b))
    if ratio >= COMPANIES_ALIKE or _initials(a) == b or _initials(b) == a:
        return Alike.SIMILAR
    return Alike.DIFFERENT if ratio < COMPANIES_APART and are_of_one_script else Alike.UNCLEAR


def bare_name(name: str) -> list[str]:
    """Return the words of a person's name without titles, as they are written."""
    words = [word for word in BETWEEN_WORDS.split(name) if word]
    return [word for word in words if word.casefold() not in TITLES] or words


def _words(one: str, other: str, dropped: frozenset[str]) -> tuple[list[str], list[str], bool]:
    """Return the words of both texts as they are compared, and whether they are of one script."""
    texts = [unicodedata.normalize("NFKC", text).casefold() for text in (one, other)]
    latin = [LATIN.fullmatch(text) is not None for text in texts]
    words = [[word for word in BETWEEN_WORDS.split(text) if word] for text in texts]
    words = [[word for word in own if word not in dropped] or own for own in words]
    if any(latin):  # of two names in another script each sign counts; many are transliterated alike
        words = [[plain for word in own if (plain := anyascii(word).casefold())] for own in words]
    return words[0], words[1], latin[0] == latin[1]


def _is_spelling_of(one: str, other: str) -> bool:
    if one == other:
        return True
    if 1 in (len(one), len(other)):
        return one[0] == other[0]
    needed = ALIKE_LONG if min(len(one), len(other)) >= LONG_WORD else ALIKE_SHORT
    return JaroWinkler.similarity(one, other) >= needed


def _is_perhaps(one: str, other: str) -> bool:
    return JaroWinkler.similarity(one, other) >= PERHAPS_ALIKE


def _initials(words: list[str]) -> list[str]:
    return ["".join(word[0] for word in words)] if len(words) > 2 else []
