"""Which pages may read our answers."""

import pytest

from tests.edge.asgi import client_of, failing

ORIGIN = "https://app.example.com"
PREFLIGHT = {"Origin": ORIGIN, "Access-Control-Request-Method": "PATCH"}


async def test_a_listed_origin_may_read_the_answer() -> None:
    async with client_of(cors_origins=(ORIGIN, "https://other.example.com")) as client:
        headers = (await client.get("/", headers={"Origin": ORIGIN})).headers
    assert headers["access-control-allow-origin"] == ORIGIN
    assert headers["access-control-allow-credentials"] == "true"
    assert headers["vary"] == "Origin"
    exposed = {name.strip() for name in headers["access-control-expose-headers"].split(",")}
    assert exposed == {"Content-Disposition", "ETag", "Idempotent-Replayed", "Retry-After", "X-Request-Id"}


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
    allowed = {name.strip() for name in response.headers["access-control-allow-headers"].split(",")}
    ours = {"If-Match", "Idempotency-Key", "X-Request-Id", "X-Token-Rotation"}
    assert allowed == {"Content-Type", "Authorization"} | ours
    methods = {name.strip() for name in response.headers["access-control-allow-methods"].split(",")}
    assert {"GET", "POST", "PUT", "PATCH", "DELETE"} <= methods
