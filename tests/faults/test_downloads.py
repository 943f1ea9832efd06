"""Clients that ask for a file and do not read it cost the server little, and not for long."""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests import make
from tests.faults.harm import head, reply, sign_up
from tests.live import LiveServer, wait_for
from tests.patience import PATIENCE_SECONDS

EXPORT = "/api/leads/export"
LEAD_COUNT, NOTE = 2_500, "n" * 3_000
STALLED_COUNT = 3
SMALL_BUFFER = 16 * 1024


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[LiveServer]:
    """A server that waits two seconds for a client that reads nothing."""
    with LiveServer(folder / "downloads", LEADCONNECT_DOWNLOAD_DEADLINE="2", LEADCONNECT_RUN_WORKER="false") as started:
        yield started


@pytest.fixture(scope="module")
def token(server: LiveServer) -> str:
    """The access token of an owner with some megabytes of leads."""
    access_token: str = sign_up(server)["accessToken"]
    leads = [make.lead(name=f"Person {number}", additionalNotes=NOTE) for number in range(LEAD_COUNT)]
    with server.client(access_token) as client:
        answer = client.post("/api/leads/import", json={"leads": leads}, timeout=PATIENCE_SECONDS)
        assert answer.status_code < 300, answer.text
    return access_token


def asking(server: LiveServer, token: str, query: str = "") -> socket.socket:
    """Ask for an export on a connection with a small receive buffer, and read nothing."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
    connection.settimeout(30)
    connection.connect(("127.0.0.1", server.port))
    connection.sendall(head(EXPORT + query, token, "Connection: close", method="GET"))
    return connection


def exports(server: LiveServer) -> list[dict[str, Any]]:
    """Return the security events of exports that have ended."""
    lines = server.log.read_text(errors="replace").splitlines()
    found = [json.loads(line) for line in lines if line.startswith("{") and '"export"' in line]
    return [event for event in found if event.get("event") == "export"]


@pytest.mark.parametrize("query", ["", "?format=jsonl"])
def test_an_export_that_is_not_read_stops_reading_leads_and_is_broken_off(
    server: LiveServer, token: str, query: str
) -> None:
    before = len(exports(server))
    with ExitStack() as stack:
        stalled = [stack.enter_context(asking(server, token, query)) for _ in range(STALLED_COUNT)]
        wait_for(lambda: len(exports(server)) == before + STALLED_COUNT, what="the end of the stalled exports")
        ended = exports(server)[before:]
        assert {event["outcome"] for event in ended} == {"broken off"}
        assert all(event["row_count"] < LEAD_COUNT for event in ended), ended
        for connection in stalled:
            _, received = reply(connection)
            assert not received.endswith(b"0\r\n\r\n")


def test_an_export_that_is_read_in_small_parts_is_whole(server: LiveServer, token: str) -> None:
    status, received = reply(asking(server, token))
    assert status == 200
    assert received.endswith(b"0\r\n\r\n")
    assert received.count(NOTE.encode()) > 0
    assert exports(server)[-1]["outcome"] == "ok"
    assert exports(server)[-1]["row_count"] == LEAD_COUNT
