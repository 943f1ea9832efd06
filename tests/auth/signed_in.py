"""Asking whether a session is still good."""

import httpx

from tests.cast import Actor

REFRESH, ME = "/api/auth/refresh", "/api/users/me"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def refresh(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await client.post(REFRESH, json={"refreshToken": token})


async def is_signed_in(client: httpx.AsyncClient, token: str) -> bool:
    status = (await client.get(ME, headers=bearer(token))).status_code
    assert status in (200, 401)
    return status == 200


async def is_over(client: httpx.AsyncClient, actor: Actor) -> bool:
    """Tell whether both tokens of a session are refused; never one of them alone."""
    access, renewed = await is_signed_in(client, actor.token), await refresh(client, actor.refresh_token)
    assert renewed.status_code == (200 if access else 401)
    return not access
