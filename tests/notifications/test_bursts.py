"""A burst of events is one mail a person and interval, with everything in it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import msgspec
import pytest

from leadconnect.auth.services import Services
from leadconnect.database.transaction import tenant
from leadconnect.notifications.mailing import MailJob, mail_news
from leadconnect.settings import Settings
from tests import make
from tests.cast import Actor, Cast
from tests.conftest import changed
from tests.leads.writing import add_lead, change_lead
from tests.notifications.notified import inbox, switch
from tests.postbox import Postbox, working_postbox

PLANS = "select count(*) from pgqueuer where entrypoint = 'mail_news' and execute_after > now() + interval '1 minute'"
BRING_FORWARD = "update pgqueuer set execute_after = now() where entrypoint = 'mail_news'"


@pytest.fixture
async def postbox(settings: Settings, services: Services) -> AsyncIterator[Postbox]:
    """The mail of a worker that mails notifications every five minutes, as by default."""
    async with working_postbox(changed(settings, news_interval=Settings().news_interval), services.database) as opened:
        yield opened


@pytest.fixture
async def author(cast: Cast, owner: Actor) -> Actor:
    """A sub-user whose leads the owner is notified of."""
    return await cast.sub_user(owner, add=True, edit=True)


async def plan_count(services: Services) -> int:
    async with services.database.acquire() as connection:
        return int(await connection.fetchval(PLANS))


async def let_pass(services: Services) -> None:
    """Let the interval pass for every mail that is planned."""
    async with services.database.acquire() as connection:
        await connection.execute(BRING_FORWARD)


async def test_the_first_event_is_mailed_immediately_and_in_full(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor, author: Actor
) -> None:
    lead_id = await add_lead(client, author, name="Ravi Kumar", companyName="Ravi Mills", city="Pune")
    (mail,) = await postbox.mails_to(owner.email)
    for text in ("New lead: Ravi Kumar", "Sam Sub added Ravi Kumar (Ravi Mills).", "City: Pune", f"lead={lead_id}"):
        assert text in mail


async def test_what_follows_within_the_interval_is_one_mail(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor, author: Actor
) -> None:
    first = await add_lead(client, author, name="First")
    assert len(await postbox.mails_to(owner.email)) == 1
    await asyncio.gather(*(add_lead(client, author, name=f"Person {number}") for number in range(30)))
    await change_lead(client, author, first, leadStatus="hot")
    await client.post("/api/leads/import", json={"leads": [make.lead()]}, headers=author.headers)
    assert len(await postbox.mails_to(owner.email)) == 1
    assert await plan_count(services) == 1
    await let_pass(services)
    _, mail = await postbox.mails_to(owner.email)
    assert "30 new leads, 1 hot lead, 1 import" in mail
    assert mail.count("Sam Sub added Person") == 20
    assert "and 12 more" in mail
    assert "lead=" not in mail
    assert len(await inbox(client, owner, limit=100)) == 33


async def test_twenty_simultaneous_events_are_mailed_once_each_in_two_mails(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor, author: Actor
) -> None:
    await asyncio.gather(*(add_lead(client, author, name=f"Person {number:02}") for number in range(20)))
    assert len(await postbox.mails_to(owner.email)) == 1
    await let_pass(services)
    text = "".join(await postbox.mails_to(owner.email))
    assert [text.count(f"added Person {number:02}") for number in range(20)] == [1] * 20


async def test_a_job_that_runs_twice_mails_once(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor, author: Actor
) -> None:
    await add_lead(client, author)
    assert len(await postbox.mails_to(owner.email)) == 1
    await add_lead(client, author)
    await postbox.settled()
    payload = msgspec.json.encode(MailJob(owner.account_id, owner.user_id))
    await asyncio.gather(*(mail_news(services, payload) for _ in range(5)))
    assert len(await postbox.mails_to(owner.email)) == 2
    await let_pass(services)
    assert len(await postbox.mails_to(owner.email)) == 2


async def test_a_plan_that_lost_its_job_is_made_again_after_an_hour(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor, author: Actor
) -> None:
    async with tenant(services.database, owner.account_id) as connection:
        await connection.execute(
            "update notification_settings set news_due_at = now() - $2::interval where account_id = $1",
            owner.account_id, timedelta(minutes=61),
        )  # fmt: skip
    await add_lead(client, author)
    assert len(await postbox.mails_to(owner.email)) == 1


async def test_a_mail_leaves_out_deleted_leads_and_users_who_may_not_see_them_any_more(
    client: httpx.AsyncClient, cast: Cast, services: Services, postbox: Postbox, owner: Actor, author: Actor
) -> None:
    viewer = await cast.sub_user(owner)
    await add_lead(client, author)
    await postbox.settled()
    gone, kept = await add_lead(client, author, name="Gone"), await add_lead(client, author, name="Kept")
    await postbox.settled()
    await client.delete(f"/api/leads/{gone}", headers=owner.headers)
    await switch(services, viewer, email_notifications=False)
    await let_pass(services)
    mails = await postbox.mails_to(owner.email)
    assert len(mails) == 2
    assert f"lead={kept}" in mails[1]
    assert "Gone" not in mails[1]
    assert len(await postbox.mails_to(viewer.email)) == 1
