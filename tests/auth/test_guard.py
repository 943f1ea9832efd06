"""The gate: who passes, at what cost, and what is learnt from being refused."""

from itertools import product
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest
from structlog.testing import capture_logs

from leadconnect.accounts.permissions import OWNERS_RIGHTS, Right, rights_of
from leadconnect.auth.credentials.tokens import TokenKind, new_token
from leadconnect.auth.services import Services
from leadconnect.database.transaction import tenant
from leadconnect.edge.middleware import Edge
from leadconnect.errors import Forbidden
from tests import make
from tests.auth.counting import counted_statements
from tests.cast import Actor, Cast

PROTECTED = [
    ("POST", "/api/auth/logout"),
    ("GET", "/api/auth/sessions"),
    ("DELETE", "/api/auth/sessions"),
    ("DELETE", f"/api/auth/sessions/{UUID(int=7)}"),
    ("GET", "/api/users"),
    ("GET", "/api/users/me"),
    ("GET", f"/api/users/{UUID(int=7)}"),
    ("GET", "/api/profile"),
    ("GET", "/api/profile/preferences"),
    ("PUT", "/api/profile/preferences/security"),
    ("POST", "/api/auth/2fa/enable"),
    ("POST", "/api/auth/2fa/disable"),
    ("GET", "/api/auth/2fa/status"),
]
LEADS = [
    ("GET", "/api/leads"),
    ("GET", f"/api/leads/{UUID(int=7)}"),
    ("GET", "/api/leads/cities"),
    ("GET", "/api/leads/export"),
    ("POST", "/api/leads"),
    ("POST", "/api/leads/import"),
    ("PATCH", f"/api/leads/{UUID(int=7)}"),
    ("DELETE", f"/api/leads/{UUID(int=7)}"),
]
PUBLIC: list[tuple[str, dict[str, Any], int]] = [
    ("/api/auth/signup", {}, 400),
    ("/api/auth/login", {"email": "nobody@example.com", "password": "a passphrase"}, 401),
    ("/api/auth/refresh", {"refreshToken": "unknown"}, 401),
    ("/api/auth/login/2fa", {"email": "nobody@example.com", "otp": "123456"}, 401),
    ("/api/auth/2fa/send-otp", {"email": "nobody@example.com"}, 200),
    ("/api/auth/2fa/verify-otp", {"email": "nobody@example.com", "otp": "123456"}, 200),
    ("/api/auth/forgot-password", {"email": "nobody@example.com"}, 200),
    ("/api/auth/verify-otp", {"email": "nobody@example.com", "otp": "123456"}, 200),
    (
        "/api/auth/reset-password",
        {
            "email": "nobody@example.com",
            "otp": "123456",
            "newPassword": make.PASSWORD,
            "confirmPassword": make.PASSWORD,
        },
        400,
    ),
]


def damaged(token: str) -> str:
    """Return a token of the right form whose checksum is wrong."""
    return token[:100] + ("0" if token[100] != "0" else "1") + token[101:]


@pytest.mark.parametrize(("method", "path"), PROTECTED + LEADS)
async def test_without_a_token_there_is_a_401_in_the_envelope(
    client: httpx.AsyncClient, method: str, path: str
) -> None:
    answer = await client.request(method, path)
    assert answer.status_code == 401
    assert set(answer.json()) == {"message", "error", "statusCode", "code"}
    assert (answer.json()["error"], answer.json()["statusCode"]) == ("Unauthorized", 401)
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(("method", "path"), PROTECTED + LEADS)
async def test_a_refresh_token_is_no_pass(cast: Cast, client: httpx.AsyncClient, method: str, path: str) -> None:
    owner = await cast.owner()
    answer = await client.request(method, path, headers={"Authorization": f"Bearer {owner.refresh_token}"})
    assert answer.status_code == 401


@pytest.mark.parametrize(("method", "path"), PROTECTED + LEADS)
async def test_a_deactivated_user_is_refused(cast: Cast, client: httpx.AsyncClient, method: str, path: str) -> None:
    owner = await cast.owner()
    await cast.deactivate(owner)
    assert (await client.request(method, path, headers=owner.headers)).status_code == 401


@pytest.mark.parametrize(("method", "path"), LEADS)
async def test_the_sub_user_of_an_inactive_owner_may_do_nothing_with_leads(
    cast: Cast, client: httpx.AsyncClient, method: str, path: str
) -> None:
    owner = await cast.owner()
    colleague = await cast.sub_user(owner, view=True, edit=True, add=True, export=True)
    await cast.deactivate(owner)
    answer = await client.request(method, path, headers=colleague.headers)
    assert answer.status_code == 403
    assert answer.json()["error"] == "Forbidden"
    assert (await client.get("/api/profile", headers=colleague.headers)).status_code == 200


