"""Making, replacing and revoking an API key: told once, stored as a digest, for whoever proves who they are."""

import asyncio
import hashlib

import httpx
import pytest
from structlog.testing import capture_logs

from leadconnect.auth.services import Services
from tests import make
from tests.auth.api_keys.using import API_KEY, create, row_of, shown
from tests.auth.signed_in import bearer, grow_stale, is_signed_in
from tests.cast import Actor, Cast


@pytest.mark.parametrize("method", ["POST", "DELETE"])
async def test_nobody_has_a_key_without_a_token(client: httpx.AsyncClient, method: str) -> None:
    assert (await client.request(method, API_KEY)).status_code == 401


async def test_a_new_key_is_told_once_and_stored_as_a_digest(
    client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    answer = await create(client, owner)
    assert answer.status_code == 201
    assert answer.json().keys() == {"apiKey", "createdAt"}
    key = answer.json()["apiKey"]
    row = await row_of(services, owner)
    assert row is not None
    assert (row["digest"], row["prefix"], row["last4"]) == (
        hashlib.sha256(key.encode()).hexdigest(), "lc_live_", key[-4:],
    )  # fmt: skip
    assert key[8:-4] not in str(row)
    assert await is_signed_in(client, key)


async def test_the_preferences_show_its_beginning_and_its_end(client: httpx.AsyncClient, owner: Actor) -> None:
    assert await shown(client, owner) is None
    key = (await create(client, owner)).json()["apiKey"]
    assert await shown(client, owner) == f"lc_live_…{key[-4:]}"
    body = {"loginNotifications": True}
    changed = await client.put("/api/profile/preferences/security", json=body, headers=owner.headers)
    assert changed.json()["apiKey"] == f"lc_live_…{key[-4:]}"


async def test_a_new_key_voids_the_old_one(client: httpx.AsyncClient, owner: Actor) -> None:
    old, new = [(await create(client, owner)).json()["apiKey"] for _ in range(2)]
    assert not await is_signed_in(client, old)
    assert await is_signed_in(client, new)


async def test_of_keys_made_at_once_one_works(client: httpx.AsyncClient, owner: Actor) -> None:
    answers = await asyncio.gather(*(create(client, owner) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {201}
    good = [answer.json()["apiKey"] for answer in answers if await is_signed_in(client, answer.json()["apiKey"])]
    assert len(good) == 1
    assert await shown(client, owner) == f"lc_live_…{good[0][-4:]}"


async def test_an_older_session_needs_the_password(client: httpx.AsyncClient, services: Services, owner: Actor) -> None:
    await grow_stale(services, owner)
    refused = await create(client, owner)
    assert (refused.status_code, await row_of(services, owner)) == (403, None)
    assert "password" in refused.json()["message"]
    wrong = await create(client, owner, password="another passphrase")
    assert (wrong.status_code, await row_of(services, owner)) == (400, None)
    assert (await create(client, owner, password=make.PASSWORD)).status_code == 201


async def test_a_wrong_password_is_refused_in_a_young_session_too(client: httpx.AsyncClient, owner: Actor) -> None:
    assert (await create(client, owner, password="another passphrase")).status_code == 400
    assert await shown(client, owner) is None


@pytest.mark.parametrize("body", [{"password": 1}, {"password": ""}, {"apiKey": "lc_live_mine"}, {"name": "CI"}])
async def test_what_is_no_proof_is_refused(client: httpx.AsyncClient, owner: Actor, body: dict[str, object]) -> None:
    assert (await create(client, owner, **body)).status_code == 400


async def test_a_revoked_key_is_void_at_once_and_forgotten(
    client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    key = (await create(client, owner)).json()["apiKey"]
    assert (await client.delete(API_KEY, headers=owner.headers)).status_code == 200
    assert not await is_signed_in(client, key)
    assert (await row_of(services, owner), await shown(client, owner)) == (None, None)
    assert (await client.delete(API_KEY, headers=owner.headers)).status_code == 200


async def test_a_key_neither_makes_nor_revokes_one(client: httpx.AsyncClient, owner: Actor) -> None:
    key = (await create(client, owner)).json()["apiKey"]
    for method in ("POST", "DELETE"):
        answer = await client.request(method, API_KEY, json={"password": make.PASSWORD}, headers=bearer(key))
        assert answer.status_code == 403
    assert await is_signed_in(client, key)


async def test_keys_of_colleagues_and_strangers_stay(client: httpx.AsyncClient, cast: Cast, owner: Actor) -> None:
    others = [await cast.sub_user(owner), await cast.owner()]
    keys = [(await create(client, other)).json()["apiKey"] for other in others]
    await create(client, owner)
    await client.delete(API_KEY, headers=owner.headers)
    assert [await is_signed_in(client, key) for key in keys] == [True, True]


async def test_making_and_revoking_are_security_events(client: httpx.AsyncClient, owner: Actor) -> None:
    with capture_logs() as lines:
        key = (await create(client, owner)).json()["apiKey"]
        for _ in range(2):
            await client.delete(API_KEY, headers=owner.headers)
    found = [(line["event"], line["user_id"]) for line in lines if line.get("kind") == "security"]
    assert found == [("api_key_created", str(owner.user_id)), ("api_key_revoked", str(owner.user_id))]
    assert key not in str(lines)
