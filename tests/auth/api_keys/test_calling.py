"""Calling with an API key: whose rights it has, where it is refused, and when it ends."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import pytest
from structlog.testing import capture_logs

from leadconnect.auth.credentials.api_keys import new_api_key
from leadconnect.auth.services import Services
from leadconnect.edge.middleware import Edge
from tests import make
from tests.auth.api_keys.using import ME, create, let_pass, row_of
from tests.auth.counting import counted_statements
from tests.auth.signed_in import bearer, is_signed_in
from tests.cast import Actor, Cast
from tests.postbox import Postbox

TEAM = "/api/profile/sub-users"
NEW = "a new passphrase of mine"


@pytest.fixture
async def key(cast: Cast, owner: Actor) -> str:
    """The owner's key."""
    return await cast.api_key(owner)


async def test_a_key_calls_as_its_user_with_their_rights(client: httpx.AsyncClient, cast: Cast, owner: Actor) -> None:
    helper = await cast.sub_user(owner, view=True)
    key = await cast.api_key(helper)
    assert (await client.get(ME, headers=bearer(key))).json()["id"] == str(helper.user_id)
    assert (await client.get("/api/leads", headers=bearer(key))).status_code == 200
    assert (await client.post("/api/leads", json=make.lead(), headers=bearer(key))).status_code == 403


async def test_changed_permissions_count_from_the_next_call_on(
    client: httpx.AsyncClient, cast: Cast, owner: Actor
) -> None:
    helper = await cast.sub_user(owner, view=True)
    key = await cast.api_key(helper)
    body = {"canAddLeads": True, "canViewLeads": False}
    changed = await client.patch(f"{TEAM}/{helper.user_id}/permissions", json=body, headers=owner.headers)
    assert changed.status_code == 200
    assert (await client.post("/api/leads", json=make.lead(), headers=bearer(key))).status_code == 201
    assert (await client.get("/api/leads", headers=bearer(key))).status_code == 403


async def test_a_key_reaches_no_other_account(client: httpx.AsyncClient, cast: Cast, owner: Actor, key: str) -> None:
    stranger = await cast.owner()
    made = await client.post("/api/leads", json=make.lead(), headers=stranger.headers)
    assert (await client.get(f"/api/leads/{made.json()['id']}", headers=bearer(key))).status_code == 404


async def test_a_key_is_found_in_one_statement(app: Edge, client: httpx.AsyncClient, key: str) -> None:
    with counted_statements(app) as statements:
        assert await is_signed_in(client, key)
    assert [statement for statement in statements if "caller" in statement] == ["select * from caller_by_api_key($1)"]


async def test_noise_costs_no_statement(app: Edge, client: httpx.AsyncClient) -> None:
    unknown = new_api_key().value
    with counted_statements(app) as statements:
        for noise in ("lc_live_", unknown[:-1], unknown[:-1] + ("0" if unknown[-1] != "0" else "1"), unknown.upper()):
            assert not await is_signed_in(client, noise)
        assert statements == []
        assert not await is_signed_in(client, unknown)
        assert statements == ["select * from caller_by_api_key($1)"]


@pytest.mark.parametrize("name", ["apiKey", "api_key", "token", "access_token", "key"])
async def test_a_key_in_the_query_is_not_looked_at(client: httpx.AsyncClient, key: str, name: str) -> None:
    assert (await client.get(ME, params={name: key})).status_code == 401


async def test_a_key_elsewhere_than_in_the_header_is_not_looked_at(client: httpx.AsyncClient, key: str) -> None:
    for headers in ({"X-Api-Key": key}, {"Authorization": f"Basic {key}"}, {"Cookie": f"apiKey={key}"}):
        assert (await client.get(ME, headers=headers)).status_code == 401


async def test_a_key_is_no_token_to_refresh_with(client: httpx.AsyncClient, key: str) -> None:
    assert (await client.post("/api/auth/refresh", json={"refreshToken": key})).status_code in (400, 401)


async def test_what_needs_a_session_says_so_and_tells_the_log(
    client: httpx.AsyncClient, owner: Actor, key: str
) -> None:
    with capture_logs() as lines:
        answer = await client.get("/api/auth/sessions", headers=bearer(key))
    assert answer.status_code == 403
    assert "API key" in answer.json()["message"]
    assert [line["user_id"] for line in lines if line["event"] == "forbidden"] == [str(owner.user_id)]


