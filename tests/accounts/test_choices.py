"""A choice that may be `other`: what is sent back as it was shown changes nothing, and no text outlives its choice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, UnsetType

from leadconnect.accounts.choices import Choice, chosen
from leadconnect.accounts.models import UserRole
from leadconnect.errors import ValidationFailed
from leadconnect.wire import values_of

ROLES = values_of(UserRole)
MANAGER, BUYER = Choice("Sales Manager", None), Choice("other", "Buyer")
TEXTS = st.sampled_from(["Buyer", "Management", "Head of Bees", "", " "])
SENT = st.sampled_from([*ROLES, "Buyer", "Head of Bees", UNSET])
STORED = st.sampled_from([Choice(role, None) for role in ROLES if role != "other"]) | st.builds(
    Choice, st.just("other"), TEXTS.filter(str.strip)
)


def choose(stored: Choice, value: str | UnsetType = UNSET, custom: str | UnsetType | None = UNSET) -> Choice:
    return chosen(stored, value, custom, names=("role", "customRole"), options=ROLES)


@pytest.mark.parametrize(
    ("stored", "value", "custom", "expected"),
    [
        (MANAGER, UNSET, UNSET, MANAGER),
        (MANAGER, "Sales Manager", None, MANAGER),
        (MANAGER, "Management", "Buyer", Choice("Management", None)),
        (MANAGER, "other", "Buyer", BUYER),
        (MANAGER, UNSET, "Buyer", MANAGER),
        (BUYER, "Buyer", UNSET, BUYER),
        (BUYER, "Buyer", "Buyer", BUYER),
        (BUYER, "Buyer", "Seller", Choice("other", "Seller")),
        (BUYER, UNSET, "Seller", Choice("other", "Seller")),
        (BUYER, "Management", UNSET, Choice("Management", None)),
        (Choice("other", "Management"), "Management", UNSET, Choice("other", "Management")),
        (Choice("other", "Management"), "Management", None, Choice("Management", None)),
    ],
)
def test_a_choice(stored: Choice, value: str | UnsetType, custom: str | UnsetType | None, expected: Choice) -> None:
    assert choose(stored, value, custom) == expected


@pytest.mark.parametrize("value", ["other", UNSET])
@pytest.mark.parametrize("custom", ["", " ", None])
def test_other_needs_a_text(value: str | UnsetType, custom: str | None) -> None:
    with pytest.raises(ValidationFailed, match="customRole is required when role is other"):
        choose(BUYER, value, custom)


def test_what_is_no_choice_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValidationFailed, match="role must be one of: Sales Representative, Sales Manager, Management"):
        choose(BUYER, "admin")


@given(STORED, SENT, TEXTS | st.none() | st.just(UNSET))
def test_only_other_has_a_text_and_always_has_one(
    stored: Choice, value: str | UnsetType, custom: str | UnsetType | None
) -> None:
    try:
        found = choose(stored, value, custom)
    except ValidationFailed:
        return
    assert (found.value == "other") == bool(found.custom and found.custom.strip())
    assert found.value in ROLES


@given(STORED, st.booleans())
def test_sending_back_what_was_shown_changes_nothing(stored: Choice, with_text: bool) -> None:
    shown = stored.custom or stored.value
    assert choose(stored, shown, stored.custom if with_text else UNSET) == stored
