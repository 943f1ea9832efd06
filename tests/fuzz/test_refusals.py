"""Every refusal comes in one envelope, and as problem details (RFC 9457) for those who ask for them."""

from http import HTTPStatus
from typing import Any

import httpx
import pytest

from leadconnect.auth.services import Services
from tests import make
from tests.cast import Actor, Cast

PROBLEM = "application/problem+json"
KEYS = {"message", "error", "statusCode", "code"}
NO_ID = "0190c0de-0000-7000-8000-000000000000"
NOBODY = {"Authorization": "Bearer nobody"}
ADDRESSES = ("/api/leads", f"/api/leads/{NO_ID}", "/api/auth/login", "/api/leads/import", "/health/live")

REFUSALS: list[tuple[int, str, str, dict[str, Any]]] = [
    (400, "POST", "/api/leads", {"content": b"{"}),
    (400, "POST", "/api/leads", {"json": {"name": 1, "unknown": True}}),
    (400, "GET", "/api/leads?limit=0", {}),
    (400, "GET", "/api/leads?search=%FF", {}),
    (400, "POST", "/api/auth/reset-password", {"json": {
        "email": "nobody@example.com", "otp": "000000", "newPassword": make.PASSWORD,
        "confirmPassword": make.PASSWORD}}),
    (401, "GET", "/api/leads", {"headers": NOBODY}),
    (401, "POST", "/api/auth/login", {"json": {"email": "nobody@example.com", "password": make.PASSWORD}}),
    (401, "POST", "/api/auth/refresh", {"json": {"refreshToken": "none"}}),
    (404, "GET", "/api/nothing", {}),
    (404, "GET", "/nothing", {}),
    (404, "GET", f"/api/leads/{NO_ID}", {}),
    (404, "GET", "/api/leads/none", {}),
    (404, "DELETE", f"/api/auth/sessions/{NO_ID}", {}),
    (405, "PUT", "/api/leads", {}),
    (405, "GET", "/api/auth/login", {}),
    (413, "POST", "/api/leads", {"content": b" " * 1_048_577}),
    (414, "GET", f"/api/leads?search={'x' * 8192}", {}),
    (415, "POST", "/api/leads", {"content": b"name=x", "headers": {"Content-Type": "text/plain"}}),
    (415, "POST", "/api/leads", {"content": b"{}", "headers": {"Content-Encoding": "gzip"}}),
    (431, "GET", "/api/leads", {"headers": {"X-Padding": "x" * 16_384}}),
]  # fmt: skip


def check(answer: httpx.Response, status: int) -> None:
    """Check the envelope of a refusal, in the form that the answer says it has."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert (body["error"], body["statusCode"]) == (HTTPStatus(status).phrase, status)
    message = body["message"]
    assert message
    assert isinstance(message, str) or all(isinstance(each, str) and each for each in message)
    keys = KEYS | {"errors"} if "errors" in body else KEYS
    if isinstance(message, list) or "errors" in body:
        assert [each["message"] for each in body["errors"]] == ([message] if isinstance(message, str) else message)
    if answer.headers["content-type"] == PROBLEM:
        assert set(body) == keys | {"type", "title", "status", "detail", "instance"}
        assert (body["title"], body["status"]) == (HTTPStatus(status).phrase, status)
        assert body["instance"] == answer.request.url.path
    else:
        assert answer.headers["content-type"] == "application/json"
        assert set(body) == keys


@pytest.mark.parametrize("accept", ["*/*", PROBLEM])
@pytest.mark.parametrize(("status", "method", "path", "request_parts"), REFUSALS)
async def test_a_refusal_has_the_envelope(
    client: httpx.AsyncClient, owner: Actor, status: int, method: str, path: str, request_parts: dict[str, Any],
    accept: str,
) -> None:  # fmt: skip
    headers = {
        "Content-Type": "application/json",
        **owner.headers,
        "Accept": accept,
        **request_parts.get("headers", {}),
    }
    answer = await client.request(method, path, **(request_parts | {"headers": headers}))
    assert (answer.headers["content-type"] == PROBLEM) == (accept == PROBLEM)
    check(answer, status)


async def test_the_other_refusals_have_it_too(client: httpx.AsyncClient, cast: Cast, owner: Actor) -> None:
    """403 without the permission, 409 for an address that is taken, 412 for a version that has changed."""
    viewer = await cast.sub_user(owner, view=True)
    check(await client.post("/api/leads", json=make.lead(), headers=viewer.headers), 403)
    check(await client.post("/api/auth/signup", json=make.signup(email=owner.email)), 409)
    made = (await client.post("/api/leads", json=make.lead(), headers=owner.headers)).json()
    stale = owner.headers | {"If-Match": '"another"'}
    check(await client.patch(f"/api/leads/{made['id']}", json={"city": "Ulm"}, headers=stale), 412)


async def test_too_many_attempts_have_it_and_say_when_to_come_back(client: httpx.AsyncClient) -> None:
    """After ten wrong log-ins for one address."""
    body = {"email": make.email("guessed"), "password": "a wrong passphrase"}
    answers = [await client.post("/api/auth/login", json=body) for _ in range(11)]
    check(answers[-1], 429)
    assert 0 < int(answers[-1].headers["retry-after"]) <= 900


async def test_a_busy_service_has_it_and_says_when_to_come_back(
    client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    """Here because somebody else holds the table."""
    async with services.database.acquire() as connection, connection.transaction():
        await connection.execute("lock table leads in access exclusive mode")
        answer = await client.get("/api/leads", headers=owner.headers)
    check(answer, 503)
    assert int(answer.headers["retry-after"]) >= 1


@pytest.mark.parametrize("path", ADDRESSES)
async def test_a_method_that_is_not_allowed_is_told_those_that_are(
    client: httpx.AsyncClient, owner: Actor, path: str
) -> None:
    """The same ones that OPTIONS tells, also to a stranger; and each of them is there."""
    refused = await client.request("TRACE", path, headers=owner.headers)
    check(refused, 405)
    told = await client.options(path)
    assert told.status_code == 204
    assert told.headers["allow"] == refused.headers["allow"]
    allowed = refused.headers["allow"].split(", ")
    assert "OPTIONS" in allowed
    assert ("HEAD" in allowed) == ("GET" in allowed)
    for method in allowed:
        assert (await client.request(method, path, headers=owner.headers)).status_code != 405
