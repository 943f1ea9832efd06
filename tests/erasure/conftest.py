"""A database without any worker, so that what was queued stays there until it is erased."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from leadconnect.auth.services import Services, open_services
from leadconnect.database.pool import Database
from leadconnect.edge.middleware import Edge
from leadconnect.settings import Settings
from tests.conftest import TEST_SECRET, migrated_database, running_app


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """The URL of a database of these tests' own."""
    with migrated_database(tmp_path_factory.mktemp("erasure"), f"leadconnect_erasure_{worker_id}") as url:
        yield url


@pytest.fixture(scope="session")
def settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a server without a worker."""
    return Settings(
        database_url=database_url,
        data_dir=Path(tmp_path_factory.mktemp("files")),
        secret=TEST_SECRET,
        bcrypt_rounds=4,
        database_pool_wait=15,  # a busy machine must not look like an exhausted pool
        hash_queue_wait=15,
        log_ins_per_address=100_000,  # all tests come from one address
        sign_ups_per_address=100_000,
        run_worker=False,
    )


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
