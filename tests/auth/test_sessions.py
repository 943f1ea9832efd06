"""Sessions: how long they and their tokens live, what ends them, and that refreshing all at once does not."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from leadconnect.auth import queries
from leadconnect.auth.credentials.tokens import TokenKind, new_token, token_digest
from leadconnect.auth.services import Services
from leadconnect.database.transaction import maintenance, tenant
from leadconnect.edge.middleware import Edge
from leadconnect.settings import Settings
from tests.auth.signed_in import is_over, is_signed_in, refresh, rows_of, shift
from tests.cast import Actor, Cast
from tests.conftest import BASE_URL, client_of, running_app

REFRESH = "/api/auth/refresh"


async def test_an_access_token_lives_an_hour_and_a_refresh_token_seven_days(services: Services, owner: Actor) -> None:
    lives = {
        row["token_type"]: row["expires_at"] - row["created_at"] for row in await rows_of(services, owner, "tokens")
    }
    assert abs(lives["access"] - timedelta(hours=1)) < timedelta(seconds=1)
    assert abs(lives["refresh"] - timedelta(days=7)) < timedelta(seconds=1)


async def test_an_access_token_is_good_until_its_hour_is_over(
    client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    await shift(services, owner, timedelta(minutes=59, seconds=50))
    assert await is_signed_in(client, owner.token)
    await shift(services, owner, timedelta(seconds=10))
    assert not await is_signed_in(client, owner.token)
    assert (await refresh(client, owner.refresh_token)).status_code == 200


async def test_a_session_is_good_until_its_seven_days_are_over(
    client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    await shift(services, owner, timedelta(days=7) - timedelta(seconds=10))
    last = await refresh(client, owner.refresh_token)
    assert last.status_code == 200
    assert await is_signed_in(client, last.json()["accessToken"])
    newest = (await rows_of(services, owner, "tokens"))[-1]
    (session,) = await rows_of(services, owner, "sessions")
    assert newest["expires_at"] == session["expires_at"]
    await shift(services, owner, timedelta(seconds=10))
    assert (await refresh(client, owner.refresh_token)).status_code == 401
    assert not await is_signed_in(client, last.json()["accessToken"])


async def test_an_hourly_refresh_with_the_same_token_works_for_seven_days_and_then_ends(
    client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    for hour in range(1, 168):
        await shift(services, owner, timedelta(hours=1))
        answer = await refresh(client, owner.refresh_token)
        assert answer.status_code == 200, f"hour {hour}"
        assert set(answer.json()) == {"accessToken", "expiresIn"}
    assert 3000 <= answer.json()["expiresIn"] <= 3600
    assert await is_signed_in(client, answer.json()["accessToken"])
    await shift(services, owner, timedelta(minutes=50))
    last = (await refresh(client, owner.refresh_token)).json()
    assert 0 < last["expiresIn"] <= 600, "a token lives no longer than its session"
    await shift(services, owner, timedelta(minutes=10))
    assert (await refresh(client, owner.refresh_token)).status_code == 401


async def test_twenty_refreshes_at_once_all_give_tokens_that_work(
    app: Edge, client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    before = await rows_of(services, owner, "sessions")
    answers = await asyncio.gather(*(refresh(client, owner.refresh_token) for _ in range(20)))
    assert [answer.status_code for answer in answers] == [200] * 20
    tokens = {answer.json()["accessToken"] for answer in answers}
    assert len(tokens) == 20
    assert await asyncio.gather(*(is_signed_in(client, token) for token in tokens)) == [True] * 20
    after = await rows_of(services, owner, "sessions")
    assert [row["id"] for row in after] == [row["id"] for row in before]
    assert (await refresh(client, owner.refresh_token)).status_code == 200


async def test_a_session_keeps_its_twenty_newest_access_tokens(
    client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    tokens = [owner.token]
    for _ in range(21):
        tokens.append((await refresh(client, owner.refresh_token)).json()["accessToken"])
    assert [await is_signed_in(client, token) for token in tokens] == [False] * 2 + [True] * 20
    assert len(await rows_of(services, owner, "tokens")) == 21


async def test_access_and_refresh_tokens_do_not_stand_in_for_each_other(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    assert not await is_signed_in(client, owner.refresh_token)
    refused = await refresh(client, owner.token)
    assert refused.status_code == 401
    assert set(refused.json()) == {"message", "error", "statusCode", "code"}


async def test_the_database_itself_keeps_the_kinds_apart(services: Services, owner: Actor) -> None:
    digest = token_digest(owner.token, TokenKind.ACCESS)
    assert digest is not None
    async with services.database.acquire() as connection:
        assert await queries.caller(connection, digest, TokenKind.ACCESS) is not None
        assert await queries.caller(connection, digest, TokenKind.REFRESH) is None


@pytest.mark.parametrize("token", ["nonsense", "0" * 256, new_token(TokenKind.REFRESH), "é" * 256])
async def test_an_unknown_refresh_token_is_refused(client: httpx.AsyncClient, token: str) -> None:
    assert (await refresh(client, token)).status_code == 401


@pytest.mark.parametrize("body", [{}, {"refreshToken": ""}, {"refreshToken": 1}, {"refreshToken": "x" * 1025}])
async def test_a_refresh_without_a_token_is_invalid(client: httpx.AsyncClient, body: dict[str, Any]) -> None:
    answer = await client.post(REFRESH, json=body)
    assert answer.status_code == 400
    assert isinstance(answer.json()["message"], list)


async def test_a_refresh_whose_answer_was_lost_can_be_repeated_after_a_restart(
    settings: Settings, owner: Actor, services: Services
) -> None:
    class LostAnswer(httpx.AsyncBaseTransport):
        """Lets the request through and loses the answer."""

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            answer = await httpx.ASGITransport(app).handle_async_request(request)
            raise httpx.ReadError(f"lost {answer.status_code}")

    async with (
        running_app(settings) as app,
        httpx.AsyncClient(transport=LostAnswer(), base_url=BASE_URL) as unlucky,
    ):
        with pytest.raises(httpx.ReadError, match="lost 200"):
            await refresh(unlucky, owner.refresh_token)
    assert len(await rows_of(services, owner, "tokens")) == 3
    async with running_app(settings) as restarted, client_of(restarted) as client:
        again = await refresh(client, owner.refresh_token)
        assert again.status_code == 200
        assert await is_signed_in(client, again.json()["accessToken"])


async def test_log_out_ends_both_tokens_of_this_session_alone(
    cast: Cast, client: httpx.AsyncClient, owner: Actor
) -> None:
    phone = await cast.log_in(owner)
    answer = await client.post("/api/auth/logout", headers=owner.headers)
    assert answer.status_code == 200
    assert set(answer.json()) == {"message"}
    assert await is_over(client, owner)
    assert not await is_over(client, phone)
    assert (await client.post("/api/auth/logout", headers=owner.headers)).status_code == 401


async def test_log_out_of_all_ends_every_session_of_the_user_and_nobody_elses(
    cast: Cast, client: httpx.AsyncClient, owner: Actor
) -> None:
    phone, colleague = await cast.log_in(owner), await cast.sub_user(owner)
    answer = await client.post("/api/auth/logout", json={"all": True}, headers=owner.headers)
    assert answer.status_code == 200
    assert await is_over(client, owner)
    assert await is_over(client, phone)
    assert not await is_over(client, colleague)


@pytest.mark.parametrize("body", [{"all": "true"}, {"all": 1}, {"all": None}, {"every": True}])
async def test_log_out_takes_nothing_else(client: httpx.AsyncClient, owner: Actor, body: dict[str, Any]) -> None:
    assert (await client.post("/api/auth/logout", json=body, headers=owner.headers)).status_code == 400
    assert not await is_over(client, owner)


async def test_a_deactivated_user_is_out_at_once_on_every_instance(
    settings: Settings, cast: Cast, client: httpx.AsyncClient, owner: Actor
) -> None:
    async with running_app(settings) as other, client_of(other) as there:
        assert await is_signed_in(there, owner.token)
        await cast.deactivate(owner)
        assert await is_over(client, owner)
        assert await is_over(there, owner)


async def test_a_deleted_sub_user_is_out_at_once(
    cast: Cast, client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    colleague = await cast.sub_user(owner)
    async with tenant(services.database, owner.account_id) as connection:
        await connection.execute(
            "update users set deleted_at = now() where account_id = $1 and id = $2",
            owner.account_id, colleague.user_id,
        )  # fmt: skip
    assert await is_over(client, colleague)
    assert not await is_over(client, owner)


async def test_the_last_use_of_a_session_is_noted_at_most_once_a_minute(
    client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    (before,) = await rows_of(services, owner, "sessions")
    assert await is_signed_in(client, owner.token)
    (soon,) = await rows_of(services, owner, "sessions")
    assert soon["last_seen_at"] == before["last_seen_at"]
    await shift(services, owner, timedelta(minutes=2))
    assert await is_signed_in(client, owner.token)
    (later,) = await rows_of(services, owner, "sessions")
    assert later["last_seen_at"] >= before["last_seen_at"]


async def test_what_ended_long_ago_is_cleared_away_and_nothing_else(
    cast: Cast, client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    other = await cast.owner()
    for _ in range(4):
        await cast.log_in(owner)
    await shift(services, owner, timedelta(days=8, seconds=1))
    async with maintenance(services.database) as connection:
        await queries.purge(connection, at_once=2)
    assert await rows_of(services, owner, "sessions") == []
    assert await rows_of(services, owner, "tokens") == []
    assert not await is_over(client, other)
