"""Bodies: strict types, every fault named at once."""

from enum import StrEnum
from typing import Annotated

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.errors import FieldCode, FieldError, LeadConnectError, MalformedRequest, ValidationFailed
from leadconnect.wire import CalendarDate, Email, Input, Label, Text50, Text5000, convert, decode, trimmed
from leadconnect.wire.decoding import MOST_WITHIN


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Item(Input):
    label: Label
    day: CalendarDate | None = None


class Order(Input):
    full_name: Label
    email: Email
    colour: Colour
    item_count: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1
    is_gift: bool | msgspec.UnsetType = msgspec.UNSET
    notes: Text5000 | None = None
    items: list[Item] = msgspec.field(default_factory=list)
    extras: Annotated[tuple[Item, ...], msgspec.Meta(max_length=200)] | msgspec.UnsetType = msgspec.UNSET
    code: Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}$")] | None = None

    def problems(self) -> list[FieldError]:
        needs_notes = self.colour == "red" and not self.notes
        return [FieldError.of("notes", FieldCode.REQUIRED, "are required for red orders")] if needs_notes else []


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
GOOD = {"fullName": "李雷", "email": "li@example.com", "colour": "blue"}


def body(**changes: object) -> bytes:
    return msgspec.json.encode({**GOOD, **changes})


def faults(raw: bytes) -> list[str]:
    with pytest.raises(ValidationFailed) as caught:
        decode(raw, Order)
    assert isinstance(caught.value.message, list)
    return caught.value.message


def test_a_good_body_becomes_the_struct() -> None:
    order = decode(body(notes="two\nlines"), Order)
    assert (order.full_name, order.colour, order.item_count, order.notes) == ("李雷", Colour.BLUE, 1, "two\nlines")


def test_all_faults_are_named_at_once_rules_over_several_fields_included() -> None:
    assert faults(b'{"fullName":"  ","email":"a@b","colour":"red","itemCount":0,"isGift":"true","zip":1}') == [
        "property zip should not exist",
        "fullName must not be blank",
        "email must be an e-mail address",
        "itemCount must be at least 1",
        "isGift must be true or false",
        "notes are required for red orders",
    ]


class Contact(Input):
    email: Email
    others: list[Order] = msgspec.field(default_factory=list)
    note: Text50 = ""


@pytest.mark.parametrize("blank", [" ", "\t", "\r\n", "\u00a0", "\u200b", "\ufeff", "\u202a", "\u3000"])
def test_white_space_around_an_address_is_removed_and_nothing_else_is_changed(blank: str) -> None:
    raw = {"email": f"{blank}Li@example.com{blank}", "note": "  as sent "}
    made = decode(msgspec.json.encode(raw), Contact)
    assert (made.email, made.note) == ("Li@example.com", "  as sent ")


def test_white_space_is_removed_before_lengths_are_validated_also_within() -> None:
    long = "a" * 60 + "@" + ".".join(["b" * 60] * 3) + ".example"
    padded = " " * 300 + long + " " * 300
    raw = {"email": padded, "others": [GOOD | {"email": padded}]}
    made = decode(msgspec.json.encode(raw), Contact)
    assert (made.email, made.others[0].email) == (long, long)
    assert convert(raw, Contact) == made


def test_an_address_with_white_space_inside_or_nothing_else_is_refused() -> None:
    assert faults(body(email="li @example.com")) == ["email must be an e-mail address"]
    assert faults(body(email="     ")) == ["email must be at least 3 characters long"]


