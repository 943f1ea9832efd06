"""API keys: their form and checksum, and the digest that stands for them in the database."""

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.auth.credentials.api_keys import API_KEY_PATTERN, api_key_digest, new_api_key
from leadconnect.auth.credentials.tokens import TokenKind, new_token
from leadconnect.logs import redact

HEXADECIMAL = "0123456789abcdef"


def test_ten_thousand_keys_are_distinct_well_formed_and_random_in_every_digit() -> None:
    keys = {new_api_key().value for _ in range(10_000)}
    assert len(keys) == 10_000
    assert all(re.fullmatch("lc_live_[0-9a-f]{72}", key) for key in keys)
    assert all(len({key[position] for key in keys}) == 16 for position in range(8, 80))


def test_the_digest_is_the_sha_256_of_the_whole_key() -> None:
    key = new_api_key()
    assert key.digest == api_key_digest(key.value) == hashlib.sha256(key.value.encode()).hexdigest()


def test_what_is_shown_is_the_prefix_and_the_last_four() -> None:
    key = new_api_key()
    assert (key.prefix, key.last4) == ("lc_live_", key.value[-4:])


@given(position=st.integers(0, 79), character=st.sampled_from(HEXADECIMAL))
def test_one_other_character_makes_it_no_key(position: int, character: str) -> None:
    key = new_api_key().value
    other = key[:position] + character + key[position + 1 :]
    assert (api_key_digest(other) is not None) == (other == key)


@given(st.text())
def test_any_text_is_taken_and_is_no_key(text: str) -> None:
    assert api_key_digest(text) is None
    assert api_key_digest("lc_live_" + text) is None


@pytest.mark.parametrize(
    "change", [str.upper, lambda key: key + "\n", lambda key: key + "0", lambda key: key[:-1], lambda key: " " + key]
)
def test_another_spelling_is_no_key(change: object) -> None:
    assert callable(change)
    assert api_key_digest(change(new_api_key().value)) is None


def test_a_token_is_no_key() -> None:
    assert api_key_digest(new_token(TokenKind.ACCESS)) is None


def test_scanners_find_a_key_in_a_text_and_logs_do_not_show_it() -> None:
    key = new_api_key().value
    assert re.findall(API_KEY_PATTERN, f"export KEY={key}; curl") == [key]
    assert key[8:] not in redact(f"called with {key} by mistake")
