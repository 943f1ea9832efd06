"""An application whose pushes go to a push service in the test, and a worker that mails and pushes what tests cause."""

from collections.abc import AsyncIterator, Iterator

import pytest

from leadconnect.settings import Settings
from tests.conftest import migrated_database, serving, settings_for
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
    return settings_for(
        database_url,
        tmp_path_factory.mktemp("files"),
        public_url=PUBLIC_URL,
        push_inner_hosts=(push_service.host,),
        push_ca_file=str(push_service.ca_file),
        vapid_subject="mailto:operator@example.com",
        news_interval=0,
    )


services, database, app = serving()
