"""Pushes from the event to the browser: through the queue and a real worker, over TLS, each under its switches."""

from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest

from leadconnect.auth.services import Services
from leadconnect.database.transaction import tenant
from leadconnect.notifications.push.actions import SEND_PUSH, PushJob, send_push
from leadconnect.notifications.push.sender import PushSender
from leadconnect.queue.actions import enqueue
from tests.cast import Actor, Cast
from tests.leads.writing import add_lead, change_lead
from tests.notifications.notified import STATUS, inbox, subscribe, switch
from tests.notifications.push.service import Browser, PushService, status
from tests.postbox import Postbox

TEST = "/api/notifications/test"


@pytest.fixture
async def owner(cast: Cast, services: Services) -> Actor:
    """An owner who wants pushes and no mail."""
    found = await cast.owner()
    await switch(services, found, browser_push=True, own_actions=True, email_notifications=False)
    return found


async def pushed(postbox: Postbox, push_service: PushService, browser: Browser) -> list[dict[str, Any]]:
    """Return what a browser got, once the worker has nothing to do any more."""
    await postbox.mails_to("nobody@example.com")
    return [browser.read(received) for received in push_service.of(browser)]


async def issues(client: httpx.AsyncClient, actor: Actor) -> list[str]:
    found: list[str] = (await client.get(STATUS, headers=actor.headers)).json()["issues"]
    return found


async def test_a_new_lead_is_pushed_to_all_devices_of_those_who_want_it(
    client: httpx.AsyncClient, cast: Cast, services: Services, postbox: Postbox, push_service: PushService, owner: Actor
) -> None:
    phone, laptop, others = push_service.browser(), push_service.browser(), push_service.browser()
    colleague = await cast.sub_user(owner)
    await subscribe(client, owner, phone)
    await subscribe(client, owner, laptop)
    await subscribe(client, colleague, others)
    lead_id = await add_lead(client, owner, name="Ravi")
    for browser in (phone, laptop):
        (push,) = await pushed(postbox, push_service, browser)
        assert (push["title"], push["body"]) == ("New lead: Ravi", "Asha Rao added Ravi.")
        assert (push["data"]["type"], push["data"]["leadId"], push["tag"]) == ("new_lead", lead_id, f"lead-{lead_id}")
    assert await pushed(postbox, push_service, others) == []
    assert await postbox.mails_to(owner.email) == []


@pytest.mark.parametrize(("column", "kind"), [("new_leads", "new_lead"), ("hot_leads", "hot_lead")])
async def test_a_push_hangs_on_the_switch_of_its_kind(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, push_service: PushService, owner: Actor,
    column: str, kind: str,
) -> None:  # fmt: skip
    browser = push_service.browser()
    await subscribe(client, owner, browser)
    await switch(services, owner, **{column: False})
    lead_id = await add_lead(client, owner)
    await change_lead(client, owner, lead_id, leadStatus="hot")
    types = [push["data"]["type"] for push in await pushed(postbox, push_service, browser)]
    assert len(types) == 1
    assert kind not in types


async def test_an_import_is_one_push(
    client: httpx.AsyncClient, postbox: Postbox, push_service: PushService, owner: Actor
) -> None:
    browser = push_service.browser()
    await subscribe(client, owner, browser)
    file = "Name,Phone\n" + "".join(f"Person {number},{number + 1000}\n" for number in range(30))
    answer = await client.post("/api/leads/import", files={"file": ("l.csv", file)}, headers=owner.headers)
    assert answer.json()["successful"] == 30
    (push,) = await pushed(postbox, push_service, browser)
    assert (push["title"], push["data"]["type"], push["data"]["leadId"]) == ("30 leads imported", "new_lead", None)


async def test_a_test_reaches_the_device_whatever_the_switches(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, push_service: PushService, owner: Actor
) -> None:
    browser = push_service.browser()
    await switch(services, owner, browser_push=False)
    await subscribe(client, owner, browser)
    answer = (await client.post(TEST, headers=owner.headers)).json()
    assert (answer["success"], answer["sent"], answer["diagnostics"]["subscriptionCount"]) == (True, True, 1)
    (push,) = await pushed(postbox, push_service, browser)
    assert push["data"]["type"] == "test"
    assert await inbox(client, owner) == []


@pytest.mark.parametrize("code", [404, 410])
async def test_a_device_that_is_gone_is_forgotten_and_the_others_stay(
    client: httpx.AsyncClient, postbox: Postbox, push_service: PushService, owner: Actor, code: int
) -> None:
    gone, there = push_service.browser(), push_service.browser()
    push_service.answers[gone.path] = [status(code)]
    await subscribe(client, owner, gone)
    await subscribe(client, owner, there)
    await add_lead(client, owner)
    assert len(await pushed(postbox, push_service, there)) == 1
    answer = (await client.get(STATUS, headers=owner.headers)).json()
    assert (answer["subscriptionCount"], answer["issues"]) == (1, [])


