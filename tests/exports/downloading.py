"""What the tests of exports share: leads to export, clients that download, and reading the files."""

import asyncio
import csv
import io
import json
import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import python_calamine
from pypdf import PdfReader

from leadconnect.dsn import connect_arguments
from leadconnect.edge.middleware import Edge
from leadconnect.settings import Settings
from tests import make
from tests.cast import Actor
from tests.patience import PATIENCE_SECONDS

ALL_FORMATS = ("csv", "xlsx", "jsonl", "pdf")
MADE = ("xlsx", "pdf")
"""The formats that a process of its own makes."""
IMPORT, EXPORT = "/api/leads/import", "/api/leads/export"


async def import_leads(client: httpx.AsyncClient, actor: Actor, count: int) -> httpx.Response:
    """Add `count` leads by the name of Person and a number."""
    rows = [make.lead(name=f"Person {number}", companyName="Rao Traders") for number in range(count)]
    return await client.post(f"{IMPORT}?allowDuplicates=true", json={"leads": rows}, headers=actor.headers)


async def exported(client: httpx.AsyncClient, actor: Actor, **query: Any) -> bytes:
    """Return the file of an export."""
    answer = await client.get(EXPORT, params=query, headers=actor.headers)
    assert answer.status_code == 200, answer.text
    return answer.content


def sheet(data: bytes) -> list[list[Any]]:
    """Return the rows of a workbook, the header first; its blank cells are empty texts."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.sheet_names == ["Leads"]
    return book.get_sheet_by_index(0).to_python()


def objects(data: bytes) -> list[dict[str, Any]]:
    """Return the objects of JSON Lines."""
    return [json.loads(line) for line in data.decode().split("\n") if line]


def pages(data: bytes) -> list[str]:
    """Return the text of each page of a document."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]


def names_in(data: bytes, format_: str) -> list[str]:
    """Return the names of the leads that `import_leads` made, in the order of a file of any format."""
    if format_ == "pdf":
        return re.findall(r"Person \d+", "\n".join(pages(data)))
    if format_ == "xlsx":
        header, *rows = sheet(data)
        return [row[header.index("Name")] for row in rows]
    return names([data]) if format_ == "csv" else [lead["name"] for lead in objects(data)]


def traces(folder: Path) -> list[str]:
    """Return what is left of exports: folders below `folder`, files of ours that are open without a name, and
    processes that make one.
    """
    left = [path.name for path in folder.glob("leadconnect-export-*")]
    for link in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            left += [name for name in [os.readlink(link)] if "leadconnect-export-" in name]
    return left + [line for line in _children() if "exports.writing" in line]


def _children() -> Iterator[str]:
    """Yield the command lines of this process's children."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(FileNotFoundError, ProcessLookupError):
                parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
                if int(parent) == os.getpid():
                    yield (folder / "cmdline").read_text().replace("\0", " ")


async def total(client: httpx.AsyncClient, actor: Actor) -> int:
    """Return how many leads the list counts."""
    answer = await client.get("/api/leads", headers=actor.headers)
    found: int = answer.json()["meta"]["total"]
    return found


def names(chunks: list[bytes]) -> list[str]:
    """Return the names in a CSV file."""
    return [row["Name"] for row in csv.DictReader(io.StringIO(b"".join(chunks).decode(), newline=""))]


async def eventually(condition: Callable[[], bool]) -> None:
    """Return once `condition` holds."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():  # noqa: ASYNC110  nobody tells
            await asyncio.sleep(0.01)


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
    """One download straight over ASGI, by a client that takes a chunk only when it is told to."""

    def __init__(self, app: Edge, actor: Actor, query: str = "", *, path: str = EXPORT) -> None:
        self.chunks: list[bytes] = []
        self.is_whole = False
        self._arrived, self._wanted, self._gone = asyncio.Event(), asyncio.Semaphore(0), asyncio.Event()
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": path, "raw_path": path.encode(), "root_path": "", "query_string": query.encode(),
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
