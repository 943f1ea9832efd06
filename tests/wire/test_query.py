"""Query strings: lists in both spellings, numbers in decimal, nothing guessed."""

from enum import StrEnum
from typing import Annotated

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.errors import LeadConnectError, MalformedRequest, ValidationFailed
from leadconnect.wire import Input, Text255, decode_query


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Search(Input):
    search: Text255 | None = None
    colour: list[Colour] = msgspec.field(default_factory=list)
    page: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1
    is_open: bool | None = None


def faults(raw: bytes) -> list[str]:
    with pytest.raises(ValidationFailed) as caught:
        decode_query(raw, Search)
    assert isinstance(caught.value.message, list)
    return caught.value.message


@pytest.mark.parametrize(
    "raw", [b"colour=red&colour=blue", b"colour=red,blue", b"colour=red%2Cblue", b"colour=red,&colour=blue"]
)
def test_a_list_is_a_repeated_key_or_a_comma_list(raw: bytes) -> None:
    assert decode_query(raw, Search).colour == [Colour.RED, Colour.BLUE]


def test_an_empty_text_or_list_counts_as_absent() -> None:
    assert decode_query(b"search=&colour=", Search) == Search()


def test_percent_and_plus_are_decoded() -> None:
    assert decode_query(b"search=caf%C3%A9+100%25&page=2&isOpen=true", Search) == Search(
        search="café 100%", page=2, is_open=True
    )


@pytest.mark.parametrize("page", ["0", "-1", "1001"])
def test_a_number_out_of_bounds_is_refused(page: str) -> None:
    assert faults(f"page={page}".encode())[0].startswith("page must be at ")


@pytest.mark.parametrize("page", ["1.5", "abc", "", "1e2", "9223372036854775807", "9" * 5000, "%D9%A3", "+1", "0x1"])
def test_what_is_not_a_decimal_number_is_refused(page: str) -> None:
    assert faults(b"page=" + page.encode()) == ["page must be a whole number"]


def test_a_single_value_given_twice_is_refused_with_everything_else() -> None:
    assert faults(b"page=1&page=2&search=%00&colour[x]=red") == [
        "page must be given once",
        "property colour[x] should not exist",
        "search must not have control characters or line breaks",
    ]


def test_a_value_that_is_no_member_is_refused() -> None:
    assert faults(b"colour=red,green") == ["colour must be a list, each item one of: red, blue"]


@pytest.mark.parametrize("raw", [b"search=%ff", b"search=\xe9", b"&".join(b"a=1" for _ in range(500))])
def test_a_query_that_is_not_utf8_or_has_no_end_is_refused(raw: bytes) -> None:
    with pytest.raises(MalformedRequest):
        decode_query(raw, Search)


@given(st.binary(max_size=100))
def test_no_bytes_raise_anything_but_a_refusal(raw: bytes) -> None:
    try:
        found = decode_query(raw, Search)
    except LeadConnectError:
        return
    assert isinstance(found, Search)
