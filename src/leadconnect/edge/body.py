"""Reading a request's body within a size and a time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import timedelta
from tempfile import SpooledTemporaryFile
from typing import Any

from leadconnect.errors import MalformedRequest, PayloadTooLarge, RequestTimeout

Receive = Callable[[], Awaitable[Any]]

BODY = "body"
"""The key of the whole body in the state of a request, once it is read: bytes, or the file it was spooled to."""
IN_MEMORY_BYTES = 1024 * 1024
"""What of a spooled body is kept in memory; all of a larger one lies on the disk."""

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
    chunks = [chunk async for chunk in _chunks(receive, headers, limit_bytes, deadline)]
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


async def spool_body(
    receive: Receive, headers: Iterable[tuple[bytes, bytes]], *, limit_bytes: int, deadline: timedelta
) -> "SpooledTemporaryFile[bytes]":
    """Return the body as `read_body` does, in a temporary file that stands at its beginning; whoever closes it, removes
    it.

    Raises:
        PayloadTooLarge, MalformedRequest, RequestTimeout, ClientDisconnected: as `read_body`; no file is left.
    """
    file = SpooledTemporaryFile[bytes](IN_MEMORY_BYTES)
    try:
        async for chunk in _chunks(receive, headers, limit_bytes, deadline):
            file.write(chunk)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def close_spooled(state: dict[str, Any]) -> None:
    """Remove the file that the body of a request was spooled to, if it was, once the request is answered."""
    if isinstance(body := state.get(BODY), SpooledTemporaryFile):
        body.close()


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


async def _chunks(
    receive: Receive, headers: Iterable[tuple[bytes, bytes]], limit_bytes: int, deadline: timedelta
) -> AsyncIterator[bytes]:
    expected = announced_bytes(headers)
    if expected is not None and expected > limit_bytes:
        raise PayloadTooLarge
    ends_at = asyncio.get_running_loop().time() + deadline.total_seconds()
    size_bytes = 0
    more_body = True
    while more_body:
        try:
            async with asyncio.timeout_at(ends_at):
                message = await receive()
        except TimeoutError:
            raise RequestTimeout from None
        if message["type"] != "http.request":
            raise ClientDisconnected
        more_body = message.get("more_body", False)
        if chunk := message.get("body", b""):
            size_bytes += len(chunk)
            if size_bytes > limit_bytes:
                raise PayloadTooLarge
            yield chunk
