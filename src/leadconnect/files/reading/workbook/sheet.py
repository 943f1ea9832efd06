"""The rows of one sheet, from its XML as a stream (ECMA-376 part 1, 18.3)."""

import re
from collections.abc import Iterator, Sequence
from xml.parsers import expat

from leadconnect.files.reading.cleaning import cleaned, storable
from leadconnect.files.reading.errors import UnreadableFile
from leadconnect.files.reading.layout import CELL_LIMIT, Findings
from leadconnect.files.reading.records import Record
from leadconnect.files.reading.workbook.extras import NO_EXTRAS, Extras
from leadconnect.files.reading.workbook.numbers import Show, plain
from leadconnect.files.reading.workbook.package import feed
from leadconnect.files.reading.workbook.references import column_of
from leadconnect.files.reading.workbook.strings import SharedStrings, finished

ROWS = 1_048_576
DEPTH_LIMIT = 32
GAPS_LIMIT = 1_000_000
"""Blank cells before filled ones, in what one block of XML holds."""

ACTIVE_MERGES = 200
"""Merged cells of several rows that are minded at the same time."""
HYPERLINK = re.compile(r'\s*HYPERLINK\(\s*"((?:[^"]|"")*)"', re.IGNORECASE)
FORMULA_LENGTH, FORMULA_PIECES = 4_000, 20


class _Rows:
    """The state of reading a sheet: a parser calls it, and it collects rows."""

    __slots__ = (
        "_active",
        "_cell_name",
        "_cells",
        "_column",
        "_depth",
        "_extras",
        "_formula",
        "_gaps",
        "_is_aid",
        "_is_formula",
        "_is_hidden",
        "_is_text",
        "_kind",
        "_length",
        "_links",
        "_next_merge",
        "_parser",
        "_pieces",
        "_row",
        "_row_links",
        "_row_name",
        "_rows",
        "_shows",
        "_skips_hidden",
        "_strings",
        "_style",
        "_text_names",
        "formulas_without_value",
        "hidden_count",
    )

    def __init__(
        self, strings: SharedStrings | None, shows: Sequence[Show], extras: Extras, *, skips_hidden: bool
    ) -> None:
        self._strings = strings
        self._shows = shows
        self._cells: list[str] | None = None
        self._pieces: list[str] | None = None
        self._length = 0
        self._row = self._depth = self._gaps = 0
        self._column = -1
        self._is_text = self._is_formula = self._is_aid = False
        self._rows: list[Record] = []
        self._skips_hidden = skips_hidden
        self._extras = extras
        self._next_merge = 0
        self._active: dict[int, tuple[int, str]] = {}
        self._row_links: dict[int, str] | None = None
        self._links: list[tuple[int, str]] = []
        self._formula: list[str] | None = None
        self._is_hidden = False
        self.formulas_without_value = ""
        self.hidden_count = 0

    def parser(self) -> expat.XMLParserType:
        """Return a parser that calls this."""
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        return self._parser

    def release(self) -> None:
        """Let go of the parser, which holds this too."""
        self._parser.StartElementHandler = self._parser.EndElementHandler = self._parser.CharacterDataHandler = None

    def taken(self) -> list[Record]:
        """Return the rows that were collected since this was asked last."""
        rows, self._rows = self._rows, []
        self._gaps = 0
        return rows

    def _begin(self, name: str, _: dict[str, str]) -> None:
        """Learn from the first element the prefix of all of them."""
        prefix = name[: name.rfind(":") + 1]
        self._cell_name = f"{prefix}c"
        self._row_name = f"{prefix}row"
        self._text_names = (f"{prefix}v", f"{prefix}t")
        self._parser.StartElementHandler = self._start
        self._depth = 1

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._pieces is not None:
            if name in self._text_names and not self._is_text and not self._is_aid:
                self._is_text = True
            else:
                self._begin_other(name)
        elif self._cells is not None and name == self._cell_name:
            reference = attributes.get("r")
            self._column = self._column + 1 if reference is None else column_of(reference)
            self._kind = attributes.get("t")
            self._style = attributes.get("s")
            self._pieces = []
            self._length = 0
            self._is_formula = False
        elif self._cells is None and name == self._row_name:
            self._begin_row(attributes)
        else:
            self._begin_other(name)

    def _begin_row(self, attributes: dict[str, str]) -> None:
        number = int(attributes.get("r", self._row + 1))
        if not self._row < number <= ROWS:
            raise UnreadableFile(f"The sheet has a row {number} after row {self._row}, which no sheet has.")
        self._row = number
        self._cells = []
        self._column = -1
        self._row_links = self._extras.links.get(number)
        self._links = []
        self._is_hidden = attributes.get("hidden") in ("1", "true")
        self.hidden_count += self._is_hidden

    def _begin_other(self, name: str) -> None:
        self._depth += 1
        if self._depth > DEPTH_LIMIT or self._is_text:
            raise UnreadableFile("The sheet is not built as sheets are.")
        if self._pieces is not None:
            local = name.rpartition(":")[2]
            if local == "f":
                self._is_formula = True
                self._formula = []
            self._is_aid = self._is_aid or local == "rPh"

    def _end(self, name: str) -> None:
        if self._is_text:
            self._is_text = False
        elif self._pieces is not None and name == self._cell_name:
            self._end_cell(self._pieces)
            if self._row_links or self._formula:
                self._link(self._column)
            self._formula = None
            self._pieces = None
        elif self._cells is not None and name == self._row_name:
            self._end_row(self._cells)
            self._cells = None
        else:
            self._depth -= 1
            self._is_aid = self._is_aid and name.rpartition(":")[2] != "rPh"

    def _end_row(self, cells: list[str]) -> None:
        if self._extras.merges:
            self._fill_merged(cells)
        if cells and not (self._is_hidden and self._skips_hidden):
            self._rows.append(cleaned(Record(self._row, cells, links=tuple(self._links))))

    def _fill_merged(self, cells: list[str]) -> None:
        """Give a row the text of the cells above that its own are merged with. A row of these alone stays empty."""
        for column, (last, text) in list(self._active.items()):
            if last < self._row:
                del self._active[column]
            elif cells and (column >= len(cells) or not cells[column]):
                self._gaps += max(column - len(cells), 0) + 1
                if self._gaps > GAPS_LIMIT:
                    raise UnreadableFile("The sheet is not built as sheets are.")
                cells.extend([""] * (column + 1 - len(cells)))
                cells[column] = text
        merges = self._extras.merges
        while self._next_merge < len(merges) and merges[self._next_merge].first_row <= self._row:
            merge = merges[self._next_merge]
            self._next_merge += 1
            text = cells[merge.column] if merge.column < len(cells) else ""
            if merge.first_row == self._row and text and len(self._active) < ACTIVE_MERGES:
                self._active[merge.column] = merge.last_row, text

    def _link(self, column: int) -> None:
        """Note the target of the link of the cell at hand, by the sheet or by its formula."""
        formula = HYPERLINK.match("".join(self._formula)) if self._formula else None
        self._formula = None
        target = formula[1].replace('""', '"') if formula else (self._row_links or {}).get(column)
        if target:
            self._links.append((column, storable(target)))

    def _text(self, data: str) -> None:
        if self._formula is not None and not self._is_text and len(self._formula) < FORMULA_PIECES:
            self._formula.append(data[:FORMULA_LENGTH])
        if self._is_text and self._pieces is not None:
            self._pieces.append(data)
            self._length += len(data)
            if len(self._pieces) > 1 and self._length > CELL_LIMIT:
                raise UnreadableFile(f"Row {self._row} of the sheet has a cell longer than {CELL_LIMIT:,} characters.")

    def _end_cell(self, pieces: list[str]) -> None:
        raw = pieces[0] if len(pieces) == 1 else "".join(pieces)
        if not raw:
            if self._is_formula and not self.formulas_without_value:
                self.formulas_without_value = f"row {self._row}"
            return
        shown = self._shown(raw)
        cells = self._cells
        if not shown or cells is None:
            return
        missing = self._column - len(cells)
        if missing == 0:
            cells.append(shown)
        elif missing > 0:
            self._gaps += missing
            if self._gaps > GAPS_LIMIT:
                raise UnreadableFile("The sheet is not built as sheets are.")
            cells.extend([""] * missing)
            cells.append(shown)
        else:
            cells[self._column] = shown

    def _shown(self, raw: str) -> str:
        kind = self._kind
        if kind == "s":
            if self._strings is None:
                raise UnreadableFile("The workbook lacks its texts.")
            return self._strings[int(raw)]
        if kind is None or kind == "n":
            if self._style is None:
                return plain(raw)
            style = int(self._style)
            return self._shows[style](raw) if 0 <= style < len(self._shows) else plain(raw)
        if kind == "b":
            return "TRUE" if raw in ("1", "true") else "FALSE"
        if kind == "d":
            return iso_shown(raw)
        return finished(raw)


