"""A converted workbook as a source of records: one of its sheets."""

from collections.abc import Iterator
from itertools import islice, takewhile
from typing import BinaryIO

import msgspec

from leadconnect.files.reading.cleaning import cleaned
from leadconnect.files.reading.converted.job import Failure, Job, Outcome
from leadconnect.files.reading.converted.process import convert
from leadconnect.files.reading.delimited.encoding import read_at
from leadconnect.files.reading.errors import FileTooLarge, UnreadableFile, UnsupportedFile
from leadconnect.files.reading.heading import HeaderScore, choose_heading
from leadconnect.files.reading.layout import CELL_LIMIT, KEPT_LINES, Findings, rows_below
from leadconnect.files.reading.records import Described, FileFormat, ReadingOptions, Record

FILE_BYTES_LIMIT = 25 << 20
BLOCK_BYTES = 1 << 18
SAVE_AS = "Please save it as .xlsx or as CSV (UTF-8)."
MESSAGES = {
    Failure.DAMAGED: "The workbook is damaged. Please open it in your spreadsheet and save it again.",
    Failure.NO_SHEETS: "The workbook has no sheet with cells.",
    Failure.TOO_MANY_SHEETS: "A workbook may have 1,000 sheets; this one has more.",
    Failure.CELL_TOO_LONG: f"The workbook has a cell longer than {CELL_LIMIT:,} characters.",
}
PASSWORD = "The workbook is protected by a password. Please save it without one, or as CSV (UTF-8)."
OTHER_KIND = f"The file is no Excel workbook, but another kind of Office file. {SAVE_AS}"
TOO_LARGE = f"The workbook takes more memory or time to read than one file may. {SAVE_AS}"

_decoder = msgspec.json.Decoder(tuple[int, list[str]])


class ConvertedSource:
    """An open workbook whose rows lie converted in a temporary file."""

    def __init__(
        self, file: BinaryIO, kind: FileFormat, options: ReadingOptions, *, header_score: HeaderScore, row_limit: int
    ) -> None:
        if file.seek(0, 2) > FILE_BYTES_LIMIT:
            raise FileTooLarge(
                f"A .{kind.value} file may have {FILE_BYTES_LIMIT >> 20} MB; this one has more. {SAVE_AS}"
            )
        if options.skips_hidden:
            raise UnreadableFile(
                f"hiddenRows cannot be skip for a .{kind.value} file, whose hidden rows are not recognised; "
                "set it to read, or save the workbook as .xlsx"
            )
        self._row_limit = row_limit
        outcome, rows = convert(file, Job(kind, options.sheet))
        if rows is None:
            raise _refusal(outcome, options.sheet or "")
        self._rows_file = rows
        heading = choose_heading(self._rows(), header_score, options.header_line)
        above = takewhile(lambda record: record.line < heading.line, self._rows())
        self._preamble = list(islice(above, KEPT_LINES))
        self._warnings = heading.warnings
        self._found = self._findings()
        self._described = Described(
            kind,
            heading.cells,
            heading.line,
            sheet=outcome.sheet,
            sheets=outcome.sheets,
            sheet_rows=outcome.sheet_rows,
            has_header=heading.record is not None,
            header_is_sure=heading.is_sure,
        )

    @property
    def described(self) -> Described:
        """Return what the workbook is."""
        return msgspec.structs.replace(
            self._described, warnings=tuple(self._found.warnings), left_out=tuple(self._found.left_out)
        )

    def records(self) -> Iterator[Record]:
        """Yield the rows.

        Raises:
            TooManyRows: it has more than the limit.
        """
        self._found = found = self._findings()
        header = self._described
        below = (record for record in self._rows() if record.line > header.header_line)
        yield from rows_below(header.header, below, found, row_limit=self._row_limit)

    def _findings(self) -> Findings:
        found = Findings([*self._warnings], [])
        for record in self._preamble:
            found.leave_out(record)
        return found

    def _rows(self) -> Iterator[Record]:
        """Yield the rows from the first one on; several walks can be under way."""
        at = 0
        rest = b""
        while block := read_at(self._rows_file, at, BLOCK_BYTES):
            at += len(block)
            *lines, rest = (rest + block).split(b"\n")
            for line in lines:
                number, cells = _decoder.decode(line)
                yield cleaned(Record(number, cells))


def _refusal(outcome: Outcome, sheet: str) -> UnreadableFile | UnsupportedFile | FileTooLarge:
    failure = outcome.failure or Failure.DAMAGED
    if failure is Failure.ENCRYPTED:
        return UnsupportedFile(PASSWORD)
    if failure is Failure.OTHER_KIND:
        return UnsupportedFile(OTHER_KIND)
    if failure is Failure.TOO_LARGE:
        return FileTooLarge(TOO_LARGE)
    if failure is Failure.UNKNOWN_SHEET:
        names = ", ".join(f"“{name}”" for name in outcome.sheets[:20])
        return UnreadableFile(f"The workbook has no sheet “{sheet[:40]}”. Its sheets are: {names}.")
    return UnreadableFile(MESSAGES[failure])