@pytest.mark.parametrize(("method", "path"), LEADS)
async def test_a_sub_user_without_any_permission_gets_403(
    cast: Cast, client: httpx.AsyncClient, method: str, path: str
) -> None:
    colleague = await cast.sub_user(await cast.owner(), view=False)
    with capture_logs() as lines:
        answer = await client.request(method, path, headers=colleague.headers, json={"wrong": "body"})
    assert answer.status_code == 403
    (event,) = [line for line in lines if line["event"] == "forbidden"]
    assert event["user_id"] == str(colleague.user_id)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer " + "0" * 256,
        "Bearer " + "a" * 4000,
        "Basic dXNlcjpwYXNz",
        "Bearer " + damaged(new_token(TokenKind.ACCESS)),
        "Bearer " + new_token(TokenKind.ACCESS).upper(),
        "Bearer " + new_token(TokenKind.REFRESH),
        "Token " + new_token(TokenKind.ACCESS),
    ],
)
async def test_what_was_not_made_here_costs_no_statement(app: Edge, client: httpx.AsyncClient, header: str) -> None:
    with counted_statements(app) as statements:
        answer = await client.get("/api/users/me", headers={"Authorization": header})
    assert answer.status_code == 401
    assert statements == []


async def test_a_token_of_the_right_form_costs_one_statement(app: Edge, client: httpx.AsyncClient) -> None:
    unknown = {"Authorization": f"Bearer {new_token(TokenKind.ACCESS)}"}
    with counted_statements(app) as statements:
        assert (await client.get("/api/users/me", headers=unknown)).status_code == 401
    assert len(statements) == 1


async def test_a_damaged_refresh_token_costs_no_statement(app: Edge, client: httpx.AsyncClient) -> None:
    with counted_statements(app) as statements:
        answer = await client.post("/api/auth/refresh", json={"refreshToken": damaged(new_token(TokenKind.REFRESH))})
    assert answer.status_code == 401
    assert statements == []


@pytest.mark.parametrize(("path", "body", "status"), PUBLIC)
async def test_public_routes_do_not_look_at_a_bearer(
    client: httpx.AsyncClient, path: str, body: dict[str, Any], status: int
) -> None:
    for header in ("Bearer stale", "Bearer " + new_token(TokenKind.ACCESS), "nonsense", ""):
        answer = await client.post(path, json=body, headers={"Authorization": header})
        assert answer.status_code == status, answer.text
        assert answer.headers["cache-control"] == "no-store"


async def test_signing_in_works_with_a_stale_bearer(client: httpx.AsyncClient) -> None:
    stale = {"Authorization": "Bearer " + new_token(TokenKind.ACCESS)}
    body = make.signup()
    assert (await client.post("/api/auth/signup", json=body, headers=stale)).status_code == 201
    credentials = {"email": body["email"], "password": body["password"]}
    signed_in = await client.post("/api/auth/login", json=credentials, headers=stale)
    assert signed_in.status_code == 200
    again = {"refreshToken": signed_in.json()["refreshToken"]}
    assert (await client.post("/api/auth/refresh", json=again, headers=stale)).status_code == 200


@pytest.mark.parametrize("key", ["access_token", "token", "api_key", "accessToken", "authorization"])
async def test_a_token_in_the_address_is_no_token(cast: Cast, client: httpx.AsyncClient, key: str) -> None:
    owner = await cast.owner()
    assert (await client.get("/api/users/me", params={key: owner.token})).status_code == 401
    assert (await client.get("/api/users/me", params={key: f"Bearer {owner.token}"})).status_code == 401


@pytest.mark.parametrize(("method", "path"), [route for route in PROTECTED if route[0] == "GET"])
async def test_answers_to_a_caller_are_not_cached(
    cast: Cast, client: httpx.AsyncClient, method: str, path: str
) -> None:
    owner = await cast.owner()
    assert (await client.request(method, path, headers=owner.headers)).headers["cache-control"] == "no-store"


