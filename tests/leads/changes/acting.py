"""Acts on many leads by API, for tests of whatever comes of them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import httpx

from leadconnect.database.pool import Database
from leadconnect.database.transaction import tenant
from leadconnect.leads import writing
from leadconnect.leads.changes.models import ChangeSetKind
from leadconnect.leads.fields import LeadInput
from leadconnect.leads.history.models import Act, Source
from leadconnect.leads.writing import open_change_set
from leadconnect.wire import convert
from tests import make
from tests.cast import Actor

Json = dict[str, Any]

PLENTY = """
    with given as (
        select gen_random_uuid() as id, 'Lead ' || number as name, '+49 30 ' || number as phone
        from generate_series(1, $2::integer) as number
    ), added as (
        insert into leads (account_id, user_id, created_by, updated_by, id, name, phone_number)
        select $1, $3, $3, $3, id, name, phone from given
    ), indexed as (
        insert into lead_search (account_id, lead_id, created_at, search_text, search_codes)
        select $1, id, now(), lower(name), '{}' from given
    )
    insert into lead_events (account_id, lead_id, id, actor_id, kind, source, change_set_id)
    select $1, id, id, $3, 'created', 'import', $4 from given
"""


async def bulk(client: httpx.AsyncClient, actor: Actor, body: Json) -> Json:
    """Send a bulk change that must succeed."""
    answer = await client.post("/api/leads/bulk", json=body, headers=actor.headers)
    assert answer.status_code == 200, answer.text
    result: Json = answer.json()
    return result


async def confirmed(client: httpx.AsyncClient, actor: Actor, body: Json) -> Json:
    """Ask how many leads a bulk change means, then have it done; return its change set."""
    matched = (await bulk(client, actor, body))["matched"]
    change_set: Json = (await bulk(client, actor, body | {"expectedCount": matched}))["changeSet"]
    return change_set


async def update(client: httpx.AsyncClient, actor: Actor, ids: Sequence[str], **changes: Any) -> Json:
    """Set the same in many leads; return the change set."""
    return await confirmed(client, actor, {"action": "update", "ids": list(ids), "set": changes})


async def delete(client: httpx.AsyncClient, actor: Actor, ids: Sequence[str]) -> Json:
    """Delete many leads; return the change set."""
    return await confirmed(client, actor, {"action": "delete", "ids": list(ids)})


async def undo(client: httpx.AsyncClient, actor: Actor, change_set_id: str) -> Json:
    """Undo a change set; return that of the undoing."""
    answer = await client.post(f"/api/change-sets/{change_set_id}/undo", headers=actor.headers)
    assert answer.status_code == 200, answer.text
    undone: Json = answer.json()
    return undone


async def change_set(client: httpx.AsyncClient, actor: Actor, change_set_id: str) -> Json:
    """Read a change set."""
    answer = await client.get(f"/api/change-sets/{change_set_id}", headers=actor.headers)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def lead(client: httpx.AsyncClient, actor: Actor, lead_id: str) -> Json:
    """Read a lead."""
    answer = await client.get(f"/api/leads/{lead_id}", headers=actor.headers)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def found(client: httpx.AsyncClient, actor: Actor, search: str) -> list[str]:
    """Return the names of the leads that a search finds, ascending."""
    answer = await client.get("/api/leads", params={"search": search, "limit": 1000}, headers=actor.headers)
    assert answer.status_code == 200, answer.text
    return sorted(lead["name"] for lead in answer.json()["data"])


async def history(client: httpx.AsyncClient, actor: Actor, lead_id: str) -> list[tuple[str, Any, Any, Any, str]]:
    """Return the events of a lead, oldest first: kind, field, old and new value, source."""
    events = (await client.get(f"/api/leads/{lead_id}/history", headers=actor.headers)).json()["data"]
    keys = ("kind", "field", "oldValue", "newValue", "source")
    return [tuple(event[key] for key in keys) for event in reversed(events)]


async def imported(database: Database, actor: Actor, *leads: Json) -> tuple[str, list[str]]:
    """Add leads as one import; return the ids of its change set and of the leads."""
    act = Act(actor.user_id, Source.IMPORT)
    given = [convert(make.lead(**changes), LeadInput) for changes in leads]
    async with tenant(database, actor.account_id) as connection:
        kind, account_id = ChangeSetKind.IMPORT, actor.account_id
        await open_change_set(connection, account_id, act, kind, description="leads.csv", lead_count=len(leads))
        rows = await writing.add(connection, account_id, act, given)
    return str(act.change_set_id), [str(row["id"]) for row in rows]


async def plenty(database: Database, actor: Actor, count: int) -> UUID:
    """Add leads as one import, more of them than one would wait for otherwise; return the id of its change set."""
    act = Act(actor.user_id, Source.IMPORT)
    async with tenant(database, actor.account_id) as connection:
        kind, account_id = ChangeSetKind.IMPORT, actor.account_id
        await open_change_set(connection, account_id, act, kind, description="plenty.csv", lead_count=count)
        await connection.execute(PLENTY, account_id, count, actor.user_id, act.change_set_id)
    return act.change_set_id
