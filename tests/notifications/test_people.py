"""Which users are notified of which events, by which channel, and only once."""

import asyncio
from uuid import UUID

import httpx
import msgspec
import pytest

from leadconnect.auth.services import Services
from leadconnect.database.transaction import tenant
from leadconnect.edge.middleware import Edge
from leadconnect.mail.announcements import Announcement, Kind
from leadconnect.notifications.telling import tell
from leadconnect.settings import Settings
from tests import make
from tests.auth.counting import CountingDatabase, counted_statements, exchanged, services_of
from tests.auth.forgotten import NEW, a_code, reset
from tests.cast import Actor, Cast
from tests.leads.writing import add_lead, change_lead
from tests.notifications.conftest import PUBLIC_URL
from tests.notifications.notified import announced, inbox, kinds, switch
from tests.postbox import Postbox
from tests.worker.running import worker


@pytest.fixture
async def owner(cast: Cast, services: Services) -> Actor:
    """An owner who wants to be notified of what they do themselves, so that one person is enough for most tests."""
    owner = await cast.owner(company="Acme Ltd")
    await switch(services, owner, own_actions=True)
    return owner


async def test_users_who_may_view_leads_are_notified_of_a_new_one_and_its_author_only_if_they_want_it(
    client: httpx.AsyncClient, cast: Cast, services: Services, postbox: Postbox, owner: Actor
) -> None:
    viewer, blind, author = (
        await cast.sub_user(owner), await cast.sub_user(owner, view=False), await cast.sub_user(owner, add=True),
    )  # fmt: skip
    await switch(services, author, own_actions=True)
    lead_id = await add_lead(client, author, name="Ravi Kumar", companyName="Ravi Mills", city="Pune")
    for actor in (owner, viewer, author):
        (mail,) = await postbox.mails_to(actor.email)
        assert "Sam Sub added Ravi Kumar (Ravi Mills)." in mail
        assert "City: Pune" in mail
        assert f"{PUBLIC_URL}/dashboard?lead={lead_id}" in mail
        (row,) = await inbox(client, actor)
        assert (row["kind"], row["title"], row["leadId"]) == ("new_lead", "New lead: Ravi Kumar", lead_id)
    assert await postbox.mails_to(blind.email) == []
    assert await inbox(client, blind) == []


async def test_an_account_of_the_same_name_is_not_notified(
    client: httpx.AsyncClient, cast: Cast, postbox: Postbox, owner: Actor
) -> None:
    stranger = await cast.owner(company="Acme Ltd")
    helper = await cast.sub_user(stranger)
    await add_lead(client, owner, leadStatus="hot")
    assert len(await postbox.mails_to(owner.email)) == 1
    for actor in (stranger, helper):
        assert await postbox.mails_to(actor.email) == []
        assert await inbox(client, actor) == []


async def test_inactive_users_and_sub_users_of_an_inactive_owner_are_not_notified(
    client: httpx.AsyncClient, cast: Cast, services: Services, postbox: Postbox, owner: Actor
) -> None:
    gone, viewer = await cast.sub_user(owner), await cast.sub_user(owner)
    await cast.deactivate(gone)
    lead_id = await add_lead(client, owner)
    assert await postbox.mails_to(gone.email) == []
    assert len(await postbox.mails_to(viewer.email)) == 1
    await cast.deactivate(owner)
    await announced(services, Announcement(kind=Kind.HOT_LEAD, account_id=owner.account_id, lead_id=UUID(lead_id)))
    assert len(await postbox.mails_to(viewer.email)) == 1
    assert len(await postbox.mails_to(owner.email)) == 1


@pytest.mark.parametrize(
    ("column", "kind", "status"),
    [("new_leads", "new_lead", "new"), ("hot_leads", "hot_lead", "hot"), ("conversions", "conversion", "converted")],
)
async def test_each_mail_hangs_on_its_own_switch_and_the_inbox_on_none(
    client: httpx.AsyncClient, cast: Cast, services: Services, postbox: Postbox, owner: Actor, column: str, kind: str,
    status: str,
) -> None:  # fmt: skip
    others = {"new_leads", "hot_leads", "conversions"} - {column}
    only, without = owner, await cast.sub_user(owner)
    await switch(services, only, **dict.fromkeys(others, False))
    await switch(services, without, **{column: False})
    lead_id = await add_lead(client, owner)
    await change_lead(client, owner, lead_id, leadStatus="hot")
    await change_lead(client, owner, lead_id, leadStatus="converted")
    assert len(await postbox.mails_to(only.email)) == 1
    assert len(await postbox.mails_to(without.email)) == 2
    for actor in (only, without):
        assert sorted(await kinds(client, actor)) == ["conversion", "hot_lead", "new_lead"]


