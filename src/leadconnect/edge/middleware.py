"""The outermost ASGI callable: it knows the client, names the request, refuses the absurd, and finishes every answer.

It stands in the way of every request, so what can be made once is made in the constructor.
"""

import asyncio
import logging
import random
from datetime import timedelta
from time import perf_counter
from typing import Any

import structlog
from structlog.contextvars import bind_contextvars

from leadconnect import logs
from leadconnect.edge.address import believed_address, believed_scheme, network_prefix
from leadconnect.edge.body import BODY, close_spooled
from leadconnect.edge.causes import log_busy
from leadconnect.edge.cors import Cors
from leadconnect.edge.exchange import ASGIApp, Exchange, Receive, Scope, Send
from leadconnect.edge.request import check_codings, check_size, folded_path, request_id, survey
from leadconnect.errors import LeadConnectError, ServiceBusy, TransactionConflict
from leadconnect.metrics.instruments import METER, METHODS
from leadconnect.settings import Settings

HTTP_ERRORS_FROM = 400
LONGEST_METHOD = 20
LONGEST_PATH = 600
PAUSES = (0.02, 0.1, 0.5)
"""Seconds before each repetition of a request whose transaction got in the way of another one; half of it is chance, so
that the two do not meet again.
"""

_log = structlog.stdlib.get_logger("leadconnect.edge")


class Edge:
    """The application `app` with everything around it that does not depend on the route.

    It sets ``scope["client"]`` and ``scope["scheme"]`` to what may be believed, ``scope["path"]`` to the form of the
    routes and ``scope["state"]["request_id"]``. `LeadConnectError`s and failures of `app` become answers.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app: Any = app
        self._networks = settings.proxy_networks
        self._cors = Cors(settings.cors_origins)
        self._download_deadline = timedelta(seconds=settings.download_deadline)
        self._meter = METER if settings.metrics_port else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope; ``lifespan`` passes through, ``websocket`` is refused."""
        if scope["type"] == "http":
            await self._serve(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        started_at = perf_counter()
        if self._meter is not None:
            self._meter.begin()
        header_bytes, found = survey(scope["headers"])
        exchange = self._exchange(scope, receive, send, found)
        bind_contextvars(request_id=exchange.request_id, client=network_prefix(scope["client"][0]))
        try:
            check_size(scope, header_bytes)
            scope["path"] = folded_path(scope["path"])
            if scope["method"] == "OPTIONS" and b"origin" in found and b"access-control-request-method" in found:
                await exchange.answer(204, self._cors.preflight_headers(found[b"origin"]), b"")
            else:
                check_codings(found)
                await self._run(scope, exchange)
                if not exchange.started:
                    raise RuntimeError("the application gave no answer")
        except Exception as error:
            await self._refuse(exchange, error)
        finally:
            exchange.close()
            close_spooled(scope["state"])
            self._note(exchange, perf_counter() - started_at)
        if exchange.status >= HTTP_ERRORS_FROM and exchange.has_unread_body:
            await exchange.drain()

    async def _run(self, scope: Scope, exchange: Exchange) -> None:
        """Have the application answer. A request that failed for `TransactionConflict` is run again from its beginning:
        what the client would be asked to do anyway. The transaction that failed has written nothing; an attempt that
        was counted before it, in a transaction of its own, counts once for each run.
        """
        for pause in PAUSES:
            try:
                await self.app(scope, exchange.receiver(), exchange.send)
                return
            except TransactionConflict:
                if exchange.started:
                    raise
            _log.warning("request_repeated", pause_seconds=pause)
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311  no secret
            state = scope["state"]
            scope["state"] = {name: state[name] for name in ("request_id", BODY) if name in state}
        await self.app(scope, exchange.receiver(), exchange.send)

    def _exchange(self, scope: Scope, receive: Receive, send: Send, found: dict[bytes, bytes]) -> Exchange:
        """Settle who asks, and prepare the fields that every answer to this request has."""
        client = scope.get("client")
        address = believed_address(scope, self._networks)
        if self._networks:
            scope["scheme"] = believed_scheme(scope, self._networks)
        scope["client"] = (address, client[1] if client else 0)
        name = request_id(found.get(b"x-request-id"))
        state = scope.get("state")
        if state is None:
            state = scope["state"] = {}
        state["request_id"] = name
        cors = self._cors.answer_headers(found.get(b"origin"))
        return Exchange(scope, receive, send, found, cors, name, client, self._download_deadline)

    async def _refuse(self, exchange: Exchange, error: Exception) -> None:
        """Answer `error`; after the answer has begun, let it through, so that the server breaks the connection off."""
        is_ours = isinstance(error, LeadConnectError)
        if isinstance(error, ServiceBusy):
            log_busy(error)
        if not is_ours or exchange.started:
            _log.error("request_failed", exc_info=error)
        if exchange.started:
            exchange.was_broken_off = True
            raise error
        await exchange.refuse(error if isinstance(error, LeadConnectError) else LeadConnectError())

    def _note(self, exchange: Exchange, seconds: float) -> None:
        """Measure a request that has ended, and write its access line."""
        if self._meter is not None:
            method = exchange.method if exchange.method in METHODS else "other"
            self._meter.end(method, exchange.scope.get("path_template"), exchange.status, seconds)
        _log_access(exchange, seconds)


def _log_access(exchange: Exchange, seconds: float) -> None:
    """Write the access line: the route's template instead of the path where it is known, and never the query."""
    scope = exchange.scope
    route = scope.get("path_template") or _printable(scope["path"])
    is_probe = scope["path"].startswith("/health") and exchange.status < HTTP_ERRORS_FROM
    fields: dict[str, Any] = {
        "request_id": exchange.request_id,
        "method": exchange.method[:LONGEST_METHOD],
        "route": route,
        "status": exchange.status,
        "duration_ms": round(seconds * 1000, 2),
        "response_bytes": exchange.body_bytes,
        "client": network_prefix(scope["client"][0]),
    }
    principal = scope["state"].get("principal")
    if principal is not None:
        fields["account_id"] = str(principal.account_id)
        fields["user_id"] = str(principal.user_id)
    if exchange.was_broken_off:
        fields["broken_off"] = True
    logs.access(fields, level=logging.DEBUG if is_probe else logging.INFO)


def _printable(path: str) -> str:
    """Return the path of no known route for a log: without secrets, control characters or a length that floods."""
    text = logs.redact(path[:LONGEST_PATH])
    return text if text.isprintable() else text.encode("unicode_escape").decode("ascii")
