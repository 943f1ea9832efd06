"""A real server: `leadconnect serve` in a process of its own, with its own data folder, on a free port of loopback."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from tests.patience import PATIENCE_SECONDS


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(condition: Callable[[], bool], *, what: str) -> None:
    """Return once `condition` holds; fail with `what` was waited for when it does not within two minutes."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {PATIENCE_SECONDS:.0f} s: {what}")
        time.sleep(0.02)


class LiveServer:
    """A server on `data_dir`; `environ` has further settings."""

    def __init__(self, data_dir: Path, port: int | None = None, **environ: str) -> None:
        self.data_dir = data_dir
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data_dir.with_name(f"{data_dir.name}.log")
        self._environ = environ
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The process id of the server's main process."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start the server and wait until it is ready."""
        self.launch()
        wait_for(self.is_ready, what=f"a ready server; {self.log} says more")

    def launch(self) -> None:
        """Start the server without waiting for it."""
        environ = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "PORT")}
        environ |= {
            "LEADCONNECT_DATA_DIR": str(self.data_dir),
            "PORT": str(self.port),
            "LEADCONNECT_BCRYPT_ROUNDS": "4",
            **self._environ,
        }
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "leadconnect.cli", "serve"],
                env=environ, stdout=log, stderr=log, cwd=self.data_dir.parent, start_new_session=True,
            )  # fmt: skip

    def is_ready(self) -> bool:
        """Tell whether the server says that it is ready."""
        assert self._process is not None
        assert self._process.poll() is None, self.log.read_text(errors="replace")[-4000:]
        return self.status("/health/ready") == 200

    def status(self, path: str) -> int | None:
        """Return the status of a GET, or None when nobody answers."""
        try:
            return httpx.get(self.url + path, timeout=5).status_code
        except httpx.TransportError:
            return None

    def client(self, token: str | None = None) -> httpx.Client:
        """Return a client of the server."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=PATIENCE_SECONDS)

    def kill(self) -> None:
        """End the server's process group, but for the database, with SIGKILL, as a machine's end of memory does."""
        assert self._process is not None
        for pid in self.members():
            os.kill(pid, signal.SIGKILL)
        self._process.wait(PATIENCE_SECONDS)

    def members(self, *, named: str = "python") -> list[int]:
        """Return the processes of the server's session whose program's name begins with `named`."""
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit() and _is_member(folder, self.pid, named):
                found.append(int(folder.name))
        return found

    def wait(self) -> int:
        """Wait until the server ends by itself, and return its exit code."""
        assert self._process is not None
        return self._process.wait(PATIENCE_SECONDS)

    def terminate(self) -> None:
        """Ask the server to end, without waiting for it."""
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def stop(self) -> int:
        """End the server as an operator does, and return its exit code."""
        if self._process is None:
            return 0
        self.terminate()
        return self.wait()


def _is_member(folder: Path, session: int, named: str) -> bool:
    try:
        name, _, rest = (folder / "stat").read_text().partition("(")[2].rpartition(")")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return int(rest.split()[3]) == session and name.startswith(named)
