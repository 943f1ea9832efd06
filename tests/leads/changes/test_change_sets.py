"""Change sets as they are listed and read."""

import httpx

from leadconnect.database.pool import Database
from tests.cast import Actor, Cast
from tests.leads.changes.acting import change_set, delete, imported, undo, update
from tests.leads.writing import add_lead


async def test_the_list_tells_who_did_what_newest_first(
    client: httpx.AsyncClient, owner: Actor, cast: Cast, database: Database
) -> None:
    helper = await cast.sub_user(owner, edit=True)
    imported_id, ids = await imported(database, owner, {"name": "Ada"}, {"name": "Bob"})
    warm = await update(client, helper, ids, leadStatus="hot")
    gone = await delete(client, owner, ids[:1])
    undone = await undo(client, owner, gone["id"])
    listed = (await client.get("/api/change-sets", headers=helper.headers)).json()
    assert listed["meta"] == {"nextCursor": None}
    keys = ("id", "kind", "description", "leadCount", "undoes", "undoneBy", "isUndoable")
    assert [tuple(each[key] for key in keys) for each in listed["data"]] == [
        (undone["id"], "undo", "", 1, gone["id"], None, True),
        (gone["id"], "bulk_delete", "", 1, None, undone["id"], False),
        (warm["id"], "bulk_update", "leadStatus", 2, None, None, True),
        (imported_id, "import", "leads.csv", 2, None, None, True),
    ]
    assert listed["data"][2]["actor"] == {"id": str(helper.user_id), "fullName": "Sam Sub"}
    assert {each["state"] for each in listed["data"]} == {"done"}


async def test_older_ones_are_read_on_from_the_cursor(client: httpx.AsyncClient, owner: Actor) -> None:
    lead_id = await add_lead(client, owner)
    made = [(await update(client, owner, [lead_id], city=f"Ulm {number}"))["id"] for number in range(5)]
    seen, cursor = list[str](), ""
    while True:
        page = (await client.get(f"/api/change-sets?limit=2{cursor}", headers=owner.headers)).json()
        seen += [each["id"] for each in page["data"]]
        if page["meta"]["nextCursor"] is None:
            break
        cursor = f"&cursor={page['meta']['nextCursor']}"
    assert seen == made[::-1]


async def test_a_change_set_is_read_with_its_events_by_kind(
    client: httpx.AsyncClient, owner: Actor, database: Database
) -> None:
    imported_id, ids = await imported(database, owner, {"name": "Ada"}, {"name": "Bob"})
    assert (await change_set(client, owner, imported_id))["events"] == {"created": 2}
    warm = await update(client, owner, ids, leadStatus="hot", city="Ulm")
    assert (await change_set(client, owner, warm["id"]))["events"] == {"changed": 4}
    assert (await change_set(client, owner, warm["id"]))["leftAlone"] == {"total": 0, "items": []}


async def test_who_may_not_view_leads_reads_none_and_other_accounts_have_their_own(
    client: httpx.AsyncClient, owner: Actor, cast: Cast
) -> None:
    await update(client, owner, [await add_lead(client, owner)], leadStatus="hot")
    blind, stranger = await cast.sub_user(owner, view=False), await cast.owner()
    assert (await client.get("/api/change-sets")).status_code == 401
    assert (await client.get("/api/change-sets", headers=blind.headers)).status_code == 403
    assert (await client.get("/api/change-sets", headers=stranger.headers)).json()["data"] == []


async def test_a_wrong_cursor_or_limit_is_refused(client: httpx.AsyncClient, owner: Actor) -> None:
    for query in ("cursor=7", "limit=0", "limit=101", "page=2"):
        answer = await client.get(f"/api/change-sets?{query}", headers=owner.headers)
        assert answer.status_code == 400, query
