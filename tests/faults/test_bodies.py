"""Bodies that are slow, endless or huge cost the server neither memory nor a database connection."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests import make
from tests.faults.harm import head, raw, reply, sign_up
from tests.live import LiveServer

STALLED_COUNT = 5
MEGABYTE = 1_048_576
TO_IMPORT = "/api/leads/import"


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[LiveServer]:
    """A server with a single connection to its database and little patience with bodies."""
    with LiveServer(
        folder / "data", DATABASE_POOL_SIZE="1", LEADCONNECT_BODY_DEADLINE="3", LEADCONNECT_RUN_WORKER="false"
    ) as started:
        yield started


@pytest.fixture(scope="module")
def token(server: LiveServer) -> str:
    """The access token of an owner."""
    access_token: str = sign_up(server)["accessToken"]
    return access_token


def lead_of(size_bytes: int) -> bytes:
    """Return the JSON of a lead of exactly this size; its notes are too long for a lead, not for the wire."""
    frame = json.dumps(make.lead(additionalNotes=""), ensure_ascii=False).encode()
    return frame.replace(b'"additionalNotes": ""', b'"additionalNotes": "%s"' % (b"x" * (size_bytes - len(frame))))


def test_stalled_bodies_hold_no_connection_and_end_with_408(server: LiveServer, token: str) -> None:
    """While more of them wait than there are connections, others are served."""
    with ExitStack() as stack:
        stalled = [
            stack.enter_context(raw(server, head("/api/leads", token, "Content-Length: 1000"), b'{"n'))
            for _ in range(STALLED_COUNT)
        ]
        with server.client(token) as client:
            assert client.post("/api/leads", json=make.lead()).status_code == 201
        for connection in stalled:
            connection.setblocking(False)
            with pytest.raises(BlockingIOError):  # still waiting, so the lead above was made beside them
                connection.recv(1)
            connection.settimeout(20)
        for connection in stalled:
            status, answer = reply(connection)
            assert status == 408
            assert b'"statusCode":408' in answer


@pytest.mark.parametrize("path", ["/api/leads", TO_IMPORT])
def test_a_gigabyte_that_is_announced_is_refused_before_it_is_sent(server: LiveServer, token: str, path: str) -> None:
    """Not a byte of it is on the way when the answer comes."""
    with raw(server, head(path, token, "Content-Length: 1000000000", "Connection: close")) as connection:
        status = int(connection.recv(65536)[9:12])
    assert status == 413


@pytest.mark.parametrize("path", ["/api/leads", TO_IMPORT])
def test_an_endless_body_is_cut_at_the_limit(server: LiveServer, token: str, path: str) -> None:
    """The answer comes although the body never ends."""
    connection = raw(server, head(path, token, "Transfer-Encoding: chunked", "Connection: close"))
    chunk = b"40000\r\n" + b"x" * 0x40000 + b"\r\n"
    sent_bytes = 0
    try:
        while sent_bytes < 200 * MEGABYTE:
            connection.sendall(chunk)
            sent_bytes += 0x40000
    except (ConnectionResetError, BrokenPipeError):
        pass
    assert sent_bytes < 100 * MEGABYTE
    assert reply(connection)[0] == 413


@pytest.mark.parametrize(
    ("path", "size_bytes", "status"),
    [
        ("/api/leads", MEGABYTE, 400),
        ("/api/leads", MEGABYTE + 1, 413),
        ("/api/auth/login", MEGABYTE + 1, 413),
        (TO_IMPORT, MEGABYTE + 1, 400),
        (TO_IMPORT, 10 * MEGABYTE, 400),
        (TO_IMPORT, 10 * MEGABYTE + 1, 413),
    ],
)
def test_each_route_has_its_limit(server: LiveServer, token: str, path: str, size_bytes: int, status: int) -> None:
    """A body of the limit is read, and refused for what it says; one byte more is not."""
    with server.client(token) as client:
        answer = client.post(path, content=lead_of(size_bytes), headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    assert set(answer.json()) - {"errors"} == {"message", "error", "statusCode", "code"}


def test_a_stranger_is_refused_before_the_body(server: LiveServer) -> None:
    """Whoever may not come in cannot make the server read."""
    with raw(server, head("/api/leads", "nobody", "Content-Length: 1000000", "Connection: close")) as connection:
        assert connection.recv(65536).startswith(b"HTTP/1.1 401 ")


def test_headers_above_16_kb_are_refused(server: LiveServer, token: str) -> None:
    """In the envelope, on every address."""
    with server.client(token) as client:
        answer = client.get("/api/leads", headers={"X-Padding": "x" * 16_384})
        assert client.get("/api/leads", headers={"X-Padding": "x" * 14_000}).status_code == 200
    assert answer.status_code == 431
    assert answer.json()["statusCode"] == 431
