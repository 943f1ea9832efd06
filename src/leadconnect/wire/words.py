"""Why msgspec refuses a value, found from the type alone: msgspec reports only a sentence. Enter at `explain`."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, inspect

from leadconnect.errors import FieldCode
from leadconnect.wire.types import Refusal

LARGEST = 2**63
"""Whole numbers beyond this are none for msgspec."""


def explain(value: Any, info: inspect.Type) -> Refusal:
    """Return why `value`, which msgspec refuses, is not of the type `info`: the first fault, in msgspec's order."""
    found = _fault(value, info) or Refusal(FieldCode.TYPE, "")
    return found if found.requirement else found._replace(requirement=f"must be {_kind_in_words(info)}")


def _fault(value: Any, info: inspect.Type) -> Refusal | None:
    """Return the first fault; without a requirement where the value is of another kind."""
    match info:
        case inspect.Metadata(type=kind, extra=extra):
            found = _fault(value, kind)
            if found and found.code is FieldCode.PATTERN and extra and "form" in extra:
                return found._replace(requirement=f"must be {extra['form']}")
            return found
        case inspect.UnionType(types=types):
            kinds = [kind for kind in types if not isinstance(kind, inspect.NoneType)]
            if value is None and len(kinds) < len(types):
                return None
            faults = [_fault(value, kind) for kind in kinds]
            return None if None in faults else faults[0]
        case inspect.StrType():
            return _text_fault(value, info) if isinstance(value, str) else _OTHER_KIND
        case inspect.IntType() | inspect.FloatType():
            return _number_fault(value, info)
        case inspect.ListType() | inspect.VarTupleType():
            return _list_fault(value, info)
        case inspect.DictType():
            return _object_fault(value, info)
        case inspect.StructType():
            return None if isinstance(value, dict) else _OTHER_KIND
    return _leaf_fault(value, info)


_OTHER_KIND = Refusal(FieldCode.TYPE, "")


def _leaf_fault(value: Any, info: inspect.Type) -> Refusal | None:
    match info:
        case inspect.LiteralType(values=values):
            is_one = any(value == each and type(value) is type(each) for each in values)
            return None if is_one else Refusal(_code(value, FieldCode.ENUM), "")
        case inspect.EnumType(cls=cls):
            return None if _takes(cls, value) else Refusal(_code(value, FieldCode.ENUM), "")
        case inspect.BoolType():
            return None if isinstance(value, bool) else _OTHER_KIND
    for kind, plain in ((inspect.DateType, date), (inspect.DateTimeType, datetime), (inspect.UUIDType, UUID)):
        if isinstance(info, kind) and not _takes(plain, value):
            return Refusal(_code(value, FieldCode.FORMAT), "")
    return None


def _code(value: Any, code: FieldCode) -> FieldCode:
    return code if isinstance(value, (str, int)) and not isinstance(value, bool) else FieldCode.TYPE


def _takes(kind: Any, value: Any) -> bool:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True


def _text_fault(value: str, info: inspect.StrType) -> Refusal | None:
    if found := _size_fault(len(value), info, " characters long"):
        return found
    if info.pattern is not None and not _takes(Annotated[str, Meta(pattern=info.pattern)], value):
        return Refusal(FieldCode.PATTERN, f"must be of the form {info.pattern}")
    return None


def _size_fault(size: int, info: Any, unit: str) -> Refusal | None:
    if info.min_length is not None and size < info.min_length:
        words = "must not be empty" if info.min_length == 1 else f"must be at least {info.min_length}{unit}"
        return Refusal(FieldCode.MIN_LENGTH, words, info.min_length)
    if info.max_length is not None and size > info.max_length:
        return Refusal(FieldCode.MAX_LENGTH, f"must be at most {info.max_length}{unit}", info.max_length)
    return None


def _number_fault(value: Any, info: inspect.IntType | inspect.FloatType) -> Refusal | None:
    is_whole = isinstance(info, inspect.IntType)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return _OTHER_KIND
    if is_whole and (value != value // 1 or not -LARGEST <= value < 2 * LARGEST):
        return _OTHER_KIND
    # The bounds of whole numbers are inclusive in words, as in msgspec's.
    least = info.ge if info.gt is None else info.gt + 1 if is_whole else info.gt
    most = info.le if info.lt is None else info.lt - 1 if is_whole else info.lt
    if least is not None and (value < least or (not is_whole and info.gt == value)):
        return Refusal(FieldCode.RANGE, f"must be at least {least}")
    if most is not None and (value > most or (not is_whole and info.lt == value)):
        return Refusal(FieldCode.RANGE, f"must be at most {most}")
    return None


def _list_fault(value: Any, info: inspect.ListType | inspect.VarTupleType) -> Refusal | None:
    if not isinstance(value, (list, tuple)):
        return _OTHER_KIND
    faults = (_fault(item, info.item_type) for item in value)
    return _size_fault(len(value), info, " items") or next(filter(None, faults), None)


def _object_fault(value: Any, info: inspect.DictType) -> Refusal | None:
    if not isinstance(value, dict):
        return _OTHER_KIND
    pairs = ((key, info.key_type, item, info.value_type) for key, item in value.items())
    faults = (_fault(key, key_type) or _fault(item, kind) for key, key_type, item, kind in pairs)
    return _size_fault(len(value), info, " items") or next(filter(None, faults), None)


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
