"""A full disk: writes are refused with a cause in the log, the server is not ready, and both end with the shortage."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import make
from tests.faults.harm import is_told_to_wait, sign_up
from tests.live import LiveServer, wait_for

MOUNT = ["mount", "-t", "tmpfs", "-o", "size=160m", "tmpfs"]
BLOCK = b"\0" * 65_536


def can_mount(folder: Path) -> bool:
    """Return whether this user may mount a small file system."""
    try:
        return subprocess.run([*MOUNT, str(folder)], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a file system of its own that soon is full."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not can_mount(folder):
        pytest.skip("a small file system cannot be mounted here: run the tests as root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def fill(path: Path) -> None:
    """Write to `path` until nothing fits on its disk any more."""
    with path.open("ab", buffering=0) as file:
        for block in (BLOCK, BLOCK[:4096], BLOCK[:1]):
            try:
                while file.write(block) == len(block):
                    continue
            except OSError:
                continue


def causes(server: LiveServer) -> list[dict[str, Any]]:
    """Return the lines of the log about requests that were answered 503."""
    lines = [json.loads(line) for line in server.log.read_text().splitlines() if line.startswith("{")]
    return [line for line in lines if line.get("event") == "service_busy"]


def test_with_a_full_disk_the_server_is_not_ready_and_says_why(small_disk: Path) -> None:
    filling = small_disk / "filling"
    with LiveServer(small_disk / "data", LEADCONNECT_RUN_WORKER="false") as server:
        token = sign_up(server)["accessToken"]
        fill(filling)
        try:
            wait_for(lambda: server.status("/health/ready") == 503, what="a server that is not ready")
            assert server.status("/health/live") == 200
            refused = write_until_refused(server, token)
            assert is_told_to_wait(refused)
        finally:
            os.truncate(filling, 0)
        wait_for(server.is_ready, what="a server that is ready again")
        with server.client(token) as client:
            assert client.post("/api/leads", json=make.lead()).status_code == 201
        found = [line for line in causes(server) if line.get("sqlstate") == "53100"]
        assert found, server.log.read_text()[-4000:]
        assert found[0]["level"] == "warning"
        assert found[0]["cause"] == "DiskFullError"
        assert "No space left on device" in found[0]["reason"]


def write_until_refused(server: LiveServer, token: str) -> httpx.Response:
    """Add leads until one does not fit any more; the pages that exist have room for some."""
    with server.client(token) as client:
        while True:
            answer = client.post("/api/leads", json=make.lead(additionalNotes="x" * 1000))
            if answer.status_code != 201:
                return answer
