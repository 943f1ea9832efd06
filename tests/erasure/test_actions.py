"""Erasing an account leaves nothing of it, and all of the others."""

import asyncio
from graphlib import CycleError

import httpx
import pytest
from structlog.testing import capture_logs

from leadconnect.auth.services import Services
from leadconnect.database.pool import Database
from leadconnect.erasure.actions import erase, find_account, in_order
from leadconnect.erasure.queries import TenantTable
from leadconnect.identifiers import new_id
from tests import make
from tests.auth.signed_in import is_signed_in
from tests.cast import Actor, Cast
from tests.erasure.filling import asked_for, full_account, rows_of
from tests.patience import PATIENCE_SECONDS


async def erased(services: Services, actor: Actor) -> dict[str, int]:
    return await erase(services.database, services.outbox, actor.account_id)


async def test_of_an_account_with_rows_in_every_table_none_is_left(
    client: httpx.AsyncClient, cast: Cast, services: Services
) -> None:
    """A table that is added later is found by the catalogue: this fails until `full_account` puts something into it."""
    owner = await full_account(client, cast, services)
    before = await rows_of(services.database, owner.account_id)
    assert len(before) >= 24
    assert [name for name, count in before.items() if not count] == []
    deleted = await erased(services, owner)
    unnamed = 2  # jobs that no transaction of the account added: a digest, and the code that was asked for by address
    assert deleted == before | {"pgqueuer": before["pgqueuer"] + unnamed}
    assert set((await rows_of(services.database, owner.account_id)).values()) == {0}
    assert await asked_for(services, owner.email) == 0


async def test_other_accounts_keep_everything(client: httpx.AsyncClient, cast: Cast, services: Services) -> None:
    gone, other = [await full_account(client, cast, services) for _ in range(2)]
    before = await rows_of(services.database, other.account_id)
    await erased(services, gone)
    assert await rows_of(services.database, other.account_id) == before
    assert await asked_for(services, other.email) == 1
    leads = await client.get("/api/leads", headers=other.headers)
    assert (leads.status_code, len(leads.json()["data"])) == (200, 2)


async def test_nobody_of_the_account_gets_in_any_more(
    client: httpx.AsyncClient, cast: Cast, services: Services
) -> None:
    owner = await cast.owner()
    helper = await cast.sub_user(owner)
    key = await cast.api_key(owner)
    await erased(services, owner)
    assert not await is_signed_in(client, key)
    for actor in (owner, helper):
        assert (await client.get("/api/users/me", headers=actor.headers)).status_code == 401
        credentials = {"email": actor.email, "password": actor.password}
        assert (await client.post("/api/auth/login", json=credentials)).status_code == 401
        refreshed = await client.post("/api/auth/refresh", json={"refreshToken": actor.refresh_token})
        assert refreshed.status_code == 401


async def test_the_address_can_sign_up_again(client: httpx.AsyncClient, cast: Cast, services: Services) -> None:
    owner = await cast.owner()
    await erased(services, owner)
    again = await cast.owner(email=owner.email)
    assert again.account_id != owner.account_id


async def test_erasing_twice_or_nobody_deletes_nothing(cast: Cast, services: Services) -> None:
    owner = await cast.owner()
    assert (await erased(services, owner))["accounts"] == 1
    assert await erased(services, owner) == {}
    assert await erase(services.database, services.outbox, new_id()) == {}


async def test_an_account_is_found_by_its_owner_alone(cast: Cast, database: Database) -> None:
    owner = await cast.owner(company="Acme Ltd")
    helper = await cast.sub_user(owner)
    found = await find_account(database, account_id=None, owner=owner.email.upper())
    assert found is not None
    assert (found.id, found.company_name) == (owner.account_id, "Acme Ltd")
    assert await find_account(database, account_id=owner.account_id, owner=None) == found
    assert await find_account(database, account_id=None, owner=helper.email) is None
    assert await find_account(database, account_id=new_id(), owner=None) is None


async def write_until_refused(client: httpx.AsyncClient, owner: Actor, begun: asyncio.Event) -> set[int]:
    """Add leads until nobody lets the owner in any more; return every status there was."""
    statuses = set()
    while 401 not in statuses:
        answer = await client.post("/api/leads", json=make.lead(), headers=owner.headers)
        statuses.add(answer.status_code)
        begun.set()
    return statuses


async def test_requests_that_run_meanwhile_are_refused_and_leave_nothing(
    client: httpx.AsyncClient, cast: Cast, services: Services
) -> None:
    owner = await cast.owner()
    begun = asyncio.Event()
    async with asyncio.timeout(PATIENCE_SECONDS):
        writers = [asyncio.create_task(write_until_refused(client, owner, begun)) for _ in range(6)]
        await begun.wait()
        await erased(services, owner)
        statuses = set[int]().union(*await asyncio.gather(*writers))
    assert statuses <= {201, 401, 404, 503}
    assert {201, 401} <= statuses
    assert set((await rows_of(services.database, owner.account_id)).values()) == {0}


async def test_an_erasure_is_a_security_event(cast: Cast, services: Services) -> None:
    owner = await cast.owner()
    with capture_logs() as lines:
        await erased(services, owner)
    found = [(line["event"], line["account_id"]) for line in lines if line.get("kind") == "security"]
    assert found == [("account_erased", str(owner.account_id))]


def test_tables_are_emptied_before_those_they_point_to() -> None:
    tables = [TenantTable(1, "accounts", "", []), TenantTable(2, "users", "", [1]), TenantTable(3, "leads", "", [2, 1])]
    assert [table.name for table in in_order(tables)] == ["leads", "users", "accounts"]
    with pytest.raises(CycleError):
        in_order([TenantTable(1, "a", "", [2]), TenantTable(2, "b", "", [1])])
