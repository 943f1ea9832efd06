"""``/metrics`` of a real server with two processes: their numbers together, on a port of its own, and nobody's name."""

import os
import re
import signal
import socket
from collections.abc import Iterator

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests import make
from tests.live import LiveServer, free_port, wait_for
from tests.patience import PATIENCE_SECONDS

REQUEST_COUNT = 40


class Watched(LiveServer):
    """A server whose metrics are watched."""

    metrics_port = 0

    def numbers(self) -> dict[str, float]:
        """Return every sample, by its name with its labels."""
        answer = httpx.get(f"http://127.0.0.1:{self.metrics_port}/metrics", timeout=PATIENCE_SECONDS)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/plain")
        return {
            f"{sample.name}{sorted(sample.labels.items())}" if sample.labels else sample.name: sample.value
            for family in text_string_to_metric_families(answer.text)
            for sample in family.samples
        }

    def requests(self, method: str, route: str, status: str) -> float:
        """Return how many such requests were measured."""
        labels = sorted({"method": method, "route": route, "status": status}.items())
        return self.numbers().get(f"leadconnect_request_seconds_count{labels}", 0)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """A server with two processes and metrics."""
    port = free_port()
    started = Watched(tmp_path_factory.mktemp("metrics") / "data", METRICS_PORT=str(port), WORKERS="2")
    started.metrics_port = port
    with started:
        yield started


def test_requests_of_all_processes_are_counted_by_template_and_class(server: Watched) -> None:
    body = make.signup()
    with server.client() as client:
        token = client.post("/api/auth/signup", json=body).json()["accessToken"]
    headers = {"Authorization": f"Bearer {token}", "Connection": "close"}
    before = server.requests("GET", "/api/leads/{lead_id}", "4xx")
    for number in range(REQUEST_COUNT):  # each over a connection of its own, so that both processes get some
        url = f"{server.url}/api/leads/019ab000-0000-7000-8000-{number:012x}"
        assert httpx.get(url, headers=headers, timeout=PATIENCE_SECONDS).status_code == 404
    assert server.requests("GET", "/api/leads/{lead_id}", "4xx") - before == REQUEST_COUNT
    assert server.requests("POST", "/api/auth/signup", "2xx") == 1


def test_no_label_names_anybody_or_an_address_that_is_no_route(server: Watched) -> None:
    body = make.signup(email=make.email("watched"))
    with server.client() as client:
        answer = client.post("/api/auth/signup", json=body).json()
        client.post("/api/auth/login", json={"email": body["email"], "password": "another passphrase"})
        client.get("/some/address/of-nobody", params={"email": body["email"]})
        client.request("BREW", "/api/leads")
    text = httpx.get(f"http://127.0.0.1:{server.metrics_port}/metrics").text
    for found in (body["email"], answer["user"]["id"], "of-nobody", "BREW"):
        assert found not in text
    assert re.search(r'route="none"', text)
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}|@", text)


def test_the_pool_the_queue_and_what_was_mailed_are_shown(server: Watched) -> None:
    wanted = {
        "leadconnect_requests_in_flight", "leadconnect_pool_connections", "leadconnect_pool_connections_in_use",
        "leadconnect_pool_waiting", "leadconnect_jobs_waiting", "leadconnect_jobs_picked", "leadconnect_jobs_parked",
        "leadconnect_oldest_due_job_seconds", "leadconnect_database_up",
    }  # fmt: skip
    numbers = server.numbers()
    assert wanted <= numbers.keys()
    assert numbers["leadconnect_database_up"] == 1
    wait_for(lambda: server.numbers()["leadconnect_pool_connections"] >= 1, what="an open connection")
    with server.client() as client:
        body = make.signup()
        client.post("/api/auth/signup", json=body)
        client.post("/api/auth/forgot-password", json={"email": body["email"]})
    sent = "leadconnect_mails_total" + str(sorted({"template": "password_reset", "outcome": "sent"}.items()))
    wait_for(lambda: server.numbers().get(sent, 0) >= 1, what="a mail that was sent")


def test_a_limit_that_refuses_is_counted_by_its_name(server: Watched) -> None:
    credentials = {"email": make.email("guessed"), "password": "another passphrase"}
    with server.client() as client:
        answers = [client.post("/api/auth/login", json=credentials).status_code for _ in range(12)]
    assert answers.count(429) == 2
    assert server.numbers()[f"leadconnect_throttle_refusals_total{[('limit', 'log in')]}"] == 2


def test_there_is_one_address_on_that_port_and_none_on_the_public_one(server: Watched) -> None:
    assert httpx.get(f"http://127.0.0.1:{server.metrics_port}/api/leads").status_code == 404
    assert httpx.post(f"http://127.0.0.1:{server.metrics_port}/metrics").status_code == 405
    for path in ("/metrics", "/api/metrics", "/health/metrics"):
        assert server.status(path) == 404


def test_what_a_process_counted_outlives_it(server: Watched) -> None:
    before = server.requests("GET", "/health/live", "2xx")
    for _ in range(6):
        assert httpx.get(server.url + "/health/live", headers={"Connection": "close"}).status_code == 200
    counted = server.requests("GET", "/health/live", "2xx")
    assert counted == before + 6
    workers = {pid for pid in server.members() if pid != server.pid}
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not workers & set(server.members()), what="the end of all processes but the main one")
    wait_for(lambda: server.status("/health/live") == 200, what="an answer")
    assert server.requests("GET", "/health/live", "2xx") >= counted


def test_a_port_that_is_taken_is_said(tmp_path_factory: pytest.TempPathFactory) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        other = LiveServer(tmp_path_factory.mktemp("taken") / "data", METRICS_PORT=str(port))
        other.launch()
        assert other.wait() == 1
    assert f"cannot serve metrics on 127.0.0.1, port {port}" in other.log.read_text()
