"""The reject file: the rows that were not taken, in the form of the file they came from, each with what is wrong.

Two columns at the end say so; a file that has them already, wherever, gets them anew, so that it can be mended and sent
again.
"""

import csv
import io
import re
import tempfile
from collections.abc import Generator, Iterable, Sequence
from typing import BinaryIO

import msgspec
import xlsxwriter  # type: ignore[import-untyped]

from leadconnect.files.cells import neutralise
from leadconnect.files.reading.cleaning import cleaned, storable
from leadconnect.files.reading.delimited.encoding import Encoding, known_encoding, read_at
from leadconnect.files.reading.delimited.source import find_start, read_records
from leadconnect.files.reading.layout import is_blank, one_line
from leadconnect.files.reading.objects.columns import parse, to_json
from leadconnect.files.reading.records import (
    ERROR,
    OURS,
    REJECTED_AS_CSV,
    SUGGESTION,
    Described,
    FileFormat,
    Record,
)

CELL_LENGTH = 1_000
LINK_LENGTH = 2_000
BLOCK_BYTES = 1 << 18
QUOTED = frozenset('"\r\n')
SHEET_NAME = re.compile(r"(?!')[^\[\]:*?/\\]{1,31}(?<!')")
"""What a sheet may be called; workbooks that others made have other names too."""
MEDIA_TYPES = {
    FileFormat.CSV: "text/csv",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileFormat.JSON: "application/json",
    FileFormat.JSON_LINES: "application/jsonl",
    **dict.fromkeys(REJECTED_AS_CSV, "text/csv"),
}


class Rejected(msgspec.Struct, frozen=True):
    """A row that was not taken, what is wrong with it, and what would help."""

    record: Record
    error: str
    suggestion: str = ""


def write_rejects(file: BinaryIO, described: Described, rejected: Iterable[Rejected]) -> Generator[bytes]:
    """Yield the reject file of the `rejected` rows, which come in its order, of `file`, which was read as `described`.

    CSV: the byte order mark, the line that names the delimiter, the header, and the rows byte for byte, each with two
    cells after its last one; a row that is short is filled up to the header, and blank cells beyond it are left out.
    ``.xlsx``: one sheet of text, as shown. Other workbooks and cards: CSV of their cells. JSON: the objects byte for
    byte with two keys more, as a list or as lines.
    """
    if described.format is FileFormat.CSV:
        return _delimited(file, described, rejected)
    if described.format in REJECTED_AS_CSV:
        return _as_csv(described, rejected)
    if described.format is FileFormat.XLSX:
        return _workbook(described, rejected)
    return _objects(file, described, rejected)


def read_again(file: BinaryIO, described: Described, record: Record) -> Record:
    """Return a record of a CSV file, of which only the place is known, with its cells."""
    encoding = known_encoding(file, described.encoding, described.second_encoding)
    text = encoding.text(read_at(file, record.start, record.end - record.start))
    cells = next(csv.reader(io.StringIO(text, newline=""), delimiter=described.delimiter), [])
    return cleaned(Record(record.line, cells, record.start, record.end))


def our_cells(rejected: Rejected) -> tuple[str, str]:
    """Return what the two columns say of a row: bounded, on one line, and nothing that a spreadsheet would run."""
    error, suggestion = (
        neutralise(" ".join(text.split())[:CELL_LENGTH]) for text in (rejected.error, rejected.suggestion)
    )
    return error, suggestion


class _Columns:
    """Tells the cells of a file that are its own, under `width` of its columns, from ours of an earlier time."""

    def __init__(self, header: Sequence[str]) -> None:
        self._header_width = len(header)
        self._ours = [at for at, cell in enumerate(header) if one_line(cell) in OURS]
        self.width = len(header) - len(self._ours)
        self._are_ours_last = all(at >= self.width for at in self._ours)

    def own(self, cells: Sequence[str]) -> list[int]:
        """Return the positions of the cells of a row that are its own, without blank ones beyond the header. Ours stand
        under the header, or at the end of a row that is longer.
        """
        beyond = max(len(cells) - self._header_width, 0) if self._are_ours_last else 0
        ours = {at + beyond for at in self._ours}
        own = [at for at in range(len(cells)) if at not in ours]
        while len(own) > self.width and is_blank([cells[own[-1]]]):
            own.pop()
        return own


def _delimited(file: BinaryIO, described: Described, rejected: Iterable[Rejected]) -> Generator[bytes]:
    encoding = known_encoding(file, described.encoding, described.second_encoding)
    start = find_start(file, encoding)
    records = read_records(file, encoding, start, described.delimiter)
    row = _Row(file, encoding, described)
    yield read_at(file, 0, start.offset)
    if described.has_header:
        header = next(record for record in records if record.line == described.header_line)
        yield row.written(header, OURS)
    else:
        yield row.line([*described.header, *OURS])
    for one in rejected:
        yield row.written(one.record, our_cells(one))


