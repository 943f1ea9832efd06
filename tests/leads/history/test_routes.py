"""Every change of a lead leaves its events; nobody but the account reads them, and nobody changes them."""

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from structlog.testing import capture_logs

from leadconnect.database.pool import Database
from leadconnect.database.transaction import tenant
from tests import make
from tests.cast import Actor, Cast
from tests.leads.writing import add_lead, change_lead

Body = dict[str, Any]


async def history(client: httpx.AsyncClient, actor: Actor, lead_id: str, **query: Any) -> Body:
    answer = await client.get(f"/api/leads/{lead_id}/history", params=query, headers=actor.headers)
    assert answer.status_code == 200, answer.text
    found: Body = answer.json()
    return found


async def test_a_history_tells_who_changed_what_when_and_how_newest_first(
    client: httpx.AsyncClient, owner: Actor, cast: Cast
) -> None:
    helper = await cast.sub_user(owner, edit=True)
    lead_id = await add_lead(client, owner, city="Pune")
    await change_lead(client, helper, lead_id, city="Ulm", nextFollowupDate="2031-03-04")
    found = (await history(client, owner, lead_id))["data"]
    assert [(event["kind"], event["field"], event["oldValue"], event["newValue"]) for event in found] == [
        ("changed", "nextFollowupDate", None, "2031-03-04"),
        ("changed", "city", "Pune", "Ulm"),
        ("created", None, None, None),
    ]
    assert found[0]["actor"] == found[1]["actor"] == {"id": str(helper.user_id), "fullName": "Sam Sub"}
    assert found[2]["actor"] == {"id": str(owner.user_id), "fullName": "Asha Rao"}
    assert found[0]["changeSetId"] == found[1]["changeSetId"] != found[2]["changeSetId"]
    assert {event["source"] for event in found} == {"api"}
    assert found[0]["happenedAt"] >= found[2]["happenedAt"]


async def test_what_stays_the_same_leaves_no_event(client: httpx.AsyncClient, owner: Actor) -> None:
    lead_id = await add_lead(client, owner, city="Pune")
    await change_lead(client, owner, lead_id)
    await change_lead(client, owner, lead_id, city="Pune", email=None)
    assert [event["kind"] for event in (await history(client, owner, lead_id))["data"]] == ["created"]


async def test_a_refused_change_leaves_no_event(client: httpx.AsyncClient, owner: Actor) -> None:
    lead_id = await add_lead(client, owner)
    headers = owner.headers | {"If-Match": '"another"'}
    answer = await client.patch(f"/api/leads/{lead_id}", json={"city": "Ulm"}, headers=headers)
    assert answer.status_code == 412
    assert len((await history(client, owner, lead_id))["data"]) == 1


async def test_an_import_is_one_change_set(client: httpx.AsyncClient, owner: Actor) -> None:
    rows = [make.lead(name=f"Row {number}") for number in range(200)]
    answer = await client.post("/api/leads/import", json={"leads": rows}, headers=owner.headers)
    ids = [result["lead"]["id"] for result in answer.json()["results"]]
    events = [(await history(client, owner, lead_id))["data"] for lead_id in (ids[0], ids[99], ids[199])]
    assert [[(event["kind"], event["source"]) for event in found] for found in events] == [[("created", "import")]] * 3
    assert len({found[0]["changeSetId"] for found in events}) == 1


async def test_the_cursor_walks_through_all_events_once(client: httpx.AsyncClient, owner: Actor) -> None:
    lead_id = await add_lead(client, owner, city="0")
    for number in range(1, 8):
        await change_lead(client, owner, lead_id, city=str(number))
    seen: list[str | None] = []
    cursor: dict[str, str] = {}
    while True:
        part = await history(client, owner, lead_id, limit=3, **cursor)
        seen += [event["newValue"] for event in part["data"]]
        if part["meta"]["nextCursor"] is None:
            break
        cursor = {"cursor": part["meta"]["nextCursor"]}
    assert seen == ["7", "6", "5", "4", "3", "2", "1", None]


@pytest.mark.parametrize("query", ["cursor=abc", "cursor=", "limit=0", "limit=101", "page=1"])
async def test_a_wrong_query_is_refused_with_a_list(client: httpx.AsyncClient, owner: Actor, query: str) -> None:
    lead_id = await add_lead(client, owner)
    answer = await client.get(f"/api/leads/{lead_id}/history?{query}", headers=owner.headers)
    assert answer.status_code == 400
    assert isinstance(answer.json()["message"], list)


async def test_winning_and_losing_are_dated_by_the_status(
    client: httpx.AsyncClient, owner: Actor, database: Database
) -> None:
    lead_id = await add_lead(client, owner, leadStatus="converted")

    async def dates() -> tuple[Any, Any]:
        async with tenant(database, owner.account_id) as connection:
            (row,) = await connection.fetch("select converted_at, lost_at from leads where id = $1", UUID(lead_id))
        return row["converted_at"], row["lost_at"]

    won, lost = await dates()
    assert won is not None
    assert lost is None
    await change_lead(client, owner, lead_id, city="Ulm", leadStatus="converted")
    assert await dates() == (won, None)
    await change_lead(client, owner, lead_id, leadStatus="lost")
    assert [value is None for value in await dates()] == [True, False]
    await change_lead(client, owner, lead_id, leadStatus="converted")
    again, lost = await dates()
    assert again > won
    assert lost is None
    await change_lead(client, owner, lead_id, leadStatus="hot")
    assert await dates() == (None, None)


