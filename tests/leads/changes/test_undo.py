"""Undoing acts on many leads: the former values come back where nobody was since, and what was left alone is listed."""

from typing import Any
from uuid import uuid4

import httpx

from leadconnect.database.pool import Database
from leadconnect.database.transaction import tenant
from tests.cast import Actor, Cast
from tests.leads.changes.acting import change_set, delete, found, history, imported, lead, undo, update
from tests.leads.totals.test_counts import differences
from tests.leads.writing import add_lead, change_lead

INSTANTS = "select id::text, converted_at, lost_at from leads where account_id = $1 order by id"


async def instants(database: Database, owner: Actor) -> list[Any]:
    async with tenant(database, owner.account_id) as connection:
        assert await differences(connection, owner.account_id) == []
        return [tuple(row) for row in await connection.fetch(INSTANTS, owner.account_id)]


def without_times(lead: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in lead.items() if key not in ("updatedAt", "version")}


async def test_a_bulk_update_is_undone_with_everything_that_hangs_on_it(
    client: httpx.AsyncClient, owner: Actor, database: Database
) -> None:
    ids = [
        await add_lead(client, owner, name=name, leadStatus=status, companyName="Mill", city=city)
        for name, status, city in (("Ada", "converted", "Ulm"), ("Bob", "lost", "Pune"), ("Cy", "new", None))
    ]
    leads = [without_times(await lead(client, owner, lead_id)) for lead_id in ids]
    before = await instants(database, owner)
    sets = {"leadStatus": "lost", "companyName": "Works", "city": "Köln", "nextFollowupDate": "2031-03-04"}
    done = await update(client, owner, ids, **sets)
    undone = await undo(client, owner, done["id"])
    assert [without_times(await lead(client, owner, lead_id)) for lead_id in ids] == leads
    assert await instants(database, owner) == before
    assert await found(client, owner, "mill") == ["Ada", "Bob", "Cy"]
    assert await found(client, owner, "works") == []
    assert (await client.get("/api/leads?city=ulm", headers=owner.headers)).json()["meta"]["total"] == 1
    assert (await history(client, owner, ids[0]))[-1][-1] == "undo"
    assert (undone["kind"], undone["undoes"], undone["leadCount"]) == ("undo", done["id"], 3)
    assert (undone["events"], undone["leftAlone"]) == ({"changed": 11}, {"total": 0, "items": []})


