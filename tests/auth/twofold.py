"""Signing in with two factors, and letting time pass between them."""

from datetime import timedelta
from typing import Any

import httpx

from leadconnect.auth.services import Services
from leadconnect.database.transaction import tenant
from tests.auth.signed_in import shift
from tests.cast import Actor, Cast
from tests.postbox import Postbox

LOG_IN, FINISH = "/api/auth/login", "/api/auth/login/2fa"
AGAIN, VERIFY = "/api/auth/2fa/send-otp", "/api/auth/2fa/verify-otp"
ENABLE, DISABLE, STATUS = "/api/auth/2fa/enable", "/api/auth/2fa/disable", "/api/auth/2fa/status"
SECURITY = "/api/profile/preferences/security"
STALE = timedelta(minutes=15, seconds=1)


async def protected(cast: Cast, client: httpx.AsyncClient) -> Actor:
    """Return an owner who is asked for a second factor."""
    owner = await cast.owner()
    assert (await client.post(ENABLE, headers=owner.headers)).status_code == 200
    return owner


async def log_in(client: httpx.AsyncClient, actor: Actor, **headers: str) -> httpx.Response:
    return await client.post(LOG_IN, json={"email": actor.email, "password": actor.password}, headers=headers)


async def challenge(client: httpx.AsyncClient, postbox: Postbox, actor: Actor) -> str:
    """Prove the password and return the code that is mailed."""
    answer = await log_in(client, actor)
    assert (answer.status_code, answer.json().get("requiresTwoFactor")) == (200, True), answer.text
    return await postbox.code_for(actor.email)


async def finish(client: httpx.AsyncClient, email: str, code: str, **headers: str) -> httpx.Response:
    return await client.post(FINISH, json={"email": email, "otp": code}, headers=headers)


async def again(client: httpx.AsyncClient, email: str) -> httpx.Response:
    return await client.post(AGAIN, json={"email": email})


async def verify(client: httpx.AsyncClient, email: str, code: str) -> httpx.Response:
    return await client.post(VERIFY, json={"email": email, "otp": code})


async def disable(client: httpx.AsyncClient, actor: Actor, **body: str) -> httpx.Response:
    return await client.post(DISABLE, json=body, headers=actor.headers)


async def change(client: httpx.AsyncClient, actor: Actor, **body: Any) -> httpx.Response:
    return await client.put(SECURITY, json=body, headers=actor.headers)


async def is_on(client: httpx.AsyncClient, actor: Actor) -> bool:
    answer = await client.get(STATUS, headers=actor.headers)
    assert answer.status_code == 200
    assert answer.json()["email"] == actor.email
    return bool(answer.json()["enabled"])


async def let_pass(services: Services, actor: Actor, by: timedelta) -> None:
    """Let time pass for the codes, the sessions and the limits of an account's owner."""
    await shift(services, actor, by)
    email = actor.email
    proven = [services.limits.proven_codes(email, purpose) for purpose in ("sign in", "switch off")]
    keys = [limit.key for limit in (*services.limits.sign_in_codes_again(email), *proven)]
    async with tenant(services.database, actor.account_id) as connection:
        await connection.execute(
            """
            update two_factor_codes set created_at = created_at - $2::interval,
                challenge_at = challenge_at - $2::interval, expires_at = expires_at - $2::interval
            where account_id = $1
            """,
            actor.account_id, by,
        )  # fmt: skip
        await connection.execute(
            "update throttles set window_ends_at = window_ends_at - $2::interval where key = any($1)", keys, by
        )
