"""What every reader of a file gives: a header, and records that can be walked through as often as wanted."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Protocol

import msgspec

ERROR = "LeadConnect Error"
SUGGESTION = "LeadConnect Suggestion"
OURS = (ERROR, SUGGESTION)
"""The names of the two columns that a reject file has more than the file that it comes from."""


class FileFormat(StrEnum):
    """The formats that can be read."""

    CSV = "csv"
    XLSX = "xlsx"
    XLS = "xls"
    XLSB = "xlsb"
    ODS = "ods"
    JSON = "json"
    JSON_LINES = "jsonl"
    VCARD = "vcard"


REJECTED_AS_CSV = frozenset({FileFormat.XLS, FileFormat.XLSB, FileFormat.ODS, FileFormat.VCARD})
"""The formats that are not written: their reject file is CSV."""
WITHOUT_SPANS = REJECTED_AS_CSV | {FileFormat.XLSX}
"""The formats whose rows have no bytes of their own, so that their cells are read again from the whole file."""


class Change(msgspec.Struct, frozen=True):
    """What a reader changed in a cell: a stable code, the position of the cell, and the rest of a sentence that begins
    with the column and the cell.
    """

    code: str
    position: int
    message: str


class Record(msgspec.Struct, frozen=True):
    """One row below the header, as written: the 1-based line it begins on (the row of a sheet, the position of a JSON
    object), its cells, and the bytes of the file that it fills, from `start` up to `end`; both 0 where a row has no
    bytes of its own, as in a workbook. `changes` are those that the reader made to its cells; `links`
    are the positions of cells that lead somewhere, each with the target, such as ``mailto:ann@example.com``.
    """

    line: int
    cells: list[str]
    start: int = 0
    end: int = 0
    changes: tuple[Change, ...] = ()
    links: tuple[tuple[int, str], ...] = ()


class ReadingOptions(msgspec.Struct, frozen=True):
    """What the caller decides about the reading of a file; ``None`` leaves it to what is recognised.

    `header_line` is the 1-based line or row of the header, 0 for a file that has none. `skips_hidden` leaves the hidden
    rows of a workbook out. `encoding` is a key of `CHARSETS`. `languages` (ISO 639-1) are those that the file is likely
    to be in, for text that does not say its encoding.
    """

    encoding: str | None = None
    languages: tuple[str, ...] = ()
    sheet: str | None = None
    delimiter: str | None = None
    header_line: int | None = None
    skips_hidden: bool = False


class EncodingCandidate(msgspec.Struct, frozen=True, rename="camel"):
    """An encoding that a text file may be in, and some lines of the file as it reads them."""

    encoding: str
    lines: tuple[str, ...]


class Described(msgspec.Struct, frozen=True, rename="camel"):
    """What is known of a file before its rows are read. `warnings` are for people; `left_out` are lines before the
    header and after the rows that are no rows, as text.

    A table without a header line has `has_header` false, `header_line` 0 and columns called ``Column A`` and so on;
    `header_is_sure` is false where nothing in the file says which line is the header.

    `sheet_rows` are the rows that the first sheets say that they have, in the order of `sheets`; `hidden_columns` the
    positions of columns that the sheet hides, which are read like the others.

    `encoding_evidence` says why a text file was read in its encoding. Where that is not sure, `encoding_candidates`
    are the likely encodings, the best first, each with the same lines of the file. Lines that are not valid in
    `encoding` were read in `second_encoding`.
    """

    format: FileFormat
    header: list[str]
    header_line: int
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    has_header: bool = True
    header_is_sure: bool = True
    second_encoding: str = ""
    encoding_evidence: str = ""
    encoding_is_sure: bool = True
    sheet_rows: tuple[int | None, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    encoding_candidates: tuple[EncodingCandidate, ...] = ()


class Source(Protocol):
    """An open file. Its memory does not grow with the file."""

    @property
    def described(self) -> Described:
        """What the file is; its warnings and what was left out are complete once the records were walked through."""

    def records(self) -> Iterator[Record]:
        """Yield the rows below the header, without blank ones, from the first one on, at every call.

        Raises:
            UnreadableFile: what follows cannot be read; the message names the line.
        """
