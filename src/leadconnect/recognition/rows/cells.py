"""Mending what spreadsheets, programs and people leave in a cell."""

import re

BLANKS = frozenset({
    "#n/a", "#ref!", "#value!", "#name?", "#null!", "#div/0!", "#num!", "#error!", "n/a", "-", "--", "---", "–", "—",
    ".",
})  # fmt: skip
"""What spreadsheets and people write for nothing."""
BLANKS_BUT_NAMES = frozenset({"null", "nan", "none", "nil", "undefined"})
"""What programs write for nothing, and what people may be called."""
BLANKS_OR_NAMES = BLANKS | BLANKS_BUT_NAMES
BLANK_LENGTH = max(map(len, BLANKS_OR_NAMES))
SUSPICIOUS = frozenset("='*0")
"""A cell that begins with one of these may be in need of mending, or be a system's word for nothing."""
MARKS = re.compile("[\ufeff\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\xad]")
"""Marks without width that come along when text is copied. Those that join letters are not among them."""
WRAPPED = re.compile(r'=["“”](.*)["“”]', re.DOTALL)
VERTICAL = str.maketrans({"\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"})
"""Line breaks of word processors, which notes do not take."""
SHOWN_LENGTH = 40
KEPT_LENGTH = 200
"""Characters of a cell that a fault or remark repeats."""


def may_be_blank(text: str) -> bool:
    """Tell whether `is_blank` must be asked of `text`."""
    return len(text) <= BLANK_LENGTH and text.lower() in BLANKS_OR_NAMES


def is_blank(text: str, *, is_name: bool) -> bool:
    """Tell whether `text`, which has no outer spaces, stands for nothing."""
    if len(text) > BLANK_LENGTH:
        return False
    lower = text.lower()
    return lower in BLANKS or (lower in BLANKS_BUT_NAMES and not is_name)


def unwrapped(text: str) -> str:
    """Return what stands in the wrapper ``="…"``, by which text is kept text in spreadsheets."""
    wrapped = WRAPPED.fullmatch(text) if text[:1] == "=" else None
    return wrapped[1].strip() if wrapped else text


def visible(text: str) -> str:
    """Return `text` without marks of direction and their like, and without outer spaces."""
    return text if text.isascii() else MARKS.sub("", text).strip()


def one_line(text: str) -> str:
    """Return `text` with single spaces, whatever blanks and line breaks it had."""
    return " ".join(text.split())


def lines(text: str) -> str:
    """Return `text` with line breaks that notes take."""
    return text.translate(VERTICAL)


def kept(cell: str) -> str:
    """Return `cell` as a fault or remark repeats it: bounded."""
    return cell if len(cell) <= KEPT_LENGTH else cell[:KEPT_LENGTH] + "…"


def shown(cell: str) -> str:
    """Return `cell` in quotes for a message, on one line and bounded."""
    text = one_line(cell[: 2 * KEPT_LENGTH])
    return f"“{text[:SHOWN_LENGTH]}{'…' if len(text) > SHOWN_LENGTH else ''}”"
