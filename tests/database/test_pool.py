"""Connections are handed on while somebody needs them, and no longer."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from leadconnect.database import pool
from leadconnect.database.pool import Database, PoolUsage
from leadconnect.settings import Settings
from tests.jobs.running import until


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