async def test_a_busy_push_service_is_asked_again(
    client: httpx.AsyncClient, postbox: Postbox, push_service: PushService, owner: Actor
) -> None:
    browser = push_service.browser()
    push_service.answers[browser.path] = [status(429), status(503)]
    await subscribe(client, owner, browser)
    await add_lead(client, owner)
    assert len(await pushed(postbox, push_service, browser)) == 3
    assert await issues(client, owner) == []


async def test_a_refused_push_is_not_repeated_and_its_reason_is_shown_until_one_succeeds(
    client: httpx.AsyncClient, postbox: Postbox, push_service: PushService, owner: Actor
) -> None:
    browser = push_service.browser()
    push_service.answers[browser.path] = [status(403)]
    await subscribe(client, owner, browser)
    await add_lead(client, owner)
    assert len(await pushed(postbox, push_service, browser)) == 1
    assert await issues(client, owner) == ["The last message to a device was refused: http_403"]
    await client.post(TEST, headers=owner.headers)
    assert len(await pushed(postbox, push_service, browser)) == 2
    assert await issues(client, owner) == []


async def test_a_user_who_was_signed_out_or_deactivated_gets_no_push(
    client: httpx.AsyncClient, cast: Cast, services: Services, postbox: Postbox, push_service: PushService, owner: Actor
) -> None:
    browsers = [push_service.browser() for _ in range(2)]
    signed_out, gone = await cast.sub_user(owner), await cast.sub_user(owner)
    for actor, browser in zip((signed_out, gone), browsers, strict=True):
        await switch(services, actor, browser_push=True)
        await subscribe(client, actor, browser)
    async with tenant(services.database, owner.account_id) as connection:
        rows = await connection.fetch("select id from push_subscriptions where account_id = $1", owner.account_id)
    await client.post("/api/auth/logout", headers=signed_out.headers)
    await cast.deactivate(gone)
    await add_lead(client, owner)
    for row in rows:
        job = msgspec.json.encode(PushJob(owner.account_id, row["id"]))
        sender = PushSender(services.settings)
        assert await send_push(services, sender, job, timedelta(hours=1)) == "gone"
    for browser in browsers:
        assert await pushed(postbox, push_service, browser) == []


@pytest.mark.parametrize("change", ["right", "switch", "lead"])
async def test_a_delayed_push_is_dropped_if_its_user_may_not_see_it_or_does_not_want_it_any_more(
    client: httpx.AsyncClient, cast: Cast, services: Services, postbox: Postbox, push_service: PushService,
    owner: Actor, change: str,
) -> None:  # fmt: skip
    viewer, browser = await cast.sub_user(owner), push_service.browser()
    await switch(services, viewer, browser_push=True)
    await subscribe(client, viewer, browser)
    lead_id = await add_lead(client, owner)
    assert len(await pushed(postbox, push_service, browser)) == 1
    async with tenant(services.database, owner.account_id) as connection:
        device = await connection.fetchval("select id from push_subscriptions where user_id = $1", viewer.user_id)
        notified = await connection.fetchval("select id from notifications where user_id = $1", viewer.user_id)
    job, sender = msgspec.json.encode(PushJob(owner.account_id, device, notified)), PushSender(services.settings)
    assert await send_push(services, sender, job, timedelta(hours=1)) == "sent"
    if change == "right":
        url = f"/api/profile/sub-users/{viewer.user_id}/permissions"
        await client.patch(url, json={"canViewLeads": False}, headers=owner.headers)
    elif change == "switch":
        await switch(services, viewer, browser_push=False)
    else:
        await client.delete(f"/api/leads/{lead_id}", headers=owner.headers)
    assert await send_push(services, sender, job, timedelta(hours=1)) == "gone"
    assert len(await pushed(postbox, push_service, browser)) == 2


async def test_a_push_that_waited_for_a_day_is_dropped(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, push_service: PushService, owner: Actor
) -> None:
    browser = push_service.browser()
    await subscribe(client, owner, browser)
    async with tenant(services.database, owner.account_id) as connection:
        (row,) = await connection.fetch("select id from push_subscriptions where account_id = $1", owner.account_id)
        payload = msgspec.json.encode(PushJob(owner.account_id, row["id"]))
        await enqueue(connection, SEND_PUSH, payload, delay=timedelta(days=1))
    async with services.database.acquire() as connection:
        day_later = "update pgqueuer set created = created - $2::interval, execute_after = now() where payload = $1"
        assert await connection.execute(day_later, payload, timedelta(days=1)) == "UPDATE 1"
    assert await pushed(postbox, push_service, browser) == []
