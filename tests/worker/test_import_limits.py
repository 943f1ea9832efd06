"""The limits of an account's imports over HTTP, on a server whose imports wait for a worker that does not run."""

from collections.abc import AsyncIterator

import httpx
import pytest

from leadconnect.settings import Settings
from tests.cast import Actor, Cast
from tests.conftest import changed, client_of, running_app

IMPORTS = "/api/imports"
PROBLEM = {"Accept": "application/problem+json"}


@pytest.fixture
async def server(settings: Settings) -> AsyncIterator[tuple[httpx.AsyncClient, Cast]]:
    """A client of a server with small limits, and its users."""
    small = changed(settings, unfinished_imports=2, import_storage=100_000)
    async with running_app(small) as app, client_of(app) as client:
        yield client, Cast(client, app.app.state.services)


async def upload(client: httpx.AsyncClient, actor: Actor, size_bytes: int) -> httpx.Response:
    content = b"Name,Phone\n".ljust(size_bytes, b"\n")
    parts = {"file": ("leads.csv", content, "text/csv")}
    return await client.post(IMPORTS, files=parts, headers=actor.headers | PROBLEM)


async def test_one_more_unfinished_import_is_429_until_one_is_cancelled(server: tuple[httpx.AsyncClient, Cast]) -> None:
    client, cast = server
    owner, other = await cast.owner(), await cast.owner(company="Acme")
    made = [await upload(client, owner, 100) for _ in range(2)]
    refused = await upload(client, owner, 100)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1
    assert "too_many_imports" in refused.text
    assert (await upload(client, other, 100)).status_code < 300
    answer = await client.delete(f"{IMPORTS}/{made[0].json()['id']}", headers=owner.headers)
    assert answer.status_code == 200
    assert (await upload(client, owner, 100)).status_code < 300


async def test_a_file_beyond_the_storage_of_the_account_is_409_until_space_is_released(
    server: tuple[httpx.AsyncClient, Cast],
) -> None:
    client, cast = server
    owner, other = await cast.owner(), await cast.owner(company="Acme")
    made = await upload(client, owner, 60_000)
    refused = await upload(client, owner, 60_000)
    assert refused.status_code == 409
    assert "import_storage_full" in refused.text
    assert (await upload(client, other, 60_000)).status_code < 300
    await client.delete(f"{IMPORTS}/{made.json()['id']}", headers=owner.headers)
    assert (await upload(client, owner, 60_000)).status_code < 300
