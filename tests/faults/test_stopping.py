"""A stop, and a rolling restart, fail no request."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from pathlib import Path

import httpx
import pytest

from leadconnect.database.embedded import running_url
from tests import make
from tests.faults.harm import Cluster, ask, holding, sign_up
from tests.live import LiveServer, wait_for
from tests.patience import PATIENCE_SECONDS

WAITING = "select count(*) from pg_locks where not granted"
IN_FLIGHT = 4
CALLERS = 3
ASK_SECONDS = 0.05


def test_sigterm_finishes_what_is_in_flight_and_ends_with_0(folder: Path) -> None:
    """Not ready at once, every request that had begun is answered, nobody is let in any more."""
    with LiveServer(folder / "data") as server:
        token = sign_up(server)["accessToken"]
        url = running_url(server.data_dir)
        assert url is not None
        with ThreadPoolExecutor(IN_FLIGHT) as threads:
            with holding(url, "lock table leads in share mode"):
                made = [threads.submit(create_lead, server, token) for _ in range(IN_FLIGHT)]
                wait_for(lambda: ask(url, WAITING) == IN_FLIGHT, what="requests that wait for the lock")
                server.terminate()
                wait_for(lambda: server.status("/health/ready") != 200, what="a server that is not ready")
            assert [answer.result() for answer in made] == [201] * IN_FLIGHT
        assert server.wait() == 0
        assert server.status("/health/live") is None
        server.start()
        with server.client(token) as client:
            assert client.get("/api/leads").json()["meta"]["total"] == IN_FLIGHT


def create_lead(server: LiveServer, token: str) -> int:
    """Create a lead and return the status."""
    with server.client(token) as client:
        return client.post("/api/leads", json=make.lead()).status_code


class Balancer:
    """Threads that create leads on whichever of two instances is ready, and never try twice."""

    def __init__(self, instances: list[LiveServer], token: str) -> None:
        self.statuses: Counter[str] = Counter()
        self._instances, self._token = instances, token
        self._ready = dict.fromkeys(instances, True)
        self._stop = threading.Event()
        self._turn = count()
        work = [self._watch, *[self._call] * CALLERS]
        self._threads = [threading.Thread(target=each) for each in work]

    def __enter__(self) -> "Balancer":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def has_taken(self, instance: LiveServer) -> bool:
        """Tell whether requests go to `instance` again."""
        return self._ready[instance]

    def _watch(self) -> None:
        while not self._stop.wait(ASK_SECONDS):
            for instance in self._instances:
                self._ready[instance] = instance.status("/health/ready") == 200

    def _call(self) -> None:
        with httpx.Client(headers={"Authorization": f"Bearer {self._token}"}, timeout=PATIENCE_SECONDS) as client:
            while not self._stop.is_set():
                ready = [instance for instance, is_ready in self._ready.items() if is_ready]
                instance = ready[next(self._turn) % len(ready)]
                try:
                    answer = client.post(f"{instance.url}/api/leads", json=make.lead())
                    self.statuses[str(answer.status_code)] += 1
                except httpx.TransportError as error:
                    self.statuses[type(error).__name__] += 1


@pytest.fixture
def instances(folder: Path, cluster: Cluster) -> Iterator[list[LiveServer]]:
    """Two servers on one database, with one secret."""
    url, secret = cluster.database(), "a secret that both instances know, 0123456789"
    started = [LiveServer(folder / name, DATABASE_URL=url, LEADCONNECT_SECRET=secret) for name in ("first", "second")]
    for instance in started:
        instance.launch()  # both at once: they migrate one after the other
    try:
        for instance in started:
            wait_for(instance.is_ready, what="a ready instance")
        yield started
    finally:
        for instance in started:
            instance.stop()


def test_restarting_two_instances_in_turn_fails_no_request(instances: list[LiveServer]) -> None:
    """All went to the database, once each, and either instance knows the caller."""
    token = sign_up(instances[0])["accessToken"]
    with Balancer(instances, token) as balancer:
        for instance in instances:
            assert instance.stop() == 0
            instance.start()
            wait_for(partial(balancer.has_taken, instance), what="requests for it")
    assert set(balancer.statuses) == {"201"}, balancer.statuses
    with instances[1].client(token) as client:
        assert client.get("/api/leads").json()["meta"]["total"] == balancer.statuses["201"]
