"""The server under test: ``leadconnect serve`` as its own process, as an operator starts it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx

from bench.load import CannotMeasure

START_LIMIT_SECONDS = 60
SECRET = "a secret of the benchmark, of no use to anybody"


class Server(NamedTuple):
    """A running server: its process, its address without a path, and the seconds from its start to being ready."""

    pid: int
    address: str
    start_seconds: float


@contextmanager
def serve(
    folder: Path, *, database_url: str = "", with_jobs: bool = False, settings: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Run the server with one process for requests, data in `folder`, until the block ends.

    The jobs that requests leave behind, such as mails about new leads, wait unless they are done beside: what is
    measured is the requests. Without `database_url` it starts a PostgreSQL of its own in `folder`.

    Raises:
        CannotMeasure: it ended, or was not ready after a minute; the message holds what it printed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    given = {
        "DATABASE_URL": database_url,
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "WORKERS": "1",
        "LEADCONNECT_DATA_DIR": str(folder),
        "LEADCONNECT_RUN_WORKER": "true" if with_jobs else "false",
        "LEADCONNECT_SECRET": SECRET,
        **(settings or {}),
    }
    command = [str(Path(sys.executable).with_name("leadconnect")), "serve"]
    output = folder / "server.log"
    with output.open("ab") as log:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, env={**_bare_environment(), **given})
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_ready(process, address, output)
            yield Server(process.pid, address, time.perf_counter() - started)
        finally:
            _stop(process)


def log_in(server: Server, email: str, password: str) -> str:
    """Return an access token of the user `email`."""
    answer = httpx.post(f"{server.address}/api/auth/login", json={"email": email, "password": password}, timeout=10)
    answer.raise_for_status()
    token: str = answer.json()["accessToken"]
    return token


def _bare_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def _wait_until_ready(process: subprocess.Popen[bytes], address: str, output: Path) -> None:
    deadline = time.monotonic() + START_LIMIT_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            if httpx.get(f"{address}/health/ready", timeout=2).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.01)
    raise CannotMeasure(f"The server did not become ready:\n{output.read_text()[-2000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
