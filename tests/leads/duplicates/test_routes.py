"""Duplicates by API: those of one lead, and those of an account, part by part."""

from random import Random
from typing import Any
from uuid import uuid4

import httpx
import pytest

from leadconnect.leads.duplicates.models import START, Place, read_cursor, write_cursor
from leadconnect.leads.duplicates.queries import SHARERS
from tests.cast import Actor, Cast
from tests.leads.writing import add_lead, change_lead

Body = dict[str, Any]
PHONES = ["+49 30 1234567", "(+49) 30-123 45 67", "0049 30 1234567"]
"""One number."""


async def found(client: httpx.AsyncClient, actor: Actor, lead_id: str, **query: Any) -> list[Body]:
    answer = await client.get(f"/api/leads/{lead_id}/duplicates", params=query, headers=actor.headers)
    assert answer.status_code == 200, answer.text
    data: list[Body] = answer.json()["data"]
    return data


async def swept(client: httpx.AsyncClient, actor: Actor, **query: Any) -> list[Body]:
    """Return all groups of an account, however many parts it takes."""
    groups: list[Body] = []
    while True:
        answer = await client.get("/api/leads/duplicates", params=query, headers=actor.headers)
        assert answer.status_code == 200, answer.text
        groups += answer.json()["data"]
        if (cursor := answer.json()["meta"]["nextCursor"]) is None:
            return groups
        query["cursor"] = cursor


def grouped(groups: list[Body]) -> list[tuple[str, list[str]]]:
    return [(group["lead"]["id"], [each["lead"]["id"] for each in group["duplicates"]]) for group in groups]


