"""Acts on the same leads at the same time: one is after the other in each field, and no field is a mix."""

import asyncio
from itertools import pairwise
from random import Random
from typing import Any

import httpx
import pytest

from leadconnect.database.pool import Database
from leadconnect.database.transaction import tenant
from tests.cast import Actor
from tests.leads.changes.acting import Json, change_set, history, imported, lead, undo, update
from tests.leads.totals.test_counts import differences
from tests.leads.writing import change_lead
from tests.worker.running import until_somebody_waits


async def assert_told_in_order(client: httpx.AsyncClient, owner: Actor, lead_id: str) -> None:
    """Fail unless each event of a field begins where the one before ended, and the last one with what is there."""
    events = [event for event in await history(client, owner, lead_id) if event[0] == "changed"]
    now = await lead(client, owner, lead_id)
    for field in {event[1] for event in events}:
        own = [event for event in events if event[1] == field]
        assert all(earlier[3] == later[2] for earlier, later in pairwise(own)), own
        assert now[field] == own[-1][3]


async def assert_all_is_well(client: httpx.AsyncClient, owner: Actor, database: Database, ids: list[str]) -> None:
    for lead_id in ids:
        await assert_told_in_order(client, owner, lead_id)
    async with tenant(database, owner.account_id) as connection:
        assert await differences(connection, owner.account_id) == []


async def test_of_many_undos_at_once_one_wins(client: httpx.AsyncClient, owner: Actor, database: Database) -> None:
    _, ids = await imported(database, owner, *[{} for _ in range(100)])
    done = await update(client, owner, ids, leadStatus="hot")
    path = f"/api/change-sets/{done['id']}/undo"
    answers = await asyncio.gather(*(client.post(path, headers=owner.headers) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 5]
    (undone,) = [answer.json() for answer in answers if answer.status_code == 200]
    assert (undone["leadCount"], undone["events"]) == (100, {"changed": 100})
    assert (await change_set(client, owner, done["id"]))["undoneBy"] == undone["id"]
    await assert_all_is_well(client, owner, database, ids[:3])


async def test_an_edit_at_the_same_time_comes_before_or_after_the_undoing(
    client: httpx.AsyncClient, owner: Actor, database: Database
) -> None:
    _, ids = await imported(database, owner, *[{"city": "Ulm"} for _ in range(40)])
    done = await update(client, owner, ids, city="Pune", leadStatus="hot")
    edited = Random(7).sample(ids, 20)
    undoing = asyncio.create_task(undo(client, owner, done["id"]))
    await asyncio.gather(*(change_lead(client, owner, lead_id, city="Köln") for lead_id in edited))
    undone = await undoing
    left_alone = {item["leadId"] for item in undone["leftAlone"]["items"]}
    assert left_alone <= set(edited)
    for lead_id in ids:
        now = await lead(client, owner, lead_id)
        assert (now["city"], now["leadStatus"]) == ("Köln" if lead_id in edited else "Ulm", "new")
    await assert_all_is_well(client, owner, database, ids)


async def test_a_lead_that_is_edited_while_its_import_is_undone_is_kept_or_gone(
    client: httpx.AsyncClient, owner: Actor, database: Database
) -> None:
    imported_id, ids = await imported(database, owner, *[{} for _ in range(30)])

    async def edit(lead_id: str) -> int:
        answer = await client.patch(f"/api/leads/{lead_id}", json={"city": "Ulm"}, headers=owner.headers)
        return answer.status_code

    undoing = asyncio.create_task(undo(client, owner, imported_id))
    statuses = await asyncio.gather(*map(edit, ids))
    undone = await undoing
    kept = {item["leadId"] for item in undone["leftAlone"]["items"]}
    assert {lead_id for lead_id, status in zip(ids, statuses, strict=True) if status == 200} == kept
    assert set(statuses) <= {200, 404}
    listed = (await client.get("/api/leads?limit=100", headers=owner.headers)).json()["data"]
    assert {each["id"] for each in listed} == kept
    assert all(each["city"] == "Ulm" for each in listed)


@pytest.mark.parametrize("seed", range(3))
async def test_bulk_changes_of_the_same_leads_do_not_wait_for_each_other_in_a_circle(
    client: httpx.AsyncClient, owner: Actor, database: Database, seed: int
) -> None:
    random = Random(seed)
    _, ids = await imported(database, owner, *[{} for _ in range(60)])

    def body(number: int) -> dict[str, Any]:
        chosen = random.sample(ids, 50)
        return {"action": "update", "ids": chosen, "set": {"city": f"Ulm {number}"}, "expectedCount": 50}

    bodies = [body(number) for number in range(6)]
    sent = (client.post("/api/leads/bulk", json=each, headers=owner.headers) for each in bodies)
    answers = await asyncio.gather(*sent)
    assert [answer.status_code for answer in answers] == [200] * 6
    assert [answer.json()["changed"] for answer in answers] == [50] * 6
    await assert_all_is_well(client, owner, database, ids)


async def test_a_lead_that_is_no_longer_meant_when_its_turn_comes_stops_the_act(
    client: httpx.AsyncClient, owner: Actor, database: Database
) -> None:
    _, ids = await imported(database, owner, *[{} for _ in range(5)])
    body = {"action": "delete", "filter": {"status": ["new"]}, "expectedCount": 5}
    edit = "update leads set lead_status = 'hot' where id = $1::uuid"
    await assert_stopped(client, owner, database, body, [edit], ids[2])


async def test_a_lead_that_is_no_longer_found_when_its_turn_comes_stops_the_act(
    client: httpx.AsyncClient, owner: Actor, database: Database
) -> None:
    _, ids = await imported(database, owner, *[{"name": "Asha Rao"} for _ in range(5)])
    body = {"action": "delete", "filter": {"search": "asha"}, "expectedCount": 5}
    edits = [
        "update leads set name = 'Bela Rao' where id = $1::uuid",
        "update lead_search set search_text = 'bela rao' where lead_id = $1::uuid",
    ]
    await assert_stopped(client, owner, database, body, edits, ids[2])


async def assert_stopped(
    client: httpx.AsyncClient, owner: Actor, database: Database, body: Json, edits: list[str], lead_id: str
) -> None:
    """Have a lead edited while the act in `body` waits for it, and see that the act does nothing."""
    async with tenant(database, owner.account_id) as connection:
        for edit in edits:
            await connection.execute(edit, lead_id)
        sending = asyncio.create_task(client.post("/api/leads/bulk", json=body, headers=owner.headers))
        await until_somebody_waits(database)
    answer = await sending
    assert answer.status_code == 409
    assert answer.json()["message"] == "These are other leads than expected. Nothing was changed."
    assert (await client.get("/api/leads", headers=owner.headers)).json()["meta"]["total"] == 5
