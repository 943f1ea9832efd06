"""Merges that meet each other, and changes that meet a merge: nothing is lost, and nobody waits for each other."""

import asyncio
from uuid import UUID

import httpx
import pytest

from leadconnect.database.pool import Database
from leadconnect.database.transaction import tenant
from tests.cast import Actor
from tests.leads.merging.merges import read, try_merge
from tests.leads.writing import add_lead
from tests.worker.running import until_somebody_waits


async def test_of_two_merges_into_each_other_one_is_done(client: httpx.AsyncClient, owner: Actor) -> None:
    for _ in range(10):
        one, other = await add_lead(client, owner, city="Ulm"), await add_lead(client, owner, state="Hessen")
        answers = await asyncio.gather(try_merge(client, owner, one, other), try_merge(client, owner, other, one))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        (won,) = (answer.json() for answer in answers if answer.status_code == 200)
        (lost,) = (answer.json() for answer in answers if answer.status_code == 409)
        survivor = won["lead"]["id"]
        assert lost["message"] == f"This lead was merged into {survivor}"
        lead = await read(client, owner, survivor)
        assert (lead["city"], lead["state"]) == ("Ulm", "Hessen")


async def test_a_ring_of_merges_leaves_as_many_leads_as_were_not_merged(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    leads = [await add_lead(client, owner, name=f"Lead {number}") for number in range(6)]
    answers = await asyncio.gather(
        *(try_merge(client, owner, lead, leads[number - 1], leads[number - 2]) for number, lead in enumerate(leads))
    )
    assert {answer.status_code for answer in answers} <= {200, 409}
    gone = sum(len(answer.json()["mergedIds"]) for answer in answers if answer.status_code == 200)
    assert gone > 0
    page = (await client.get("/api/leads", headers=owner.headers)).json()
    assert page["meta"]["total"] == len(page["data"]) == 6 - gone
    live = {lead["id"] for lead in page["data"]}
    for lead in leads:
        answer = await client.get(f"/api/leads/{lead}", headers=owner.headers, follow_redirects=True)
        assert answer.json()["id"] in live


@pytest.mark.parametrize("merges_first", [True, False], ids=["the merge first", "the change first"])
async def test_a_change_that_meets_a_merge_is_merged_or_refused(
    client: httpx.AsyncClient, owner: Actor, database: Database, merges_first: bool
) -> None:
    survivor, other = await add_lead(client, owner), await add_lead(client, owner)

    def merge() -> asyncio.Task[httpx.Response]:
        return asyncio.create_task(try_merge(client, owner, survivor, other))

    def change() -> asyncio.Task[httpx.Response]:
        changes = {"city": "Ulm"}
        return asyncio.create_task(client.patch(f"/api/leads/{other}", json=changes, headers=owner.headers))

    async with tenant(database, owner.account_id) as connection:
        await connection.execute("select from leads where id = $1 for update", UUID(other))
        tasks = []
        for number, start in enumerate((merge, change) if merges_first else (change, merge), 1):
            tasks.append(start())
            await until_somebody_waits(database, number)
    first, second = await asyncio.gather(*tasks)
    lead = await read(client, owner, survivor)
    if merges_first:
        assert (first.status_code, second.status_code) == (200, 409)
        assert lead["city"] is None
    else:
        assert (first.status_code, second.status_code) == (200, 200)
        assert lead["city"] == "Ulm"


async def test_a_lead_is_not_restored_behind_the_back_of_its_merge(
    client: httpx.AsyncClient, owner: Actor, database: Database
) -> None:
    survivor, other = await add_lead(client, owner), await add_lead(client, owner)
    async with tenant(database, owner.account_id) as connection:
        await connection.execute("select from leads where id = $1 for update", UUID(other))
        merging = asyncio.create_task(try_merge(client, owner, survivor, other))
        await until_somebody_waits(database, 1)
        restoring = asyncio.create_task(client.post(f"/api/leads/{other}/restore", headers=owner.headers))
        await until_somebody_waits(database, 2)
    merged, restored = await asyncio.gather(merging, restoring)
    assert (merged.status_code, restored.status_code) == (200, 409)
