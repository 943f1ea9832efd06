"""What an import promises when others write, or the database fails in between."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import httpx

from leadconnect.dsn import connect_arguments
from leadconnect.settings import Settings
from tests import make
from tests.cast import Actor, Cast

IMPORT = "/api/leads/import"


async def import_leads(client: httpx.AsyncClient, actor: Actor, count: int) -> httpx.Response:
    rows = [make.lead(name=f"Person {number}", companyName="Rao Traders") for number in range(count)]
    return await client.post(IMPORT, json={"leads": rows}, headers=actor.headers)


async def total(client: httpx.AsyncClient, actor: Actor) -> int:
    answer = await client.get("/api/leads", headers=actor.headers)
    found: int = answer.json()["meta"]["total"]
    return found


@asynccontextmanager
async def locked_leads(settings: Settings) -> AsyncIterator[None]:
    """Keep everybody else away from the table of leads."""
    connection = await asyncpg.connect(**connect_arguments(settings.database_url))
    try:
        async with connection.transaction():
            await connection.execute("lock table leads in access exclusive mode")
            yield
    finally:
        await connection.close()


async def test_an_import_whose_connection_breaks_leaves_nothing_behind(
    settings: Settings, client: httpx.AsyncClient, cast: Cast
) -> None:
    owner = await cast.owner()
    control = await asyncpg.connect(**connect_arguments(settings.database_url))
    try:
        importing = asyncio.create_task(import_leads(client, owner, 5_000))
        killed = 0
        while not killed and not importing.done():
            killed = await control.fetchval(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity "
                "where datname = current_database() and pid <> pg_backend_pid() "
                "and query like '%with given as (%select * from unnest(%'"
            )
        answer = await importing
    finally:
        await control.close()
    assert killed == 1
    assert answer.status_code == 503
    assert await total(client, owner) == 0
    assert (await import_leads(client, owner, 2)).json()["successful"] == 2


async def test_an_import_that_waits_too_long_for_the_table_is_refused(
    settings: Settings, client: httpx.AsyncClient, cast: Cast
) -> None:
    owner = await cast.owner()
    async with locked_leads(settings):
        answer = await import_leads(client, owner, 3)
    assert answer.status_code == 503
    assert await total(client, owner) == 0


async def test_others_are_served_while_thousands_of_rows_are_imported(client: httpx.AsyncClient, cast: Cast) -> None:
    owner, other = await cast.owner(), await cast.owner()
    importing = asyncio.create_task(import_leads(client, owner, 5_000))
    served = 0
    while not importing.done():
        assert await total(client, other) == 0
        served += 1
    report = (await importing).json()
    assert (report["total"], report["successful"]) == (5_000, 5_000)
    assert served >= 20
