"""Merging leads by API, and taking it back as an undo does."""

from typing import Any
from uuid import UUID

import httpx

from leadconnect.database.pool import Database
from leadconnect.database.transaction import tenant
from leadconnect.leads.history.models import Act, Source
from leadconnect.leads.merging import actions
from leadconnect.leads.merging.models import Unmerged
from tests.cast import Actor

Body = dict[str, Any]


async def try_merge(
    client: httpx.AsyncClient,
    actor: Actor,
    lead_id: str,
    *others: str,
    headers: dict[str, str] | None = None,
    **body: Any,
) -> httpx.Response:
    """Ask for a merge of `others` into a lead."""
    sent = {"leadIds": list(others), **body}
    return await client.post(f"/api/leads/{lead_id}/merge", json=sent, headers=actor.headers | (headers or {}))


async def merged(client: httpx.AsyncClient, actor: Actor, lead_id: str, *others: str, **body: Any) -> Body:
    """Merge `others` into a lead and return the answer; it must succeed."""
    answer = await try_merge(client, actor, lead_id, *others, **body)
    assert answer.status_code == 200, answer.text
    found: Body = answer.json()
    return found


async def unmerged(database: Database, actor: Actor, change_set_id: str) -> Unmerged:
    """Take a merge back."""
    async with tenant(database, actor.account_id) as connection:
        act = Act(actor.user_id, Source.UNDO)
        return await actions.unmerge(connection, actor.account_id, act, UUID(change_set_id))


async def read(client: httpx.AsyncClient, actor: Actor, lead_id: str) -> Body:
    """Return a lead."""
    answer = await client.get(f"/api/leads/{lead_id}", headers=actor.headers)
    assert answer.status_code == 200, answer.text
    found: Body = answer.json()
    return found
