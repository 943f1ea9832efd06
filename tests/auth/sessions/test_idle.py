"""A session ends when its user has been silent for longer than they chose, for good, and at no cost for the others."""

import asyncio
from datetime import timedelta

import httpx
import pytest
from structlog.testing import capture_logs

from leadconnect.auth.services import Services
from leadconnect.edge.middleware import Edge
from leadconnect.settings import Settings
from tests.auth.counting import counted_statements
from tests.auth.signed_in import is_over, is_signed_in, refresh, rows_of, shift
from tests.auth.twofold import change
from tests.cast import Actor, Cast
from tests.conftest import changed, client_of, running_app


@pytest.fixture
async def owner(cast: Cast, client: httpx.AsyncClient) -> Actor:
    """An owner who chose fifteen minutes."""
    somebody = await cast.owner()
    assert (await change(client, somebody, sessionTimeout="15")).status_code == 200
    return somebody


async def test_whoever_comes_back_in_time_stays_and_has_the_whole_time_again(
    client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    for _ in range(4):
        await shift(services, owner, timedelta(minutes=14))
        assert await is_signed_in(client, owner.token)


async def test_a_refresh_is_a_sign_of_life_too(client: httpx.AsyncClient, services: Services, owner: Actor) -> None:
    for _ in range(6):
        await shift(services, owner, timedelta(minutes=14))
        assert (await refresh(client, owner.refresh_token)).status_code == 200


@pytest.mark.parametrize("minutes", [15, 30])
async def test_the_minute_within_which_a_use_is_not_noted_is_allowed(
    client: httpx.AsyncClient, services: Services, owner: Actor, minutes: int
) -> None:
    await change(client, owner, sessionTimeout=minutes)
    await shift(services, owner, timedelta(minutes=minutes, seconds=50))
    assert await is_signed_in(client, owner.token)
    await shift(services, owner, timedelta(minutes=minutes + 1))
    assert not await is_signed_in(client, owner.token)


@pytest.mark.parametrize("first", ["access", "refresh"])
async def test_after_sixteen_silent_minutes_neither_token_is_good_any_more(
    client: httpx.AsyncClient, services: Services, owner: Actor, first: str
) -> None:
    await shift(services, owner, timedelta(minutes=16))
    if first == "refresh":
        assert (await refresh(client, owner.refresh_token)).status_code == 401
    assert await is_over(client, owner)
    (session,) = await rows_of(services, owner, "sessions")
    assert session["revoked_reason"] == "idle"


async def test_of_many_calls_after_the_silence_none_gets_through(
    client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    await shift(services, owner, timedelta(minutes=16))
    assert await asyncio.gather(*(is_signed_in(client, owner.token) for _ in range(20))) == [False] * 20


async def test_one_silent_device_does_not_end_the_others(
    cast: Cast, client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    await shift(services, owner, timedelta(minutes=16))
    phone = await cast.log_in(owner)
    assert await is_over(client, owner)
    assert not await is_over(client, phone)


async def test_a_shorter_time_acts_on_the_next_request(
    cast: Cast, client: httpx.AsyncClient, services: Services
) -> None:
    owner = await cast.owner()
    await change(client, owner, sessionTimeout="240")
    await shift(services, owner, timedelta(minutes=45))
    phone = await cast.log_in(owner)
    assert (await change(client, phone, sessionTimeout="30")).status_code == 200
    assert await is_over(client, owner)
    assert not await is_over(client, phone)


async def test_a_longer_time_brings_no_session_back(
    cast: Cast, client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    await shift(services, owner, timedelta(minutes=16))
    phone = await cast.log_in(owner)
    assert (await change(client, phone, sessionTimeout="240")).status_code == 200
    assert await is_over(client, owner)
    assert not await is_over(client, phone)


async def test_whoever_chose_nothing_is_let_alone(cast: Cast, client: httpx.AsyncClient, services: Services) -> None:
    owner = await cast.owner()
    colleague = await cast.sub_user(owner)
    await change(client, colleague, sessionTimeout="15")
    await shift(services, owner, timedelta(minutes=59))
    assert not await is_over(client, owner)
    assert await is_over(client, colleague)


async def test_an_operator_can_end_the_silence_of_those_who_chose_nothing(
    settings: Settings, cast: Cast, client: httpx.AsyncClient, services: Services
) -> None:
    unchosen, long = await cast.owner(), await cast.owner()
    await change(client, long, sessionTimeout="60")
    for actor in (unchosen, long):
        await shift(services, actor, timedelta(minutes=29))
    async with running_app(changed(settings, idle_timeout="always")) as strict, client_of(strict) as there:
        assert await is_signed_in(there, unchosen.token)
        await shift(services, unchosen, timedelta(minutes=31))
        assert await is_over(there, unchosen)
        assert not await is_over(there, long)


async def test_an_operator_can_switch_it_off(
    settings: Settings, cast: Cast, services: Services, owner: Actor, client: httpx.AsyncClient
) -> None:
    await shift(services, owner, timedelta(minutes=50))
    async with running_app(changed(settings, idle_timeout="off")) as lenient, client_of(lenient) as there:
        phone = await cast.log_in(owner)
        assert (await change(there, phone, sessionTimeout="30")).status_code == 200
        assert not await is_over(there, owner)


async def test_a_session_in_constant_use_still_ends_after_seven_days(
    client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    await change(client, owner, sessionTimeout="240")
    for _ in range(55):
        await shift(services, owner, timedelta(hours=3))
        assert (await refresh(client, owner.refresh_token)).status_code == 200
    await shift(services, owner, timedelta(hours=3))
    assert (await refresh(client, owner.refresh_token)).status_code == 401


async def test_the_end_is_a_security_event_and_said_once(
    client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    await shift(services, owner, timedelta(minutes=16))
    with capture_logs() as lines:
        assert await is_over(client, owner)
    events = [line for line in lines if line["event"] == "session_idle"]
    assert [(event["outcome"], event["user_id"]) for event in events] == [("ended", str(owner.user_id))]


async def test_a_caller_is_found_in_one_statement_also_after_a_silence(
    app: Edge, client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    for silence in (timedelta(0), timedelta(minutes=14), timedelta(minutes=16)):
        await shift(services, owner, silence)
        with counted_statements(app) as statements:
            await client.get("/api/users/me", headers=owner.headers)
        assert len([text for text in statements if "caller_by_token" in text]) == 1
    assert len(statements) == 1
