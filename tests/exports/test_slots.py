"""Limits of concurrent exports, and the sequence in which accounts get the slots of files that are made."""

import asyncio
import gc
from collections import Counter
from contextlib import AsyncExitStack
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.exports.slots import ExportsBusy, FairSlots, Running, TooManyExports
from leadconnect.settings import Settings
from tests.patience import PATIENCE_SECONDS

ASHA, RAVI, MEI = (UUID(int=number) for number in range(1, 4))
LIMITS = Settings(exports_per_account=2, exports_per_process=3)


def test_an_account_has_so_many_exports_at_a_time() -> None:
    running = Running()
    slots = [running.take(ASHA, LIMITS) for _ in range(2)]
    with pytest.raises(TooManyExports) as refused:
        running.take(ASHA, LIMITS)
    assert (refused.value.status, refused.value.code) == (429, "too_many_exports")
    assert refused.value.retry_after is not None
    slots[0].release()
    slots[0].release()
    again = running.take(ASHA, LIMITS)
    with pytest.raises(TooManyExports):
        running.take(ASHA, LIMITS)
    again.release()


def test_a_process_has_so_many_exports_at_a_time() -> None:
    running = Running()
    slots = [running.take(account_id, LIMITS) for account_id in (ASHA, ASHA, RAVI)]
    with pytest.raises(ExportsBusy) as refused:
        running.take(MEI, LIMITS)
    assert (refused.value.status, refused.value.code) == (503, "exports_busy")
    slots[0].release()
    slots.append(running.take(MEI, LIMITS))


def test_a_slot_that_is_lost_is_released() -> None:
    running = Running()
    limits = Settings(exports_per_account=1)
    running.take(ASHA, limits)
    gc.collect()
    running.take(ASHA, limits).release()


class Work:
    """Work of accounts on fair slots; `begun` has the accounts in the sequence in which they got one."""

    def __init__(
        self, slots: FairSlots, *, patience_seconds: float = PATIENCE_SECONDS, waiting_count: int = 10
    ) -> None:
        self.begun: list[UUID] = []
        self._slots, self._patience_seconds, self._waiting_count = slots, patience_seconds, waiting_count
        self._ends: dict[UUID, list[asyncio.Event]] = {}

    async def start(self, account_id: UUID) -> asyncio.Task[None]:
        """Ask for a slot; it is taken, waited for or refused when this returns."""
        task = asyncio.create_task(self._run(account_id))
        await settle()
        return task

    async def end(self, account_id: UUID) -> None:
        """End the oldest work of the account, and let others begin."""
        self._ends[account_id].pop(0).set()
        await settle()

    async def _run(self, account_id: UUID) -> None:
        options = {"patience_seconds": self._patience_seconds, "waiting_count": self._waiting_count}
        async with self._slots.slot(account_id, **options):  # type: ignore[arg-type]
            self.begun.append(account_id)
            end = asyncio.Event()
            self._ends.setdefault(account_id, []).append(end)
            await end.wait()


async def settle() -> None:
    """Let every task run until it waits for something."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_an_account_leaves_one_slot_to_others() -> None:
    work = Work(FairSlots(2))
    tasks = [await work.start(ASHA), await work.start(ASHA)]
    assert work.begun == [ASHA]
    tasks.append(await work.start(RAVI))
    assert work.begun == [ASHA, RAVI]
    await work.end(ASHA)
    assert work.begun == [ASHA, RAVI, ASHA]
    await work.end(ASHA)
    await work.end(RAVI)
    await asyncio.gather(*tasks)


async def test_the_first_one_of_an_account_goes_before_the_second_one_of_another() -> None:
    work = Work(FairSlots(3))
    tasks = [await work.start(account_id) for account_id in (ASHA, ASHA, MEI, MEI, ASHA, RAVI)]
    assert work.begun == [ASHA, ASHA, MEI]
    await work.end(ASHA)
    assert work.begun[3:] == [RAVI]
    for account_id in (MEI, RAVI, ASHA, MEI, ASHA):
        await work.end(account_id)
    await asyncio.gather(*tasks)


async def test_accounts_that_wait_take_turns() -> None:
    work = Work(FairSlots(1))
    tasks = [await work.start(account_id) for account_id in (ASHA, ASHA, ASHA, RAVI, RAVI, MEI)]
    for _ in tasks:
        await work.end(work.begun[-1])
    assert work.begun == [ASHA, ASHA, RAVI, MEI, ASHA, RAVI]
    await asyncio.gather(*tasks)


async def test_so_many_of_an_account_wait() -> None:
    work = Work(FairSlots(2), waiting_count=1)
    tasks = [await work.start(ASHA), await work.start(ASHA)]
    with pytest.raises(TooManyExports):
        await (await work.start(ASHA))
    tasks.append(await work.start(RAVI))
    assert work.begun == [ASHA, RAVI]
    await work.end(ASHA)
    await work.end(ASHA)
    await work.end(RAVI)
    await asyncio.gather(*tasks)


async def test_one_that_waited_too_long_is_refused_and_takes_no_slot() -> None:
    slots = FairSlots(1)
    work, hasty = Work(slots), Work(slots, patience_seconds=0.01)
    first = await work.start(ASHA)
    with pytest.raises(ExportsBusy):
        await (await hasty.start(RAVI))
    await work.end(ASHA)
    await first
    second = await work.start(MEI)
    assert work.begun == [ASHA, MEI]
    await work.end(MEI)
    await second


async def test_a_slot_handed_to_one_that_is_cancelled_in_that_moment_is_not_lost() -> None:
    slots = FairSlots(1)
    work = Work(slots)
    first, second = await work.start(ASHA), await work.start(RAVI)
    work._ends[ASHA].pop(0).set()
    while not first.done():  # noqa: ASYNC110  the slot is handed over in the step that ends the first
        await asyncio.sleep(0)
    second.cancel()
    await asyncio.gather(first, second, return_exceptions=True)
    third = await work.start(MEI)
    assert work.begun[-1] == MEI
    await work.end(MEI)
    await third


@given(st.integers(1, 4), st.lists(st.tuples(st.integers(0, 3), st.sampled_from("sec")), max_size=40))
def test_slots_are_neither_lost_nor_exceeded(count: int, steps: list[tuple[int, str]]) -> None:
    """Start, end and cancel in any sequence: at most `count` run, and one account never has the last of several."""

    async def run() -> None:
        slots, running = FairSlots(count), Counter[int]()
        ends: list[asyncio.Event] = []
        tasks: list[asyncio.Task[None]] = []

        async def work(account: int, end: asyncio.Event) -> None:
            async with slots.slot(UUID(int=account), patience_seconds=PATIENCE_SECONDS, waiting_count=100):
                running[account] += 1
                assert running.total() <= count
                assert running[account] <= max(1, count - 1)
                try:
                    await end.wait()
                finally:
                    running[account] -= 1

        for number, step in steps:
            if step == "s":
                ends.append(asyncio.Event())
                tasks.append(asyncio.create_task(work(number, ends[-1])))
            elif step == "e" and ends:
                ends[number % len(ends)].set()
            elif step == "c" and tasks:
                tasks[number % len(tasks)].cancel()
            await asyncio.sleep(0)
        for end in ends:
            end.set()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(outcome is None or isinstance(outcome, asyncio.CancelledError) for outcome in outcomes), outcomes
        async with AsyncExitStack() as stack:
            for _ in range(count):
                await stack.enter_async_context(slots.slot(uuid4(), patience_seconds=0.5, waiting_count=1))

    asyncio.run(run())
