"""What an owner changes about sub-users counts from their next request on, on every instance."""

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest

from leadconnect.auth.services import Services
from leadconnect.database.transaction import directory
from leadconnect.settings import Settings
from tests import make
from tests.auth.forgotten import a_code, reset
from tests.auth.signed_in import is_over, is_signed_in
from tests.cast import Actor, Cast
from tests.conftest import client_of, running_app
from tests.postbox import Postbox
from tests.team.managing import TEAM, add, links_for, listed, log_in, set_password

NEW = "a new passphrase"


@pytest.fixture
async def colleague(cast: Cast, owner: Actor) -> Actor:
    """A sub-user who sees and changes leads."""
    return await cast.sub_user(owner, view=True, edit=True)


async def change(client: httpx.AsyncClient, owner: Actor, colleague: Actor, **changes: Any) -> httpx.Response:
    return await client.patch(f"{TEAM}/{colleague.user_id}", json=changes, headers=owner.headers)


async def permit(client: httpx.AsyncClient, owner: Actor, colleague: Actor, **changes: Any) -> httpx.Response:
    return await client.patch(f"{TEAM}/{colleague.user_id}/permissions", json=changes, headers=owner.headers)


async def renew(client: httpx.AsyncClient, owner: Actor, colleague: Actor, **passwords: Any) -> httpx.Response:
    return await client.post(f"{TEAM}/{colleague.user_id}/reset-password", json=passwords, headers=owner.headers)


async def test_a_permission_counts_on_the_next_request_of_every_instance(
    client: httpx.AsyncClient, settings: Settings, owner: Actor, colleague: Actor
) -> None:
    async with running_app(settings) as second, client_of(second) as elsewhere:
        for allowed in (False, True):
            assert (await permit(client, owner, colleague, canViewLeads=allowed)).status_code == 200
            for instance in (client, elsewhere):
                answer = await instance.get("/api/leads", headers=colleague.headers)
                assert answer.status_code == (200 if allowed else 403)


async def test_permissions_that_are_not_sent_stay(client: httpx.AsyncClient, owner: Actor, colleague: Actor) -> None:
    before = (await permit(client, owner, colleague)).json()
    assert before["permissions"] == {
        "canViewLeads": True, "canEditLeads": True, "canAddLeads": False, "canExportLeads": False,
    }  # fmt: skip
    answer = await permit(client, owner, colleague, canExportLeads=True, canEditLeads=False)
    assert answer.json() == before | {
        "permissions": before["permissions"] | {"canExportLeads": True, "canEditLeads": False}
    }
    assert await listed(client, owner) == [answer.json()]


async def test_of_permissions_changed_at_once_none_is_lost(
    client: httpx.AsyncClient, owner: Actor, colleague: Actor
) -> None:
    names = ("canViewLeads", "canEditLeads", "canAddLeads", "canExportLeads")
    for value in (False, True, False):
        await asyncio.gather(*(permit(client, owner, colleague, **{name: value}) for name in names))
        (found,) = await listed(client, owner)
        assert found["permissions"] == dict.fromkeys(names, value)


@pytest.mark.parametrize("sent", [{"canViewLeads": None}, {"canEditLeads": "true"}, {"canDeleteLeads": True}])
async def test_a_permission_that_is_none_is_refused(
    client: httpx.AsyncClient, owner: Actor, colleague: Actor, sent: dict[str, Any]
) -> None:
    assert (await permit(client, owner, colleague, **sent)).status_code == 400


async def test_no_change_that_began_after_the_permission_was_taken_succeeds(
    cast: Cast, client: httpx.AsyncClient, owner: Actor, colleague: Actor
) -> None:
    lead = (await client.post("/api/leads", json=make.lead(), headers=owner.headers)).json()
    taken, answers = asyncio.Event(), []

    async def keep_changing() -> None:
        for number in range(20):
            began_after = taken.is_set()
            url = f"/api/leads/{lead['id']}"
            answer = await client.patch(url, json={"city": f"City {number}"}, headers=colleague.headers)
            answers.append((began_after, answer.status_code))

    async def take() -> None:
        assert (await permit(client, owner, colleague, canEditLeads=False)).status_code == 200
        taken.set()

    await asyncio.gather(*(keep_changing() for _ in range(10)), take())
    assert {status for _, status in answers} <= {200, 403}
    assert {status for began_after, status in answers if began_after} == {403}


async def test_who_is_deactivated_is_out_at_once_and_back_only_by_logging_in(
    client: httpx.AsyncClient, settings: Settings, owner: Actor, colleague: Actor
) -> None:
    async with running_app(settings) as second, client_of(second) as elsewhere:
        assert (await change(client, owner, colleague, isActive=False)).json()["isActive"] is False
        for instance in (client, elsewhere):
            assert await is_over(instance, colleague)
            assert (await log_in(instance, colleague.email)).status_code == 401
    assert (await change(client, owner, colleague, isActive=True)).json()["isActive"] is True
    assert await is_over(client, colleague)
    assert (await log_in(client, colleague.email)).status_code == 200


async def test_codes_and_links_of_who_is_deactivated_are_useless(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor, colleague: Actor
) -> None:
    code = await a_code(client, postbox, colleague)
    assert (await renew(client, owner, colleague)).status_code == 200
    (token,) = await links_for(postbox, colleague.email)
    await change(client, owner, colleague, isActive=False)
    await change(client, owner, colleague, isActive=True)
    assert (await reset(client, colleague.email, code)).status_code == 400
    assert (await set_password(client, token, NEW)).status_code == 400


