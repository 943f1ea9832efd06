"""Bulk changes: nothing without the right number of leads, all that are meant with it, and the same as one by one."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from leadconnect.clock import today_in
from leadconnect.database.pool import Database
from leadconnect.database.transaction import tenant
from tests.cast import Actor, Cast
from tests.leads.changes.acting import Json, bulk, change_set, confirmed, delete, found, history, lead, update
from tests.leads.totals.test_counts import differences
from tests.leads.writing import add_lead, change_lead

HOT = {"leadStatus": "hot"}


async def status_of(client: httpx.AsyncClient, actor: Actor, lead_id: str) -> Any:
    return (await lead(client, actor, lead_id))["leadStatus"]


async def refusal(client: httpx.AsyncClient, actor: Actor, body: Any) -> httpx.Response:
    return await client.post("/api/leads/bulk", json=body, headers=actor.headers)


async def test_without_a_count_it_only_says_how_many_leads_are_meant(client: httpx.AsyncClient, owner: Actor) -> None:
    first, second = [await add_lead(client, owner) for _ in range(2)]
    result = await bulk(client, owner, {"action": "update", "ids": [first, second], "set": HOT})
    assert result == {
        "message": "This means 2 leads. To have it done, send it again with expectedCount 2.",
        "matched": 2,
        "changed": 0,
        "notFound": {"total": 0, "ids": []},
        "changeSet": None,
    }
    assert await status_of(client, owner, first) == "new"


@pytest.mark.parametrize("count", [0, 1, 3])
async def test_with_another_count_nothing_is_changed(client: httpx.AsyncClient, owner: Actor, count: int) -> None:
    ids = [await add_lead(client, owner) for _ in range(2)]
    answer = await refusal(client, owner, {"action": "update", "ids": ids, "set": HOT, "expectedCount": count})
    assert answer.status_code == 409
    assert answer.json()["message"] == f"This means 2 leads, and not {count}. Nothing was changed."
    assert [await status_of(client, owner, lead_id) for lead_id in ids] == ["new", "new"]
    assert (await client.get("/api/change-sets", headers=owner.headers)).json()["data"] == []


async def test_an_update_is_told_as_single_changes_are(client: httpx.AsyncClient, owner: Actor) -> None:
    ids = [await add_lead(client, owner, city="Ulm", nextFollowupDate="2031-03-04") for _ in range(2)]
    sets = {"city": " Köln ", "nextFollowupDate": "2031-03-05", "leadStatus": "hot", "additionalNotes": None}
    done = await update(client, owner, ids, **sets)
    assert (done["kind"], done["state"], done["leadCount"]) == ("bulk_update", "done", 2)
    assert done["description"] == "city, nextFollowupDate, leadStatus, additionalNotes"
    for lead_id in ids:
        changed = await lead(client, owner, lead_id)
        assert (changed["city"], changed["nextFollowupDate"], changed["leadStatus"]) == ("Köln", "2031-03-05", "hot")
        assert sorted((await history(client, owner, lead_id))[1:]) == [
            ("changed", "city", "Ulm", "Köln", "bulk"),
            ("changed", "leadStatus", "new", "hot", "bulk"),
            ("changed", "nextFollowupDate", "2031-03-04", "2031-03-05", "bulk"),
        ]
    assert (await change_set(client, owner, done["id"]))["events"] == {"changed": 6}


async def test_a_lead_that_has_the_values_already_stays_as_it_is(client: httpx.AsyncClient, owner: Actor) -> None:
    same, other = await add_lead(client, owner, leadStatus="hot"), await add_lead(client, owner)
    before = await lead(client, owner, same)
    body = {"action": "update", "filter": {}, "set": HOT}
    result = await bulk(client, owner, body | {"expectedCount": 2})
    assert (result["matched"], result["changed"], result["changeSet"]["leadCount"]) == (2, 1, 1)
    assert await lead(client, owner, same) == before
    assert len(await history(client, owner, same)) == 1
    assert await status_of(client, owner, other) == "hot"


async def test_ids_that_name_no_lead_are_listed_and_change_nothing(
    client: httpx.AsyncClient, cast: Cast, owner: Actor
) -> None:
    stranger = await cast.owner()
    foreign, own, deleted = [await add_lead(client, actor) for actor in (stranger, owner, owner)]
    await delete(client, owner, [deleted])
    unknown = str(uuid4())
    body = {"action": "update", "ids": [foreign, own, own, deleted, unknown], "set": HOT}
    result = await bulk(client, owner, body)
    assert (result["matched"], result["notFound"]) == (1, {"total": 3, "ids": [foreign, deleted, unknown]})
    result = await bulk(client, owner, body | {"expectedCount": 1})
    assert (result["changed"], result["notFound"]["total"]) == (1, 3)
    assert await status_of(client, stranger, foreign) == "new"
    assert len(await history(client, stranger, foreign)) == 1


async def test_of_many_ids_that_name_no_lead_a_hundred_are_listed(client: httpx.AsyncClient, owner: Actor) -> None:
    result = await bulk(client, owner, {"action": "delete", "ids": [str(uuid4()) for _ in range(101)]})
    assert (result["notFound"]["total"], len(result["notFound"]["ids"])) == (101, 100)
    nothing = await bulk(client, owner, {"action": "delete", "ids": [str(uuid4())], "expectedCount": 0})
    assert (nothing["matched"], nothing["changed"], nothing["changeSet"]) == (0, 0, None)


TODAY = today_in("UTC")
FILTERS: dict[str, tuple[Json, str]] = {
    "everything": ({}, ""),
    "a search": ({"search": "gross"}, "search=gross"),
    "a phone": ({"search": "030 77"}, "search=030 77"),
    "statuses": ({"status": ["hot", "New Lead"]}, "status=hot&status=new"),
    "a category": ({"category": "existing"}, "category=existing"),
    "cities": ({"city": ["ULM", "pune"]}, "city=ulm,pune"),
    "a sector": ({"sector": ["looms"]}, "sector=looms"),
    "follow-ups": ({"followupDateFilter": "overdue"}, "followupDateFilter=overdue"),
    "a search and more": ({"search": "gross", "status": ["hot"]}, "search=gross&status=hot"),
    "a search and follow-ups": (
        {"search": "gross", "followupDateFilter": "due_soon"},
        "search=gross&followupDateFilter=due_soon",
    ),
}


@pytest.mark.parametrize(("selection", "query"), FILTERS.values(), ids=FILTERS.keys())
async def test_a_filter_means_what_the_list_shows(
    client: httpx.AsyncClient, owner: Actor, selection: Json, query: str
) -> None:
    for number, name in enumerate(["Anna Gross", "Gross & Sons", "Mira", "Zed", "Ingross"]):
        await add_lead(
            client,
            owner,
            name=name,
            phoneNumber=f"030 7{number % 2 + 7}",
            leadStatus=["hot", "new", "lost"][number % 3],
            customerCategory=["existing", "potential"][number % 2],
            city=["Ulm", "Pune", None][number % 3],
            sector=["Looms", None][number % 2],
            nextFollowupDate=str(TODAY + timedelta(days=[-1, 2, 40][number % 3])),
        )
    listed = (await client.get(f"/api/leads?{query}&limit=1000", headers=owner.headers)).json()["data"]
    done = await confirmed(client, owner, {"action": "update", "filter": selection, "set": {"designation": "Buyer"}})
    assert done["leadCount"] == len(listed) > 0
    everyone = (await client.get("/api/leads?limit=1000", headers=owner.headers)).json()["data"]
    changed = {each["id"] for each in everyone if each["designation"] == "Buyer"}
    assert changed == {each["id"] for each in listed}


async def test_search_cities_and_sectors_follow(client: httpx.AsyncClient, owner: Actor) -> None:
    ids = [await add_lead(client, owner, name=name, companyName="Old Mill", city="Ulm") for name in ("Ada", "Bob")]
    await update(client, owner, ids, companyName="New Works", city="Pune", sector="Looms")
    assert await found(client, owner, "old mill") == []
    assert await found(client, owner, "new works") == ["Ada", "Bob"]
    assert (await client.get("/api/leads/cities", headers=owner.headers)).json() == {"cities": ["Pune"]}
    assert (await client.get("/api/leads/sectors", headers=owner.headers)).json() == {"sectors": ["Looms"]}
    assert (await client.get("/api/leads?sector=looms", headers=owner.headers)).json()["meta"]["total"] == 2


async def test_totals_and_the_instants_of_closing_follow(
    client: httpx.AsyncClient, owner: Actor, database: Database
) -> None:
    ids = [await add_lead(client, owner, leadStatus=status) for status in ("new", "converted", "lost")]
    closed = "select id::text, converted_at, lost_at from leads where account_id = $1"
    async with tenant(database, owner.account_id) as connection:
        before = {row["id"]: row for row in await connection.fetch(closed, owner.account_id)}
    await update(client, owner, ids, leadStatus="converted")
    async with tenant(database, owner.account_id) as connection:
        after = {row["id"]: row for row in await connection.fetch(closed, owner.account_id)}
        assert await differences(connection, owner.account_id) == []
    assert all(row["converted_at"] is not None and row["lost_at"] is None for row in after.values())
    assert after[ids[1]] == before[ids[1]]
    await update(client, owner, ids, leadStatus="new")
    async with tenant(database, owner.account_id) as connection:
        open_again = await connection.fetch(closed, owner.account_id)
        assert await differences(connection, owner.account_id) == []
    assert all(row["converted_at"] is None and row["lost_at"] is None for row in open_again)


async def test_a_deletion_is_one_of_each_lead(client: httpx.AsyncClient, owner: Actor, database: Database) -> None:
    kept, *ids = [await add_lead(client, owner, name=name) for name in ("Kept", "Ada", "Bob")]
    done = await delete(client, owner, ids)
    assert (done["kind"], done["leadCount"]) == ("bulk_delete", 2)
    assert [each["name"] for each in (await client.get("/api/leads", headers=owner.headers)).json()["data"]] == ["Kept"]
    deleted = (await client.get("/api/leads?deleted=true&search=ada", headers=owner.headers)).json()["data"]
    assert [each["id"] for each in deleted] == ids[:1]
    assert (await history(client, owner, ids[0]))[-1] == ("deleted", None, None, None, "bulk")
    assert len(await history(client, owner, kept)) == 1
    async with tenant(database, owner.account_id) as connection:
        assert await differences(connection, owner.account_id) == []


async def test_nobody_is_told_of_a_bulk_change(client: httpx.AsyncClient, owner: Actor, database: Database) -> None:
    told = "select count(*) from pgqueuer where entrypoint = 'tell' and for_account = $1"
    ids = [await add_lead(client, owner) for _ in range(3)]
    async with database.acquire() as connection:
        before = await connection.fetchval(told, owner.account_id)
        assert before == len(ids)  # the new leads
    await update(client, owner, ids, leadStatus="converted")
    await delete(client, owner, ids)
    async with database.acquire() as connection:
        assert await connection.fetchval(told, owner.account_id) == before


async def test_the_same_request_with_a_key_is_done_once(client: httpx.AsyncClient, owner: Actor) -> None:
    ids = [await add_lead(client, owner)]
    body = {"action": "update", "ids": ids, "set": HOT, "expectedCount": 1}
    headers = owner.headers | {"Idempotency-Key": "warm them up"}
    first = await client.post("/api/leads/bulk", json=body, headers=headers)
    await change_lead(client, owner, ids[0], leadStatus="lost")
    again = await client.post("/api/leads/bulk", json=body, headers=headers)
    assert (again.status_code, again.json()) == (200, first.json())
    assert await status_of(client, owner, ids[0]) == "lost"


ONE_ID = [str(uuid4())]
REFUSED: dict[str, tuple[Any, str]] = {
    "nothing": ({}, "action is required"),
    "no leads": ({"action": "delete"}, "one of ids and filter is required"),
    "both ways": ({"action": "delete", "ids": ONE_ID, "filter": {}}, "one of ids and filter is required"),
    "an empty list": ({"action": "delete", "ids": []}, "ids must not be empty"),
    "no id": ({"action": "delete", "ids": ["7"]}, "ids must be a list, each item an id"),
    "another action": ({"action": "merge", "ids": ONE_ID}, "action must be one of: update, delete"),
    "an update of nothing": ({"action": "update", "ids": ONE_ID}, "set must have at least one field"),
    "an empty update": ({"action": "update", "ids": ONE_ID, "set": {}}, "set must have at least one field"),
    "a deletion with values": ({"action": "delete", "ids": ONE_ID, "set": HOT}, "set is for updates only"),
    "an unknown field": ({"action": "update", "ids": ONE_ID, "set": {"x": 1}}, "property set.x should not exist"),
    "a null for what must be": ({"action": "update", "ids": ONE_ID, "set": {"name": None}}, "set.name must be text"),
    "an unnamed source": (
        {"action": "update", "ids": ONE_ID, "set": {"leadSource": "other"}},
        "set.customLeadSource is required when leadSource is other",
    ),
    "an unknown filter": ({"action": "delete", "filter": {"page": 1}}, "property filter.page should not exist"),
    "a wrong status": ({"action": "delete", "filter": {"status": ["warm"]}}, "filter.status must be one of"),
    "a negative count": ({"action": "delete", "ids": ONE_ID, "expectedCount": -1}, "expectedCount must be at least 0"),
}


@pytest.mark.parametrize(("body", "message"), REFUSED.values(), ids=REFUSED.keys())
async def test_a_request_that_is_not_clear_is_refused(
    client: httpx.AsyncClient, owner: Actor, body: Any, message: str
) -> None:
    answer = await refusal(client, owner, body)
    assert answer.status_code == 400, answer.text
    assert any(message in each for each in answer.json()["message"]), answer.json()["message"]


async def test_who_may_only_view_or_add_leads_or_is_nobody_changes_none(
    client: httpx.AsyncClient, cast: Cast, owner: Actor
) -> None:
    body: Json = {"action": "delete", "ids": [await add_lead(client, owner)], "expectedCount": 1}
    for grants in ({"view": True}, {"view": True, "add": True}):
        assert (await refusal(client, await cast.sub_user(owner, **grants), body)).status_code == 403
    assert (await client.post("/api/leads/bulk", json=body)).status_code == 401
    assert (await refusal(client, await cast.owner(), body)).json()["message"].startswith("This means 0 leads")
    assert await status_of(client, owner, body["ids"][0]) == "new"
    assert (await refusal(client, await cast.sub_user(owner, edit=True), body)).status_code == 200
