"""kill -9 in the midst of an import that has a key: whoever sends it again ends with all of its rows, once."""

import threading
from collections.abc import Callable

import httpx
import pytest

from tests import make
from tests.faults.harm import ask, sign_up
from tests.faults.test_crashes import url_of
from tests.live import LiveServer, wait_for

ROW_COUNT = 600
ROWS = {"leads": [make.lead(name=f"Person {number}") for number in range(ROW_COUNT)]}
AT_WORK = """
    select count(*) from pg_stat_activity a join pg_locks l on l.pid = a.pid
    where a.application_name like 'leadconnect %' and l.locktype = 'advisory' and l.granted
"""
KEPT = "select count(*) from idempotency_keys"


def begun(url: str) -> bool:
    """Tell whether a request that is to be done once is being worked on, or has been meanwhile."""
    return bool(ask(url, AT_WORK) > 0) or done(url)


def done(url: str) -> bool:
    """Tell whether an answer is kept."""
    return bool(ask(url, KEPT) > 0)


@pytest.mark.parametrize("moment", [begun, done])
def test_an_import_that_was_cut_off_ends_with_all_of_its_rows_once(
    server: LiveServer, moment: Callable[[str], bool]
) -> None:
    token = sign_up(server)["accessToken"]
    ask(url_of(server), "delete from idempotency_keys", KEPT)

    def send() -> httpx.Response:
        with server.client(token) as client:
            return client.post("/api/leads/import", json=ROWS, headers={"Idempotency-Key": "one"})

    def send_in_vain() -> None:
        try:
            send()
        except httpx.TransportError:
            return  # as it was meant

    sender = threading.Thread(target=send_in_vain)
    sender.start()
    wait_for(lambda: moment(url_of(server)), what="an import that is at work")
    server.kill()
    sender.join()
    server.start()
    assert lead_count(server, token) in (0, ROW_COUNT)
    assert send().status_code == 201
    assert lead_count(server, token) == ROW_COUNT
    again = send()
    assert (again.status_code, again.headers["idempotent-replayed"]) == (201, "true")
    assert lead_count(server, token) == ROW_COUNT


def lead_count(server: LiveServer, token: str) -> int:
    """Return how many leads the account has."""
    with server.client(token) as client:
        found: int = client.get("/api/leads", params={"limit": 1}).json()["meta"]["total"]
    return found