class _Row:
    """Writes rows of `file` again; one without a line break gets that of the row before."""

    def __init__(self, file: BinaryIO, encoding: Encoding, described: Described) -> None:
        self._file = file
        self._encoding = encoding
        self._columns = _Columns(described.header)
        self._delimiter = described.delimiter
        self._cell = re.compile(rf'(?:"[^"]*+(?:""[^"]*+)*+"?)?+[^{re.escape(described.delimiter)}]*+')
        self._line_break = "\r\n"

    def text(self, record: Record) -> str:
        return self._encoding.text(read_at(self._file, record.start, record.end - record.start))

    def written(self, record: Record, ours: tuple[str, str]) -> bytes:
        """Return the row with `ours` after its last cell, the width of the header taken into account."""
        text = self.text(record)
        body = text.rstrip("\r\n")
        self._line_break = text[len(body) :] or self._line_break
        own = self._columns.own(record.cells)
        kept = [body] if len(own) == len(record.cells) else self._kept(body, own)
        before = "".join(cell + self._delimiter for cell in kept)
        added = [""] * (self._columns.width - len(own)) + [self._quoted(cell) for cell in ours]
        after = self._delimiter.join(added) + self._line_break
        # A row in the second encoding of a file is written in the first, in which the reject file is whole.
        return before.encode(self._encoding.codec, "replace") + after.encode(self._encoding.codec, "replace")

    def line(self, cells: Sequence[str]) -> bytes:
        """Return a row of these cells."""
        text = self._delimiter.join(map(self._quoted, cells)) + self._line_break
        return text.encode(self._encoding.codec, "replace")

    def _kept(self, body: str, own: list[int]) -> list[str]:
        """Return the cells of a row at the positions in `own` as they are written."""
        cells: list[str] = []
        at = 0
        while at <= len(body) and (cell := self._cell.match(body, at)):
            cells.append(cell[0])
            at = cell.end() + 1
        return [cells[position] for position in own]

    def _quoted(self, cell: str) -> str:
        if self._delimiter in cell or not QUOTED.isdisjoint(cell):
            return '"' + cell.replace('"', '""') + '"'
        return cell


def _as_csv(described: Described, rejected: Iterable[Rejected]) -> Generator[bytes]:
    """Yield rows as CSV: of cards, whose columns are known in it (two properties more would be read by few programs),
    and of workbooks in formats that are not written.
    """
    columns = _Columns(described.header)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    text.write("\ufeff")
    header = [described.header[at] for at in columns.own(described.header)]
    writer.writerow([*header, *[""] * (columns.width - len(header)), *OURS])
    for one in rejected:
        own = [one.record.cells[at] for at in columns.own(one.record.cells)]
        writer.writerow([*map(neutralise, own), *[""] * (columns.width - len(own)), *our_cells(one)])
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()
    yield text.getvalue().encode()


def _workbook(described: Described, rejected: Iterable[Rejected]) -> Generator[bytes]:
    columns = _Columns(described.header)
    with tempfile.TemporaryFile() as file:
        workbook = xlsxwriter.Workbook(file, {"constant_memory": True})
        sheet = workbook.add_worksheet(described.sheet if SHEET_NAME.fullmatch(described.sheet) else None)
        header = (described.header[at] for at in columns.own(described.header))
        for column, cell in enumerate((*header, *OURS)):
            sheet.write_string(0, column, cell)
        for number, one in enumerate(rejected, start=1):
            kept = columns.own(one.record.cells)
            own = [one.record.cells[at] for at in kept]
            links = {kept.index(at): target for at, target in one.record.links if at in kept}
            cells = [*own, *[""] * (columns.width - len(own)), *our_cells(one)]
            for column, cell in enumerate(cells):
                if column in links and _may_be_link(links[column]):
                    sheet.write_url(number, column, links[column], string=cell or links[column])
                elif cell:
                    sheet.write_string(number, column, cell)
        workbook.close()
        file.seek(0)
        while block := file.read(BLOCK_BYTES):
            yield block


def _may_be_link(target: str) -> bool:
    """Return whether a target can be written as a link that does not open a file."""
    return target.lower().startswith(("mailto:", "tel:", "http://", "https://")) and len(target) <= LINK_LENGTH


def _objects(file: BinaryIO, described: Described, rejected: Iterable[Rejected]) -> Generator[bytes]:
    is_list = described.format is FileFormat.JSON
    before = b"[\n" if is_list else b""
    for one in rejected:
        raw = read_at(file, one.record.start, one.record.end - one.record.start)
        if ERROR in described.header or SUGGESTION in described.header:
            raw = _without_ours(raw)
        body = raw.rstrip()[:-1].rstrip()
        ours = msgspec.json.encode(dict(zip(OURS, our_cells(one), strict=True)))
        yield before + body + (b"" if body == b"{" else b", ") + ours[1:]
        before = b",\n" if is_list else b"\n"
    if is_list:
        yield b"[]\n" if before == b"[\n" else b"\n]\n"
    elif before:
        yield b"\n"


def _without_ours(raw: bytes) -> bytes:
    """Return an object without our two keys; its values stay as they are written, where msgspec can read its keys."""
    try:
        members = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return storable(to_json({key: value for key, value in parse(raw).items() if key not in OURS})).encode()
    return msgspec.json.encode({key: value for key, value in members.items() if key not in OURS})
