"""The description of the API (OpenAPI 3.1), made from the routes themselves: their paths, structs, rights and refusals.

msgspec writes the schemas (JSON Schema 2020-12, which OpenAPI 3.1 takes as it is), so a struct is described by the very
constraints that it is read with.
"""

import inspect
import re
from collections.abc import Iterator
from http import HTTPStatus
from importlib.metadata import version
from types import UnionType
from typing import Any, get_args, get_origin

import msgspec
from litestar import Litestar, Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import HeaderParameter
from litestar.routes import HTTPRoute
from msgspec import UNSET, UnsetType

from leadconnect import errors
from leadconnect.idempotency.actions import KeyReused, StillRunning
from leadconnect.idempotency.routing import KEY_HEADER, REPLAYED_HEADER
from leadconnect.reference.links import add_links
from leadconnect.web import declaration_of
from leadconnect.wire import Answer, FieldProblem, Input

Schema = dict[str, Any]
REFERENCE = "#/components/schemas/{name}"
PARAMETER = re.compile(r"{(\w+):\w+}")
WRITING = ("POST", "PUT", "PATCH", "DELETE")
EMPTY_LIST = {"type": "array", "maxItems": 0, "description": "Counts as an empty object."}
RETRY_AFTER = {"description": "Seconds to wait.", "required": True, "schema": {"type": "integer", "minimum": 1}}
CHALLENGE = {"description": "How to sign in.", "required": True, "schema": {"const": "Bearer"}}
IDEMPOTENCY_KEY = {
    "name": KEY_HEADER,
    "in": "header",
    "description": "Names this request: sent again with the same key, it is done once and gets the same answer.",
    "required": False,
    "schema": {"type": "string", "pattern": r"^[!-~]([ -~]{0,253}[!-~])?$"},
}
REPLAYED = {
    REPLAYED_HEADER: {
        "description": "`true` where this is the answer that the request got before.",
        "required": False,
        "schema": {"const": "true"},
    }
}
LOCATION = {
    "description": "Where it is now.",
    "required": True,
    "schema": {"type": "string", "format": "uri-reference"},
}
REFUSAL_HEADERS: dict[int, Schema] = {
    errors.MovedPermanently.status: {"Location": LOCATION},
    errors.NotSignedIn.status: {"WWW-Authenticate": CHALLENGE},
    errors.Conflict.status: {"Retry-After": RETRY_AFTER | {"required": False}},
    errors.TooManyRequests.status: {"Retry-After": RETRY_AFTER},
    errors.ServiceBusy.status: {"Retry-After": RETRY_AFTER},
}


class Error(Answer, kw_only=True):
    """Every error: a sentence, or a list of them for invalid values; the status, in words and as a number; a stable
    code; and the fields at fault, where the error is about fields.
    """

    message: str | list[str]
    error: str
    status_code: int
    code: str
    errors: list[FieldProblem] | UnsetType = UNSET


class Problem(Error, kw_only=True):
    """A refusal as problem details (RFC 9457), for clients that ask for application/problem+json."""

    type: str
    title: str
    status: int
    detail: str
    instance: str


def describe(app: Litestar) -> Schema:
    """Return the OpenAPI document of every route under /api."""
    handlers = [
        (route.path_format, method, handler)
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for method, (handler, _) in sorted(route.route_handler_map.items())
        if method != "OPTIONS"
        and (route.path.startswith("/api/") or route.path.startswith("/health"))
        and not declaration_of(handler).undocumented
    ]
    types = {kind for _, _, handler in handlers for kind in _structs(handler)} | {Error, Problem}
    ordered = sorted(types, key=str)
    schemas, components = msgspec.json.schema_components(ordered, ref_template=REFERENCE)
    by_type = dict(zip(ordered, schemas, strict=True))
    for kind in ordered:
        if inspect.isclass(kind) and issubclass(kind, Input):
            components[_name(by_type[kind])] |= kind.rules
    paths: Schema = {}
    for path, method, handler in handlers:
        paths.setdefault(PARAMETER.sub(r"{\1}", path), {})[method.lower()] = _operation(
            handler, method, by_type, components
        )
    add_links(paths, components)
    return {
        "openapi": "3.1.0",
        "info": {"title": "LeadConnect", "version": version("leadconnect"), "description": DESCRIPTION},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": BEARER}},
        },
    }


BEARER = "an access token, 256 hexadecimal characters; or an API key, lc_live_ and 72 of them"
DESCRIPTION = """Lead management for sales teams. Sign up, send the access token as `Authorization: Bearer …`, and work
with leads; a program does so with an API key. Every error is `{message, error, statusCode, code}`; for invalid values
`errors: [{field, code, message}]` names every field at fault."""


def _structs(handler: HTTPRouteHandler) -> list[Any]:
    found = [part for part in (_data(handler), *_answers(handler)) if part is not None]
    query = declaration_of(handler).query
    if query is not None:
        found.append(query)
    return found


def _data(handler: HTTPRouteHandler) -> Any:
    return handler.parsed_data_field.annotation if handler.parsed_data_field else declaration_of(handler).body


def _answer(handler: HTTPRouteHandler) -> Any:
    annotation = handler.parsed_fn_signature.return_type.annotation
    if get_origin(annotation) is Response:
        return get_args(annotation)[0]
    is_response = inspect.isclass(annotation) and issubclass(annotation, Response)
    return None if is_response or annotation in (None, type(None)) else annotation


def _answers(handler: HTTPRouteHandler) -> tuple[Any, ...]:
    """Return the structs of which a handler answers with one."""
    answer = _answer(handler)
    return get_args(answer) if isinstance(answer, UnionType) else () if answer is None else (answer,)


