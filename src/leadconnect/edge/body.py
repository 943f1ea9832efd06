"""Reading a request's body within a size and a time."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from typing import Any

from leadconnect.errors import MalformedRequest, PayloadTooLarge, RequestTimeout

Receive = Callable[[], Awaitable[Any]]

BODY = "body"
"""The key of the whole body in the state of a request, once it is read."""

LONGEST_LENGTH_DIGITS = 18
"""A Content-Length of more digits is no size that anything has; it is not even read as a number."""


class ClientDisconnected(MalformedRequest):
    """The request ended before all of its body arrived."""

    code = "client_disconnected"


async def read_body(
    receive: Receive, headers: Iterable[tuple[bytes, bytes]], *, limit_bytes: int, deadline: timedelta
) -> bytes:
    """Return the whole body that the ASGI `receive` delivers, at most `limit_bytes`, within `deadline` in all.

    Raises:
        PayloadTooLarge: Content-Length or what has arrived so far is above the limit; nothing further is read.
        MalformedRequest: Content-Length is no number (RFC 9110 §8.6).
        RequestTimeout: the deadline passed, no matter whether bytes still dribble in.
        ClientDisconnected: the client went away, or ended its side of the connection, before the end of the body.
    """
    expected = announced_bytes(headers)
    if expected is not None and expected > limit_bytes:
        raise PayloadTooLarge
    try:
        async with asyncio.timeout(deadline.total_seconds()):
            return await _read(receive, limit_bytes)
    except TimeoutError:
        raise RequestTimeout from None


def announced_bytes(headers: Iterable[tuple[bytes, bytes]]) -> int | None:
    """Return the Content-Length among `headers`; None when the client gives none.

    Raises:
        MalformedRequest: it is no number, or two lines of it differ.
    """
    found: bytes | None = None
    for name, value in headers:
        if name == b"content-length":
            if not value.isdigit() or (found is not None and found != value):
                raise MalformedRequest("Content-Length is not a number of bytes")
            found = value
    if found is None:
        return None
    return int(found) if len(found) <= LONGEST_LENGTH_DIGITS else 10**LONGEST_LENGTH_DIGITS


async def _read(receive: Receive, limit_bytes: int) -> bytes:
    chunks: list[bytes] = []
    size_bytes = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientDisconnected
        chunk: bytes = message.get("body", b"")
        if chunk:
            size_bytes += len(chunk)
            if size_bytes > limit_bytes:
                raise PayloadTooLarge
            chunks.append(chunk)
        if not message.get("more_body", False):
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)
