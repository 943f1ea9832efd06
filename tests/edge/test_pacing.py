"""Streamed answers on a real socket, to clients that read slowly or not at all."""

import re
import socket
import struct
from datetime import timedelta

import pytest

from leadconnect.edge.pacing import WINDOW_BYTES, Pace, connection_of
from tests.edge.live import CHUNK, Live, live, wait_until

GET = b"GET /api/stream HTTP/1.1\r\nHost: x\r\n\r\n"
SMALL_BUFFER = 16 * 1024


def sent_bytes(server: Live) -> int:
    return max(
        (int(found[1]) for line in list(server.lines) if (found := re.search(r"sent (\d+) bytes", line))), default=0
    )


def reader(server: Live) -> socket.socket:
    """Open a connection that takes little into its receive buffer, and ask for a stream."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
    connection.settimeout(20)
    connection.connect(("127.0.0.1", server.port))
    connection.sendall(GET)
    return connection


def read_bytes(connection: socket.socket, count: int) -> None:
    while count > 0:
        received = connection.recv(65_536)
        assert received
        count -= len(received)


def test_a_client_that_reads_nothing_gets_a_window_and_is_then_disconnected() -> None:
    with live(download_deadline=1) as server, reader(server) as connection:
        server.wait_for_line("the client is gone")
        assert 0 < sent_bytes(server) <= WINDOW_BYTES + 2 * len(CHUNK)
        wait_until(lambda: is_ended(connection), "the end of the connection")


def is_ended(connection: socket.socket) -> bool:
    """Read what had arrived before the reset."""
    while True:
        try:
            if not connection.recv(65_536):
                return True
        except ConnectionError:
            return True


def test_a_client_that_reads_gets_on_at_its_own_pace() -> None:
    with live(download_deadline=30) as server, reader(server) as connection:
        read_bytes(connection, 4 * WINDOW_BYTES)
        wait_until(lambda: sent_bytes(server) >= 4 * WINDOW_BYTES, "the rest of the window")
        assert sent_bytes(server) <= 5 * WINDOW_BYTES + 2 * len(CHUNK) + 1024 * 1024
        read_bytes(connection, 4 * WINDOW_BYTES)


def test_the_deadline_counts_from_the_last_byte_taken() -> None:
    with live(download_deadline=1) as server, reader(server) as connection:
        for _ in range(4):
            before = sent_bytes(server)
            read_bytes(connection, 2 * WINDOW_BYTES)
            wait_until(lambda before=before: sent_bytes(server) > before, "more of the stream")  # type: ignore[misc]
        server.wait_for_line("the client is gone")
        assert sent_bytes(server) >= 8 * WINDOW_BYTES


def test_a_client_that_goes_ends_the_stream() -> None:
    with live(download_deadline=30) as server, reader(server) as connection:
        read_bytes(connection, WINDOW_BYTES)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
        server.wait_for_line("the client is gone")


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_a_connection_is_found_by_its_two_ends(family: socket.AddressFamily) -> None:
    dual = family is socket.AF_INET6
    with socket.create_server(("", 0), family=family, dualstack_ipv6=dual) as listener:
        port = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as connection, listener.accept()[0] as accepted:
            client = connection.getsockname()
            found = connection_of(client, ("127.0.0.1", port))
            assert found is not None
            with found:
                assert found.getpeername() == accepted.getpeername()
                assert found.fileno() != accepted.fileno()
            assert connection_of(client, ("127.0.0.1", port + 1)) is None
            assert connection_of(("127.0.0.2", client[1]), ("127.0.0.1", port)) is None


@pytest.mark.parametrize("client", [None, ("203.0.113.7", 1), ("testclient", 1)])
async def test_without_a_connection_nothing_waits(client: tuple[str, int] | None) -> None:
    pace = Pace(client, ("test", 80), timedelta(seconds=60))
    await pace.taken(100 * WINDOW_BYTES)
    pace.close()
