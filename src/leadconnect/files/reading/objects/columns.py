"""From a JSON object to the cells of a row: nested objects, and the answers of lead forms, become columns.

Meta's leads have ``field_data: [{"name", "values": []}]`` (Graph API, "Lead"), those of Google Ads
``user_column_data: [{"column_id", "column_name", "string_value"}]`` (Google Ads Help, "Lead form webhook").
"""

import json
from typing import Any, NoReturn

from leadconnect.files.reading.cleaning import storable

FORMS = ("field_data", "user_column_data")
"""The lists in a lead that are its answers to a form."""
NESTED_COLUMNS = 4
"""How deep objects become columns of their own (``a.b``); what is deeper stays JSON text."""
COLUMN_LIMIT = 1_000


class Number(str):
    """A number as it was written."""

    __slots__ = ()


class NotAnObject(ValueError):
    """What an entry is not; the message says what it is."""


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise NotAnObject(f"the key “{twice[:40]}” stands there twice")
    return members


def _no_constant(text: str) -> NoReturn:
    raise NotAnObject(f"{text} is not JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_float=Number, parse_int=Number, parse_constant=_no_constant)


def parse(raw: bytes) -> dict[str, Any]:
    """Return the object in `raw`; its numbers are text.

    Raises:
        NotAnObject: it is not valid, has a key twice, or is something else.
    """
    try:
        # A zero byte in a string is no JSON, but programs write it; `storable_cells` drops it.
        value = _DECODER.decode(raw.replace(b"\0", b"\\u0000").decode())
    except UnicodeDecodeError as error:
        raise NotAnObject(f"byte {error.start + 1} of it is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise NotAnObject(f"{error.msg} at character {error.pos + 1} of it") from None
    except RecursionError:
        raise NotAnObject("it is nested too deep") from None
    if not isinstance(value, dict):
        raise NotAnObject("it is no object; a list of objects is needed, with the same keys for each lead")
    return value


def flatten(members: dict[str, Any]) -> dict[str, str]:
    """Return the cells of an object by the names of their columns. The second of a name gets one of its own, such as
    ``a.b (2)``; a suffix in brackets does not count in headers.

    Raises:
        NotAnObject: so many have one name that there are too many columns.
    """
    cells: dict[str, str] = {}
    _add(cells, {}, "", members, 0)
    return cells


def storable_cells(raw: bytes, cells: dict[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the `cells` of the object in `raw` with names and texts that can be stored, and the names of those cells
    that could not be.

    Raises:
        NotAnObject: so many then have one name that there are too many columns.
    """
    if b"\\u" not in raw and b"\0" not in raw:
        return cells, ()
    found: dict[str, str] = {}
    dropped: list[str] = []
    for key, cell in cells.items():
        name, text = storable(key), storable(cell)
        name = name if name not in found else _another(name, found, {})
        found[name] = text
        if text != cell:
            dropped.append(name)
    return found, tuple(dropped)


def _add(cells: dict[str, str], numbers: dict[str, int], prefix: str, members: dict[str, Any], depth: int) -> None:
    for key, value in members.items():
        name = prefix + key
        kind = type(value)
        if kind is str or kind is Number:
            cells[name if name not in cells else _another(name, cells, numbers)] = str(value)
        elif kind is dict and value and depth < NESTED_COLUMNS:
            _add(cells, numbers, f"{name}.", value, depth + 1)
        elif kind is list and (answers := _answers(key, value)) is not None:
            for question, answer in answers:
                asked = question if question not in members else f"{name}.{question}"
                cells[asked if asked not in cells else _another(asked, cells, numbers)] = answer
        else:
            cells[name if name not in cells else _another(name, cells, numbers)] = text_of(value)


def _another(name: str, cells: dict[str, str], numbers: dict[str, int]) -> str:
    """Return what the next cell of a name is called that one of the `cells` has already. `numbers` has the last one of
    each name, for who counts anew every time takes as many steps as there are pairs.
    """
    if len(cells) > COLUMN_LIMIT:
        raise NotAnObject(f"it has more than {COLUMN_LIMIT:,} keys")
    number = numbers.get(name, 1) + 1
    while f"{name} ({number})" in cells:
        number += 1
    numbers[name] = number
    return f"{name} ({number})"


def _answers(key: str, value: list[Any]) -> list[tuple[str, str]] | None:
    """Return the questions of a lead form with their answers, ``None`` where the list is something else."""
    found = []
    for entry in value if key in FORMS else ():
        if not isinstance(entry, dict):
            return None
        question = entry.get("name") or entry.get("column_id") or entry.get("column_name")
        if not isinstance(question, str):
            return None
        found.append((question, text_of(entry.get("values", entry.get("string_value")))))
    return found or None


def text_of(value: Any) -> str:
    """Return `value` as a cell: nothing for null, the values of a plain list joined, JSON for what is nested."""
    if value is None:
        return ""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and not any(isinstance(entry, list | dict) for entry in value):
        return "; ".join(filter(None, map(text_of, value)))
    return to_json(value)


def to_json(value: Any) -> str:
    """Return `value` as JSON text, its numbers as they were written."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{to_json(key)}: {to_json(member)}" for key, member in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(to_json, value)) + "]"
    return str(value) if isinstance(value, Number) else json.dumps(value, ensure_ascii=False)
