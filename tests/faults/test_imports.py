"""Imports whose worker is killed: all of one is written or nothing, and the next worker brings it to its end."""

import asyncio
import signal
from random import Random

import httpx
import pytest

from leadconnect.auth.services import Services
from leadconnect.settings import Settings
from tests.cast import Actor
from tests.imports.importing import IMPORTS, planned_here, sheet
from tests.postbox import FORGET
from tests.worker.running import until, worker, worker_process

ROWS = 2_500
MOMENTS = [Random(seed).uniform(0.0, 0.6) for seed in range(4)]
"""Seconds after the import was begun to be written at which its worker is killed."""


async def total(client: httpx.AsyncClient, actor: Actor) -> int:
    answer = await client.get("/api/leads", headers=actor.headers)
    found: int = answer.json()["meta"]["total"]
    return found


@pytest.mark.parametrize("moment", MOMENTS)
async def test_a_killed_worker_leaves_all_or_nothing_and_the_next_one_ends_it(
    client: httpx.AsyncClient, services: Services, settings: Settings, owner: Actor, moment: float
) -> None:
    data = sheet(*(f"Person {number},+9198{number:08d},p{number}@example.com,Pune" for number in range(ROWS)))
    address = f"{IMPORTS}/{await planned_here(client, services, owner, data)}"
    async with services.database.acquire() as connection:
        await connection.execute(FORGET)
    assert (await client.post(f"{address}/apply", headers=owner.headers)).json()["status"] == "applying"

    async def is_begun() -> bool:
        found = (await client.get(address, headers=owner.headers)).json()
        return bool(found["progress"]["done"]) or found["status"] == "applied"

    async with worker_process(settings) as process:
        await until(is_begun)
        await asyncio.sleep(moment)
        process.send_signal(signal.SIGKILL)
        await process.wait()
    assert await total(client, owner) in (0, ROWS)

    async def is_over() -> bool:
        found = (await client.get(address, headers=owner.headers)).json()
        assert found["status"] in ("applying", "applied")
        return bool(found["status"] == "applied")

    async with worker(settings):
        await until(is_over)
    assert await total(client, owner) == ROWS
    found = (await client.get(address, headers=owner.headers)).json()
    assert (found["plan"]["totals"]["create"], found["failure"]) == (ROWS, None)
