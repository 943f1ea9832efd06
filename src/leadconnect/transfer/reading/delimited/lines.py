"""The physical lines of a text file, a block at a time, and the bytes that they fill."""

import codecs
import io
from collections.abc import Iterator
from itertools import accumulate, takewhile
from typing import BinaryIO

from leadconnect.transfer.reading.delimited.encoding import BLOCK_BYTES, Encoding, read_at
from leadconnect.transfer.reading.errors import UnreadableFile
from leadconnect.transfer.reading.layout import CELL_LIMIT

RECORD_BYTES_LIMIT = 4 * BLOCK_BYTES
"""The bytes that one record may fill: where quotes open and close for ever, none would end."""


class Lines:
    """The lines of `file` from the byte `start` on.

    A reader of records takes lines from `blocks` and says with `record_start` and `record_line` where the one it is at
    begins. `has_zero_bytes` is set once a block with one was read. `ends[n - before]` is the offset of the byte after
    the n-th line, for every n of the block at hand.
    """

    __slots__ = (
        "_encoding",
        "_file",
        "_line",
        "_start",
        "before",
        "ends",
        "has_zero_bytes",
        "is_exhausted",
        "record_line",
        "record_start",
    )

    def __init__(self, file: BinaryIO, encoding: Encoding, start: int, line: int) -> None:
        self._file = file
        self._encoding = encoding
        self._start = start
        self._line = line
        self.before = 0
        self.ends: list[int] = [start]
        self.has_zero_bytes = False
        self.is_exhausted = False
        self.record_start = start
        self.record_line = line

    def blocks(self) -> Iterator[list[str]]:
        """Yield the lines, with their line breaks (CR, LF or CRLF), a list a block.

        Raises:
            UnreadableFile: a line or a record is too long.
        """
        decoder = codecs.getincrementaldecoder(self._encoding.codec)()
        offset = self._start
        rest = ""
        while True:
            data = read_at(self._file, offset, BLOCK_BYTES)
            offset += len(data)
            text = rest + decoder.decode(data, final=not data)
            self.has_zero_bytes = self.has_zero_bytes or "\0" in text
            # A CR at the very end may be the first half of a line break.
            cut = max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1 if data else len(text)
            lines = list(io.StringIO(text[:cut], newline=""))
            rest = text[cut:]
            is_long = len(rest) > CELL_LIMIT or max(map(len, lines), default=0) > CELL_LIMIT
            if is_long:
                lines = list(takewhile(lambda line: len(line) <= CELL_LIMIT, lines))
            if lines:
                self._measure(lines)
                yield lines
            if is_long:
                raise too_long(self._line + self.before + len(self.ends) - 1)
            if not data:
                self.is_exhausted = True
                return
            if self.ends[-1] - self.record_start > RECORD_BYTES_LIMIT:
                raise too_long(self.record_line)

    def _measure(self, lines: list[str]) -> None:
        codec = self._encoding.codec
        sizes = (
            map(len, lines)
            if codec == "cp1252"
            else (len(line) if line.isascii() and codec == "utf-8" else len(line.encode(codec)) for line in lines)
        )
        self.before += len(self.ends) - 1
        self.ends = list(accumulate(sizes, initial=self.ends[-1]))


def too_long(line: int) -> UnreadableFile:
    """Return the refusal of the row that begins on `line`."""
    return UnreadableFile(
        f"The row that begins on line {line} has a cell or a line longer than {CELL_LIMIT:,} characters; "
        "is a closing quote missing there?"
    )
