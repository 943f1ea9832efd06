"""Which pages may read our answers."""

import pytest

from leadconnect.app import litestar_app
from leadconnect.edge.cors import EXPOSED_HEADERS, REQUEST_HEADERS
from leadconnect.reference.describe import describe
from leadconnect.settings import Settings
from tests.docs import examples
from tests.docs.test_api import PAGES
from tests.edge.asgi import client_of, failing

ORIGIN = "https://app.example.com"
PREFLIGHT = {"Origin": ORIGIN, "Access-Control-Request-Method": "PATCH"}
SAFE_REQUEST_HEADERS = {"accept", "accept-language", "content-language"}
SAFE_ANSWER_HEADERS = {"cache-control", "content-language", "content-length", "content-type", "last-modified"}
"""What a page may send and read without permission (Fetch standard, "CORS-safelisted")."""
OPERATIONS = [
    operation
    for methods in describe(litestar_app(Settings(secret="x" * 32)))["paths"].values()
    for operation in methods.values()
]


def names(field: str | bytes) -> set[str]:
    """Return the names that a header field lists, in lower case."""
    text = field.decode() if isinstance(field, bytes) else field
    return {name.strip().lower() for name in text.split(",")}


def test_a_page_may_send_every_header_that_is_described() -> None:
    described = {
        parameter["name"].lower()
        for operation in OPERATIONS
        for parameter in operation["parameters"]
        if parameter["in"] == "header"
    }
    assert described >= {"if-match", "idempotency-key", "prefer"}
    assert described - SAFE_REQUEST_HEADERS <= names(REQUEST_HEADERS)


def test_a_page_may_send_every_header_of_the_examples() -> None:
    sent = {
        name.lower()
        for path in PAGES
        for request in examples.requests(path.read_text("utf-8"))
        for name in request.headers
    }
    assert sent >= {"content-type", "prefer"}
    assert sent - SAFE_REQUEST_HEADERS <= names(REQUEST_HEADERS)


def test_a_page_may_read_every_header_that_is_described() -> None:
    described = {
        name.lower()
        for operation in OPERATIONS
        for response in operation["responses"].values()
        for name in response["headers"]
    }
    assert described >= {"etag", "retry-after", "location"}
    assert described - SAFE_ANSWER_HEADERS <= names(EXPOSED_HEADERS)


async def test_a_listed_origin_may_read_the_answer() -> None:
    async with client_of(cors_origins=(ORIGIN, "https://other.example.com")) as client:
        headers = (await client.get("/", headers={"Origin": ORIGIN})).headers
    assert headers["access-control-allow-origin"] == ORIGIN
    assert headers["access-control-allow-credentials"] == "true"
    assert headers["vary"] == "Origin"
    assert names(headers["access-control-expose-headers"]) >= {"content-disposition", "x-request-id"}


async def test_a_listed_origin_may_read_errors_too() -> None:
    async with client_of(failing(RuntimeError("boom")), cors_origins=(ORIGIN,)) as client:
        response = await client.get("/", headers={"Origin": ORIGIN})
    assert (response.status_code, response.headers["access-control-allow-origin"]) == (500, ORIGIN)


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "",
        "*",
        "http://app.example.com",
        "https://app.example.com.evil.example",
        "https://evil-app.example.com",
        "https://evilapp.example.com",
        "https://app.example.com:8443",
        "https://app.example.com/",
        "https://app.example.com@evil.example",
        "HTTPS://APP.EXAMPLE.COM",
        "https://app_example.com",
        f"{ORIGIN}, https://evil.example",
        f"{ORIGIN} https://evil.example",
    ],
)
async def test_no_other_origin_is_allowed(origin: str) -> None:
    async with client_of(cors_origins=(ORIGIN,)) as client:
        plain = await client.get("/", headers={"Origin": origin})
        preflight = await client.options("/", headers={**PREFLIGHT, "Origin": origin})
    for response in (plain, preflight):
        assert not [name for name in response.headers if name.startswith("access-control-")]
        assert response.headers["vary"] == "Origin"


async def test_answers_vary_by_origin_even_without_one_and_only_with_a_list() -> None:
    async with client_of(cors_origins=(ORIGIN,)) as client:
        assert (await client.get("/")).headers["vary"] == "Origin"
    async with client_of() as client:
        headers = (await client.get("/", headers={"Origin": ORIGIN})).headers
    assert "vary" not in headers
    assert "access-control-allow-origin" not in headers


async def test_a_preflight_is_answered_without_the_application() -> None:
    async with client_of(failing(AssertionError("asked")), cors_origins=(ORIGIN,)) as client:
        response = await client.options("/api/leads", headers=PREFLIGHT)
    assert (response.status_code, response.content) == (204, b"")
    assert "content-length" not in response.headers
    allowed = names(response.headers["access-control-allow-headers"])
    assert allowed >= {"content-type", "authorization", "if-match", "if-none-match", "last-event-id", "prefer"}
    methods = {name.strip() for name in response.headers["access-control-allow-methods"].split(",")}
    assert {"GET", "POST", "PUT", "PATCH", "DELETE"} <= methods
