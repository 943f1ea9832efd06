"""Users are not notified of what they did themselves, unless they want to be."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from leadconnect.auth.services import Services
from leadconnect.database.transaction import tenant
from leadconnect.notifications import queries
from tests import make
from tests.cast import Actor, Cast
from tests.leads.writing import add_lead, change_lead
from tests.notifications.notified import INBOX, inbox, kinds, switch
from tests.postbox import Postbox

PREFERENCES = "/api/profile/preferences/notifications"


async def test_the_author_finds_nothing_and_the_others_are_notified(
    client: httpx.AsyncClient, cast: Cast, postbox: Postbox, owner: Actor
) -> None:
    author = await cast.sub_user(owner, add=True, edit=True)
    lead_id = await add_lead(client, author)
    await change_lead(client, author, lead_id, leadStatus="hot")
    await change_lead(client, author, lead_id, leadStatus="converted")
    assert len(await postbox.mails_to(owner.email)) == 3
    assert sorted(await kinds(client, owner)) == ["conversion", "hot_lead", "new_lead"]
    assert await postbox.mails_to(author.email) == []
    answer = await client.get(INBOX, headers=author.headers)
    assert answer.json() == {"data": [], "meta": {"nextCursor": None, "unreadCount": 0}}
    read = await client.post("/api/notifications/read", headers=author.headers)
    assert read.json() == {"updated": 0}


async def test_an_import_is_in_the_inbox_of_its_uploader_and_mailed_to_the_others(
    client: httpx.AsyncClient, cast: Cast, postbox: Postbox, owner: Actor
) -> None:
    viewer = await cast.sub_user(owner)
    await client.post("/api/leads/import", json={"leads": [make.lead()]}, headers=owner.headers)
    assert len(await postbox.mails_to(viewer.email)) == 1
    assert await postbox.mails_to(owner.email) == []
    assert await kinds(client, owner) == ["leads_imported"]


async def test_a_reminder_reaches_the_user_who_asked_for_it(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    lead_id = await add_lead(client, owner, nextFollowupDate="2031-03-09")
    answer = await client.post(f"/api/leads/{lead_id}/send-followup-reminder", headers=owner.headers)
    assert answer.status_code == 200
    assert len(await postbox.mails_to(owner.email)) == 1
    assert await kinds(client, owner) == ["follow_up"]


async def test_the_preference_is_off_at_first_and_switches_ones_own_alone(
    client: httpx.AsyncClient, cast: Cast, postbox: Postbox, owner: Actor
) -> None:
    colleague = await cast.sub_user(owner, add=True)
    before = await client.get("/api/profile/preferences", headers=owner.headers)
    assert before.json()["notifications"]["ownActions"] is False
    after = await client.put(PREFERENCES, json={"ownActions": True}, headers=owner.headers)
    assert after.json()["ownActions"] is True
    kept = await client.put(PREFERENCES, json={"hotLeads": True}, headers=owner.headers)
    assert kept.json()["ownActions"] is True
    await add_lead(client, owner)
    await add_lead(client, colleague)
    assert len(await postbox.mails_to(owner.email)) == 2
    assert len(await postbox.mails_to(colleague.email)) == 1


@pytest.mark.parametrize("value", [None, "yes", 1])
async def test_another_value_than_true_or_false_is_400(client: httpx.AsyncClient, owner: Actor, value: Any) -> None:
    answer = await client.put(PREFERENCES, json={"ownActions": value}, headers=owner.headers)
    assert (answer.status_code, answer.json()["message"]) == (400, ["ownActions must be true or false"])


async def test_what_the_owner_made_hot_counts_in_the_numbers_of_the_day(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    lead_id = await add_lead(client, owner)
    await change_lead(client, owner, lead_id, leadStatus="hot")
    await change_lead(client, owner, lead_id, leadStatus="qualified")
    await postbox.settled()
    assert await inbox(client, owner) == []
    since = datetime.now(UTC) - timedelta(hours=1)
    async with tenant(services.database, owner.account_id) as connection:
        numbers = await queries.day_numbers(
            connection, owner.account_id, date(2031, 3, 4), since, since + timedelta(hours=2)
        )
    assert numbers.hot_count == 1


async def test_switching_it_on_later_shows_nothing_of_before(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    await asyncio.gather(*(add_lead(client, owner) for _ in range(3)))
    await postbox.settled()
    await switch(services, owner, own_actions=True)
    assert await inbox(client, owner) == []
