"""A merge keeps the phones and e-mail addresses of all its leads, and the lead that stays is found by them."""

from typing import Any

import httpx
import pytest

from leadconnect.leads.merging.values import LONGEST_NOTES
from tests import make
from tests.cast import Actor, Cast
from tests.leads.merging.merges import merged
from tests.leads.writing import add_lead, change_lead

FIRST, SECOND, THIRD = "+49 30 1234567", "+49 30 7654321", "+49 40 2233445"


async def lead_of(client: httpx.AsyncClient, actor: Actor, lead_id: str) -> dict[str, Any]:
    answer = await client.get(f"/api/leads/{lead_id}", headers=actor.headers)
    assert answer.status_code == 200, answer.text
    lead: dict[str, Any] = answer.json()
    return lead


async def found(client: httpx.AsyncClient, actor: Actor, search: str) -> list[str]:
    answer = await client.get("/api/leads", params={"search": search}, headers=actor.headers)
    return [lead["id"] for lead in answer.json()["data"]]


async def duplicates(client: httpx.AsyncClient, actor: Actor, **fields: Any) -> list[str]:
    """Return the duplicates of a new lead, which is deleted again."""
    answer = await client.post("/api/leads", json=make.lead(**fields), headers=actor.headers)
    lead = answer.json()
    await client.delete(f"/api/leads/{lead['id']}", headers=actor.headers)
    return [each["id"] for each in lead["duplicates"]]


async def three(client: httpx.AsyncClient, owner: Actor) -> list[str]:
    return [
        await add_lead(client, owner, name="Asha Rao", phoneNumber=phone, email=email, additionalNotes=notes)
        for phone, email, notes in (
            (FIRST, "asha@example.com", "Called"),
            (SECOND, "rao@example.com", None),
            (THIRD, "ASHA+x@example.com", None),
        )
    ]


async def test_the_other_phones_and_addresses_stay_in_the_notes_and_find_the_lead(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    survivor, *others = await three(client, owner)
    before = await lead_of(client, owner, survivor)
    done = await merged(client, owner, survivor, *others)
    notes = "Called\n\nOther phones: +49 30 7654321, +49 40 2233445; Other e-mail: rao@example.com"
    assert done["lead"]["additionalNotes"] == notes
    assert (done["lead"]["phoneNumber"], done["lead"]["email"]) == (FIRST, "asha@example.com")
    for search in (SECOND, "030 7654321", "+49402233445", "rao@example.com", FIRST):
        assert await found(client, owner, search) == [survivor], search
    assert await duplicates(client, owner, name="Rao, Asha", phoneNumber="0049 40 2233445") == [survivor]
    people = [make.lead(name="Asha Rao", phoneNumber=SECOND), make.lead(name="Asha Rao", email="rao@example.com")]
    report = (await client.post("/api/leads/import", json={"leads": people}, headers=owner.headers)).json()
    assert [result["duplicateOf"] for result in report["results"]] == [survivor] * 2
    twin = await add_lead(client, owner, name="Asha Rao", phoneNumber=SECOND)
    for one, other in ((survivor, twin), (twin, survivor)):
        listed = await client.get(f"/api/leads/{one}/duplicates", headers=owner.headers)
        assert [each["lead"]["id"] for each in listed.json()["data"]] == [other]
    await client.delete(f"/api/leads/{twin}", headers=owner.headers)
    await change_lead(client, owner, survivor, name="Asha R. Rao")
    assert await found(client, owner, SECOND) == [survivor]

    undone = await client.post(f"/api/change-sets/{done['changeSetId']}/undo", headers=owner.headers)
    assert undone.is_success, undone.text
    after = await lead_of(client, owner, survivor)
    changed = {"updatedAt": "", "version": "", "name": ""}
    assert {**after, **changed} == {**before, **changed}
    assert await found(client, owner, SECOND) == [others[0]]
    assert await duplicates(client, owner, name="Asha Rao", phoneNumber=THIRD) == [others[1]]


async def swept(client: httpx.AsyncClient, actor: Actor) -> list[tuple[str, list[str]]]:
    """Return the groups of the sweep, each the first lead and its duplicates."""
    answer = await client.get("/api/leads/duplicates", params={"limit": 1}, headers=actor.headers)
    groups = list(answer.json()["data"])
    while cursor := answer.json()["meta"]["nextCursor"]:
        answer = await client.get("/api/leads/duplicates", params={"limit": 1, "cursor": cursor}, headers=actor.headers)
        groups += answer.json()["data"]
    return [(each["lead"]["id"], [other["lead"]["id"] for other in each["duplicates"]]) for each in groups]


async def test_the_sweep_finds_leads_that_share_only_a_contact_of_a_merge(
    client: httpx.AsyncClient, owner: Actor, cast: Cast
) -> None:
    survivor, *others = await three(client, owner)
    await merged(client, owner, survivor, *others)
    assert await swept(client, owner) == []
    by_phone = await add_lead(client, owner, name="Asha Rao", phoneNumber=SECOND, email=None)
    assert await swept(client, owner) == [(survivor, [by_phone])]
    await client.delete(f"/api/leads/{by_phone}", headers=owner.headers)
    by_mailbox = await add_lead(client, owner, name="Asha Rao", phoneNumber="", email="rao@example.com")
    assert await swept(client, owner) == [(survivor, [by_mailbox])]
    assert await swept(client, await cast.owner()) == []
    await client.delete(f"/api/leads/{survivor}", headers=owner.headers)
    assert await swept(client, owner) == []


async def test_a_second_merge_takes_the_contacts_of_the_first_along(client: httpx.AsyncClient, owner: Actor) -> None:
    first, second, third = await three(client, owner)
    await merged(client, owner, second, third)
    done = await merged(client, owner, first, second)
    assert await found(client, owner, THIRD) == [first]
    assert await duplicates(client, owner, name="Asha Rao", phoneNumber=THIRD) == [first]
    await client.post(f"/api/change-sets/{done['changeSetId']}/undo", headers=owner.headers)
    assert await found(client, owner, THIRD) == [second]
    assert await duplicates(client, owner, name="Asha Rao", phoneNumber=THIRD) == [second]


async def test_the_former_phone_of_the_survivor_is_kept_where_another_one_is_taken(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    first, second, _ = await three(client, owner)
    done = await merged(client, owner, first, second, take={"phoneNumber": second})
    assert done["lead"]["phoneNumber"] == SECOND
    assert f"Other phone: {FIRST}" in done["lead"]["additionalNotes"]
    assert await found(client, owner, FIRST) == [first]


@pytest.mark.parametrize("length", [LONGEST_NOTES, LONGEST_NOTES - 10])
async def test_contacts_that_do_not_fit_into_the_notes_are_found_all_the_same(
    client: httpx.AsyncClient, owner: Actor, length: int
) -> None:
    full = await add_lead(client, owner, name="Asha Rao", phoneNumber=FIRST, additionalNotes="x" * length)
    other = await add_lead(client, owner, name="Asha Rao", phoneNumber=SECOND)
    done = await merged(client, owner, full, other)
    assert done["lead"]["additionalNotes"] == "x" * length
    assert await found(client, owner, SECOND) == [full]
    assert await duplicates(client, owner, name="Asha Rao", phoneNumber=SECOND) == [full]
