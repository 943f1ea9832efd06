"""In which encoding a text file is; enter by `find_encoding`.

A byte order mark wins, else UTF-8 where all of it is valid. Where most of the lines that are not ASCII are UTF-8, the
others are decoded one by one in a second encoding. Else the letters decide; see `detection`.
"""

import codecs
from collections.abc import Iterator, Sequence
from typing import BinaryIO

import msgspec

from leadconnect.files.reading.delimited.charsets import CHARSETS, MULTIBYTE, WIDE
from leadconnect.files.reading.delimited.detection import Ranked, rank
from leadconnect.files.reading.errors import UnreadableFile

BLOCK_BYTES = 1 << 18
SAMPLE_LINES = 200
COUNTED_LINES = 2_000
"""Lines beyond ASCII by which it is decided whether most are UTF-8."""
SAMPLE_LINE_BYTES = 1_000
LONG_LINE_BYTES = 1 << 20
"""From this length on a line without end is cut, for nothing in a table has such lines."""
MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
MARKLESS_BYTES = 64


class Encoding(msgspec.Struct, frozen=True):
    """An encoding for people and for Python, the byte order mark of the file, and where it is not UTF-8: the offset of
    the first byte that says so, else -1.

    With a `second` codec the file is decoded line by line: what is not valid in the first is read in the second, and
    what is not valid there either becomes U+FFFD. `ranking` are the encodings that were compared, the likeliest first.
    """

    name: str
    codec: str
    mark: bytes = b""
    not_utf_8_at: int = -1
    second: str = ""
    second_name: str = ""
    ranking: tuple[Ranked, ...] = ()
    is_chosen: bool = False

    @property
    def is_by_lines(self) -> bool:
        """Return whether the file is split into lines before it is decoded."""
        return bool(self.second) or self.codec in MULTIBYTE

    def text(self, data: bytes) -> str:
        """Return whole lines of the file as text."""
        try:
            return data.decode(self.codec)
        except UnicodeDecodeError:
            if not self.second:
                raise
        return "".join(self.line(line)[0] for line in data.splitlines(keepends=True))

    def line(self, line: bytes) -> tuple[str, bool]:
        """Return a line as text, and whether it is in the second encoding."""
        try:
            return line.decode(self.codec), False
        except UnicodeDecodeError:
            return line.decode(self.second or self.codec, "replace"), True


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


def markless_utf_16(head: bytes) -> Encoding | None:
    """Return UTF-16 where the first bytes of a file without a mark clearly are so: every second one is zero."""
    sample = head[:MARKLESS_BYTES]
    half = len(sample) // 2
    low, high = sample[0::2].count(0), sample[1::2].count(0)
    if half < 4 or max(low, high) < 0.8 * half or min(low, high) > 0:
        return None
    name = "UTF-16LE" if high > low else "UTF-16BE"
    return Encoding(name, CHARSETS[name])


def find_encoding(file: BinaryIO, *, chosen: str | None = None, languages: Sequence[str] = ()) -> Encoding:
    """Read `file` in blocks, once or twice, and return its encoding.

    `chosen` is a key of `CHARSETS` that the caller decides on; `languages` are those of the account's country.

    Raises:
        UnreadableFile: it breaks the promise of its mark, or cannot be in the chosen encoding; the byte is named.
    """
    head = read_at(file, 0, MARKLESS_BYTES)
    given = marked(head)
    if chosen is not None:
        return _as_chosen(file, chosen, given)
    encoding = given or markless_utf_16(head) or Encoding("UTF-8", "utf-8")
    wrong = first_invalid(file, encoding)
    if wrong is None:
        return encoding
    if encoding.codec in WIDE:
        said = f"says that it is {encoding.name}" if given else f"seems to be {encoding.name}"
        raise UnreadableFile(f"The file {said}, but byte {wrong + 1} is not.")
    return _recognised(file, encoding, wrong, languages)


def known_encoding(file: BinaryIO, name: str, second_name: str = "") -> Encoding:
    """Return the encoding of a file that was found to be in those with these names."""
    mark = marked(read_at(file, 0, 4))
    if mark is not None and mark.name == name:
        return msgspec.structs.replace(mark, second=CHARSETS.get(second_name, ""), second_name=second_name)
    return Encoding(name, CHARSETS.get(name, "utf-8"), second=CHARSETS.get(second_name, ""), second_name=second_name)


def _as_chosen(file: BinaryIO, name: str, mark: Encoding | None) -> Encoding:
    codec = CHARSETS[name]
    is_marked = mark is not None and mark.codec == codec
    encoding = Encoding(name, codec, mark.mark if mark and is_marked else b"", is_chosen=True)
    wrong = first_invalid(file, encoding)
    if wrong is None:
        return encoding
    if codec in WIDE:
        raise UnreadableFile(f"The file is not {name}: byte {wrong + 1} cannot be read. Choose another encoding.")
    return msgspec.structs.replace(encoding, second=codec, second_name=name)


def _recognised(file: BinaryIO, encoding: Encoding, wrong: int, languages: Sequence[str]) -> Encoding:
    """Return the encoding of a file that is not UTF-8 from the byte at `wrong` on."""
    odd: list[bytes] = []
    all_lines: list[bytes] = []
    odd_count = utf_8_count = 0
    for line in _lines(file):
        if line.isascii():
            continue
        is_odd = not _is_utf_8(line)
        odd_count += is_odd
        utf_8_count += not is_odd
        for sample in (odd, all_lines) if is_odd else (all_lines,):
            if len(sample) < SAMPLE_LINES:
                sample.append(line[:SAMPLE_LINE_BYTES] if len(line) > SAMPLE_LINE_BYTES else line)
        if odd and odd_count + utf_8_count >= COUNTED_LINES:
            break
    if encoding.mark or utf_8_count > odd_count:
        ranking = tuple(rank(odd, languages))
        second = ranking[0].name if ranking else "Windows-1252"
        return msgspec.structs.replace(
            encoding, not_utf_8_at=wrong, second=CHARSETS[second], second_name=second, ranking=ranking
        )
    ranking = tuple(rank(all_lines, languages))
    for ranked in ranking[:3]:
        found = Encoding(ranked.name, CHARSETS[ranked.name], not_utf_8_at=wrong, ranking=ranking)
        if first_invalid(file, found) is None:
            return found
    name = ranking[0].name if ranking else "Windows-1252"
    codec = CHARSETS[name]
    return Encoding(name, codec, not_utf_8_at=wrong, second=codec, second_name=name, ranking=ranking)


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a file whose encoding extends ASCII."""
    rest = b""
    offset = 0
    while block := read_at(file, offset, BLOCK_BYTES):
        offset += len(block)
        *whole, rest = (rest + block).splitlines(keepends=True)
        yield from whole
        if len(rest) > LONG_LINE_BYTES:
            yield rest
            rest = b""
    if rest:
        yield rest


def non_ascii_lines(file: BinaryIO, encoding: Encoding, count: int) -> list[bytes]:
    """Return the first lines of a file that are not ASCII; of one with a second encoding, those in it."""
    found = []
    for line in _lines(file):
        if not line.isascii() and (encoding.codec != "utf-8" or not _is_utf_8(line)):
            found.append(line[:SAMPLE_LINE_BYTES])
            if len(found) == count:
                break
    return found


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def first_invalid(file: BinaryIO, encoding: Encoding) -> int | None:
    """Return the offset of the first byte that is not valid in an encoding."""
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
