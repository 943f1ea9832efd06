"""A file of cards as a source of records, one a card."""

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from leadconnect.files.reading.cards.properties import (
    HEADER,
    UNREAD,
    Property,
    card_cells,
    is_quoted_printable,
    parse_property,
)
from leadconnect.files.reading.cleaning import cleaned
from leadconnect.files.reading.delimited.encoding import find_encoding
from leadconnect.files.reading.delimited.evidence import changed_cell, with_evidence
from leadconnect.files.reading.delimited.lines import Lines
from leadconnect.files.reading.errors import UnreadableFile, too_many_rows
from leadconnect.files.reading.layout import CELL_LIMIT, NO_ROWS, is_blank
from leadconnect.files.reading.records import Described, FileFormat, ReadingOptions, Record

BEGIN, END = "BEGIN:VCARD", "END:VCARD"
PROPERTY_COUNT = 1_000


class CardsSource:
    """An open file of cards."""

    def __init__(self, file: BinaryIO, options: ReadingOptions, *, row_limit: int) -> None:
        self._file = file
        self._row_limit = row_limit
        self._encoding = find_encoding(file, chosen=options.encoding, languages=options.languages)
        described = Described(
            FileFormat.VCARD, list(HEADER), 0,
            encoding=self._encoding.name, second_encoding=self._encoding.second_name,
        )  # fmt: skip
        described = with_evidence(file, self._encoding, described)
        warnings = changed_cell(file, self._encoding, ":")
        if next(self._cards(), None) is None:
            warnings.append(NO_ROWS)
        self._described = msgspec.structs.replace(described, warnings=tuple(warnings))

    @property
    def described(self) -> Described:
        """What the file is."""
        return self._described

    def records(self) -> Iterator[Record]:
        """Yield the cards that are not blank as rows.

        Raises:
            UnreadableFile: a line is too long, or a card has too many properties.
            TooManyRows: there are more than the limit.
        """
        for count, record in enumerate(self._cards()):
            if count == self._row_limit:
                raise too_many_rows(self._row_limit)
            yield record

    def _cards(self) -> Iterator[Record]:
        line = start = 0
        properties: list[Property] = []
        is_within = False
        for number, begin, end, text in self._unfolded():
            mark = text.strip().upper()
            if mark == BEGIN:
                line, start, properties, is_within = number, begin, [], True
            elif mark == END and is_within:
                is_within = False
                record = cleaned(Record(line, card_cells(properties), start, end))
                if not is_blank(record.cells):
                    yield record
            elif is_within and (found := parse_property(text)) and found.name not in UNREAD:
                properties.append(found)
                if len(properties) > PROPERTY_COUNT:
                    raise UnreadableFile(f"The card that begins on line {line} has too many properties.")

    def _unfolded(self) -> Iterator[tuple[int, int, int, str]]:
        """Yield logical lines, each with the number of its first line and the bytes that it fills. What is too long, as
        pictures are, is cut.
        """
        number = begin = end = 0
        pending = ""
        goes_on = False
        for at, (start, stop, line) in enumerate(self._physical(), start=1):
            text = line.rstrip("\r\n")
            if pending and (goes_on or text[:1] in (" ", "\t")):
                pending = pending[:-1] + text if goes_on else pending + text[1:]
                pending = pending[:CELL_LIMIT]
            else:
                if pending:
                    yield number, begin, end, pending
                number, begin, pending = at, start, text
            end = stop
            goes_on = text.endswith("=") and is_quoted_printable(pending)
        if pending:
            yield number, begin, end, pending

    def _physical(self) -> Iterator[tuple[int, int, str]]:
        lines = Lines(self._file, self._encoding, len(self._encoding.mark), 1)
        for block in lines.blocks():
            for at, line in enumerate(block):
                yield lines.ends[at], lines.ends[at + 1], line
            lines.record_start = lines.ends[-1]  # a card may be long, by its picture
