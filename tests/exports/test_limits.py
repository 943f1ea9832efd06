"""How many exports an account and a process may have at a time, over HTTP."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from litestar.exceptions import LitestarException

from leadconnect.edge.middleware import Edge
from leadconnect.exports.writing.building import WAITING_PER_ACCOUNT, workplace
from leadconnect.settings import Settings
from tests.cast import Actor, Cast
from tests.conftest import changed, client_of, running_app
from tests.exports.downloading import EXPORT, Download, import_leads, locked_leads, names_in


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[Edge]:
    """The application, with few exports at a time."""
    small = changed(settings, exports_per_account=2, exports_per_process=3, database_pool_wait=1.5)
    async with running_app(small) as started:
        yield started


@pytest.fixture
async def client(app: Edge) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as opened:
        yield opened


@pytest.fixture
def cast(app: Edge, client: httpx.AsyncClient) -> Cast:
    return Cast(client, app.app.state.services)


async def started(app: Edge, actor: Actor, query: str = "") -> Download:
    """Return an export that has begun and is not read further."""
    download = Download(app, actor, query)
    await download.first_chunk()
    return download


async def finish(*downloads: Download) -> None:
    for download in downloads:
        download.take_all()
        await download.task
        assert download.is_whole


async def test_one_more_than_an_account_may_have_is_429(app: Edge, client: httpx.AsyncClient, cast: Cast) -> None:
    owner, other = await cast.owner(), await cast.owner(company="Acme")
    user = await cast.sub_user(owner, view=True, export=True)
    await import_leads(client, owner, 1_200)
    first, second = await started(app, owner), await started(app, user, "format=jsonl")
    for format_ in ("csv", "xlsx"):
        answer = await client.get(EXPORT, params={"format": format_}, headers=owner.headers)
        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) >= 1
        assert answer.json()["message"].startswith("This account has too many exports under way")
    assert (await client.get(EXPORT, headers=other.headers)).status_code == 200
    await finish(first)
    assert (await client.get(EXPORT, headers=owner.headers)).status_code == 200
    await finish(second)


async def test_one_more_than_a_process_may_have_is_503(app: Edge, client: httpx.AsyncClient, cast: Cast) -> None:
    owner, other, third = await cast.owner(), await cast.owner(company="Acme"), await cast.owner(company="Rao")
    for actor in (owner, other):
        await import_leads(client, actor, 600)
    downloads = [await started(app, actor) for actor in (owner, owner, other)]
    answer = await client.get(EXPORT, headers=third.headers)
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) >= 1
    await finish(*downloads)
    assert (await client.get(EXPORT, headers=third.headers)).status_code == 200


async def test_a_client_that_goes_releases_its_slot(app: Edge, client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner()
    await import_leads(client, owner, 1_200)
    downloads = [await started(app, owner), await started(app, owner)]
    for download in downloads:
        download.disconnect()
        await download.task
    assert (await client.get(EXPORT, headers=owner.headers)).status_code == 200
    for _ in range(3):
        assert (await client.head(EXPORT, headers=owner.headers)).status_code == 200


async def test_exports_that_fail_release_their_slots(
    settings: Settings, app: Edge, client: httpx.AsyncClient, cast: Cast
) -> None:
    owner = await cast.owner()
    await import_leads(client, owner, 1_200)
    begun = [await started(app, owner), await started(app, owner)]
    async with locked_leads(settings):
        for download in begun:
            download.take_all()
        outcomes = await asyncio.gather(*(download.task for download in begun), return_exceptions=True)
        assert all(isinstance(outcome, LitestarException) for outcome in outcomes)
    async with locked_leads(settings):
        asked = (client.get(EXPORT, params={"format": name}, headers=owner.headers) for name in ("csv", "xlsx"))
        assert [answer.status_code for answer in await asyncio.gather(*asked)] == [503, 503]
    assert (await client.get(EXPORT, headers=owner.headers)).status_code == 200


async def test_parallel_requests_do_not_exceed_the_limit(app: Edge, client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner()
    await import_leads(client, owner, 1_200)
    begun = [await started(app, owner)]
    answers = await asyncio.gather(*(client.get(EXPORT, headers=owner.headers) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {200, 429}
    await finish(*begun)


async def test_a_small_workbook_is_made_beside_two_slow_ones_of_another_account(
    client: httpx.AsyncClient, cast: Cast
) -> None:
    owner, other = await cast.owner(), await cast.owner(company="Acme")
    await import_leads(client, other, 3)
    async with workplace(owner.account_id):
        second = asyncio.create_task(_slow(owner))
        answer = await client.get(EXPORT, params={"format": "xlsx"}, headers=other.headers)
        assert len(names_in(answer.content, "xlsx")) == 3
        assert not second.done()
    await second


async def test_so_many_workbooks_of_an_account_wait_and_one_more_is_429(client: httpx.AsyncClient, cast: Cast) -> None:
    owner, other = await cast.owner(), await cast.owner(company="Acme")
    await import_leads(client, other, 3)
    async with workplace(owner.account_id):
        waiting = [asyncio.create_task(_slow(owner)) for _ in range(WAITING_PER_ACCOUNT)]
        await asyncio.sleep(0)
        answers = [await client.get(EXPORT, params={"format": "pdf"}, headers=who.headers) for who in (owner, other)]
        assert [answer.status_code for answer in answers] == [429, 200]
    await asyncio.gather(*waiting)


async def _slow(actor: Actor) -> None:
    """Hold a slot of the account as a workbook does that is made."""
    async with workplace(actor.account_id):
        await asyncio.sleep(0)
