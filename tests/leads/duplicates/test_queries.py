"""Looking leads up by their keys, on a real database."""

from uuid import UUID

import httpx

from leadconnect.database.pool import Database
from leadconnect.database.transaction import tenant
from leadconnect.leads import writing
from leadconnect.leads.duplicates import queries
from tests.cast import Actor, Cast
from tests.leads.duplicates.stored import known_ids
from tests.leads.writing import add_lead

PHONE, EMAIL = "+49301234567", "asha@example.com"


async def found(database: Database, actor: Actor, phones: list[str], emails: list[str]) -> set[tuple[str, str]]:
    async with tenant(database, actor.account_id) as connection:
        rows = await queries.matches(connection, actor.account_id, phones, emails)
    return {(row["key"], str(row["lead_id"])) for row in rows}


async def test_leads_are_found_by_the_keys_they_have(
    client: httpx.AsyncClient, owner: Actor, database: Database
) -> None:
    both = await add_lead(client, owner, email="Asha+fair@example.com")
    phone = await add_lead(client, owner, phoneNumber="(+49) 30-123 45 67")
    await add_lead(client, owner, phoneNumber="+49 30 7654321", email="ravi@example.com")
    assert await found(database, owner, [PHONE, "+1"], [EMAIL, EMAIL]) == {
        (PHONE, both),
        (PHONE, phone),
        (EMAIL, both),
    }
    assert await found(database, owner, [], []) == set()


async def test_deleted_leads_and_those_of_others_are_not_found(
    client: httpx.AsyncClient, cast: Cast, owner: Actor, database: Database
) -> None:
    lead_id = await add_lead(client, owner, email=EMAIL)
    assert await found(database, await cast.owner(), [PHONE], [EMAIL]) == set()
    await client.delete(f"/api/leads/{lead_id}", headers=owner.headers)
    assert await found(database, owner, [PHONE], [EMAIL]) == set()


async def test_of_a_key_that_many_share_the_oldest_are_found(
    client: httpx.AsyncClient, owner: Actor, database: Database
) -> None:
    leads = [await add_lead(client, owner) for _ in range(4)]
    async with tenant(database, owner.account_id) as connection:
        rows = await queries.matches(connection, owner.account_id, [PHONE], [], per_key=3)
    assert [str(row["lead_id"]) for row in rows] == leads[:3]


async def test_another_system_knows_leads_by_its_ids(
    client: httpx.AsyncClient, owner: Actor, database: Database
) -> None:
    first, second = [UUID(await add_lead(client, owner)) for _ in range(2)]
    async with tenant(database, owner.account_id) as connection:
        await writing.set_external_ids(connection, owner.account_id, "meta", [("l:1", first), ("l:2", first)])
        await writing.set_external_ids(connection, owner.account_id, "meta", [("l:2", first), ("l:2", second)])
        await writing.set_external_ids(connection, owner.account_id, "hubspot", [("l:1", second)])
        known = await known_ids(connection, "meta")
    assert known == {"l:1": first, "l:2": second}
