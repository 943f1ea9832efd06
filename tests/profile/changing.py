"""Changing a profile, and letting time pass for it."""

from datetime import timedelta
from typing import Any

import httpx

from leadconnect.accounts.models import normal_email
from leadconnect.auth.services import Services
from leadconnect.database.transaction import directory, tenant
from tests.cast import Actor

PROFILE, CONFIRM, PENDING = "/api/profile", "/api/profile/confirm-email", "/api/profile/pending-email"
PASSWORD = "/api/profile/change-password"


async def change(client: httpx.AsyncClient, actor: Actor, **changes: Any) -> httpx.Response:
    return await client.patch(PROFILE, json=changes, headers=actor.headers)


async def changed(client: httpx.AsyncClient, actor: Actor, **changes: Any) -> dict[str, Any]:
    """Change a profile, and return the answer; it must succeed."""
    answer = await change(client, actor, **changes)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def read(client: httpx.AsyncClient, actor: Actor) -> dict[str, Any]:
    answer = await client.get(PROFILE, headers=actor.headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def confirm(client: httpx.AsyncClient, actor: Actor, code: str) -> httpx.Response:
    return await client.post(CONFIRM, json={"otp": code}, headers=actor.headers)


async def let_pass(services: Services, actor: Actor, by: timedelta, *addresses: str) -> None:
    """Let time pass for a user's change of address, and for how often codes went to them and to `addresses`."""
    async with tenant(services.database, actor.account_id) as connection:
        await connection.execute(
            """
            update email_changes set created_at = created_at - $3::interval, expires_at = expires_at - $3::interval
            where account_id = $1 and user_id = $2
            """,
            actor.account_id, actor.user_id, by,
        )  # fmt: skip
    keys = {
        limit.key
        for address in addresses or ("",)
        for limit in services.limits.email_codes(actor.user_id, normal_email(address))
    }
    async with directory(services.database) as connection:
        await connection.execute(
            "update throttles set window_ends_at = window_ends_at - $2::interval where key = any($1)", list(keys), by
        )
