"""Which answers are compressed, in which coding, and that they are the same answers."""

import json
import sys
import zlib
from collections.abc import Callable
from typing import Any

import brotli  # type: ignore[import-untyped]
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.edge.compression import ENCODERS, LEAST_BYTES, chosen_coding, encode_whole
from leadconnect.edge.middleware import Edge
from leadconnect.settings import Settings
from tests import make
from tests.cast import Actor
from tests.edge.asgi import PEER, client_of, respond
from tests.idempotency.sending import IMPORT, LEADS, send

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

DECODERS: dict[str, Callable[[], Any]] = {
    "gzip": lambda: zlib.decompressobj(zlib.MAX_WBITS | 16).decompress,
    "br": lambda: brotli.Decompressor().process,
    "zstd": lambda: zstd.ZstdDecompressor().decompress,
}
CODINGS = sorted(DECODERS)
JSON = b"application/json"


def answering(body: bytes, *fields: tuple[bytes, bytes], media: bytes = JSON) -> Any:
    """Return an application that sends `body` whole."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await respond(send, body, [(b"content-type", media), *fields])

    return app


def streaming(*pieces: bytes, media: bytes = b"text/csv; charset=utf-8") -> Any:
    """Return an application that sends `pieces` as a stream."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", media)]})
        for piece in pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    return app


async def got(app: Any, accept: str | None = "gzip", path: str = "/api/a", method: str = "GET") -> httpx.Response:
    """Return the answer to a client that accepts these codings; its content is as it was sent."""
    async with client_of(app) as client:
        headers = {"Accept-Encoding": accept} if accept is not None else {}
        client.headers.pop("accept-encoding")
        request = client.build_request(method, path, headers=headers)
        answer = await client.send(request, stream=True)
        answer._content = b"".join([chunk async for chunk in answer.aiter_raw()])
        return answer


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("GZIP;Q=0.5", "gzip"),
        ("*", "zstd"),
        ("*;q=0.1, gzip;q=0.2", "gzip"),
        ("gzip;q=1.0, br;q=0.5, zstd;q=0", "gzip"),
        ("gzip, identity;q=0", "gzip"),
        ("identity, gzip;q=0.5", None),
        ("identity", None),
        ("", None),
        ("gzip;q=0", None),
        ("gzip;q=0, *", "zstd"),
        ("gzip;q=banana", None),
        ("deflate", None),
    ],
)
def test_the_coding_is_the_one_that_the_client_wants_most(accepted: str, coding: str | None) -> None:
    assert chosen_coding(accepted) == coding


