"""Clients from addresses of their own."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from itertools import count

import httpx
import pytest

from leadconnect.edge.middleware import Edge
from tests.conftest import client_of

_numbers = count(1)


@pytest.fixture
def address() -> str:
    """A network address of this test's own, in a network of its own."""
    number = next(_numbers)
    return f"10.{number // 200}.{number % 200}.9"


@pytest.fixture
async def at(app: Edge) -> AsyncIterator[Callable[[str], httpx.AsyncClient]]:
    """Opens a client that the application sees come from an address."""
    async with AsyncExitStack() as stack:
        opened: dict[str, httpx.AsyncClient] = {}

        def client_at(address: str) -> httpx.AsyncClient:
            if address not in opened:
                opened[address] = client_of(app, address)
                stack.push_async_callback(opened[address].aclose)
            return opened[address]

        yield client_at
