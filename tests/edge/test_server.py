"""The server on a real socket: what it does to those who stall, flood or lie, and how it copes with crashes."""

import http.client
import json
import os
import signal
import threading
from collections.abc import Iterator
from itertools import count

import pytest

from tests.edge.live import BODY_LIMIT_BYTES, Live, is_closed, live, read_answer
from tests.patience import PATIENCE_SECONDS

GET = b"GET /api/echo HTTP/1.1\r\nHost: x\r\n"
POST = b"POST /api/echo HTTP/1.1\r\nHost: x\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def server() -> Iterator[Live]:
    with live(header_seconds=1, trusted_proxies=("127.0.0.2/32",)) as started:
        yield started


def is_envelope(body: bytes, status: int) -> bool:
    told = json.loads(body)
    return set(told) == {"message", "error", "statusCode", "code"} and told["statusCode"] == status


def test_a_stalled_body_gets_408_and_the_connection_is_closed(server: Live) -> None:
    with server.connect() as connection:
        connection.sendall(POST + b"Content-Length: 1000\r\n\r\nabc")
        status, fields, body = read_answer(connection)
        assert (status, fields["connection"]) == (408, "close")
        assert is_envelope(body, 408)
        assert is_closed(connection)


def test_a_body_that_dribbles_in_does_not_extend_the_deadline(server: Live) -> None:
    with server.connect() as connection:
        connection.sendall(POST + CHUNKED)
        connection.settimeout(0.1)
        answer = b""
        while not answer:
            connection.sendall(b"1\r\na\r\n")
            try:
                answer = connection.recv(65_536)
            except TimeoutError:
                continue
        assert answer.startswith(b"HTTP/1.1 408 ")


def test_a_gigabyte_that_is_announced_is_refused_before_a_byte_of_it_is_sent(server: Live) -> None:
    with server.connect() as connection:
        connection.sendall(POST + b"Content-Length: 1000000000\r\n\r\n")
        status, fields, body = read_answer(connection)
        assert (status, fields["connection"]) == (413, "close")
        assert is_envelope(body, 413)


def test_a_client_that_expects_100_continue_is_refused_without_it(server: Live) -> None:
    status, _, _ = server.talk(POST, b"Expect: 100-continue\r\nContent-Length: 1000000000\r\n\r\n")
    assert status == 413


def test_a_client_that_expects_100_continue_gets_it_for_a_body_that_fits(server: Live) -> None:
    with server.connect() as connection:
        connection.sendall(POST + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n")
        assert read_answer(connection)[0] == 100
        connection.sendall(b"abc")
        assert json.loads(read_answer(connection)[2])["size"] == 3


def test_an_endless_chunked_body_is_cut_at_the_limit(server: Live) -> None:
    with server.connect() as connection:
        connection.sendall(POST + CHUNKED)
        sent_chunks = count()
        stop = threading.Event()

        def flood() -> None:
            chunk = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
            try:
                while not stop.is_set():
                    connection.sendall(chunk)
                    next(sent_chunks)
            except OSError:
                pass

        flooder = threading.Thread(target=flood)
        flooder.start()
        try:
            status, _, body = read_answer(connection)
            assert status == 413
            assert is_envelope(body, 413)
            assert is_closed(connection)
        finally:
            stop.set()
            flooder.join()
        assert next(sent_chunks) * 0x10000 < 64 * MIB


def test_a_client_that_sends_far_too_much_can_still_read_why_it_was_refused(server: Live) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_SECONDS)
    connection.request("POST", "/api/echo", body=b"a" * (20 * MIB))
    assert connection.getresponse().status == 413
    connection.close()


def test_a_body_of_exactly_the_limit_is_read(server: Live) -> None:
    body = b"a" * BODY_LIMIT_BYTES
    status, _, told = server.talk(POST, f"Content-Length: {len(body)}\r\n\r\n".encode(), body)
    assert (status, json.loads(told)["size"]) == (200, BODY_LIMIT_BYTES)


def test_headers_above_16_kb_get_431_in_the_envelope(server: Live) -> None:
    status, fields, body = server.talk(GET, b"A: " + b"a" * 17_000 + b"\r\n\r\n")
    assert status == 431
    assert is_envelope(body, 431)
    assert fields["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("lines", [b"A: " + b"a" * 300_000 + b"\r\n", b"A: a\r\n" * 101], ids=["huge", "many"])
def test_headers_beyond_the_read_buffer_get_a_bare_431(server: Live, lines: bytes) -> None:
    with server.connect() as connection:
        connection.sendall(GET + lines + b"\r\n")
        status, _, body = read_answer(connection)
        assert (status, body) == (431, b"")
        assert is_closed(connection)


def test_an_address_above_8_kb_gets_414_in_the_envelope(server: Live) -> None:
    status, _, body = server.talk(b"GET /api/echo?q=", b"a" * 8_200, b" HTTP/1.1\r\nHost: x\r\n\r\n")
    assert status == 414
    assert is_envelope(body, 414)


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\x00\x01\x02 garbage\r\n\r\n",
        b"GET\r\n\r\n",
        b"GE T /api/echo HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /api/echo\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /api/echo HTTP/9.9\r\nHost: x\r\n\r\n",
        GET + b"A: a\x00b\r\n\r\n",
        GET + b"A: a\r\n folded\r\n\r\n",
        GET + b"A : a\r\n\r\n",
        POST + b"Content-Length: abc\r\n\r\n",
        POST + b"Content-Length: -1\r\n\r\n",
        POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        POST + b"Content-Length: 99999999999999999999999\r\n\r\n",
        POST + b"Transfer-Encoding: gzip\r\n\r\n",
        POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        POST + CHUNKED + b"zz\r\nabc",
    ],
)
def test_a_malformed_request_gets_400_and_harms_nobody(server: Live, request_bytes: bytes) -> None:
    status, _, _ = server.talk(request_bytes)
    assert status == 400
    assert server.status_of("/health/ready") == 200


