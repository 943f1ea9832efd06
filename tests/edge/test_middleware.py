"""What every request and every answer goes through."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from leadconnect import logs
from leadconnect.edge import exchange, stopping
from leadconnect.edge.middleware import Edge
from leadconnect.errors import NotFound, TooManyRequests
from leadconnect.settings import Settings
from tests.edge.asgi import PEER, client_of, delivering, failing, mirror, respond


@pytest.fixture(autouse=True)
def output() -> Iterator[io.StringIO]:
    """What is logged."""
    root = logging.getLogger()
    before = list(root.handlers)
    stream = io.StringIO()
    logs.configure(Settings(), stream)
    yield stream
    root.handlers[:] = before
    logging.captureWarnings(False)
    structlog.contextvars.clear_contextvars()


def lines(output: io.StringIO, event: str) -> list[dict[str, Any]]:
    told = [json.loads(line) for line in output.getvalue().splitlines()]
    return [line for line in told if line["event"] == event]


@pytest.mark.parametrize("app", [mirror, failing(NotFound()), failing(RuntimeError("boom"))])
async def test_every_answer_has_the_security_headers(app: Any) -> None:
    async with client_of(app) as client:
        headers = (await client.get("/api/leads")).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert headers["server"] == "leadconnect"
    assert "strict-transport-security" not in headers


async def test_an_application_keeps_its_own_rules() -> None:
    async def docs(scope: Any, receive: Any, send: Any) -> None:
        own = [(b"content-security-policy", b"default-src 'self'"), (b"cache-control", b"max-age=60")]
        await respond(send, b"", own)

    async with client_of(docs) as client:
        headers = (await client.get("/api/docs")).headers
    assert headers.get_list("content-security-policy") == ["default-src 'self'"]
    assert headers.get_list("cache-control") == ["max-age=60"]


async def test_hsts_is_sent_behind_tls_only() -> None:
    forwarded = {"X-Forwarded-Proto": "https"}
    async with client_of(trusted_proxies=(PEER,)) as client:
        assert "strict-transport-security" in (await client.get("/", headers=forwarded)).headers
    async with client_of() as client:
        assert "strict-transport-security" not in (await client.get("/", headers=forwarded)).headers


async def test_the_believed_client_replaces_the_peer() -> None:
    forwarded = {"X-Forwarded-For": "1.1.1.1, 198.51.100.9", "X-Forwarded-Proto": "https"}
    async with client_of(trusted_proxies=(PEER,)) as client:
        told = (await client.get("/", headers=forwarded)).json()
    assert (told["client"], told["scheme"]) == ("198.51.100.9", "https")
    async with client_of() as client:
        told = (await client.get("/", headers=forwarded)).json()
    assert (told["client"], told["scheme"]) == (PEER, "http")


@pytest.mark.parametrize("name", ["a", "A-z_0.9", "a" * 64])
async def test_a_request_id_is_accepted_and_echoed(name: str, output: io.StringIO) -> None:
    async with client_of() as client:
        response = await client.get("/", headers={"X-Request-Id": name})
    assert response.headers["x-request-id"] == response.json()["request_id"] == name
    assert lines(output, "request")[0]["request_id"] == name


@pytest.mark.parametrize("name", ["", "a" * 65, "a b", 'a"}', "a\tb", "ä", "<script>", "../x", "a;b"])
async def test_any_other_request_id_is_replaced(name: str) -> None:
    async with client_of() as client:
        response = await client.get("/", headers={b"X-Request-Id": name.encode("latin-1")})
    told = response.headers["x-request-id"]
    assert told != name
    assert told == response.json()["request_id"]
    assert len(told) == 24


@pytest.mark.parametrize(
    ("asked", "seen"),
    [
        ("/API/Leads", "/api/leads"),
        ("/api/leads/", "/api/leads"),
        ("/api/leads//", "/api/leads"),
        ("/Health/Ready/", "/health/ready"),
        ("/Console/App.js", "/Console/App.js"),
        ("/", "/"),
        ("/api/leads/%2e%2e", "/api/leads/.."),
        ("/api/leads/a%20b", "/api/leads/a b"),
    ],
)
async def test_paths_match_in_any_case_and_with_a_trailing_slash(asked: str, seen: str) -> None:
    async with client_of() as client:
        assert (await client.get(asked)).json()["path"] == seen


@pytest.mark.parametrize("path", ["/api/leads/%00", "/api/%0aleads", "/api/%1b[31m", "/api/leads/%ff", "/api/%c2%85"])
async def test_garbage_in_the_path_is_no_address(path: str, output: io.StringIO) -> None:
    async with client_of() as client:
        response = await client.get(path)
    assert (response.status_code, response.json()["statusCode"]) == (404, 404)
    assert lines(output, "request")[0]["route"].isprintable()


async def test_sizes_are_refused_in_the_envelope() -> None:
    async with client_of() as client:
        assert (await client.get("/", headers={"a": "a" * 16_384})).json()["statusCode"] == 431
        assert (await client.get("/", headers={"a": "a" * 15_000})).status_code == 200
        assert (await client.get("/?q=" + "a" * 8_192)).json()["statusCode"] == 414
        assert (await client.get("/?q=" + "a" * 8_000)).status_code == 200


@pytest.mark.parametrize("coding", ["gzip", "GZIP", "br", "deflate", "identity, gzip", "x"])
async def test_a_coded_body_is_refused(coding: str) -> None:
    async with client_of() as client:
        response = await client.post("/api/leads", content=b"{}", headers={"Content-Encoding": coding})
        assert response.json()["statusCode"] == 415
        plain = await client.post("/api/leads", content=b"{}", headers={"Content-Encoding": "Identity"})
        assert plain.status_code == 200


async def test_head_is_get_without_the_body() -> None:
    async with client_of() as client:
        got, head = await client.get("/api/leads"), await client.head("/api/leads")
    assert got.json()["method"] == "GET"
    assert head.content == b""
    assert head.headers["content-length"] == got.headers["content-length"]
    assert head.headers["content-type"] == got.headers["content-type"]


async def test_a_streamed_answer_to_head_is_told_that_nobody_listens() -> None:
    heard: list[str] = []

    async def stream(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        heard.append((await receive())["type"])
        await send({"type": "http.response.body", "body": b"the end"})

    async with client_of(stream) as client:
        await client.head("/api/leads/export")
    assert heard == ["http.disconnect"]


async def test_an_answer_to_head_is_whole_though_its_stream_ends_before_the_first_chunk() -> None:
    async def stream(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"7")]})

    async with client_of(stream) as client:
        head = await client.head("/api/leads/export")
    assert (head.status_code, head.headers["content-length"], head.content) == (200, "7", b"")


async def test_a_failure_is_told_to_nobody_but_the_log(output: io.StringIO) -> None:
    async with client_of(failing(RuntimeError("the secret reason"))) as client:
        response = await client.get("/", headers={"X-Request-Id": "failing"})
    assert response.json() == {
        "message": "Something went wrong on our side. Please try again.",
        "error": "Internal Server Error",
        "statusCode": 500,
        "code": "internal_error",
    }
    told = lines(output, "request_failed")[0]
    assert "the secret reason" in told["exception"]
    assert (told["request_id"], lines(output, "request")[0]["status"]) == ("failing", 500)


async def test_a_refusal_is_no_failure(output: io.StringIO) -> None:
    async with client_of(failing(TooManyRequests("slow down"))) as client:
        response = await client.get("/", headers={"Accept": "application/problem+json"})
    assert (response.status_code, response.json()["detail"]) == (429, "slow down")
    assert lines(output, "request_failed") == []


async def test_an_application_that_gives_no_answer_has_failed() -> None:
    async def silent(scope: Any, receive: Any, send: Any) -> None:
        pass

    async with client_of(silent) as client:
        assert (await client.get("/")).status_code == 500


async def test_an_answer_that_fails_in_the_middle_is_let_through(output: io.StringIO) -> None:
    async def half(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        await Edge(half, Settings())(scope(), delivering(), ignore)
    assert lines(output, "request")[0]["broken_off"] is True


async def test_the_rest_of_a_refused_body_is_taken_off_the_wire_within_a_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exchange, "DRAIN_LIMIT_BYTES", 10)
    taken: list[int] = []

    async def endless() -> Any:
        taken.append(4)
        return {"type": "http.request", "body": b"aaaa", "more_body": True}

    headers = [(b"transfer-encoding", b"chunked")]
    await Edge(failing(NotFound()), Settings())(scope(headers=headers), endless, ignore)
    assert sum(taken) == 12


async def test_a_refused_body_that_never_comes_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "DRAIN_SECONDS", 0.01)

    async def stalled() -> Any:
        await asyncio.Event().wait()

    headers = [(b"content-length", b"100")]
    await Edge(failing(NotFound()), Settings())(scope(headers=headers), stalled, ignore)


async def test_the_access_line_has_the_route_and_never_the_query(output: io.StringIO) -> None:
    async def routed(scope: Any, receive: Any, send: Any) -> None:
        scope["path_template"] = "/api/leads/{lead_id}"
        await respond(send, b"12345", [])

    async with client_of(routed) as client:
        await client.get("/api/leads/0198?token=canary", headers={"Authorization": "Bearer canary"})
    (line,) = lines(output, "request")
    assert line["route"] == "/api/leads/{lead_id}"
    assert (line["method"], line["status"], line["response_bytes"]) == ("GET", 200, 5)
    assert line["client"] == "203.0.113.0/24"
    assert line["duration_ms"] >= 0
    assert "canary" not in output.getvalue()


async def test_a_token_in_an_unknown_path_is_not_logged(output: io.StringIO) -> None:
    async with client_of(failing(NotFound())) as client:
        await client.get("/api/auth/reset/" + "0a" * 128)
    assert lines(output, "request")[0]["route"] == "/api/auth/reset/[redacted]"


async def test_connections_are_closed_once_the_server_is_about_to_stop() -> None:
    async with client_of() as client:
        assert "connection" not in (await client.get("/")).headers
        stopping.announce()
        try:
            assert (await client.get("/")).headers["connection"] == "close"
        finally:
            stopping.share()


async def test_the_lifespan_passes_through() -> None:
    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["type"])

    await Edge(app, Settings())({"type": "lifespan"}, delivering(), ignore)
    assert seen == ["lifespan"]


async def test_websockets_are_refused() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    await Edge(failing(AssertionError("asked")), Settings())({"type": "websocket"}, delivering(), send)
    assert sent == [{"type": "websocket.close", "code": 1000}]


async def ignore(message: Any) -> None:
    """Send nowhere."""


def scope(headers: list[tuple[bytes, bytes]] | None = None) -> dict[str, Any]:
    return {
        "type": "http",
        "method": "POST",
        "path": "/api/leads",
        "raw_path": b"/api/leads",
        "query_string": b"",
        "headers": headers or [],
        "client": (PEER, 1),
        "scheme": "http",
    }
