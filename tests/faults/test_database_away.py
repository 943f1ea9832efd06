"""The database is away, frozen, locked or not to be trusted: the server says so at once, and comes back by itself."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests import make
from tests.faults.harm import Cluster, as_superuser, ask, holding, is_told_to_wait, sign_up
from tests.live import LiveServer, wait_for

POOL_SIZE = 3
LOCK = "lock table leads in access exclusive mode"
UNFINISHED = """
    select count(*) from pg_stat_activity
    where application_name like 'leadconnect%' and datname = current_database() and state <> 'idle'
"""


@pytest.fixture(scope="module")
def url(cluster: Cluster) -> str:
    """The URL of the server's database."""
    return cluster.database()


@pytest.fixture(scope="module")
def server(folder: Path, url: str) -> Iterator[LiveServer]:
    """A server with few connections on a database that it does not run itself."""
    with LiveServer(folder / "data", DATABASE_URL=url, DATABASE_POOL_SIZE=str(POOL_SIZE)) as started:
        yield started


@pytest.fixture(scope="module")
def token(server: LiveServer) -> str:
    """The access token of an owner."""
    access_token: str = sign_up(server)["accessToken"]
    return access_token


def get(server: LiveServer, token: str, path: str = "/api/leads") -> httpx.Response:
    """Ask once."""
    with server.client(token) as client:
        return client.get(path)


def wait_until_served(server: LiveServer, token: str) -> None:
    """Wait until the server is ready and answers from its database again."""
    wait_for(server.is_ready, what="a ready server")
    wait_for(lambda: get(server, token).status_code == 200, what="answers from the database")


def test_while_the_database_is_away_everything_but_life_is_503(
    server: LiveServer, token: str, cluster: Cluster
) -> None:
    """And when it is back, the same processes serve again."""
    processes = set(server.members())
    cluster.stop()
    try:
        assert server.status("/health/live") == 200
        assert server.status("/health/ready") == 503
        assert is_told_to_wait(get(server, token))
        with server.client() as client:
            assert is_told_to_wait(client.post("/api/auth/signup", json=make.signup()))
            assert is_told_to_wait(client.post("/api/auth/forgot-password", json={"email": make.email()}))
        assert server.status("/health/live") == 200
    finally:
        cluster.start()
    wait_until_served(server, token)
    assert set(server.members()) == processes


def test_a_database_that_hangs_is_not_waited_for_for_ever(server: LiveServer, token: str, cluster: Cluster) -> None:
    """Requests end with 503 although no connection breaks, and the server itself goes on."""
    wait_until_served(server, token)
    with cluster.frozen(), ThreadPoolExecutor(2 * POOL_SIZE) as threads:
        pending = [threads.submit(get, server, token) for _ in range(2 * POOL_SIZE)]
        assert server.status("/health/live") == 200
        assert all(is_told_to_wait(answer.result()) for answer in pending)
    wait_until_served(server, token)


@pytest.mark.parametrize("setting", [("fsync", "off"), ("full_page_writes", "off"), ("synchronous_commit", "off")])
def test_a_database_that_may_lose_what_it_acknowledged_is_not_ready(
    server: LiveServer, cluster: Cluster, setting: tuple[str, str]
) -> None:
    """Also when that is changed under a running server; it is ready again once it is right."""
    wait_for(server.is_ready, what="a ready server")
    with cluster.with_setting(*setting):
        wait_for(lambda: server.status("/health/ready") == 503, what="a server that is not ready")
        assert httpx.get(f"{server.url}/health/live").status_code == 200
    wait_for(server.is_ready, what="a ready server")


def test_a_server_does_not_start_on_a_database_that_may_lose_what_it_acknowledged(
    folder: Path, cluster: Cluster
) -> None:
    """It says which setting it is."""
    refused = LiveServer(folder / "refused", DATABASE_URL=cluster.database())
    with cluster.with_setting("fsync", "off"):
        refused.launch()
        assert refused.wait() == 1
    assert "may lose what it has acknowledged: fsync=off" in refused.log.read_text()


def test_a_request_that_waits_for_a_lock_too_long_gets_503(server: LiveServer, token: str, url: str) -> None:
    """The connection is good again afterwards."""
    wait_until_served(server, token)
    with holding(url, LOCK):
        assert is_told_to_wait(get(server, token))
    assert get(server, token).status_code == 200


def test_when_all_connections_are_held_the_rest_is_sent_away_and_none_is_lost(
    server: LiveServer, token: str, url: str
) -> None:
    """Live, not ready, 503; and as soon as the lock is gone, as many requests as connections work at once."""
    wait_until_served(server, token)
    with holding(url, LOCK), Crowd(server, token, 3 * POOL_SIZE) as crowd:
        wait_for(lambda: server.status("/health/ready") == 503, what="a server that is not ready")
        assert server.status("/health/live") == 200
    assert crowd.refusals
    assert all(map(is_told_to_wait, crowd.refusals))
    wait_until_served(server, token)
    with ThreadPoolExecutor(POOL_SIZE) as threads:
        found = list(threads.map(lambda _: get(server, token).status_code, range(4 * POOL_SIZE)))
    assert found == [200] * (4 * POOL_SIZE)
    wait_for(lambda: ask(as_superuser(url), UNFINISHED) == 0, what="connections without a transaction")


class Crowd:
    """Threads that ask for leads again and again during the block; all but 200 are `refusals`."""

    def __init__(self, server: LiveServer, token: str, thread_count: int) -> None:
        self.refusals: list[httpx.Response] = []
        self._server, self._token = server, token
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(thread_count)]

    def __enter__(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _ask(self) -> None:
        while not self._stop.is_set():
            answer = get(self._server, self._token)
            if answer.status_code != 200:
                self.refusals.append(answer)
