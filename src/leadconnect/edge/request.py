"""What is settled about a request before any route sees it: its size, its path, its id, and whether it is readable."""

import re
import secrets
from collections.abc import Iterable
from typing import Any

from leadconnect.errors import AddressTooLong, HeadersTooLarge, MalformedRequest, NotFound, UnsupportedMediaType

HEADER_LIMIT_BYTES = 16 * 1024
TARGET_LIMIT_BYTES = 8 * 1024
"""Of path and query as they stand in the request line, still percent-encoded."""

REQUEST_ID_BYTES = 12

WANTED = frozenset(
    {
        b"accept",
        b"accept-encoding",
        b"access-control-request-method",
        b"content-encoding",
        b"content-length",
        b"origin",
        b"transfer-encoding",
        b"x-request-id",
    }
)
"""The header fields that the edge itself looks at."""

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_FOLDED_ROOTS = ("/api", "/health")
_HEALTH_UNDER_API = "/api/health"
_FORM_OF_UNREADABLE = "\N{REPLACEMENT CHARACTER}"
"""Granian puts it where the percent-encoded bytes of a path are not UTF-8."""


def survey(headers: Iterable[tuple[bytes, bytes]]) -> tuple[int, dict[bytes, bytes]]:
    """Return the size of all `headers` in bytes and those among `WANTED`, of a repeated one the last."""
    size_bytes = 0
    found: dict[bytes, bytes] = {}
    for name, value in headers:
        size_bytes += len(name) + len(value)
        if name in WANTED:
            found[name] = value
    return size_bytes, found


def request_id(given: bytes | None) -> str:
    """Return the client's ``X-Request-Id`` if it is 1 to 64 of ``A-Z a-z 0-9 . _ -``, else a new one."""
    if given is not None and _REQUEST_ID.fullmatch(given):
        return given.decode("ascii")
    return secrets.token_hex(REQUEST_ID_BYTES)


def check_size(scope: dict[str, Any], header_bytes: int) -> None:
    """Refuse a request whose target or headers are out of all proportion.

    Raises:
        AddressTooLong: path and query pass `TARGET_LIMIT_BYTES` (RFC 9110 §15.5.15).
        HeadersTooLarge: the header fields pass `HEADER_LIMIT_BYTES` (RFC 6585 §5).
    """
    path = scope.get("raw_path") or scope["path"]
    if len(path) + len(scope["query_string"]) > TARGET_LIMIT_BYTES:
        raise AddressTooLong
    if header_bytes > HEADER_LIMIT_BYTES:
        raise HeadersTooLarge


def check_codings(found: dict[bytes, bytes]) -> None:
    """Refuse a body in a coding that we do not undo: a compressed one could unfold to any size.

    Raises:
        UnsupportedMediaType: a Content-Encoding other than ``identity`` (RFC 9110 §8.4).
        MalformedRequest: a Transfer-Encoding other than ``chunked`` (RFC 9112 §6.1).
    """
    coding = found.get(b"content-encoding")
    if coding is not None and coding.strip().lower() not in (b"", b"identity"):
        raise UnsupportedMediaType("Send the request body without Content-Encoding")
    transfer = found.get(b"transfer-encoding")
    if transfer is not None and transfer.strip().lower() != b"chunked":
        raise MalformedRequest("Send the request body with no Transfer-Encoding but chunked")


def folded_path(path: str) -> str:
    """Return `path` as the routes are written: under ``/api`` and ``/health`` in lower case and without trailing slash.

    Ids in paths are UUIDs, whose case means nothing. ``/api/health`` stands for ``/health``, for proxies that forward
    nothing but ``/api``.

    Raises:
        NotFound: the path holds control characters or bytes that are not UTF-8; no route has such an address.
    """
    if not path.isprintable() or (not path.isascii() and _FORM_OF_UNREADABLE in path):
        raise NotFound("There is no such address")
    lowered = path.lower()
    if lowered.startswith(_FOLDED_ROOTS):
        folded = lowered.rstrip("/") if lowered[-1] == "/" else lowered
        return folded.removeprefix("/api") if folded.startswith(_HEALTH_UNDER_API) else folded
    return path
