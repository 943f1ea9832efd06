"""Reading a file whose bytes are anything, as far as it goes."""

import io
from collections.abc import Sequence
from itertools import pairwise

from leadconnect.files.reading.delimited.encoding import marked
from leadconnect.files.reading.errors import FileTooLarge, TooManyRows, UnreadableFile, UnsupportedFile
from leadconnect.files.reading.opening import find_format
from leadconnect.files.reading.records import OURS, FileFormat
from leadconnect.files.reading.rejects import Rejected, write_rejects
from tests.files.reading.making import opened

REFUSALS = (FileTooLarge, TooManyRows, UnreadableFile, UnsupportedFile)


def walk(data: bytes) -> str:
    """Read `data` twice and write all of its rows as rejects; return ``read``, or the code of the refusal.

    Whatever else is raised is a fault of the reader, and so are rows that come differently the second time, rows that
    do not follow each other in the file, and a reject file that cannot be read.
    """
    try:
        source = opened(data, row_limit=1_000)
        records = list(source.records())
    except REFUSALS as refusal:
        return refusal.code
    described = source.described
    assert list(source.records()) == records
    assert source.described == described
    assert all(one.end <= other.start and one.line < other.line for one, other in pairwise(records))
    assert all(0 <= record.start <= record.end <= len(data) for record in records)
    rejected = [Rejected(record, "It is wrong.", "Mend it.") for record in records]
    again = b"".join(write_rejects(io.BytesIO(data), described, rejected))
    if records and not _looks_like_another(again, data, described.format):
        mended = opened(again, delimiter=described.delimiter or None, row_limit=1_000, header_score=is_ours)
        assert len(list(mended.records())) == len(records)
    return "read"


def is_ours(cells: Sequence[str]) -> int:
    """Rate what ends in our two columns as a header, and nothing else."""
    return int(tuple(cells[-2:]) == OURS)


def _looks_like_another(rejects: bytes, data: bytes, kind: FileFormat) -> bool:
    """Tell whether the rejects of a CSV file begin as a file of another format or encoding does, now that what stood
    before the header is gone.
    """
    if kind is not FileFormat.CSV:
        return False
    try:
        return marked(rejects) != marked(data) or find_format(rejects[:4096]) is not kind
    except UnsupportedFile:
        return True
