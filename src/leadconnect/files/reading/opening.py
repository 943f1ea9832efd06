"""Opening a file of any kind: what its first bytes say goes before its name and media type."""

import re
from typing import BinaryIO

from leadconnect.files.reading.cards.source import CardsSource
from leadconnect.files.reading.converted.source import ConvertedSource
from leadconnect.files.reading.delimited.encoding import marked, markless_utf_16, read_at
from leadconnect.files.reading.delimited.source import DelimitedSource
from leadconnect.files.reading.errors import FileTooLarge, UnreadableFile, UnsupportedFile
from leadconnect.files.reading.heading import HeaderScore
from leadconnect.files.reading.objects.source import ObjectsSource
from leadconnect.files.reading.records import FileFormat, ReadingOptions, Source
from leadconnect.files.reading.workbook.package import Package
from leadconnect.files.reading.workbook.source import WorkbookSource

FILE_BYTES_LIMIT = 100 * 1024 * 1024
HEAD_BYTES = 4096
SAVE_AS = "Please save it as CSV (UTF-8) or .xlsx first."

AS_RECOGNISED = ReadingOptions()
ZIP = b"PK\x03\x04"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OTHERS = (
    (re.compile(rb"%PDF-"), "a PDF document"),
    (re.compile(rb"\x1f\x8b"), "a gzip archive"),
    (
        re.compile(rb"BZh[1-9]1AY&SY|\xfd7zXZ\x00|7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|\x28\xb5\x2f\xfd|PK\x05\x06"),
        "an archive",
    ),
    (
        re.compile(rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|GIF8[79]a|II\*\x00|MM\x00\*|RIFF....WEBP|....ftyphei", re.DOTALL),
        "an image",
    ),
    (re.compile(rb"\{\\rtf"), "a rich text document"),
    (re.compile(rb"SQLite format 3\x00"), "a database"),
    (re.compile(rb"PAR1"), "a Parquet file"),
    (
        re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!doctype\s+html|<html|<head|<body|<table|<!--)", re.IGNORECASE),
        "a web page",
    ),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml", re.IGNORECASE), "an XML document"),
)
CARD_START = re.compile(r"\s*BEGIN:VCARD\s", re.IGNORECASE)
JSON_START = re.compile(r"\s*(?:\[\s*(?:[{\[\]\"]|\Z)|\{\s*(?:[\"}]|\Z))")
JSON_NAME = re.compile(r"\.(?:json|jsonl|ndjson)\Z", re.IGNORECASE)
JSON_MEDIA = re.compile(r"application/(?:[\w.+-]*\+)?(?:json|jsonl|x-ndjson|json-lines)\b|text/json\b", re.IGNORECASE)


def open_source(
    file: BinaryIO,
    *,
    name: str = "",
    media: str = "",
    options: ReadingOptions = AS_RECOGNISED,
    header_score: HeaderScore,
    row_limit: int,
) -> Source:
    """Return the rows of `file`, which must be open for reading and seekable, for as long as it is.

    `name` and `media` (a media type) are asked only where the content leaves a doubt. Of `options`, by default the
    sheet of a workbook is the first one that is not hidden, the delimiter of a CSV file the one that gives the best
    header, and the header of a table the one of its first records whose cells `header_score` rates highest; see
    `choose_heading`. Memory does not grow with the file, time is linear in it.

    Raises:
        UnsupportedFile: the file is of a kind that is not read.
        UnreadableFile: it is broken, or has no header.
        FileTooLarge: it is, or it would be once unpacked.
        TooManyRows: it has more than `row_limit` rows; of some formats `records` says so.
        ReadingBusy: other files of its format are being read, for too long.
    """
    size = file.seek(0, 2)
    if size > FILE_BYTES_LIMIT:
        raise FileTooLarge(f"A file may have {FILE_BYTES_LIMIT >> 20} MB; this one has more. Please split it.")
    head = read_at(file, 0, HEAD_BYTES)
    if not head.strip():
        raise UnreadableFile("The file is empty.")
    kind = find_format(head, name=name, media=media, is_chosen=options.encoding not in (None, "UTF-8"))
    if kind in (FileFormat.XLSX, FileFormat.XLS):
        return _open_workbook(file, kind, options, header_score=header_score, row_limit=row_limit)
    if kind is FileFormat.VCARD:
        return CardsSource(file, options, row_limit=row_limit)
    if kind is FileFormat.JSON:
        return ObjectsSource(file, header_score=header_score, row_limit=row_limit)
    return DelimitedSource(file, options, header_score=header_score, row_limit=row_limit)


def _open_workbook(
    file: BinaryIO, kind: FileFormat, options: ReadingOptions, *, header_score: HeaderScore, row_limit: int
) -> Source:
    if kind is FileFormat.XLSX:
        package = Package(file)
        if package.format is FileFormat.XLSX:
            return WorkbookSource(package, options, header_score=header_score, row_limit=row_limit)
        kind = package.format
    return ConvertedSource(file, kind, options, header_score=header_score, row_limit=row_limit)


def find_format(head: bytes, *, name: str = "", media: str = "", is_chosen: bool = False) -> FileFormat:
    """Return the format of a file by its first bytes: JSON for JSON Lines too, XLSX for any zip archive, XLS for any
    compound file. `is_chosen` says that the caller knows the encoding of its text, which JSON does not leave open.

    Raises:
        UnsupportedFile: it is none of ours.
    """
    if head.startswith(ZIP):
        return FileFormat.XLSX
    if head.startswith(COMPOUND):
        return FileFormat.XLS
    for pattern, what in OTHERS:
        if pattern.match(head):
            raise UnsupportedFile(f"The file is {what}, which cannot be read. {SAVE_AS}")
    encoding = marked(head)
    if is_chosen and not encoding:
        return FileFormat.VCARD if CARD_START.match(head.replace(b"\0", b"").decode("latin-1")) else FileFormat.CSV
    if encoding is None and head[:64].count(0) >= len(head[:64]) // 4 > 0:
        encoding = markless_utf_16(head)
        if encoding is None:
            raise UnsupportedFile(f"The file is no text. {SAVE_AS}")
    text = head[len(encoding.mark) :].decode(encoding.codec, "replace") if encoding else head.decode("latin-1")
    if CARD_START.match(text):
        return FileFormat.VCARD
    if JSON_START.match(text):
        return FileFormat.JSON
    is_said = bool(JSON_NAME.search(name)) or (bool(JSON_MEDIA.match(media)) and not name)
    return FileFormat.JSON if is_said else FileFormat.CSV
