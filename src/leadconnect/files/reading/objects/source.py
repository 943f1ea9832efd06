"""A JSON file as a source of records, one an object."""

import json
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from leadconnect.files.reading.cleaning import DROPPED, MESSAGE, storable
from leadconnect.files.reading.delimited.encoding import marked, read_at
from leadconnect.files.reading.errors import UnreadableFile, too_many_rows
from leadconnect.files.reading.heading import HeaderScore
from leadconnect.files.reading.layout import CELL_LIMIT, is_blank
from leadconnect.files.reading.objects.columns import (
    COLUMN_LIMIT,
    FORMS,
    NotAnObject,
    flatten,
    parse,
    storable_cells,
)
from leadconnect.files.reading.objects.scanner import Scanner, broken
from leadconnect.files.reading.records import Change, Described, FileFormat, Record

LISTS = ("leads", "data", "response", "results", "records", "items", "rows", "contacts", "entries", "values", "value")
"""The names under which the list of leads stands in an object, in any case: ours, IndiaMART's (``RESPONSE``), Meta's
(``data``) and their like. A list under another name is taken if the object has nothing else.
"""
WRAPPERS = ("lead", "data", "response")
"""The names under which a lead alone stands in an object, or another object with the list."""
WRAPPER_DEPTH = 3
LEAD_SCORE = 2
"""The header score from which on the keys of an object are those of a lead, whatever else it wraps."""
OF_ANSWERS = frozenset({"status", "state", "message", "comment", "comments", "title", "description", "source", "type"})
"""Keys that a lead may have and that the answers of other programs have as well; they do not tell that an object with a
list is a lead.
"""


class Place(msgspec.Struct, frozen=True):
    """Where the objects are, in a file of which format: from which byte on, in a list or one after the other, how many
    (``None``: all to the end), whether the file must end after them, whether their name says that they are leads, and
    whether there are any.
    """

    format: FileFormat
    offset: int
    is_list: bool
    count: int | None = None
    ends_file: bool = True
    is_certain: bool = True
    is_filled: bool = True


class ObjectsSource:
    """An open JSON file. It is read once as a whole when it is opened, for its keys."""

    def __init__(self, file: BinaryIO, *, header_score: HeaderScore, row_limit: int) -> None:
        self._file = file
        encoding = marked(read_at(file, 0, 4))
        if encoding and encoding.codec != "utf-8":
            raise UnreadableFile(f"JSON must be UTF-8 (RFC 8259), and the file is {encoding.name}.")
        self._place = _find_objects(file, len(encoding.mark) if encoding else 0, header_score)
        keys: dict[str, None] = {}
        row_count = blank_count = 0
        for start, _, cells, _ in self._objects():
            if is_blank(list(cells.values())):
                blank_count += 1
            else:
                row_count += 1
            if max(row_count, blank_count) > row_limit:  # blank ones are no rows, but they take as long
                raise too_many_rows(row_limit)
            if keys.keys() >= cells.keys():
                continue
            keys.update(dict.fromkeys(cells))
            if len(keys) > COLUMN_LIMIT:
                raise broken(file, start, f"the objects have more than {COLUMN_LIMIT:,} different keys")
            if sum(map(len, keys)) > CELL_LIMIT:
                raise broken(file, start, f"the keys of the objects have more than {CELL_LIMIT:,} characters together")
        if not keys:
            raise UnreadableFile('The file holds no object with a key; each lead is one, such as {"name": "Ann"}.')
        self._described = Described(self._place.format, list(keys), 0, encoding="UTF-8")

    @property
    def described(self) -> Described:
        """What the file is."""
        return self._described

    def records(self) -> Iterator[Record]:
        """Yield the objects that are not blank as rows; their lines are their positions, counted from 1.

        Raises:
            UnreadableFile: the file changed since it was opened.
        """
        header = self._described.header
        for position, (start, size, cells, dropped) in enumerate(self._objects(), start=1):
            row = [cells.get(key, "") for key in header]
            if not is_blank(row):
                yield Record(
                    position,
                    row,
                    start,
                    start + size,
                    tuple(Change(DROPPED, header.index(name), MESSAGE) for name in dropped),
                )

    def _objects(self) -> Iterator[tuple[int, int, dict[str, str], tuple[str, ...]]]:
        """Yield offset, number of bytes and cells of every object, and the names of cells with dropped characters."""
        scanner = Scanner(self._file, self._place.offset)
        values = scanner.elements() if self._place.is_list else _one_after_the_other(scanner, self._place.count)
        for start, raw in values:
            try:
                cells, dropped = storable_cells(raw, flatten(parse(raw)))
            except NotAnObject as error:
                raise broken(self._file, start, f"in the entry that begins here, {error}") from None
            if any(len(cell) > CELL_LIMIT for cell in cells.values()):
                raise broken(self._file, start, f"a value in it is longer than {CELL_LIMIT:,} characters")
            yield start, len(raw), cells, dropped
        if self._place.ends_file and scanner.peek():
            raise scanner.fault("something follows the list")


