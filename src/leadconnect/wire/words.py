"""What a fault is called: msgspec's findings in the words of people who fill in forms."""

import re
from typing import Any

from msgspec import inspect

_BOUNDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"of length <= (\d+)"), "must be at most {} characters long"),
    (re.compile(r"of length >= 1\b"), "must not be empty"),
    (re.compile(r"of length >= (\d+)"), "must be at least {} characters long"),
    (re.compile(r"matching regex '(.+)'"), "must be of the form {}"),
    (re.compile(r"Expected `int` <= (\d+)"), "must be at most {}"),
    (re.compile(r"Expected `int` >= (-?\d+)"), "must be at least {}"),
)


def in_words(fault: str, annotation: Any) -> str:
    """Say in words what msgspec found wrong."""
    for pattern, words in _BOUNDS:
        if found := pattern.search(fault):
            size = words.format(*found.groups())
            return size.replace("characters", "items").replace("long", "").strip() if "`array`" in fault else size
    return f"must be {_kind_in_words(inspect.type_info(annotation))}"


def _kind_in_words(info: inspect.Type) -> str:
    if isinstance(info, inspect.Metadata):
        return _kind_in_words(info.type)
    if isinstance(info, inspect.UnionType):
        kinds = [kind for kind in info.types if not isinstance(kind, (inspect.NoneType,))]
        return _kind_in_words(kinds[0])
    if isinstance(info, inspect.EnumType):
        return "one of: " + ", ".join(str(member.value) for member in info.cls)
    if isinstance(info, inspect.LiteralType):
        return "one of: " + ", ".join(dict.fromkeys(str(value) for value in info.values))
    if isinstance(info, (inspect.ListType, inspect.VarTupleType)):
        return f"a list, each item {_kind_in_words(info.item_type)}"
    if isinstance(info, inspect.DictType) and not isinstance(info.value_type, inspect.AnyType):
        return f"an object, each value {_kind_in_words(info.value_type)}"
    for kind, words in _WORDS:
        if isinstance(info, kind):
            return words
    return "an object"


_WORDS: tuple[tuple[type[inspect.Type], str], ...] = (
    (inspect.StrType, "text"),
    (inspect.BoolType, "true or false"),
    (inspect.IntType, "a whole number"),
    (inspect.FloatType, "a number"),
    (inspect.DateType, "a real date written YYYY-MM-DD"),
    (inspect.DateTimeType, "an instant such as 2031-03-04T05:06:07Z"),
    (inspect.UUIDType, "an id"),
)
