"""Setting a password with a mailed link: once, for three days, and for nobody else."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

import httpx
import pytest
from structlog.testing import capture_logs

from leadconnect.accounts import queries as accounts
from leadconnect.auth.password_links.actions import base_address, mail_link
from leadconnect.auth.services import Services
from leadconnect.database.transaction import tenant
from leadconnect.settings import Settings
from leadconnect.worker.schedule import purge_sign_ins
from tests import make
from tests.auth.signed_in import is_over
from tests.cast import Actor, Cast
from tests.conftest import changed
from tests.postbox import Postbox
from tests.team.managing import TEAM, added, links_for, log_in, set_password

NEW = "a new passphrase"


@pytest.fixture
async def colleague(cast: Cast, owner: Actor) -> Actor:
    return await cast.sub_user(owner)


async def a_link(client: httpx.AsyncClient, postbox: Postbox, owner: Actor, colleague: Actor) -> str:
    """Have a link mailed, and return its token."""
    url = f"{TEAM}/{colleague.user_id}/reset-password"
    assert (await client.post(url, json={}, headers=owner.headers)).status_code == 200
    return (await links_for(postbox, colleague.email))[-1]


async def let_pass(services: Services, owner: Actor, by: timedelta) -> None:
    async with tenant(services.database, owner.account_id) as connection:
        await connection.execute(
            "update password_links set expires_at = expires_at - $2::interval where account_id = $1",
            owner.account_id, by,
        )  # fmt: skip


async def test_the_welcome_link_sets_a_password_and_signs_nobody_in(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    made = await added(client, owner)
    (token,) = await links_for(postbox, made["email"])
    answer = await set_password(client, token, NEW)
    assert (answer.status_code, set(answer.json())) == (200, {"message"})
    assert (await log_in(client, made["email"])).status_code == 401
    assert (await log_in(client, made["email"], NEW)).status_code == 200


async def test_all_sessions_end_and_the_user_is_told_once(
    cast: Cast, client: httpx.AsyncClient, postbox: Postbox, owner: Actor, colleague: Actor
) -> None:
    elsewhere = await cast.log_in(colleague)
    token = await a_link(client, postbox, owner, colleague)
    assert (await set_password(client, token, NEW)).status_code == 200
    assert await is_over(client, colleague)
    assert await is_over(client, elsewhere)
    assert ["was changed" in mail for mail in await postbox.mails_to(colleague.email)] == [False, True]


async def test_of_one_link_forty_times_at_once_one_counts(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor, colleague: Actor
) -> None:
    token = await a_link(client, postbox, owner, colleague)
    answers = await asyncio.gather(*(set_password(client, token, f"{NEW} {number}") for number in range(40)))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 400: 39}
    (number,) = [number for number, answer in enumerate(answers) if answer.status_code == 200]
    assert (await log_in(client, colleague.email, f"{NEW} {number}")).status_code == 200


async def test_unknown_used_expired_and_malformed_links_are_answered_alike(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor, colleague: Actor
) -> None:
    used = await a_link(client, postbox, owner, colleague)
    assert (await set_password(client, used, NEW)).status_code == 200
    expired = await a_link(client, postbox, owner, colleague)
    await let_pass(services, owner, timedelta(hours=72))
    digest = sha256(expired.encode()).hexdigest()
    tokens = [used, expired, "A" * 43, "none", "é" * 43, digest, owner.token[:255], f"{used}\n", "\x00"]
    answers = [await set_password(client, token, NEW) for token in tokens]
    assert {answer.status_code for answer in answers} == {400}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["message"].startswith("The link is unknown, used or expired")


async def test_a_link_lives_three_days(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor, colleague: Actor
) -> None:
    token = await a_link(client, postbox, owner, colleague)
    await let_pass(services, owner, timedelta(hours=71, minutes=59))
    assert (await set_password(client, token, NEW)).status_code == 200


async def test_links_that_ended_are_forgotten_after_a_day(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor, colleague: Actor
) -> None:
    await a_link(client, postbox, owner, colleague)
    count = "select count(*) from password_links where account_id = $1"
    for hours, left in ((72 + 23, 1), (1, 0)):
        await let_pass(services, owner, timedelta(hours=hours, seconds=1))
        await purge_sign_ins(services.database)
        async with tenant(services.database, owner.account_id) as connection:
            assert await connection.fetchval(count, owner.account_id) == left


async def test_any_later_password_voids_every_link(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor, colleague: Actor
) -> None:
    tokens = [await a_link(client, postbox, owner, colleague) for _ in range(2)]
    body = {"currentPassword": colleague.password, "newPassword": NEW, "confirmPassword": NEW}
    answer = await client.post("/api/profile/change-password", json=body, headers=colleague.headers)
    assert answer.status_code == 200
    for token in tokens:
        assert (await set_password(client, token, "a passphrase of Eve")).status_code == 400
    assert (await log_in(client, colleague.email, NEW)).status_code == 200


async def test_the_link_of_one_sets_nobody_elses_password(
    cast: Cast, client: httpx.AsyncClient, postbox: Postbox, owner: Actor, colleague: Actor
) -> None:
    another = await cast.sub_user(owner)
    token = await a_link(client, postbox, owner, colleague)
    assert (await set_password(client, token, NEW)).status_code == 200
    for actor in (owner, another):
        assert (await log_in(client, actor.email, actor.password)).status_code == 200


async def test_a_password_that_will_not_do_leaves_the_link_as_it_is(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor, colleague: Actor
) -> None:
    token = await a_link(client, postbox, owner, colleague)
    for password in ("short", "password1", colleague.email, "Rao Traders", "x" * 1025):
        answer = await set_password(client, token, password)
        assert (answer.status_code, type(answer.json()["message"])) == (400, list)
    mismatch = {"token": token, "newPassword": NEW, "confirmPassword": NEW + "x"}
    assert (await client.post("/api/auth/set-password", json=mismatch)).status_code == 400
    assert (await set_password(client, token, NEW)).status_code == 200


async def test_who_failed_to_log_in_too_often_gets_in_with_the_password_they_set(
    client: httpx.AsyncClient,
    postbox: Postbox,
    owner: Actor,
    colleague: Actor,
    address: str,
    at: Callable[[str], httpx.AsyncClient],
) -> None:
    token = await a_link(client, postbox, owner, colleague)
    for _ in range(11):
        await log_in(at(address), colleague.email, "a wrong passphrase")
    assert (await log_in(at(address), colleague.email)).status_code == 429
    assert (await set_password(at(address), token, NEW)).status_code == 200
    assert (await log_in(at(address), colleague.email, NEW)).status_code == 200


async def test_a_token_is_neither_stored_nor_logged(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor, colleague: Actor
) -> None:
    with capture_logs() as lines:
        token = await a_link(client, postbox, owner, colleague)
        await set_password(client, "A" * 43, NEW)
        await set_password(client, token, NEW)
    async with tenant(services.database, owner.account_id) as connection:
        stored = await connection.fetchval("select token from password_links where account_id = $1", owner.account_id)
    assert stored == sha256(token.encode()).hexdigest()
    assert [line["outcome"] for line in lines if line["event"] == "set_password"] == ["refused", "ok"]
    assert token not in str(lines)
    assert NEW not in str(lines)


async def test_tokens_are_never_the_same(services: Services, owner: Actor) -> None:
    async with tenant(services.database, owner.account_id) as connection:
        row = await accounts.user_by_id(connection, owner.account_id, owner.user_id)
        assert row is not None
        for _ in range(20):
            await mail_link(services, connection, owner.principal, row, "set_password")
        count = await connection.fetchval(
            "select count(distinct token) from password_links where account_id = $1", owner.account_id
        )
    assert count == 20


def test_a_link_leads_to_the_address_that_the_settings_name(settings: Settings) -> None:
    assert base_address(settings) == "http://127.0.0.1:3000"
    assert base_address(changed(settings, port=8080)) == "http://127.0.0.1:8080"
    assert base_address(changed(settings, public_url="https://crm.example/")) == "https://crm.example"


async def test_a_link_never_leads_where_a_request_says(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    email = make.email("ravi")
    lying = owner.headers | {
        "Host": "evil.example",
        "X-Forwarded-Host": "evil.example",
        "Origin": "https://evil.example",
    }
    body = {
        "fullName": "Ravi Nair", "email": email, "password": make.PASSWORD, "confirmPassword": make.PASSWORD,
        "role": "Sales Manager",
    }  # fmt: skip
    assert (await client.post(TEAM, json=body, headers=lying)).status_code == 201
    assert len(await links_for(postbox, email)) == 1
    assert "evil" not in "".join(await postbox.mails_to(email))
