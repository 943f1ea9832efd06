"""Tokens: their form, tag and checksum, and the digest that stands for them in the database."""

import hashlib
import re
import string
from collections.abc import Callable
from zlib import compress, crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.auth.credentials.tokens import TOKEN_PATTERN, TokenKind, kind_of, new_token, token_digest

kinds = pytest.mark.parametrize("kind", list(TokenKind))


@kinds
def test_a_hundred_thousand_tokens_are_distinct_and_well_formed(kind: TokenKind) -> None:
    tokens = {new_token(kind) for _ in range(100_000)}

    assert len(tokens) == 100_000
    assert all(re.fullmatch("[0-9a-f]{256}", token) for token in tokens)
    assert len({token[:8] for token in tokens}) == 1


@kinds
def test_a_token_is_random_in_every_digit_between_tag_and_checksum(kind: TokenKind) -> None:
    tokens = [new_token(kind) for _ in range(1_000)]

    assert all(len({token[position] for token in tokens}) == 16 for position in range(8, 248))


@kinds
def test_the_random_part_cannot_be_compressed(kind: TokenKind) -> None:
    random = b"".join(bytes.fromhex(new_token(kind)[8:248]) for _ in range(1_000))

    assert len(random) == 120_000
    assert len(compress(random, 9)) >= len(random)


def test_the_kinds_have_different_tags() -> None:
    assert {new_token(kind)[:8] for kind in TokenKind} == {"4c436101", "4c437201"}


@kinds
def test_a_token_of_the_right_kind_has_the_sha_256_of_its_text_as_digest(kind: TokenKind) -> None:
    token = new_token(kind)

    assert token_digest(token, kind) == hashlib.sha256(token.encode()).hexdigest()


@kinds
def test_a_token_of_the_wrong_kind_is_refused(kind: TokenKind) -> None:
    token = new_token(kind)

    assert [other for other in TokenKind if token_digest(token, other) is not None] == [kind]


@kinds
def test_any_one_changed_digit_is_refused(kind: TokenKind) -> None:
    token = new_token(kind)
    changed = [
        f"{token[:position]}{digit}{token[position + 1 :]}"
        for position in range(256)
        for digit in "0123456789abcdef"
        if digit != token[position]
    ]

    assert len(changed) == 256 * 15
    assert [text for text in changed if kind_of(text) is not None] == []


def test_a_tag_swapped_for_the_other_kind_is_refused_by_the_checksum() -> None:
    access, refresh = new_token(TokenKind.ACCESS), new_token(TokenKind.REFRESH)

    assert token_digest(refresh[:8] + access[8:], TokenKind.REFRESH) is None


@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        lambda token: token[:-1],
        lambda token: token + "0",
        lambda token: token + "\n",
        lambda token: " " + token[1:],
        lambda token: token[:100] + "  " + token[102:],
        lambda token: token.translate(str.maketrans(string.digits, "٠١٢٣٤٥٦٧٨٩")),
        lambda token: "\ud800" * 256,
        lambda token: "a" * 1_000_000,
        lambda token: "",
    ],
    ids=["upper case", "short", "long", "newline", "space", "spaces inside", "digits", "surrogates", "huge", "empty"],
)
def test_only_the_exact_form_is_taken(change: Callable[[str], str]) -> None:
    assert token_digest(change(new_token(TokenKind.ACCESS)), TokenKind.ACCESS) is None


@given(st.text(st.characters()), st.sampled_from(TokenKind))
def test_any_other_text_is_no_token(text: str, kind: TokenKind) -> None:
    assert kind_of(text) is None
    assert token_digest(text, kind) is None


@given(st.text("0123456789abcdef", min_size=240, max_size=240), st.sampled_from(["4c436101", "4c437201"]))
def test_a_right_tag_without_its_checksum_is_no_token(middle: str, tag: str) -> None:
    body = tag + middle
    checksum = crc32(bytes.fromhex(body))

    assert kind_of(body + f"{checksum ^ 1:08x}") is None
    assert kind_of(body + f"{checksum:08x}") is not None


@kinds
def test_a_scanner_finds_tokens_in_a_log(kind: TokenKind) -> None:
    token = new_token(kind)

    assert re.findall(TOKEN_PATTERN, f'{{"authorization": "Bearer {token}"}} {"4c436101" + "0" * 300}') == [token]
