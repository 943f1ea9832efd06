"""Rows and leads that share a phone or an e-mail address: which are one person, and what is said of the others."""

import httpx
import pytest

from leadconnect.leads.duplicates.lookup import MOST_COMPARED
from tests import make
from tests.cast import Actor, Cast
from tests.imports.importing import applied, leads, rows, sheet, totals, upload
from tests.leads.writing import new_lead

SHARED = "+91 98765 43210"


async def test_a_family_that_shares_number_and_address_is_added_with_a_remark(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    names = ["Asha Rao", "Ravi Rao", "Meena Rao"]
    made = await applied(client, owner, sheet(*(f"{name},9876543210,rao@example.com," for name in names)))
    assert totals(made) == {"create": 3}
    assert {lead["name"] for lead in await leads(client, owner)} == set(names)
    first, second, third = await rows(client, owner, made)
    assert (first["shares"], first["remarks"]) == ([], [])
    assert second["shares"] == [
        {"code": "shares_phone", "rowNumbers": [1], "leadIds": []},
        {"code": "shares_email", "rowNumbers": [1], "leadIds": []},
    ]
    phone = third["remarks"][0]
    assert (phone["code"], phone["column"], phone["cell"]) == ("shares_phone", "Phone", "9876543210")
    assert phone["message"].startswith("The phone number is also that of row 1 and row 2, under another name")
    assert totals(await upload(client, owner, sheet(*(f"{name},9876543210,rao@example.com," for name in names)))) == {
        "duplicate": 3
    }


async def test_a_row_that_shares_a_number_with_another_persons_lead_is_added_with_a_remark(
    client: httpx.AsyncClient, owner: Actor, cast: Cast
) -> None:
    body = make.lead(name="Anna Berg", phoneNumber=SHARED, email="anna@example.com")
    there = (await client.post("/api/leads", json=body, headers=owner.headers)).json()
    made = await upload(client, owner, sheet(f"Ben Berg,{SHARED},ben@example.com,Bonn"))
    assert totals(made) == {"create": 1}
    (row,) = await rows(client, owner, made)
    assert row["shares"] == [{"code": "shares_phone", "rowNumbers": [], "leadIds": [there["id"]]}]
    assert [remark["code"] for remark in row["remarks"]] == ["shares_phone"]
    adder = await cast.sub_user(owner, view=False, edit=False, add=True)
    (row,) = await rows(client, adder, await upload(client, adder, sheet(f"Ben Berg,{SHARED},ben@example.com,Bonn")))
    assert row["shares"] == [{"code": "shares_phone", "rowNumbers": [], "leadIds": []}]


@pytest.mark.parametrize(("policy", "outcome"), [("upsert", {"create": 1}), ("update", {"skip": 1})])
async def test_a_lead_is_not_overwritten_by_another_person_with_its_number(
    client: httpx.AsyncClient, owner: Actor, policy: str, outcome: dict[str, int]
) -> None:
    there = await new_lead(client, owner, name="Anna Berg", phoneNumber=SHARED, email="anna@example.com", city="Ulm")
    data = sheet(f"Ben Berg,{SHARED},ben@example.com,Bonn")
    assert totals(await applied(client, owner, data, policy=policy, onMatch="overwrite")) == outcome
    assert (await client.get(f"/api/leads/{there['id']}", headers=owner.headers)).json() == there


async def test_placeholders_match_no_one(client: httpx.AsyncClient, owner: Actor) -> None:
    numbers = ["0000000000", "9999999999", "1234567890", "+91 99999 99999", "123456", "987654321"]
    people = ["Ann Lee", "Bob Fox", "Cy Day", "Dee Ray", "Ed Orr", "Fay Im"]
    lines = [f"{name},{number},," for number in numbers for name in people]
    made = await upload(client, owner, sheet(*lines))
    assert totals(made) == {"create": len(lines)}
    assert all(not row["shares"] for row in await rows(client, owner, made))


async def test_short_numbers_are_compared_as_text(client: httpx.AsyncClient, owner: Actor) -> None:
    made = await upload(client, owner, sheet("Asha Rao,4711,,", "Rao Asha, 4711,,", "Asha Rao,4712,,", "Ben,4711,,"))
    assert totals(made) == {"create": 3, "duplicate": 1}


async def test_rows_that_lead_to_one_person_over_a_third_row_are_its_duplicates(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    lines = [f"Asha Rao,{SHARED},,", f"A. Rao,{SHARED},asha@example.com,", "Asha Rao,,asha@example.com,"]
    made = await upload(client, owner, sheet(*lines))
    assert totals(made) == {"create": 1, "duplicate": 2}
    assert [row["ofRow"] for row in await rows(client, owner, made, verdict="duplicate")] == [1, 1]


async def test_everyone_at_a_crowded_number_is_found_again(client: httpx.AsyncClient, owner: Actor) -> None:
    names = [f"{chr(65 + n % 26)}{'aeiou'[n % 5]}x{'bcdfg'[n % 5]}u{chr(97 + n)} Quoll" for n in range(26)]
    assert len(names) > MOST_COMPARED
    data = sheet(*(f"{name},{SHARED},,Pune" for name in names))
    assert totals(await applied(client, owner, data)) == {"create": len(names)}
    assert totals(await upload(client, owner, data)) == {"duplicate": len(names)}


async def test_a_plan_and_the_duplicates_of_a_lead_follow_one_rule(client: httpx.AsyncClient, owner: Actor) -> None:
    people = ["Asha Rao", "Rao Asha", "A. Rao", "Asha", "Asha Patil", "Ravi Rao", "Anil Rao"]
    there = (
        await client.post("/api/leads", json=make.lead(name=people[0], phoneNumber=SHARED), headers=owner.headers)
    ).json()
    for name in people[1:]:
        planned = totals(await upload(client, owner, sheet(f"{name},{SHARED},,")))
        body = make.lead(name=name, phoneNumber=SHARED)
        other = (await client.post("/api/leads", json=body, headers=owner.headers)).json()
        listed = (await client.get(f"/api/leads/{there['id']}/duplicates", headers=owner.headers)).json()["data"]
        assert bool(listed) is (planned == {"duplicate": 1}), name
        await client.delete(f"/api/leads/{other['id']}", headers=owner.headers)
