"""What an export promises when clients are slow or leave, others write, or the database fails in between."""

import asyncio
import tempfile
import tracemalloc
from pathlib import Path

import httpx
import pytest
from litestar.exceptions import LitestarException
from structlog.testing import capture_logs

from leadconnect.database.pool import Database
from leadconnect.edge.middleware import Edge
from leadconnect.exports import actions
from leadconnect.exports.models import ExportFormat, ExportQuery
from leadconnect.settings import Settings
from tests.cast import Cast
from tests.conftest import changed, client_of, running_app
from tests.exports.downloading import (
    EXPORT,
    MADE,
    Download,
    eventually,
    import_leads,
    locked_leads,
    names,
    names_in,
    total,
    traces,
)
from tests.patience import PATIENCE_SECONDS


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
    await asyncio.wait_for(download.task, PATIENCE_SECONDS)
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


async def test_an_export_needs_the_memory_of_a_slice(
    settings: Settings, database: Database, client: httpx.AsyncClient, cast: Cast
) -> None:
    owner = await cast.owner()
    await import_leads(client, owner, 5_000)
    tracemalloc.start()
    try:
        size_bytes = 0
        async for chunk in (await actions.export(database, settings, owner.principal, ExportQuery())).chunks:
            size_bytes += len(chunk)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size_bytes > 700_000
    assert peak_bytes < 4_000_000


async def test_an_export_is_a_security_event_with_its_rows(client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner()
    await import_leads(client, owner, 3)
    with capture_logs() as events:
        await client.get(EXPORT, headers=owner.headers)
    (event,) = [event for event in events if event["event"] == "export"]
    assert (event["outcome"], event["row_count"], event["format"]) == ("ok", 3, "csv")
    assert (event["account_id"], event["user_id"]) == (str(owner.account_id), str(owner.user_id))


async def test_an_import_of_one_account_is_not_in_the_export_of_another(
    settings: Settings, database: Database, client: httpx.AsyncClient, cast: Cast
) -> None:
    owner, other = await cast.owner(company="Acme"), await cast.owner(company="Acme")
    await import_leads(client, owner, 3)
    file = await actions.export(database, settings, other.principal, ExportQuery(search="person"))
    chunks = [chunk async for chunk in file.chunks]
    assert names(chunks) == []


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the folders of exports are made."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("format_", MADE)
async def test_a_client_that_leaves_while_its_file_is_made_leaves_nothing_behind(
    app: Edge, client: httpx.AsyncClient, cast: Cast, folder: Path, format_: str
) -> None:
    owner = await cast.owner()
    await import_leads(client, owner, 3_000)
    download = Download(app, owner, f"format={format_}")
    await eventually(lambda: any("exports.writing" in trace for trace in traces(folder)))
    download.disconnect()
    await asyncio.wait_for(download.task, PATIENCE_SECONDS)
    assert download.chunks == []
    assert traces(folder) == []


async def test_a_client_that_leaves_while_its_file_is_sent_leaves_nothing_behind(
    app: Edge, client: httpx.AsyncClient, cast: Cast, folder: Path
) -> None:
    owner = await cast.owner()
    await import_leads(client, owner, 1_500)
    download = Download(app, owner, "format=xlsx")
    await download.first_chunk()
    (trace,) = traces(folder)
    assert trace.endswith("(deleted)"), "the file is open, but no name leads to it"
    download.disconnect()
    await asyncio.wait_for(download.task, PATIENCE_SECONDS)
    assert not download.is_whole
    await eventually(lambda: traces(folder) == [])


@pytest.mark.parametrize("format_", MADE)
async def test_no_connection_is_held_while_a_file_is_made_or_sent(
    settings: Settings, folder: Path, format_: str
) -> None:
    async with running_app(changed(settings, database_pool_size=1)) as app, client_of(app) as client:
        owner = await Cast(client, app.app.state.services).owner()
        await import_leads(client, owner, 1_000)
        download = Download(app, owner, f"format={format_}")
        await eventually(lambda: any("exports.writing" in trace for trace in traces(folder)))
        assert await total(client, owner) == 1_000
        await download.first_chunk()
        assert await total(client, owner) == 1_000
        download.take_all()
        await download.task
        assert download.is_whole
        assert len(names_in(b"".join(download.chunks), format_)) == 1_000


async def test_a_file_that_cannot_be_finished_is_refused_with_a_status(
    settings: Settings, client: httpx.AsyncClient, cast: Cast, folder: Path
) -> None:
    owner = await cast.owner()
    await import_leads(client, owner, 3)
    async with locked_leads(settings):
        answer = await client.get(EXPORT, params={"format": "xlsx"}, headers=owner.headers)
    assert answer.status_code == 503
    assert traces(folder) == []


@pytest.mark.parametrize("format_", ["xlsx", "jsonl"])
async def test_other_formats_need_the_memory_of_a_slice_too(
    settings: Settings, database: Database, client: httpx.AsyncClient, cast: Cast, format_: str
) -> None:
    owner = await cast.owner()
    await import_leads(client, owner, 5_000)
    tracemalloc.start()
    try:
        file = await actions.export(database, settings, owner.principal, ExportQuery(format=ExportFormat(format_)))
        size_bytes = 0
        async for chunk in file.chunks:
            size_bytes += len(chunk)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size_bytes == (file.size_bytes or size_bytes) > 200_000
    assert peak_bytes < 4_000_000
