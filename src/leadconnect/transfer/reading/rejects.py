"""The reject file: the rows that were not taken, in the form of the file they came from, each with what is wrong.

Two columns at the end say so; a file that has them already gets them anew, so that it can be mended and sent again.
"""

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Iterator
from typing import BinaryIO

import msgspec
import xlsxwriter  # type: ignore[import-untyped]

from leadconnect.transfer.export.cells import neutralise
from leadconnect.transfer.reading.delimited.encoding import Encoding, known_encoding, read_at
from leadconnect.transfer.reading.delimited.source import find_start, read_records
from leadconnect.transfer.reading.records import ERROR, OURS, SUGGESTION, Described, FileFormat, Record

CELL_LENGTH = 1_000
BLOCK_BYTES = 1 << 18
QUOTED = frozenset('"\r\n')
SHEET_NAME = re.compile(r"(?!')[^\[\]:*?/\\]{1,31}(?<!')")
"""What a sheet may be called; workbooks that others made have other names too."""
MEDIA_TYPES = {
    FileFormat.CSV: "text/csv",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileFormat.JSON: "application/json",
    FileFormat.JSON_LINES: "application/jsonl",
}


class Rejected(msgspec.Struct, frozen=True):
    """A row that was not taken, what is wrong with it, and what would help."""

    record: Record
    error: str
    suggestion: str = ""


def write_rejects(file: BinaryIO, described: Described, rejected: Iterable[Rejected]) -> Iterator[bytes]:
    """Yield the reject file of the `rejected` rows, which come in its order, of `file`, which was read as `described`.

    CSV: the byte order mark, the line that names the delimiter, the header, and the rows byte for byte, each with two
    cells after its last one; a row that is short is filled up to the header. A workbook: one sheet of text, as shown.
    JSON: the objects byte for byte with two keys more, as a list or as lines.
    """
    if described.format is FileFormat.CSV:
        return _delimited(file, described, rejected)
    if described.format is FileFormat.XLSX:
        return _workbook(described, rejected)
    return _objects(file, described, rejected)


def read_again(file: BinaryIO, described: Described, record: Record) -> Record:
    """Return a record of a CSV file, of which only the place is known, with its cells."""
    text = read_at(file, record.start, record.end - record.start).decode(known_encoding(file, described.encoding).codec)
    cells = next(csv.reader(io.StringIO(text, newline=""), delimiter=described.delimiter), [])
    return Record(record.line, cells, record.start, record.end)


def our_cells(rejected: Rejected) -> tuple[str, str]:
    """Return what the two columns say of a row: bounded, on one line, and nothing that a spreadsheet would run."""
    error, suggestion = (
        neutralise(" ".join(text.split())[:CELL_LENGTH]) for text in (rejected.error, rejected.suggestion)
    )
    return error, suggestion


def _kept(header: list[str]) -> int:
    """Return how many columns of `header` are the file's own."""
    return len(header) - 2 if tuple(header[-2:]) == OURS else len(header)


def _delimited(file: BinaryIO, described: Described, rejected: Iterable[Rejected]) -> Iterator[bytes]:
    encoding = known_encoding(file, described.encoding)
    start = find_start(file, encoding)
    records = read_records(file, encoding, start, described.delimiter)
    header = next(record for record in records if record.line == described.header_line)
    width = _kept(described.header)
    row = _Row(file, encoding, described.delimiter, has_ours=width < len(header.cells))
    yield read_at(file, 0, start.offset)
    yield row.written(header, width, OURS)
    for one in rejected:
        yield row.written(one.record, width, our_cells(one))


class _Row:
    """Writes rows of `file` again; one without a line break gets that of the row before."""

    def __init__(self, file: BinaryIO, encoding: Encoding, delimiter: str, *, has_ours: bool) -> None:
        self._file = file
        self._encoding = encoding
        self._delimiter = delimiter
        self._has_ours = has_ours
        self._cell = re.compile(rf'(?:"[^"]*+(?:""[^"]*+)*+"?)?+[^{re.escape(delimiter)}]*+')
        self._line_break = "\r\n"

    def text(self, record: Record) -> str:
        return read_at(self._file, record.start, record.end - record.start).decode(self._encoding.codec)

    def written(self, record: Record, width: int, ours: tuple[str, str]) -> bytes:
        """Return the row with `ours` after its last cell, the header's `width` taken into account."""
        text = self.text(record)
        body = text.rstrip("\r\n")
        self._line_break = text[len(body) :] or self._line_break
        count = len(record.cells)
        if self._has_ours and count >= width + 2:
            body = self._without_ours(body)
            count -= 2
        cells = [""] * max(width - count, 0) + [self._quoted(cell) for cell in ours]
        added = self._delimiter + self._delimiter.join(cells) + self._line_break
        return body.encode(self._encoding.codec) + added.encode(self._encoding.codec, "replace")

    def _without_ours(self, body: str) -> str:
        """Return a row without its last two cells, which are ours from an earlier time."""
        begins = [0]
        while (end := self._cell.match(body, begins[-1])) and end.end() < len(body):
            begins.append(end.end() + 1)
        return body[: begins[-2] - 1]

    def _quoted(self, cell: str) -> str:
        if self._delimiter in cell or not QUOTED.isdisjoint(cell):
            return '"' + cell.replace('"', '""') + '"'
        return cell


def _workbook(described: Described, rejected: Iterable[Rejected]) -> Iterator[bytes]:
    width = _kept(described.header)
    with tempfile.TemporaryFile() as file:
        workbook = xlsxwriter.Workbook(file, {"constant_memory": True})
        sheet = workbook.add_worksheet(described.sheet if SHEET_NAME.fullmatch(described.sheet) else None)
        for column, cell in enumerate((*described.header[:width], *OURS)):
            sheet.write_string(0, column, cell)
        for number, one in enumerate(rejected, start=1):
            cells = one.record.cells
            if width < len(described.header):
                cells = cells[:width] + cells[width + 2 :]
            cells = [*cells, *[""] * (width - len(cells)), *our_cells(one)]
            for column, cell in enumerate(cells):
                if cell:
                    sheet.write_string(number, column, cell)
        workbook.close()
        file.seek(0)
        while block := file.read(BLOCK_BYTES):
            yield block


def _objects(file: BinaryIO, described: Described, rejected: Iterable[Rejected]) -> Iterator[bytes]:
    is_list = described.format is FileFormat.JSON
    before = b"[\n" if is_list else b""
    for one in rejected:
        raw = read_at(file, one.record.start, one.record.end - one.record.start)
        if ERROR in described.header or SUGGESTION in described.header:
            members = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
            raw = msgspec.json.encode({key: value for key, value in members.items() if key not in OURS})
        body = raw.rstrip()[:-1].rstrip()
        ours = msgspec.json.encode(dict(zip(OURS, our_cells(one), strict=True)))
        yield before + body + (b"" if body == b"{" else b", ") + ours[1:]
        before = b",\n" if is_list else b"\n"
    if is_list:
        yield b"[]\n" if before == b"[\n" else b"\n]\n"
    elif before:
        yield b"\n"
