"""Compression of answers (RFC 9110 §8.4, §12.5.3): which of them, in which coding, and how.

An answer with an entity tag is not compressed: it is one lead, and so its strong tag stays that of its one form, which
``If-Match`` compares. Nor is an answer that may have a token next to text of the caller (the attack BREACH).
"""

import asyncio
import sys
import zlib
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Protocol

import brotli  # type: ignore[import-untyped]

from leadconnect.edge.cors import HeaderList
from leadconnect.edge.weights import weights

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEAST_BYTES = 1024
"""A shorter answer fits into the first packet as it is."""
LONG_BYTES = 512 * 1024
"""A longer body is compressed in a thread: on the event loop it would take more than a millisecond."""
MEDIA = frozenset(
    {
        b"application/json",
        b"application/problem+json",
        b"application/x-ndjson",
        b"text/csv",
        b"text/html",
        b"text/plain",
        b"text/tab-separated-values",
    }
)
"""Types that are text. Workbooks and PDFs are compressed already; an event stream is short messages."""
SECRETS_UNDER = ("/api/auth", "/api/profile/api-key")
FIXED = frozenset({b"etag", b"content-encoding", b"content-range"})
"""Header fields of an answer that must stay as it is."""
VARY = (b"vary", b"Accept-Encoding")

# Levels measured on lists of leads: the fastest of each coding take 1.1 to 4.6 ms for a megabyte and leave 2 to 4 % of
# it; the next ones take twice as long for a tenth less.
GZIP_LEVEL = 1
BROTLI_QUALITY = 1
ZSTD_LEVEL = 1


class Encoder(Protocol):
    """Compresses a body piece by piece; what it returns for a piece can be decoded up to the end of that piece."""

    def __call__(self, piece: bytes, *, is_last: bool) -> bytes:
        """Return the compressed form of `piece`."""


def _gzip() -> Encoder:
    made = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)

    def encode(piece: bytes, *, is_last: bool) -> bytes:
        return made.compress(piece) + made.flush(zlib.Z_FINISH if is_last else zlib.Z_SYNC_FLUSH)

    return encode


def _brotli() -> Encoder:
    made = brotli.Compressor(quality=BROTLI_QUALITY)

    def encode(piece: bytes, *, is_last: bool) -> bytes:
        begun: bytes = made.process(piece)
        rest: bytes = made.finish() if is_last else made.flush()
        return begun + rest

    return encode


def _zstd() -> Encoder:
    made = zstd.ZstdCompressor(level=ZSTD_LEVEL)

    def encode(piece: bytes, *, is_last: bool) -> bytes:
        return made.compress(piece, made.FLUSH_FRAME if is_last else made.FLUSH_BLOCK)

    return encode


ENCODERS: dict[str, Callable[[], Encoder]] = {"zstd": _zstd, "br": _brotli, "gzip": _gzip}
"""The codings, the one that leaves least first: of two that a client wants alike, the first is taken."""


@lru_cache(maxsize=256)
def chosen_coding(accept_encoding: str) -> str | None:
    """Return the coding that a client wants most; None where it wants none, or the plain form more."""
    wanted = dict(weights(accept_encoding.replace("x-gzip", "gzip")))
    rest = wanted.get("*", 0.0)
    best = max(ENCODERS, key=lambda coding: wanted.get(coding, rest))
    weight = wanted.get(best, rest)
    return best if weight > 0 and weight >= wanted.get("identity", 0.0) else None


def is_compressible(path: str, status: int, headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Return whether the answer with these `headers` to a request of `path` may be compressed for who wants it."""
    fields = dict(headers)
    media = fields.get(b"content-type", b"").partition(b";")[0]
    if media not in MEDIA or status in (204, 304) or not FIXED.isdisjoint(fields) or path.startswith(SECRETS_UNDER):
        return False
    return int(fields.get(b"content-length", LEAST_BYTES)) >= LEAST_BYTES


def coded(headers: HeaderList, coding: str) -> HeaderList:
    """Return the `headers` of an answer in this `coding`, without its length."""
    kept = [field for field in headers if field[0] != b"content-length"]
    return [*kept, (b"content-encoding", coding.encode())]


async def encode_whole(coding: str, body: bytes) -> bytes:
    """Return `body` in this `coding`."""
    encode = ENCODERS[coding]()
    if len(body) < LONG_BYTES:
        return encode(body, is_last=True)
    return await asyncio.to_thread(encode, body, is_last=True)
