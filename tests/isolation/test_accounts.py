"""No account sees, counts or changes anything of another one, whatever its company is called.

The last tests take the application's own filter away and find that row security keeps the accounts apart all the same.
"""

import httpx
import pytest

from leadconnect.auth.services import Services
from leadconnect.clock import today_in
from leadconnect.database.transaction import tenant
from leadconnect.mail.announcements import Kind
from leadconnect.notifications import queries as notification_queries
from leadconnect.notifications.wording import Words
from tests import make
from tests.cast import Actor, Cast
from tests.leads.writing import add_lead

NAMES = ["Acme Ltd", "ACME LTD", " Acme  Ltd ", "Acme Ltd", "Ａｃｍｅ Ltd"]


@pytest.fixture
async def victim(cast: Cast, client: httpx.AsyncClient, services: Services) -> Actor:
    """An owner of Acme Ltd with one lead, of which they were told."""
    owner = await cast.owner(company="Acme Ltd")
    await add_lead(
        client,
        owner,
        name="Victim's Lead",
        city="Pune",
        sector="Textiles",
        email="victim@example.org",
        nextFollowupDate=str(today_in("UTC")),
    )
    async with tenant(services.database, owner.account_id) as connection:
        told = [(owner.user_id, Kind.NEW_LEAD, Words("Victim's Lead", "It is new."))]
        await notification_queries.insert(connection, owner.account_id, "new_lead:1", None, told)
    return owner


async def lead_ids(client: httpx.AsyncClient, actor: Actor) -> list[str]:
    answer = await client.get("/api/leads", params={"limit": 1000}, headers=actor.headers)
    assert answer.status_code == 200, answer.text
    return [lead["id"] for lead in answer.json()["data"]]


async def assert_sees_nothing(client: httpx.AsyncClient, stranger: Actor, victim: Actor) -> None:
    """Try every way to the victim's lead."""
    (lead_id,) = await lead_ids(client, victim)
    for query in (
        {},
        {"search": "victim"},
        {"search": "vi"},
        {"city": "pune"},
        {"status": "new"},
        {"sector": "textiles"},
    ):
        answer = await client.get("/api/leads", params=query, headers=stranger.headers)
        assert answer.status_code == 200, answer.text
        assert (answer.json()["data"], answer.json()["meta"]["total"]) == ([], 0)
    assert (await client.get("/api/leads/cities", headers=stranger.headers)).json() == {"cities": []}
    assert (await client.get("/api/leads/sectors", headers=stranger.headers)).json() == {"sectors": []}
    analytics = (await client.get("/api/analytics", headers=stranger.headers)).json()
    assert set(analytics["basicMetrics"].values()) == {0}
    assert (analytics["leadStatusBreakdown"], analytics["next7DaysFollowups"]) == ([], [])
    export = await client.get("/api/leads/export", headers=stranger.headers)
    assert export.status_code == 200
    assert len(export.text.splitlines()) == 1
    for method, body in (("GET", None), ("PATCH", {"name": "Mine now"}), ("DELETE", None)):
        answer = await client.request(method, f"/api/leads/{lead_id}", json=body, headers=stranger.headers)
        assert answer.status_code == 404, answer.text
    reminder = await client.post(f"/api/leads/{lead_id}/send-followup-reminder", headers=stranger.headers)
    assert reminder.status_code == 404, reminder.text
    inbox = (await client.get("/api/notifications", headers=stranger.headers)).json()
    assert (inbox["data"], inbox["meta"]["unreadCount"]) == ([], 0)
    assert (await client.post("/api/notifications/read", headers=stranger.headers)).json() == {"updated": 0}
    assert (await client.get(f"/api/users/{victim.user_id}", headers=stranger.headers)).status_code == 404
    users = (await client.get("/api/users", headers=stranger.headers)).json()
    assert str(victim.user_id) not in {user["id"] for user in users}
    kept = (await client.get(f"/api/leads/{lead_id}", headers=victim.headers)).json()
    assert kept["name"] == "Victim's Lead"


@pytest.mark.parametrize("company", NAMES)
async def test_an_equal_company_name_opens_nothing(
    company: str, victim: Actor, cast: Cast, client: httpx.AsyncClient
) -> None:
    stranger = await cast.owner(company=company)
    await assert_sees_nothing(client, stranger, victim)
    helper = await cast.sub_user(stranger, view=True, edit=True, add=True, export=True)
    await assert_sees_nothing(client, helper, victim)


async def test_renaming_the_company_opens_nothing(
    victim: Actor, cast: Cast, client: httpx.AsyncClient, services: Services
) -> None:
    stranger = await cast.owner(company="Another Ltd")
    helper = await cast.sub_user(stranger, view=True, edit=True, add=True, export=True)
    async with tenant(services.database, stranger.account_id) as connection:
        await connection.execute("update accounts set company_name = 'Acme Ltd' where id = $1", stranger.account_id)
    await assert_sees_nothing(client, stranger, victim)
    await assert_sees_nothing(client, helper, victim)
    assert len(await lead_ids(client, victim)) == 1


async def test_another_accounts_lead_and_no_lead_at_all_are_answered_alike(
    victim: Actor, cast: Cast, client: httpx.AsyncClient
) -> None:
    stranger = await cast.owner()
    (foreign,) = await lead_ids(client, victim)
    unknown = "01920000-0000-7000-8000-000000000000"
    for method, body in (("GET", None), ("PATCH", {"name": "X Y"}), ("DELETE", None)):
        answers = [
            await client.request(method, f"/api/leads/{lead_id}", json=body, headers=stranger.headers)
            for lead_id in (foreign, unknown)
        ]
        assert answers[0].status_code == answers[1].status_code == 404
        assert answers[0].content == answers[1].content


@pytest.mark.parametrize(
    "extra",
    ["id", "userId", "user", "orgId", "accountId", "assignedToUserId", "isActive", "subscriptionPlan", "createdAt"],
)
async def test_what_is_not_theirs_to_say_is_refused(extra: str, cast: Cast, client: httpx.AsyncClient) -> None:
    owner = await cast.owner()
    lead_id = await add_lead(client, owner)
    before = (await client.get(f"/api/leads/{lead_id}", headers=owner.headers)).json()
    body = {extra: "01920000-0000-7000-8000-000000000000"}
    created = await client.post("/api/leads", json=make.lead(**body), headers=owner.headers)
    changed = await client.patch(f"/api/leads/{lead_id}", json=body, headers=owner.headers)
    for answer in (created, changed):
        assert answer.status_code == 400
        assert answer.json()["message"] == [f"property {extra} should not exist"]
    assert (await client.get(f"/api/leads/{lead_id}", headers=owner.headers)).json() == before
    assert await lead_ids(client, owner) == [lead_id]


async def test_without_the_applications_filter_row_security_still_holds(
    victim: Actor, cast: Cast, client: httpx.AsyncClient, without_filters: int
) -> None:
    assert without_filters >= 5, "nothing was taken away"
    stranger = await cast.owner(company="Acme Ltd")
    await assert_sees_nothing(client, stranger, victim)
