"""Which of the first records of a table is its header; enter by `choose_heading`."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

import msgspec

from leadconnect.files.reading.errors import UnreadableFile
from leadconnect.files.reading.layout import is_blank
from leadconnect.files.reading.records import OURS, Record

HeaderScore = Callable[[Sequence[str]], int]
"""Says how much like a header some cells look: 0 is not at all."""

HEADER_SEARCH_RECORDS = 40
HEADER_SEARCH_CHARACTERS = 4_000_000
"""The characters of the leading records that are kept at once."""
HEADER_LINE_LIMIT = 1_000
DATA_CELL = re.compile(r"\s*(?:[^@\s]+@[^@\s]+\.[^@\s]+|[+(]?\d[\d\s().\-/]{3,}\d|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4})\s*")
"""A cell that is an e-mail address, a number of five characters and more, a phone number or a day."""
DATA_CELL_LENGTH = 100
NUMBER = re.compile(r"\s*[\d.,%+-]+\s*")


class NoHeader(UnreadableFile):
    """No header line was found: the first line must name the columns, such as Name, Phone Number, Email."""

    code = "no_header"


class Heading(msgspec.Struct, frozen=True):
    """The header of a table: its record, ``None`` where the table has none; whether that is sure, and how many columns
    the score knows.
    """

    record: Record | None
    cells: list[str]
    is_sure: bool
    points: int

    @property
    def line(self) -> int:
        """The line of the header; 0 where there is none."""
        return self.record.line if self.record else 0

    @property
    def warnings(self) -> list[str]:
        """Return what callers should know about a header that is not sure."""
        if self.is_sure:
            return []
        if self.record is None:
            return ["The file seems to have no header line; set headerLine if a line names the columns."]
        return [
            f"No line was recognised as the header, so line {self.line} was taken for it; set headerLine if it is "
            "another one, or 0 if there is none."
        ]


def choose_heading(records: Iterable[Record], score: HeaderScore, line: int | None) -> Heading:
    """Return the header among `records`, the first of a table.

    `line` is what the caller says, 0 for no header. Else it is the first of the records that scores highest; where none
    scores, the first one about as wide as the widest, unless its cells are those of a row.

    Raises:
        UnreadableFile: no record begins on `line`, none is filled, or only one that is no row either; or what kept
            the records from being read.
    """
    if line:
        return _heading_at(records, line)
    leading, failure = _leading(records)
    filled = [record for record in leading if not is_blank(record.cells)]
    if line == 0:
        if not filled:
            raise failure or NoHeader()
        return _without(filled, is_sure=True)
    best, points = None, 0
    for record in leading:
        found = _points(record.cells, score)
        if found > points:
            best, points = record, found
    if best is not None:
        return Heading(best, best.cells, True, points)
    if failure or not filled:
        raise failure or NoHeader()
    return _guessed(filled)


def column_name(position: int) -> str:
    """Return what the column at `position`, counted from 0, is called in a table without a header."""
    letters = ""
    number = position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return f"Column {letters}"


def looks_like_row(cells: Sequence[str]) -> bool:
    """Return whether some cells are values of a row rather than names of columns."""
    filled = [cell for cell in cells if cell and not cell.isspace()]
    return _data_count(filled) > 0 or all(map(NUMBER.fullmatch, filled))


def _data_count(cells: Sequence[str]) -> int:
    return sum(len(cell) <= DATA_CELL_LENGTH and DATA_CELL.fullmatch(cell) is not None for cell in cells)


def _points(cells: Sequence[str], score: HeaderScore) -> int:
    """Return how much a header `cells` are; 0 where as many are the values of a row as are the names of columns."""
    points = score(cells) or int(any(cell in OURS for cell in cells))
    return points if points and _data_count(cells) < points else 0


def _leading(records: Iterable[Record]) -> tuple[list[Record], UnreadableFile | None]:
    """Return the leading records, and what kept some of them from being read."""
    leading: list[Record] = []
    characters = 0
    try:
        for record in islice(records, HEADER_SEARCH_RECORDS):
            leading.append(record)
            characters += sum(map(len, record.cells))
            if characters > HEADER_SEARCH_CHARACTERS:
                break
    except UnreadableFile as failure:
        return leading, failure
    return leading, None


def _heading_at(records: Iterable[Record], line: int) -> Heading:
    found = None
    for record in _until(records, line):
        found = record
    if found is None or found.line < line:
        raise UnreadableFile(f"headerLine is {line}, but no row of the file begins on that line")
    return Heading(found, found.cells, True, 0)


def _until(records: Iterable[Record], line: int) -> Iterator[Record]:
    """Yield `records` up to the one that begins on `line`, or else the first one after it."""
    for record in records:
        if record.line <= line:
            yield record
        if record.line >= line:
            return


def _without(filled: Sequence[Record], *, is_sure: bool) -> Heading:
    return Heading(None, [column_name(at) for at in range(_width(filled))], is_sure, 0)


def _width(records: Sequence[Record]) -> int:
    """Return how many columns the records have, without blank ones at the end."""
    return max(at for record in records for at, cell in enumerate(record.cells, 1) if cell and not cell.isspace())


def _guessed(filled: Sequence[Record]) -> Heading:
    counts = [sum(bool(cell) and not cell.isspace() for cell in record.cells) for record in filled]
    at = next(at for at, count in enumerate(counts) if 2 * count > max(counts))
    if looks_like_row(filled[at].cells):
        return _without(filled, is_sure=False)
    if at == len(filled) - 1:
        raise NoHeader()
    return Heading(filled[at], filled[at].cells, False, 0)
