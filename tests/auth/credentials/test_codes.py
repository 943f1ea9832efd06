"""Mailed codes: random digits, sealed under a key for one purpose and one person."""

import hashlib
import string
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leadconnect.auth.credentials.codes import CodeSealer, new_code

SECRET = "a secret of the tests, long enough"
ANNA = UUID("018f0000-0000-7000-8000-000000000001")
BEN = UUID("018f0000-0000-7000-8000-000000000002")

sealer = CodeSealer(SECRET)
codes = st.text(string.digits, min_size=6, max_size=6)
texts = st.text(st.characters(), max_size=20)


def test_a_code_has_six_digits_and_every_digit_stands_everywhere() -> None:
    made = [new_code() for _ in range(10_000)]

    assert all(len(code) == 6 for code in made)
    assert all({code[position] for code in made} == set(string.digits) for position in range(6))


def test_codes_below_100000_keep_their_zeros() -> None:
    assert any(new_code().startswith("0") for _ in range(10_000))


@given(codes)
def test_a_seal_matches_its_code_alone(code: str) -> None:
    sealed = sealer.seal(code, "reset", ANNA)
    other = f"{(int(code) + 1) % 1_000_000:06d}"

    assert sealer.matches(code, "reset", ANNA, sealed)
    assert not sealer.matches(other, "reset", ANNA, sealed)


def test_a_code_is_good_for_its_purpose_and_its_user_only() -> None:
    sealed = sealer.seal("012345", "reset", ANNA)

    assert not sealer.matches("012345", "sign in", ANNA, sealed)
    assert not sealer.matches("012345", "reset", BEN, sealed)


def test_a_seal_is_worth_nothing_under_another_secret() -> None:
    assert not CodeSealer(SECRET + "!").matches("012345", "reset", ANNA, sealer.seal("012345", "reset", ANNA))


def test_a_seal_is_the_same_after_a_restart() -> None:
    assert CodeSealer(SECRET).matches("012345", "reset", ANNA, sealer.seal("012345", "reset", ANNA))


def test_whoever_tries_all_plain_digests_does_not_find_the_code() -> None:
    sealed = sealer.seal("012345", "reset", ANNA)
    plain = {hashlib.sha256(f"{code:06d}".encode()).hexdigest() for code in range(100_000)}

    assert len(sealed) == 64
    assert sealed not in plain


@given(texts, texts, texts, texts)
@example("a", f"b{ANNA}", f"a{ANNA}b", "")
def test_text_cannot_move_from_purpose_to_code(purpose: str, code: str, other_purpose: str, other_code: str) -> None:
    same = sealer.seal(code, purpose, ANNA) == sealer.seal(other_code, other_purpose, ANNA)

    assert same == ((purpose, code) == (other_purpose, other_code))


@given(texts)
def test_any_text_may_be_tried_as_a_code(text: str) -> None:
    assert not sealer.matches(text, "reset", ANNA, sealer.seal("a code that nobody types", "reset", ANNA))


def test_no_code_is_sealed_without_a_secret() -> None:
    with pytest.raises(ValueError, match="without a secret"):
        CodeSealer("")