@pytest.mark.parametrize("coding", CODINGS)
@given(st.lists(st.binary(max_size=3000), max_size=5))
def test_every_piece_can_be_decoded_as_soon_as_it_has_come(coding: str, pieces: list[bytes]) -> None:
    encode, decode = ENCODERS[coding](), DECODERS[coding]()
    for piece in pieces:
        assert decode(encode(piece, is_last=False)) == piece
    decode(encode(b"", is_last=True))


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("size", [0, 1, 5_000, 1_000_000])
async def test_a_whole_body_is_the_same_after_decoding(coding: str, size: int) -> None:
    body = (b"0123456789" * (size // 10 + 1))[:size]
    assert DECODERS[coding]()(await encode_whole(coding, body)) == body


@pytest.mark.parametrize("coding", CODINGS)
async def test_a_long_answer_is_compressed_and_says_so(coding: str) -> None:
    body = json.dumps([{"name": "Asha Rao"}] * 1000).encode()
    answer = await got(answering(body), coding)
    assert answer.headers["content-encoding"] == coding
    assert answer.headers["vary"] == "Accept-Encoding"
    assert int(answer.headers["content-length"]) == len(answer.content) < len(body) / 10
    assert DECODERS[coding]()(answer.content) == body
    head = await got(answering(body), coding, method="HEAD")
    assert (head.headers["content-encoding"], head.content) == (coding, b"")


@pytest.mark.parametrize("coding", CODINGS)
async def test_a_stream_is_compressed_piece_by_piece(coding: str) -> None:
    pieces = [b"Name,Phone\n", b"Asha,1\n" * 500, b"", b"Ravi,2\n" * 500]
    answer = await got(streaming(*pieces), coding)
    assert (answer.headers["content-encoding"], "content-length" in answer.headers) == (coding, False)
    assert DECODERS[coding]()(answer.content) == b"".join(pieces)


async def test_each_piece_of_a_stream_is_sent_before_the_next_is_asked_for() -> None:
    sent: list[Any] = []
    seen: list[int] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/csv")]})
        for _ in range(3):
            await send({"type": "http.response.body", "body": b"Asha,1\n" * 300, "more_body": True})
            seen.append(sum(len(message.get("body", b"")) for message in sent))
        await send({"type": "http.response.body", "body": b""})

    async def collect(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "GET", "path": "/api/a", "query_string": b"", "scheme": "http", "client": (PEER, 1),
        "headers": [(b"accept-encoding", b"br")],
    }  # fmt: skip
    await Edge(app, Settings())(scope, None, collect)  # type: ignore[arg-type]  # nothing is received
    assert [message["type"] for message in sent] == ["http.response.start", *["http.response.body"] * 4]
    assert seen == sorted(set(seen)), "each piece leaves at once"
    assert [message.get("more_body", False) for message in sent[1:]] == [True, True, True, False]


async def test_without_the_header_the_answer_is_as_ever() -> None:
    body = b"x" * LEAST_BYTES
    for accept in (None, "identity"):
        answer = await got(answering(body), accept)
        assert "content-encoding" not in answer.headers
        assert (answer.content, answer.headers["content-length"]) == (body, str(len(body)))
        assert answer.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("app", "path"),
    [
        (answering(b"x" * (LEAST_BYTES - 1)), "/api/a"),
        (answering(b"x" * 5000, media=b"application/pdf"), "/api/a"),
        (answering(b"x" * 5000, (b"etag", b'"1"')), "/api/a"),
        (answering(b"x" * 5000, (b"content-encoding", b"br")), "/api/a"),
        (answering(b"x" * 5000), "/api/auth/login"),
        (answering(b"x" * 5000), "/API/Auth/login"),
        (answering(b"x" * 5000), "/api/profile/api-key"),
        (streaming(b"data: 1\n\n" * 500, media=b"text/event-stream; charset=utf-8"), "/api/a"),
    ],
    ids=["short", "pdf", "tagged", "coded", "tokens", "tokens in capitals", "api key", "events"],
)
async def test_what_is_not_compressed(app: Any, path: str) -> None:
    answer = await got(app, "gzip, br, zstd", path)
    assert answer.headers.get("content-encoding") in (None, "br")
    assert "vary" not in answer.headers
    assert set(answer.content) <= set(b"xdata: 1\n")


@pytest.mark.parametrize("coding", CODINGS)
async def test_lists_and_exports_are_the_same_compressed(client: httpx.AsyncClient, owner: Actor, coding: str) -> None:
    rows = [make.lead(name=f"Lead {number}") for number in range(50)]
    await send(client, owner, IMPORT, json={"leads": rows})
    for path in (f"{LEADS}?limit=50", f"{LEADS}/export"):
        plain = await client.get(path, headers=owner.headers | {"Accept-Encoding": "identity"})
        async with client.stream("GET", path, headers=owner.headers | {"Accept-Encoding": coding}) as answer:
            raw = b"".join([chunk async for chunk in answer.aiter_raw()])
        assert answer.headers["content-encoding"] == coding
        assert len(raw) < len(plain.content) / 5
        assert DECODERS[coding]()(raw) == plain.content


async def test_a_tag_that_came_with_a_compressing_client_is_taken(client: httpx.AsyncClient, owner: Actor) -> None:
    everything = owner.headers | {"Accept-Encoding": "gzip, br, zstd"}
    lead = await client.post(LEADS, json=make.lead(additionalNotes="x" * 5000), headers=everything)
    read = await client.get(lead.headers["location"], headers=everything)
    assert "content-encoding" not in read.headers
    changed = await client.patch(
        lead.headers["location"], json={"city": "Ulm"}, headers=everything | {"If-Match": read.headers["etag"]}
    )
    assert changed.status_code == 200
