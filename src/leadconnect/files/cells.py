"""Cells that no spreadsheet runs, and how an import gets the text back."""

import re
from collections.abc import Callable

HAZARD = re.compile(
    r"[\t\r\n\0]|[\s\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]*[=+\-@＝＋－＠﹢﹣﹦﹫]"
)
"""What a spreadsheet may take for a formula: a control character first, or one of ``= + - @`` (also full-width or small
forms) after nothing but spaces and invisible characters (OWASP, "CSV Injection").
"""
PLAIN_PHONE = re.compile(r"\+[0-9][0-9 ().\-]{2,49}")
APOSTROPHE = "'"


def neutralise(text: str) -> str:
    """Return `text` as a cell that no spreadsheet runs: with an apostrophe before it where it could be a formula.

    Text that begins with an apostrophe gets one more, so that `restore` can tell them apart.
    """
    if text[:1].isalnum():
        return text
    return APOSTROPHE + text if _needs_apostrophe(text) else text


def neutralise_phone(phone: str) -> str:
    """Return `phone` as such a cell. A plain number stays as it is, for it is readable and harmless."""
    return phone if PLAIN_PHONE.fullmatch(phone) else neutralise(phone)


def restore(cell: str) -> str:
    """Return the text that `neutralise` made `cell` from; any other text stays as it is."""
    if cell.startswith(APOSTROPHE) and _needs_apostrophe(cell[1:]):
        return cell[1:]
    return cell


def restore_phone(cell: str) -> str:
    """Return the phone number in `cell`: also without the apostrophe that people set before a plus or a zero."""
    rest = cell.removeprefix(APOSTROPHE)
    return rest if rest[:1].isdigit() or PLAIN_PHONE.fullmatch(rest) else restore(cell)


def _needs_apostrophe(text: str) -> bool:
    return text.startswith(APOSTROPHE) or HAZARD.match(text) is not None


def literal(text: str, restoring: Callable[[str], str] = restore) -> str:
    """Return `text` for a format that marks text as such, where it needs no apostrophe: with one only where `restoring`
    would else take away its own.
    """
    return text if restoring(text) == text else neutralise(text)


def is_hazard(text: str) -> bool:
    """Tell whether a spreadsheet may run `text` once somebody has edited its cell; a plain phone number it does not."""
    return HAZARD.match(text) is not None and PLAIN_PHONE.fullmatch(text) is None
