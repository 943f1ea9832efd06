"""A PostgreSQL of the tests' own with a fresh database for each test, a mail server, and settings for both."""

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from leadconnect.database.embedded import EmbeddedPostgres
from leadconnect.database.migrate import migrate
from leadconnect.database.pool import Database
from leadconnect.dsn import connect_arguments
from leadconnect.settings import Settings
from tests.dropping import drop_database
from tests.mail.server import MailServer

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Cluster:
    """A server: where databases are made, and the model they are copied from, which has the whole schema."""

    administrator_url: str
    model_url: str

    @property
    def model(self) -> dict[str, Any]:
        return connect_arguments(self.model_url)

    async def execute(self, *statements: str) -> None:
        """Run statements in a database other than the model, for that must have no visitor while it is copied."""
        connection = await asyncpg.connect(**connect_arguments(self.administrator_url))
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def drop(self, name: str) -> None:
        """Drop a database of the server."""
        connection = await asyncpg.connect(**connect_arguments(self.administrator_url))
        try:
            await drop_database(connection, name)
        finally:
            await connection.close()


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """The server that LEADCONNECT_TEST_DATABASE_URL names, else an embedded one."""
    given = os.environ.get("LEADCONNECT_TEST_DATABASE_URL", "")
    if given:
        name = f"jobs_model_{os.getpid()}_{next(_numbers)}"
        found = Cluster(given, with_database(given, name))
        asyncio.run(found.execute(f"create database {name}"))
        asyncio.run(migrate(found.model_url))
        yield found
        asyncio.run(found.drop(name))
        return
    with EmbeddedPostgres(tmp_path_factory.mktemp("postgres")) as server:
        found = Cluster(with_database(server.superuser_url(), "template1"), server.ensure_running())
        asyncio.run(migrate(found.model_url))
        asyncio.run(found.execute("alter system set fsync = off", "select pg_reload_conf()"))  # nothing here need last
        yield found


def with_database(url: str, name: str) -> str:
    """Return `url` with the database `name`."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@pytest.fixture
async def database_url(cluster: Cluster) -> AsyncIterator[str]:
    """A database with the whole schema and nothing in it."""
    name = f"jobs_{os.getpid()}_{next(_numbers)}"
    model = cluster.model
    await cluster.execute(f'create database {name} template "{model["database"]}" owner "{model["user"]}"')
    yield with_database(cluster.model_url, name)
    await cluster.drop(name)


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    async with MailServer() as server:
        yield server


@pytest.fixture
def settings(database_url: str, mail_server: MailServer, tmp_path: Path) -> Settings:
    """Settings for the database and the mail server of this test, without TLS on the loopback."""
    return Settings(
        data_dir=tmp_path,
        secret="s" * 40,
        database_url=database_url,
        database_pool_size=4,
        smtp_host="127.0.0.1",
        smtp_port=mail_server.port,
        smtp_secure="off",
        smtp_from="LeadConnect <no-reply@example.com>",
    )


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    found = await Database.connect(settings, "tests")
    yield found
    await found.close()
