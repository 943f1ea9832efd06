"""The physical lines of a text file, a block at a time, and the bytes that they fill."""

import codecs
import io
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import accumulate, takewhile
from typing import BinaryIO

from leadconnect.files.reading.delimited.encoding import BLOCK_BYTES, Encoding, read_at
from leadconnect.files.reading.errors import UnreadableFile
from leadconnect.files.reading.layout import CELL_LIMIT

RECORD_BYTES_LIMIT = 4 * BLOCK_BYTES
"""The bytes that one record may fill: where quotes open and close for ever, none would end."""
SINGLE_BYTE_PREFIXES = ("cp125", "cp4", "cp8", "iso8859", "koi8", "mac")

_Block = tuple[list[str], Iterable[int], bool, bool]
"""Lines, the bytes of each, whether what follows is too long for a line, and whether the file ends."""


class Lines:
    """The lines of `file` from the byte `start` on.

    A reader of records takes lines from `blocks` and says with `record_start` and `record_line` where the one it is at
    begins. `has_quotes` and `has_zero_bytes` are set once a block with one was read. `ends[n - before]` is the offset
    of the byte after the n-th line, for every n of the block at hand. `odd` are the n of lines in the second encoding
    of the file, until `is_odd` has passed them.
    """

    __slots__ = (
        "_encoding",
        "_file",
        "_line",
        "_start",
        "before",
        "ends",
        "has_quotes",
        "has_zero_bytes",
        "is_exhausted",
        "odd",
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
        self.has_quotes = False
        self.has_zero_bytes = False
        self.is_exhausted = False
        self.odd: deque[int] = deque()
        self.record_start = start
        self.record_line = line

    def blocks(self) -> Iterator[list[str]]:
        """Yield the lines, with their line breaks (CR, LF or CRLF), a list a block.

        Raises:
            UnreadableFile: a line or a record is too long.
        """
        for lines, sizes, is_endless, is_last in self._by_lines() if self._encoding.is_by_lines else self._whole():
            is_long = is_endless or max(map(len, lines), default=0) > CELL_LIMIT
            if is_long:
                lines = list(takewhile(lambda line: len(line) <= CELL_LIMIT, lines))
            if lines:
                self.before += len(self.ends) - 1
                self.ends = list(accumulate(sizes, initial=self.ends[-1]))[: len(lines) + 1]
                yield lines
            if is_long:
                raise too_long(self._line + self.before + len(self.ends) - 1)
            if is_last:
                self.is_exhausted = True
                return
            if self.ends[-1] - self.record_start > RECORD_BYTES_LIMIT:
                raise too_long(self.record_line)

    def is_odd(self, line: int) -> bool:
        """Return whether one of the lines up to the n-th is in the second encoding, and forget them."""
        is_any = False
        while self.odd and self.odd[0] <= line:
            self.odd.popleft()
            is_any = True
        return is_any

    def _whole(self) -> Iterator[_Block]:
        """Decode blocks of bytes, and split what they say into lines."""
        codec = self._encoding.codec
        decoder = codecs.getincrementaldecoder(codec)()
        offset = self._start
        rest = ""
        while True:
            data = read_at(self._file, offset, BLOCK_BYTES)
            offset += len(data)
            text = rest + decoder.decode(data, final=not data)
            self.has_zero_bytes = self.has_zero_bytes or "\0" in text
            self.has_quotes = self.has_quotes or '"' in text
            # A CR at the very end may be the first half of a line break.
            cut = max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1 if data else len(text)
            lines = list(io.StringIO(text[:cut], newline=""))
            rest = text[cut:]
            yield lines, _sizes(lines, codec), len(rest) > CELL_LIMIT, not data
            if not data:
                return

    def _by_lines(self) -> Iterator[_Block]:
        """Split blocks of bytes into lines, and decode them: all together, or where that fails one by one."""
        encoding = self._encoding
        offset = self._start
        rest = b""
        while True:
            data = read_at(self._file, offset, BLOCK_BYTES)
            offset += len(data)
            block = rest + data
            cut = max(block.rfind(b"\n"), block.rfind(b"\r", 0, -1)) + 1 if data else len(block)
            raw, rest = block[:cut].splitlines(keepends=True), block[cut:]
            self.has_zero_bytes = self.has_zero_bytes or b"\0" in block
            self.has_quotes = self.has_quotes or b'"' in block
            try:
                lines = list(io.StringIO(block[:cut].decode(encoding.codec), newline=""))
            except UnicodeDecodeError:
                lines = self._one_by_one(raw)
            yield lines, map(len, raw), len(rest) > 4 * CELL_LIMIT, not data
            if not data:
                return

    def _one_by_one(self, raw: list[bytes]) -> list[str]:
        first = self.before + len(self.ends)
        lines = []
        for number, data in enumerate(raw, start=first):
            line, is_odd = self._encoding.line(data)
            lines.append(line)
            if is_odd:
                self.odd.append(number)
        return lines


def _sizes(lines: list[str], codec: str) -> Iterable[int]:
    if codec.startswith(SINGLE_BYTE_PREFIXES):
        return map(len, lines)
    return (len(line) if codec == "utf-8" and line.isascii() else len(line.encode(codec)) for line in lines)


def too_long(line: int) -> UnreadableFile:
    """Return the refusal of the row that begins on `line`."""
    return UnreadableFile(
        f"The row that begins on line {line} has a cell or a line longer than {CELL_LIMIT:,} characters; "
        "is a closing quote missing there?"
    )