@given(st.text(st.characters(codec="utf-8")))
def test_trimming_is_idempotent_and_takes_nothing_from_inside(value: str) -> None:
    once = trimmed(value)
    assert trimmed(once) == once
    assert once in value


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}"])
def test_an_absent_or_empty_body_lacks_every_required_field(raw: bytes) -> None:
    assert faults(raw) == ["fullName is required", "email is required", "colour is required"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"fullName": 1}, "fullName must be text"),
        ({"fullName": {"a": 1}}, "fullName must be text"),
        ({"fullName": None}, "fullName must be text"),
        ({"fullName": ""}, "fullName must not be empty"),
        ({"fullName": "x" * 256}, "fullName must be at most 255 characters long"),
        ({"fullName": "a\x00b"}, "fullName must not have control characters or line breaks"),
        ({"fullName": "a\nb"}, "fullName must not have control characters or line breaks"),
        ({"notes": "a\x00b"}, "notes must not have control characters"),
        ({"colour": "green"}, "colour must be one of: red, blue"),
        ({"itemCount": "5"}, "itemCount must be a whole number"),
        ({"itemCount": 1.5}, "itemCount must be a whole number"),
        ({"itemCount": 10**18}, "itemCount must be at most 1000"),
        ({"itemCount": 1001}, "itemCount must be at most 1000"),
        ({"isGift": "false"}, "isGift must be true or false"),
        ({"items": 3}, "items must be a list, each item an object"),
        ({"items": [3]}, "items.0 must be an object"),
        ({"items": [{"label": "a", "day": "2031-02-31"}]}, "items.0.day must be a real date written YYYY-MM-DD"),
        ({"items": [{"label": "a", "id": 3}]}, "property items.0.id should not exist"),
        ({"items": [{}]}, "items.0.label is required"),
        ({"extras": [{"label": "a"}, {"label": " "}]}, "extras.1.label must not be blank"),
        ({"extras": [{"label": "a"}, {"label": 1}]}, "extras.1.label must be text"),
        ({"extras": [{"label": "a"}] * 201}, "extras must be at most 200 items"),
        ({"code": "in"}, "code must be of the form ^[A-Z]{2}$"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_in_words(change: dict[str, object], fault: str) -> None:
    assert faults(body(**change)) == [fault]


def test_of_what_is_within_a_list_so_many_faults_are_told() -> None:
    found = faults(body(extras=[{}] * 200, isGift=3))
    assert found == ["isGift must be true or false", *(f"extras.{at}.label is required" for at in range(MOST_WITHIN))]


@pytest.mark.parametrize("raw", [b"{", b"\xff", b'{"fullName":"\\ud800"}', b"[" * 100_000, b"nan", b"{'a':1}"])
def test_what_is_not_json_is_refused_with_one_sentence(raw: bytes) -> None:
    with pytest.raises(MalformedRequest) as caught:
        decode(raw, Order)
    assert isinstance(caught.value.message, str)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_a_refusal(raw: bytes) -> None:
    with pytest.raises(LeadConnectError):
        decode(raw, Order)


@given(ANY_JSON)
def test_no_json_raises_anything_but_a_refusal(value: object) -> None:
    with pytest.raises(LeadConnectError):
        convert({"fullName": value, "email": value, "items": value}, Order)


@pytest.mark.parametrize(
    "address", ["asha@example.com", "josé.garcía@exämple.es", "o'neil+tag@mail.example.co.uk", "a@1and1.example"]
)
def test_real_addresses_are_taken(address: str) -> None:
    assert decode(body(email=address), Order).email == address


@pytest.mark.parametrize(
    "address",
    ["a", "a@b", "a b@example.com", "a@example..com", "@example.com", "a@-example.com", "a@example.com\r\nBcc: b@c.de",
     "a@example.com,b@example.com", "<a@example.com>", "a..b@example.com", ".a@example.com", "a" * 65 + "@example.com"],
)  # fmt: skip
def test_what_is_no_single_address_is_refused(address: str) -> None:
    assert len(faults(body(email=address))) == 1


def test_messages_carry_the_prefix_of_their_row() -> None:
    with pytest.raises(ValidationFailed) as caught:
        convert({"label": "", "x": 1}, Item, prefix="leads.3.")
    assert caught.value.message == ["property leads.3.x should not exist", "leads.3.label must not be empty"]


def test_a_short_text_is_limited_to_its_length() -> None:
    class Short(Input):
        code: Text50

    with pytest.raises(ValidationFailed):
        decode(msgspec.json.encode({"code": "x" * 51}), Short)
    assert decode(msgspec.json.encode({"code": "x" * 50}), Short).code == "x" * 50


class Parcel(Input):
    weight: int
    item: Item | msgspec.UnsetType = msgspec.UNSET

    def problems(self) -> list[FieldError]:
        is_odd = isinstance(self.item, Item) and self.weight == 13
        return [FieldError.of("weight", FieldCode.CONFLICTING, "does not fit the item")] if is_odd else []


def test_a_rule_about_a_part_and_its_whole_is_told_and_not_when_the_part_is_at_fault_itself() -> None:
    for item, fault in (
        ({"label": "A"}, "weight does not fit the item"),
        ({"label": " "}, "item.label must not be blank"),
    ):
        with pytest.raises(ValidationFailed) as caught:
            decode(msgspec.json.encode({"weight": 13, "item": item}), Parcel)
        assert caught.value.message == [fault]
