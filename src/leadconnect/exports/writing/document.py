"""The document: a list of leads to read and to print (PDF), with names in any script.

Typst sets it, some hundred leads at a time, for its memory grows with what it sets at once (0.1 MB a lead); then the
parts are put one after the other.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from importlib.resources import files
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import manimgx_fonts  # type: ignore[import-untyped]
import manimgx_fonts_cjk  # type: ignore[import-untyped]
import msgspec
import typst
from pypdf import PdfReader, PdfWriter

from leadconnect.exports.columns import READABLE, Column, words
from leadconnect.exports.writing.job import Heading
from leadconnect.leads.catalogue import Kind

SET_AT_ONCE = 500
COMPILATIONS_REMEMBERED = 10
"""For so many more compilations, Typst keeps in memory what it has laid out."""
CJK = {"ja": "JP", "ko": "KR", "zh": "SC", "zh-TW": "TC"}
"""Whose forms of the signs that Chinese, Japanese and Korean share; those of mainland China where nothing says."""
FONT_FOLDERS = [Path(package.__file__ or "").parent for package in (manimgx_fonts, manimgx_fonts_cjk)]
PAGE_POINTS, INSET_POINTS = 774.0, 9.0
"""The width of a page between its margins, and what each column leaves blank of its own; `list.typ` has both."""
LETTER_EMS = 0.54
"""About the width of a letter, of a size of 1."""
BREAKS = re.compile(r"(?<=[@._/\-])(?=\w)")
BREAK = "\x1f"
"""Here a line may break. It stands in no text of a lead, and `list.typ` makes a space without width of it: a character
without width, such as U+200B, would be copied with an e-mail address, which then leads nowhere.
"""


def write(leads: Iterable[Mapping[str, Any]], columns: Sequence[Column], target: Path, *, heading: Heading) -> int:
    """Write `leads`, with values by the keys of `columns` as JSON has them, to `target`; return how many they were.
    Days and instants are the days of the account's time zone.
    """
    template = files("leadconnect.exports.writing").joinpath("list.typ").read_bytes()
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[*FONT_FOLDERS])
    document, lead_count = PdfWriter(), 0
    for rows in _parts(leads, columns, ZoneInfo(heading.time_zone)):
        part = {
            "company": heading.company,
            "title": "Leads",
            "lines": heading.lines,
            "footer": heading.footer,
            "language": heading.locale.partition("-")[0],
            "fonts": _families(fonts, heading.locale),
            "first_page": len(document.pages) + 1,
            "widths": _widths(columns),
            "size": _size(columns),
            "titles": [column.title for column in columns],
            "rows": rows,
        }
        data = {"part": msgspec.json.encode(part).decode()}
        made = typst.compile(template, font_paths=fonts, ignore_system_fonts=True, sys_inputs=data, pdf_tags=False)
        document.append(PdfReader(BytesIO(made)), import_outline=False)
        lead_count += len(rows)
        for _ in range(COMPILATIONS_REMEMBERED + 1):
            typst.compile(b"", font_paths=fonts, ignore_system_fonts=True)  # lets it forget the part
    document.add_metadata({"/Title": "Leads", "/Author": heading.company, "/Creator": "LeadConnect"})
    document.write(target)
    return lead_count


def _parts(leads: Iterable[Mapping[str, Any]], columns: Sequence[Column], zone: ZoneInfo) -> Iterator[list[list[str]]]:
    """Yield the texts of the cells in parts; one without a row where there are none at all."""
    widths, letter_points = _widths(columns), _size(columns) * LETTER_EMS
    fits = [max(4, int((PAGE_POINTS * width / sum(widths) - INSET_POINTS) / letter_points)) for width in widths]
    rows = (
        [_broken(_shown(lead, column, zone), fit) for column, fit in zip(columns, fits, strict=True)] for lead in leads
    )
    first = list(islice(rows, SET_AT_ONCE))
    yield first
    while part := list(islice(rows, SET_AT_ONCE)) if len(first) == SET_AT_ONCE else []:
        yield part


def _widths(columns: Sequence[Column]) -> list[int]:
    """Return how wide the columns are to each other."""
    by_kind = {Kind.PHONE: 24, Kind.CHOICE: 16, Kind.DATE: 17, Kind.INSTANT: 17}
    return [by_kind.get(column.kind, max(column.width, 15)) for column in columns]


def _size(columns: Sequence[Column]) -> float:
    """Return the size of the letters, in points."""
    return 8.0 if len(columns) <= len(READABLE) else 7.0


def _families(fonts: typst.Fonts, locale: str) -> list[str]:
    """Return the families to look for a sign in, one after the other."""
    own = f"Noto Sans CJK {CJK.get(locale, CJK.get(locale.partition('-')[0], 'SC'))}"
    noto = [family for family in fonts.families() if family.startswith("Noto")]
    # Those of Chinese, Japanese and Korean are large, and read only where no other has the sign.
    return sorted(noto, key=lambda name: (name != "Noto Sans", "CJK" in name, name == "Noto Emoji", name != own, name))


def _shown(lead: Mapping[str, Any], column: Column, zone: ZoneInfo) -> str:
    value = lead[column.key]
    if value is None:
        return ""
    if value == "other" and column.detail and lead.get(column.detail):
        return str(lead[column.detail])
    if column.kind is Kind.INSTANT:
        return f"{datetime.fromisoformat(value).astimezone(zone):%Y-%m-%d}"
    return words(value) if column.kind is Kind.CHOICE else str(value)


def _broken(text: str, fit: int) -> str:
    """Return `text` such that no word of more than `fit` characters runs into the next column: addresses break after
    their punctuation, others anywhere.
    """
    if len(text) <= fit:
        return text
    return re.sub(rf"\S{{{fit + 1},}}", lambda word: _with_breaks(word[0], fit), text)


def _with_breaks(word: str, fit: int) -> str:
    pieces = BREAKS.split(word)
    return BREAK.join(piece[at : at + fit] for piece in pieces for at in range(0, len(piece), fit))
