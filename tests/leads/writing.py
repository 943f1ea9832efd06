"""Adding leads and changing them by API, for tests of whatever comes of it."""

from typing import Any

import httpx

from tests import make
from tests.cast import Actor


async def new_lead(client: httpx.AsyncClient, actor: Actor, **changes: Any) -> dict[str, Any]:
    """Add a lead, and return it as all routes answer it; `duplicates`, which only adding answers, is taken out."""
    answer = await client.post("/api/leads", json=make.lead(**changes), headers=actor.headers)
    assert answer.status_code == 201, answer.text
    lead: dict[str, Any] = answer.json()
    del lead["duplicates"]
    return lead


async def add_lead(client: httpx.AsyncClient, actor: Actor, **changes: Any) -> str:
    """Add a lead, and return its id."""
    return str((await new_lead(client, actor, **changes))["id"])


async def change_lead(client: httpx.AsyncClient, actor: Actor, lead_id: str, **changes: Any) -> None:
    """Change a lead."""
    answer = await client.patch(f"/api/leads/{lead_id}", json=changes, headers=actor.headers)
    assert answer.status_code == 200, answer.text