async def test_the_master_switch_of_mail_stops_all_mails_and_no_inbox(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    await switch(services, owner, email_notifications=False)
    lead_id = await add_lead(client, owner)
    await change_lead(client, owner, lead_id, leadStatus="hot")
    assert await postbox.mails_to(owner.email) == []
    assert sorted(await kinds(client, owner)) == ["hot_lead", "new_lead"]


async def test_an_unchanged_status_or_another_one_is_not_notified(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    lead_id = await add_lead(client, owner, leadStatus="hot")
    for changes in ({"leadStatus": "hot"}, {"city": "Ulm"}, {"leadStatus": "lost"}, {"leadStatus": "qualified"}, {}):
        await change_lead(client, owner, lead_id, **changes)
    assert len(await postbox.mails_to(owner.email)) == 1
    await change_lead(client, owner, lead_id, leadStatus="hot")
    assert len(await postbox.mails_to(owner.email)) == 2


async def test_a_lead_that_is_new_and_hot_is_one_mail_of_the_kind_that_each_wants(
    client: httpx.AsyncClient, cast: Cast, services: Services, postbox: Postbox, owner: Actor
) -> None:
    of_hot, of_none = await cast.sub_user(owner), await cast.sub_user(owner)
    await switch(services, of_hot, new_leads=False)
    await switch(services, of_none, new_leads=False, hot_leads=False)
    await add_lead(client, owner, name="Ravi", leadStatus="hot")
    (mail,) = await postbox.mails_to(owner.email)
    assert "New lead: Ravi" in mail
    (mail,) = await postbox.mails_to(of_hot.email)
    assert "Hot lead: Ravi" in mail
    assert await postbox.mails_to(of_none.email) == []
    assert [await kinds(client, actor) for actor in (owner, of_hot, of_none)] == [
        ["new_lead"],
        ["hot_lead"],
        ["new_lead"],
    ]


async def test_an_event_of_a_deleted_lead_notifies_no_user(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    lead_id = await add_lead(client, owner)
    assert len(await postbox.mails_to(owner.email)) == 1
    await client.delete(f"/api/leads/{lead_id}", headers=owner.headers)
    await announced(services, Announcement(kind=Kind.HOT_LEAD, account_id=owner.account_id, lead_id=UUID(lead_id)))
    assert len(await postbox.mails_to(owner.email)) == 1
    assert await kinds(client, owner) == ["new_lead"]


async def test_an_announcement_handled_twice_in_parallel_notifies_once(
    client: httpx.AsyncClient, cast: Cast, services: Services, postbox: Postbox, owner: Actor
) -> None:
    viewer = await cast.sub_user(owner)
    lead_id = await add_lead(client, owner)
    await postbox.mails_to(owner.email)
    event = Announcement(kind=Kind.CONVERSION, account_id=owner.account_id, lead_id=UUID(lead_id))
    payload = msgspec.json.encode(event)
    await asyncio.gather(*(tell(services, payload) for _ in range(4)))
    for actor in (owner, viewer):
        assert len(await postbox.mails_to(actor.email)) == 2
        assert await kinds(client, actor) == ["conversion", "new_lead"]


async def test_an_import_is_one_summary_however_many_rows_it_has(
    client: httpx.AsyncClient, cast: Cast, services: Services, postbox: Postbox, owner: Actor
) -> None:
    uninterested = await cast.sub_user(owner)
    await switch(services, uninterested, new_leads=False)
    rows = [make.lead(name=f"Person {number}") for number in range(1_200)] + [make.lead(phoneNumber=7)]
    answer = await client.post("/api/leads/import", json={"leads": rows}, headers=owner.headers)
    assert answer.json()["successful"] == 1_200
    (mail,) = await postbox.mails_to(owner.email)
    assert "Asha Rao imported 1,200 leads." in mail
    assert await postbox.mails_to(uninterested.email) == []
    assert await kinds(client, uninterested) == ["leads_imported"]


async def test_an_import_without_a_valid_row_is_not_notified(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    await client.post("/api/leads/import", json={"leads": [make.lead(name=7)]}, headers=owner.headers)
    assert await postbox.mails_to(owner.email) == []
    assert await inbox(client, owner) == []


@pytest.mark.parametrize("kind", [Kind.PASSWORD_CHANGED, Kind.TWO_FACTOR_CHANGED])
async def test_what_concerns_ones_own_sign_in_is_in_ones_own_inbox_alone(
    client: httpx.AsyncClient, cast: Cast, services: Services, postbox: Postbox, owner: Actor, kind: Kind
) -> None:
    blind = await cast.sub_user(owner, view=False)
    await announced(services, Announcement(kind=kind, account_id=owner.account_id, user_id=blind.user_id))
    assert await postbox.mails_to(blind.email) == []
    assert await kinds(client, blind) == [kind.value]
    assert await inbox(client, owner) == []


async def test_a_changed_password_is_notified_in_the_inbox_and_by_one_mail(
    client: httpx.AsyncClient, cast: Cast, postbox: Postbox, owner: Actor
) -> None:
    code = await a_code(client, postbox, owner)
    assert (await reset(client, owner.email, code)).status_code == 200
    assert len(await postbox.mails_to(owner.email)) == 2
    owner.password = NEW
    (row,) = await inbox(client, await cast.log_in(owner))
    assert (row["kind"], row["title"]) == ("password_changed", "Your password was changed")


async def test_several_workers_notify_of_many_leads_once_each(
    client: httpx.AsyncClient, settings: Settings, postbox: Postbox, owner: Actor
) -> None:
    async with worker(settings), worker(settings):
        await asyncio.gather(*(add_lead(client, owner) for _ in range(20)))
        assert len(await postbox.mails_to(owner.email)) == 20
    assert len(await inbox(client, owner, limit=100)) == 20


async def test_names_are_shown_in_mails_and_obeyed_nowhere(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    async with tenant(services.database, owner.account_id) as connection:
        await connection.execute(
            "update users set full_name = $2 where account_id = $1", owner.account_id, "Eve\r\nBcc: x@example.com"
        )
    await add_lead(client, owner, name="<b>Ravi</b> {{ 7 * 7 }}", companyName="<img src=x>")
    (mail,) = await postbox.mails_to(owner.email)
    assert "Hello Eve Bcc: x@example[.]com," in mail
    assert "<b>Ravi</b> {{ 7 * 7 }} (<img src=x>)" in mail
    assert await postbox.mails_to("x@example.com") == []


async def test_a_new_lead_and_a_change_cost_one_statement_more_at_most(
    app: Edge, client: httpx.AsyncClient, owner: Actor
) -> None:
    def about_jobs(statements: list[str]) -> int:
        return sum("pgqueuer" in statement or "job_keys" in statement for statement in statements)

    with counted_statements(app) as statements:
        lead_id = await add_lead(client, owner, leadStatus="hot")
    assert about_jobs(statements) == 1
    for changes, expected in (({"city": "Ulm"}, 0), ({"leadStatus": "converted"}, 1)):
        with counted_statements(app) as statements:
            await change_lead(client, owner, lead_id, **changes)
        assert about_jobs(statements) == expected


async def test_queued_announcements_contain_no_personal_data(
    app: Edge, client: httpx.AsyncClient, owner: Actor
) -> None:
    counting = CountingDatabase(services_of(app).database)
    with exchanged(app, database=counting):
        await add_lead(client, owner, name="Canary Name", email="canary@example.org")
    lists = [argument for argument in counting.arguments if isinstance(argument, list)]
    queued = [part for each in lists for part in each if isinstance(part, bytes)]
    assert [msgspec.json.decode(part)["kind"] for part in queued] == ["new_lead"]
    assert b"canary" not in queued[0].lower()
