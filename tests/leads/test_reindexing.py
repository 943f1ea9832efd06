"""Documents of an older version are found as they are, and renewed in the background."""

import asyncio
from uuid import UUID

import httpx

from leadconnect.database.pool import Database
from leadconnect.database.transaction import tenant
from leadconnect.leads.reindexing import renew_documents, renew_documents_of
from leadconnect.leads.terms import DOCUMENT_VERSION, search_codes_of_term
from tests import make
from tests.cast import Actor, Cast

FORMER = "josé\n\n+91 98765 43210\n\n919876543210"


async def add_outdated(client: httpx.AsyncClient, owner: Actor, database: Database, count: int) -> None:
    """Add leads whose documents are as those of version 1: with accents, without the city."""
    for _ in range(count):
        lead = make.lead(name="José", phoneNumber="+91 98765 43210", city="Pune")
        assert (await client.post("/api/leads", json=lead, headers=owner.headers)).status_code == 201
    grams = {line[at : at + 3] for line in FORMER.split("\n") for at in range(len(line) - 2)}
    codes = [code for gram in grams for code in search_codes_of_term(owner.account_id, gram)]
    async with tenant(database, owner.account_id) as connection:
        await connection.execute(
            "update lead_search set search_text = $2, search_codes = $3, document_version = 1 where account_id = $1",
            owner.account_id,
            FORMER,
            codes,
        )


async def total(client: httpx.AsyncClient, owner: Actor, query: str) -> int:
    answer = await client.get("/api/leads", params=f"{query}&limit=1", headers=owner.headers)
    found: int = answer.json()["meta"]["total"]
    return found


async def versions(database: Database, account_id: UUID) -> list[int]:
    async with tenant(database, account_id) as connection:
        rows = await connection.fetch("select document_version from lead_search where account_id = $1", account_id)
    return [row["document_version"] for row in rows]


async def test_outdated_documents_are_found_as_they_are_and_renewed(
    client: httpx.AsyncClient, cast: Cast, database: Database
) -> None:
    one, other = await cast.owner(), await cast.owner()
    for owner in (one, other):
        await add_outdated(client, owner, database, 3)
        for search in ("jos%C3%A9", "JOSE%CC%81", "98765", "9876543210", "%2B91%2098765-43210", "jos%C3%A9%20432"):
            assert await total(client, owner, f"search={search}") == 3, search
        assert await total(client, owner, "search=pune") == 0
    await renew_documents(database)
    for owner in (one, other):
        assert await versions(database, owner.account_id) == [DOCUMENT_VERSION] * 3
        for search in ("jose", "jos%C3%A9", "pune", "pune%20jose", "98765", "%2B91%2098765-43210"):
            assert await total(client, owner, f"search={search}") == 3, search


async def test_documents_are_renewed_in_slices_those_of_deleted_leads_too(
    client: httpx.AsyncClient, owner: Actor, database: Database
) -> None:
    await add_outdated(client, owner, database, 5)
    leads = (await client.get("/api/leads", headers=owner.headers)).json()["data"]
    await client.delete(f"/api/leads/{leads[0]['id']}", headers=owner.headers)
    await asyncio.gather(*(renew_documents_of(database, owner.account_id, batch_size=2) for _ in range(3)))
    assert await versions(database, owner.account_id) == [DOCUMENT_VERSION] * 5
    assert await total(client, owner, "search=jose%20pune") == 4
    assert await total(client, owner, "search=jose%20pune&deleted=true") == 1


async def test_a_changed_lead_has_a_current_document(
    client: httpx.AsyncClient, owner: Actor, database: Database
) -> None:
    await add_outdated(client, owner, database, 2)
    leads = (await client.get("/api/leads", headers=owner.headers)).json()["data"]
    await client.patch(f"/api/leads/{leads[0]['id']}", json={"city": "Ulm"}, headers=owner.headers)
    asked = {"action": "update", "ids": [leads[1]["id"]], "set": {"city": "Bonn"}}
    answer = await client.post("/api/leads/bulk", json=asked | {"expectedCount": 1}, headers=owner.headers)
    assert answer.status_code == 200, answer.text
    assert await versions(database, owner.account_id) == [DOCUMENT_VERSION] * 2
    assert [await total(client, owner, f"search={city}") for city in ("ulm", "bonn")] == [1, 1]
