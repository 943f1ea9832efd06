"""The sessions of a user: shown without a token, and ended one by one or all but this one."""

from uuid import UUID, uuid4

import httpx
import pytest
from structlog.testing import capture_logs

from leadconnect.auth.services import Services
from leadconnect.edge.middleware import Edge
from tests.auth.signed_in import is_over
from tests.cast import Actor, Cast
from tests.conftest import client_of

SESSIONS = "/api/auth/sessions"


async def test_the_list_of_sessions_says_where_they_are_and_shows_no_token(
    cast: Cast, app: Edge, client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    async with client_of(app, "192.0.2.44") as phone_client:
        phone_client.headers["User-Agent"] = "Phone/1.0 " + "x" * 300
        phone = await Cast(phone_client, services).log_in(owner)
    answer = await client.get(SESSIONS, headers=owner.headers)
    assert answer.status_code == 200
    fields = {"id", "createdAt", "lastSeenAt", "expiresAt", "ip", "userAgent", "current"}
    assert [set(session) for session in answer.json()] == [fields, fields]
    by_address = {session["ip"]: session for session in answer.json()}
    assert by_address["203.0.113.7"]["current"]
    assert not by_address["192.0.2.44"]["current"]
    assert by_address["192.0.2.44"]["userAgent"].startswith("Phone/1.0 ")
    assert len(by_address["192.0.2.44"]["userAgent"]) == 255
    for secret in (owner.token, owner.refresh_token, phone.token, phone.refresh_token):
        assert secret not in answer.text
        assert secret[8:40] not in answer.text


async def test_a_session_can_be_ended_from_another_one(cast: Cast, client: httpx.AsyncClient, owner: Actor) -> None:
    lost = await cast.log_in(owner)
    listed = (await client.get(SESSIONS, headers=owner.headers)).json()
    (lost_id,) = (session["id"] for session in listed if not session["current"])
    ended = await client.delete(f"{SESSIONS}/{lost_id}", headers=owner.headers)
    assert ended.status_code == 200
    assert await is_over(client, lost)
    assert not await is_over(client, owner)
    assert (await client.delete(f"{SESSIONS}/{lost_id}", headers=owner.headers)).status_code == 404


async def test_all_other_sessions_can_be_ended(cast: Cast, client: httpx.AsyncClient, owner: Actor) -> None:
    others = [await cast.log_in(owner) for _ in range(3)]
    assert (await client.delete(SESSIONS, headers=owner.headers)).status_code == 200
    assert [await is_over(client, other) for other in others] == [True] * 3
    assert not await is_over(client, owner)


async def test_a_session_of_somebody_else_does_not_exist(cast: Cast, client: httpx.AsyncClient, owner: Actor) -> None:
    for other in (await cast.owner(), await cast.sub_user(owner)):
        (session,) = (await client.get(SESSIONS, headers=other.headers)).json()
        foreign = await client.delete(f"{SESSIONS}/{session['id']}", headers=owner.headers)
        unknown = await client.delete(f"{SESSIONS}/{uuid4()}", headers=owner.headers)
        assert (foreign.status_code, foreign.content) == (404, unknown.content)
        assert not await is_over(client, other)


@pytest.mark.parametrize("session_id", ["1", "x" * 36, "%00", str(UUID(int=0)).replace("-", ""), "..%2f"])
async def test_what_is_no_id_is_no_session(client: httpx.AsyncClient, owner: Actor, session_id: str) -> None:
    assert (await client.delete(f"{SESSIONS}/{session_id}", headers=owner.headers)).status_code in (400, 404)


async def test_the_fifty_first_session_ends_the_oldest(cast: Cast, client: httpx.AsyncClient, owner: Actor) -> None:
    second = await cast.log_in(owner)
    for _ in range(48):
        newest = await cast.log_in(owner)
    assert len((await client.get(SESSIONS, headers=newest.headers)).json()) == 50
    assert not await is_over(client, owner)
    with capture_logs() as lines:
        newest = await cast.log_in(owner)
    assert [line["user_id"] for line in lines if line["event"] == "session_evicted"] == [str(owner.user_id)]
    assert len((await client.get(SESSIONS, headers=newest.headers)).json()) == 50
    assert await is_over(client, owner)
    assert not await is_over(client, second)
