"""What the tests of this folder do to servers and databases, and how they look at them meanwhile."""

import asyncio
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import httpx

from leadconnect.database.embedded import EmbeddedPostgres
from leadconnect.dsn import connect_arguments
from tests import make
from tests.live import LiveServer, wait_for
from tests.patience import PATIENCE_SECONDS

_number = count(1)


class Cluster:
    """A PostgreSQL with as many databases as tests want, to be stopped, frozen and set up badly."""

    def __init__(self, postgres: EmbeddedPostgres) -> None:
        self.postgres = postgres

    def database(self) -> str:
        """Make an empty database and return its URL."""
        url, name = self.postgres.ensure_running(), f"test_{next(_number)}"
        ask(url, f"create database {name}")
        return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))

    def stop(self) -> None:
        """Stop it, ending all its connections."""
        self.postgres.stop()

    def start(self) -> None:
        """Start it again."""
        self.postgres.start()

    @contextmanager
    def with_setting(self, name: str, value: str) -> Iterator[None]:
        """Run it with a setting that a server must not trust."""
        url = self.postgres.superuser_url()
        try:
            ask(url, f"alter system set {name} = {value}", "select pg_reload_conf()")
            wait_for(lambda: ask(url, f"show {name}") == value, what=f"{name} = {value}")
            yield
        finally:
            ask(url, f"alter system reset {name}", "select pg_reload_conf()")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Stop all its processes without ending a connection, as a network or a disk does that hangs."""
        assert self.postgres.pid is not None
        pids = [*children_of(self.postgres.pid), self.postgres.pid]
        try:
            for pid in pids:
                os.kill(pid, signal.SIGSTOP)
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)


def children_of(parent: int) -> list[int]:
    """Return the processes that `parent` has started."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(fields[1]) == parent:
                found.append(int(folder.name))
    return found


def ask(url: str, *statements: str) -> Any:
    """Run `statements`, each by itself; return the one value of the last one."""

    async def run() -> Any:
        connection = await asyncpg.connect(**connect_arguments(url), timeout=PATIENCE_SECONDS)
        try:
            for statement in statements[:-1]:
                await connection.execute(statement)
            return await connection.fetchval(statements[-1])
        finally:
            await connection.close()

    return asyncio.run(run())


def as_superuser(url: str) -> str:
    """Return the URL for the superuser, who sees the rows and the connections of all."""
    return url.replace("//leadconnect@", "//postgres@")


@contextmanager
def holding(url: str, statement: str) -> Iterator[None]:
    """Keep a transaction open in which `statement` was run."""
    loop = asyncio.new_event_loop()
    connection = loop.run_until_complete(asyncpg.connect(**connect_arguments(url)))
    transaction = connection.transaction()
    try:
        loop.run_until_complete(connection.execute("set idle_in_transaction_session_timeout = 0"))
        loop.run_until_complete(transaction.start())
        loop.run_until_complete(connection.execute(statement))
        yield
    finally:
        loop.run_until_complete(transaction.rollback())
        loop.run_until_complete(connection.close())
        loop.close()


def sign_up(server: LiveServer) -> dict[str, Any]:
    """Sign somebody up and return what the server says: both tokens and the user."""
    with server.client() as client:
        answer = client.post("/api/auth/signup", json=make.signup())
    assert answer.status_code == 201, answer.text
    signed_in: dict[str, Any] = answer.json()
    return signed_in


def listed(server: LiveServer, token: str) -> dict[str, dict[str, Any]]:
    """Return all leads by name."""
    found: dict[str, dict[str, Any]] = {}
    with server.client(token) as client:
        page = 1
        while True:
            answer = client.get("/api/leads", params={"page": page, "limit": 1000})
            assert answer.status_code == 200, answer.text
            body = answer.json()
            found |= {lead["name"]: lead for lead in body["data"]}
            if not body["meta"]["hasNextPage"]:
                assert len(found) == body["meta"]["total"]
                return found
            page += 1


def answers(server: LiveServer, token: str, path: str = "/api/leads") -> Callable[[int], bool]:
    """Return a condition: the server answers a GET with this status."""

    def has(status: int) -> bool:
        try:
            with server.client(token) as client:
                return client.get(path).status_code == status
        except httpx.TransportError:
            return False

    return has


def is_told_to_wait(answer: httpx.Response) -> bool:
    """Tell whether the answer is a 503 in the envelope that says when to come back."""
    return (
        answer.status_code == 503
        and int(answer.headers["retry-after"]) >= 1
        and set(answer.json()) == {"message", "error", "statusCode", "code"}
    )


def raw(server: LiveServer, *parts: bytes) -> socket.socket:
    """Open a connection and send `parts`."""
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_SECONDS)
    for part in parts:
        connection.sendall(part)
    return connection


def head(path: str, token: str, *fields: str, method: str = "POST") -> bytes:
    """Return the head of a request."""
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: leadconnect.test",
        "Content-Type: application/json",
        f"Authorization: Bearer {token}",
        *fields,
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def reply(connection: socket.socket) -> tuple[int, bytes]:
    """Return the status and all bytes of the answer; the server must close the connection after it."""
    received = b""
    with connection:
        while chunk := _received(connection):
            received += chunk
    assert received.startswith(b"HTTP/1.1 "), received
    return int(received[9:12]), received


def _received(connection: socket.socket) -> bytes:
    try:
        return connection.recv(65536)
    except ConnectionResetError:
        return b""
