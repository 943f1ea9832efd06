"""Places are handed on in order, and nobody waits for long behind those who take long."""

import asyncio
from datetime import timedelta

import pytest

from leadconnect.database.places import Places
from tests.patience import PATIENCE_SECONDS

NEVER = timedelta(hours=1)


async def until_all_wait() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


async def test_no_more_than_the_places_are_taken_at_once() -> None:
    places, inside, most = Places(3, NEVER), 0, 0

    async def work() -> None:
        nonlocal inside, most
        await places.take()
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0)
        inside -= 1
        places.give_back()

    await asyncio.gather(*(work() for _ in range(20)))
    assert (most, inside) == (3, 0)


async def test_whoever_has_waited_longest_is_next() -> None:
    places, order = Places(1, NEVER), list[int]()

    async def work(number: int) -> None:
        await places.take()
        order.append(number)
        places.give_back()

    await places.take()
    waiting = [asyncio.create_task(work(number)) for number in range(5)]
    await until_all_wait()
    places.give_back()
    await asyncio.gather(*waiting)
    assert order == [0, 1, 2, 3, 4]


async def test_there_is_one_more_place_where_those_who_have_them_take_long() -> None:
    places = Places(2, timedelta(milliseconds=5))
    for _ in range(5):
        await asyncio.wait_for(places.take(), PATIENCE_SECONDS)
    for _ in range(5):
        places.give_back()
    patient = Places(2, NEVER)
    for _ in range(2):
        await patient.take()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(patient.take(), timeout=0.05)


async def test_places_are_as_many_as_usual_again_once_they_are_not_needed() -> None:
    places = Places(1, timedelta(milliseconds=5))
    for _ in range(3):
        await places.take()
    for _ in range(3):
        places.give_back()
    await places.take()
    waiting = asyncio.create_task(places.take())
    await until_all_wait()
    assert not waiting.done()
    await waiting


@pytest.mark.parametrize("has_come_to_be_their_turn", [False, True])
async def test_who_stops_waiting_keeps_nobody_from_their_place(*, has_come_to_be_their_turn: bool) -> None:
    places = Places(1, NEVER)
    await places.take()
    leaving, staying = asyncio.create_task(places.take()), asyncio.create_task(places.take())
    await until_all_wait()
    if has_come_to_be_their_turn:
        places.give_back()
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    if not has_come_to_be_their_turn:
        places.give_back()
    await asyncio.wait_for(staying, PATIENCE_SECONDS)
    places.give_back()
    await asyncio.wait_for(places.take(), PATIENCE_SECONDS)
