"""What `POST /leads` answers about the leads that a new lead is a duplicate of."""

from typing import Any

import httpx

from tests import make
from tests.cast import Actor, Cast


async def add(client: httpx.AsyncClient, actor: Actor, **fields: Any) -> dict[str, Any]:
    answer = await client.post("/api/leads", json=make.lead(**fields), headers=actor.headers)
    assert answer.status_code == 201, answer.text
    lead: dict[str, Any] = answer.json()
    return lead


async def test_a_new_lead_names_the_leads_that_it_is_a_duplicate_of(client: httpx.AsyncClient, owner: Actor) -> None:
    first = await add(client, owner, name="Asha Rao")
    assert first["duplicates"] == []
    await add(client, owner, name="Ravi Nair")
    again = await add(client, owner, name="Rao, Asha", phoneNumber="0049 30 1234567")
    assert again["duplicates"] == [
        {
            "id": first["id"],
            "score": 90,
            "reasons": [{"reason": "same_phone", "weight": 55}, {"reason": "same_name", "weight": 35}],
        }
    ]
    read = await client.get(f"/api/leads/{again['id']}", headers=owner.headers)
    assert read.json() == {key: value for key, value in again.items() if key != "duplicates"}
    listed = await client.get(f"/api/leads/{again['id']}/duplicates", headers=owner.headers)
    assert [each["lead"]["id"] for each in listed.json()["data"]] == [first["id"]]


async def test_deleted_leads_and_those_of_others_are_not_named(
    client: httpx.AsyncClient, owner: Actor, cast: Cast
) -> None:
    await add(client, await cast.owner())
    gone = await add(client, owner)
    assert gone["duplicates"] == []
    await client.delete(f"/api/leads/{gone['id']}", headers=owner.headers)
    assert (await add(client, owner))["duplicates"] == []


async def test_who_may_not_view_leads_is_named_none(client: httpx.AsyncClient, owner: Actor, cast: Cast) -> None:
    first = await add(client, owner)
    adder = await cast.sub_user(owner, view=False, add=True)
    assert (await add(client, adder))["duplicates"] == []
    viewer = await cast.sub_user(owner, view=True, add=True)
    assert first["id"] in [each["id"] for each in (await add(client, viewer))["duplicates"]]
