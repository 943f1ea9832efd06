"""What a sheet says around its rows: merged cells, links, hidden columns and its size; enter by `read_extras`.

Merged cells and links stand after the rows (ECMA-376 part 1, 18.3.1.99), so the sheet is unpacked once more for them,
but not parsed.
"""

import re
from collections.abc import Iterator
from html import unescape
from itertools import islice

import msgspec

from leadconnect.files.reading.errors import UnreadableFile
from leadconnect.files.reading.workbook.package import BLOCK_BYTES, Package
from leadconnect.files.reading.workbook.references import COLUMNS, column_of

ROWS_END = re.compile(rb"</(?:\w+:)?sheetData\s*>|<(?:\w+:)?sheetData\s*/>")
ROWS_END_BYTES = 64
TAIL_BYTES_LIMIT = 32 << 20
MERGE_LIMIT = 100_000
LINK_LIMIT = 70_000
"""A sheet has at most 65,530 links (Excel's limits)."""
TARGET_LENGTH = 2_083
RELATIONS_BYTES = 32 << 20
AREA = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")
TAG = re.compile(rb"<(?:\w+:)?(mergeCell|hyperlink)\s([^>]*)>")
COLUMN_TAG = re.compile(rb"<(?:\w+:)?col\s([^>]*)>")
DIMENSION = re.compile(rb"<(?:\w+:)?dimension\s([^>]*)>")
ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
RELATIONSHIP = re.compile(rb"<(?:\w+:)?Relationship\s([^>]*)>")


class Merge(msgspec.Struct, frozen=True):
    """Merged cells: rows from 1, columns from 0, each with the last one."""

    first_row: int
    last_row: int
    column: int


class Extras(msgspec.Struct, frozen=True):
    """What stands around the rows of a sheet: merged cells of several rows by their first row, the targets of links by
    row and column, and the positions of hidden columns.
    """

    merges: tuple[Merge, ...] = ()
    links: dict[int, dict[int, str]] = {}
    hidden_columns: tuple[int, ...] = ()


NO_EXTRAS = Extras()


def read_extras(package: Package, part: str) -> Extras:
    """Return what stands around the rows of a sheet.

    Raises:
        UnreadableFile: the part is damaged.
    """
    head = next(package.blocks(part), b"")
    merges: list[Merge] = []
    areas: list[tuple[tuple[int, int, int, int], str]] = []
    for kind, attributes in _tags(package, part):
        area = _area(attributes.get("ref", ""))
        if area is None:
            continue
        first_row, first_column, last_row, _ = area
        if kind == "mergeCell" and last_row > first_row and len(merges) < MERGE_LIMIT:
            merges.append(Merge(first_row, last_row, first_column))
        elif kind == "hyperlink" and (relation := attributes.get("id")) and len(areas) < LINK_LIMIT:
            areas.append((area, relation))
    return Extras(
        tuple(sorted(merges, key=lambda merge: merge.first_row)),
        _links(areas, _targets(package, part)) if areas else {},
        _hidden_columns(head),
    )


def row_count(package: Package, part: str) -> int | None:
    """Return the number of the last row of a sheet as the sheet says it; ``None`` where it does not."""
    found = DIMENSION.search(next(package.blocks(part), b"")[:BLOCK_BYTES])
    area = _area(_attributes(found[1]).get("ref", "")) if found else None
    return area[2] if area else None


def _tags(package: Package, part: str) -> Iterator[tuple[str, dict[str, str]]]:
    for tag in TAG.finditer(_tail(package, part)):
        yield tag[1].decode(), _attributes(tag[2])


def _tail(package: Package, part: str) -> bytes:
    """Return what follows the rows of a sheet, up to a limit."""
    before = b""
    tail: list[bytes] = []
    size = 0
    for block in package.blocks(part):
        if tail:
            tail.append(block)
        else:
            window = before + block
            if b"sheetData" in window and (found := ROWS_END.search(window)):
                tail.append(window[found.end() :])
            before = block[-ROWS_END_BYTES:]
        size += len(block) if tail else 0
        if size > TAIL_BYTES_LIMIT:
            break
    return b"".join(tail)


def _attributes(text: bytes) -> dict[str, str]:
    """Return the attributes in a tag by their names without prefixes."""
    return {
        name.decode().rpartition(":")[2]: unescape((double or single).decode("utf-8", "replace"))
        for name, double, single in ATTRIBUTE.findall(text)
    }


def _area(reference: str) -> tuple[int, int, int, int] | None:
    """Return first row, first column, last row and last column of ``A1`` or ``A1:B2``."""
    found = AREA.fullmatch(reference)
    if found is None:
        return None
    try:
        row, column = int(found[2]), column_of(found[1])
        last_row, last_column = (int(found[4]), column_of(found[3])) if found[3] else (row, column)
    except UnreadableFile:
        return None
    if not (0 < row <= last_row and column <= last_column):
        return None
    return row, column, last_row, last_column


def _targets(package: Package, part: str) -> dict[str, str]:
    """Return the external targets that a sheet's relations name, by their ids."""
    folder, _, name = part.rpartition("/")
    where = f"{folder}/_rels/{name}.rels"
    if where not in package:
        return {}
    data = b"".join(islice(package.blocks(where, limit=RELATIONS_BYTES), RELATIONS_BYTES // BLOCK_BYTES + 1))
    found = {}
    for tag in RELATIONSHIP.finditer(data):
        attributes = _attributes(tag[1])
        target = attributes.get("Target", "")
        if attributes.get("TargetMode") == "External" and target and len(target) <= TARGET_LENGTH:
            found[attributes.get("Id", "")] = target
    return found


def _links(areas: list[tuple[tuple[int, int, int, int], str]], targets: dict[str, str]) -> dict[int, dict[int, str]]:
    links: dict[int, dict[int, str]] = {}
    left = LINK_LIMIT
    for (first_row, first_column, last_row, last_column), relation in areas:
        target = targets.get(relation)
        cells = (last_row - first_row + 1) * (last_column - first_column + 1)
        if target is None or cells > left:
            continue
        left -= cells
        for row in range(first_row, last_row + 1):
            links.setdefault(row, {}).update(dict.fromkeys(range(first_column, last_column + 1), target))
    return links


def _hidden_columns(head: bytes) -> tuple[int, ...]:
    hidden: set[int] = set()
    for tag in COLUMN_TAG.finditer(head.partition(b"sheetData")[0]):
        attributes = _attributes(tag[1])
        first, last = attributes.get("min", ""), attributes.get("max", "")
        if attributes.get("hidden") in ("1", "true") and first.isdecimal() and last.isdecimal():
            hidden.update(range(max(int(first[:6]), 1) - 1, min(int(last[:6]), COLUMNS)))
    return tuple(sorted(hidden))
