"""Imports of a test: uploading, planning and applying them through the API, with a worker beside it."""

from typing import Any
from uuid import UUID

import httpx
import msgspec

from leadconnect.auth.services import Services
from leadconnect.database.transaction import tenant
from leadconnect.imports import applying, queries
from leadconnect.imports.planning import plan
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


async def planned_here(client: httpx.AsyncClient, services: Services, actor: Actor, data: str) -> str:
    """Upload a file and plan it in this process, where no worker runs; return the id of the import."""
    made = (await client.post(IMPORTS, files={"file": ("leads.csv", data.encode())}, headers=actor.headers)).json()
    await plan(services, await order_of(services, actor, made["id"]))
    return str(made["id"])


async def applied_here(client: httpx.AsyncClient, services: Services, actor: Actor, data: str) -> str:
    """Upload a file, plan and apply it in this process; return the id of the import."""
    import_id = await planned_here(client, services, actor, data)
    answer = await client.post(f"{IMPORTS}/{import_id}/apply", headers=actor.headers)
    assert answer.json()["status"] == "applying", answer.text
    await applying.apply(services, await order_of(services, actor, import_id), actor.user_id)
    return import_id


async def order_of(services: Services, actor: Actor, import_id: str) -> queries.Run:
    """Return the latest order of an import."""
    async with tenant(services.database, actor.account_id) as connection:
        row = await queries.one(connection, actor.account_id, UUID(import_id))
    assert row is not None
    return actor.account_id, row.id, row.run
