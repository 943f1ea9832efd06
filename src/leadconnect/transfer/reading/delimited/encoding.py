"""In which encoding a text file is: a byte order mark wins, else UTF-8 where all of it is valid, else Windows-1252."""

import codecs
import re
from typing import BinaryIO

import msgspec

from leadconnect.transfer.reading.errors import UnreadableFile

BLOCK_BYTES = 1 << 18
MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
"""The bytes that Windows-1252 leaves undefined (Unicode's CP1252.TXT)."""


class Encoding(msgspec.Struct, frozen=True):
    """An encoding for people and for Python, the byte order mark of the file, and where it is not UTF-8: the offset of
    the first byte that says so, else -1.
    """

    name: str
    codec: str
    mark: bytes = b""
    not_utf_8_at: int = -1


def read_at(file: BinaryIO, offset: int, size: int) -> bytes:
    """Return up to `size` bytes of `file` from `offset` on; so several can read one file by turns."""
    file.seek(offset)
    return file.read(size)


def line_at(file: BinaryIO, offset: int) -> int:
    """Return the 1-based line on which the byte at `offset` stands, in a file of an encoding that extends ASCII."""
    line = 1
    at = 0
    last = b""
    while at < offset:
        block = read_at(file, at, min(BLOCK_BYTES, offset - at))
        if not block:
            break
        line += block.count(b"\n") + block.count(b"\r") - (last + block).count(b"\r\n")
        last = block[-1:]
        at += len(block)
    return line


def marked(head: bytes) -> Encoding | None:
    """Return the encoding that the first bytes of a file name by a byte order mark, or ``None``."""
    for mark, codec, name in MARKS:
        if head.startswith(mark):
            return Encoding(name, codec, mark)
    return None


def find_encoding(file: BinaryIO) -> Encoding:
    """Read `file` once, in blocks, and return the encoding in which all of it is valid.

    Raises:
        UnreadableFile: it breaks the promise of its mark, or is neither UTF-8 nor Windows-1252; the byte is named.
    """
    given = marked(read_at(file, 0, 4))
    encoding = given or Encoding("UTF-8", "utf-8")
    wrong = _first_invalid(file, encoding)
    if wrong is None:
        return encoding
    if given:
        raise UnreadableFile(f"The file says that it is {given.name}, but byte {wrong + 1} is not.")
    undefined = _first_undefined(file)
    if undefined is not None:
        raise UnreadableFile(
            f"Byte {undefined + 1} of the file is neither UTF-8 nor Windows-1252. Please save it as CSV (UTF-8)."
        )
    return Encoding("Windows-1252", "cp1252", not_utf_8_at=wrong)


def known_encoding(file: BinaryIO, name: str) -> Encoding:
    """Return the encoding of a file that was found to be in the one called `name`."""
    codec = "cp1252" if name == "Windows-1252" else "utf-8"
    return marked(read_at(file, 0, 4)) or Encoding(name, codec)


def _first_invalid(file: BinaryIO, encoding: Encoding) -> int | None:
    decoder = codecs.getincrementaldecoder(encoding.codec)()
    offset = len(encoding.mark)
    while True:
        block = read_at(file, offset, BLOCK_BYTES)
        offset += len(block)
        try:
            decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            return offset - len(error.object) + error.start
        if not block:
            return None


def _first_undefined(file: BinaryIO) -> int | None:
    offset = 0
    while block := read_at(file, offset, BLOCK_BYTES):
        if found := UNDEFINED.search(block):
            return offset + found.start()
        offset += len(block)
    return None
