"""Bodies that are too large, too slow or incomplete."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from leadconnect.edge.body import ClientDisconnected, read_body
from leadconnect.errors import MalformedRequest, PayloadTooLarge, RequestTimeout
from tests.edge.asgi import delivering

PATIENT = timedelta(seconds=30)
LIMIT_BYTES = 10


def chunk(body: bytes, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


def length(text: str) -> list[tuple[bytes, bytes]]:
    return [(b"host", b"x"), (b"content-length", text.encode())]


async def test_the_chunks_of_a_body_are_joined() -> None:
    receive = delivering(chunk(b"abc"), chunk(b""), chunk(b"def"), chunk(b"", more=False))
    assert await read_body(receive, length("6"), limit_bytes=LIMIT_BYTES, deadline=PATIENT) == b"abcdef"


async def test_a_request_without_a_body_has_an_empty_one() -> None:
    receive = delivering({"type": "http.request"})
    assert await read_body(receive, [], limit_bytes=LIMIT_BYTES, deadline=PATIENT) == b""


async def test_a_body_of_the_limit_is_read() -> None:
    receive = delivering(chunk(b"a" * LIMIT_BYTES, more=False))
    body = await read_body(receive, length(str(LIMIT_BYTES)), limit_bytes=LIMIT_BYTES, deadline=PATIENT)
    assert len(body) == LIMIT_BYTES


@pytest.mark.parametrize("announced", [str(LIMIT_BYTES + 1), "1000000000", "9" * 5000])
async def test_a_length_above_the_limit_is_refused_before_anything_is_read(announced: str) -> None:
    with pytest.raises(PayloadTooLarge):
        await read_body(delivering(), length(announced), limit_bytes=LIMIT_BYTES, deadline=PATIENT)


async def test_a_body_without_length_is_cut_at_the_limit() -> None:
    receive = delivering(chunk(b"a" * LIMIT_BYTES), chunk(b"a"))
    with pytest.raises(PayloadTooLarge):
        await read_body(receive, [], limit_bytes=LIMIT_BYTES, deadline=PATIENT)


@pytest.mark.parametrize("announced", ["", "-1", "+1", "1.0", "1e3", "0x10", " 1", "abc", "1, 1", "²"])
async def test_a_length_that_is_no_number_is_malformed(announced: str) -> None:
    with pytest.raises(MalformedRequest):
        await read_body(delivering(), length(announced), limit_bytes=LIMIT_BYTES, deadline=PATIENT)


async def test_two_lengths_that_differ_are_malformed() -> None:
    with pytest.raises(MalformedRequest):
        await read_body(delivering(), length("1") + length("2"), limit_bytes=LIMIT_BYTES, deadline=PATIENT)


async def test_a_body_that_stalls_times_out() -> None:
    async def receive() -> Any:
        await asyncio.Event().wait()

    with pytest.raises(RequestTimeout):
        await read_body(receive, length("3"), limit_bytes=LIMIT_BYTES, deadline=timedelta(milliseconds=10))


async def test_bytes_that_dribble_in_do_not_move_the_deadline() -> None:
    async def receive() -> Any:
        await asyncio.sleep(0.001)
        return chunk(b"")

    with pytest.raises(RequestTimeout):
        await read_body(receive, [], limit_bytes=LIMIT_BYTES, deadline=timedelta(milliseconds=20))


async def test_a_client_that_leaves_is_told_apart() -> None:
    receive = delivering(chunk(b"abc"), {"type": "http.disconnect"})
    with pytest.raises(ClientDisconnected):
        await read_body(receive, length("6"), limit_bytes=LIMIT_BYTES, deadline=PATIENT)
