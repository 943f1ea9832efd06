"""Making API keys and calling with them."""

from datetime import timedelta
from typing import Any

import httpx

from leadconnect.auth.services import Services
from leadconnect.database.transaction import tenant
from tests.cast import Actor

API_KEY, ME, PREFERENCES = "/api/profile/api-key", "/api/users/me", "/api/profile/preferences"


async def create(client: httpx.AsyncClient, actor: Actor, **body: Any) -> httpx.Response:
    return await client.post(API_KEY, json=body, headers=actor.headers)


async def shown(client: httpx.AsyncClient, actor: Actor) -> str | None:
    """Return what the preferences show of the key."""
    answer = await client.get(PREFERENCES, headers=actor.headers)
    found: str | None = answer.json()["security"]["apiKey"]
    return found


async def row_of(services: Services, actor: Actor) -> dict[str, Any] | None:
    """Return the stored row of a user's key."""
    async with tenant(services.database, actor.account_id) as connection:
        query = "select * from api_keys where account_id = $1 and user_id = $2"
        row = await connection.fetchrow(query, actor.account_id, actor.user_id)
    return dict(row) if row else None


async def let_pass(services: Services, actor: Actor, by: timedelta) -> None:
    """Let time pass for a key: it was made and used `by` earlier."""
    async with tenant(services.database, actor.account_id) as connection:
        await connection.execute(
            """
            update api_keys set created_at = created_at - $3::interval, last_used_at = last_used_at - $3::interval
            where account_id = $1 and user_id = $2
            """,
            actor.account_id, actor.user_id, by,
        )  # fmt: skip
