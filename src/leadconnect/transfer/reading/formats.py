"""From the bytes of a CSV file to its header and rows (RFC 4180, as leniently as spreadsheets write it).

Knows nothing of leads: the caller says by a score which line looks like a header.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice

import msgspec

from leadconnect.transfer.reading.errors import TooManyRows as TooManyRows
from leadconnect.transfer.reading.errors import UnreadableFile as UnreadableFile
from leadconnect.transfer.reading.errors import UnsupportedFile as UnsupportedFile

DELIMITERS = (",", ";", "\t", "|")
CELL_LIMIT = 131_072
"""The characters a cell or a line may have; the csv module bounds a cell by the same number of its own accord."""
HEADER_SEARCH_RECORDS = 40

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
OTHER_FORMATS = (
    (b"PK\x03\x04", "an Excel workbook or a zip archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook"),
    (b"%PDF-", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
)
SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|:^~])"?(?:\r\n|\r|\n)', re.IGNORECASE)
"""The first line by which Excel is told the delimiter."""
LINE_BREAK = re.compile(r"\r\n|\r|\n")


class Row(msgspec.Struct, frozen=True):
    """One record: the 1-based physical line it begins on, and its cells, as written."""

    line: int
    cells: list[str]


class Table(msgspec.Struct, frozen=True):
    """The header of a file and the records after it that are not blank."""

    header: list[str]
    header_line: int
    rows: list[Row]
    delimiter: str
    encoding: str


def read_table(data: bytes, header_score: Callable[[Sequence[str]], int], *, row_limit: int) -> Table:
    """Read `data`; the header is the first of the leading records for which `header_score` is highest, and at least 1.

    Takes time and memory linear in ``len(data)``; a cell and a line are bounded by `CELL_LIMIT` characters.

    Raises:
        UnreadableFile: unknown encoding, no header, a cell or line too long, or a quote that is never closed.
        UnsupportedFile: the first bytes are those of another format.
        TooManyRows: more than `row_limit` rows follow the header.
    """
    text, encoding = decode(data)
    given = SEPARATOR_LINE.match(text)
    if given:
        text = text[given.end() :]
    line_offset = 1 if given else 0
    _check_line_lengths(text, line_offset)
    candidates = (given.group(1),) if given else DELIMITERS
    delimiter, position = _find_header(text, candidates, header_score, line_offset)
    records = islice(_records(text, delimiter, line_offset), position, None)
    header_line, header = next(records)
    rows: list[Row] = []
    for line, cells in records:
        if not any(cells) or not any(cell and not cell.isspace() for cell in cells):
            continue
        if len(rows) == row_limit:
            raise TooManyRows(f"A file may have {row_limit:,} rows; this one has more. Please split it.")
        rows.append(Row(line, cells))
    return Table(header, header_line, rows, delimiter, encoding)


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of `data` without byte order mark, and the encoding's name: a mark wins, else UTF-8 where it is
    valid, else Windows-1252 (which spreadsheets on Windows write).

    Raises:
        UnreadableFile: the bytes are invalid in that encoding.
        UnsupportedFile: the first bytes are those of another format.
    """
    for signature, name in OTHER_FORMATS:
        if data.startswith(signature):
            raise UnsupportedFile(f"The file is {name}, not CSV. Please save it as CSV (UTF-8) first.")
    for mark, codec, name in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            try:
                return data.decode(codec).removeprefix("\ufeff"), name
            except UnicodeDecodeError as error:
                raise UnreadableFile(f"The file says that it is {name}, but byte {error.start + 1} is not.") from None
    try:
        return data.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"Byte {error.start + 1} of the file is neither UTF-8 nor Windows-1252. Please save it as CSV (UTF-8)."
        ) from None


def _find_header(
    text: str, delimiters: Sequence[str], header_score: Callable[[Sequence[str]], int], line_offset: int
) -> tuple[str, int]:
    """Return the delimiter under which a leading record scores highest, and the position of that record.

    Delimiters listed earlier and earlier records win a tie.
    """
    best = (0, delimiters[0], 0)
    failure: UnreadableFile | None = None
    for delimiter in delimiters:
        try:
            for position, (_, cells) in enumerate(
                islice(_records(text, delimiter, line_offset), HEADER_SEARCH_RECORDS)
            ):
                score = header_score(cells)
                if score > best[0]:
                    best = (score, delimiter, position)
        except UnreadableFile as error:
            failure = failure or error
    if best[0] == 0:
        raise failure or UnreadableFile(
            "No header line was found: the first line must name the columns, such as Name, Phone Number, Email."
        )
    return best[1], best[2]


def _records(text: str, delimiter: str, line_offset: int) -> Iterator[tuple[int, list[str]]]:
    """Yield each record's first line and its cells.

    Raises:
        UnreadableFile: see `read_table`.
    """
    is_exhausted = False

    def at_the_end() -> Iterator[str]:
        nonlocal is_exhausted
        is_exhausted = True
        yield from ()

    reader = csv.reader(chain(io.StringIO(text, newline=""), at_the_end()), delimiter=delimiter)
    line = 1 + line_offset
    try:
        for cells in reader:
            if is_exhausted:  # the reader asked for another line in the middle of a record: inside a quoted cell
                opened = reader.line_num + line_offset - _line_breaks_within(cells[-1])
                raise UnreadableFile(f"The quote that opens on line {opened} of the file is never closed.")
            yield line, cells
            line = reader.line_num + line_offset + 1
    except csv.Error:
        raise _too_long(line) from None


def _line_breaks_within(cell: str) -> int:
    return len(LINE_BREAK.findall(cell.removesuffix("\n").removesuffix("\r")))


def _check_line_lengths(text: str, line_offset: int) -> None:
    """Bound the lines, so that no record has millions of cells.

    Raises:
        UnreadableFile: a line is longer than `CELL_LIMIT`.
    """
    if max(map(len, io.StringIO(text, newline="")), default=0) > CELL_LIMIT:
        lengths = enumerate(map(len, io.StringIO(text, newline="")), start=1 + line_offset)
        raise _too_long(next(line for line, length in lengths if length > CELL_LIMIT))


def _too_long(line: int) -> UnreadableFile:
    return UnreadableFile(
        f"The row that begins on line {line} has a cell or a line longer than {CELL_LIMIT:,} characters; "
        "is a closing quote missing there?"
    )
