"""What names a request, and what makes two of them the same."""

import random
from urllib.parse import urlencode

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.idempotency.actions import KEY_LIFE
from leadconnect.idempotency.models import (
    Attempt,
    content_key,
    named_key,
    packed,
    request_digest,
    request_target,
    unpacked,
)
from leadconnect.identifiers import new_id
from tests.conftest import TEST_SECRET

FORM = "multipart/form-data"
TARGET = "POST /api/leads?"
BOUNDARIES = st.text("0123456789abcdef", min_size=16, max_size=32)


def form(boundary: str, content: bytes) -> bytes:
    head = b'--%s\r\nContent-Disposition: form-data; name="file"\r\n\r\n' % boundary.encode()
    return head + content + b"\r\n--%s--\r\n" % boundary.encode()


def attempt() -> Attempt:
    digest = request_digest(TEST_SECRET, TARGET, "application/json", "", b"{}")
    return Attempt(
        account_id=new_id(), user_id=new_id(), route="POST /a", key=named_key("k"), request=digest, life=KEY_LIFE
    )


@given(st.binary(max_size=2000))
def test_a_body_is_unpacked_as_it_was_packed(body: bytes) -> None:
    assert unpacked(packed(body)) == body


def test_what_repeats_itself_is_packed_small() -> None:
    owner = b'{"owner": {"email": "asha@example.com", "companyName": "Rao Traders"}}'
    assert len(packed(owner * 1000)) < len(owner) * 1000 / 20


@given(BOUNDARIES, BOUNDARIES, st.binary(max_size=200))
def test_a_form_is_the_same_whatever_its_boundary(one: str, other: str, content: bytes) -> None:
    assert request_digest(TEST_SECRET, TARGET, FORM, one, form(one, content)) == request_digest(
        TEST_SECRET, TARGET, FORM, other, form(other, content)
    )


@given(BOUNDARIES, st.text("xyz", max_size=9), st.text("xyz", max_size=9))
def test_forms_with_other_content_differ(boundary: str, one: str, other: str) -> None:
    digests = {
        request_digest(TEST_SECRET, TARGET, FORM, boundary, form(boundary, text.encode())) for text in (one, other)
    }
    assert len(digests) == len({one, other})


def test_the_same_bytes_of_another_type_are_another_request() -> None:
    assert request_digest(TEST_SECRET, TARGET, "application/json", "", b"{}") != request_digest(
        TEST_SECRET, TARGET, "text/csv", "", b"{}"
    )


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=255))
def test_no_name_stands_for_a_content(name: str) -> None:
    assert named_key(name) != content_key(name.encode())


def test_each_account_user_and_key_has_a_lock_of_its_own() -> None:
    one = attempt()
    changes = ({"account_id": new_id()}, {"user_id": new_id()}, {"key": named_key("other")})
    others = [msgspec.structs.replace(one, **change) for change in changes]
    locks = {found.lock for found in (one, *others)}
    assert len(locks) == 1 + len(changes)
    assert all(-(2**63) <= lock < 2**63 for lock in locks)
    assert msgspec.structs.replace(one, route="POST /b").lock == one.lock


@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5)), max_size=5), st.randoms())
def test_the_order_of_a_query_does_not_count(parameters: list[tuple[str, str]], chance: random.Random) -> None:
    shuffled = parameters.copy()
    chance.shuffle(shuffled)
    one, other = (request_target("POST", "/api/a", urlencode(each).encode()) for each in (parameters, shuffled))
    assert one == other


@pytest.mark.parametrize(
    "other",
    [("PUT", "/api/a", b"x=1"), ("POST", "/api/b", b"x=1"), ("POST", "/api/a", b"x=2"), ("POST", "/api/a", b"")],
)
def test_another_method_path_or_query_is_another_request(other: tuple[str, str, bytes]) -> None:
    targets = (request_target("POST", "/api/a", b"x=1"), request_target(*other))
    one, another = (request_digest(TEST_SECRET, target, "application/json", "", b"{}") for target in targets)
    assert one != another
