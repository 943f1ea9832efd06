"""Run a request once for each key: what the guard and `web.post_once` do for such a route."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

from litestar import Request, Response
from litestar.response.base import ASGIResponse

from leadconnect.database.pool import Connection, Database
from leadconnect.database.transaction import tenant
from leadconnect.idempotency import actions
from leadconnect.idempotency.models import (
    Attempt,
    KeptAnswer,
    content_key,
    named_key,
    packed,
    request_digest,
    request_target,
    unpacked,
)

AnyRequest = Request[Any, Any, Any]
KEY_HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotent-Replayed"
LONG_BYTES = 64 * 1024
"""From this size on bodies are hashed and packed beside the event loop."""


async def keep_answer(request: AnyRequest, response: ASGIResponse) -> None:
    """Keep a successful answer for the next request with the same key, in the transaction of this one."""
    attempt: Attempt | None = request.scope["state"].get("attempt")
    if attempt is not None and 200 <= response.status_code < 300:
        await actions.keep(await _connection(request), attempt, await _kept(attempt, response))


async def replay(
    request: AnyRequest, database: Database, account_id: UUID, user_id: UUID, same_content_within: timedelta | None
) -> Response[bytes] | None:
    """Return the answer that the request got when it was sent before; else note that it is to be done once.

    `same_content_within` is what `web.post_once` declares.

    Raises:
        InvalidKey, KeyReused: see `actions`.
    """
    attempt = await _attempt(request, account_id, user_id, same_content_within)
    if attempt is None:
        return None
    async with tenant(database, account_id) as connection:
        kept = await actions.find_answer(connection, attempt)
    if kept is None:
        request.scope["state"]["attempt"] = attempt
        return None
    fields = {REPLAYED_HEADER.lower(): "true", "etag": kept.etag, "location": kept.location}
    headers = {name: value for name, value in fields.items() if value}
    body = await _aside(len(kept.body), unpacked, kept.body)
    return Response(body, status_code=kept.status, headers=headers, media_type=kept.content_type)


async def claim(request: AnyRequest, connection: Connection) -> None:
    """Take the key of the request, if it is one to be done once, for the transaction that does it.

    Raises:
        StillRunning, TransactionConflict: see `actions.claim`.
    """
    state = request.scope["state"]
    if "attempt" in state:
        await actions.claim(connection, state["attempt"])
        state["connection"] = connection


async def _attempt(
    request: AnyRequest, account_id: UUID, user_id: UUID, same_content_within: timedelta | None
) -> Attempt | None:
    name = request.headers.get(KEY_HEADER)
    if name is not None:
        actions.check_name(name)
    elif same_content_within is None:
        return None
    media, parameters = request.content_type
    body = await request.body()
    secret: str = request.app.state.services.settings.secret
    target = request_target(request.method, request.scope["path"], request.scope["query_string"])
    boundary = parameters.get("boundary", "")
    digest = await _aside(len(body), request_digest, secret, target, media, boundary, body)
    return Attempt(
        account_id=account_id,
        user_id=user_id,
        route=f"{request.method} {request.scope['path_template']}",
        key=content_key(digest) if name is None else named_key(name),
        request=digest,
        life=actions.KEY_LIFE if name is not None or same_content_within is None else same_content_within,
    )


async def _connection(request: AnyRequest) -> Connection:
    """Return the request's transaction; it begins now where the route had nothing to write."""
    state = request.scope["state"]
    connection: Connection = state["connection"] if "connection" in state else await state["begin"]()
    return connection


async def _kept(attempt: Attempt, response: ASGIResponse) -> KeptAnswer:
    return KeptAnswer(
        attempt.request,
        response.status_code,
        response.headers["content-type"],
        response.headers.get("etag"),
        response.headers.get("location"),
        await _aside(len(response.body), packed, response.body),
    )


async def _aside(size_bytes: int, work: Any, *arguments: Any) -> bytes:
    """Return what `work` makes of `arguments`; of something long in a thread."""
    if size_bytes < LONG_BYTES:
        made: bytes = work(*arguments)
        return made
    return await asyncio.to_thread(work, *arguments)
