"""Imports of a test: uploading, planning and applying them through the API, with a worker beside it."""

from typing import Any

import httpx
import msgspec

from tests.cast import Actor

IMPORTS = "/api/imports"
WAIT = {"Prefer": "wait=30"}
HEADER = "Name,Phone,Email,City"


async def upload(
    client: httpx.AsyncClient, actor: Actor, data: str | bytes, *, name: str = "leads.csv", **options: Any
) -> dict[str, Any]:
    """Upload a file with `options` by their names on the wire, and return its import once it is planned."""
    content = data.encode() if isinstance(data, str) else data
    parts: dict[str, Any] = {"file": (name, content, "application/octet-stream")}
    if options:
        parts["options"] = (None, msgspec.json.encode(options))
    answer = await client.post(IMPORTS, files=parts, headers=actor.headers | WAIT)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def change(client: httpx.AsyncClient, actor: Actor, made: dict[str, Any], **options: Any) -> dict[str, Any]:
    """Change what is wanted of an import, and return it once it is planned anew."""
    answer = await client.patch(f"{IMPORTS}/{made['id']}", json=options, headers=actor.headers | WAIT)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def apply(client: httpx.AsyncClient, actor: Actor, made: dict[str, Any]) -> dict[str, Any]:
    """Apply an import, and return it once that is done."""
    answer = await client.post(f"{IMPORTS}/{made['id']}/apply", headers=actor.headers | WAIT)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def applied(
    client: httpx.AsyncClient, actor: Actor, data: str | bytes, *, name: str = "leads.csv", **options: Any
) -> dict[str, Any]:
    """Upload a file, and return its import once it is applied."""
    return await apply(client, actor, await upload(client, actor, data, name=name, **options))


async def rows(client: httpx.AsyncClient, actor: Actor, made: dict[str, Any], **query: Any) -> list[dict[str, Any]]:
    """Return what becomes of the rows of an import."""
    answer = await client.get(f"{IMPORTS}/{made['id']}/rows", params=query, headers=actor.headers)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


async def leads(client: httpx.AsyncClient, actor: Actor, **query: Any) -> list[dict[str, Any]]:
    """Return the leads of the account, by name."""
    answer = await client.get("/api/leads", params={"limit": 1000, **query}, headers=actor.headers)
    assert answer.status_code == 200, answer.text
    return sorted(answer.json()["data"], key=lambda lead: str(lead["name"]))


def totals(made: dict[str, Any]) -> dict[str, int]:
    """Return how many rows an import has of each verdict that any has."""
    found = made["plan"]["totals"]
    kinds = ("create", "update", "duplicate", "skip", "reject")
    assert found["read"] == sum(found[kind] for kind in kinds)
    return {kind: found[kind] for kind in kinds if found[kind]}


def sheet(*lines: str, header: str = HEADER) -> str:
    """Return a CSV file of `lines` below a header."""
    return "".join(f"{line}\n" for line in (header, *lines))
