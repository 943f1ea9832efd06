"""Tiny ASGI applications and clients for them, without a server."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from leadconnect.edge.exchange import ASGIApp
from leadconnect.edge.middleware import Edge
from leadconnect.settings import Settings

PEER = "203.0.113.7"


async def mirror(scope: Any, receive: Any, send: Any) -> None:
    """Tell what arrives: method, path, client, scheme and request id."""
    body = json.dumps(
        {
            "method": scope["method"],
            "path": scope["path"],
            "client": scope["client"][0],
            "scheme": scope["scheme"],
            "request_id": scope["state"]["request_id"],
        }
    ).encode()
    await respond(send, body, [(b"content-type", b"application/json")])


async def respond(send: Any, body: bytes, headers: list[tuple[bytes, bytes]], status: int = 200) -> None:
    """Send one whole answer."""
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})


def failing(error: Exception) -> ASGIApp:
    """Return an application that raises `error`."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise error

    return app


def client_of(app: ASGIApp = mirror, *, peer: str = PEER, **settings: Any) -> httpx.AsyncClient:
    """Return a client, seen at `peer`, of `app` behind the edge."""
    edge = Edge(app, Settings(**settings))
    transport = httpx.ASGITransport(edge, client=(peer, 50_000), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://leadconnect.test")


def delivering(*messages: Any) -> Callable[[], Awaitable[Any]]:
    """Return an ASGI `receive` that delivers `messages`; asked further, it fails the test."""
    rest = iter(messages)

    async def receive() -> Any:
        try:
            return next(rest)
        except StopIteration:
            raise AssertionError("more was read than was needed") from None

    return receive
