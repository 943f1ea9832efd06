"""The analytics of an account: who reads them, what they have, and what never counts."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from leadconnect.auth.services import Services
from leadconnect.clock import today_in
from leadconnect.database.transaction import tenant
from tests import make
from tests.cast import Actor, Cast
from tests.leads.writing import add_lead, change_lead

URL = "/api/analytics"
Body = dict[str, Any]
KIRITIMATI, PAGO = "Pacific/Kiritimati", "Pacific/Pago_Pago"
"""Always on different days: 14 hours ahead of UTC, and 11 behind."""


async def read(client: httpx.AsyncClient, actor: Actor, **query: Any) -> Body:
    answer = await client.get(URL, params=query, headers=actor.headers)
    assert answer.status_code == 200, answer.text
    found: Body = answer.json()
    return found


async def test_an_account_without_leads_has_zeros_and_empty_lists(client: httpx.AsyncClient, owner: Actor) -> None:
    found = await read(client, owner)
    assert list(found) == [
        "basicMetrics", "followupTimeline", "leadSourceBreakdown", "leadStatusBreakdown", "categoryBreakdown",
        "communicationChannels", "next7DaysFollowups", "monthlyTrends", "period",
    ]  # fmt: skip
    assert list(found["basicMetrics"]) == [
        "totalLeads", "convertedLeads", "hotLeads", "potentialCustomers", "newThisWeek", "pendingFollowups",
        "dueThisWeek", "qualifiedLeads", "readyToConvert", "highPriority", "convertedCustomers", "lostOpportunities",
        "conversionRate", "successRate", "avgConversionTime",
    ]  # fmt: skip
    assert set(found["basicMetrics"].values()) == {0}
    assert found["followupTimeline"] == {"overdue": 0, "dueThisWeek": 0, "future": 0}
    assert [found[name] for name in list(found)[2:7]] == [[]] * 5
    assert {(trend["leads"], trend["converted"], trend["lost"]) for trend in found["monthlyTrends"]} == {(0, 0, 0)}


async def test_a_lead_is_told_in_every_part(client: httpx.AsyncClient, owner: Actor) -> None:
    today = today_in("UTC")
    lead_id = await add_lead(
        client,
        owner,
        **{"leadStatus": "hot", "leadSource": "referral", "preferredCommunicationChannel": "whatsapp"},
        **{"email": "j@example.com", "nextFollowupDate": str(today), "customerCategory": "existing"},
    )
    found = await read(client, owner, days=1)
    assert found["leadSourceBreakdown"] == [{"source": "referral", "count": 1, "percentage": 100}]
    assert found["leadStatusBreakdown"] == [{"status": "hot", "count": 1, "percentage": 100}]
    assert found["categoryBreakdown"] == [{"category": "existing", "count": 1, "percentage": 100}]
    assert found["communicationChannels"] == [{"channel": "whatsapp", "count": 1, "percentage": 100}]
    assert found["followupTimeline"] == {"overdue": 0, "dueThisWeek": 1, "future": 0}
    assert found["basicMetrics"]["dueThisWeek"] == 1
    assert found["next7DaysFollowups"] == [
        {
            "id": lead_id,
            "name": "Jürgen Groß",
            "email": "j@example.com",
            "phoneNumber": "+49 30 1234567",
            "nextFollowupDate": str(today),
            "leadStatus": "hot",
            "customerCategory": "existing",
        }
    ]
    assert sum(trend["leads"] for trend in found["monthlyTrends"]) == 1


async def test_the_seventh_day_is_due_and_not_future_and_the_eighth_is_future(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    for days in (7, 8):
        await add_lead(client, owner, nextFollowupDate=str(today_in("UTC") + timedelta(days=days)))
    found = await read(client, owner)
    assert found["followupTimeline"] == {"overdue": 0, "dueThisWeek": 1, "future": 1}
    assert len(found["next7DaysFollowups"]) == 1


@pytest.mark.parametrize("status", ["converted", "lost"])
async def test_a_closed_lead_is_neither_overdue_nor_due(status: str, client: httpx.AsyncClient, owner: Actor) -> None:
    lead_ids = [
        await add_lead(client, owner, nextFollowupDate=day)
        for day in ("2020-01-01", str(today_in("UTC")), "2090-01-01")
    ]
    assert (await read(client, owner))["followupTimeline"] == {"overdue": 1, "dueThisWeek": 1, "future": 1}
    for lead_id in lead_ids:
        await change_lead(client, owner, lead_id, leadStatus=status)
    found = await read(client, owner)
    assert found["followupTimeline"] == {"overdue": 0, "dueThisWeek": 0, "future": 0}
    assert found["next7DaysFollowups"] == []


async def test_conversions_and_losses_count_when_they_happen_and_no_more_when_taken_back(
    client: httpx.AsyncClient, owner: Actor, services: Services
) -> None:
    won, lost = await add_lead(client, owner), await add_lead(client, owner)
    async with tenant(services.database, owner.account_id) as connection:
        await connection.execute(
            "update leads set created_at = created_at - interval '400 days' where account_id = $1", owner.account_id
        )
    await change_lead(client, owner, won, leadStatus="converted")
    await change_lead(client, owner, lost, leadStatus="lost")
    found = await read(client, owner)
    metrics, trend = found["basicMetrics"], found["monthlyTrends"][-1]
    assert (metrics["convertedCustomers"], metrics["lostOpportunities"], metrics["successRate"]) == (1, 1, 50)
    assert metrics["avgConversionTime"] == 401
    assert (trend["leads"], trend["converted"], trend["lost"]) == (0, 1, 1)
    await change_lead(client, owner, won, city="Ulm")
    assert (await read(client, owner))["basicMetrics"] == metrics
    await change_lead(client, owner, won, leadStatus="hot")
    metrics = (await read(client, owner))["basicMetrics"]
    assert (metrics["convertedCustomers"], metrics["successRate"], metrics["avgConversionTime"]) == (0, 0, 0)


async def test_a_preferred_channel_goes_before_a_custom_one_and_without_either_it_is_unknown(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    for preferred, custom in (("other", "Pigeon"), (None, "Pigeon"), (" ", " "), (None, None), ("phone", None)):
        await add_lead(client, owner, preferredCommunicationChannel=preferred, customCommunicationChannel=custom)
    channels = (await read(client, owner))["communicationChannels"]
    assert [(one["channel"], one["count"]) for one in channels] == [
        ("unknown", 2),
        ("Pigeon", 1),
        ("other", 1),
        ("phone", 1),
    ]


async def test_deleted_leads_do_not_count_and_restored_ones_do(client: httpx.AsyncClient, owner: Actor) -> None:
    kept = await add_lead(client, owner, nextFollowupDate=str(today_in("UTC")))
    gone = await add_lead(client, owner, leadStatus="converted", preferredCommunicationChannel="phone")
    both = await read(client, owner)
    await client.delete(f"/api/leads/{gone}", headers=owner.headers)
    found = await read(client, owner)
    assert (found["basicMetrics"]["totalLeads"], found["basicMetrics"]["convertedCustomers"]) == (1, 0)
    assert [one["channel"] for one in found["communicationChannels"]] == ["unknown"]
    await client.delete(f"/api/leads/{kept}", headers=owner.headers)
    assert (await read(client, owner))["next7DaysFollowups"] == []
    for lead_id in (kept, gone):
        await client.post(f"/api/leads/{lead_id}/restore", headers=owner.headers)
    assert await read(client, owner) == both


async def test_lists_stay_short_however_many_channels_and_follow_ups_there_are(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    leads = [
        make.lead(
            nextFollowupDate=str(today_in("UTC")),
            customCommunicationChannel=f"{number:03} {'ü' * 251}",
            preferredCommunicationChannel="phone" if number < 9 else None,
        )
        for number in range(509)
    ]
    answer = await client.post("/api/leads/import", json={"leads": leads}, headers=owner.headers)
    assert answer.json()["successful"] == 509, answer.text
    found = await read(client, owner)
    channels = found["communicationChannels"]
    assert len(channels) == len(found["next7DaysFollowups"]) == 100
    assert channels[:2] == [
        {"channel": "phone", "count": 9, "percentage": 1.77},
        {"channel": f"009 {'ü' * 251}", "count": 1, "percentage": 0.2},
    ]
    assert [one["channel"] for one in channels[1:]] == sorted(one["channel"] for one in channels[1:])
    assert found["followupTimeline"]["dueThisWeek"] == 509


@pytest.mark.parametrize("zone", [KIRITIMATI, PAGO])
async def test_today_is_that_of_the_account(
    zone: str, client: httpx.AsyncClient, owner: Actor, services: Services
) -> None:
    async with tenant(services.database, owner.account_id) as connection:
        await connection.execute("update accounts set time_zone = $2 where id = $1", owner.account_id, zone)
    period = (await read(client, owner, days=365))["period"]
    assert period["endDate"] == str(today_in(zone))
    assert period["endDate"] != str(today_in(PAGO if zone == KIRITIMATI else KIRITIMATI))
    assert (period["days"], period["startDate"]) == (365, str(today_in(zone) - timedelta(days=365)))


async def test_without_a_number_of_days_it_is_seven(client: httpx.AsyncClient, owner: Actor) -> None:
    assert (await read(client, owner))["period"]["days"] == 7


@pytest.mark.parametrize(
    "query", ["days=0", "days=366", "days=-7", "days=seven", "days=7.5", "days=", "days=7&days=8", "period=week"]
)
async def test_other_queries_are_refused_with_a_list(query: str, client: httpx.AsyncClient, owner: Actor) -> None:
    answer = await client.get(f"{URL}?{query}", headers=owner.headers)
    assert answer.status_code == 400
    assert isinstance(answer.json()["message"], list)


async def test_nobody_reads_them_without_signing_in(client: httpx.AsyncClient) -> None:
    assert (await client.get(URL)).status_code == 401


async def test_a_sub_user_needs_the_right_to_view_leads(client: httpx.AsyncClient, owner: Actor, cast: Cast) -> None:
    blind = await cast.sub_user(owner, view=False, add=True, edit=True, export=True)
    assert (await client.get(URL, headers=blind.headers)).status_code == 403


async def test_a_sub_user_reads_what_the_owner_reads_and_nobody_else_does(
    client: httpx.AsyncClient, owner: Actor, cast: Cast
) -> None:
    helper, stranger = await cast.sub_user(owner, add=True), await cast.owner()
    await add_lead(client, owner, nextFollowupDate=str(today_in("UTC")))
    await add_lead(client, helper, leadStatus="converted")
    empty = await read(client, stranger)
    assert await read(client, owner) == await read(client, helper)
    assert (await read(client, owner))["basicMetrics"]["totalLeads"] == 2
    assert set(empty["basicMetrics"].values()) == {0}
    assert empty["next7DaysFollowups"] == empty["communicationChannels"] == []


async def test_without_an_active_owner_a_sub_user_reads_nothing(
    client: httpx.AsyncClient, owner: Actor, cast: Cast
) -> None:
    helper = await cast.sub_user(owner)
    await cast.deactivate(owner)
    assert (await client.get(URL, headers=helper.headers)).status_code == 403
