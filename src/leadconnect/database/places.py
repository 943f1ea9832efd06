"""How many of its connections a process uses at once."""

import asyncio
from collections import deque
from datetime import timedelta


class Places:
    """So many places, handed from one to the next in the order in which they came.

    Where nobody has moved on for as long as `patience`, those who have places take long, and there is one more; until
    fewer than usual are taken again.
    """

    def __init__(self, count: int, patience: timedelta) -> None:
        self._usual_count = self._count = count
        self._patience = patience.total_seconds()
        self._taken_count = 0
        self._line: deque[asyncio.Future[None]] = deque()

    async def take(self) -> None:
        """Take a place, which `give_back` is to be called for once."""
        if self._taken_count < self._count:
            self._taken_count += 1
            return
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()
        self._line.append(turn)
        timer = loop.call_later(self._patience, self._add_for, turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # it had come to be one's turn in the same moment
                self.give_back()
            raise
        finally:
            timer.cancel()

    def give_back(self) -> None:
        """Give a place to whoever has waited longest."""
        while self._line:
            turn = self._line.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._taken_count -= 1
        if self._taken_count < self._usual_count:
            self._count = self._usual_count

    def _add_for(self, turn: "asyncio.Future[None]") -> None:
        if not turn.done():
            self._count += 1
            self._taken_count += 1
            turn.set_result(None)
