"""Switching the second factor: on at once, off only with fresh proof of who asks; and the other security settings."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from leadconnect.auth.queries import hold_user, revoke_sessions
from leadconnect.auth.services import Services
from leadconnect.database.transaction import directory, tenant
from tests.auth.forgotten import other
from tests.auth.signed_in import is_over, rows_of
from tests.auth.twofold import (
    DISABLE,
    ENABLE,
    SECURITY,
    STALE,
    STATUS,
    challenge,
    change,
    disable,
    finish,
    is_on,
    let_pass,
    log_in,
    protected,
)
from tests.cast import Actor, Cast
from tests.postbox import Postbox
from tests.worker.running import until_somebody_waits

PREFERENCES = "/api/profile/preferences"


@pytest.fixture
async def owner(cast: Cast, client: httpx.AsyncClient) -> Actor:
    return await protected(cast, client)


@pytest.fixture
async def plain(cast: Cast) -> Actor:
    """An owner without a second factor."""
    return await cast.owner()


async def notices(postbox: Postbox, actor: Actor, state: str) -> int:
    """Return how often somebody was told that the second factor is on, or off."""
    return sum(f"is now {state}." in mail for mail in await postbox.mails_to(actor.email))


async def test_on_is_at_once_ends_the_other_sessions_and_is_told(
    cast: Cast, client: httpx.AsyncClient, postbox: Postbox, plain: Actor
) -> None:
    phone = await cast.log_in(plain)
    assert not await is_on(client, plain)
    answer = await client.post(ENABLE, headers=plain.headers)
    assert answer.status_code == 200
    assert set(answer.json()) == {"message"}
    assert await is_on(client, plain)
    assert await is_over(client, phone)
    assert not await is_over(client, plain)
    assert await notices(postbox, plain, "on") == 1
    again = await client.post(ENABLE, headers=plain.headers)
    assert (again.status_code, set(again.json())) == (400, {"message", "error", "statusCode", "code"})


async def test_the_browser_client_switches_on_with_its_one_key(
    cast: Cast, client: httpx.AsyncClient, postbox: Postbox, plain: Actor
) -> None:
    phone = await cast.log_in(plain)
    for _ in range(2):
        answer = await change(client, plain, twoFactorEnabled=True)
        assert answer.status_code == 200
        assert set(answer.json()) == {
            "twoFactorEnabled", "loginNotifications", "sessionTimeout", "apiKey", "lastPasswordChange",
            "twoFactorMethod", "lastTwoFactorSetup",
        }  # fmt: skip
        assert answer.json()["twoFactorEnabled"] is True
        assert answer.json()["lastTwoFactorSetup"].endswith("Z")
    assert await is_over(client, phone)
    assert "requiresTwoFactor" in (await log_in(client, plain)).json()
    assert await notices(postbox, plain, "on") == 1


@pytest.mark.parametrize("path", [DISABLE, SECURITY])
async def test_a_session_that_ends_meanwhile_switches_nothing_off(
    path: str, client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    method, body = ("POST", {}) if path == DISABLE else ("PUT", {"twoFactorEnabled": False})
    async with tenant(services.database, owner.account_id) as resetting:
        await hold_user(resetting, owner.account_id, owner.user_id)
        switching = asyncio.create_task(client.request(method, path, json=body, headers=owner.headers))
        await until_somebody_waits(services.database)
        await revoke_sessions(resetting, owner.account_id, owner.user_id, "password reset")
    assert (await switching).status_code == 401
    assert (await log_in(client, owner)).json()["requiresTwoFactor"] is True


async def test_of_ten_at_once_one_switches_on(client: httpx.AsyncClient, postbox: Postbox, plain: Actor) -> None:
    answers = await asyncio.gather(*(client.post(ENABLE, headers=plain.headers) for _ in range(10)))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 400: 9}
    assert await notices(postbox, plain, "on") == 1


async def test_no_log_in_under_way_gets_past_the_switch(
    cast: Cast, client: httpx.AsyncClient, services: Services, plain: Actor
) -> None:
    calls = [log_in(client, plain) for _ in range(8)]
    answers = await asyncio.gather(*calls[:4], client.post(ENABLE, headers=plain.headers), *calls[4:])
    assert [answer.status_code for answer in answers] == [200] * 9
    live = [row for row in await rows_of(services, plain, "sessions") if row["revoked_at"] is None]
    assert len(live) == 1
    assert not await is_over(client, plain)


async def test_a_colleague_without_any_right_switches_theirs_and_nobody_elses(
    cast: Cast, client: httpx.AsyncClient, plain: Actor
) -> None:
    colleague = await cast.sub_user(plain, view=False)
    assert (await client.post(ENABLE, headers=colleague.headers)).status_code == 200
    assert await is_on(client, colleague)
    assert not await is_on(client, plain)
    assert not await is_over(client, plain)


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_nobody_without_a_token_learns_or_switches_anything(client: httpx.AsyncClient, method: str) -> None:
    for path in (STATUS,) if method == "GET" else (ENABLE, DISABLE):
        assert (await client.request(method, path)).status_code == 401


async def test_off_is_at_once_in_a_session_that_has_just_begun(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    code = await challenge(client, postbox, owner)
    phone = await finish(client, owner.email, code)
    answer = await disable(client, owner)
    assert (answer.status_code, set(answer.json())) == (200, {"message"})
    assert not await is_on(client, owner)
    bearer = {"Authorization": f"Bearer {phone.json()['accessToken']}"}
    assert (await client.get(STATUS, headers=bearer)).status_code == 401
    assert await notices(postbox, owner, "off") == 1
    assert (await disable(client, owner)).status_code == 400


async def test_the_client_switches_off_at_once_in_a_session_that_has_just_begun(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    before = (await client.get(PREFERENCES, headers=owner.headers)).json()["security"]
    after = (await change(client, owner, twoFactorEnabled=False)).json()
    assert after == before | {"twoFactorEnabled": False}
    assert await notices(postbox, owner, "off") == 1


async def test_later_off_takes_the_password(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    await let_pass(services, owner, STALE)
    wrong = await disable(client, owner, password="a wrong passphrase")
    assert wrong.status_code == 400
    assert await is_on(client, owner)
    assert (await disable(client, owner, password=owner.password)).status_code == 200
    assert not await is_on(client, owner)
    assert await postbox.codes_for(owner.email) == []


async def test_wrong_passwords_here_count_with_those_at_log_in(
    client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    await let_pass(services, owner, STALE)
    answers = [await disable(client, owner, password="a wrong passphrase") for _ in range(11)]
    assert [answer.status_code for answer in answers] == [400] * 10 + [429]
    assert (await log_in(client, owner)).status_code == 429
    assert await is_on(client, owner)


async def test_where_nothing_is_on_no_password_is_looked_at(
    client: httpx.AsyncClient, services: Services, plain: Actor
) -> None:
    before = services.hasher.hashes_computed
    for body in ({}, {"password": plain.password}, {"password": "a wrong passphrase"}, {"otp": "123456"}):
        answer = await disable(client, plain, **body)
        assert (answer.status_code, answer.json()["message"]) == (400, "The second factor is not on.")
    assert services.hasher.hashes_computed == before


async def test_later_off_without_a_password_is_pending_until_the_mailed_code_comes_back(
    cast: Cast, client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    await let_pass(services, owner, STALE)
    pending = await change(client, owner, twoFactorEnabled=False, loginNotifications=False)
    assert pending.status_code == 200
    assert pending.json()["twoFactorEnabled"] is True
    assert pending.json()["loginNotifications"] is False
    assert (await disable(client, owner)).status_code == 200
    (code,) = await postbox.codes_for(owner.email)
    assert await is_on(client, owner)
    assert (await disable(client, owner, otp=other(code))).status_code == 400
    assert await is_on(client, owner)
    done = await disable(client, owner, otp=f" {code} ")
    assert done.status_code == 200
    assert not await is_on(client, owner)
    assert not await is_over(client, owner)
    assert await notices(postbox, owner, "off") == 1
    assert (await disable(client, owner, otp=code)).status_code == 400


async def test_a_pending_code_allows_five_guesses_and_ten_minutes(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    await let_pass(services, owner, STALE)
    await disable(client, owner)
    code = await postbox.code_for(owner.email)
    answers = await asyncio.gather(*(disable(client, owner, otp=other(code, n + 1)) for n in range(20)))
    assert {answer.status_code for answer in answers} == {400}
    assert (await disable(client, owner, otp=code)).status_code == 400
    await disable(client, owner)
    fresh = (await postbox.codes_for(owner.email))[1]
    await let_pass(services, owner, timedelta(minutes=10, seconds=6))
    assert (await disable(client, owner, otp=fresh)).status_code == 400
    assert await is_on(client, owner)


async def test_a_code_is_good_for_its_own_purpose_and_user_alone(
    cast: Cast, client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    stranger = await protected(cast, client)
    for actor in (owner, stranger):
        await let_pass(services, actor, STALE)
    to_sign_in = await challenge(client, postbox, owner)
    assert (await disable(client, owner, otp=to_sign_in)).status_code == 400
    await disable(client, owner)
    to_switch_off = (await postbox.codes_for(owner.email))[1]
    await disable(client, stranger)
    theirs = await postbox.code_for(stranger.email)
    if to_switch_off not in (to_sign_in, theirs):
        assert (await finish(client, owner.email, to_switch_off)).status_code == 400
        assert (await disable(client, stranger, otp=to_switch_off)).status_code == 400
    assert await is_on(client, stranger)
    assert (await finish(client, owner.email, to_sign_in)).status_code == 200
    assert (await disable(client, owner, otp=to_switch_off)).status_code == 200
    assert await is_on(client, stranger)


async def test_too_many_codes_within_the_hour_are_refused(
    client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    await let_pass(services, owner, STALE)
    await disable(client, owner)
    limit = services.limits.proven_codes(owner.email, "switch off")
    async with directory(services.database) as connection:
        await connection.execute("update throttles set used_count = 20 where key = $1", limit.key)
    await let_pass(services, owner, timedelta(minutes=2))
    for answer in (await disable(client, owner), await change(client, owner, twoFactorEnabled=False)):
        assert answer.status_code == 429
    assert await is_on(client, owner)


async def test_each_switch_is_a_security_event(client: httpx.AsyncClient, services: Services, plain: Actor) -> None:
    with capture_logs() as lines:
        await change(client, plain, twoFactorEnabled=True)
        await let_pass(services, plain, STALE)
        await disable(client, plain)
        await disable(client, plain, otp="000000")
        await disable(client, plain, password=plain.password)
    events = [(line["on"], line["outcome"]) for line in lines if line["event"] == "second_factor_changed"]
    assert events == [(True, "ok"), (False, "pending"), (False, "refused"), (False, "ok")]
    assert plain.password not in str(lines)


@pytest.mark.parametrize("chosen", ["15", "30", "60", "120", "240", 15, 240])
async def test_a_timeout_may_be_sent_as_text_or_number_and_is_shown_as_text(
    client: httpx.AsyncClient, plain: Actor, chosen: str | int
) -> None:
    answer = await change(client, plain, sessionTimeout=chosen)
    assert answer.status_code == 200
    shown = (await client.get(PREFERENCES, headers=plain.headers)).json()["security"]
    assert answer.json() == shown
    assert shown["sessionTimeout"] == str(chosen)


async def test_only_what_is_sent_is_changed_and_only_for_the_caller(
    cast: Cast, client: httpx.AsyncClient, plain: Actor
) -> None:
    colleague = await cast.sub_user(plain)
    before = (await client.get(PREFERENCES, headers=plain.headers)).json()
    assert (await change(client, plain)).json() == before["security"]
    changed = await change(client, plain, loginNotifications=False, sessionTimeout="120")
    expected = before["security"] | {"loginNotifications": False, "sessionTimeout": "120"}
    assert changed.json() == expected
    assert (await change(client, plain, loginNotifications=True)).json() == expected | {"loginNotifications": True}
    theirs = (await client.get(PREFERENCES, headers=colleague.headers)).json()["security"]
    assert theirs == before["security"]


@pytest.mark.parametrize(
    "body",
    [
        {"apiKey": "mine"},
        {"twoFactorEnabled": "true"},
        {"twoFactorEnabled": None},
        {"twoFactorEnabled": 1},
        {"loginNotifications": "false"},
        {"sessionTimeout": "45"},
        {"sessionTimeout": 45},
        {"sessionTimeout": None},
        {"sessionTimeout": 15.5},
        {"sessionTimeout": True},
        {"sessionTimeout": ["15"]},
        {"lastTwoFactorSetup": None},
    ],
)
async def test_anything_else_is_refused_with_a_list_and_changes_nothing(
    client: httpx.AsyncClient, services: Services, plain: Actor, body: dict[str, Any]
) -> None:
    async def kept() -> list[dict[str, Any]]:
        return [
            row | {"id": None}
            for row in await rows_of(services, plain, "(select *, user_id as id from security_settings) s")
        ]

    before = await kept()
    answer = await change(client, plain, **{"loginNotifications": False} | body)
    assert answer.status_code == 400
    (name,) = body
    assert len(answer.json()["message"]) == 1
    assert name in answer.json()["message"][0]
    assert await kept() == before


@pytest.mark.parametrize("body", [{"password": 1}, {"otp": "12345"}, {"code": "123456"}, {"password": ""}])
async def test_what_is_no_proof_is_refused_with_a_list(
    client: httpx.AsyncClient, owner: Actor, body: dict[str, Any]
) -> None:
    answer = await client.post(DISABLE, json=body, headers=owner.headers)
    assert answer.status_code == 400
    assert isinstance(answer.json()["message"], list)
    assert await is_on(client, owner)
