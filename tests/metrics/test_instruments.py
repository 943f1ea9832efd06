"""What one process measures of itself: every request once, whatever becomes of it, and how its pool is used."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
from prometheus_client import REGISTRY

from leadconnect.database.pool import Database
from leadconnect.edge.middleware import Edge
from leadconnect.metrics import instruments
from leadconnect.metrics.instruments import METER, RequestMeter, sample
from leadconnect.metrics.queries import queue_state
from leadconnect.queue.actions import enqueue
from leadconnect.settings import Settings
from tests.conftest import changed, client_of, running_app
from tests.worker.running import until


def measured(method: str, route: str, status: str) -> float:
    labels = {"method": method, "route": route, "status": status}
    return REGISTRY.get_sample_value("leadconnect_request_seconds_count", labels) or 0


@pytest.mark.parametrize(
    ("status", "shown"), [(200, "2xx"), (201, "2xx"), (304, "3xx"), (404, "4xx"), (503, "5xx"), (0, "none")]
)
def test_a_request_is_measured_once_under_the_class_of_its_status(status: int, shown: str) -> None:
    meter, before = RequestMeter(), measured("GET", "/of/a/test", shown)
    meter.begin()
    assert meter.in_flight_count == 1
    meter.end("GET", "/of/a/test", status, 0.02)
    assert (meter.in_flight_count, measured("GET", "/of/a/test", shown)) == (0, before + 1)


async def test_requests_of_the_application_are_measured(settings: Settings) -> None:
    async with running_app(changed(settings, metrics_port=1)) as app, client_of(app) as client:
        for method, path, route, status in (
            ("GET", "/health/live", "/health/live", "2xx"),
            ("HEAD", "/health/live", "/health/live", "2xx"),
            ("GET", "/api/leads/1", "/api/leads/{lead_id}", "4xx"),
            ("GET", "/nowhere/at/all", "none", "4xx"),
            ("BREW", "/health/live", "none", "4xx"),
        ):
            shown = method if method != "BREW" else "other"
            before = measured(shown, route, status)
            await client.request(method, path)
            assert measured(shown, route, status) == before + 1, path
    assert METER.in_flight_count == 0


async def test_a_failure_of_the_application_is_measured_too(settings: Settings) -> None:
    async def fail(scope: Any, receive: Any, send: Any) -> None:
        raise RuntimeError("a bug")

    before = measured("GET", "none", "5xx")
    async with client_of(Edge(fail, changed(settings, metrics_port=1))) as client:
        assert (await client.get("/api/leads")).status_code == 500
    assert (measured("GET", "none", "5xx"), METER.in_flight_count) == (before + 1, 0)


async def test_without_a_port_nothing_is_measured(client: httpx.AsyncClient) -> None:
    before = measured("GET", "/health/live", "2xx")
    await client.get("/health/live")
    assert measured("GET", "/health/live", "2xx") == before


async def test_the_pool_tells_what_is_open_lent_and_waited_for(settings: Settings) -> None:
    small = await Database.connect(changed(settings, database_pool_size=2), "tests")
    try:
        assert (small.usage().size, small.usage().in_use) == (0, 0)
        async with AsyncExitStack() as stack:
            for _ in range(2):
                await stack.enter_async_context(small.acquire())
            waiting = asyncio.create_task(take(small))
            await until(lambda: holds(small.usage().waiting == 1))
            assert (small.usage().size, small.usage().in_use) == (2, 2)
        await waiting
        assert (small.usage().size, small.usage().in_use, small.usage().waiting) == (2, 0, 0)
    finally:
        await small.close()


async def take(database: Database) -> None:
    async with database.acquire():
        pass


async def holds(condition: bool) -> bool:
    return condition


async def test_what_stands_still_is_sampled(database: Database) -> None:
    sampling = asyncio.create_task(sample(database))
    try:
        async with database.acquire():
            instruments.POOL_IN_USE.set(0)
            await until(lambda: holds(REGISTRY.get_sample_value("leadconnect_pool_connections_in_use") == 1))
    finally:
        sampling.cancel()


async def test_the_queue_tells_what_is_due_and_for_how_long(database: Database) -> None:
    """In a transaction that is never committed, for the queue is everybody's."""
    async with database.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute("delete from pgqueuer")
        empty = await queue_state(connection)
        assert (empty.waiting_count, empty.picked_count, empty.parked_count, empty.oldest_seconds) == (0, 0, 0, 0)
        for _ in range(5):
            await enqueue(connection, "send_mail", b"{}")
        ids = [row["id"] for row in await connection.fetch("select id from pgqueuer order by id")]
        await connection.execute("update pgqueuer set status = 'failed' where id = any($1)", ids[:2])
        await connection.execute("update pgqueuer set status = 'picked' where id = $1", ids[2])
        await connection.execute("update pgqueuer set execute_after = now() + interval '1 hour' where id = $1", ids[3])
        await connection.execute("update pgqueuer set execute_after = now() - interval '90 s' where id = $1", ids[4])
        state = await queue_state(connection)
        assert (state.waiting_count, state.picked_count, state.parked_count, state.oldest_seconds) == (2, 1, 2, 90)
        await transaction.rollback()
