"""How a route is declared, and how it names its parameters.

Routes use `get`, `post`, `put`, `patch`, `delete` and `post_once`; their keywords are the fields of `Declaration`.
Parameters are named ``principal: Given[Principal]``, ``connection: Given[Connection]`` and so on; those that exist are
in `leadconnect.app.DEPENDENCIES`. Values that we make ourselves are not validated again.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal, TypeAlias, TypedDict, TypeVar, Unpack

import msgspec
from litestar import Litestar, Request
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import HeaderParameter, SkipValidation
from litestar.response.base import ASGIResponse
from litestar.types import ASGIApp

from leadconnect.accounts.permissions import Right
from leadconnect.errors import LeadConnectError
from leadconnect.idempotency.routing import keep_answer
from leadconnect.wire import Input

T = TypeVar("T")
Given: TypeAlias = NamedDependency[SkipValidation[T]]
TokenRotation = Annotated[
    str | None,
    HeaderParameter(
        name="X-Token-Rotation", description="`1` for a session whose refresh token changes with each use."
    ),
]
"""The header with which a client says that it stores the refresh token of every answer."""

CREATED: dict[str, Any] = {
    "Location": {
        "description": "The URL of what was created.",
        "required": True,
        "schema": {"type": "string", "format": "uri-reference"},
    }
}
"""The header of a 201 that creates one thing with a URL of its own."""


def rotates(token_rotation: str | None) -> bool:
    """Tell whether a session is to rotate."""
    return token_rotation == "1"


JSON = "application/json"
BodyLimit: TypeAlias = Literal["body_limit", "import_body_limit", "upload_limit"]
"""The settings that limit the size of a body."""
BodyDeadline: TypeAlias = Literal["body_deadline", "upload_deadline"]
"""The settings that limit the time for a body to arrive."""
Schemas: TypeAlias = dict[str, Any]
"""Parts of an OpenAPI document by media type or by header."""
_KEY = "declaration"


class Declared(TypedDict, total=False):
    """The keywords of every decorator. `Declaration` explains them."""

    public: bool
    right: Right
    session_only: bool
    query: type[Input]
    ahead: Callable[..., Any]
    media: tuple[str, ...]
    body_limit: BodyLimit
    body_deadline: BodyDeadline
    spooled: bool
    body: type[Input]
    bodies: Schemas
    other_bodies: Schemas
    refuses: tuple[type[LeadConnectError], ...]
    answers: Schemas
    answer_headers: Schemas
    not_modified: bool
    undocumented: bool


class Declaration(msgspec.Struct, frozen=True, kw_only=True):
    """Declare who may call a route, what it takes and what it answers."""

    public: bool = False
    """The route has no caller."""
    right: Right = Right.NONE
    """The right that the caller needs."""
    session_only: bool = False
    """API keys are refused."""
    query: type[Input] | None = None
    """The struct of the query."""
    ahead: Callable[..., Any] | None = None
    """What is read together with the caller, see `guard._look_up`."""
    media: tuple[str, ...] = (JSON,)
    """The media types of the body."""
    body_limit: BodyLimit = "body_limit"
    body_deadline: BodyDeadline = "body_deadline"
    spooled: bool = False
    """The body is too large for the memory: the route gets it as a file."""
    body: type[Input] | None = None
    """The struct of a body that the route reads itself."""
    bodies: Schemas | None = None
    """The schemas of a body without a struct, by media type."""
    other_bodies: Schemas = {}
    """The schemas of bodies that are accepted next to the struct, by media type."""
    refuses: tuple[type[LeadConnectError], ...] = ()
    """The errors of the route itself; those of the guard and the edge are known."""
    answers: Schemas | None = None
    """The schemas of an answer without a struct, by media type."""
    answer_headers: Schemas = {}
    not_modified: bool = False
    """The route can answer 304."""
    undocumented: bool = False
    once: bool = False
    """The request runs once per key, see `post_once`."""
    same_content_within: timedelta | None = None


def declaration_of(handler: HTTPRouteHandler) -> Declaration:
    """Return the declaration of a route."""
    declaration: Declaration = handler.opt[_KEY]
    return declaration


class _Route(HTTPRouteHandler):
    METHOD: ClassVar[Literal["GET", "POST", "PUT", "PATCH", "DELETE"]]

    def __init__(
        self,
        path: str | Sequence[str],
        *,
        status_code: int | None = None,
        sync_to_thread: bool | None = None,
        **declared: Unpack[Declared],
    ) -> None:
        self._declare(path, Declaration(**declared), status_code, sync_to_thread)

    def _declare(
        self, path: str | Sequence[str], declaration: Declaration, status_code: int | None, sync_to_thread: bool | None
    ) -> None:
        super().__init__(
            path,
            http_method=self.METHOD,
            status_code=status_code,
            sync_to_thread=sync_to_thread,
            opt={_KEY: declaration},
        )


class get(_Route):  # decorators, and named as such
    """Declare a GET route."""

    METHOD = "GET"


class post(_Route):
    """Declare a POST route."""

    METHOD = "POST"


class put(_Route):
    """Declare a PUT route."""

    METHOD = "PUT"


class patch(_Route):
    """Declare a PATCH route."""

    METHOD = "PATCH"


class delete(_Route):
    """Declare a DELETE route."""

    METHOD = "DELETE"


class post_once(_Route):
    """Declare a POST route that runs once for each ``Idempotency-Key`` of a user.

    A key belongs to one request: method, path with its ids, query and body. The route must do its work in the
    transaction that it gets, as `connection` or by `begin`.

    `same_content_within` protects requests without a key as well: the same content within that time is the same
    request.
    """

    METHOD = "POST"

    def __init__(
        self,
        path: str,
        *,
        same_content_within: timedelta | None = None,
        status_code: int | None = None,
        **declared: Unpack[Declared],
    ) -> None:
        declaration = Declaration(once=True, same_content_within=same_content_within, **declared)
        self._declare(path, declaration, status_code, None)

    async def to_response(self, app: Litestar, data: Any, request: Request[Any, Any, Any]) -> ASGIApp:
        """Make the answer of `data` and keep it; Litestar calls it before the transaction ends."""
        response = await super().to_response(app, data, request)
        if isinstance(response, ASGIResponse):
            await keep_answer(request, response)
        return response