def _one_after_the_other(scanner: Scanner, count: int | None) -> Iterator[tuple[int, bytes]]:
    while scanner.peek() and count != 0:
        yield scanner.value()
        count = None if count is None else count - 1


def _find_objects(file: BinaryIO, offset: int, score: HeaderScore) -> Place:
    """Return where the objects of a file are whose text begins at `offset`.

    Raises:
        UnreadableFile: it is no JSON.
    """
    scanner = Scanner(file, offset)
    if scanner.peek() == b"[":
        return Place(FileFormat.JSON, offset, is_list=True)
    if scanner.peek() != b"{":
        raise scanner.fault("it must begin with [ or {")
    if _is_lines(file, offset):
        return Place(FileFormat.JSON_LINES, offset, is_list=False)
    place = _within(scanner, score)
    if scanner.peek():
        raise scanner.fault("something follows the object")
    return place or Place(FileFormat.JSON, offset, is_list=False, count=1)


def _is_lines(file: BinaryIO, offset: int) -> bool:
    """Tell whether another object follows the first one; one that is too long for a lead is not one of several."""
    scanner = Scanner(file, offset)
    try:
        scanner.value()
    except UnreadableFile:
        return False
    return bool(scanner.peek())


def _within(scanner: Scanner, score: HeaderScore, depth: int = 0) -> Place | None:
    """Pass the object at hand and return where in it the leads are, ``None`` if it is a lead itself.

    Raises:
        UnreadableFile: it is no valid object, or has two lists of leads.
    """
    places: list[Place | None] = []
    keys: list[str] = []
    scanner.take(b"{")
    closing = scanner.take(b"}") if scanner.peek() == b"}" else b","
    while closing == b",":
        keys.append(_key(scanner))
        scanner.take(b":")
        places.append(_member(scanner, keys[-1].casefold(), score, depth))
        if len(keys) > COLUMN_LIMIT:
            raise scanner.fault(f"the object has more than {COLUMN_LIMIT:,} keys")
        closing = scanner.take(b",", b"}")
    return _chosen(keys, places, score)


def _chosen(keys: list[str], places: list[Place | None], score: HeaderScore) -> Place | None:
    """Return which of the `places`, one for each of the `keys` of an object, has the leads. There is none in a lead:
    what has the answers to a form, or keys as a header has. Its lists are its own, except one that is called leads.

    Raises:
        UnreadableFile: two lists have some.
    """
    if not set(FORMS).isdisjoint(keys):
        return None
    found = [(key, place) for key, place in zip(keys, places, strict=True) if place]
    found = [(key, place) for key, place in found if place.is_certain or len(keys) == 1]
    lists = [(key, place) for key, place in found if place.is_list]
    if not lists:
        return found[0][1] if found and score(keys) < LEAD_SCORE else None
    telling = [key for key in keys if key.casefold() not in OF_ANSWERS]
    if score(telling) >= LEAD_SCORE and all(key.casefold() != LISTS[0] for key, _ in lists):
        return None
    filled = [(key, place) for key, place in lists if place.is_filled]
    if len(filled) > 1:
        names = " and ".join(f"“{key}”" for key, _ in filled[:2])
        raise UnreadableFile(
            f"The JSON has two lists that may be the leads: {names}. Please send each in a file of its own."
        )
    return (filled or lists)[0][1]


def _member(scanner: Scanner, name: str, score: HeaderScore, depth: int) -> Place | None:
    """Pass the value of a member of that name and return where in it the leads are, if they may be there."""
    kind = scanner.peek()
    offset = scanner.position
    if kind == b"[":
        first = _pass_list(scanner)
        is_certain = name in LISTS and first in (b"{", b"")
        if not is_certain and first != b"{":
            return None
        return Place(FileFormat.JSON, offset, True, None, False, is_certain, is_filled=first == b"{")
    if kind == b"{" and name in WRAPPERS and depth < WRAPPER_DEPTH:
        inner = _within(scanner, score, depth + 1)
        return inner or Place(FileFormat.JSON, offset, is_list=False, count=1, ends_file=False)
    scanner.value()
    return None


def _key(scanner: Scanner) -> str:
    if scanner.peek() != b'"':
        raise scanner.fault("a key is missing")
    _, raw = scanner.value()
    try:
        return storable(str(json.loads(raw.replace(b"\0", b"\\u0000"))))
    except (ValueError, UnicodeDecodeError):
        raise scanner.fault("the key before this is not valid") from None


def _pass_list(scanner: Scanner) -> bytes:
    """Pass a list; return the first byte of its first value."""
    first = b""
    for position, (_, raw) in enumerate(scanner.elements()):
        if position == 0:
            first = raw[:1]
    return first
