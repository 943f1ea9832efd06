"""How a table lies in a file: which of the records below its header are rows."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from leadconnect.files.reading.errors import too_many_rows
from leadconnect.files.reading.records import Record

DELIMITERS = (",", ";", "\t", "|")
FOOTER_RECORDS = 20
"""The most records of one cell after the last row that are taken for what is no row: totals, names, copyrights."""
FOOTER_WIDTH = 3
"""The columns from which on a record of one cell cannot be a row."""
CELL_LIMIT = 131_072
"""The characters that a cell may have."""
KEPT_LINES = 100
NO_ROWS = "The file has no rows below its header."
SHOWN_LENGTH = 200


class Findings(msgspec.Struct):
    """What came to light while the rows were read; of `left_out` the first `KEPT_LINES` are kept."""

    warnings: list[str]
    left_out: list[str]

    def note_repetition(self, line: int) -> None:
        """Warn of the header once more on `line`; 0 says that there was none."""
        if line:
            self.warnings.append(f"Line {line} repeats the header; such lines were left out.")

    def end(self, waiting: Iterable[Record], count: int, repeated: int) -> None:
        """Note what is known after the last of `count` rows: the records that were `waiting` for another one."""
        for record in waiting:
            self.leave_out(record)
        if not count:
            self.warnings.append(NO_ROWS)
        self.note_repetition(repeated)

    def leave_out(self, record: Record) -> None:
        """Note a record that is no row."""
        if len(self.left_out) < KEPT_LINES:
            self.left_out.append(one_line(", ".join(cell for cell in record.cells if cell)))


def one_line(text: str, length: int = SHOWN_LENGTH) -> str:
    """Return `text` on one line, of up to `length` characters."""
    text = " ".join(text[: 2 * length].split())
    return text if len(text) <= length else text[: length - 1] + "…"


def is_blank(cells: Sequence[str]) -> bool:
    """Tell whether no cell holds anything but spaces."""
    return not any(cells) or not any(cell and not cell.isspace() for cell in cells)


def rows_below(
    header: Sequence[str], records: Iterable[Record], found: Findings, *, row_limit: int
) -> Iterator[Record]:
    """Yield those of the `records` below the header that are rows.

    Blank ones are passed over. The header once more, as in files joined from several, and records of one cell after the
    last row of a wide table are left out and noted in `found`; where blank cells follow that one cell, only below a
    blank record, for it may else be a row that lacks the rest.

    Raises:
        TooManyRows: there are more than `row_limit`.
    """
    width = len(header)
    waiting: list[Record] = []
    count = repeated = short = 0
    is_apart = False
    for record in records:
        cells = record.cells
        if cells == header:
            found.leave_out(record)
            repeated = repeated or record.line
            continue
        if (not cells or not cells[0] or cells[0].isspace()) and is_blank(cells):
            is_apart = True
            continue
        is_apart = is_apart or short > 0 or len(cells) == 1
        short = short + 1 if is_apart and _may_be_footer(cells, width) else 0
        if 0 < short <= FOOTER_RECORDS:
            waiting.append(record)
            continue
        for row in (*waiting, record) if waiting else (record,):
            if count == row_limit:
                raise too_many_rows(row_limit)
            count += 1
            yield row
        is_apart, waiting = False, []
    found.end(waiting, count, repeated)


def _may_be_footer(cells: Sequence[str], width: int) -> bool:
    """Tell whether one cell alone, in the first column, is what people and programs write below a table. An address is
    somebody's, and what holds other delimiters a row of another dialect.
    """
    text, *others = cells
    if width < FOOTER_WIDTH or not text or any(others) or "@" in text:
        return False
    return len(cells) > 1 or all(text.count(delimiter) < width - 1 for delimiter in DELIMITERS)
