"""The gate before every route: who calls, may they, and is the request whole and readable.

In this order, and before a transaction is opened: a slow or endless body holds no database connection, and nobody
without the right learns what a route would say about their body.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

from litestar import Request, Response
from litestar.enums import HttpMethod
from litestar.utils.scope.state import ScopeState

from leadconnect.accounts.permissions import Right
from leadconnect.auth import face as auth
from leadconnect.auth.api_keys import actions as api_keys
from leadconnect.auth.credentials.api_keys import api_key_digest
from leadconnect.auth.credentials.tokens import TokenKind, token_digest
from leadconnect.auth.principal import Principal, SessionNeeded
from leadconnect.auth.services import Client, Services
from leadconnect.auth.sessions.actions import find_caller
from leadconnect.database.pool import Connection
from leadconnect.database.transaction import Begin, tenant
from leadconnect.edge.body import BODY, read_body, spool_body
from leadconnect.errors import LeadConnectError, NotSignedIn, UnsupportedMediaType
from leadconnect.idempotency.routing import claim, replay
from leadconnect.web import JSON, Declaration, Given, declaration_of
from leadconnect.wire import Input, decode_query

AnyRequest = Request[Any, Any, Any]


async def admit(request: AnyRequest) -> Response[bytes] | None:
    """Let a request pass to its route. Litestar calls it before it looks at parameters and body. Return the answer of
    one that is to be done once and was done before.

    What a route accepts is its `Declaration`. A spooled body is in the state of the request, as a file.

    Raises:
        NotSignedIn, SessionNeeded, Forbidden, UnsupportedMediaType, PayloadTooLarge, RequestTimeout, ValidationFailed
        InvalidKey, KeyReused: of a route that is declared by `post_once`.
    """
    services: Services = request.app.state.services
    state, declared = request.scope["state"], declaration_of(request.route_handler)
    if not declared.public:
        state["principal"] = await authenticate(services, _authorization(request), _look_up(request, declared))
        _authorize(state["principal"], declared.right, session_only=declared.session_only)
    if request.scope["method"] != HttpMethod.GET:
        await _take_body(request, services, declared)
    if declared.query is not None and "params" not in state:
        state["params"] = decode_query(request.scope["query_string"], declared.query)
    if declared.once:
        principal = state["principal"]
        return await replay(
            request, services.database, principal.account_id, principal.user_id, declared.same_content_within
        )
    return None


def _authorization(request: AnyRequest) -> str:
    """Return the ``Authorization`` field, for which Litestar would make a mapping of all fields."""
    for name, value in request.scope["headers"]:
        if name == b"authorization":
            return value.decode("latin-1")
    return ""


async def authenticate(services: Services, authorization: str, look_up: auth.LookUp = auth.caller) -> Principal:
    """Return who holds the access token or the API key in an ``Authorization`` header (RFC 6750 §2.1).

    One that was not made here is told by its checksum and costs no statement.

    Raises:
        NotSignedIn: no such token or key, or it, its session or its user has ended.
    """
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise NotSignedIn
    token = token.strip()
    principal = None
    if (digest := token_digest(token, TokenKind.ACCESS)) is not None:
        principal = await find_caller(services, digest, TokenKind.ACCESS, look_up)
    elif (digest := api_key_digest(token)) is not None:
        principal = await api_keys.find_caller(services, digest)
    if principal is None:
        raise NotSignedIn
    return principal


def _look_up(request: AnyRequest, declared: Declaration) -> auth.LookUp:
    """Return how the caller is looked up: alone, or, where the route declares ``ahead=`` and finds it worth while for
    this query, together with what the route will answer. That lies in the state until the caller has been let in, and
    nobody who is not sees any of it.
    """
    if declared.ahead is None or declared.query is None:
        return auth.caller
    state = request.scope["state"]
    try:
        state["params"] = decode_query(request.scope["query_string"], declared.query)
    except LeadConnectError:  # which is told to those who may call, so after the look-up
        return auth.caller
    look_up: auth.LookUp | None = declared.ahead(state["params"], state)
    return look_up or auth.caller


def _authorize(principal: Principal, right: Right, *, session_only: bool) -> None:
    if session_only and principal.session_id is None:
        principal.note_refusal()
        raise SessionNeeded
    principal.require(right)


async def _take_body(request: AnyRequest, services: Services, declared: Declaration) -> None:
    """Read the whole body where Litestar looks for it, or spool it to a file; an absent one is an empty object. When
    the edge repeats a request, its body is there already.
    """
    settings = services.settings
    limit_bytes: int = getattr(settings, declared.body_limit)
    deadline = timedelta(seconds=getattr(settings, declared.body_deadline))
    headers = request.scope["headers"]
    state = request.scope["state"]
    media = request.headers.get("content-type", JSON).partition(";")[0].strip().lower()
    if declared.spooled:
        if media not in declared.media:
            raise UnsupportedMediaType
        if BODY not in state:
            state[BODY] = await spool_body(request.receive, headers, limit_bytes=limit_bytes, deadline=deadline)
        state[BODY].seek(0)
        return
    if BODY not in state:
        state[BODY] = await read_body(request.receive, headers, limit_bytes=limit_bytes, deadline=deadline)
    body: bytes = state[BODY]
    if body and media not in declared.media:
        raise UnsupportedMediaType
    ScopeState.from_scope(request.scope).body = body or b"{}"


def provide_services(request: AnyRequest) -> Services:
    """Give a route the services."""
    services: Services = request.app.state.services
    return services


def provide_client(request: AnyRequest, services: Given[Services]) -> Client:
    """Give a route where the request came from."""
    agent = request.headers.get("user-agent")
    return Client(
        address=request.scope["client"][0] if request.scope["client"] else "", user_agent=agent and agent[:255]
    )


def provide_principal(request: AnyRequest, services: Given[Services]) -> Principal:
    """Give a route its caller. Declared after the services, as the query is after both and a transaction after that:
    Litestar resolves in turn what depends on each other, but starts a group of tasks for what does not, which costs
    more than all of them.
    """
    principal: Principal = request.scope["state"]["principal"]
    return principal


def provide_params(request: AnyRequest, principal: Given[Principal]) -> Input | None:
    """Give a route its query."""
    params: Input | None = request.scope["state"].get("params")
    return params


async def provide_connection(
    request: AnyRequest, principal: Given[Principal], params: Given[Input | None]
) -> AsyncIterator[Connection]:
    """Give a route a transaction of its caller's account, committed before the answer is sent."""
    async with tenant(request.app.state.services.database, principal.account_id) as connection:
        await claim(request, connection)
        yield connection


async def provide_begin(
    request: AnyRequest, principal: Given[Principal], params: Given[Input | None]
) -> AsyncIterator[Begin]:
    """Give a route the same transaction, which begins when the route says so: to be called once. It is committed
    before the answer is sent.
    """
    async with AsyncExitStack() as stack:

        async def begin() -> Connection:
            transaction = tenant(request.app.state.services.database, principal.account_id)
            connection = await stack.enter_async_context(transaction)
            await claim(request, connection)
            return connection

        request.scope["state"]["begin"] = begin
        yield begin
