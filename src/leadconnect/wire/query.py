"""Reading query strings."""

import re
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from msgspec import inspect

from leadconnect.errors import FieldCode, FieldError, MalformedRequest, ValidationFailed
from leadconnect.wire.decoding import Field, T, convert, fields_of

BRACKETS = re.compile(r"(?P<key>[^\[\]]+)\[[0-9]{0,3}\]")
"""How axios and qs write the keys of lists: ``status[]=new`` and ``status[0]=new``."""
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}")


def decode_query(query_string: bytes, kind: type[T]) -> T:
    """Read `kind`, an `Input` struct, from a query string.

    Fields that are lists take repeated keys, keys with brackets and comma lists; an empty value of a text, an enum or a
    list counts as absent. The same query gives the same struct again: do not change it.

    Raises:
        MalformedRequest: not percent-encoded UTF-8.
        ValidationFailed: one message a fault, also for a key given twice where one value is meant.
    """
    found: T = _decoded(query_string, kind)
    return found


@lru_cache(maxsize=512)  # clients ask for the same page again and again; each query has at most 8 kB
def _decoded(query_string: bytes, kind: Any) -> Any:
    try:
        pairs = parse_qsl(query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=200)
    except (UnicodeDecodeError, ValueError):
        raise MalformedRequest("The query is not percent-encoded UTF-8 of at most 200 parameters") from None
    fields = fields_of(kind)
    given: dict[str, list[str]] = {}
    for key, part in pairs:
        given.setdefault(_plain_key(key, fields), []).append(part)
    values: dict[str, Any] = {}
    repeated: list[FieldError] = []
    for key, parts in given.items():
        field = fields.get(key)
        if field is not None and not field.is_list and len(parts) > 1:
            repeated.append(FieldError.of(key, FieldCode.REPEATED, "must be given once"))
        read = _query_value(parts, field)
        if read is not None:
            values[key] = read
    if repeated:
        try:
            convert(values, kind)
        except ValidationFailed as error:
            raise ValidationFailed([*repeated, *error.errors]) from None
        raise ValidationFailed(repeated)
    return convert(values, kind)


def _plain_key(key: str, fields: dict[str, Field]) -> str:
    """Return the key of a list without brackets; other keys as they are."""
    found = BRACKETS.fullmatch(key) if key.endswith("]") else None
    return found["key"] if found and found["key"] in fields and fields[found["key"]].is_list else key


def _query_value(parts: list[str], field: Field | None) -> Any:
    if field is None:
        return parts[0]
    if field.is_list:
        return [item for part in parts for item in part.split(",") if item.strip()] or None
    text_given = parts[0]
    if isinstance(field.plain, inspect.IntType):
        return int(text_given) if WHOLE_NUMBER.fullmatch(text_given) else text_given
    if isinstance(field.plain, inspect.BoolType):
        return {"true": True, "false": False}.get(text_given, text_given)
    if isinstance(field.plain, inspect.UUIDType):
        return text_given  # an empty one is no id
    return text_given or None