async def test_leads_of_one_number_or_mailbox_are_found_with_score_and_reasons(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    one = await add_lead(client, owner, name="Asha Rao", phoneNumber=PHONES[0], email="asha.rao@gmail.com")
    both = await add_lead(client, owner, name="Rao, Asha", phoneNumber=PHONES[1], email="AshaRao+x@googlemail.com")
    phone = await add_lead(client, owner, name="A. Rao", phoneNumber=PHONES[2])
    await add_lead(client, owner, name="Ravi Nair", phoneNumber="+49 30 7654321")
    data = await found(client, owner, one)
    assert [(each["lead"]["id"], each["score"]) for each in data] == [(both, 100), (phone, 85)]
    assert data[0]["reasons"] == [
        {"reason": "same_mailbox", "weight": 60},
        {"reason": "same_phone", "weight": 55},
        {"reason": "same_name", "weight": 35},
    ]
    read = await client.get(f"/api/leads/{phone}", headers=owner.headers)
    assert data[1]["lead"] == read.json()
    assert [each["lead"]["id"] for each in await found(client, owner, one, minScore=90)] == [both]


async def test_a_namesake_in_the_same_company_is_found_and_another_one_is_not(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    one = await add_lead(client, owner, name="Dr. Asha Rao", companyName="Rao Traders", phoneNumber="+49 30 1111111")
    turned = await add_lead(
        client, owner, name="Rao, Asha", companyName="Rao Traders Pvt Ltd", phoneNumber="+49 30 2222222"
    )
    other = await add_lead(client, owner, name="Asha Rao", companyName="Nair", phoneNumber="+49 30 3333333")
    for lead_id, twin in ((one, turned), (turned, one)):
        (each,) = await found(client, owner, lead_id)
        assert (each["lead"]["id"], each["score"]) == (twin, 55)
    assert other in [each["lead"]["id"] for each in await found(client, owner, one, minScore=0)]


async def test_colleagues_who_share_a_number_are_not_taken_for_one_person(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    names = ["Asha Rao", "Ravi Nair", "John Smith", "Meera Iyer", "Jürgen Groß"]
    leads = [await add_lead(client, owner, name=name, email="info@rao.example") for name in names]
    assert await found(client, owner, leads[0]) == []
    assert await swept(client, owner) == []
    data = await found(client, owner, leads[0], minScore=0)
    assert {each["lead"]["id"] for each in data} == set(leads[1:])
    told = {reason["reason"]: reason["weight"] for reason in data[0]["reasons"]}
    assert {"shared_phone", "shared_mailbox", "different_name"} == {name for name, weight in told.items() if weight < 0}


async def test_the_sweep_groups_leads_around_the_one_that_was_added_first(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    first, second = [await add_lead(client, owner, email="asha@example.com") for _ in range(2)]
    by_mail = await add_lead(client, owner, phoneNumber="+49 30 7654321", email="Asha+x@example.com")
    await add_lead(client, owner, phoneNumber="+49 30 0000001", email="ravi@example.com")
    deleted = await add_lead(client, owner, email="asha@example.com")
    await client.delete(f"/api/leads/{deleted}", headers=owner.headers)
    assert grouped(await swept(client, owner)) == [(first, [second]), (first, [by_mail])]
    assert grouped(await swept(client, owner, limit=1)) == [(first, [second]), (first, [by_mail])]


async def test_one_number_of_two_people_makes_two_groups(client: httpx.AsyncClient, owner: Actor) -> None:
    names = ["Asha Rao", "Ravi Nair", "Dr. Asha Rao", "Ravi Nair", "John Smith"]
    leads = [await add_lead(client, owner, name=name) for name in names]
    assert grouped(await swept(client, owner)) == [(leads[0], [leads[2]]), (leads[1], [leads[3]])]


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
async def test_the_parts_of_a_sweep_have_every_group_once(client: httpx.AsyncClient, owner: Actor, limit: int) -> None:
    random = Random(7)
    for _ in range(40):
        await add_lead(
            client,
            owner,
            phoneNumber=f"+49 30 123456{random.randrange(10)}",
            email=random.choice([None, "a@example.com", "b@example.com", "c+d@example.com"]),
        )
    leads = (await client.get("/api/leads?limit=100", headers=owner.headers)).json()["data"]
    groups = grouped(await swept(client, owner, limit=limit))
    pairs = [(anchor, other) for anchor, others in groups for other in others]
    assert len(pairs) == len(set(pairs))
    by_id = {lead["id"]: lead for lead in leads}
    for lead in leads:
        for other in leads:
            is_same = lead["phoneNumber"] == other["phoneNumber"]
            if lead["id"] < other["id"] and is_same:
                anchor = min(each["id"] for each in leads if each["phoneNumber"] == lead["phoneNumber"])
                assert (anchor, other["id"]) in pairs
    assert all(
        by_id[one]["phoneNumber"] == by_id[other]["phoneNumber"] or by_id[one]["email"] == by_id[other]["email"]
        for one, other in pairs
    )


async def test_of_what_very_many_share_the_oldest_are_compared(client: httpx.AsyncClient, owner: Actor) -> None:
    leads = [await add_lead(client, owner) for _ in range(SHARERS + 5)]
    (group,) = await swept(client, owner)
    assert [group["lead"]["id"], *(each["lead"]["id"] for each in group["duplicates"])] == leads[:SHARERS]


async def test_a_mailbox_is_told_of_where_very_many_share_the_number(client: httpx.AsyncClient, owner: Actor) -> None:
    for _ in range(SHARERS):
        await add_lead(client, owner)
    one, other = [await add_lead(client, owner, email="asha@example.com") for _ in range(2)]
    assert grouped(await swept(client, owner))[1:] == [(one, [other])]


async def test_duplicates_follow_what_is_changed(client: httpx.AsyncClient, owner: Actor) -> None:
    one, other = await add_lead(client, owner), await add_lead(client, owner)
    assert len(await found(client, owner, one)) == 1
    await change_lead(client, owner, other, phoneNumber="+49 30 7654321", name="Ravi Nair")
    assert await found(client, owner, one) == []
    assert await swept(client, owner) == []


async def test_other_accounts_have_no_duplicates_here(client: httpx.AsyncClient, owner: Actor, cast: Cast) -> None:
    stranger = await cast.owner()
    mine, theirs = await add_lead(client, owner), await add_lead(client, stranger)
    assert await found(client, owner, mine, minScore=0) == []
    assert await swept(client, owner, minScore=0) == []
    foreign = await client.get(f"/api/leads/{theirs}/duplicates", headers=owner.headers)
    unknown = await client.get(f"/api/leads/{uuid4()}/duplicates", headers=owner.headers)
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.json() == unknown.json()


@pytest.mark.parametrize("path", ["/api/leads/duplicates", "/api/leads/{}/duplicates"])
async def test_looking_for_duplicates_needs_somebody_who_may_view_leads(
    client: httpx.AsyncClient, owner: Actor, cast: Cast, path: str
) -> None:
    path = path.format(await add_lead(client, owner))
    assert (await client.get(path)).status_code == 401
    blind = await cast.sub_user(owner, view=False, edit=True, add=True)
    assert (await client.get(path, headers=blind.headers)).status_code == 403


@pytest.mark.parametrize(
    "query",
    [
        "cursor=abc",
        "cursor=9",
        "cursor=0a",
        "cursor=0AB",
        "limit=0",
        "limit=51",
        "minScore=101",
        "minScore=x",
        "page=1",
    ],
)
async def test_a_wrong_query_is_refused_with_a_list(client: httpx.AsyncClient, owner: Actor, query: str) -> None:
    answer = await client.get(f"/api/leads/duplicates?{query}", headers=owner.headers)
    assert answer.status_code == 400, answer.text
    assert isinstance(answer.json()["message"], list)


@pytest.mark.parametrize(
    "place", [START, Place("phone", "+49301234567;ext=1"), Place("email", "jürgen@müller.example")]
)
def test_a_cursor_is_read_as_it_was_written(place: Place) -> None:
    assert read_cursor(write_cursor(place)) == place
