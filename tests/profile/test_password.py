"""Changing one's password: only with the current one, and every other session ends."""

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest

from tests.auth.forgotten import a_code, can_log_in, reset
from tests.auth.signed_in import is_over, is_signed_in
from tests.cast import Actor, Cast
from tests.postbox import Postbox
from tests.profile.changing import PASSWORD

NEW = "a new passphrase"


async def change(client: httpx.AsyncClient, actor: Actor, **changes: Any) -> httpx.Response:
    body = {"currentPassword": actor.password, "newPassword": NEW, "confirmPassword": NEW, **changes}
    return await client.post(PASSWORD, json=body, headers=actor.headers)


async def test_nobody_changes_a_password_without_a_token(client: httpx.AsyncClient) -> None:
    body = {"currentPassword": NEW, "newPassword": NEW, "confirmPassword": NEW}
    assert (await client.post(PASSWORD, json=body)).status_code == 401


async def test_the_new_password_counts_and_this_session_alone_lives_on(
    cast: Cast, client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    elsewhere, colleague = await cast.log_in(owner), await cast.sub_user(owner)
    answer = await change(client, owner)
    assert (answer.status_code, set(answer.json())) == (200, {"message"})
    assert await is_signed_in(client, owner.token)
    assert await is_over(client, elsewhere)
    assert await is_signed_in(client, colleague.token)
    assert await can_log_in(client, owner, NEW)
    assert not await can_log_in(client, owner, owner.password)
    assert len(await postbox.mails_to(owner.email)) == 1
    security = (await client.get("/api/profile/preferences", headers=owner.headers)).json()["security"]
    assert security["lastPasswordChange"].endswith("Z")


async def test_a_sub_user_changes_their_own(cast: Cast, client: httpx.AsyncClient, owner: Actor) -> None:
    colleague = await cast.sub_user(owner, view=False)
    assert (await change(client, colleague)).status_code == 200
    assert await can_log_in(client, colleague, NEW)
    assert await can_log_in(client, owner, owner.password)


async def test_a_wrong_current_password_is_400_and_counts_as_a_wrong_log_in(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    answers = [await change(client, owner, currentPassword="a wrong passphrase") for _ in range(11)]
    assert [answer.status_code for answer in answers] == [400] * 10 + [429]
    log_in = {"email": owner.email, "password": owner.password}
    assert (await client.post("/api/auth/login", json=log_in)).status_code == 429
    assert await postbox.mails_to(owner.email) == []
    assert await is_signed_in(client, owner.token)


@pytest.mark.parametrize(
    ("new", "again"),
    [
        ("short", "short"), ("password1", "password1"), (NEW, NEW + "x"), ("x" * 1025, "x" * 1025),
        ("Rao Traders", "Rao Traders"), (None, None), (NEW, None),
    ],
)  # fmt: skip
async def test_a_new_password_that_will_not_do_is_refused(
    client: httpx.AsyncClient, owner: Actor, new: str | None, again: str | None
) -> None:
    assert (await change(client, owner, newPassword=new, confirmPassword=again)).status_code == 400
    assert await can_log_in(client, owner, owner.password)


async def test_neither_the_current_password_nor_ones_address_is_a_new_one(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    for new in (owner.password, owner.email, owner.email.partition("@")[0]):
        answer = await change(client, owner, newPassword=new, confirmPassword=new)
        assert answer.status_code == 400
        assert isinstance(answer.json()["message"], list)


async def test_a_code_to_reset_the_old_one_becomes_useless(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    code = await a_code(client, postbox, owner)
    assert (await change(client, owner)).status_code == 200
    assert (await reset(client, owner.email, code)).status_code == 400


async def test_of_changes_at_once_one_counts(
    cast: Cast, client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    """And its notice is the only one: the others were made with a password that no longer is."""
    sessions = [owner, *[await cast.log_in(owner) for _ in range(4)]]
    wanted = [f"{NEW} number {number}" for number in range(5)]
    answers = await asyncio.gather(
        *(
            change(client, actor, newPassword=new, confirmPassword=new)
            for actor, new in zip(sessions, wanted, strict=True)
        )
    )
    counts = Counter(answer.status_code for answer in answers)
    assert counts[200] == 1
    assert set(counts) <= {200, 400, 401}
    (winner,) = [new for new, answer in zip(wanted, answers, strict=True) if answer.status_code == 200]
    assert await can_log_in(client, owner, winner)
    assert len(await postbox.mails_to(owner.email)) == 1