def iso_shown(raw: str) -> str:
    """Return a day as a strict workbook has it (ISO 8601), without a time where that is midnight."""
    day, _, time = raw.removesuffix("Z").partition("T")
    time = time.partition(".")[0].removesuffix(":00") if time.count(":") == 2 else time
    return f"{day} {time}".removesuffix(" 00:00").strip()


def read_rows(
    blocks: Iterator[bytes],
    strings: SharedStrings | None,
    shows: Sequence[Show],
    found: Findings,
    extras: Extras = NO_EXTRAS,
    *,
    skips_hidden: bool = False,
) -> Iterator[Record]:
    """Yield the rows of a sheet that have a cell with something in it; their lines are their numbers in the sheet.

    What hides or lacks something is noted in `found`, after the last one.

    Raises:
        UnreadableFile: the sheet is damaged.
    """
    state = _Rows(strings, shows, extras, skips_hidden=skips_hidden)
    try:
        for _ in feed(state.parser(), blocks):
            yield from state.taken()
    finally:
        state.release()
    if state.hidden_count:
        what = "left out" if skips_hidden else "read like the others"
        found.warnings.append(f"Rows that are hidden in the sheet were {what}: {state.hidden_count}.")
    if state.formulas_without_value:
        found.warnings.append(
            f"A formula in {state.formulas_without_value} has no value, so its cell was read as empty. "
            "Please open the workbook in your spreadsheet and save it."
        )
