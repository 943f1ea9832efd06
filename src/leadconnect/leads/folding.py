"""Fold text to the form in which search compares it. Pure; `fold` is the entry.

Leads and search terms are folded by the same function, in Python alone, so that no locale of a database matters.
"""

import re
import unicodedata

APOSTROPHE = "'"
_APOSTROPHES = "`´ʹʻʼʽˈ‘’‛′＇՚׳"
_QUOTES = "“”„‟«»″＂״〝〞"
_DASHES = "‐‑‒–—―−﹘﹣－־⁃"
_TO_PLAIN_QUOTES = dict.fromkeys(map(ord, _QUOTES), '"')
_BEFORE = {
    **_TO_PLAIN_QUOTES,
    **dict.fromkeys(map(ord, _APOSTROPHES), APOSTROPHE),
    **dict.fromkeys(map(ord, _DASHES), "-"),
}
"""Replaced before normalization, which takes some of them apart."""

_MARKS = re.compile(
    "(?<![\u0400-\u052f])[\u0300-\u036f]"  # Latin and Greek: accents, tonos, iota subscript
    "|(?<=[Ее])\u0308|(?<=[АЕИОУЫЭЮЯІаеиоуыэюяі])[\u0300\u0301]"  # Cyrillic: ё and stress; й, ї and ў are letters
    "|[\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]"  # more accents; variation selectors
    "|[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7]"  # Hebrew points
    "|[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0640]"  # Arabic, kashida
)
"""Marks that people leave out. Those of other scripts, such as the vowel signs of Hindi and Thai, are letters."""

_INVISIBLE = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
_AFTER = {
    **_BEFORE,  # again, for normalization makes some of them
    **{ord(letter): plain for letter, plain in zip("øłđðħŧŋıĸ", "olddhtnik", strict=True)},
    **{ord("æ"): "ae", ord("œ"): "oe", ord("þ"): "th"},
    # Arabic, Persian and Urdu: alef wasla, alef maksura and Farsi yeh, keheh, teh marbuta, the two other hehs.
    **{ord(letter): plain for letter, plain in zip("ٱىیکةھہە", "اييكهههه", strict=True)},
    # Katakana and its iteration marks to hiragana.
    **{code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)},
}
_ANY_INVISIBLE = re.compile(f"[{_INVISIBLE}]")
_ANY_DIGIT = re.compile(r"(?![0-9])\d")


def fold(text: str) -> str:
    """Return `text` without case, accents and width, in Unicode NFC (Standard Annex #15).

    ``Müller`` is ``muller``, ``Łódź`` is ``lodz``, ``ß`` is ``ss``, ``ё`` is ``е``, ``ｶﾞ`` and ``ガ`` are ``が``.
    Apostrophes, quotation marks and dashes are those of ASCII, so are digits. Invisible characters are removed.
    """
    if text.isascii():
        return text.lower().replace("`", APOSTROPHE)
    text = _MARKS.sub("", unicodedata.normalize("NFKD", _ANY_INVISIBLE.sub("", text.translate(_BEFORE))))
    text = _MARKS.sub("", unicodedata.normalize("NFD", text.casefold()))
    text = unicodedata.normalize("NFC", text).translate(_AFTER)
    return text if text.isascii() else _ANY_DIGIT.sub(_ascii_digit, text)


def fold_case(text: str) -> str:
    """Return `text` case folded, in Unicode NFC: accents count."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def with_plain_quotes(text: str) -> str:
    """Return `text` with the quotation marks of ASCII."""
    return text if text.isascii() else text.translate(_TO_PLAIN_QUOTES)


def words_of(text: str) -> str:
    """Return the folded `text` with single spaces between its words."""
    return " ".join(fold(text).split())


def _ascii_digit(found: re.Match[str]) -> str:
    return str(unicodedata.decimal(found[0]))
