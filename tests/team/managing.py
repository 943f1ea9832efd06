"""Managing sub-users over HTTP."""

import re
from typing import Any

import httpx

from tests import make
from tests.cast import Actor
from tests.postbox import Postbox

TEAM = "/api/profile/sub-users"
LINK = re.compile(r"^(http\S+/api/auth/set-password)#([A-Za-z0-9_-]{43})$", re.MULTILINE)


def body(**changes: Any) -> dict[str, Any]:
    """Return the body of a new sub-user."""
    return {
        "fullName": "Ravi Nair",
        "email": make.email("ravi"),
        "password": make.PASSWORD,
        "confirmPassword": make.PASSWORD,
        "role": "Sales Representative",
        "companyName": "Ignored Ltd",
        **changes,
    }


async def add(client: httpx.AsyncClient, owner: Actor, **changes: Any) -> httpx.Response:
    return await client.post(TEAM, json=body(**changes), headers=owner.headers)


async def added(client: httpx.AsyncClient, owner: Actor, **changes: Any) -> dict[str, Any]:
    """Add a sub-user, and return the answer; it must succeed."""
    answer = await add(client, owner, **changes)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def listed(client: httpx.AsyncClient, owner: Actor) -> list[dict[str, Any]]:
    answer = await client.get(TEAM, headers=owner.headers)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


async def log_in(client: httpx.AsyncClient, email: str, password: str = make.PASSWORD) -> httpx.Response:
    return await client.post("/api/auth/login", json={"email": email, "password": password})


async def links_for(postbox: Postbox, email: str) -> list[str]:
    """Return the tokens of the links that were mailed to an address, the newest last."""
    return [token for text in await postbox.mails_to(email) for _, token in LINK.findall(text)]


async def set_password(client: httpx.AsyncClient, token: str, password: str) -> httpx.Response:
    sent = {"token": token, "newPassword": password, "confirmPassword": password}
    return await client.post("/api/auth/set-password", json=sent)