async def test_a_key_changes_the_profile_but_not_the_address(
    client: httpx.AsyncClient, cast: Cast, owner: Actor, key: str
) -> None:
    for body, status in (
        ({"fullName": "Asha Iyer", "email": owner.email}, 200),
        ({"email": make.email("new")}, 403),
        ({"email": make.email("new"), "currentPassword": make.PASSWORD}, 403),
        ({"email": owner.email, "currentPassword": "a guess at it"}, 403),
    ):
        assert (await client.patch("/api/profile", json=body, headers=bearer(key))).status_code == status
    assert (await client.get(ME, headers=bearer(key))).json()["email"] == owner.email


async def test_a_key_outlives_sessions_and_silence(
    client: httpx.AsyncClient, services: Services, owner: Actor, key: str
) -> None:
    await client.post("/api/auth/logout", json={"all": True}, headers=owner.headers)
    assert await is_signed_in(client, key)
    await let_pass(services, owner, timedelta(days=400))
    assert await is_signed_in(client, key)


async def test_the_last_use_is_noted_at_most_once_a_minute(
    client: httpx.AsyncClient, services: Services, owner: Actor, key: str
) -> None:
    noted = []
    for silence in (timedelta(0), timedelta(seconds=50), timedelta(seconds=70)):
        await let_pass(services, owner, silence)
        before = await row_of(services, owner)
        assert await is_signed_in(client, key)
        after = await row_of(services, owner)
        assert before is not None
        assert after is not None
        noted.append(after["last_used_at"] != before["last_used_at"])
    assert noted == [True, False, True]


async def deactivate(client: httpx.AsyncClient, owner: Actor, helper: Actor) -> None:
    for active in (False, True):
        body = {"isActive": active}
        answer = await client.patch(f"{TEAM}/{helper.user_id}", json=body, headers=owner.headers)
        assert answer.status_code == 200


async def delete(client: httpx.AsyncClient, owner: Actor, helper: Actor) -> None:
    assert (await client.delete(f"{TEAM}/{helper.user_id}", headers=owner.headers)).status_code == 200


async def set_password(client: httpx.AsyncClient, owner: Actor, helper: Actor) -> None:
    body = {"newPassword": NEW, "confirmPassword": NEW}
    answer = await client.post(f"{TEAM}/{helper.user_id}/reset-password", json=body, headers=owner.headers)
    assert answer.status_code == 200


@pytest.mark.parametrize("end", [deactivate, delete, set_password])
async def test_a_key_ends_with_what_the_owner_does(
    client: httpx.AsyncClient,
    cast: Cast,
    owner: Actor,
    end: Callable[[httpx.AsyncClient, Actor, Actor], Awaitable[None]],
) -> None:
    """Also after a deactivated user is active again."""
    helper = await cast.sub_user(owner)
    key = await cast.api_key(helper)
    await end(client, owner, helper)
    assert not await is_signed_in(client, key)


async def test_a_key_of_a_deactivated_owner_is_void(
    client: httpx.AsyncClient, cast: Cast, owner: Actor, key: str
) -> None:
    helper_key = await cast.api_key(await cast.sub_user(owner))
    await cast.deactivate(owner)
    assert not await is_signed_in(client, key)
    assert (await client.get("/api/leads", headers=bearer(helper_key))).status_code == 403


async def test_a_changed_password_leaves_the_key(client: httpx.AsyncClient, owner: Actor, key: str) -> None:
    body = {"currentPassword": make.PASSWORD, "newPassword": NEW, "confirmPassword": NEW}
    answer = await client.post("/api/profile/change-password", json=body, headers=owner.headers)
    assert answer.status_code == 200
    assert await is_signed_in(client, key)


async def test_a_password_reset_by_code_ends_the_key(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor, key: str
) -> None:
    await client.post("/api/auth/forgot-password", json={"email": owner.email})
    code = await postbox.code_for(owner.email)
    body = {"email": owner.email, "otp": code, "newPassword": NEW, "confirmPassword": NEW}
    assert (await client.post("/api/auth/reset-password", json=body)).status_code == 200
    assert not await is_signed_in(client, key)


async def test_a_session_that_ended_meanwhile_makes_no_key(client: httpx.AsyncClient, cast: Cast, owner: Actor) -> None:
    other = await cast.log_in(owner)
    await client.delete("/api/auth/sessions", headers=other.headers)
    assert (await create(client, owner)).status_code == 401
