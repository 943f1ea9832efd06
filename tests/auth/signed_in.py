"""Asking whether a session is still good, refreshing it, and letting time pass for it."""

from datetime import timedelta
from typing import Any

import httpx

from leadconnect.auth.proof import FRESH
from leadconnect.auth.services import Services
from leadconnect.database.transaction import tenant
from tests.cast import Actor

REFRESH, ME = "/api/auth/refresh", "/api/users/me"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def refresh(client: httpx.AsyncClient, token: str, *, rotation: str | None = None) -> httpx.Response:
    headers = {} if rotation is None else {"X-Token-Rotation": rotation}
    return await client.post(REFRESH, json={"refreshToken": token}, headers=headers)


async def is_signed_in(client: httpx.AsyncClient, token: str) -> bool:
    status = (await client.get(ME, headers=bearer(token))).status_code
    assert status in (200, 401)
    return status == 200


async def is_over(client: httpx.AsyncClient, actor: Actor) -> bool:
    """Tell whether both tokens of a session are refused; never one of them alone."""
    access, renewed = await is_signed_in(client, actor.token), await refresh(client, actor.refresh_token)
    assert renewed.status_code == (200 if access else 401)
    return not access


async def shift(services: Services, actor: Actor, by: timedelta) -> None:
    """Let time pass for all sessions of an account: everything about them happened `by` earlier."""
    async with tenant(services.database, actor.account_id) as connection:
        await connection.execute(
            """
            update sessions set created_at = created_at - $2::interval, last_seen_at = last_seen_at - $2::interval,
                expires_at = expires_at - $2::interval, authenticated_at = authenticated_at - $2::interval,
                refreshed_at = refreshed_at - $2::interval
            where account_id = $1
            """,
            actor.account_id, by,
        )  # fmt: skip
        await connection.execute(
            """
            update tokens set created_at = created_at - $2::interval, expires_at = expires_at - $2::interval,
                first_used_at = first_used_at - $2::interval
            where account_id = $1
            """,
            actor.account_id, by,
        )  # fmt: skip
        ids = await connection.fetch("select id from sessions where account_id = $1", actor.account_id)
        keys = [services.limits.refreshes(row["id"]).key for row in ids]
        await connection.execute(
            "update throttles set window_ends_at = window_ends_at - $2::interval where key = any($1)", keys, by
        )


async def rows_of(services: Services, actor: Actor, table: str) -> list[dict[str, Any]]:
    """Return the account's rows of a table, the oldest first."""
    async with tenant(services.database, actor.account_id) as connection:
        return [dict(row) for row in await connection.fetch(f"select * from {table} order by created_at, id")]


async def grow_stale(services: Services, actor: Actor) -> None:
    """Let the sessions of a user be too old to prove a password."""
    async with tenant(services.database, actor.account_id) as connection:
        await connection.execute(
            "update sessions set authenticated_at = now() - $3::interval where account_id = $1 and user_id = $2",
            actor.account_id, actor.user_id, FRESH,
        )  # fmt: skip
