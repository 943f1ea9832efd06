"""Acts on more than ten thousand leads: the worker does them, all of one or nothing, and others go on meanwhile."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest

from leadconnect.database.pool import Database
from leadconnect.database.transaction import tenant
from leadconnect.leads.changes import actions, queries
from leadconnect.leads.changes.models import ChangeSetKind
from leadconnect.leads.history.models import Act, Source
from leadconnect.queue.actions import enqueue
from leadconnect.settings import Settings
from tests.cast import Actor, Cast
from tests.leads.changes.acting import Json, bulk, change_set, plenty, undo
from tests.leads.totals.test_counts import differences
from tests.leads.writing import add_lead, change_lead
from tests.worker.running import states, until, until_somebody_waits, worker, worker_process

COUNT = actions.AT_ONCE + 1
BODY: Json = {"action": "update", "filter": {}, "set": {"leadStatus": "hot"}, "expectedCount": COUNT}
LAST_LEAD = "select id from leads where account_id = $1 order by id desc limit 1 for update"
STATUSES = "select lead_status, count(*) from leads where account_id = $1 and deleted_at is null group by lead_status"


@pytest.fixture(autouse=True)
async def empty_queue(database: Database) -> None:
    """Nothing for a worker to do but what a test asks for."""
    async with database.acquire() as connection:
        await connection.execute("delete from pgqueuer")


async def statuses(database: Database, owner: Actor) -> dict[str, int]:
    """Return how many leads there are of each status, after a look whether the totals say the same."""
    async with tenant(database, owner.account_id) as connection:
        assert await differences(connection, owner.account_id) == []
        return {row[0]: row[1] for row in await connection.fetch(STATUSES, owner.account_id)}


@asynccontextmanager
async def last_lead_held(database: Database, owner: Actor) -> AsyncIterator[None]:
    """Hold the lead that a great act comes to last, so that it stands still just before its end. Its own patience is
    two seconds.
    """
    async with tenant(database, owner.account_id) as connection:
        await connection.execute("set local idle_in_transaction_session_timeout = 0")
        await connection.fetchval(LAST_LEAD, owner.account_id)
        yield


async def until_counted(client: httpx.AsyncClient, owner: Actor, change_set_id: str, done_count: int) -> None:
    async def is_there() -> bool:
        return bool((await change_set(client, owner, change_set_id))["doneCount"] == done_count)

    await until(is_there)


async def until_over(client: httpx.AsyncClient, owner: Actor, change_set_id: str) -> Json:
    async def is_over() -> bool:
        return bool((await change_set(client, owner, change_set_id))["state"] != "pending")

    await until(is_over)
    return await change_set(client, owner, change_set_id)


def payload(owner: Actor, change_set_id: str) -> bytes:
    return msgspec.json.encode(actions.LongAct(owner.account_id, UUID(change_set_id)))


async def test_a_great_update_is_done_by_the_worker_and_undone_by_it(
    client: httpx.AsyncClient, owner: Actor, database: Database, settings: Settings
) -> None:
    await plenty(database, owner, COUNT)
    result = await bulk(client, owner, BODY)
    pending = result["changeSet"]
    assert (result["matched"], result["changed"], pending["state"], pending["leadCount"]) == (
        COUNT,
        0,
        "pending",
        COUNT,
    )
    assert await statuses(database, owner) == {"new": COUNT}
    refused = await client.post(f"/api/change-sets/{pending['id']}/undo", headers=owner.headers)
    assert (refused.status_code, refused.json()["message"]) == (
        409,
        "This is not done yet. It can be undone once it is.",
    )
    async with worker(settings):
        done = await until_over(client, owner, pending["id"])
        assert (done["state"], done["leadCount"], done["doneCount"]) == ("done", COUNT, COUNT)
        assert done["events"] == {"changed": COUNT}
        assert await statuses(database, owner) == {"hot": COUNT}
        undone = await until_over(client, owner, (await undo(client, owner, done["id"]))["id"])
    assert (undone["state"], undone["leadCount"], undone["leftAlone"]["total"]) == ("done", COUNT, 0)
    assert await statuses(database, owner) == {"new": COUNT}


async def test_a_great_import_is_undone_once_however_often_it_is_asked_for(
    client: httpx.AsyncClient, owner: Actor, database: Database, settings: Settings
) -> None:
    path = f"/api/change-sets/{await plenty(database, owner, COUNT)}/undo"
    answers = await asyncio.gather(*(client.post(path, headers=owner.headers) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    (pending,) = [answer.json() for answer in answers if answer.status_code == 200]
    assert (pending["state"], pending["events"]) == ("pending", {})
    async with worker(settings):
        undone = await until_over(client, owner, pending["id"])
    assert undone["events"] == {"deleted": COUNT}
    assert await statuses(database, owner) == {}


async def test_meanwhile_it_is_seen_how_far_it_is_and_others_go_on(
    client: httpx.AsyncClient, owner: Actor, cast: Cast, database: Database, settings: Settings
) -> None:
    other = await cast.owner()
    lead_id = await add_lead(client, other)
    await plenty(database, owner, COUNT)
    change_set_id = (await bulk(client, owner, BODY))["changeSet"]["id"]
    async with worker(settings):
        async with last_lead_held(database, owner):
            await until_counted(client, owner, change_set_id, actions.AT_ONCE)
            assert (await change_set(client, owner, change_set_id))["state"] == "pending"
            listed = (await client.get("/api/leads?status=new&limit=1", headers=owner.headers)).json()
            assert listed["meta"]["total"] == COUNT
            await change_lead(client, other, lead_id, city="Ulm")
        assert (await until_over(client, owner, change_set_id))["state"] == "done"
    assert await statuses(database, owner) == {"hot": COUNT}


async def test_a_killed_worker_leaves_nothing_half_done_and_another_one_does_it(
    client: httpx.AsyncClient, owner: Actor, database: Database, settings: Settings
) -> None:
    change_set_id = str(await plenty(database, owner, COUNT))
    pending = await undo(client, owner, change_set_id)
    async with worker_process(settings) as process:
        async with last_lead_held(database, owner):
            await until_counted(client, owner, pending["id"], actions.AT_ONCE)
            process.send_signal(signal.SIGKILL)
            assert await process.wait() == -signal.SIGKILL
        assert await statuses(database, owner) == {"new": COUNT}
    async with worker(settings):
        undone = await until_over(client, owner, pending["id"])
    assert (undone["state"], undone["leadCount"], undone["leftAlone"]["total"]) == ("done", COUNT, 0)
    assert await statuses(database, owner) == {}


async def left_to_worker(database: Database, owner: Actor, *, expected_count: int, queued: bool = False) -> str:
    """Leave to the worker, though it is a small act, to make all leads hot; return the id of its change set."""
    act = Act(owner.user_id, Source.BULK)
    request = msgspec.json.encode(BODY | {"expectedCount": expected_count})
    async with tenant(database, owner.account_id) as connection:
        kind, given = ChangeSetKind.BULK_UPDATE, Json(description="leadStatus", lead_count=expected_count)
        await queries.open_pending(connection, owner.account_id, act, kind, **given, request=request)
        if queued:
            await enqueue(connection, actions.CARRY_OUT, payload(owner, str(act.change_set_id)))
    return str(act.change_set_id)


async def test_an_act_that_means_other_leads_by_then_fails_and_changes_nothing(
    client: httpx.AsyncClient, owner: Actor, database: Database
) -> None:
    await plenty(database, owner, 3)
    change_set_id = await left_to_worker(database, owner, expected_count=2)
    await actions.carry_out(database, payload(owner, change_set_id))
    failed = await change_set(client, owner, change_set_id)
    assert (failed["state"], failed["isUndoable"], failed["events"]) == ("failed", False, {})
    assert failed["failure"] == "This means 3 leads, and not 2. Nothing was changed."
    assert await statuses(database, owner) == {"new": 3}
    refused = await client.post(f"/api/change-sets/{change_set_id}/undo", headers=owner.headers)
    assert (refused.status_code, refused.json()["message"]) == (409, "This cannot be undone.")


async def test_what_could_not_be_undone_in_time_can_be_undone_again(
    client: httpx.AsyncClient, owner: Actor, database: Database
) -> None:
    imported_id, act = await plenty(database, owner, 3), Act(owner.user_id, Source.UNDO)
    async with tenant(database, owner.account_id) as connection:
        given: Json = {"description": "", "lead_count": 3, "undoes": imported_id}
        await queries.open_pending(connection, owner.account_id, act, ChangeSetKind.UNDO, **given)
    late = payload(owner, str(act.change_set_id))
    assert not (await change_set(client, owner, str(imported_id)))["isUndoable"]
    await actions.give_up(database, late)
    failed = await change_set(client, owner, str(act.change_set_id))
    assert (failed["state"], failed["failure"]) == ("failed", actions.GIVEN_UP)
    await actions.carry_out(database, late)
    assert await statuses(database, owner) == {"new": 3}
    again = await undo(client, owner, str(imported_id))
    assert await statuses(database, owner) == {}
    await actions.give_up(database, payload(owner, again["id"]))
    assert (await change_set(client, owner, again["id"]))["state"] == "done"


async def test_an_act_that_is_being_done_is_not_given_up(
    client: httpx.AsyncClient, owner: Actor, database: Database
) -> None:
    await plenty(database, owner, 3)
    change_set_id = await left_to_worker(database, owner, expected_count=3)
    async with tenant(database, owner.account_id) as connection:
        assert await queries.claim(connection, UUID(change_set_id))
        with pytest.raises(actions.AtItAlready):
            await actions.give_up(database, payload(owner, change_set_id))
    assert (await change_set(client, owner, change_set_id))["state"] == "pending"


async def test_two_workers_do_an_act_once(client: httpx.AsyncClient, owner: Actor, database: Database) -> None:
    await plenty(database, owner, 600)
    change_set_id = await left_to_worker(database, owner, expected_count=600)
    tries = [actions.carry_out(database, payload(owner, change_set_id)) for _ in range(3)]
    outcomes: list[Any] = await asyncio.gather(*tries, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} <= {type(None), actions.AtItAlready}
    assert None in outcomes
    assert (await change_set(client, owner, change_set_id))["events"] == {"changed": 600}


async def test_an_act_for_which_it_is_too_late_is_given_up(
    client: httpx.AsyncClient, owner: Actor, database: Database, settings: Settings
) -> None:
    await plenty(database, owner, 3)
    change_set_id = await left_to_worker(database, owner, expected_count=3, queued=True)
    async with database.acquire() as connection:
        await connection.execute("update pgqueuer set created = created - interval '11 minutes'")
    async with worker(settings):
        failed = await until_over(client, owner, change_set_id)
    assert (failed["state"], failed["failure"]) == ("failed", actions.GIVEN_UP)
    assert await statuses(database, owner) == {"new": 3}


async def test_two_great_acts_are_done_at_a_time_and_the_others_wait(
    client: httpx.AsyncClient, owner: Actor, database: Database, settings: Settings
) -> None:
    await plenty(database, owner, 3)
    acts = [await left_to_worker(database, owner, expected_count=3, queued=True) for _ in range(3)]
    async with worker(settings):
        async with last_lead_held(database, owner):
            await until_somebody_waits(database, 2)
            assert sorted(await states(database)) == ["picked", "picked", "queued"]
        done = [await until_over(client, owner, act) for act in acts]
    assert sorted(each["leadCount"] for each in done) == [0, 0, 3]
    assert await statuses(database, owner) == {"hot": 3}
