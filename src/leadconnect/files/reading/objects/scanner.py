"""JSON text in a file of any size: where its values begin and end, found without holding more than one of them.

What stands between the quotes and brackets of a value is not judged here.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from leadconnect.files.reading.delimited.encoding import BLOCK_BYTES, line_at, read_at
from leadconnect.files.reading.errors import UnreadableFile

VALUE_BYTES_LIMIT = 4 * BLOCK_BYTES
"""The bytes that one entry may fill."""
DEPTH_LIMIT = 64

_SPACE = re.compile(rb"[ \t\r\n]*+")
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_WHOLE_STRING = re.compile(_STRING, re.DOTALL)
_FLAT = re.compile(rb'\{[^"{}\[\]]*+(?:' + _STRING + rb'[^"{}\[\]]*+)*+\}', re.DOTALL)
"""An object without another one or a list in it. Nothing is tried twice, so a match takes linear time."""
_TOKEN = re.compile(_STRING + rb'|[{}\[\]"]', re.DOTALL)
_BARE = re.compile(rb'[^\s,:\[\]{}"]++')
_SCALAR = re.compile(rb"-?+(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?+[0-9]++)?+|true|false|null")


class Scanner:
    """Reads forward through `file` from the byte `offset` on."""

    def __init__(self, file: BinaryIO, offset: int) -> None:
        self._file = file
        self._base = offset
        self._buffer = b""
        self._at = 0

    @property
    def position(self) -> int:
        """The offset in the file of what comes next."""
        return self._base + self._at

    def peek(self) -> bytes:
        """Return the next byte that is no space, without passing it; nothing at the end of the file."""
        while True:
            space = _SPACE.match(self._buffer, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._buffer) or not self._fill():
                return self._buffer[self._at : self._at + 1]

    def take(self, *allowed: bytes) -> bytes:
        """Pass the next byte that is no space, which must be one of those `allowed`.

        Raises:
            UnreadableFile: it is another one, or the file ends.
        """
        byte = self.peek()
        if byte not in allowed or not byte:
            raise self.fault(f"{' or '.join(one.decode() for one in allowed)} is missing")
        self._at += 1
        return byte

    def value(self) -> tuple[int, bytes]:
        """Pass the next value; return its offset and bytes.

        Raises:
            UnreadableFile: it is too long, nested too deep or none at all, or the file ends within.
        """
        self.peek()
        end = self._end_of_value()
        while end is None:
            if len(self._buffer) - self._at > VALUE_BYTES_LIMIT:
                raise self.fault(f"what begins here is longer than {VALUE_BYTES_LIMIT:,} bytes")
            if not self._fill():
                raise self.fault("what begins here has no end")
            end = self._end_of_value()
        start = self.position
        raw = self._buffer[self._at : end]
        self._at = end
        return start, raw

    def elements(self) -> Iterator[tuple[int, bytes]]:
        """Pass a list; yield offset and bytes of each of its values."""
        self.take(b"[")
        if self.peek() == b"]":
            self._at += 1
            return
        while True:
            yield self.value()
            if self.take(b",", b"]") == b"]":
                return

    def fault(self, what: str) -> UnreadableFile:
        """Return the refusal of what comes next."""
        return broken(self._file, self.position, what)

    def _fill(self) -> bool:
        """Read on, and forget what was passed; tell whether there was anything."""
        more = read_at(self._file, self._base + len(self._buffer), BLOCK_BYTES)
        self._base += self._at
        self._buffer = self._buffer[self._at :] + more
        self._at = 0
        return bool(more)

    def _end_of_value(self) -> int | None:
        """Return where in the buffer the value at hand ends, ``None`` if it goes on beyond it."""
        first = self._buffer[self._at : self._at + 1]
        if first == b"{" and (flat := _FLAT.match(self._buffer, self._at)):
            return flat.end()
        if first in (b"{", b"["):
            return self._end_of_nested()
        if first == b'"':
            found = _WHOLE_STRING.match(self._buffer, self._at)
            return found.end() if found else None
        found = _BARE.match(self._buffer, self._at)
        if found and found.end() == len(self._buffer):
            return None
        if not found or not _SCALAR.fullmatch(found[0]):
            raise self.fault("this is not JSON")
        return found.end()

    def _end_of_nested(self) -> int | None:
        depth = 0
        for token in _TOKEN.finditer(self._buffer, self._at):
            text = token[0]
            if text in (b"{", b"["):
                depth += 1
                if depth > DEPTH_LIMIT:
                    raise self.fault(f"what begins here is nested deeper than {DEPTH_LIMIT}")
            elif text in (b"}", b"]"):
                depth -= 1
                if depth == 0:
                    return token.end()
            elif text == b'"':
                return None
        return None


def broken(file: BinaryIO, offset: int, what: str) -> UnreadableFile:
    """Return the refusal of what stands at `offset`."""
    return UnreadableFile(f"The JSON cannot be read: line {line_at(file, offset)}, byte {offset + 1}: {what}.")
