"""Asking for codes, guessing at them and using them."""

from datetime import timedelta

import httpx

from leadconnect.auth.services import Services
from leadconnect.database.transaction import directory, tenant
from tests.cast import Actor
from tests.postbox import Postbox

FORGOT, VERIFY, RESET = "/api/auth/forgot-password", "/api/auth/verify-otp", "/api/auth/reset-password"
NEW = "a new passphrase"


async def forgot(client: httpx.AsyncClient, email: str) -> httpx.Response:
    return await client.post(FORGOT, json={"email": email})


async def verify(client: httpx.AsyncClient, email: str, code: str) -> httpx.Response:
    return await client.post(VERIFY, json={"email": email, "otp": code})


async def reset(client: httpx.AsyncClient, email: str, code: str, password: str = NEW) -> httpx.Response:
    body = {"email": email, "otp": code, "newPassword": password, "confirmPassword": password}
    return await client.post(RESET, json=body)


def other(code: str, by: int = 1) -> str:
    """Return a code that is wrong."""
    return f"{(int(code) + by) % 1_000_000:06d}"


async def let_pass(services: Services, owner: Actor, by: timedelta) -> None:
    """Let time pass for the codes of an account and for how often they were asked for."""
    async with tenant(services.database, owner.account_id) as connection:
        await connection.execute(
            """
            update password_resets set created_at = created_at - $2::interval, expires_at = expires_at - $2::interval
            where account_id = $1
            """,
            owner.account_id, by,
        )  # fmt: skip
    keys = [limit.key for limit in services.limits.codes(owner.email)]
    async with directory(services.database) as connection:
        await connection.execute(
            "update throttles set window_ends_at = window_ends_at - $2::interval where key = any($1)", keys, by
        )


async def a_code(client: httpx.AsyncClient, postbox: Postbox, actor: Actor) -> str:
    """Have a code mailed and return it."""
    assert (await forgot(client, actor.email)).status_code == 200
    return await postbox.code_for(actor.email)


async def can_log_in(client: httpx.AsyncClient, actor: Actor, password: str) -> bool:
    answer = await client.post("/api/auth/login", json={"email": actor.email, "password": password})
    assert answer.status_code in (200, 401)
    return answer.status_code == 200
