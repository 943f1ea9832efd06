"""Pairs that are not the same person: dismissed, remembered, and listed again on request."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from leadconnect.database.pool import Database
from leadconnect.database.transaction import tenant
from tests.cast import Actor, Cast
from tests.leads.merging.merges import merged
from tests.leads.writing import add_lead


async def dismiss(client: httpx.AsyncClient, actor: Actor, one: str, other: str, method: str = "POST") -> None:
    answer = await client.request(method, f"/api/leads/{one}/duplicates/{other}/dismiss", headers=actor.headers)
    assert answer.status_code == 200, answer.text


async def listed(client: httpx.AsyncClient, actor: Actor, lead_id: str, **query: Any) -> list[str]:
    answer = await client.get(f"/api/leads/{lead_id}/duplicates", params=query, headers=actor.headers)
    return [each["lead"]["id"] for each in answer.json()["data"]]


async def swept(client: httpx.AsyncClient, actor: Actor) -> list[set[str]]:
    answer = await client.get("/api/leads/duplicates", headers=actor.headers)
    groups = answer.json()["data"]
    return [{group["lead"]["id"], *(each["lead"]["id"] for each in group["duplicates"])} for group in groups]


async def test_a_dismissed_pair_is_listed_nowhere_until_that_is_undone(client: httpx.AsyncClient, owner: Actor) -> None:
    one, other, third = [await add_lead(client, owner) for _ in range(3)]
    for pair in ((one, other), (other, one)):
        await dismiss(client, owner, *pair)
        assert await listed(client, owner, one) == [third]
        assert await listed(client, owner, other, minScore=0) == [third]
        assert {one, other} not in await swept(client, owner)
        assert all(not {one, other} <= group for group in await swept(client, owner))
    await dismiss(client, owner, one, third)
    await dismiss(client, owner, other, third)
    assert await swept(client, owner) == []
    for _ in range(2):
        await dismiss(client, owner, other, one, "DELETE")
    assert await listed(client, owner, one) == [other]
    assert await swept(client, owner) == [{one, other}]


async def test_what_was_said_of_a_merged_lead_counts_for_the_one_it_went_into(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    survivor, other, third = [await add_lead(client, owner) for _ in range(3)]
    await dismiss(client, owner, other, third)
    merge = await merged(client, owner, survivor, other)
    assert await listed(client, owner, third) == []
    undone = await client.post(f"/api/change-sets/{merge['changeSetId']}/undo", headers=owner.headers)
    assert undone.is_success, undone.text
    assert await listed(client, owner, third) == [survivor]
    await merged(client, owner, survivor, other)
    await dismiss(client, owner, survivor, third, "DELETE")
    assert await listed(client, owner, third) == [survivor]


async def test_dismissing_in_parallel_keeps_one_row(
    client: httpx.AsyncClient, owner: Actor, database: Database
) -> None:
    one, other = await add_lead(client, owner), await add_lead(client, owner)
    await asyncio.gather(*(dismiss(client, owner, *pair) for pair in [(one, other), (other, one)] * 4))
    async with tenant(database, owner.account_id) as connection:
        assert await connection.fetchval("select count(*) from duplicate_dismissals") == 1


@pytest.mark.parametrize("method", ["POST", "DELETE"])
async def test_who_and_what_is_refused(client: httpx.AsyncClient, owner: Actor, cast: Cast, method: str) -> None:
    one, other = await add_lead(client, owner), await add_lead(client, owner)
    theirs = await add_lead(client, await cast.owner())

    async def status(lead_id: str, other_id: str, headers: Any = owner.headers) -> int:
        path = f"/api/leads/{lead_id}/duplicates/{other_id}/dismiss"
        return (await client.request(method, path, headers=headers)).status_code

    assert await status(one, other, {}) == 401
    viewer = await cast.sub_user(owner, view=True, add=True)
    assert await status(one, other, viewer.headers) == 403
    editor = await cast.sub_user(owner, view=True, edit=True)
    assert await status(one, other, editor.headers) == 200
    assert await status(one, one) == 400
    for pair in ((one, theirs), (theirs, one), (one, str(uuid4())), (one, "no-id")):
        assert await status(*pair) == 404
    await merged(client, owner, one, other)
    assert await status(one, other) == 409
    gone = await add_lead(client, owner)
    await client.delete(f"/api/leads/{gone}", headers=owner.headers)
    assert await status(one, gone) == 404
