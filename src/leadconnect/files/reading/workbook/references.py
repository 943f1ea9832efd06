"""References of cells, such as ``AB12`` (ECMA-376 part 1, 18.18.7)."""

from leadconnect.files.reading.errors import UnreadableFile

COLUMNS = 16_384

_column_numbers: dict[str, int] = {}


def column_of(reference: str) -> int:
    """Return the column, counted from 0, of a cell such as ``AB12``.

    Raises:
        UnreadableFile: there is no such column.
    """
    letters = reference.rstrip("0123456789")
    column = _column_numbers.get(letters)
    if column is None:
        column = 0
        for letter in letters if letters.isascii() and letters.isalpha() and len(letters) <= 3 else "":
            column = column * 26 + ord(letter.upper()) - 64
        if not 0 < column <= COLUMNS:
            raise UnreadableFile(f"The sheet has a cell “{reference[:20]}”, which no sheet has.")
        column -= 1
        _column_numbers[letters] = column
    return column
