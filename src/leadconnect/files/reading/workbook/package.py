"""The zip archive of a workbook, judged before anything is unpacked (APPNOTE.TXT; ECMA-376 part 2, packages)."""

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO
from xml.parsers import expat

from leadconnect.files.reading.errors import FileTooLarge, UnreadableFile, UnsupportedFile
from leadconnect.files.reading.records import FileFormat

RATIO_LIMIT = 100
"""How many times its packed size a part may have once unpacked, as in Apache POI (ZipSecureFile)."""
RATIO_FREE_BYTES = 100_000
"""Parts up to this size may have any ratio, likewise."""
UNPACKED_BYTES_LIMIT = 1 << 30
DIRECTORY_BYTES_LIMIT = 1 << 20
"""The bytes of the archive's directory, and of any other piece that is read at once."""
BLOCK_BYTES = 1 << 16
TOKEN_BYTES_LIMIT = 1 << 20
"""The bytes of one tag with its attributes: expat begins such a piece anew with every block until it is whole."""

OTHER_PACKAGES = (
    ("content.xml", "an OpenDocument file, but no spreadsheet"),
    ("word/document.xml", "a Word document"),
    ("ppt/presentation.xml", "a presentation"),
    ("index/document.iwa", "a Numbers document"),
)
MIME_TYPE = "mimetype"
OPEN_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
"""The media type of OpenDocument spreadsheets and, with a suffix, of their templates (OpenDocument 1.3 part 2, 3.3)."""
SMALL_PART_BYTES = 1 << 16
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    expat.ExpatError,
    EOFError,
    LookupError,
    RuntimeError,  # what zipfile does not know, too
    ArithmeticError,
    ValueError,
)
"""What zipfile, zlib and expat raise at what is broken."""


@contextmanager
def refusing_what_is_broken() -> Iterator[None]:
    """Tell what the libraries raise as a refusal of the file."""
    try:
        yield
    except BROKEN:
        raise UnreadableFile("The workbook is damaged. Please open it in your spreadsheet and save it again.") from None


class _Pieces:
    """A file that is read in bounded pieces, whatever the archive's directory says."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._size = file.seek(0, 2)

    def read(self, size: int = -1) -> bytes:
        if size < 0:
            size = max(self._size - self._file.tell(), 0)
        if size > DIRECTORY_BYTES_LIMIT:
            raise zipfile.BadZipFile("a piece is too large")
        return self._file.read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        if whence == 0 and offset < 0:
            raise zipfile.BadZipFile("an offset lies before the file")
        try:
            return self._file.seek(offset, whence)
        except OSError:
            raise zipfile.BadZipFile("an offset lies outside of the file") from None

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True


class Package:
    """The parts of a workbook by name, in any case; `format` is that of the workbook."""

    def __init__(self, file: BinaryIO) -> None:
        with refusing_what_is_broken():
            self._archive = zipfile.ZipFile(_Pieces(file))
            entries = self._archive.infolist()
            self._parts = {_plain_name(entry.filename): entry for entry in entries}
            self.format = self._format()
            _check_entries(entries, self._archive.start_dir)

    def _format(self) -> FileFormat:
        """Return the format of the workbook.

        Raises:
            UnsupportedFile: the archive is no workbook.
        """
        if "xl/workbook.bin" in self._parts:
            return FileFormat.XLSB
        if "content.xml" in self._parts and MIME_TYPE in self._parts:
            media = next(self.blocks(MIME_TYPE, limit=SMALL_PART_BYTES), b"")
            if media.strip().startswith(OPEN_SPREADSHEET):
                return FileFormat.ODS
        _check_kind(self._parts)
        return FileFormat.XLSX

    def __contains__(self, name: str) -> bool:
        return _plain_name(name) in self._parts

    def blocks(self, name: str, *, limit: int = UNPACKED_BYTES_LIMIT) -> Iterator[bytes]:
        """Yield a part, unpacked.

        Raises:
            UnreadableFile: there is none, it is larger than `limit` bytes, or damaged.
        """
        with refusing_what_is_broken():
            entry = self._parts[_plain_name(name)]
            if entry.file_size > limit:
                raise zipfile.BadZipFile("a part is too large")
            with self._archive.open(entry) as part:
                while block := part.read(BLOCK_BYTES):
                    yield block


def _plain_name(name: str) -> str:
    """Return the name of a part in one case and with slashes, as spreadsheets compare them; some programs write
    backslashes.
    """
    return name.replace("\\", "/").casefold()


def _check_kind(parts: dict[str, zipfile.ZipInfo]) -> None:
    what = next((what for name, what in OTHER_PACKAGES if name in parts), None)
    if what or "[content_types].xml" not in parts or "_rels/.rels" not in parts:
        what = what or "a zip archive, but no workbook"
        raise UnsupportedFile(f"The file is {what}. Please save it as .xlsx or as CSV (UTF-8).")


def _check_entries(entries: list[zipfile.ZipInfo], directory: int) -> None:
    """Judge what the directory says of the parts.

    Raises:
        UnsupportedFile: a part is encrypted.
        UnreadableFile: names that lead out of the archive or stand there twice, parts that overlap.
        FileTooLarge: it unpacks to too much.
    """
    if any(entry.flag_bits & 0x41 for entry in entries):
        raise UnsupportedFile("The workbook is protected by a password. Please save it without one.")
    if len({_plain_name(entry.filename) for entry in entries}) < len(entries) or any(map(_leads_out, entries)):
        raise UnreadableFile("The workbook's archive has parts with names that none may have.")
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise UnreadableFile("The workbook is packed in a way that workbooks are not.")
    begins = sorted(entries, key=lambda entry: entry.header_offset)
    ends = [*(entry.header_offset for entry in begins[1:]), directory]
    for entry, end in zip(begins, ends, strict=True):
        if entry.header_offset + 30 + len(entry.filename) + entry.compress_size > end:
            raise UnreadableFile("The parts of the workbook's archive overlap.")
    if sum(entry.file_size for entry in entries) > UNPACKED_BYTES_LIMIT or any(map(_is_bomb, entries)):
        raise FileTooLarge(
            "The workbook unpacks to far more than its size, or to more than 1 GB. Please save it as CSV (UTF-8)."
        )


def _leads_out(entry: zipfile.ZipInfo) -> bool:
    name = entry.orig_filename.replace("\\", "/")
    return name.startswith("/") or ".." in name.split("/") or ":" in name or "\0" in name


def _is_bomb(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > max(RATIO_FREE_BYTES, RATIO_LIMIT * entry.compress_size)


def feed(parser: expat.XMLParserType, blocks: Iterator[bytes]) -> Iterator[None]:
    """Give `blocks` to `parser`, one at a step, and end it. A document type, by which entities come, is refused.

    Raises:
        UnreadableFile: the XML is broken or has a document type.
    """

    def refuse(*_: object) -> None:
        raise UnreadableFile("The workbook has a document type, which workbooks do not have.")

    parser.StartDoctypeDeclHandler = refuse
    fed = 0
    with refusing_what_is_broken():
        for block in blocks:
            parser.Parse(block, False)
            fed += len(block)
            if fed - parser.CurrentByteIndex > TOKEN_BYTES_LIMIT:
                raise UnreadableFile("The workbook has a tag that is too long.")
            yield
        parser.Parse(b"", True)
        yield


def resolve(base: str, target: str) -> str:
    """Return the name of the part that `target`, in the relations of the part `base`, stands for."""
    target = target.replace("\\", "/")
    joined = target if target.startswith("/") else posixpath.join(posixpath.dirname(base), target)
    return posixpath.normpath(joined).lstrip("/")
