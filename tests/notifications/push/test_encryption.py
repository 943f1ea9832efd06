"""A push is encrypted as RFC 8291 has it: its example comes out to the byte, and only the browser can read it."""

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from leadconnect.notifications.push.encryption import CURVE, PAYLOAD_BYTES, RECORD_BYTES, encrypt, point_of
from tests.notifications.push.service import base64url, decrypt, from_base64url

PLAIN = b"When I grow up, I want to be a watermelon"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
RECEIVER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
MESSAGE = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_y"
    "l95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
"""The example of RFC 8291 §5."""


def private_key(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(from_base64url(text)), CURVE)


def test_the_example_of_the_standard_comes_out_to_the_byte() -> None:
    key, receiver = private_key(SENDER), private_key(RECEIVER)
    assert base64url(point_of(receiver)) == POINT
    auth, salt = from_base64url(AUTH), from_base64url(SALT)
    message = encrypt(PLAIN, from_base64url(POINT), auth, key=key, salt=salt)
    assert base64url(message) == MESSAGE
    assert decrypt(message, receiver, auth) == PLAIN


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=PAYLOAD_BYTES), st.binary(min_size=16, max_size=16))
def test_whatever_is_sent_arrives_and_never_looks_the_same_twice(payload: bytes, auth: bytes) -> None:
    browser = ec.generate_private_key(CURVE)
    messages = [encrypt(payload, point_of(browser), auth) for _ in range(2)]
    assert [decrypt(message, browser, auth) for message in messages] == [payload] * 2
    assert messages[0] != messages[1]
    assert len(messages[0]) <= RECORD_BYTES


def test_another_browser_or_another_secret_reads_nothing() -> None:
    browser, other, auth = ec.generate_private_key(CURVE), ec.generate_private_key(CURVE), b"a" * 16
    message = encrypt(PLAIN, point_of(browser), auth)
    for key, secret in ((other, auth), (browser, b"b" * 16)):
        with pytest.raises(InvalidTag):
            decrypt(message, key, secret)


def test_what_push_services_would_not_take_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        encrypt(b"x" * (PAYLOAD_BYTES + 1), from_base64url(POINT), from_base64url(AUTH))
