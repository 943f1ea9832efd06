"""Taking a merge back: everything is as it was, but for what somebody has changed since."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadconnect.auth.services import Services
from leadconnect.database.pool import Database
from leadconnect.database.transaction import tenant
from leadconnect.leads.merging.actions import MergedAgain, MergeUndone, NoSuchMerge
from leadconnect.leads.writing import set_external_ids
from leadconnect.mail.announcements import Kind
from leadconnect.notifications import queries as notifications
from leadconnect.notifications.wording import Words
from tests import make
from tests.cast import Actor, Cast
from tests.leads.duplicates.stored import known_ids
from tests.leads.merging.merges import merged, read, try_merge, unmerged
from tests.leads.writing import add_lead, change_lead

KEPT = {
    "leads": "select to_jsonb(l) - 'updated_at' - 'updated_by' from leads l order by id",
    "what is searched": "select to_jsonb(s) from lead_search s order by lead_id",
    "notifications": "select to_jsonb(n) from notifications n order by id",
    "external ids": "select to_jsonb(e) from lead_external_ids e order by system, external_id",
    "redirects": "select to_jsonb(r) from lead_redirects r order by old_id",
    "totals": """
        select jsonb_build_array(lead_status, customer_category, sum(lead_count)) from lead_counts
        group by lead_status, customer_category having sum(lead_count) <> 0 order by 1
    """,
    "tallies": """
        select jsonb_build_array(kind, label, day, sum(lead_count), sum(conversion_days)) from lead_tallies
        group by kind, label, day having sum(lead_count) <> 0 or sum(conversion_days) <> 0 order by 1
    """,
}
"""What an account has, but for histories and for when a lead was last written."""

TEXTS = st.sampled_from([None, "Ulm", "Pune", "München"])
LEADS = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Asha Rao", "A. Rao", "José Müller"]),
        "phoneNumber": st.sampled_from(["+49 30 1234567", "030 7654321"]),
        "email": st.sampled_from([None, "asha@example.com"]),
        "city": TEXTS,
        "country": st.sampled_from([None, "Germany", "India"]),
        "companyName": TEXTS,
        "sector": TEXTS,
        "customSector": TEXTS,
        "additionalNotes": TEXTS,
        "nextFollowupDate": st.sampled_from([None, "2031-03-04"]),
        "leadStatus": st.sampled_from(["new", "hot", "converted", "lost"]),
        "leadSource": st.sampled_from(["website", "other"]),
        "customLeadSource": st.sampled_from(["fair", "shop"]),
    }
)
FIELDS = ("name", "phoneNumber", "leadStatus", "leadSource", "country", "sector", "additionalNotes")


async def everything(database: Database, actor: Actor) -> dict[str, list[Any]]:
    """Return what `KEPT` has of an account."""
    async with tenant(database, actor.account_id) as connection:
        return {name: [row[0] for row in await connection.fetch(query)] for name, query in KEPT.items()}


async def attach(services: Services, owner: Actor, lead_id: str, number: int) -> None:
    """Give a lead a notification and two ids of another system."""
    told = [(owner.user_id, Kind.HOT_LEAD, Words("Hot", "A lead"))]
    async with tenant(services.database, owner.account_id) as connection:
        await notifications.insert(connection, owner.account_id, f"hot_lead:{uuid4()}", UUID(lead_id), told)
        pairs = [(f"l:{number}", UUID(lead_id)), (f"m:{number}", UUID(lead_id))]
        await set_external_ids(connection, owner.account_id, "meta", pairs)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(LEADS, min_size=4, max_size=4), st.lists(st.sampled_from(FIELDS), unique=True), st.data())
async def test_merges_that_are_taken_back_give_back_exactly_what_was(
    client: httpx.AsyncClient, cast: Cast, services: Services, bodies: list[Any], fields: list[str], data: st.DataObject
) -> None:
    owner = await cast.owner()
    leads = [await add_lead(client, owner, **body) for body in bodies]
    for number, lead_id in enumerate(leads):
        await attach(services, owner, lead_id, number)
    stages, acts = [], []
    while len(leads) > 1:
        stages.append(await everything(services.database, owner))
        survivor, *others = data.draw(st.permutations(leads))
        others = others[: data.draw(st.integers(1, len(others)))]
        take = {field: data.draw(st.sampled_from([survivor, *others])) for field in fields}
        answer = await merged(client, owner, survivor, *others, take=take)
        acts.append(answer["changeSetId"])
        leads = [lead_id for lead_id in leads if lead_id not in others]
    while stages:
        assert (await unmerged(services.database, owner, acts.pop())).left_alone == []
        assert await everything(services.database, owner) == stages.pop()


async def test_what_somebody_changed_since_is_left_alone(
    client: httpx.AsyncClient, owner: Actor, database: Database
) -> None:
    survivor, other = await add_lead(client, owner), await add_lead(client, owner, city="Ulm", state="Bayern")
    act = (await merged(client, owner, survivor, other))["changeSetId"]
    await change_lead(client, owner, survivor, city="Pune", pincode="411001")
    answer = await unmerged(database, owner, act)
    assert (answer.survivor_id, answer.restored_ids) == (UUID(survivor), [UUID(other)])
    assert answer.left_alone == ["city"]
    lead = await read(client, owner, survivor)
    assert (lead["city"], lead["state"], lead["pincode"]) == ("Pune", None, "411001")
    assert (await read(client, owner, other))["city"] == "Ulm"


async def test_a_lead_that_stayed_and_was_deleted_stays_deleted(
    client: httpx.AsyncClient, owner: Actor, database: Database
) -> None:
    survivor, other = await add_lead(client, owner), await add_lead(client, owner, city="Ulm")
    act = (await merged(client, owner, survivor, other))["changeSetId"]
    await client.delete(f"/api/leads/{survivor}", headers=owner.headers)
    answer = await unmerged(database, owner, act)
    assert (answer.left_alone, answer.survivor_is_deleted) == (["city"], True)
    assert (await read(client, owner, other))["city"] == "Ulm"
    assert (await client.get(f"/api/leads/{survivor}", headers=owner.headers)).status_code == 404


async def test_what_the_lead_that_stayed_no_longer_has_is_not_moved_back(
    client: httpx.AsyncClient, owner: Actor, services: Services
) -> None:
    survivor, other, third = [await add_lead(client, owner) for _ in range(3)]
    await attach(services, owner, other, 1)
    act = (await merged(client, owner, survivor, other))["changeSetId"]
    async with tenant(services.database, owner.account_id) as connection:
        await set_external_ids(connection, owner.account_id, "meta", [("l:1", UUID(third))])
    await unmerged(services.database, owner, act)
    async with tenant(services.database, owner.account_id) as connection:
        known = await known_ids(connection, "meta")
    assert known == {"l:1": UUID(third), "m:1": UUID(other)}


async def test_a_merge_is_taken_back_once_and_the_last_one_first(
    client: httpx.AsyncClient, owner: Actor, cast: Cast, database: Database
) -> None:
    first, second, third = [await add_lead(client, owner) for _ in range(3)]
    inner = (await merged(client, owner, second, first))["changeSetId"]
    outer = (await merged(client, owner, third, second))["changeSetId"]
    with pytest.raises(MergedAgain):
        await unmerged(database, owner, inner)
    await unmerged(database, owner, outer)
    await unmerged(database, owner, inner)
    for act in (inner, outer):
        with pytest.raises(MergeUndone):
            await unmerged(database, owner, act)
    with pytest.raises(NoSuchMerge):
        await unmerged(database, await cast.owner(), inner)
    with pytest.raises(NoSuchMerge):
        await unmerged(database, owner, str(uuid4()))


async def test_leads_that_were_taken_apart_can_be_merged_again(
    client: httpx.AsyncClient, owner: Actor, database: Database
) -> None:
    survivor, other = await add_lead(client, owner), await add_lead(client, owner)
    act = (await merged(client, owner, survivor, other))["changeSetId"]
    await unmerged(database, owner, act)
    assert (await try_merge(client, owner, other, survivor)).status_code == 200
    assert (await client.get(f"/api/leads/{survivor}", headers=owner.headers)).headers["location"] == other


async def test_taking_apart_stands_in_both_histories(
    client: httpx.AsyncClient, owner: Actor, database: Database
) -> None:
    survivor, other = await add_lead(client, owner), await add_lead(client, owner)
    act = (await merged(client, owner, survivor, other))["changeSetId"]
    await unmerged(database, owner, act)
    told = {}
    for lead_id in (survivor, other):
        events = (await client.get(f"/api/leads/{lead_id}/history", headers=owner.headers)).json()["data"]
        assert {event["leadId"] for event in events} == {lead_id}
        told[lead_id] = [(event["kind"], event["oldValue"], event["newValue"]) for event in events]
    created, apart, together = ("created", None, None), ("unmerged", other, None), ("merged", None, other)
    assert told[survivor] == [apart, together, created]
    apart, together = ("unmerged", survivor, None), ("merged", None, survivor)
    assert told[other] == [apart, ("restored", None, None), together, ("deleted", None, None), created]


async def undo(client: httpx.AsyncClient, actor: Actor, change_set_id: str) -> httpx.Response:
    return await client.post(f"/api/change-sets/{change_set_id}/undo", headers=actor.headers)


async def test_a_merge_is_a_change_set_that_is_undone_by_api(client: httpx.AsyncClient, owner: Actor) -> None:
    survivor, other = await add_lead(client, owner), await add_lead(client, owner, city="Ulm", state="Bayern")
    before = await read(client, owner, other)
    act = (await merged(client, owner, survivor, other))["changeSetId"]
    (listed,) = (await client.get("/api/change-sets", headers=owner.headers)).json()["data"]
    assert (listed["id"], listed["kind"], listed["leadCount"], listed["isUndoable"]) == (act, "merge", 2, True)
    await change_lead(client, owner, survivor, city="Pune")
    answer = await undo(client, owner, act)
    assert answer.status_code == 200, answer.text
    did = answer.json()
    assert (did["kind"], did["undoes"], did["leadCount"], did["isUndoable"]) == ("undo", act, 2, False)
    item = {"leadId": survivor, "field": "city", "reason": "edited_since"}
    assert did["leftAlone"] == {"total": 1, "items": [item]}
    after = await read(client, owner, other)
    assert after == before | {name: after[name] for name in ("updatedAt", "version")}
    assert (await undo(client, owner, act)).status_code == 409
    assert (await undo(client, owner, did["id"])).status_code == 409


async def test_a_lead_that_an_undone_merge_would_leave_without_a_contact_keeps_its_values(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    survivor = await add_lead(client, owner, email=None)
    other = await add_lead(client, owner, email="asha@example.com", city="Ulm")
    act = (await merged(client, owner, survivor, other))["changeSetId"]
    await change_lead(client, owner, survivor, phoneNumber="")
    did = (await undo(client, owner, act)).json()
    item = {"leadId": survivor, "field": None, "reason": "would_be_invalid"}
    assert did["leftAlone"] == {"total": 1, "items": [item]}
    kept, back = await read(client, owner, survivor), await read(client, owner, other)
    assert (kept["phoneNumber"], kept["email"], kept["city"]) == ("", "asha@example.com", "Ulm")
    assert (back["email"], back["city"]) == ("asha@example.com", "Ulm")


async def test_merges_on_top_of_each_other_are_undone_by_api_from_the_last_one_on(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    first, second, third = [await add_lead(client, owner) for _ in range(3)]
    inner = (await merged(client, owner, second, first))["changeSetId"]
    outer = (await merged(client, owner, third, second))["changeSetId"]
    refused = await undo(client, owner, inner)
    assert (refused.status_code, refused.json()["message"]) == (409, MergedAgain.__doc__)
    assert [(await undo(client, owner, act)).status_code for act in (outer, inner)] == [200, 200]


async def imported(client: httpx.AsyncClient, owner: Actor) -> tuple[str, str, str]:
    """Import two leads; return their ids and that of the change set."""
    rows = [make.lead(name="Asha Rao"), make.lead(name="A. Rao", city="Ulm")]
    answer = await client.post("/api/leads/import", json={"leads": rows}, headers=owner.headers)
    one, other = [result["lead"]["id"] for result in answer.json()["results"]]
    (act,) = (await client.get("/api/change-sets", headers=owner.headers)).json()["data"]
    return one, other, act["id"]


async def count(client: httpx.AsyncClient, owner: Actor) -> int:
    return int((await client.get("/api/leads", headers=owner.headers)).json()["meta"]["total"])


async def test_leads_of_an_import_that_were_merged_are_left_alone_when_it_is_undone(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    one, other, act = await imported(client, owner)
    await merged(client, owner, await add_lead(client, owner), one)
    mine = await add_lead(client, owner)
    await merged(client, owner, other, mine)
    undone = (await undo(client, owner, act)).json()
    assert (undone["leadCount"], undone["leftAlone"]["total"]) == (0, 2)
    assert await count(client, owner) == 2


async def test_a_merge_that_was_undone_does_not_keep_an_import_from_being_undone(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    one, other, act = await imported(client, owner)
    merge = (await merged(client, owner, one, other))["changeSetId"]
    assert (await undo(client, owner, merge)).status_code == 200
    assert await count(client, owner) == 2
    undone = (await undo(client, owner, act)).json()
    assert (undone["leadCount"], undone["leftAlone"]["total"]) == (2, 0)
    assert await count(client, owner) == 0
