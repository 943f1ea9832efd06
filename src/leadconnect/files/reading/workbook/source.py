"""A workbook as a source of records: one of its sheets."""

from collections.abc import Iterator
from itertools import islice, takewhile
from xml.parsers import expat

import msgspec

from leadconnect.files.reading.errors import UnreadableFile
from leadconnect.files.reading.heading import HeaderScore, Heading, NoHeader, choose_heading
from leadconnect.files.reading.layout import KEPT_LINES, Findings, rows_below
from leadconnect.files.reading.records import Described, FileFormat, ReadingOptions, Record
from leadconnect.files.reading.workbook.extras import read_extras, row_count
from leadconnect.files.reading.workbook.numbers import BUILT_IN, Show, plain, shower
from leadconnect.files.reading.workbook.package import Package, feed, resolve
from leadconnect.files.reading.workbook.sheet import read_rows
from leadconnect.files.reading.workbook.strings import SharedStrings

SMALL_PART_BYTES = 1 << 20
"""What the workbook's table of contents may have, unpacked."""
STYLES_BYTES = 8 << 20
SHEET_COUNT_LIMIT = 1_000
COUNTED_SHEETS = 50
STYLE_COUNT_LIMIT = 70_000
DEPTH_LIMIT = 32


class Sheet(msgspec.Struct, frozen=True):
    """A sheet of a workbook and the part it lies in."""

    name: str
    part: str
    is_hidden: bool


class WorkbookSource:
    """An open workbook."""

    def __init__(self, package: Package, options: ReadingOptions, *, header_score: HeaderScore, row_limit: int) -> None:
        self._row_limit = row_limit
        self._skips_hidden = options.skips_hidden
        self._package = package
        workbook = next(iter(_relations(self._package, "").get("officeDocument", {}).values()), "xl/workbook.xml")
        relations = _relations(self._package, workbook)
        sheets, is_1904 = _sheets(self._package, workbook, relations.get("worksheet", {}))
        self._sheet = _chosen(sheets, options.sheet)
        styles = next(iter(relations.get("styles", {}).values()), "")
        self._shows = _shows(self._package, styles, is_1904=is_1904) if styles in self._package else []
        strings = next(iter(relations.get("sharedStrings", {}).values()), "")
        self._strings = SharedStrings(self._package.blocks(strings)) if strings in self._package else None
        self._extras = read_extras(self._package, self._sheet.part)
        heading = self._heading(header_score, options.header_line, sheets)
        self._preamble = list(
            islice(takewhile(lambda record: record.line < heading.line, self._plain_rows()), KEPT_LINES)
        )
        self._warnings = heading.warnings
        self._found = self._findings()
        self._described = Described(
            FileFormat.XLSX,
            heading.cells,
            heading.line,
            sheet=self._sheet.name,
            sheets=tuple(each.name for each in sheets),
            sheet_rows=tuple(row_count(self._package, each.part) for each in sheets[:COUNTED_SHEETS]),
            hidden_columns=tuple(at for at in self._extras.hidden_columns if at < len(heading.cells)),
            has_header=heading.record is not None,
            header_is_sure=heading.is_sure,
        )

    def _heading(self, score: HeaderScore, line: int | None, sheets: list[Sheet]) -> Heading:
        try:
            return choose_heading(self._plain_rows(), score, line)
        except NoHeader as failure:
            others = ", ".join(f"“{other.name}”" for other in sheets[:20] if other is not self._sheet)
            if not others:
                raise
            hint = f" This was sheet “{self._sheet.name}”; the workbook also has {others}."
            raise NoHeader(f"{failure.text}{hint}") from None

    def _plain_rows(self) -> Iterator[Record]:
        return self._rows(Findings([], []))

    @property
    def described(self) -> Described:
        """What the workbook is."""
        return msgspec.structs.replace(
            self._described, warnings=tuple(self._found.warnings), left_out=tuple(self._found.left_out)
        )

    def records(self) -> Iterator[Record]:
        """Yield the rows.

        Raises:
            UnreadableFile: the sheet is damaged.
            TooManyRows: it has more than the limit.
        """
        self._found = found = self._findings()
        header = self._described
        below = (record for record in self._rows(found) if record.line > header.header_line)
        yield from rows_below(header.header, below, found, row_limit=self._row_limit)

    def _findings(self) -> Findings:
        found = Findings([*self._warnings], [])
        for record in self._preamble:
            found.leave_out(record)
        return found

    def _rows(self, found: Findings) -> Iterator[Record]:
        return read_rows(
            self._package.blocks(self._sheet.part),
            self._strings,
            self._shows,
            found,
            self._extras,
            skips_hidden=self._skips_hidden,
        )


