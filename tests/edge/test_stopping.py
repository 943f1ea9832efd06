"""How the server stops: announced, without cutting anybody off, and for certain."""

import json
import signal
import threading
from contextlib import ExitStack

from tests.edge.live import Live, live, read_answer, wait_until

GET = b"GET /api/echo HTTP/1.1\r\nHost: x\r\n"
POST = b"POST /api/echo HTTP/1.1\r\nHost: x\r\n"


def test_sigterm_says_not_ready_at_once_then_accepts_nobody_and_finishes_what_it_has() -> None:
    with live(body_deadline=20) as server, server.connect() as in_flight:
        in_flight.sendall(POST + b"Content-Length: 6\r\n\r\nabc")
        server.process.send_signal(signal.SIGTERM)
        wait_until(lambda: server.status_of("/health/ready") == 503, "not ready")
        wait_until(lambda: server.status_of("/health/ready") is None, "a closed door")
        in_flight.sendall(b"def")
        status, fields, body = read_answer(in_flight)
        assert (status, json.loads(body)["size"], fields["connection"]) == (200, 6, "close")
        assert server.exit_code() == 0
        assert "the lifespan has ended" in server.lines


class Balancer:
    """Clients in a loop, each request on a new connection to an instance that says it is ready."""

    def __init__(self, *instances: Live) -> None:
        self.instances = list(instances)
        self.ready = list(instances)
        self.answers: list[int] = []
        self.broken: list[Exception] = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._load, args=(number,)) for number in range(4)]
        self._threads.append(threading.Thread(target=self._watch))

    def __enter__(self) -> "Balancer":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def wait_for_load(self) -> None:
        wanted = len(self.answers) + 50
        wait_until(lambda: len(self.answers) >= wanted or bool(self.broken), "some load")

    def _watch(self) -> None:
        while not self._stop.wait(0.02):
            self.ready = [instance for instance in self.instances if instance.status_of("/health/ready") == 200]

    def _load(self, number: int) -> None:
        while not self._stop.is_set():
            try:
                for instance in self.ready[number % 2 :][:1] or self.ready[:1]:
                    self.answers.append(instance.talk(GET, b"\r\n")[0])
            except OSError as error:
                self.broken.append(error)


def test_restarting_two_instances_in_turn_fails_no_request() -> None:
    with ExitStack() as servers:
        old = [servers.enter_context(live(drain_seconds=2)) for _ in range(2)]
        with Balancer(*old) as balancer:
            for instance in old:
                balancer.wait_for_load()
                instance.process.send_signal(signal.SIGTERM)
                assert instance.exit_code() == 0
                balancer.instances.append(servers.enter_context(live(drain_seconds=0)))
            balancer.wait_for_load()
    assert balancer.broken == []
    assert set(balancer.answers) == {200}


def test_ctrl_c_does_not_wait_for_the_drain() -> None:
    with live(drain_seconds=3600) as server:
        server.process.send_signal(signal.SIGINT)
        assert server.exit_code() == 0


def test_a_second_sigterm_does_not_wait_for_the_drain() -> None:
    with live(drain_seconds=3600) as server:
        server.process.send_signal(signal.SIGTERM)
        wait_until(lambda: server.status_of("/health/ready") == 503, "not ready")
        server.process.send_signal(signal.SIGTERM)
        assert server.exit_code() == 0


def test_sigterm_while_the_workers_start_is_not_forgotten() -> None:
    server = Live(drain_seconds=0)
    server.process.send_signal(signal.SIGTERM)
    assert server.exit_code() == 0


def test_workers_do_not_outlive_a_main_process_that_was_killed() -> None:
    with live() as server:
        server.process.kill()
        server.process.wait()
        wait_until(lambda: server.status_of("/health/ready") is None, "the end of the worker")