async def test_answers_that_carry_tokens_are_not_cached(cast: Cast, client: httpx.AsyncClient) -> None:
    owner = await cast.owner()
    credentials = {"email": owner.email, "password": owner.password}
    for path, body in (
        ("/api/auth/signup", make.signup()),
        ("/api/auth/login", credentials),
        ("/api/auth/refresh", {"refreshToken": owner.refresh_token}),
    ):
        answer = await client.post(path, json=body)
        assert answer.is_success
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(("path", "body", "status"), PUBLIC)
async def test_unknown_keys_are_refused_with_a_list(
    client: httpx.AsyncClient, path: str, body: dict[str, Any], status: int
) -> None:
    answer = await client.post(path, json={**body, "surprise": 1})
    assert answer.status_code == 400
    assert "property surprise should not exist" in answer.json()["message"]


@pytest.mark.parametrize(("path", "body", "status"), PUBLIC)
@pytest.mark.parametrize(
    "content", [b"{", b'{"email": "\\ud800"}', b"\xff\xfe", b"[" * 5000, b'"text"', b"1", b"[1]", b"null", b"{}x"]
)
async def test_what_is_no_json_object_is_400(
    client: httpx.AsyncClient, path: str, body: dict[str, Any], status: int, content: bytes
) -> None:
    answer = await client.post(path, content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert set(answer.json()) - {"errors"} == {"message", "error", "statusCode", "code"}


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", "application/xml"])
async def test_a_body_that_is_not_json_is_415(client: httpx.AsyncClient, media: str) -> None:
    answer = await client.post("/api/auth/login", content=b"a=b", headers={"Content-Type": media})
    assert answer.status_code == 415
    assert answer.json()["statusCode"] == 415


async def test_a_body_above_the_limit_is_413(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/auth/login", json={"email": "a@example.com", "password": "x" * 1_100_000})
    assert answer.status_code == 413
    assert answer.json()["statusCode"] == 413


GRANTS = [
    dict(zip(("view", "edit", "add", "export"), granted, strict=True)) for granted in product((True, False), repeat=4)
]


@pytest.mark.parametrize("grants", GRANTS)
def test_an_owner_needs_no_grants_and_the_role_decides_about_the_team(grants: dict[str, bool]) -> None:
    manager = rights_of(role="Management", is_owner=True, owner_is_active=True, **grants)
    other = rights_of(role="other", is_owner=True, owner_is_active=True, **grants)
    assert manager == OWNERS_RIGHTS | Right.MANAGE_TEAM
    assert other == OWNERS_RIGHTS


@pytest.mark.parametrize("grants", GRANTS)
def test_a_sub_user_has_what_is_granted_and_never_the_team(grants: dict[str, bool]) -> None:
    rights = rights_of(role="Management", is_owner=False, owner_is_active=True, **grants)
    assert (Right.VIEW_LEADS in rights) == grants["view"]
    assert (Right.ADD_LEADS in rights) == grants["add"]
    assert (Right.EDIT_LEADS in rights) == (grants["view"] and grants["edit"])
    assert (Right.EXPORT_LEADS in rights) == (grants["view"] and grants["export"])
    assert Right.MANAGE_TEAM not in rights


@pytest.mark.parametrize("grants", GRANTS)
def test_a_sub_user_without_an_active_owner_has_no_right(grants: dict[str, bool]) -> None:
    assert rights_of(role="Management", is_owner=False, owner_is_active=False, **grants) is Right.NONE


def test_a_principal_needs_all_of_what_is_required() -> None:
    somebody = Actor("a@example.com", "", "", "", uuid4(), uuid4()).principal
    caller = msgspec.structs.replace(somebody, rights=Right.VIEW_LEADS | Right.ADD_LEADS)
    caller.require(Right.NONE)
    caller.require(Right.VIEW_LEADS | Right.ADD_LEADS)
    assert caller.may(Right.VIEW_LEADS)
    assert not caller.may(Right.VIEW_LEADS | Right.EDIT_LEADS)
    with pytest.raises(Forbidden):
        caller.require(Right.VIEW_LEADS | Right.EDIT_LEADS)


async def test_a_permission_that_is_taken_away_is_gone_with_the_next_request(
    client: httpx.AsyncClient, cast: Cast, services: Services
) -> None:
    owner = await cast.owner()
    colleague = await cast.sub_user(owner, view=True)
    assert (await client.get("/api/leads", headers=colleague.headers)).status_code == 200
    async with tenant(services.database, owner.account_id) as connection:
        await connection.execute(
            "update user_permissions set can_view_leads = false where account_id = $1", owner.account_id
        )
    assert (await client.get("/api/leads", headers=colleague.headers)).status_code == 403
