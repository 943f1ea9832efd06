"""A small application behind the edge on a real server, started in a process of its own, and raw sockets to it."""

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from leadconnect.edge.body import read_body
from leadconnect.edge.middleware import Edge
from leadconnect.edge.stopping import stopping
from leadconnect.errors import NotFound, ServiceBusy
from leadconnect.processes import server
from leadconnect.settings import Settings
from tests.patience import PATIENCE_SECONDS

ROOT = Path(__file__).parents[2]
PROBE_SETTINGS = "PROBE_SETTINGS"
BODY_LIMIT_BYTES = 100_000
CHUNK = bytes(128 * 1024)
"""What a stream sends at a time."""


def settings() -> Settings:
    """The settings that the starting test has put into the environment."""
    return msgspec.json.decode(os.environ[PROBE_SETTINGS], type=Settings)


def app() -> Edge:
    """Make the application; what the worker process loads."""
    return Edge(probe, settings())


async def probe(scope: Any, receive: Any, send: Any) -> None:
    """Answer by path; read the body as a route does."""
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
        return
    path = scope["path"]
    if path == "/health/ready":
        if stopping():
            raise ServiceBusy("stopping")
        await answer(send, {"status": "ok"})
    elif path == "/api/echo":
        deadline = timedelta(seconds=settings().body_deadline)
        body = await read_body(receive, scope["headers"], limit_bytes=BODY_LIMIT_BYTES, deadline=deadline)
        told = {"size": len(body), "client": scope["client"][0], "scheme": scope["scheme"], "method": scope["method"]}
        await answer(send, told)
    elif path == "/api/stream":
        await stream(receive, send)
    elif path == "/api/fail":
        told = {name.decode(): value.decode() for name, value in scope["headers"]}
        raise RuntimeError(f"password={scope['query_string'].decode()} {told}")
    elif path == "/api/fail-late":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise RuntimeError("broken in the middle")
    else:
        raise NotFound


async def stream(receive: Any, send: Any) -> None:
    """Stream without an end until the client is gone, as Litestar does; print what was sent, and the disconnect."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/csv")]})

    async def chunks() -> None:
        sent_bytes = 0
        while True:
            await send({"type": "http.response.body", "body": CHUNK, "more_body": True})
            sent_bytes += len(CHUNK)
            sys.stdout.write(f"sent {sent_bytes} bytes\n")
            sys.stdout.flush()

    sending = asyncio.ensure_future(chunks())
    while (await receive())["type"] != "http.disconnect":
        continue
    sending.cancel()
    sys.stdout.write("the client is gone\n")
    sys.stdout.flush()


async def lifespan(receive: Any, send: Any) -> None:
    """Start and stop, and tell so on stdout."""
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    sys.stdout.write("the lifespan has ended\n")
    sys.stdout.flush()
    await send({"type": "lifespan.shutdown.complete"})


async def answer(send: Any, told: dict[str, Any]) -> None:
    """Send `told` as JSON."""
    body = json.dumps(told).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class Live:
    """A running server: its process, its port and the lines that it has written."""

    def __init__(self, *, drain_seconds: float = 0.5, header_seconds: float = 20, **changes: Any) -> None:
        given = {"port": 0, "body_deadline": 1, **changes}
        environ = {**os.environ, PROBE_SETTINGS: json.dumps(given)}
        command = [sys.executable, "-m", "tests.edge.live", str(drain_seconds), str(header_seconds)]
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self._reader = threading.Thread(target=self._collect, daemon=True)
        self._reader.start()
        self.port = int(self.wait_for_line(r"Listening at: http://127\.0\.0\.1:(\d+)"))

    def wait_for_line(self, pattern: str) -> str:
        """Wait until a line matches; return its first group, or all of it."""
        found: list[str] = []

        def seen() -> bool:
            matches = (re.search(pattern, line) for line in list(self.lines))
            found.extend(match.group(match.re.groups and 1) for match in matches if match)
            return bool(found)

        wait_until(lambda: seen() or self.process.poll() is not None, f"a line like {pattern}")
        self._reader.join(0 if found else PATIENCE_SECONDS)
        assert found or seen(), f"no line like {pattern} among {self.lines}"
        return found[-1]

    def wait_until_served(self) -> None:
        """Wait until a worker answers."""
        wait_until(lambda: self.status_of("/health/ready") == 200, "an answer")

    def status_of(self, path: str) -> int | None:
        """Return the status of a GET on a new connection; None when nobody accepts it."""
        try:
            with self.connect() as connection:
                connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                status, _, _ = read_answer(connection)
                return status
        except ConnectionError:
            return None

    def connect(self) -> socket.socket:
        """Open a connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_SECONDS)

    def talk(self, *parts: bytes) -> tuple[int, dict[str, str], bytes]:
        """Send `parts` on a new connection and return the one answer: status, header fields, body."""
        with self.connect() as connection:
            connection.sendall(b"".join(parts))
            return read_answer(connection)

    def exit_code(self) -> int:
        """Wait for the end of the process and of its output."""
        code = self.process.wait(PATIENCE_SECONDS)
        self._reader.join(PATIENCE_SECONDS)
        return code

    def _collect(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))


@contextmanager
def live(**options: Any) -> Iterator[Live]:
    """Start a server that answers, and end it."""
    started = Live(**options)
    try:
        started.wait_until_served()
        yield started
    finally:
        started.process.terminate()
        started.process.terminate()
        try:
            started.exit_code()
        finally:
            started.process.kill()


def wait_until(is_so: Callable[[], bool], what: str) -> None:
    """Wait for a condition, patiently."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.02)


def read_answer(connection: socket.socket) -> tuple[int, dict[str, str], bytes]:
    """Read one answer with Content-Length, or without a body; ConnectionResetError when there is none."""
    raw = b""
    while b"\r\n\r\n" not in raw:
        raw += _more(connection)
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    while len(body) < int(fields.get("content-length", "0")):
        body += _more(connection)
    return int(first.split(" ")[1]), fields, body


def is_closed(connection: socket.socket) -> bool:
    """Wait for the server to close the connection; False when it sends something instead."""
    try:
        return connection.recv(1) == b""
    except ConnectionError:
        return True


def _more(connection: socket.socket) -> bytes:
    received = connection.recv(65_536)
    if not received:
        raise ConnectionResetError("closed before the answer was complete")
    return received


if __name__ == "__main__":
    server.HEADER_READ_TIMEOUT = timedelta(seconds=float(sys.argv[2]))
    try:
        server.serve(settings(), {}, target="tests.edge.live:app", drain=timedelta(seconds=float(sys.argv[1])))
    except server.CannotListen as error:
        sys.exit(str(error))