async def test_activating_who_is_active_disturbs_nobody(
    client: httpx.AsyncClient, owner: Actor, colleague: Actor
) -> None:
    assert (await change(client, owner, colleague, isActive=True)).status_code == 200
    assert await is_signed_in(client, colleague.token)


async def test_name_and_role_are_changed_and_the_rest_stays(
    client: httpx.AsyncClient, owner: Actor, colleague: Actor
) -> None:
    (before,) = await listed(client, owner)
    answer = await change(client, owner, colleague, fullName="Samuel", role="other", customRole="Buyer")
    assert answer.json() == before | {"fullName": "Samuel", "role": "Buyer", "customRole": "Buyer"}
    assert (await change(client, owner, colleague, role="Buyer")).json() == answer.json()
    left = await change(client, owner, colleague, role="Sales Manager")
    assert (left.json()["role"], left.json()["customRole"]) == ("Sales Manager", None)
    assert await is_signed_in(client, colleague.token)


@pytest.mark.parametrize(
    "sent",
    [
        {"role": "Management"}, {"role": "admin"}, {"role": "other"}, {"role": None}, {"fullName": ""},
        {"fullName": None}, {"isActive": None}, {"isActive": "false"}, {"email": "eve@example.com"},
        {"password": NEW}, {"canEditLeads": True}, {"parentUserId": None},
    ],
)  # fmt: skip
async def test_what_cannot_be_is_refused_and_changes_nothing(
    client: httpx.AsyncClient, owner: Actor, colleague: Actor, sent: dict[str, Any]
) -> None:
    before = await listed(client, owner)
    assert (await change(client, owner, colleague, **({"fullName": "Eve"} | sent))).status_code == 400
    assert await listed(client, owner) == before


async def test_a_sub_user_never_becomes_management_by_a_text(
    client: httpx.AsyncClient, owner: Actor, colleague: Actor
) -> None:
    assert (await change(client, owner, colleague, role="other", customRole="Management")).status_code == 200
    assert (await change(client, owner, colleague, role="Management")).json()["customRole"] == "Management"
    assert (await change(client, owner, colleague, role="Management", customRole=None)).status_code == 400
    assert (await client.get(TEAM, headers=colleague.headers)).status_code == 403


async def test_the_owner_is_no_sub_user_of_their_own(client: httpx.AsyncClient, owner: Actor) -> None:
    for answer in (
        await change(client, owner, owner, isActive=False),
        await permit(client, owner, owner, canViewLeads=False),
        await renew(client, owner, owner),
    ):
        assert answer.status_code == 404
    assert await is_signed_in(client, owner.token)


async def test_a_password_that_the_owner_sets_counts_and_ends_the_sessions(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor, colleague: Actor
) -> None:
    assert (await renew(client, owner, colleague, newPassword=NEW, confirmPassword=NEW)).status_code == 200
    assert await is_over(client, colleague)
    assert await is_signed_in(client, owner.token)
    assert (await log_in(client, colleague.email)).status_code == 401
    assert (await log_in(client, colleague.email, NEW)).status_code == 200
    (mail,) = await postbox.mails_to(colleague.email)
    assert "was changed" in mail


@pytest.mark.parametrize(
    "sent",
    [
        {"newPassword": NEW}, {"confirmPassword": NEW}, {"newPassword": NEW, "confirmPassword": NEW + "x"},
        {"newPassword": "short", "confirmPassword": "short"}, {"newPassword": None, "confirmPassword": None},
        {"newPassword": "Rao Traders", "confirmPassword": "Rao Traders"}, {"newPassword": "", "confirmPassword": ""},
        {"link": True},
    ],
)  # fmt: skip
async def test_a_password_that_will_not_do_is_refused(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor, colleague: Actor, sent: dict[str, Any]
) -> None:
    assert (await renew(client, owner, colleague, **sent)).status_code == 400
    assert await is_signed_in(client, colleague.token)
    assert await postbox.mails_to(colleague.email) == []


async def test_without_a_password_a_link_is_mailed_and_the_old_password_counts_until_it_is_used(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor, colleague: Actor
) -> None:
    answer = await renew(client, owner, colleague)
    assert (answer.status_code, set(answer.json())) == (200, {"message"})
    assert await is_signed_in(client, colleague.token)
    (token,) = await links_for(postbox, colleague.email)
    assert token not in answer.text
    assert (await set_password(client, token, NEW)).status_code == 200
    assert await is_over(client, colleague)
    assert (await log_in(client, colleague.email, NEW)).status_code == 200


async def test_five_links_an_hour_are_mailed_to_one_person(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor, colleague: Actor
) -> None:
    answers = await asyncio.gather(*(renew(client, owner, colleague) for _ in range(8)))
    assert Counter(answer.status_code for answer in answers) == {200: 5, 429: 3}
    assert len(await links_for(postbox, colleague.email)) == 5


async def test_an_account_mails_three_hundred_links_a_day(
    client: httpx.AsyncClient, services: Services, owner: Actor, colleague: Actor
) -> None:
    _, of_account = services.limits.password_links(owner.account_id, colleague.user_id)
    assert (await renew(client, owner, colleague)).status_code == 200
    async with directory(services.database) as connection:
        await connection.execute("update throttles set used_count = 299 where key = $1", of_account.key)
    assert (await add(client, owner)).status_code == 201
    assert (await renew(client, owner, colleague)).status_code == 429
    assert (await add(client, owner)).status_code == 429
    assert len(await listed(client, owner)) == 2
