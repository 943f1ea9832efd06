"""Characters that a file may hold and a text may not: zero bytes and halves of surrogate pairs are dropped.

PostgreSQL stores neither in a text. Every reader passes its records through `cleaned`.
"""

import re

import msgspec

from leadconnect.files.reading.records import Change, Record

UNSTORABLE = re.compile("[\0\ud800-\udfff]")
DROPPED = "characters_dropped"
MESSAGE = "had characters that no text can have, such as a zero byte; they were dropped."


def storable(text: str) -> str:
    """Return `text` without zero bytes and lone surrogates."""
    return UNSTORABLE.sub("", text)


def cleaned(record: Record) -> Record:
    """Return `record` with cells that can be stored, and a change for each cell that could not be."""
    if not UNSTORABLE.search("\n".join(record.cells)):
        return record
    cells = [storable(cell) for cell in record.cells]
    changes = tuple(
        Change(DROPPED, at, MESSAGE)
        for at, (cell, before) in enumerate(zip(cells, record.cells, strict=True))
        if cell != before
    )
    return msgspec.structs.replace(record, cells=cells, changes=record.changes + changes)
