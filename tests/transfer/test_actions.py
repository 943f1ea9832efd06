"""What import and export promise when clients are slow, others write, or the database fails in between."""

import asyncio
import csv
import io
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx
import pytest
from litestar.exceptions import LitestarException
from structlog.testing import capture_logs

from leadconnect.database.dsn import connect_arguments
from leadconnect.database.pool import Database
from leadconnect.edge.middleware import Edge
from leadconnect.leads.models import LeadFilters
from leadconnect.settings import Settings
from leadconnect.transfer import actions
from tests import make
from tests.cast import Actor, Cast
from tests.conftest import changed, client_of, running_app

IMPORT, EXPORT = "/api/leads/import", "/api/leads/export"


async def import_leads(client: httpx.AsyncClient, actor: Actor, count: int) -> httpx.Response:
    rows = [make.lead(name=f"Person {number}", companyName="Rao Traders") for number in range(count)]
    return await client.post(IMPORT, json={"leads": rows}, headers=actor.headers)


async def total(client: httpx.AsyncClient, actor: Actor) -> int:
    answer = await client.get("/api/leads", headers=actor.headers)
    found: int = answer.json()["meta"]["total"]
    return found


def names(chunks: list[bytes]) -> list[str]:
    return [row["Name"] for row in csv.DictReader(io.StringIO(b"".join(chunks).decode(), newline=""))]


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


class Download:
    """One export straight over ASGI, by a client that takes a chunk only when it is told to."""

    def __init__(self, app: Edge, actor: Actor) -> None:
        self.chunks: list[bytes] = []
        self.is_whole = False
        self._arrived, self._wanted, self._gone = asyncio.Event(), asyncio.Semaphore(0), asyncio.Event()
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": EXPORT, "raw_path": EXPORT.encode(), "root_path": "", "query_string": b"",
            "headers": [(b"host", b"test"), (b"authorization", f"Bearer {actor.token}".encode())],
            "client": ("203.0.113.7", 1), "server": ("test", 80), "state": {},
        }  # fmt: skip
        run: Callable[..., Awaitable[None]] = app
        self.task = asyncio.ensure_future(run(scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] != "http.response.body":
            return
        if not message.get("more_body"):
            self.is_whole = True
            self._gone.set()
            return
        self.chunks.append(message["body"])
        self._arrived.set()
        await self._wanted.acquire()

    async def first_chunk(self) -> None:
        """Wait until the first chunk is on its way; it is not taken yet."""
        await self._arrived.wait()

    def take_all(self) -> None:
        """Take every chunk from now on."""
        for _ in range(1_000):
            self._wanted.release()

    def disconnect(self) -> None:
        """Go away."""
        self._gone.set()


async def test_a_client_that_reads_slowly_holds_no_connection(settings: Settings) -> None:
    async with running_app(changed(settings, database_pool_size=1)) as app, client_of(app) as client:
        owner = await Cast(client, app.app.state.services).owner()
        await import_leads(client, owner, 1_200)
        downloads = [Download(app, owner) for _ in range(3)]
        for download in downloads:
            await download.first_chunk()
        assert await total(client, owner) == 1_200
        for download in downloads:
            download.take_all()
            await download.task
            assert download.is_whole
            assert len(names(download.chunks)) == 1_200


async def test_an_export_ends_when_the_client_is_gone(app: Edge, client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner()
    await import_leads(client, owner, 1_200)
    download = Download(app, owner)
    await download.first_chunk()
    download.disconnect()
    await asyncio.wait_for(download.task, 10)
    assert not download.is_whole
    assert len(download.chunks) == 1


async def test_leads_that_come_or_go_meanwhile_do_not_disturb_the_others(
    app: Edge, client: httpx.AsyncClient, cast: Cast
) -> None:
    owner = await cast.owner()
    report = (await import_leads(client, owner, 1_200)).json()
    download = Download(app, owner)
    await download.first_chunk()
    await import_leads(client, owner, 10)
    last = report["results"][0]["lead"]["id"]
    await client.delete(f"/api/leads/{last}", headers=owner.headers)
    await client.patch(f"/api/leads/{report['results'][5]['lead']['id']}", json={"city": "Pune"}, headers=owner.headers)
    download.take_all()
    await download.task
    assert names(download.chunks) == [f"Person {number}" for number in reversed(range(1, 1_200))]


async def test_an_export_that_cannot_begin_is_refused_with_a_status(
    settings: Settings, client: httpx.AsyncClient, cast: Cast
) -> None:
    owner = await cast.owner()
    async with locked_leads(settings):
        answer = await client.get(EXPORT, headers=owner.headers)
    assert answer.status_code == 503
    assert answer.json()["statusCode"] == 503
    assert answer.headers["retry-after"] == "1"


async def test_an_export_that_cannot_go_on_breaks_off_and_does_not_look_whole(
    settings: Settings, app: Edge, client: httpx.AsyncClient, cast: Cast
) -> None:
    owner = await cast.owner()
    await import_leads(client, owner, 1_200)
    download = Download(app, owner)
    await download.first_chunk()
    async with locked_leads(settings):
        download.take_all()
        with pytest.raises(LitestarException, match="after response started"):
            await download.task
    assert not download.is_whole


async def test_an_export_needs_the_memory_of_a_slice(database: Database, client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner()
    await import_leads(client, owner, 5_000)
    tracemalloc.start()
    try:
        size_bytes = 0
        async for chunk in await actions.export(database, owner.principal, LeadFilters()):
            size_bytes += len(chunk)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size_bytes > 700_000
    assert peak_bytes < 4_000_000


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
                "where datname = current_database() and pid <> pg_backend_pid() and query like '%insert into leads%'"
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


async def test_an_export_is_a_security_event_with_its_rows(client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner()
    await import_leads(client, owner, 3)
    with capture_logs() as events:
        await client.get(EXPORT, headers=owner.headers)
    (event,) = [event for event in events if event["event"] == "export"]
    assert (event["outcome"], event["row_count"]) == ("ok", 3)
    assert (event["account_id"], event["user_id"]) == (str(owner.account_id), str(owner.user_id))


async def test_an_import_of_one_account_is_not_in_the_export_of_another(
    database: Database, client: httpx.AsyncClient, cast: Cast
) -> None:
    owner, other = await cast.owner(company="Acme"), await cast.owner(company="Acme")
    await import_leads(client, owner, 3)
    chunks = [chunk async for chunk in await actions.export(database, other.principal, LeadFilters(search="person"))]
    assert names(chunks) == []
