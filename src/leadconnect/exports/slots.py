"""Limits of concurrent exports: how many one account and one process may have, and whose file is made next."""

import asyncio
import weakref
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from uuid import UUID

from leadconnect.errors import ServiceBusy, TooManyRequests
from leadconnect.settings import Settings

RETRY_AFTER = timedelta(seconds=10)


class TooManyExports(TooManyRequests):
    """This account has too many exports under way. Wait until one ends, then send the request again"""

    code = "too_many_exports"


class ExportsBusy(ServiceBusy):
    """Other exports are being made. Please try again in a moment."""

    code = "exports_busy"


class Slot:
    """One export under way. `release` ends it, once; a slot that is lost is released with its last reference."""

    def __init__(self, end: Callable[[], None]) -> None:
        self.release = weakref.finalize(self, end)
        self.release.atexit = False


class Running:
    """The exports of one process, from the request until the client has the file or is gone."""

    def __init__(self) -> None:
        self._counts: Counter[UUID] = Counter()

    def take(self, account_id: UUID, settings: Settings) -> Slot:
        """Return a slot for one more export of the account.

        Raises:
            TooManyExports: the account has `exports_per_account`.
            ExportsBusy: the process has `exports_per_process`.
        """
        if self._counts[account_id] >= settings.exports_per_account:
            raise TooManyExports(retry_after=RETRY_AFTER)
        if self._counts.total() >= settings.exports_per_process:
            raise ExportsBusy(retry_after=RETRY_AFTER)
        self._counts[account_id] += 1
        return Slot(partial(_count_down, self._counts, account_id))


class FairSlots:
    """Slots that accounts share: no account has the last one, and the account that has the fewest goes first.

    Accounts that have equally many take turns. With one slot in all, an account may have it.
    """

    def __init__(self, count: int) -> None:
        self._free_count = count
        self._per_account = max(1, count - 1)
        self._running: Counter[UUID] = Counter()
        self._waiting: dict[UUID, deque[asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def slot(self, account_id: UUID, *, patience_seconds: float, waiting_count: int) -> AsyncIterator[None]:
        """Hold a slot for the block, after waiting for it.

        Raises:
            TooManyExports: `waiting_count` of the account wait already.
            ExportsBusy: there was none for `patience_seconds`.
        """
        try:
            async with asyncio.timeout(patience_seconds):
                await self._acquire(account_id, waiting_count)
        except TimeoutError:
            raise ExportsBusy(retry_after=RETRY_AFTER) from None
        try:
            yield
        finally:
            self._release(account_id)

    async def _acquire(self, account_id: UUID, waiting_count: int) -> None:
        if self._free_count and self._running[account_id] < self._per_account:
            self._take(account_id)
            return
        queue = self._waiting.get(account_id, deque())
        if len(queue) >= waiting_count:
            raise TooManyExports(retry_after=RETRY_AFTER)
        turn = asyncio.get_running_loop().create_future()
        queue.append(turn)
        self._waiting[account_id] = queue
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # a slot was handed over in the same moment
                self._release(account_id)
            else:
                self._forget(account_id, turn)
            raise

    def _take(self, account_id: UUID) -> None:
        self._free_count -= 1
        self._running[account_id] += 1

    def _release(self, account_id: UUID) -> None:
        self._free_count += 1
        _count_down(self._running, account_id)
        self._hand_over()

    def _hand_over(self) -> None:
        """Give free slots to those who wait. The last account served goes to the end of `_waiting`."""
        while self._free_count:
            allowed = [account for account in self._waiting if self._running[account] < self._per_account]
            if not allowed:
                return
            account_id = min(allowed, key=self._running.__getitem__)
            queue = self._waiting.pop(account_id)
            turn = queue.popleft()
            if queue:
                self._waiting[account_id] = queue
            if not turn.done():
                self._take(account_id)
                turn.set_result(None)

    def _forget(self, account_id: UUID, turn: asyncio.Future[None]) -> None:
        queue = self._waiting.get(account_id)
        if queue is not None and turn in queue:
            queue.remove(turn)
            if not queue:
                del self._waiting[account_id]


def _count_down(counts: Counter[UUID], account_id: UUID) -> None:
    counts[account_id] -= 1
    if not counts[account_id]:
        del counts[account_id]
