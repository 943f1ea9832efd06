"""API keys: ``lc_live_``, 64 hexadecimal characters of 32 random bytes, and 8 of a checksum.

The 256 random bits are the secret. The prefix lets people and scanners tell what they have found; the checksum, the
CRC-32 (ISO 3309, as in zlib) of all before it, lets the server turn noise away without asking the database. The
database keeps the SHA-256 of the whole, never the key, and what of it may be shown: the prefix and the last four.
"""

import re
import secrets
from hashlib import sha256
from zlib import crc32

import msgspec

PREFIX = "lc_live_"
SHOWN_LENGTH = 4
API_KEY_PATTERN = rf"\b{PREFIX}[0-9a-f]{{72}}\b"
"""A regular expression (RE2 subset) with which secret scanners find our keys."""

_RANDOM_BYTES = 32
_CHECKSUM_LENGTH = 8
_FORM = re.compile(API_KEY_PATTERN)


class ApiKey(msgspec.Struct, frozen=True):
    """A fresh key: itself, which is told once, and what is stored of it."""

    value: str
    digest: str
    prefix: str
    last4: str


def new_api_key() -> ApiKey:
    """Return a fresh key of 80 characters."""
    body = PREFIX + secrets.token_hex(_RANDOM_BYTES)
    value = body + _checksum(body)
    return ApiKey(value, sha256(value.encode("ascii")).hexdigest(), PREFIX, value[-SHOWN_LENGTH:])


def api_key_digest(text: str) -> str | None:
    """Return the SHA-256 of a key as 64 hexadecimal characters, by which the database knows it.

    None where `text` cannot be a key: so a look-up costs no statement. Any text is taken, in bounded time.
    """
    if not text.startswith(PREFIX) or _FORM.fullmatch(text) is None:
        return None
    if _checksum(text[:-_CHECKSUM_LENGTH]) != text[-_CHECKSUM_LENGTH:]:
        return None
    return sha256(text.encode("ascii")).hexdigest()


def _checksum(body: str) -> str:
    return f"{crc32(body.encode('ascii')):0{_CHECKSUM_LENGTH}x}"
