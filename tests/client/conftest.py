"""An application that a page of another origin may call and that pushes to a push service in the test, browsers on it,
and a worker that mails and pushes what the stories cause.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack

import pytest

from leadconnect.edge.middleware import Edge
from leadconnect.settings import Settings
from tests.cast import Actor, Cast
from tests.client import screens
from tests.client.browser import ORIGIN, Browser
from tests.conftest import client_of, migrated_database, serving, settings_for
from tests.notifications.push.service import PushService

Open = Callable[..., Browser]
"""Opens another browser; its address is somewhere else each time, unless one is given."""


@pytest.fixture(scope="session")
async def push_service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[PushService]:
    """A push service of this test process."""
    async with PushService(tmp_path_factory.mktemp("push")) as started:
        yield started


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """A database of the stories here alone, so that no worker of other tests takes their mails and pushes."""
    with migrated_database(tmp_path_factory.mktemp("client"), f"leadconnect_client_{worker_id}") as url:
        yield url


@pytest.fixture(scope="session")
def settings(database_url: str, push_service: PushService, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings as somebody makes them who serves the client from another origin, with cheap password hashes."""
    return settings_for(
        database_url,
        tmp_path_factory.mktemp("files"),
        public_url=ORIGIN,
        cors_origins=(ORIGIN,),
        push_inner_hosts=(push_service.host,),
        push_ca_file=str(push_service.ca_file),
        log_ins_per_address=300,  # the defaults: each browser has a network of its own
        sign_ups_per_address=300,
    )


services, database, app = serving()


@pytest.fixture
async def open_browser(app: Edge) -> AsyncIterator[Open]:
    """Opens browsers, each in a network of its own."""
    async with AsyncExitStack() as stack:
        opened: list[Browser] = []

        def open_one(address: str = "") -> Browser:
            http = client_of(app, address or f"198.51.{100 + len(opened)}.7")
            stack.push_async_callback(http.aclose)
            opened.append(Browser(http))
            return opened[-1]

        yield open_one
        # No day of the client is so bad that it takes the server for gone.
        assert [browser.pauses for browser in opened] == [0] * len(opened)


@pytest.fixture
def browser(open_browser: Open) -> Browser:
    """A browser in which nobody has signed in yet."""
    return open_browser()


@pytest.fixture
async def owner(cast: Cast, browser: Browser) -> Actor:
    """An owner who has logged in with the browser."""
    somebody = await cast.owner()
    assert await screens.log_in(browser, somebody.email, somebody.password)
    return somebody
