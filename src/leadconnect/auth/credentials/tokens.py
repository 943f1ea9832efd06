"""Access and refresh tokens: 128 bytes, written as 256 lower-case hexadecimal characters.

====== ======= =====================================================================================================
bytes  hex     content
====== ======= =====================================================================================================
0-3    0-7     tag: product ("LC"), kind ("a" access, "r" refresh), version (1)
4-123  8-247   120 bytes from the operating system's generator
124-27 248-255 CRC-32 (ISO 3309, as in zlib) of bytes 0-123, big-endian
====== ======= =====================================================================================================

The 960 random bits are the secret. Tag and checksum only let the server turn noise away without asking the database,
and let a scanner find a leaked token. The database keeps the SHA-256 of the 256 characters, never the token.
"""

import re
import secrets
from enum import StrEnum
from hashlib import sha256
from zlib import crc32


class TokenKind(StrEnum):
    """What a token is good for: calling the API, or asking for a new access token."""

    ACCESS = "access"
    REFRESH = "refresh"


_TAGS = {TokenKind.ACCESS: b"LCa\x01", TokenKind.REFRESH: b"LCr\x01"}
_KINDS = {tag.hex(): kind for kind, tag in _TAGS.items()}
_RANDOM_BYTES = 120

TOKEN_LENGTH = 256
"""The length of every token in characters."""

TOKEN_PATTERN = rf"\b(?:{'|'.join(_KINDS)})[0-9a-f]{{248}}\b"
"""A regular expression (RE2 subset) with which secret scanners find our tokens; `kind_of` weeds out look-alikes."""

_FORM = re.compile(TOKEN_PATTERN)


def new_token(kind: TokenKind) -> str:
    """Return a fresh token of `kind`, 256 lower-case hexadecimal characters."""
    body = _TAGS[kind] + secrets.token_bytes(_RANDOM_BYTES)
    return (body + crc32(body).to_bytes(4, "big")).hex()


def kind_of(token: str) -> TokenKind | None:
    """Return the kind of `token`, or None where its form, tag or checksum is wrong."""
    if len(token) != TOKEN_LENGTH or _FORM.fullmatch(token) is None:
        return None
    raw = bytes.fromhex(token)
    if crc32(raw[:-4]) != int.from_bytes(raw[-4:], "big"):
        return None
    return _KINDS[token[:8]]


def token_digest(token: str, kind: TokenKind) -> str | None:
    """Return the SHA-256 of `token` as 64 hexadecimal characters, by which the database knows it.

    None where it cannot be a token of `kind`: so a look-up costs no statement. Any text is taken, in bounded time.
    """
    if kind_of(token) is not kind:
        return None
    return sha256(token.encode("ascii")).hexdigest()