def _elements(package: Package, part: str, limit: int) -> Iterator[tuple[str, dict[str, str], bool]]:
    """Yield the elements of a part: name without prefix, attributes without prefixes, and whether it ends."""
    found: list[tuple[str, dict[str, str], bool]] = []
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEPTH_LIMIT:
            raise UnreadableFile("The workbook is not built as workbooks are.")
        plain_attributes = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        found.append((name.rpartition(":")[2], {**plain_attributes, **attributes}, False))

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        found.append((name.rpartition(":")[2], {}, True))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    for _ in feed(parser, package.blocks(part, limit=limit)):
        yield from found
        found.clear()


def _relations(package: Package, part: str) -> dict[str, dict[str, str]]:
    """Return the parts that `part` names in its relations, by the last word of their type and by id."""
    folder, _, name = part.rpartition("/")
    where = f"{folder}/_rels/{name}.rels".lstrip("/")
    relations: dict[str, dict[str, str]] = {}
    for element, attributes, is_end in _elements(package, where, SMALL_PART_BYTES):
        if element == "Relationship" and not is_end and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            relations.setdefault(kind, {})[attributes.get("Id", "")] = resolve(part, attributes.get("Target", ""))
    return relations


def _sheets(package: Package, workbook: str, parts: dict[str, str]) -> tuple[list[Sheet], bool]:
    """Return the sheets of a workbook that have cells, and whether its days are counted from 1904."""
    sheets = []
    is_1904 = False
    for element, attributes, is_end in _elements(package, workbook, SMALL_PART_BYTES):
        if is_end:
            continue
        if element == "workbookPr":
            is_1904 = attributes.get("date1904") in ("1", "true", "on")
        if element == "sheet" and (part := parts.get(attributes.get("id", ""))):
            is_hidden = attributes.get("state", "visible") != "visible"
            sheets.append(Sheet(attributes.get("name", ""), part, is_hidden))
            if len(sheets) > SHEET_COUNT_LIMIT:
                raise UnreadableFile(f"A workbook may have {SHEET_COUNT_LIMIT:,} sheets; this one has more.")
    if not sheets:
        raise UnreadableFile("The workbook has no sheet with cells.")
    return sheets, is_1904


def _chosen(sheets: list[Sheet], name: str | None) -> Sheet:
    if name is None:
        return next((sheet for sheet in sheets if not sheet.is_hidden), sheets[0])
    for sheet in sheets:
        if sheet.name.casefold() == name.casefold():
            return sheet
    names = ", ".join(f"“{sheet.name}”" for sheet in sheets[:20])
    raise UnreadableFile(f"The workbook has no sheet “{name[:40]}”. Its sheets are: {names}.")


def _shows(package: Package, part: str, *, is_1904: bool) -> list[Show]:
    """Return for each cell format, by its number, how it shows a number."""
    codes: dict[str, str] = {str(number): code for number, code in BUILT_IN.items()}
    shows: list[Show] = []
    known: dict[str, Show] = {}
    is_cells = False
    for element, attributes, is_end in _elements(package, part, STYLES_BYTES):
        if element == "cellXfs":
            is_cells = not is_end
        elif is_end:
            continue
        elif element == "numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif element == "xf" and is_cells:
            code = codes.get(attributes.get("numFmtId", ""), "")
            if code not in known:
                known[code] = shower(code, is_1904=is_1904) if code else plain
            shows.append(known[code])
            if len(shows) > STYLE_COUNT_LIMIT:
                raise UnreadableFile("The workbook has more cell formats than a workbook can have.")
    return shows
