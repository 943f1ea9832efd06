"""The shared strings of a workbook, kept in a temporary file: there may be millions."""

import re
import tempfile
import weakref
from array import array
from collections.abc import Iterator
from xml.parsers import expat

import msgspec

from leadconnect.files.reading.errors import UnreadableFile
from leadconnect.files.reading.layout import CELL_LIMIT
from leadconnect.files.reading.workbook.package import feed

CELL_CHARACTERS = 32_767
"""What the text of a cell may have (ECMA-376 part 1, 18.18.93)."""
GROUP = 32
"""The strings that are kept, and read again, together."""
REMEMBERED_CHARACTERS = 4_000_000
SPOOLED_BYTES = 1 << 20
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""A character that XML cannot have, as Excel writes it (ECMA-376 part 1, 22.9.2.19)."""


def unescape(text: str) -> str:
    """Return `text` with the characters that its ``_xHHHH_`` stand for; what would be half a character stays."""
    if "_x" not in text:
        return text
    return ESCAPED.sub(lambda found: _character(found[1]) or found[0], text)


def finished(raw: str) -> str:
    """Return the text of a cell from how it stands in the XML.

    Raises:
        UnreadableFile: it is longer than the text of a cell can be.
    """
    text = unescape(raw)
    if len(text) > CELL_CHARACTERS:
        raise UnreadableFile(f"The workbook has a text longer than {CELL_CHARACTERS:,} characters, which no sheet has.")
    return text


def _character(digits: str) -> str | None:
    code = int(digits, 16)
    return None if 0xD800 <= code < 0xE000 else chr(code)


class SharedStrings:
    """The strings by their index, from the XML of their part. Memory is bounded: groups of strings lie in a temporary
    file, and those that were asked for last are remembered.
    """

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=SPOOLED_BYTES)  # noqa: SIM115 - closed with this object
        weakref.finalize(self, self._file.close)
        self._offsets = array("Q", [0])
        self._count = 0
        self._remembered: dict[int, list[str]] = {}
        self._characters = 0
        self._pending: list[str] = []
        parser = _parser(self._pending)
        for _ in feed(parser, blocks):
            while len(self._pending) >= GROUP:
                self._keep(self._pending[:GROUP])
                del self._pending[:GROUP]
        if self._pending:
            self._keep(self._pending)

    def __getitem__(self, index: int) -> str:
        """Return the string with that index.

        Raises:
            UnreadableFile: there is none.
        """
        group = self._remembered.get(index >> 5)
        if group is None:
            group = self._read(index >> 5)
        try:
            return group[index & 31]
        except IndexError:
            raise UnreadableFile(f"The workbook has no text with the number {index}.") from None

    def _keep(self, strings: list[str]) -> None:
        data = msgspec.msgpack.encode(strings)
        self._file.write(data)
        self._offsets.append(self._offsets[-1] + len(data))

    def _read(self, number: int) -> list[str]:
        if not 0 <= number < len(self._offsets) - 1:
            return []
        start, end = self._offsets[number], self._offsets[number + 1]
        self._file.seek(start)
        group = msgspec.msgpack.decode(self._file.read(end - start), type=list[str])
        if self._characters > REMEMBERED_CHARACTERS:
            self._remembered.clear()
            self._characters = 0
        self._characters += end - start + 40 * GROUP
        self._remembered[number] = group
        return group


def _parser(found: list[str]) -> expat.XMLParserType:
    """Return a parser that appends to `found` the text of every ``si``, without its reading aids (``rPh``)."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    pieces: list[str] = []
    depth = aids = length = 0
    is_text = False

    def start(name: str, _: object) -> None:
        nonlocal depth, aids, is_text
        depth += 1
        local = name.rpartition(":")[2]
        if depth > 16:
            raise UnreadableFile("The workbook's texts are nested too deep.")
        aids += local == "rPh"
        is_text = local == "t" and not aids

    def end(name: str) -> None:
        nonlocal depth, aids, length, is_text
        depth -= 1
        is_text = False
        local = name.rpartition(":")[2]
        aids -= local == "rPh"
        if local == "si":
            found.append(finished("".join(pieces)))
            pieces.clear()
            length = 0

    def text(data: str) -> None:
        nonlocal length
        if is_text:
            pieces.append(data)
            length += len(data)
            if len(pieces) > 1 and length > CELL_LIMIT:
                raise UnreadableFile(f"The workbook has a text longer than {CELL_LIMIT:,} characters.")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    return parser
