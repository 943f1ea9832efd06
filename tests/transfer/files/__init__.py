"""Files as other systems export them, made here: their headers, quirks and encodings, and the leads that are in them.

`made(source, variant)` returns one. No cell is copied from anybody's export; people and numbers are made up, and
addresses are reserved ones.
"""

from tests.transfer.files.address_books import ADDRESS_BOOKS
from tests.transfer.files.campaigns import CAMPAIGNS
from tests.transfer.files.crms import CRMS
from tests.transfer.files.lists import LISTS
from tests.transfer.files.making import MadeFile
from tests.transfer.files.sheets import SHEETS

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
