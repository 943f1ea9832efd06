"""What msgspec refuses is explained from the type, with a code, for every field of every request."""

import importlib
import pkgutil
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

import leadconnect
from leadconnect.errors import FieldCode
from leadconnect.wire import Input
from leadconnect.wire.decoding import fields_of
from leadconnect.wire.words import _fault, explain

for module in pkgutil.walk_packages(leadconnect.__path__, "leadconnect."):
    importlib.import_module(module.name)


def inputs(base: type[Input] = Input) -> list[type[Input]]:
    """Return every struct that a request is read as."""
    return [found for child in base.__subclasses__() for found in (child, *inputs(child))]


ANNOTATIONS = [
    field.annotation
    for kind in inputs()
    if kind.__module__.startswith("leadconnect.")
    for field in fields_of(kind).values()
    if field.inner is None
]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.integers(-5, 105)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
    | st.integers(0, 300).map("x".__mul__)
    | st.sampled_from(["new", "phone", "IN", "in", "2031-02-30", "2031-02-03", "csv", "10", "email"])
    | st.uuids().map(str)
    | st.dates().map(str)
)
VALUES = SCALARS | st.lists(SCALARS, max_size=4) | st.dictionaries(st.text(max_size=3), SCALARS, max_size=3)


@given(st.sampled_from(ANNOTATIONS), VALUES)
def test_a_fault_is_found_in_exactly_what_msgspec_refuses(annotation: Any, value: Any) -> None:
    try:
        msgspec.convert(value, annotation)
    except msgspec.ValidationError:
        refusal = explain(value, msgspec.inspect.type_info(annotation))
        assert refusal.code in FieldCode
        assert refusal.requirement.startswith("must ")
        assert _fault(value, msgspec.inspect.type_info(annotation)) is not None
    else:
        assert _fault(value, msgspec.inspect.type_info(annotation)) is None


Region = Annotated[str, Meta(pattern="^[A-Z]{2}$", extra={"form": "a two-letter country code such as IN"})]


@pytest.mark.parametrize(
    ("value", "annotation", "code", "requirement", "limit"),
    [
        (1, str, "type", "must be text", None),
        ("x" * 4, Annotated[str, Meta(max_length=3)], "max_length", "must be at most 3 characters long", 3),
        ("", Annotated[str, Meta(min_length=1)], "min_length", "must not be empty", 1),
        ("x", Annotated[str, Meta(min_length=2)] | None, "min_length", "must be at least 2 characters long", 2),
        ("in", Region | None, "pattern", "must be a two-letter country code such as IN", None),
        ("in", Annotated[str, Meta(pattern="^[A-Z]$")], "pattern", "must be of the form ^[A-Z]$", None),
        (-1, Annotated[int, Meta(ge=0, lt=9)], "range", "must be at least 0", None),
        (9, Annotated[int, Meta(ge=0, lt=9)], "range", "must be at most 8", None),
        ("9", int, "type", "must be a whole number", None),
        (2.5, int, "type", "must be a whole number", None),
        ("c", Literal["a", "b"], "enum", "must be one of: a, b", None),
        (None, Literal["a", "b"], "type", "must be one of: a, b", None),
        ("2031-02-30", date, "format", "must be a real date written YYYY-MM-DD", None),
        ("x", UUID, "format", "must be an id", None),
        (["x"], list[UUID], "format", "must be a list, each item an id", None),
        ([], Annotated[list[int], Meta(min_length=1)], "min_length", "must not be empty", 1),
        ([1, 2], Annotated[list[int], Meta(max_length=1)], "max_length", "must be at most 1 items", 1),
        ([1, "xx"], list[Annotated[str, Meta(max_length=1)]], "type", "must be a list, each item text", None),
        (["xx", 1], list[Annotated[str, Meta(max_length=1)]], "max_length", "must be at most 1 characters long", 1),
        ({"a": 1}, dict[str, str], "type", "must be an object, each value text", None),
    ],
)
def test_the_first_fault_has_a_code_a_requirement_and_the_broken_limit(
    value: Any, annotation: Any, code: str, requirement: str, limit: int | None
) -> None:
    assert explain(value, msgspec.inspect.type_info(annotation)) == (code, requirement, limit)
