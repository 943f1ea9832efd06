"""The description of the API for programs and for people. Not served in production."""

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import Any

import jinja2
import msgspec
from litestar import Litestar, MediaType, Request, Response, Router

from leadconnect.reference.describe import Schema, describe
from leadconnect.web import get


@get("/openapi.json", public=True, undocumented=True)
async def read_description(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Read the description of the API (OpenAPI 3.1)."""
    return Response(_description(request.app), media_type="application/json")


@get("/docs", public=True, undocumented=True)
async def read_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Read the description as a page."""
    page, policy = _page(request.app)
    return Response(page, media_type=MediaType.HTML, headers={"content-security-policy": policy})


@cache
def _description(app: Litestar) -> bytes:
    return msgspec.json.format(msgspec.json.encode(describe(app)), indent=1)


@cache
def _page(app: Litestar) -> tuple[bytes, str]:
    """Return the page, and a policy that lets it use its own style sheet and nothing else."""
    folder = resources.files("leadconnect.reference")
    style = folder.joinpath("page.css").read_text("utf-8")
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    environment.filters["example"] = _example
    environment.filters["kind"] = _kind
    document = describe(app)
    template = environment.from_string(folder.joinpath("page.html").read_text("utf-8"))
    page = template.render(document=document, style=style, groups=_groups(document))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return page.encode(), f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"


def _groups(document: Schema) -> dict[str, list[Schema]]:
    groups: dict[str, list[Schema]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            entry = {"path": path, "method": method.upper(), "operation": operation}
            groups.setdefault((operation["tags"] or ["Other"])[0], []).append(entry)
    return groups


def _resolved(schema: Schema, document: Schema) -> Schema:
    found: Schema = schema
    while "$ref" in found:
        found = document["components"]["schemas"][found["$ref"].rpartition("/")[2]]
    return found


def _kind(schema: Schema, document: Schema) -> str:
    """Say in words what a value must be."""
    schema = _resolved(schema, document)
    if "anyOf" in schema:
        return " or ".join(_kind(part, document) for part in schema["anyOf"])
    if "enum" in schema:
        return " · ".join(f"{value}" or "nothing" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}), document)}"
    words = [str(schema.get("title") or schema.get("format") or schema.get("type", "anything"))]
    words += [f"≥ {schema['minimum']}"] if "minimum" in schema else []
    words += [f"≤ {schema['maximum']}"] if "maximum" in schema else []
    words += [f"up to {schema['maxLength']:,} characters"] if "maxLength" in schema else []
    return " ".join(words)


def _example(schema: Schema, document: Schema, depth: int = 0) -> Any:
    """Return a value that `schema` describes: its own example, or one with the required properties only."""
    schema = _resolved(schema, document)
    if "examples" in schema:
        return schema["examples"][0]
    if "anyOf" in schema:
        return _example(schema["anyOf"][0], document, depth)
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "array":
        return [] if depth > 3 else [_example(schema.get("items", {}), document, depth + 1)]
    if "properties" in schema:
        names = schema.get("required", ())
        return {name: _example(schema["properties"][name], document, depth + 1) for name in names}
    by_format = {"email": "asha@example.com", "date": "2031-03-04", "date-time": "2031-03-04T05:06:07.890Z"}
    by_type = {"string": "…", "integer": schema.get("minimum", 1), "boolean": True, "number": 1.5, "null": None}
    return by_format.get(schema.get("format", ""), by_type.get(schema.get("type", ""), {}))


router = Router(path="/api", route_handlers=[read_description, read_page])
