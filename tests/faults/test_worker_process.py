"""The worker that a server runs beside itself: replaced when it dies, never left behind, and stopped in order."""

import asyncio
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from leadconnect.processes.worker import NICENESS
from tests import make
from tests.faults.harm import Cluster, ask, children_of, sign_up
from tests.live import LiveServer, wait_for
from tests.mail.server import MailServer

QUEUED = "select count(*) from pgqueuer"


def workers_of(server: LiveServer) -> list[int]:
    """Return the processes of the server that give way to the others."""
    niced = []
    for pid in children_of(server.pid):
        with suppress(ProcessLookupError):  # it has ended since
            if os.getpriority(os.PRIO_PROCESS, pid) == NICENESS:
                niced.append(pid)
    return niced


def connections_of_the_worker(server: LiveServer) -> list[int]:
    """Return the processes of PostgreSQL that give way to the others."""
    niced = []
    for pid in (each for child in children_of(server.pid) for each in children_of(child)):
        with suppress(ProcessLookupError):
            if os.getpriority(os.PRIO_PROCESS, pid) == NICENESS:
                niced.append(pid)
    return niced


def the_worker_of(server: LiveServer, *, after: int = 0) -> int:
    """Wait for the worker process of the server, which is not the one `after` which it comes, and return it."""
    found: list[int] = []

    def is_there() -> bool:
        found[:] = workers_of(server)
        return len(found) == 1 and found[0] != after

    wait_for(is_there, what="one worker process")
    return found[0]


def ask_for_a_code(server: LiveServer) -> None:
    """Sign somebody up who then forgets the password, so that a mail has to be made and sent."""
    body = make.signup()
    with server.client() as client:
        assert client.post("/api/auth/signup", json=body).status_code == 201
        assert client.post("/api/auth/forgot-password", json={"email": body["email"]}).status_code == 200


def mails_in(server: LiveServer) -> int:
    """Return how many mails were put into the data folder."""
    return len(list((server.data_dir / "mail").glob("*.eml")))


@contextmanager
def hesitant_mail_server() -> Iterator[tuple[MailServer, asyncio.AbstractEventLoop]]:
    """Run a mail server that holds its answers back in a thread; give it with the loop of that thread."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    mail_server = MailServer()
    mail_server.may_answer.clear()
    asyncio.run_coroutine_threadsafe(mail_server.start(), loop).result()
    try:
        yield mail_server, loop
    finally:
        loop.call_soon_threadsafe(mail_server.may_answer.set)
        asyncio.run_coroutine_threadsafe(mail_server.stop(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def test_a_worker_that_was_killed_is_replaced_and_its_work_done(server: LiveServer) -> None:
    """Each time; nobody who asks the server meanwhile notices."""
    token, api = sign_up(server)["accessToken"], set(children_of(server.pid)) - set(workers_of(server))
    with server.client(token) as client:
        for _ in range(2):
            killed, before = the_worker_of(server), mails_in(server)
            os.kill(killed, signal.SIGKILL)
            ask_for_a_code(server)
            assert client.get("/api/leads").status_code == 200
            wait_for(lambda before=before: mails_in(server) > before, what="the mail")  # type: ignore[misc]
            assert the_worker_of(server) != killed
    assert api <= set(children_of(server.pid))
    assert f'"exit_code":-{signal.SIGKILL}' in server.log.read_text()


def test_the_worker_and_its_connections_leave_the_first_core_to_requests(server: LiveServer) -> None:
    """All of them share the one core where there are no others."""
    first, *others = sorted(os.sched_getaffinity(0))
    left = set(others) or {first}
    worker = the_worker_of(server)
    wait_for(lambda: connections_of_the_worker(server) != [], what="a connection of the worker")
    assert all(os.sched_getaffinity(pid) == left for pid in (worker, *connections_of_the_worker(server)))
    assert all(first in os.sched_getaffinity(pid) for pid in children_of(server.pid) if pid != worker)


def test_no_process_outlives_a_main_process_that_was_killed(folder: Path) -> None:
    """Neither the worker nor those that answer requests, of which a later one holds what an earlier one watches."""
    with LiveServer(folder / "orphans", WORKERS="2") as server:
        first = the_worker_of(server)
        os.kill(first, signal.SIGKILL)
        the_worker_of(server, after=first)
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
        wait_for(lambda: server.members() == [], what="the end of all processes")


def test_sigterm_lets_the_worker_finish_the_mail_in_hand(folder: Path, cluster: Cluster) -> None:
    """The server waits for it, then nothing is left in the queue."""
    url = cluster.database()
    with hesitant_mail_server() as (mail_server, loop):
        server = LiveServer(
            folder / "stopped", DATABASE_URL=url, LEADCONNECT_DRAIN="0",
            SMTP_HOST="127.0.0.1", SMTP_PORT=str(mail_server.port), SMTP_SECURE="off",
        )  # fmt: skip
        with server:
            ask_for_a_code(server)
            wait_for(lambda: len(mail_server.received) == 1, what="a mail that waits for its answer")
            server.terminate()
            wait_for(lambda: server.status("/health/live") is None, what="a closed door")
            worker = the_worker_of(server)
            loop.call_soon_threadsafe(mail_server.may_answer.set)
            assert server.wait() == 0
            assert not Path(f"/proc/{worker}").exists()
    assert len(mail_server.accepted) == 1
    assert ask(url, QUEUED) == 0


def test_a_server_that_shall_not_work_has_no_worker(folder: Path, cluster: Cluster) -> None:
    """What was asked for waits for a worker elsewhere."""
    url = cluster.database()
    with LiveServer(folder / "idle", DATABASE_URL=url, LEADCONNECT_RUN_WORKER="false") as server:
        ask_for_a_code(server)
        assert workers_of(server) == []
        assert len(children_of(server.pid)) == 1
    assert ask(url, QUEUED) > 0
