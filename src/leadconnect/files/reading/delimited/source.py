"""A CSV file as a source of records, each with the bytes it fills."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice, takewhile
from typing import BinaryIO

import msgspec

from leadconnect.files.reading.cleaning import cleaned
from leadconnect.files.reading.delimited.encoding import Encoding, find_encoding, read_at
from leadconnect.files.reading.delimited.evidence import changed_cell, in_second_encoding, with_evidence
from leadconnect.files.reading.delimited.lines import Lines, too_long
from leadconnect.files.reading.delimited.quotes import with_quote_changes
from leadconnect.files.reading.errors import UnreadableFile
from leadconnect.files.reading.heading import HEADER_SEARCH_RECORDS, HeaderScore, Heading, choose_heading
from leadconnect.files.reading.layout import (
    DELIMITERS,
    KEPT_LINES,
    Findings,
    is_blank,
    rows_below,
)
from leadconnect.files.reading.records import Described, FileFormat, ReadingOptions, Record

SEPARATORS = ",;\t|:^~"
SEPARATOR_LINE = re.compile(rf'"?sep=([{SEPARATORS}])"?(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
"""The first line by which Excel is told the delimiter."""
LINE_BREAK = re.compile(r"\r\n|\r|\n")


class Start(msgspec.Struct, frozen=True):
    """Where the records of a file begin: after its mark and the line that names the delimiter, if there is one."""

    offset: int
    line: int
    delimiter: str | None


class DelimitedSource:
    """An open CSV file."""

    def __init__(self, file: BinaryIO, options: ReadingOptions, *, header_score: HeaderScore, row_limit: int) -> None:
        self._file = file
        self._row_limit = row_limit
        self._encoding = find_encoding(file, chosen=options.encoding, languages=options.languages)
        start = find_start(file, self._encoding)
        candidates = _candidates(options.delimiter or start.delimiter)
        chosen, heading = _find_heading(file, self._encoding, start, candidates, header_score, options.header_line)
        self._preamble = [] if heading.record is None else self._above(start, chosen, heading.record)
        self._below = start if heading.record is None else self._after(heading.record)
        self._described = Described(
            FileFormat.CSV,
            heading.cells,
            heading.line,
            encoding=self._encoding.name,
            second_encoding=self._encoding.second_name,
            delimiter=chosen,
            has_header=heading.record is not None,
            header_is_sure=heading.is_sure,
        )
        self._described = with_evidence(file, self._encoding, self._described)
        self._warnings = heading.warnings + changed_cell(file, self._encoding, chosen)
        self._found = self._findings()

    def _above(self, start: Start, delimiter: str, header: Record) -> list[Record]:
        records = read_records(self._file, self._encoding, start, delimiter)
        above = takewhile(lambda record: record.start != header.start, records)
        return list(islice((record for record in above if not is_blank(record.cells)), KEPT_LINES))

    def _after(self, header: Record) -> Start:
        return Start(header.end, header.line + _line_count(self._file, self._encoding, header), None)

    @property
    def described(self) -> Described:
        """What the file is."""
        return msgspec.structs.replace(
            self._described, warnings=tuple(self._found.warnings), left_out=tuple(self._found.left_out)
        )

    def records(self) -> Iterator[Record]:
        """Yield the rows.

        Raises:
            UnreadableFile: a cell, a line or a row is too long, or a quote is never closed.
            TooManyRows: there are more than the limit.
        """
        self._found = found = self._findings()
        below = read_records(self._file, self._encoding, self._below, self._described.delimiter)
        yield from rows_below(self._described.header, below, found, row_limit=self._row_limit)

    def _findings(self) -> Findings:
        found = Findings([*self._warnings], [])
        for record in self._preamble:
            found.leave_out(record)
        return found


def find_start(file: BinaryIO, encoding: Encoding) -> Start:
    """Return where the records of `file` begin."""
    begin = len(encoding.mark)
    head = read_at(file, begin, 64).decode(encoding.codec, "replace")
    given = SEPARATOR_LINE.match(head)
    if given is None:
        return Start(begin, 1, None)
    return Start(begin + len(given[0].encode(encoding.codec)), 2, given[1])


def read_records(file: BinaryIO, encoding: Encoding, start: Start, delimiter: str) -> Iterator[Record]:
    """Yield every record of `file` from `start` on, blank ones too.

    Raises:
        UnreadableFile: a cell, a line or a record is too long, or a quote is never closed.
    """
    lines = Lines(file, encoding, start.offset, start.line)
    reader = csv.reader(chain.from_iterable(lines.blocks()), delimiter=delimiter)
    begin = start.offset
    line = start.line
    try:
        for cells in reader:
            if lines.is_exhausted:  # it asked for another line in the middle of a record: inside a quoted cell
                opened = start.line - 1 + reader.line_num - _line_breaks_within(cells[-1])
                raise UnreadableFile(f"The quote that opens on line {opened} of the file is never closed.")
            end = lines.ends[reader.line_num - lines.before]
            record = Record(line, cells, begin, end)
            if lines.odd and lines.is_odd(reader.line_num):
                record = msgspec.structs.replace(record, changes=in_second_encoding(cells, encoding))
            if lines.has_quotes and '"' in "".join(cells):
                record = with_quote_changes(record, encoding.text(read_at(file, begin, end - begin)), delimiter)
            yield cleaned(record) if lines.has_zero_bytes else record
            lines.record_start = begin = end
            lines.record_line = line = start.line + reader.line_num
    except csv.Error:
        raise too_long(line) from None
    except UnicodeDecodeError:
        raise UnreadableFile("The file changed while it was read.") from None


def _candidates(delimiter: str | None) -> Sequence[str]:
    if delimiter is None:
        return DELIMITERS
    if len(delimiter) != 1 or delimiter not in SEPARATORS:
        raise UnreadableFile("The delimiter must be one of , ; | : ^ ~ or a tab.")
    return (delimiter,)


def _find_heading(
    file: BinaryIO,
    encoding: Encoding,
    start: Start,
    delimiters: Sequence[str],
    score: HeaderScore,
    line: int | None,
) -> tuple[str, Heading]:
    """Return the delimiter under which a leading record scores highest as the header, and that header. Where none
    scores, it is the delimiter that divides most of the leading records into as many cells.

    Delimiters listed earlier win a tie.
    """
    found: list[tuple[str, Heading]] = []
    failure: UnreadableFile | None = None
    for candidate in delimiters:
        try:
            heading = choose_heading(read_records(file, encoding, start, candidate), score, line)
        except UnreadableFile as error:
            failure = failure or error
        else:
            found.append((candidate, heading))
    if not found:
        raise failure or UnreadableFile("The file has no rows.")
    points = {candidate: heading.points or score(heading.cells) for candidate, heading in found}
    if any(points.values()) or len(found) == 1:
        return max(found, key=lambda one: points[one[0]])
    if failure:
        raise failure
    return max(found, key=lambda one: _evenness(file, encoding, start, one[0]))


def _evenness(file: BinaryIO, encoding: Encoding, start: Start, delimiter: str) -> tuple[int, int]:
    """Return how many of the leading records have as many cells as most of those with two and more, and how many."""
    leading = islice(read_records(file, encoding, start, delimiter), HEADER_SEARCH_RECORDS)
    widths = Counter(len(record.cells) for record in leading if len(record.cells) > 1)
    return max(((count, width) for width, count in widths.items()), default=(0, 0))


def _line_count(file: BinaryIO, encoding: Encoding, record: Record) -> int:
    text = encoding.text(read_at(file, record.start, record.end - record.start))
    return len(LINE_BREAK.findall(text))


def _line_breaks_within(cell: str) -> int:
    return len(LINE_BREAK.findall(cell.removesuffix("\n").removesuffix("\r")))
