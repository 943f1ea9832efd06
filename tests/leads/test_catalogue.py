"""The catalogue of a lead's fields, and that the structs, the table and the files say the same."""

from enum import StrEnum
from typing import Any

import msgspec
import pytest

from leadconnect.exports.columns import COLUMNS as EXPORTED
from leadconnect.leads import catalogue, queries
from leadconnect.leads.catalogue import CATALOGUE, Field, Kind
from leadconnect.leads.fields import LeadInput, LeadPatch
from leadconnect.leads.models import Lead
from leadconnect.recognition.headers import header_key, target_of
from leadconnect.recognition.models import TARGETS
from tests.make import lead

LENGTHS_OF_TYPES = {"email": 255}
"""Fields whose longest text is a rule of their type."""


def field_types(struct: type[msgspec.Struct]) -> dict[str, Any]:
    """Return what `msgspec.inspect` says of the fields of a struct, by column, without null and "not given"."""
    found = {}
    for each in msgspec.inspect.type_info(struct).fields:  # type: ignore[attr-defined]
        inner = each.type
        if isinstance(inner, msgspec.inspect.UnionType):
            (inner,) = (one for one in inner.types if not isinstance(one, msgspec.inspect.NoneType))
        while isinstance(inner, msgspec.inspect.Metadata):
            inner = inner.type
        found[each.name] = inner
    return found


@pytest.mark.parametrize("struct", [LeadInput, LeadPatch])
def test_what_is_sent_has_the_fields_of_the_catalogue_in_its_order(struct: type[msgspec.Struct]) -> None:
    assert struct.__struct_fields__ == catalogue.COLUMNS
    assert {one.name: one.encode_name for one in msgspec.structs.fields(struct)} == catalogue.NAME_OF


def test_what_is_answered_has_them_too() -> None:
    fields = Lead.__struct_fields__
    assert tuple(field for field in fields if field in catalogue.COLUMNS) == catalogue.COLUMNS


@pytest.mark.parametrize("field", CATALOGUE, ids=lambda field: field.column)
def test_the_types_of_a_field_are_of_its_kind(field: Field) -> None:
    inner = field_types(LeadInput)[field.column]
    is_choice = isinstance(inner, msgspec.inspect.EnumType) and issubclass(inner.cls, StrEnum)
    assert is_choice is (field.kind is Kind.CHOICE)
    if isinstance(inner, msgspec.inspect.StrType) and field.kind is not Kind.DATE:
        assert LENGTHS_OF_TYPES.get(field.column, inner.max_length) == field.length


def test_search_looks_into_the_fields_that_say_so() -> None:
    assert set(catalogue.SEARCHED) == set(queries.SEARCHED)


def test_every_field_is_exported_under_its_label_and_recognised_by_it() -> None:
    titles = {column.name: column.title for column in EXPORTED}
    for field in CATALOGUE:
        assert titles[field.column] == field.label
        assert field.name in TARGETS
        assert {target_of(field.label), target_of(field.name)} == {field.name}
        assert header_key(field.label) == header_key(field.name)


def test_a_field_that_says_more_about_another_one_comes_after_it() -> None:
    order = list(catalogue.COLUMNS)
    assert all(order.index(head) < order.index(column) for column, head in catalogue.BELONGS_TO.items())


def test_the_examples_of_the_template_are_values_that_a_lead_takes() -> None:
    for position in range(2):
        given = {field.name: field.examples[position] for field in CATALOGUE if field.examples[position]}
        choices = {"leadSource": given["leadSource"].lower(), "leadStatus": given["leadStatus"].lower()}
        msgspec.convert(lead() | given | choices, LeadInput)
