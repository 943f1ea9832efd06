"""Inviting somebody: no password needed, one mail and no other until they accept, and no links in it but ours."""

import asyncio
from typing import Any

import httpx
import pytest

from leadconnect.auth.services import Services
from leadconnect.database.transaction import directory
from tests import make
from tests.cast import Actor, Cast
from tests.leads.writing import add_lead
from tests.postbox import Postbox
from tests.team.managing import TEAM, added, body, links_for, listed, log_in, set_password

NEW = "a passphrase of my own"
FORGOT = "/api/auth/forgot-password"


def invitation(**changes: Any) -> dict[str, Any]:
    """Return the body of a new sub-user without a password."""
    return {key: value for key, value in body(**changes).items() if "assword" not in key}


async def invite(client: httpx.AsyncClient, owner: Actor, **changes: Any) -> httpx.Response:
    return await client.post(TEAM, json=invitation(**changes), headers=owner.headers)


async def renew(client: httpx.AsyncClient, owner: Actor, user_id: str) -> httpx.Response:
    return await client.post(f"{TEAM}/{user_id}/reset-password", json={}, headers=owner.headers)


async def let_pass(services: Services, email: str) -> None:
    """Let the time pass within which no other invitation is mailed to an address."""
    async with directory(services.database) as connection:
        await connection.execute(
            "update throttles set window_ends_at = now() where key = $1", services.limits.invitations(email).key
        )


async def test_without_a_password_the_user_logs_in_once_they_chose_one(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    answer = await invite(client, owner)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert made["isInvited"] is True
    for password in ("", make.PASSWORD):
        assert (await log_in(client, made["email"], password or "x")).status_code == 401
    (token,) = await links_for(postbox, made["email"])
    (mail,) = await postbox.mails_to(made["email"])
    assert "has told you a password" not in mail
    assert (await set_password(client, token, NEW)).status_code == 200
    assert (await log_in(client, made["email"], NEW)).status_code == 200
    assert [user["isInvited"] for user in await listed(client, owner)] == [False]


async def test_with_a_password_the_first_log_in_accepts(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    made = await added(client, owner)
    (mail,) = await postbox.mails_to(made["email"])
    assert "has told you a password" in mail
    assert (await log_in(client, made["email"])).status_code == 200
    assert [user["isInvited"] for user in await listed(client, owner)] == [False]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"password": NEW}, "confirmPassword is required with password"),
        ({"confirmPassword": NEW}, "password is required with confirmPassword"),
    ],
)
async def test_half_a_password_is_400(
    client: httpx.AsyncClient, owner: Actor, changes: dict[str, str], fault: str
) -> None:
    answer = await client.post(TEAM, json=invitation() | changes, headers=owner.headers)
    assert (answer.status_code, answer.json()["message"]) == (400, [fault])


async def test_an_invited_address_gets_one_mail_whatever_is_done_in_the_account(
    client: httpx.AsyncClient, cast: Cast, postbox: Postbox, owner: Actor
) -> None:
    made = (await invite(client, owner)).json()
    author = await cast.sub_user(owner, add=True)
    await add_lead(client, author, name="Win at http://evil.example")
    again = await renew(client, owner, made["id"])
    assert (again.status_code, "Retry-After" in again.headers) == (429, True)
    assert "invitation" in again.json()["message"]
    direct = {"newPassword": NEW, "confirmPassword": NEW}
    url = f"{TEAM}/{made['id']}/reset-password"
    assert (await client.post(url, json=direct, headers=owner.headers)).status_code == 200
    assert (await client.delete(f"{TEAM}/{made['id']}", headers=owner.headers)).status_code == 200
    assert (await invite(client, owner, email=made["email"])).status_code == 429
    assert (await invite(client, await cast.owner(), email=made["email"])).status_code == 429
    await added(client, owner, email=made["email"])
    assert len(await postbox.mails_to(made["email"])) == 1


async def test_of_invitations_at_once_by_several_accounts_one_is_mailed(
    client: httpx.AsyncClient, cast: Cast, postbox: Postbox
) -> None:
    owners, email = [await cast.owner() for _ in range(4)], make.email("ravi")
    answers = await asyncio.gather(*(invite(client, owner, email=email) for owner in owners))
    assert sorted(answer.status_code for answer in answers)[0] == 201
    assert {answer.status_code for answer in answers[1:]} <= {201, 409, 429}
    assert len(await postbox.mails_to(email)) == 1


async def test_another_invitation_is_mailed_once_the_link_has_expired(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    made = (await invite(client, owner)).json()
    await let_pass(services, made["email"])
    assert (await renew(client, owner, made["id"])).status_code == 200
    assert len(await links_for(postbox, made["email"])) == 2


async def test_an_invited_user_can_ask_for_a_code_thrice_a_day_and_accepts_with_it(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    made = (await invite(client, owner)).json()
    for _ in range(4):
        assert (await client.post(FORGOT, json={"email": made["email"]})).status_code == 200
        await postbox.settled()
        async with directory(services.database) as connection:
            keys = [limit.key for limit in services.limits.codes(made["email"])]
            await connection.execute("update throttles set window_ends_at = now() where key = any($1)", keys)
    codes = await postbox.codes_for(made["email"])
    assert len(codes) == 3
    entry = {"email": made["email"], "otp": codes[-1], "newPassword": NEW, "confirmPassword": NEW}
    assert (await client.post("/api/auth/reset-password", json=entry)).status_code == 200
    assert [user["isInvited"] for user in await listed(client, owner)] == [False]


async def test_texts_in_an_invitation_are_short_and_make_no_links(
    client: httpx.AsyncClient, cast: Cast, postbox: Postbox
) -> None:
    owner = await cast.owner(fullName="Win at http://evil.example/" + "x" * 200, company="evil.example")
    made = (await invite(client, owner, fullName="Click www.evil.example")).json()
    (mail,) = await postbox.mails_to(made["email"])
    assert "http[:]//evil[.]example/" in mail
    assert "leads of evil[.]example" in mail
    assert "Click www[.]evil[.]example," in mail
    assert "evil.example" not in mail
    assert "x" * 101 not in mail