async def test_a_lead_that_an_undo_would_leave_without_a_contact_keeps_its_values(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    last, other = [await add_lead(client, owner, name=name, email=None, city="Ulm") for name in ("Ada", "Bob")]
    done = await update(client, owner, [last, other], email="mill@example.com", city="Pune")
    await change_lead(client, owner, last, phoneNumber="")
    undone = await undo(client, owner, done["id"])
    item = {"leadId": last, "field": None, "reason": "would_be_invalid"}
    assert (undone["leadCount"], undone["leftAlone"]) == (1, {"total": 1, "items": [item]})
    assert (await change_set(client, owner, undone["id"]))["leftAlone"] == undone["leftAlone"]
    kept, restored = await lead(client, owner, last), await lead(client, owner, other)
    assert (kept["phoneNumber"], kept["email"], kept["city"]) == ("", "mill@example.com", "Pune")
    assert (restored["email"], restored["city"]) == (None, "Ulm")


async def test_a_lead_that_an_undo_would_leave_with_an_unnamed_source_keeps_its_values(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    lead_id = await add_lead(client, owner, leadSource="website")
    done = await update(client, owner, [lead_id], leadSource="other", customLeadSource="Fair")
    for source in ("website", "other"):
        await change_lead(client, owner, lead_id, leadSource=source)
    undone = await undo(client, owner, done["id"])
    assert {"leadId": lead_id, "field": None, "reason": "would_be_invalid"} in undone["leftAlone"]["items"]
    kept = await lead(client, owner, lead_id)
    assert (kept["leadSource"], kept["customLeadSource"]) == ("other", "Fair")


async def test_an_import_is_undone_but_for_leads_that_were_edited(
    client: httpx.AsyncClient, owner: Actor, database: Database
) -> None:
    imported_id, ids = await imported(database, owner, {"name": "Ada"}, {"name": "Bob"}, {"name": "Cy"})
    await change_lead(client, owner, ids[1], city="Ulm")
    assert (await client.delete(f"/api/leads/{ids[2]}", headers=owner.headers)).status_code == 200
    undone = await undo(client, owner, imported_id)
    assert undone["description"] == "leads.csv"
    assert (undone["leadCount"], undone["events"]) == (1, {"deleted": 1})
    assert undone["leftAlone"] == {
        "total": 2,
        "items": [
            {"leadId": ids[1], "field": "city", "reason": "edited_since"},
            {"leadId": ids[2], "field": None, "reason": "deleted_since"},
        ],
    }
    assert [each["id"] for each in (await client.get("/api/leads", headers=owner.headers)).json()["data"]] == [ids[1]]
    assert (await change_set(client, owner, undone["id"])) == undone
    await instants(database, owner)


async def test_undoing_an_undoing_does_it_again(client: httpx.AsyncClient, owner: Actor, database: Database) -> None:
    imported_id, ids = await imported(database, owner, {"name": "Ada"}, {"name": "Bob"})
    first = await undo(client, owner, imported_id)
    assert (await client.get("/api/leads", headers=owner.headers)).json()["meta"]["total"] == 0
    second = await undo(client, owner, first["id"])
    assert (second["events"], second["undoes"]) == ({"restored": 2}, first["id"])
    assert await found(client, owner, "ada") == ["Ada"]
    third = await undo(client, owner, second["id"])
    assert third["events"] == {"deleted": 2}
    assert await found(client, owner, "ada") == []
    assert [event[0] for event in await history(client, owner, ids[0])] == ["created", "deleted", "restored", "deleted"]
    await instants(database, owner)


async def test_acts_are_undone_one_after_the_other(client: httpx.AsyncClient, owner: Actor, database: Database) -> None:
    imported_id, ids = await imported(database, owner, {"name": "Ada"}, {"name": "Bob"})
    warm = await update(client, owner, ids, leadStatus="hot")
    gone = await delete(client, owner, ids[:1])
    for each in (gone["id"], warm["id"], imported_id):
        assert (await undo(client, owner, each))["leftAlone"]["total"] == 0
    assert (await client.get("/api/leads", headers=owner.headers)).json()["meta"]["total"] == 0
    await instants(database, owner)


async def test_a_bulk_deletion_is_undone_by_a_colleague_who_may_edit(
    client: httpx.AsyncClient, owner: Actor, cast: Cast
) -> None:
    ids = [await add_lead(client, owner) for _ in range(2)]
    done = await delete(client, owner, ids)
    assert (await client.post(f"/api/leads/{ids[1]}/restore", headers=owner.headers)).status_code == 200
    colleague = await cast.sub_user(owner, edit=True)
    undone = await undo(client, colleague, done["id"])
    assert undone["actor"] == {"id": str(colleague.user_id), "fullName": "Sam Sub"}
    assert (undone["leadCount"], undone["leftAlone"]["items"]) == (
        1,
        [{"leadId": ids[1], "field": None, "reason": "restored_since"}],
    )
    assert (await history(client, owner, ids[0]))[-1] == ("restored", None, None, None, "undo")


async def test_what_was_left_alone_is_listed_up_to_a_hundred(
    client: httpx.AsyncClient, owner: Actor, database: Database
) -> None:
    _, ids = await imported(database, owner, *[{} for _ in range(60)])
    first = await update(client, owner, ids, city="Ulm", state="Bavaria")
    await update(client, owner, ids, city="Pune", state="Maharashtra")
    left_alone = (await undo(client, owner, first["id"]))["leftAlone"]
    assert (left_alone["total"], len(left_alone["items"])) == (120, 100)


async def test_undoing_twice_is_a_conflict(client: httpx.AsyncClient, owner: Actor) -> None:
    done = await update(client, owner, [await add_lead(client, owner)], leadStatus="hot")
    await undo(client, owner, done["id"])
    again = await client.post(f"/api/change-sets/{done['id']}/undo", headers=owner.headers)
    assert again.status_code == 409
    assert again.json()["message"] == "This has been undone already. To do it again, undo the undoing."


async def test_undoing_again_with_the_same_key_gets_the_same_answer(client: httpx.AsyncClient, owner: Actor) -> None:
    done = await update(client, owner, [await add_lead(client, owner)], leadStatus="hot")
    headers = owner.headers | {"Idempotency-Key": "never mind"}
    answers = [await client.post(f"/api/change-sets/{done['id']}/undo", headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()


async def test_only_who_may_edit_undoes_and_other_accounts_know_of_nothing(
    client: httpx.AsyncClient, owner: Actor, cast: Cast
) -> None:
    lead_id = await add_lead(client, owner)
    path = f"/api/change-sets/{(await update(client, owner, [lead_id], leadStatus='hot'))['id']}"
    viewer, stranger = await cast.sub_user(owner), await cast.owner()
    assert (await client.post(f"{path}/undo")).status_code == 401
    assert (await client.post(f"{path}/undo", headers=viewer.headers)).status_code == 403
    for method, address in (("POST", f"{path}/undo"), ("GET", path), ("GET", f"/api/change-sets/{uuid4()}")):
        answer = await client.request(method, address, headers=stranger.headers)
        assert (answer.status_code, answer.json()["message"]) == (404, "There is no such change set.")
    assert (await lead(client, owner, lead_id))["leadStatus"] == "hot"
