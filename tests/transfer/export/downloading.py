"""What the tests of exports share: leads to export, clients that download, and reading the files."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx

from leadconnect.database.dsn import connect_arguments
from leadconnect.edge.middleware import Edge
from leadconnect.settings import Settings
from tests import make
from tests.cast import Actor

IMPORT, EXPORT = "/api/leads/import", "/api/leads/export"


async def import_leads(client: httpx.AsyncClient, actor: Actor, count: int) -> httpx.Response:
    rows = [make.lead(name=f"Person {number}", companyName="Rao Traders") for number in range(count)]
    return await client.post(IMPORT, json={"leads": rows}, headers=actor.headers)


async def total(client: httpx.AsyncClient, actor: Actor) -> int:
    answer = await client.get("/api/leads", headers=actor.headers)
    found: int = answer.json()["meta"]["total"]
    return found


def names(chunks: list[bytes]) -> list[str]:
    return [row["Name"] for row in csv.DictReader(io.StringIO(b"".join(chunks).decode(), newline=""))]


@asynccontextmanager
async def locked_leads(settings: Settings) -> AsyncIterator[None]:
    """Keep everybody else away from the table of leads."""
    connection = await asyncpg.connect(**connect_arguments(settings.database_url))
    try:
        async with connection.transaction():
            await connection.execute("lock table leads in access exclusive mode")
            yield
    finally:
        await connection.close()


class Download:
    """One export straight over ASGI, by a client that takes a chunk only when it is told to."""

    def __init__(self, app: Edge, actor: Actor) -> None:
        self.chunks: list[bytes] = []
        self.is_whole = False
        self._arrived, self._wanted, self._gone = asyncio.Event(), asyncio.Semaphore(0), asyncio.Event()
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": EXPORT, "raw_path": EXPORT.encode(), "root_path": "", "query_string": b"",
            "headers": [(b"host", b"test"), (b"authorization", f"Bearer {actor.token}".encode())],
            "client": ("203.0.113.7", 1), "server": ("test", 80), "state": {},
        }  # fmt: skip
        run: Callable[..., Awaitable[None]] = app
        self.task = asyncio.ensure_future(run(scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] != "http.response.body":
            return
        if not message.get("more_body"):
            self.is_whole = True
            self._gone.set()
            return
        self.chunks.append(message["body"])
        self._arrived.set()
        await self._wanted.acquire()

    async def first_chunk(self) -> None:
        """Wait until the first chunk is on its way; it is not taken yet."""
        await self._arrived.wait()

    def take_all(self) -> None:
        """Take every chunk from now on."""
        for _ in range(1_000):
            self._wanted.release()

    def disconnect(self) -> None:
        """Go away."""
        self._gone.set()
