"""Merging by API: what becomes of the leads, of their ids and of what hangs on them."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from leadconnect.auth.services import Services
from leadconnect.database.pool import Database
from leadconnect.database.transaction import tenant
from leadconnect.leads import writing
from leadconnect.leads.merging.queries import CHILDREN
from leadconnect.mail.announcements import Announcement, Kind
from leadconnect.notifications import queries as notifications
from leadconnect.notifications.telling import tell
from leadconnect.notifications.wording import Words
from leadconnect.wire import encode
from tests.cast import Actor, Cast
from tests.leads.duplicates.stored import known_ids
from tests.leads.merging.merges import merged, read, try_merge
from tests.leads.writing import add_lead
from tests.notifications.notified import switch


async def ids_listed(client: httpx.AsyncClient, actor: Actor, query: str) -> list[str]:
    answer = await client.get(f"/api/leads?{query}", headers=actor.headers)
    assert answer.status_code == 200, answer.text
    assert answer.json()["meta"]["total"] == len(answer.json()["data"])
    return [lead["id"] for lead in answer.json()["data"]]


async def test_the_lead_in_the_address_stays_and_is_filled_from_the_others(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    survivor = await add_lead(client, owner, name="Asha Rao", city="Pune", additionalNotes="Called in May")
    other = await add_lead(
        client, owner, name="A. Rao", city="Ulm", email="asha@example.com", additionalNotes="Wants a quote"
    )
    before = await read(client, owner, survivor)
    answer = await merged(client, owner, survivor, other, take={"city": other})
    expected = before | {
        "city": "Ulm",
        "email": "asha@example.com",
        "additionalNotes": "Called in May\n\nWants a quote",
        "updatedAt": answer["lead"]["updatedAt"],
        "version": answer["lead"]["version"],
    }
    assert answer["lead"] == expected == await read(client, owner, survivor)
    assert answer["mergedIds"] == [other]
    assert answer["lead"]["createdAt"] == before["createdAt"]


async def test_merged_leads_are_found_nowhere_and_not_among_the_deleted_ones(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    survivor, *others = [await add_lead(client, owner, name=f"Asha Rao {number}") for number in range(3)]
    deleted = await add_lead(client, owner, name="Asha Rao 4")
    await client.delete(f"/api/leads/{deleted}", headers=owner.headers)
    await merged(client, owner, survivor, *others)
    assert await ids_listed(client, owner, "") == [survivor]
    assert await ids_listed(client, owner, "search=rao") == [survivor]
    assert await ids_listed(client, owner, "status=new") == [survivor]
    assert await ids_listed(client, owner, "deleted=true") == [deleted]
    assert await ids_listed(client, owner, "deleted=true&search=asha") == [deleted]
    exported = await client.get("/api/leads/export", headers=owner.headers)
    assert exported.text.count("\n") == 2
    analytics = (await client.get("/api/analytics", headers=owner.headers)).json()
    assert analytics["basicMetrics"]["totalLeads"] == 1


async def test_an_old_id_leads_to_the_lead_that_stayed(client: httpx.AsyncClient, owner: Actor, cast: Cast) -> None:
    survivor, other = await add_lead(client, owner), await add_lead(client, owner)
    await merged(client, owner, survivor, other)
    viewer = await cast.sub_user(owner)
    for actor in (owner, viewer):
        for part in ("", "/history", "/duplicates"):
            answer = await client.get(f"/api/leads/{other}{part}", headers=actor.headers)
            assert (answer.status_code, answer.json()["error"]) == (308, "Permanent Redirect")
            assert answer.headers["cache-control"] == "no-store"
            followed = await client.get(f"/api/leads/{other}{part}", headers=actor.headers, follow_redirects=True)
            straight = await client.get(f"/api/leads/{survivor}{part}", headers=actor.headers)
            assert (followed.status_code, followed.json()) == (200, straight.json())
            assert str(followed.url).endswith(f"/api/leads/{survivor}{part}")


async def test_an_old_id_is_not_written_to(client: httpx.AsyncClient, owner: Actor) -> None:
    survivor, other, third = [await add_lead(client, owner) for _ in range(3)]
    await merged(client, owner, survivor, other)
    before = await read(client, owner, survivor)
    path = f"/api/leads/{other}"
    for answer in (
        await client.patch(path, json={"city": "Ulm"}, headers=owner.headers),
        await client.delete(path, headers=owner.headers),
        await client.post(f"{path}/restore", headers=owner.headers),
        await try_merge(client, owner, other, third),
        await try_merge(client, owner, third, other),
        await try_merge(client, owner, survivor, other),
    ):
        assert answer.status_code == 409
        assert answer.json()["message"] == f"This lead was merged into {survivor}"
    assert await read(client, owner, survivor) == before
    assert await ids_listed(client, owner, "") == [third, survivor]


async def test_redirects_never_lead_to_redirects(client: httpx.AsyncClient, owner: Actor) -> None:
    first, second, third = [await add_lead(client, owner) for _ in range(3)]
    await merged(client, owner, second, first)
    await merged(client, owner, third, second)
    for old in (first, second):
        answer = await client.get(f"/api/leads/{old}", headers=owner.headers)
        assert answer.headers["location"] == third


async def test_histories_of_all_are_told_with_the_one_that_stayed(client: httpx.AsyncClient, owner: Actor) -> None:
    survivor, other = await add_lead(client, owner), await add_lead(client, owner, city="Ulm")
    answer = await merged(client, owner, survivor, other)
    events = (await client.get(f"/api/leads/{survivor}/history", headers=owner.headers)).json()["data"]
    told = {(event["leadId"], event["kind"], event["field"], event["newValue"]) for event in events}
    assert told == {
        (survivor, "created", None, None),
        (other, "created", None, None),
        (survivor, "changed", "city", "Ulm"),
        (other, "deleted", None, None),
        (survivor, "merged", None, other),
        (other, "merged", None, survivor),
    }
    acts = {event["changeSetId"] for event in events if event["source"] == "merge"}
    assert acts == {answer["changeSetId"]}
    ids = [event["id"] for event in events]
    for number, event_id in enumerate(ids):
        query = f"limit=2&cursor={event_id}"
        part = await client.get(f"/api/leads/{survivor}/history?{query}", headers=owner.headers)
        assert [event["id"] for event in part.json()["data"]] == ids[number + 1 : number + 3]


async def test_a_merge_is_an_act_of_somebody_that_can_be_undone(
    client: httpx.AsyncClient, owner: Actor, cast: Cast, database: Database
) -> None:
    editor = await cast.sub_user(owner, edit=True)
    survivor, other = await add_lead(client, owner, name="Asha"), await add_lead(client, owner, name="Rao")
    answer = await merged(client, editor, survivor, other)
    async with tenant(database, owner.account_id) as connection:
        (row,) = await connection.fetch("select * from change_sets")
    assert (row["id"], row["kind"], row["actor_id"]) == (UUID(answer["changeSetId"]), "merge", editor.user_id)
    assert (row["lead_count"], row["description"]) == (2, "Rao merged into Asha")


async def test_what_other_systems_and_notifications_name_is_the_lead_that_stayed(
    client: httpx.AsyncClient, owner: Actor, services: Services
) -> None:
    await switch(services, owner, own_actions=True)
    survivor, other = await add_lead(client, owner), await add_lead(client, owner, name="Asha Rao")
    account_id, old_id = owner.account_id, UUID(other)
    words = [(owner.user_id, Kind.HOT_LEAD, Words("Hot", "Asha Rao"))]
    async with tenant(services.database, account_id) as connection:
        await notifications.insert(connection, account_id, f"hot_lead:{uuid4()}", old_id, words)
        await writing.set_external_ids(connection, account_id, "meta", [("l:1", old_id)])
    await merged(client, owner, survivor, other)
    late = Announcement(kind=Kind.CONVERSION, account_id=account_id, actor_id=owner.user_id, lead_id=old_id)
    await tell(services, encode(late))
    async with tenant(services.database, account_id) as connection:
        known = await known_ids(connection, "meta")
    assert known == {"l:1": UUID(survivor)}
    inbox = (await client.get("/api/notifications", headers=owner.headers)).json()["data"]
    assert [(row["kind"], row["leadId"]) for row in inbox] == [("conversion", survivor), ("hot_lead", survivor)]


async def test_every_column_that_points_to_a_lead_is_thought_of(database: Database) -> None:
    async with database.acquire() as connection:
        rows = await connection.fetch(
            """
            select k.conrelid::regclass::text as table_name, a.attname::text as column_name
            from pg_constraint k
            join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[2]
            where k.contype = 'f' and k.confrelid = 'leads'::regclass
            """
        )
    assert {(row["table_name"], row["column_name"]) for row in rows} == set(CHILDREN)


async def test_a_status_is_taken_with_the_day_on_which_it_came(
    client: httpx.AsyncClient, owner: Actor, database: Database
) -> None:
    survivor, won = await add_lead(client, owner), await add_lead(client, owner, leadStatus="converted")
    async with tenant(database, owner.account_id) as connection:
        await connection.execute("update leads set converted_at = '2026-03-04' where id = $1", UUID(won))
    await merged(client, owner, survivor, won, take={"leadStatus": won})
    async with tenant(database, owner.account_id) as connection:
        found = await connection.fetchval("select converted_at::date::text from leads where id = $1", UUID(survivor))
    assert found == "2026-03-04"


async def test_only_the_version_that_is_meant_is_merged_into(client: httpx.AsyncClient, owner: Actor) -> None:
    survivor, other = await add_lead(client, owner), await add_lead(client, owner, city="Ulm")
    tag = (await client.get(f"/api/leads/{survivor}", headers=owner.headers)).headers["etag"]
    await client.patch(f"/api/leads/{survivor}", json={"state": "Hessen"}, headers=owner.headers)
    refused = await try_merge(client, owner, survivor, other, headers={"If-Match": tag})
    assert refused.status_code == 412
    assert await ids_listed(client, owner, "") == [other, survivor]
    tag = (await client.get(f"/api/leads/{survivor}", headers=owner.headers)).headers["etag"]
    answer = await try_merge(client, owner, survivor, other, headers={"If-Match": tag})
    assert answer.status_code == 200
    assert answer.headers["etag"] not in ("", tag)
    assert (await client.get(f"/api/leads/{survivor}", headers=owner.headers)).headers["etag"] == answer.headers["etag"]


async def test_a_merge_sent_twice_under_one_key_is_done_once(client: httpx.AsyncClient, owner: Actor) -> None:
    survivor, other = await add_lead(client, owner), await add_lead(client, owner)
    first, again = [
        await try_merge(client, owner, survivor, other, headers={"Idempotency-Key": "one"}) for _ in range(2)
    ]
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"leadIds": []}, "leadIds must not be empty"),
        ({"leadIds": ["x"]}, "leadIds must be a list, each item an id"),
        ({}, "leadIds is required"),
        ({"leadIds": [str(UUID(int=1))], "take": {"colour": str(UUID(int=1))}}, "take.colour is no field of a lead"),
        ({"leadIds": [str(UUID(int=n)) for n in range(1, 22)]}, "leadIds must be at most 20 items"),
        ({"leadIds": [str(UUID(int=1))], "take": {"city": 1}}, "take must be an object, each value an id"),
        ({"leadIds": [str(UUID(int=1))], "keep": True}, "property keep should not exist"),
    ],
)
async def test_a_wrong_body_is_refused(
    client: httpx.AsyncClient, owner: Actor, body: dict[str, Any], message: str
) -> None:
    lead_id = await add_lead(client, owner)
    answer = await client.post(f"/api/leads/{lead_id}/merge", json=body, headers=owner.headers)
    assert (answer.status_code, answer.json()["message"]) == (400, [message])


async def test_leads_of_others_and_unknown_ones_are_not_merged(
    client: httpx.AsyncClient, owner: Actor, cast: Cast
) -> None:
    stranger = await cast.owner()
    mine, foreign = await add_lead(client, owner), await add_lead(client, stranger)
    for survivor, other in ((mine, foreign), (foreign, mine), (mine, str(uuid4())), (str(uuid4()), mine)):
        answer = await try_merge(client, owner, survivor, other)
        assert (answer.status_code, answer.json()["message"]) == (404, "There is no such lead.")
    assert await ids_listed(client, owner, "") == [mine]
    assert await ids_listed(client, stranger, "") == [foreign]


async def test_merging_needs_somebody_who_may_edit_leads(client: httpx.AsyncClient, owner: Actor, cast: Cast) -> None:
    survivor, other = await add_lead(client, owner), await add_lead(client, owner)
    path, body = f"/api/leads/{survivor}/merge", {"leadIds": [other]}
    assert (await client.post(path, json=body)).status_code == 401
    viewer = await cast.sub_user(owner, view=True, add=True, export=True)
    assert (await client.post(path, json=body, headers=viewer.headers)).status_code == 403
