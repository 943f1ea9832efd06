"""Connections are handed on while somebody needs them, and no longer."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from leadconnect.database import pool
from leadconnect.database.pool import Database, PoolUsage
from leadconnect.dsn import connect_arguments
from leadconnect.settings import Settings
from tests.worker.running import until


@pytest.fixture
async def hasty(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Database]:
    """A pool that soon closes what nobody needs."""
    monkeypatch.setattr(pool, "KEPT_LIFE", timedelta(milliseconds=250))
    opened = await Database.connect(settings, "tests, hasty")
    yield opened
    await opened.close()


async def test_connections_that_nobody_needs_are_closed(hasty: Database) -> None:
    async with hasty.acquire(), hasty.acquire():
        pass
    assert hasty.usage() == PoolUsage(size=2, in_use=0, waiting=0)

    async def are_closed() -> bool:
        return hasty.usage().size == 0

    await until(are_closed)
    async with hasty.acquire() as connection:
        assert await connection.fetchval("select 1") == 1


async def test_the_connection_that_is_needed_stays_while_others_go(hasty: Database) -> None:
    async with hasty.acquire(), hasty.acquire():
        pass
    served_by = set()

    async def is_alone() -> bool:
        for _ in range(20):
            async with hasty.acquire() as connection:
                served_by.add(connection.get_server_pid())
        return hasty.usage().size == 1

    await until(is_alone)
    assert len(served_by) == 1


async def test_no_more_connections_are_used_than_help_where_the_server_is_near(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "PATIENCE", timedelta(hours=1))
    monkeypatch.setattr(pool, "AT_ONCE_PER_CORE", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    is_near = all(host.startswith("/") for host in connect_arguments(settings.database_url)["host"])
    opened = await Database.connect(settings, "tests, many at once")

    async def ask() -> None:
        async with opened.acquire() as connection:
            await connection.execute("select pg_sleep(0.01)")

    await asyncio.gather(*(ask() for _ in range(settings.database_pool_size)))
    assert opened.usage() == PoolUsage(size=2 if is_near else settings.database_pool_size, in_use=0, waiting=0)
    await opened.close()