@pytest.mark.parametrize("path", [b"/api/leads/%00", b"/api/leads/%ff%fe", b"/api/leads/%zz", b"/api/%0d%0aA:%20b"])
def test_percent_encoded_garbage_in_the_path_is_no_address(server: Live, path: bytes) -> None:
    status, _, body = server.talk(b"GET ", path, b" HTTP/1.1\r\nHost: x\r\n\r\n")
    assert status == 404
    assert is_envelope(body, 404)


def test_no_second_request_hides_behind_two_lengths(server: Live) -> None:
    with server.connect() as connection:
        hidden = b"GET /api/echo HTTP/1.1\r\nHost: x\r\n\r\n"
        connection.sendall(POST + b"Content-Length: 5\r\n" + CHUNKED + b"0\r\n\r\n" + hidden)
        assert read_answer(connection)[0] == 200
        assert is_closed(connection)


@pytest.mark.parametrize("start", [b"", b"GET /api/echo HTTP/1.1\r\nHost: "], ids=["nothing", "half a head"])
def test_a_connection_without_a_whole_head_is_closed(server: Live, start: bytes) -> None:
    with server.connect() as connection:
        connection.sendall(start)
        assert is_closed(connection)


def test_a_refusal_before_the_body_leaves_the_connection_usable(server: Live) -> None:
    with server.connect() as connection:
        connection.sendall(b"POST /api/nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n" + b"a" * 60_000)
        assert read_answer(connection)[0] == 404
        connection.sendall(GET + b"\r\n")
        assert read_answer(connection)[0] == 200


def test_head_has_the_fields_of_get_and_no_body(server: Live) -> None:
    got = server.talk(GET, b"\r\n")
    with server.connect() as connection:
        connection.sendall(GET.replace(b"GET", b"HEAD") + b"Connection: close\r\n\r\n")
        raw = b""
        while received := connection.recv(65_536):
            raw += received
    head, _, body = raw.partition(b"\r\n\r\n")
    assert body == b""
    assert f"content-length: {got[1]['content-length']}".encode() in head


def test_a_compressed_body_gets_415(server: Live) -> None:
    status, _, body = server.talk(POST, b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc")
    assert status == 415
    assert is_envelope(body, 415)


def test_a_stranger_cannot_forge_an_address(server: Live) -> None:
    _, _, body = server.talk(GET, b"X-Forwarded-For: 198.51.100.9\r\nX-Forwarded-Proto: https\r\n\r\n")
    assert json.loads(body) == {"size": 0, "client": "127.0.0.1", "scheme": "http", "method": "GET"}


def test_the_server_field_shows_no_product_and_no_version(server: Live) -> None:
    _, fields, _ = server.talk(GET, b"\r\n")
    assert fields["server"] == "leadconnect"


def test_a_failure_gets_500_in_the_envelope_and_its_secret_is_not_logged(server: Live) -> None:
    request = b"GET /api/fail?token=canary-query HTTP/1.1\r\nHost: x\r\nX-Request-Id: failing-1\r\n"
    status, fields, body = server.talk(request, b"Authorization: Bearer canary-token\r\n\r\n")
    assert (status, fields["x-request-id"]) == (500, "failing-1")
    assert is_envelope(body, 500)
    server.wait_for_line(r'"event":"request","request_id":"failing-1"')
    told = json.loads(server.wait_for_line(r'^\{.*"event":"request_failed".*'))
    assert told["request_id"] == "failing-1"
    assert "RuntimeError" in told["exception"]
    assert not [line for line in server.lines if "canary" in line]


def test_an_answer_that_fails_in_the_middle_breaks_off(server: Live) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_SECONDS)
    connection.request("GET", "/api/fail-late")
    with pytest.raises(http.client.IncompleteRead):
        connection.getresponse().read()
    connection.close()


def test_a_client_that_leaves_in_the_middle_of_its_body_is_no_error(server: Live) -> None:
    with server.connect() as connection:
        connection.sendall(POST + b"X-Request-Id: leaving-1\r\nContent-Length: 1000\r\n\r\nabc")
    server.wait_for_line(r'"event":"request","request_id":"leaving-1".*"status":400')
    assert not [line for line in server.lines if '"level":"error"' in line and "leaving-1" in line]


def test_a_worker_that_crashed_is_replaced() -> None:
    with live() as server:
        os.kill(int(server.wait_for_line(r"Spawning worker-1 with PID: (\d+)")), signal.SIGKILL)
        server.wait_for_line("Respawning worker-1")
        server.wait_until_served()


def test_a_port_that_is_taken_is_refused_in_words(server: Live) -> None:
    with pytest.raises(AssertionError, match="cannot listen on 127"):
        Live(port=server.port)