async def test_a_deleted_lead_can_be_seen_and_restored_by_the_owner(client: httpx.AsyncClient, owner: Actor) -> None:
    kept, gone = (
        await add_lead(client, owner, name="Kept"),
        await add_lead(client, owner, name="Gone", leadStatus="hot"),
    )
    assert (await client.delete(f"/api/leads/{gone}", headers=owner.headers)).status_code == 200
    for query, expected in (
        ("deleted=true", [gone]),
        ("deleted=true&search=GON", [gone]),
        ("deleted=true&search=kept", []),
        ("deleted=true&status=hot", [gone]),
        ("deleted=true&status=new", []),
        ("deleted=false", [kept]),
        ("", [kept]),
    ):
        page = (await client.get(f"/api/leads?{query}", headers=owner.headers)).json()
        assert ([lead["id"] for lead in page["data"]], page["meta"]["total"]) == (expected, len(expected)), query
    assert (await history(client, owner, gone))["data"][0]["kind"] == "deleted"
    restored = await client.post(f"/api/leads/{gone}/restore", headers=owner.headers)
    assert (restored.status_code, restored.json()["id"]) == (200, gone)
    assert restored.headers["etag"]
    read = await client.get(f"/api/leads/{gone}", headers=owner.headers)
    assert (read.json(), read.headers["etag"]) == (restored.json(), restored.headers["etag"])
    for query in ("", "search=gone", "status=hot"):
        page = (await client.get(f"/api/leads?{query}", headers=owner.headers)).json()
        assert gone in [lead["id"] for lead in page["data"]]
    kinds = [event["kind"] for event in (await history(client, owner, gone))["data"]]
    assert kinds == ["restored", "deleted", "created"]


async def test_restoring_what_is_not_deleted_changes_nothing(client: httpx.AsyncClient, owner: Actor) -> None:
    lead_id = await add_lead(client, owner)
    before = await client.get(f"/api/leads/{lead_id}", headers=owner.headers)
    restored = await client.post(f"/api/leads/{lead_id}/restore", headers=owner.headers)
    assert (restored.status_code, restored.json()) == (200, before.json())
    assert len((await history(client, owner, lead_id))["data"]) == 1


async def test_sub_users_read_histories_and_see_nothing_of_what_is_deleted(
    client: httpx.AsyncClient, owner: Actor, cast: Cast
) -> None:
    helper = await cast.sub_user(owner, edit=True, add=True, export=True)
    lead_id = await add_lead(client, owner)
    assert len((await history(client, helper, lead_id))["data"]) == 1
    assert (await client.delete(f"/api/leads/{lead_id}", headers=helper.headers)).status_code == 200
    with capture_logs() as lines:
        statuses = [
            (await client.get(f"/api/leads/{lead_id}/history", headers=helper.headers)).status_code,
            (await client.post(f"/api/leads/{lead_id}/restore", headers=helper.headers)).status_code,
            (await client.get("/api/leads?deleted=true", headers=helper.headers)).status_code,
        ]
    assert statuses == [404, 403, 403]
    assert [line["user_id"] for line in lines if line["event"] == "forbidden"] == [str(helper.user_id)] * 2


ROUTES = [("GET", "/api/leads/{}/history"), ("POST", "/api/leads/{}/restore")]


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_a_route_asks_who_calls_and_for_its_right(
    client: httpx.AsyncClient, owner: Actor, cast: Cast, method: str, path: str
) -> None:
    path = path.format(await add_lead(client, owner))
    assert (await client.request(method, path)).status_code == 401
    blind = await cast.sub_user(owner, view=False, add=True)
    assert (await client.request(method, path, headers=blind.headers)).status_code == 403


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_another_accounts_lead_is_as_unknown_as_one_that_never_was(
    client: httpx.AsyncClient, owner: Actor, cast: Cast, method: str, path: str
) -> None:
    lead_id = await add_lead(client, owner)
    stranger = await cast.owner()
    foreign = await client.request(method, path.format(lead_id), headers=stranger.headers)
    unknown = await client.request(method, path.format(uuid4()), headers=stranger.headers)
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.json() == unknown.json()
    await client.delete(f"/api/leads/{lead_id}", headers=owner.headers)
    assert (await client.request(method, path.format(lead_id), headers=stranger.headers)).status_code == 404
    assert (await client.get("/api/leads?deleted=true", headers=stranger.headers)).json()["data"] == []


@pytest.mark.parametrize("statement", ["update lead_events set actor_id = null", "delete from lead_events"])
async def test_no_request_can_change_what_happened(database: Database, owner: Actor, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with tenant(database, owner.account_id) as connection:
            await connection.execute(statement)
