"""Requests that are to be done once, and the answers that are kept of them."""

import hmac
import zlib
from datetime import timedelta
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

import msgspec


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One sending of a request that is to be done once. A key of a user names one request."""

    account_id: UUID
    user_id: UUID
    route: str
    """The method and the path as it is declared, such as ``POST /api/leads``; stored, and not part of the key."""
    key: bytes
    """SHA-256 of what names the request."""
    request: bytes
    """The digest of the request itself: method, path, query and body."""
    life: timedelta
    """How long its answer is kept."""

    @property
    def lock(self) -> int:
        """The number of the lock that is held while the request is worked on: 64 bits, signed."""
        name = b"\0".join((self.account_id.bytes, self.user_id.bytes, self.key))
        return int.from_bytes(sha256(name).digest()[:8], "big", signed=True)


class KeptAnswer(msgspec.Struct, frozen=True):
    """The answer that a request got, as it is stored: the body compressed."""

    request: bytes
    status: int
    content_type: str
    etag: str | None
    location: str | None
    body: bytes


def named_key(name: str) -> bytes:
    """Return the key of a request that its client has named."""
    return sha256(b"name\0" + name.encode()).digest()


def content_key(request: bytes) -> bytes:
    """Return the key of a request without a name, of which `request` is the digest. No name has the same."""
    return sha256(b"content\0" + request).digest()


def request_target(method: str, path: str, query: bytes) -> str:
    """Return what a request is sent to: method, path with its ids, and query, whose parameters count in any order."""
    parameters = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    return f"{method} {path}?{urlencode(sorted(parameters))}"


def request_digest(secret: str, target: str, media: str, boundary: str, body: bytes) -> bytes:
    """Return the digest of a request to `target`, keyed (HMAC-SHA-256) with the installation's `secret`: it is stored,
    and there may be a password in the request, which nobody must be able to guess from it.

    Of a form (multipart/form-data) its `boundary` does not count: a client makes up another one each time that it sends
    the same.
    """
    content = body.replace(b"--" + boundary.encode(), b"--") if boundary else body
    digest = hmac.new(secret.encode(), b"leadconnect: requests, version 2\0", "sha256")
    for part in (target.encode(), media.encode()):
        digest.update(part + b"\0")
    digest.update(content)
    return digest.digest()


def packed(body: bytes) -> bytes:
    """Return a body as it is stored. The report on an import says the owner with every row and packs by 20 to 1."""
    return zlib.compress(body, level=1)


def unpacked(body: bytes) -> bytes:
    """Return a body as it was sent."""
    return zlib.decompress(body)
