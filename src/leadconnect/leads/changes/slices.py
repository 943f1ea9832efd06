"""How great acts go through their leads: a slice at a time, with a turn for others in between, and saying how far."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

SLICE = 500
"""Leads between two turns of others: some milliseconds of Python, and some hundredths of a second of PostgreSQL."""

Progress: TypeAlias = Callable[[int], Awaitable[None]]
"""Is told after every slice how many leads have been gone through."""


async def untold(_: int) -> None:
    """Nobody waits to be told: the act is done within a request."""
