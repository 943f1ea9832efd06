"""Files as other systems export them, made here: their headers, quirks and encodings, and the leads that are in them.

`made(source, variant)` returns one. No cell is copied from anybody's export; people and numbers are made up, and
addresses are reserved ones.
"""

from tests.files.samples.address_books import ADDRESS_BOOKS
from tests.files.samples.campaigns import CAMPAIGNS
from tests.files.samples.crms import CRMS
from tests.files.samples.lists import LISTS
from tests.files.samples.making import MadeFile
from tests.files.samples.sheets import SHEETS

__all__ = ["FILES", "SOURCES", "MadeFile", "made"]

FILES: dict[tuple[str, int], MadeFile] = {}
"""Every file by its source and the number of the variant, counted from 1."""

for _file in (*ADDRESS_BOOKS, *LISTS, *CRMS, *CAMPAIGNS, *SHEETS):
    _variant = 1 + sum(source == _file.source for source, _ in FILES)
    FILES[_file.source, _variant] = _file

SOURCES = tuple(dict.fromkeys(source for source, _ in FILES))


def made(source: str, variant: int = 1) -> MadeFile:
    """Return the file; `source` is one of `SOURCES`, each has at least three variants."""
    return FILES[source, variant]
