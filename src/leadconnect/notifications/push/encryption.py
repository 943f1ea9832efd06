"""Encrypt a push for one browser: RFC 8291 with the content coding aes128gcm of RFC 8188."""

import os

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
RECORD_BYTES = 4096
PAYLOAD_BYTES = 3993
"""The minimum that push services accept (RFC 8291 §4): 4096 bytes less the header, a delimiter and the tag."""
LAST_RECORD = b"\x02"


def point_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    """Return the public key of `key`, an uncompressed point of 65 bytes."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def encrypt(
    payload: bytes,
    point: bytes,
    auth: bytes,
    *,
    key: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """Encrypt `payload` for the browser with the public key `point` and the secret `auth`.

    `key` and `salt` (16 bytes) are generated for every message; tests of the examples in the RFC give them.

    Raises:
        ValueError: The payload has more than `PAYLOAD_BYTES`, or `point` is not on the curve.
    """
    if len(payload) > PAYLOAD_BYTES:
        raise ValueError("the payload is too long for a push")
    key, salt = key or ec.generate_private_key(CURVE), salt or os.urandom(16)
    own_point = point_of(key)
    shared = key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point))
    secret = _derived(shared, auth, b"WebPush: info\0" + point + own_point, 32)
    content_key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    record = AESGCM(content_key).encrypt(nonce, payload + LAST_RECORD, None)
    return salt + RECORD_BYTES.to_bytes(4) + len(own_point).to_bytes(1) + own_point + record


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)
