"""Applying an import: all of it or nothing, once, and with regard to what happened since it was planned."""

import asyncio

import httpx

from leadconnect.auth.services import Services
from leadconnect.database.transaction import maintenance
from leadconnect.leads.totals.queries import correct_counts
from tests import make
from tests.cast import Actor, Cast
from tests.imports.importing import IMPORTS, WAIT, applied, apply, leads, rows, sheet, totals, upload
from tests.postbox import Postbox
from tests.worker.running import until

ASHA = "Asha Rao,+91 98765 43210,asha@example.com,Pune"
RAVI = "Ravi Nair,+91 98765 43211,ravi@example.com,Kochi"


async def test_an_applied_import_is_in_the_list_in_search_and_in_history(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    made = await applied(client, owner, sheet(ASHA, RAVI), name="fair.csv")
    assert (made["status"], totals(made)) == ("applied", {"create": 2})
    found = await leads(client, owner, search="98765-43210")
    assert [lead["name"] for lead in found] == ["Asha Rao"]
    planned = await rows(client, owner, made)
    assert {row["leadId"] for row in planned} == {lead["id"] for lead in await leads(client, owner)}
    history = await client.get(f"/api/leads/{found[0]['id']}/history", headers=owner.headers)
    event = history.json()["data"][0]
    assert (event["kind"], event["source"], event["changeSetId"]) == ("created", "import", made["changeSetId"])
    change_set = await client.get(f"/api/change-sets/{made['changeSetId']}", headers=owner.headers)
    assert (change_set.json()["description"], change_set.json()["leadCount"]) == ("fair.csv", 2)


async def test_a_row_that_gives_a_source_does_not_get_the_one_of_its_system(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    header = "UNIQUE_QUERY_ID,SENDER_NAME,SENDER_MOBILE,Lead Source"
    await applied(client, owner, sheet("1,Asha,+91 98765 43210,Referral", "2,Ravi,+91 98765 43211,", header=header))
    found = [(lead["name"], lead["leadSource"], lead["customLeadSource"]) for lead in await leads(client, owner)]
    assert found == [("Asha", "referral", None), ("Ravi", "other", "IndiaMART")]


async def test_applying_twice_does_nothing_more(client: httpx.AsyncClient, owner: Actor) -> None:
    made = await applied(client, owner, sheet(ASHA))
    again = await apply(client, owner, made)
    assert again == made
    assert len(await leads(client, owner)) == 1


async def test_of_many_that_apply_at_once_one_does(client: httpx.AsyncClient, owner: Actor) -> None:
    made = await upload(client, owner, sheet(ASHA, RAVI))
    answers = await asyncio.gather(
        *(client.post(f"{IMPORTS}/{made['id']}/apply", headers=owner.headers | WAIT) for _ in range(8))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["changeSetId"] for answer in answers} != {None}
    assert len(await leads(client, owner)) == 2


async def test_an_update_changes_only_what_the_row_gives(client: httpx.AsyncClient, owner: Actor) -> None:
    body = make.lead(name="Asha", phoneNumber="+919876543210", city="Mumbai", leadStatus="hot", designation="Buyer")
    there = (await client.post("/api/leads", json=body, headers=owner.headers)).json()
    made = await applied(client, owner, sheet(ASHA, RAVI), policy="upsert", onMatch="overwrite")
    assert totals(made) == {"create": 1, "update": 1}
    lead = (await client.get(f"/api/leads/{there['id']}", headers=owner.headers)).json()
    assert (lead["name"], lead["city"], lead["email"]) == ("Asha Rao", "Pune", "asha@example.com")
    assert (lead["leadStatus"], lead["designation"]) == ("hot", "Buyer")
    assert [one["name"] for one in await leads(client, owner, search="asha rao")] == ["Asha Rao"]
    again = await upload(client, owner, sheet(ASHA, RAVI), policy="upsert", onMatch="overwrite")
    assert totals(again) == {"skip": 2}


async def test_a_lead_that_was_added_since_the_plan_is_not_added_again(client: httpx.AsyncClient, owner: Actor) -> None:
    made = await upload(client, owner, sheet(ASHA, RAVI))
    assert totals(made) == {"create": 2}
    there = await client.post(
        "/api/leads", json=make.lead(name="Asha Rao", phoneNumber="+919876543210"), headers=owner.headers
    )
    done = await apply(client, owner, made)
    assert totals(done) == {"create": 1, "duplicate": 1}
    assert (await rows(client, owner, done, verdict="duplicate"))[0]["leadId"] == there.json()["id"]
    assert len(await leads(client, owner)) == 2


async def test_a_lead_that_was_changed_since_the_plan_is_judged_again(client: httpx.AsyncClient, owner: Actor) -> None:
    body = make.lead(name="Asha", phoneNumber="+919876543210")
    there = (await client.post("/api/leads", json=body, headers=owner.headers)).json()
    made = await upload(client, owner, sheet(ASHA), policy="update")
    assert [each["field"] for each in (await rows(client, owner, made))[0]["differences"]] == ["email", "city"]
    patch = {"email": "mine@example.com"}
    await client.patch(f"/api/leads/{there['id']}", json=patch, headers=owner.headers)
    await apply(client, owner, made)
    lead = (await client.get(f"/api/leads/{there['id']}", headers=owner.headers)).json()
    assert (lead["email"], lead["city"]) == ("mine@example.com", "Pune")


async def test_a_lead_that_was_deleted_since_the_plan_is_passed_over(client: httpx.AsyncClient, owner: Actor) -> None:
    body = make.lead(name="Asha Rao", phoneNumber="+919876543210")
    there = (await client.post("/api/leads", json=body, headers=owner.headers)).json()
    made = await upload(client, owner, sheet(ASHA), policy="update")
    await client.delete(f"/api/leads/{there['id']}", headers=owner.headers)
    done = await apply(client, owner, made)
    assert (totals(done), done["plan"]["totals"]["reasons"]) == ({"skip": 1}, {"lead_gone": 1})


async def test_a_cancelled_import_writes_nothing_and_cannot_be_applied(client: httpx.AsyncClient, owner: Actor) -> None:
    made = await upload(client, owner, sheet(ASHA))
    for _ in range(2):
        answer = await client.delete(f"{IMPORTS}/{made['id']}", headers=owner.headers)
        assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    refused = await client.post(f"{IMPORTS}/{made['id']}/apply", headers=owner.headers)
    assert refused.status_code == 409
    assert await leads(client, owner) == []


async def test_an_applied_import_can_neither_be_cancelled_nor_changed(client: httpx.AsyncClient, owner: Actor) -> None:
    made = await applied(client, owner, sheet(ASHA))
    refused = [
        await client.delete(f"{IMPORTS}/{made['id']}", headers=owner.headers),
        await client.patch(f"{IMPORTS}/{made['id']}", json={"policy": "update"}, headers=owner.headers),
    ]
    assert [answer.status_code for answer in refused] == [409, 409]
    assert "undone" in refused[0].json()["message"]


async def test_cancelling_while_it_is_applied_leaves_all_or_nothing(client: httpx.AsyncClient, owner: Actor) -> None:
    lines = [f"Person {number},+9198{number:08d},," for number in range(2_500)]
    made = await upload(client, owner, sheet(*lines))
    await client.post(f"{IMPORTS}/{made['id']}/apply", headers=owner.headers)

    async def has_begun() -> bool:
        found = (await client.get(f"{IMPORTS}/{made['id']}", headers=owner.headers)).json()
        return bool(found["progress"]["done"]) or found["status"] != "applying"

    await until(has_begun)
    answer = await client.delete(f"{IMPORTS}/{made['id']}", headers=owner.headers)
    found = (await client.get(f"{IMPORTS}/{made['id']}", headers=owner.headers | WAIT)).json()
    total = (await client.get("/api/leads", headers=owner.headers)).json()["meta"]["total"]
    assert (answer.status_code, found["status"], total) in [(200, "cancelled", 0), (409, "applied", 2_500)]


async def test_people_are_told_of_an_import_as_one_event(
    client: httpx.AsyncClient, cast: Cast, owner: Actor, postbox: Postbox
) -> None:
    colleague = await cast.sub_user(owner)
    lines = [f"Person {number},+9198{number:08d},," for number in range(1_200)]
    await applied(client, owner, sheet(*lines))
    told = [text for text in await postbox.mails_to(colleague.email) if "1,200" in text or "1200" in text]
    assert len(told) == 1
    assert not [text for text in await postbox.mails_to(colleague.email) if "Person 7" in text]


async def test_the_sums_of_the_account_are_right_after_an_import(
    client: httpx.AsyncClient, owner: Actor, services: Services
) -> None:
    header = "Name,Phone,Status,Source"
    await applied(client, owner, sheet("Asha,+919876543210,new,Website", "Ravi,+919876543211,won,fb", header=header))
    changes = sheet("Asha,+919876543210,lost,Website", "Li,+919876543212,hot,fb", header=header)
    await applied(client, owner, changes, policy="upsert", onMatch="overwrite")
    assert len(await leads(client, owner)) == 3
    async with maintenance(services.database) as connection:
        assert await correct_counts(connection, owner.account_id) == 0
