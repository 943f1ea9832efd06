"""Requests that are to be done once, and the answers that are kept of them."""

import hmac
import zlib
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

import msgspec


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One sending of a request that is to be done once. Those of the same person, route and key are one request."""

    account_id: UUID
    user_id: UUID
    route: str
    """The method and the path as it is declared, such as ``POST /api/leads``."""
    key: bytes
    """SHA-256 of what names the request."""
    request: bytes
    """The digest of the request itself."""
    life: timedelta
    """How long its answer is kept."""

    @property
    def lock(self) -> int:
        """The number of the lock that is held while the request is worked on: 64 bits, signed."""
        name = b"\0".join((self.account_id.bytes, self.user_id.bytes, self.route.encode(), self.key))
        return int.from_bytes(sha256(name).digest()[:8], "big", signed=True)


class KeptAnswer(msgspec.Struct, frozen=True):
    """The answer that a request got, as it is stored: the body compressed."""

    request: bytes
    status: int
    content_type: str
    etag: str | None
    body: bytes


def named_key(name: str) -> bytes:
    """Return the key of a request that its client has named."""
    return sha256(b"name\0" + name.encode()).digest()


def content_key(request: bytes) -> bytes:
    """Return the key of a request without a name, of which `request` is the digest. No name has the same."""
    return sha256(b"content\0" + request).digest()


def request_digest(secret: str, media: str, boundary: str, body: bytes) -> bytes:
    """Return the digest of a request, keyed (HMAC-SHA-256) with the installation's `secret`: it is stored, and there
    may be a password in the request, which nobody must be able to guess from it.

    Of a form (multipart/form-data) its `boundary` does not count: a client makes up another one each time that it sends
    the same.
    """
    content = body.replace(b"--" + boundary.encode(), b"--") if boundary else body
    digest = hmac.new(secret.encode(), b"leadconnect: requests, version 1\0" + media.encode() + b"\0", "sha256")
    digest.update(content)
    return digest.digest()


def packed(body: bytes) -> bytes:
    """Return a body as it is stored. The report on an import says the owner with every row and packs by 20 to 1."""
    return zlib.compress(body, level=1)


def unpacked(body: bytes) -> bytes:
    """Return a body as it was sent."""
    return zlib.decompress(body)
