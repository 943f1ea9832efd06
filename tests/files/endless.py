"""Work that goes on until it is broken off."""

import asyncio


class Endless:
    """One piece of it, which tells that it has `begun` and that it has `ended`."""

    def __init__(self) -> None:
        self.begun, self.ended = asyncio.Event(), asyncio.Event()

    async def work(self) -> None:
        """Go on."""
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.ended.set()
