"""A rolling restart behind a load balancer that checks as HAProxy does by default loses no request."""

import threading
from functools import partial
from pathlib import Path

import pytest

from tests.clusters import ServerCluster, sql
from tests.faults.harm import sign_up
from tests.faults.test_stopping import Balancer
from tests.live import LiveServer, wait_for

INTER_SECONDS = 2.0
FALL, RISE = 3, 2
"""The defaults of ``server … check`` (HAProxy's configuration manual, 5.2)."""
DRAIN = "12"
"""Longer than the three checks, on a busy machine too."""
SECRET = "a secret that both instances know, 0123456789"


class HAProxy(Balancer):
    """Takes an instance out after `FALL` failed checks in a row, and in again after `RISE` good ones."""

    def _watch(self) -> None:
        """Check each instance in a thread of its own, as HAProxy checks each server by a timer of its own."""
        checks = [threading.Thread(target=self._check, args=(instance,)) for instance in self._instances]
        for check in checks:
            check.start()
        for check in checks:
            check.join()

    def _check(self, instance: LiveServer) -> None:
        against_count = 0
        while not self._stop.wait(INTER_SECONDS):
            is_up = self._ready[instance]
            is_other = (instance.status("/health/ready") == 200) is not is_up
            against_count = against_count + 1 if is_other else 0
            if against_count >= (FALL if is_up else RISE):
                self._ready[instance] = not is_up
                against_count = 0


def test_two_instances_restart_in_turn_without_a_lost_request(tmp_path: Path, cluster: ServerCluster) -> None:
    sql(cluster.url("admin", "postgres"), "create database rolling owner leadconnect")
    url = cluster.url(database="rolling")
    environ = {"DATABASE_URL": url, "LEADCONNECT_SECRET": SECRET, "LEADCONNECT_DRAIN": DRAIN}
    instances = [LiveServer(tmp_path / name, None, **environ) for name in ("first", "second")]
    try:
        for instance in instances:
            instance.start()
        token = sign_up(instances[0])["accessToken"]
        with HAProxy(instances, token) as balancer:
            for instance in instances:
                assert instance.stop() == 0
                instance.start()
                wait_for(partial(balancer.has_taken, instance), what="requests for it")
        assert set(balancer.statuses) == {"201"}, balancer.statuses
        with instances[1].client(token) as client:
            assert client.get("/api/leads").json()["meta"]["total"] == balancer.statuses["201"]
    finally:
        for instance in instances:
            instance.stop()


@pytest.mark.parametrize("drain", ["60"])
def test_a_second_sigterm_ends_a_long_drain(tmp_path: Path, cluster: ServerCluster, drain: str) -> None:
    """An operator in a hurry need not wait for a minute."""
    with LiveServer(tmp_path / "data", None, DATABASE_URL=cluster.url(), LEADCONNECT_DRAIN=drain) as server:
        server.terminate()
        wait_for(lambda: server.status("/health/ready") == 503, what="a server that is not ready")
        assert server.status("/health/live") == 200
        server.terminate()
        assert server.wait() == 0
