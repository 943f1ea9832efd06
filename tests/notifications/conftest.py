"""An application whose pushes go to a push service in the test, and a worker that mails and pushes what tests cause."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from leadconnect.auth.services import Services, open_services
from leadconnect.database.pool import Database
from leadconnect.edge.middleware import Edge
from leadconnect.settings import Settings
from tests.conftest import TEST_SECRET, migrated_database, running_app
from tests.notifications.push.service import PushService

PUBLIC_URL = "https://leads.example.com"


@pytest.fixture(scope="session")
async def push_service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[PushService]:
    """A push service of this test process."""
    async with PushService(tmp_path_factory.mktemp("push")) as started:
        yield started


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """A database of the tests here alone, so that no worker of other tests takes their mails and pushes."""
    name = f"leadconnect_notifications_{worker_id}"
    with migrated_database(tmp_path_factory.mktemp("notifications"), name) as url:
        yield url


@pytest.fixture(scope="session")
def settings(database_url: str, push_service: PushService, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a server that may push to `push_service`, though it is an inner host."""
    return Settings(
        database_url=database_url,
        data_dir=Path(tmp_path_factory.mktemp("files")),
        secret=TEST_SECRET,
        public_url=PUBLIC_URL,
        bcrypt_rounds=4,
        database_pool_wait=15,  # a busy machine must not look like an exhausted pool
        hash_queue_wait=15,
        log_ins_per_address=100_000,  # all tests come from one address
        sign_ups_per_address=100_000,
        run_worker=False,
        push_inner_hosts=(push_service.host,),
        push_ca_file=str(push_service.ca_file),
        vapid_subject="mailto:operator@example.com",
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
