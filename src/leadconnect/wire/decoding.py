"""Reading requests so that every fault is reported at once.

msgspec stops at the first fault, which is quick and enough for a good request. Only when one is found, or a rule of our
own is broken, is the value judged again field by field, so that `message` is the whole list.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from types import SimpleNamespace
from typing import Any, TypeVar, get_args, get_type_hints

import msgspec
from msgspec import Meta, inspect

from leadconnect.errors import FieldCode, FieldError, MalformedRequest, ValidationFailed
from leadconnect.wire.types import Check, Clean, Input, Refusal
from leadconnect.wire.words import explain

T = TypeVar("T", bound=Input)
MOST_WITHIN = 100
"""Faults that are reported within one field: a list may have very many items, each with the same fault."""


def decode(body: bytes, kind: type[T]) -> T:
    """Read `kind`, an `Input` struct, from JSON. An empty body and ``[]`` count as ``{}``, for clients send them.

    Raises:
        MalformedRequest: not JSON.
        ValidationFailed: one message a fault, each beginning with the name of the field.
    """
    try:
        value = msgspec.json.decode(body or b"{}", type=kind)
    except msgspec.MsgspecError:
        return convert(_any_json(body), kind)
    except (RecursionError, UnicodeDecodeError):
        raise MalformedRequest("The body is not valid JSON") from None
    if _problems(value, kind):
        return convert(_any_json(body), kind)
    return value


def _any_json(body: bytes) -> Any:
    try:
        value = msgspec.json.decode(body or b"{}")
    except msgspec.DecodeError as error:
        raise MalformedRequest(
            f"The body is not valid JSON: {str(error).removeprefix('JSON is malformed: ')}"
        ) from None
    except (RecursionError, UnicodeDecodeError):
        raise MalformedRequest("The body is not valid JSON") from None
    return {} if value == [] else value


def convert(value: Any, kind: type[T], *, prefix: str = "") -> T:
    """Read `kind`, an `Input` struct, from plain values; `prefix` stands before each field's name in messages.

    Raises:
        ValidationFailed: one message a fault.
    """
    value = _cleaned(value, kind)
    try:
        made = msgspec.convert(value, kind)
    except msgspec.ValidationError:
        raise ValidationFailed(_faults(value, kind, prefix)) from None
    if _problems(made, kind):
        raise ValidationFailed(_faults(value, kind, prefix))
    return made


class Field(msgspec.Struct):
    """A field of an `Input`: its key on the wire, and everything that judging a value needs, worked out once.

    `info` is what it takes; `plain` is that without constraints, null and absence; `inner` is the struct within.
    """

    key: str
    name: str
    annotation: Any
    required: bool
    default: Any
    check: Check | None
    clean: Clean | None
    inner: type[Input] | None
    info: inspect.Type
    plain: inspect.Type

    @property
    def is_list(self) -> bool:
        """True for a list of values."""
        return isinstance(self.plain, (inspect.ListType, inspect.VarTupleType))


@lru_cache(maxsize=256)
def fields_of(kind: type[Any]) -> dict[str, Field]:
    """Return the fields of the `Input` struct `kind` by their keys on the wire."""
    hints = get_type_hints(kind, include_extras=True)
    return {
        field.encode_name: Field(
            key=field.encode_name,
            name=field.name,
            annotation=hints[field.name],
            required=field.required,
            default=None if field.default is msgspec.NODEFAULT else field.default,
            check=_extra(hints[field.name], "check"),
            clean=_extra(hints[field.name], "clean"),
            inner=_inner_input(hints[field.name]),
            info=(info := inspect.type_info(hints[field.name])),
            plain=_plain(info),
        )
        for field in msgspec.structs.fields(kind)
    }


def _plain(info: inspect.Type) -> inspect.Type:
    while isinstance(info, (inspect.Metadata, inspect.UnionType)):
        info = info.type if isinstance(info, inspect.Metadata) else info.types[0]
    return info


def _extra(annotation: Any, key: str) -> Any:
    """Return what the constraint of `annotation` has under `key` besides those of msgspec, or None."""
    for part in (annotation, *get_args(annotation)):
        for meta in getattr(part, "__metadata__", ()):
            if isinstance(meta, Meta) and meta.extra and key in meta.extra:
                return meta.extra[key]
    return None


def _cleaned(value: Any, kind: Any) -> Any:
    """Return `value`, which is to be read as `kind`, with its texts normalised; a copy where one changes."""
    if not isinstance(value, dict):
        return value
    fields = fields_of(kind)
    changed: dict[str, Any] = {}
    for key, sent in value.items():
        field = fields.get(key)
        if field is None or not (field.clean or field.inner):
            continue
        if field.clean is not None and isinstance(sent, str):
            changed[key] = field.clean(sent)
        elif field.inner is not None:
            changed[key] = (
                [_cleaned(item, field.inner) for item in sent]
                if isinstance(sent, list)
                else _cleaned(sent, field.inner)
            )
    return value | changed if changed else value


def _inner_input(annotation: Any) -> type[Input] | None:
    if isinstance(annotation, type) and issubclass(annotation, Input):
        return annotation
    return next(filter(None, map(_inner_input, get_args(annotation))), None)


def _broken(check: Check, value: Any) -> Refusal | None:
    values = value if isinstance(value, (list, tuple)) else (value,)
    return next((refusal for item in values if isinstance(item, str) and (refusal := check(item))), None)


def _problems(made: Any, kind: Any) -> bool:
    for name, check, clean, inner in _judged(kind):
        value = getattr(made, name)
        if value is None:
            continue
        if clean is not None and type(value) is str and clean(value) != value:
            return True  # the slow way cleans it
        if check is not None and (check(value) if type(value) is str else _broken(check, value)):
            return True
        if inner is not None and isinstance(value, (list, tuple, Input)):
            items = [value] if isinstance(value, Input) else value
            if any(_problems(item, inner) for item in items):
                return True
    return bool(made.problems())


@lru_cache(maxsize=256)
def _judged(kind: Any) -> list[tuple[str, Check | None, Clean | None, type[Input] | None]]:
    """Return the fields with a rule that msgspec does not know, which are few."""
    fields = fields_of(kind).values()
    return [(field.name, field.check, field.clean, field.inner) for field in fields if field.check or field.inner]


def _faults(value: Any, kind: Any, prefix: str) -> list[FieldError]:
    whole = prefix.rstrip(".")
    if not isinstance(value, dict):
        return [FieldError.of(whole, FieldCode.TYPE, "must be an object")]
    known = fields_of(kind)
    fields = known.values()
    faults = [unknown_field(f"{prefix}{key}") for key in value if key not in known]
    sound: dict[str, Any] = {}
    for field in fields:
        if field.key in value:
            found = list(_field_faults(value[field.key], field, prefix, sound))
            faults += found
        elif field.required:
            faults.append(FieldError.of(f"{prefix}{field.key}", FieldCode.REQUIRED, "is required"))
    absent = {field.name: field.default for field in fields if field.key not in value}
    judged: Any = SimpleNamespace(**{field.name: sound.get(field.name) for field in fields} | absent)
    faults += [problem.within(prefix) for problem in kind.problems(judged)]
    return faults or [FieldError.of(whole, FieldCode.INVALID, "is not valid")]


def unknown_field(path: str) -> FieldError:
    """Return the error of a field that there is not."""
    return FieldError(path, FieldCode.UNKNOWN_FIELD, f"property {path} should not exist", "should not exist")


def _field_faults(value: Any, field: Field, prefix: str, sound: dict[str, Any]) -> Iterator[FieldError]:
    path = f"{prefix}{field.key}"
    items: list[tuple[str, Any]] = []
    if field.inner is not None and isinstance(value, list if field.is_list else dict):
        items = [(f"{path}.{at}.", item) for at, item in enumerate(value)] if field.is_list else [(f"{path}.", value)]
    inner = (fault for place, item in items for fault in _inner_faults(item, field.inner, place))
    yield from list(islice(inner, MOST_WITHIN)) or _own_fault(value, field, path, sound)


def _inner_faults(value: Any, kind: Any, prefix: str) -> Sequence[FieldError]:
    try:
        convert(value, kind, prefix=prefix)
    except ValidationFailed as error:
        return error.errors
    return []


def _own_fault(value: Any, field: Field, path: str, sound: dict[str, Any]) -> Iterator[FieldError]:
    try:
        made = msgspec.convert(value, field.annotation)
    except msgspec.ValidationError:
        yield FieldError.of(path, *explain(value, field.info))
        return
    if field.check is not None and made is not None and (refusal := _broken(field.check, made)):
        yield FieldError.of(path, *refusal)
        return
    sound[field.name] = made
