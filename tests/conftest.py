"""A migrated PostgreSQL, the application on it and a client, for every test that wants them.

Each test process has a database of its own: on the embedded PostgreSQL, or on the server that
LEADCONNECT_TEST_DATABASE_URL names.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import httpx
import msgspec
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from leadconnect.app import create_app
from leadconnect.auth.services import Services, open_services
from leadconnect.database.embedded import EmbeddedPostgres
from leadconnect.database.migrate import migrate
from leadconnect.database.pool import Database
from leadconnect.dsn import connect_arguments
from leadconnect.edge.middleware import Edge
from leadconnect.settings import Settings
from tests.cast import Actor, Cast
from tests.dropping import drop_database
from tests.postbox import Postbox, working_postbox

# On a busy machine an example may take seconds, and so may the making of one.
hypothesis_settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("busy")

TEST_SECRET = "a secret that only the tests know, 0123456789"
BASE_URL = "http://leadconnect.test"


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """The URL of an empty, migrated database of this test process."""
    with migrated_database(tmp_path_factory.mktemp("data"), f"leadconnect_test_{worker_id}") as url:
        yield url


@contextmanager
def migrated_database(folder: Path, name: str) -> Iterator[str]:
    """Give the URL of an empty, migrated database: one called `name` on the server that LEADCONNECT_TEST_DATABASE_URL
    names, else that of an embedded server in `folder`.
    """
    given = os.environ.get("LEADCONNECT_TEST_DATABASE_URL", "")
    if given:
        url = asyncio.run(_fresh_database(given, name))
        asyncio.run(migrate(url))
        yield url
        return
    with EmbeddedPostgres(folder) as postgres:
        url = postgres.ensure_running()
        asyncio.run(migrate(url))
        yield url


async def _fresh_database(server_url: str, name: str) -> str:
    connection = await asyncpg.connect(**connect_arguments(server_url))
    try:
        await drop_database(connection, name)
        await connection.execute(f'create database "{name}"')
    finally:
        await connection.close()
    return urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))


def settings_for(database_url: str, folder: Path, **changes: Any) -> Settings:
    """Return settings of a server without a worker, with cheap password hashes and patience for a busy machine."""
    server = Settings(
        database_url=database_url,
        data_dir=folder,
        secret=TEST_SECRET,
        bcrypt_rounds=4,
        database_pool_wait=15,  # a busy machine must not look like an exhausted pool
        hash_queue_wait=15,
        log_ins_per_address=100_000,  # all tests come from one address
        sign_ups_per_address=100_000,
        run_worker=False,
    )
    return changed(server, **changes)


@pytest.fixture(scope="session")
def settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a development server that a page of another origin may call."""
    return settings_for(database_url, tmp_path_factory.mktemp("files"), cors_origins=("https://app.example.com",))


def serving() -> tuple[Any, Any, Any]:
    """Return the fixtures `services`, `database` and `app`, made of the fixture `settings`.

    A folder with settings of its own takes three of its own: a fixture of a session is made once, with the settings
    of whoever asks for it first.
    """

    @pytest.fixture(scope="session")
    async def services(settings: Settings) -> AsyncIterator[Services]:
        """What requests share, for tests below HTTP."""
        opened = await open_services(settings, "tests")
        yield opened
        await opened.close()

    @pytest.fixture(scope="session")
    def database(services: Services) -> Database:
        """The pool of `services`."""
        return services.database

    @pytest.fixture(scope="session")
    async def app(settings: Settings) -> AsyncIterator[Edge]:
        """The application, started."""
        async with running_app(settings) as started:
            yield started

    return services, database, app


services, database, app = serving()


@asynccontextmanager
async def running_app(settings: Settings) -> AsyncIterator[Edge]:
    """Start the application in this process and stop it again, both in one task of its own, as a server does."""
    app = create_app(settings)
    started, stop = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.app.lifespan():
            started.set()
            await stop.wait()

    task = asyncio.create_task(live())
    waiting = asyncio.create_task(started.wait())
    await asyncio.wait((task, waiting), return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        await task
    try:
        yield app
    finally:
        stop.set()
        await task


def client_of(app: Edge, address: str = "203.0.113.7") -> httpx.AsyncClient:
    """Return a client of an application in this process, which sees it come from `address`."""
    transport = httpx.ASGITransport(app, client=(address, 50_000), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=BASE_URL, timeout=30)


def changed(settings: Settings, **changes: object) -> Settings:
    """Return `settings` with some of them changed."""
    return msgspec.structs.replace(settings, **changes)


@pytest.fixture
async def client(app: Edge) -> AsyncIterator[httpx.AsyncClient]:
    """A client without a token."""
    async with client_of(app) as opened:
        yield opened


@pytest.fixture
def cast(client: httpx.AsyncClient, services: Services) -> Cast:
    """Makes the people of a test."""
    return Cast(client, services)


@pytest.fixture
async def owner(cast: Cast) -> Actor:
    """An owner who has just signed up."""
    return await cast.owner()


@pytest.fixture(scope="module")
async def postbox(settings: Settings, services: Services) -> AsyncIterator[Postbox]:
    """The mail of a module's tests. The worker ends with them: it would do what all later tests leave in the queue."""
    async with working_postbox(settings, services.database) as opened:
        yield opened


@pytest.fixture(scope="session")
def worker_id() -> str:
    """The name of this test process under xdist, else "main"."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")