def _operation(handler: HTTPRouteHandler, method: str, by_type: dict[Any, Schema], components: Schema) -> Schema:
    first, _, rest = (inspect.getdoc(handler.fn) or "").partition("\n")
    summary, _, more = first.partition(". ")
    operation: Schema = {
        "operationId": handler.fn.__name__,
        "summary": summary.rstrip("."),
        "description": " ".join(part for part in (more, rest.strip(), *_needs(handler)) if part),
        "tags": sorted(handler.resolve_tags() if hasattr(handler, "resolve_tags") else handler.tags or []),
        "parameters": _parameters(handler, components, by_type),
        "responses": _responses(handler, method, by_type),
    }
    operation["security"] = [] if declaration_of(handler).public else [{"bearer": []}]
    data, declared = _data(handler), declaration_of(handler)
    if data is not None:
        required = any(field.required for field in msgspec.structs.fields(data))
        schema = by_type[data] if required else {"anyOf": [by_type[data], EMPTY_LIST]}
        content = {media: {"schema": schema} for media in declared.media}
        content |= declared.other_bodies
        operation["requestBody"] = {"required": required, "content": content}
    elif declared.bodies is not None:
        operation["requestBody"] = {"required": True, "content": declared.bodies}
    return operation


def _needs(handler: HTTPRouteHandler) -> Iterator[str]:
    declared = declaration_of(handler)
    names = [str(one.name).lower().replace("_", " ") for one in declared.right]
    if names:
        yield f"Needs the permission to {' and '.join(names)}."
    if declared.session_only:
        yield "Needs a session: an API key is refused."


def _parameters(handler: HTTPRouteHandler, components: Schema, by_type: dict[Any, Schema]) -> list[Schema]:
    path = "".join(handler.paths)
    found: list[Schema] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
        for name in PARAMETER.findall(path)
    ]
    for field in handler.parsed_fn_signature.parameters.values():
        header = field.kwarg_definition
        if isinstance(header, HeaderParameter):
            described = {"description": header.description, "required": field.is_required}
            found.append({"name": header.name, "in": "header", **described, "schema": {"type": "string"}})
    if declaration_of(handler).once:
        found.append(IDEMPOTENCY_KEY)
    query = declaration_of(handler).query
    if query is not None:
        schema = components[_name(by_type[query])]
        for name, constraint in schema["properties"].items():
            required = name in schema.get("required", ())
            found.append(
                {"name": name, "in": "query", "required": required, "schema": _in_query(constraint, components)}
            )
    return found


def _in_query(constraint: Schema, components: Schema) -> Schema:
    """Return what a parameter takes; of a choice, a day and an instant, an empty value counts as absent."""
    kind = _without_null(constraint)
    is_choice = "$ref" in kind and "enum" in components[_name(kind)]
    is_time = kind.get("format") in ("date", "date-time")
    return {"anyOf": [kind, {"enum": [""]}]} if is_choice or is_time else kind


def _without_null(constraint: Schema) -> Schema:
    """Return `constraint` as a query can meet it: a parameter is left out where a struct has None."""
    if "anyOf" not in constraint:
        return constraint
    kinds: list[Schema] = [part for part in constraint["anyOf"] if part != {"type": "null"}]
    return kinds[0] if len(kinds) == 1 else {"anyOf": kinds}


def _name(reference: Schema) -> str:
    """Return the name of the component that `reference` points to."""
    name: str = reference["$ref"].rpartition("/")[2]
    return name


def _responses(handler: HTTPRouteHandler, method: str, by_type: dict[Any, Schema]) -> Schema:
    declared = declaration_of(handler)
    kinds = [by_type[kind] for kind in _answers(handler)]
    success: Schema = {"description": "Done", "content": declared.answers or {}}
    success["headers"] = declared.answer_headers | (REPLAYED if declared.once else {})
    if kinds and declared.answers is None:
        success["content"] = {"application/json": {"schema": kinds[0] if len(kinds) == 1 else {"anyOf": kinds}}}
    responses = {str(handler.status_code): success}
    if declared.not_modified:
        responses["304"] = {"description": "Not Modified", "headers": declared.answer_headers, "content": {}}
    for status in sorted(_refusal_statuses(handler, method)):
        responses[str(status)] = {
            "description": HTTPStatus(status).phrase,
            "headers": REFUSAL_HEADERS.get(status, {}),
            "content": {
                "application/json": {"schema": by_type[Error]},
                "application/problem+json": {"schema": by_type[Problem]},
            },
        }
    return responses


def _refusal_statuses(handler: HTTPRouteHandler, method: str) -> set[int]:
    """Return the statuses of every refusal that can come from the gate, the edge or the route."""
    declared = declaration_of(handler)
    statuses = {refusal.status for refusal in declared.refuses}
    statuses |= {errors.ServiceBusy.status, errors.AddressTooLong.status, errors.HeadersTooLarge.status}
    if not declared.public:
        statuses.add(errors.NotSignedIn.status)
    if declared.once:
        statuses |= {StillRunning.status, KeyReused.status}
    if declared.right or declared.session_only:
        statuses.add(errors.Forbidden.status)
    if any(PARAMETER.search(path) for path in handler.paths):
        statuses.add(errors.NotFound.status)
    if method in WRITING or declared.query is not None:
        statuses.add(errors.MalformedRequest.status)
    if method in WRITING:
        statuses |= {errors.RequestTimeout.status, errors.PayloadTooLarge.status, errors.UnsupportedMediaType.status}
    return statuses
