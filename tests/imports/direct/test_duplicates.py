"""Direct imports of people who are leads already: they create no lead twice."""

import asyncio
from typing import Any

import httpx
import pytest

from tests import make
from tests.cast import Actor, Cast
from tests.imports.importing import applied, leads

IMPORT = "/api/leads/import"
ROWS = ["Asha Rao,+91 98765 43211,asha@example.com", "Ravi Nair,,ravi@example.com", "Li Wei,+91 98765 43212,"]


def csv(*rows: str, header: str = "Name,Phone,Email") -> bytes:
    return "\n".join((header, *rows, "")).encode()


async def import_file(client: httpx.AsyncClient, actor: Actor, data: bytes, query: str = "") -> dict[str, Any]:
    files = {"file": ("leads.csv", data, "text/csv")}
    answer = await client.post(IMPORT + query, files=files, headers=actor.headers)
    assert answer.status_code == 201, answer.text
    report: dict[str, Any] = answer.json()
    assert report["total"] == report["successful"] + report["failed"] == len(report["results"])
    return report


async def test_the_same_people_in_other_bytes_are_reported_and_not_added(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    first = await import_file(client, owner, csv(*ROWS))
    assert (first["successful"], first["duplicates"]) == (3, 0)
    again = await import_file(client, owner, csv(*reversed(ROWS), "New Person,+91 98765 43219,"))
    assert (again["successful"], again["failed"], again["duplicates"]) == (1, 3, 3)
    third = again["results"][2]
    assert {**third, "error": ""} == {
        "success": False,
        "rowNumber": 3,
        "error": "",
        "code": "same_phone",
        "duplicateOf": first["results"][0]["lead"]["id"],
    }
    assert again["results"][1]["code"] == "same_email"
    assert len(await leads(client, owner)) == 4
    json = [{**make.lead(name="Rao, Asha", phoneNumber="0091 98765 43211"), "email": "ASHA@example.com"}]
    answer = await client.post(IMPORT, json={"leads": json}, headers=owner.headers)
    assert (answer.status_code, answer.json()["duplicates"]) == (201, 1)
    assert len(await leads(client, owner)) == 4


async def test_what_a_plan_has_added_is_found_by_a_direct_import_and_the_other_way_round(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    await applied(client, owner, csv(*ROWS[:2]))
    report = await import_file(client, owner, csv(*ROWS))
    assert (report["successful"], report["duplicates"]) == (1, 2)
    done = await applied(client, owner, csv(*ROWS))
    assert done["plan"]["totals"]["duplicate"] == 3


async def test_duplicates_are_added_on_request(client: httpx.AsyncClient, owner: Actor) -> None:
    await import_file(client, owner, csv(*ROWS))
    report = await import_file(client, owner, csv(*ROWS), "?allowDuplicates=true")
    assert (report["successful"], report["duplicates"]) == (3, 0)
    assert len(await leads(client, owner)) == 6
    refused = await client.post(f"{IMPORT}?allowDuplicates=perhaps", json={"leads": [{}]}, headers=owner.headers)
    assert refused.status_code == 400


async def test_other_people_with_a_number_of_a_lead_are_added(client: httpx.AsyncClient, owner: Actor) -> None:
    await import_file(client, owner, csv("Asha Rao,9876543211,rao@example.com"))
    report = await import_file(client, owner, csv("Ravi Rao,9876543211,rao@example.com", "Meena Rao,9876543211,"))
    assert (report["successful"], report["duplicates"]) == (2, 0)


async def test_a_deleted_lead_and_those_of_others_are_no_duplicates(
    client: httpx.AsyncClient, owner: Actor, cast: Cast
) -> None:
    await import_file(client, await cast.owner(), csv(ROWS[0]))
    first = await import_file(client, owner, csv(ROWS[0]))
    await client.delete(f"/api/leads/{first['results'][0]['lead']['id']}", headers=owner.headers)
    assert (await import_file(client, owner, csv(ROWS[0], ROWS[1])))["duplicates"] == 0


async def test_the_lead_is_named_only_to_those_who_may_view_leads(
    client: httpx.AsyncClient, owner: Actor, cast: Cast
) -> None:
    await import_file(client, owner, csv(ROWS[0]))
    adder = await cast.sub_user(owner, view=False, add=True)
    report = await import_file(client, adder, csv(ROWS[0]))
    assert (report["duplicates"], report["results"][0]["duplicateOf"]) == (1, None)


@pytest.mark.parametrize("count", [4])
async def test_of_parallel_imports_of_the_same_people_one_adds_them(
    client: httpx.AsyncClient, owner: Actor, count: int
) -> None:
    files = [csv(*ROWS, header=f"Name,Phone,Email{' ' * number}") for number in range(count)]
    reports = await asyncio.gather(*(import_file(client, owner, data) for data in files))
    assert sorted(report["successful"] for report in reports) == [0] * (count - 1) + [3]
    assert len(await leads(client, owner)) == 3
