"""One request and its answer, on the way through the edge."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from leadconnect.edge.compression import ENCODERS, Encoder, chosen_coding, coded, encode_whole, is_compressible
from leadconnect.edge.compression import VARY as VARY_BY_CODING
from leadconnect.edge.cors import HeaderList
from leadconnect.edge.pacing import Pace
from leadconnect.edge.render import render_error
from leadconnect.edge.stopping import stopping
from leadconnect.errors import LeadConnectError, RequestTimeout

Scope = Any
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
ASGIApp = Callable[[Any, Any, Any], Awaitable[None]]

CONTENT_SECURITY_POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
NO_STORE = (b"cache-control", b"no-store")
HSTS = (b"strict-transport-security", b"max-age=31536000")
CLOSE = (b"connection", b"close")
ALWAYS: HeaderList = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"server", b"leadconnect"),
]

DRAIN_LIMIT_BYTES = 32 * 1024 * 1024
DRAIN_SECONDS = 5.0
"""How much of a body that nobody wants is still taken off the wire after the answer, and for how long. A connection
that is closed on unread bytes is reset, and the reset can overtake the answer (RFC 9112 §9.6)."""


class Exchange:
    """Forwards ASGI messages between server and application, and adds to the answer what every answer has.

    `status` is 0 until the answer has begun; `body_bytes` counts the bytes of its body that were sent. `client` is the
    host and port of the connection's other end, a proxy or not, and `deadline` how long it may leave a streamed body
    unread.
    """

    __slots__ = (
        "_client", "_coding", "_cors", "_deadline", "_encoder", "_held", "_is_head", "_pace", "_receive", "_send",
        "body_bytes", "found", "has_unread_body", "method", "request_id", "scope", "started", "status",
        "was_broken_off",
    )  # fmt: skip

    def __init__(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        found: dict[bytes, bytes],
        cors: HeaderList,
        request_id: str,
        client: Any,
        deadline: timedelta,
    ) -> None:
        self.scope, self.found, self.request_id = scope, found, request_id
        self._receive, self._send, self._cors = receive, send, cors
        self.method: str = scope["method"]
        self._is_head = self.method == "HEAD"
        if self._is_head:
            scope["method"] = "GET"
        self._coding: str | None = None
        self._encoder: Encoder | None = None
        self._held: Any = None
        self._deadline, self._client = deadline, client
        self._pace: Pace | None = None
        self.started = self.was_broken_off = False
        self.status = self.body_bytes = 0
        self.has_unread_body = b"transfer-encoding" in found or found.get(b"content-length", b"0") != b"0"

    def receiver(self) -> Receive:
        """Return what the application receives from."""
        if self._is_head:
            return self._receive_for_head
        return self._receive_body if self.has_unread_body else self._receive

    async def send(self, message: Any) -> None:
        """Pass on a message of the application's answer, compressed where the client wants it."""
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif not self._is_head:
            await self._continue(message)

    async def _begin(self, message: Any) -> None:
        self.started = True
        self.status = message["status"]
        headers = list(message.get("headers", ()))
        if is_compressible(self.scope["path"], self.status, headers):
            headers.append(VARY_BY_CODING)
            accepted = self.found.get(b"accept-encoding")
            self._coding = chosen_coding(accepted.decode("latin-1")) if accepted else None
            if self._coding is not None:
                headers = coded(headers, self._coding)
        message["headers"] = self._completed(headers)
        if self._coding is not None and not self._is_head:
            self._held = message  # until it is known whether the body is whole, and so how long it is
            return
        await self._send(message)
        if self._is_head:
            # Here, for a stream that is told below that nobody listens may end before it has sent anything.
            await self._send({"type": "http.response.body", "body": b""})

    async def _continue(self, message: Any) -> None:
        if self._coding is not None:
            is_last = not message.get("more_body", False)
            body = message.get("body", b"")
            held, self._held = self._held, None
            if held is not None and is_last:
                message["body"] = await encode_whole(self._coding, body)
                held["headers"].append((b"content-length", str(len(message["body"])).encode()))
            else:
                self._encoder = self._encoder or ENCODERS[self._coding]()
                message["body"] = self._encoder(body, is_last=is_last) if body or is_last else b""
            if held is not None:
                await self._send(held)
        await self._pass_on(message)

    async def _pass_on(self, message: Any) -> None:
        """Send a part of the body. If more follow, wait until the client has taken most of what was sent."""
        size_bytes = len(message.get("body", b""))
        self.body_bytes += size_bytes
        is_last = not message.get("more_body", False)
        if self._pace is None and not is_last:
            self._pace = Pace(self._client, self.scope.get("server"), self._deadline)
        await self._send(message)
        if self._pace is not None and not is_last:
            await self._pace.taken(size_bytes)

    def close(self) -> None:
        """Release what the answer needed."""
        if self._pace is not None:
            self._pace.close()

    async def answer(self, status: int, headers: HeaderList, body: bytes) -> None:
        """Send a whole answer of the edge's own."""
        if status != 204:
            headers = [*headers, (b"content-length", str(len(body)).encode())]
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})

    async def refuse(self, error: LeadConnectError) -> None:
        """Answer with `error`."""
        accept = self.found.get(b"accept", b"").decode("latin-1")
        status, fields, body = render_error(error, accept=accept, path=self.scope["path"])
        await self.answer(status, [(name.encode(), value.encode("latin-1")) for name, value in fields.items()], body)

    async def drain(self) -> None:
        """Take the rest of the request's body off the wire and drop it, within limits; not after a time-out."""
        if self.status == RequestTimeout.status:
            return
        taken_bytes = 0
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                while self.has_unread_body and taken_bytes <= DRAIN_LIMIT_BYTES:
                    message = await self._receive_body()
                    taken_bytes += len(message.get("body", b""))
        except TimeoutError:
            return

    async def _receive_body(self) -> Any:
        message = await self._receive()
        if message["type"] != "http.request" or not message.get("more_body", False):
            self.has_unread_body = False
        return message

    async def _receive_for_head(self) -> Any:
        """Tell a streamed answer to HEAD that nobody listens as soon as its headers are out, so that it ends."""
        if self.started:
            return {"type": "http.disconnect"}
        return await self._receive_body()

    def _completed(self, given: Any) -> HeaderList:
        """Return the header fields `given` with those that every answer has; an application's own rule wins."""
        headers: HeaderList = list(given)
        names = {name for name, _ in headers}
        headers += ALWAYS
        headers += self._cors
        headers.append((b"x-request-id", self.request_id.encode()))
        if b"content-security-policy" not in names:
            headers.append(CONTENT_SECURITY_POLICY)
        if b"cache-control" not in names:
            headers.append(NO_STORE)
        if self.scope["scheme"] == "https":
            headers.append(HSTS)
        if stopping() and b"connection" not in names:
            headers.append(CLOSE)
        return headers
