"""Reminders on request: queued, once a minute, and only for leads of the caller's account."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from leadconnect.auth.services import Services
from leadconnect.database.transaction import directory
from tests.cast import Actor, Cast
from tests.leads.writing import add_lead
from tests.notifications.notified import inbox, switch
from tests.postbox import Postbox

DUE = {"nextFollowupDate": "2031-03-04"}


@pytest.fixture
async def owner(cast: Cast, services: Services) -> Actor:
    """An owner who gets no mail of new leads."""
    found = await cast.owner()
    await switch(services, found, new_leads=False, own_actions=True)
    return found


async def remind(client: httpx.AsyncClient, actor: Actor, lead_id: str) -> httpx.Response:
    return await client.post(f"/api/leads/{lead_id}/send-followup-reminder", headers=actor.headers)


async def let_a_minute_pass(services: Services, lead_id: str) -> None:
    async with directory(services.database) as connection:
        key = services.limits.reminders(UUID(lead_id)).key
        await connection.execute(
            "update throttles set window_ends_at = window_ends_at - $2::interval where key = $1",
            key, timedelta(minutes=1),
        )  # fmt: skip


async def test_all_users_who_may_view_the_lead_are_reminded(
    client: httpx.AsyncClient, cast: Cast, services: Services, postbox: Postbox, owner: Actor
) -> None:
    viewer, blind, uninterested = (
        await cast.sub_user(owner), await cast.sub_user(owner, view=False), await cast.sub_user(owner),
    )  # fmt: skip
    await switch(services, viewer, new_leads=False)
    await switch(services, uninterested, new_leads=False, follow_ups=False)
    lead_id = await add_lead(client, owner, name="Ravi", **DUE)
    answer = await remind(client, viewer, lead_id)
    assert (answer.status_code, list(answer.json())) == (200, ["message"])
    for actor in (owner, viewer):
        (mail,) = await postbox.mails_to(actor.email)
        assert "The follow-up with Ravi is due on 4 March 2031." in mail
    assert await postbox.mails_to(uninterested.email) == []
    assert await postbox.mails_to(blind.email) == []
    assert {row["kind"] for row in await inbox(client, uninterested)} == {"follow_up", "new_lead"}
    assert [row["leadId"] for row in await inbox(client, owner)] == [lead_id, lead_id]


async def test_a_double_click_reminds_once_and_a_click_a_minute_later_again(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    lead_id, other_id = await add_lead(client, owner, **DUE), await add_lead(client, owner, **DUE)
    answers = await asyncio.gather(*(remind(client, owner, lead_id) for _ in range(5)))
    assert [answer.status_code for answer in answers] == [200] * 5
    assert len(await postbox.mails_to(owner.email)) == 1
    await remind(client, owner, other_id)
    assert len(await postbox.mails_to(owner.email)) == 2
    await let_a_minute_pass(services, lead_id)
    await remind(client, owner, lead_id)
    assert len(await postbox.mails_to(owner.email)) == 3


async def test_a_lead_without_a_date_is_400_until_it_has_one(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    lead_id = await add_lead(client, owner)
    answer = await remind(client, owner, lead_id)
    assert answer.status_code == 400
    assert answer.json()["message"] == "The lead has no follow-up date to be reminded of."
    await client.patch(f"/api/leads/{lead_id}", json=DUE, headers=owner.headers)
    assert (await remind(client, owner, lead_id)).status_code == 200
    assert len(await postbox.mails_to(owner.email)) == 1


async def test_a_lead_of_another_account_is_404_and_no_user_is_mailed(
    client: httpx.AsyncClient, cast: Cast, postbox: Postbox, owner: Actor
) -> None:
    stranger = await cast.owner()
    lead_id = await add_lead(client, owner, **DUE)
    answers = [await remind(client, stranger, each) for each in (lead_id, str(uuid4()), "none")]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert answers[0].content == answers[1].content
    assert await postbox.mails_to(owner.email) == []
    assert await postbox.mails_to(stranger.email) == []


async def test_a_deleted_lead_is_404(client: httpx.AsyncClient, owner: Actor) -> None:
    lead_id = await add_lead(client, owner, **DUE)
    await client.delete(f"/api/leads/{lead_id}", headers=owner.headers)
    assert (await remind(client, owner, lead_id)).status_code == 404


async def test_reminding_needs_the_right_to_view_leads(client: httpx.AsyncClient, cast: Cast, owner: Actor) -> None:
    lead_id = await add_lead(client, owner, **DUE)
    blind = await cast.sub_user(owner, view=False, edit=True, add=True)
    assert (await remind(client, blind, lead_id)).status_code == 403
    assert (await client.post(f"/api/leads/{lead_id}/send-followup-reminder")).status_code == 401
    assert (await remind(client, owner, lead_id)).status_code == 200
