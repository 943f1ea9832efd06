"""Planning an import: what becomes of each row, before anything is written."""

from typing import Any

import httpx
import pytest

from tests import make
from tests.cast import Actor
from tests.imports.importing import applied, apply, change, leads, rows, sheet, totals, upload

ASHA = "Asha Rao,+91 98765 43210,asha@example.com,Pune"
RAVI = "Ravi Nair,+91 98765 43211,ravi@example.com,Kochi"


async def test_a_plan_says_what_becomes_of_each_row_and_writes_nothing(client: httpx.AsyncClient, owner: Actor) -> None:
    made = await upload(client, owner, sheet(ASHA, "Nobody,,,Pune", RAVI, ",,x@example.com,"))
    assert made["status"] == "planned"
    assert totals(made) == {"create": 3, "reject": 1}
    assert made["plan"]["totals"]["reasons"] == {"no_contact": 1}
    found = await rows(client, owner, made)
    assert [(row["rowNumber"], row["line"], row["verdict"]) for row in found] == [
        (1, 2, "create"), (2, 3, "reject"), (3, 4, "create"), (4, 5, "create"),
    ]  # fmt: skip
    assert found[0]["lead"]["phoneNumber"] == "+91 98765 43210"
    assert found[1]["faults"][0]["message"] == "The row has no contact"
    assert found[1]["faults"][0]["suggestion"] == "Add a phone number or an e-mail address"
    assert found[3]["lead"]["name"] == "x@example.com"
    assert found[3]["remarks"][0]["code"] == "named_by_email"
    assert await leads(client, owner) == []


async def test_a_row_that_repeats_an_earlier_one_is_its_duplicate(client: httpx.AsyncClient, owner: Actor) -> None:
    made = await upload(client, owner, sheet(ASHA, "A. Rao,0091 9876543210,,", "Asha,,ASHA+crm@example.com,"))
    assert totals(made) == {"create": 1, "duplicate": 2}
    second, third = await rows(client, owner, made, verdict="duplicate")
    assert (second["ofRow"], second["code"]) == (1, "same_phone")
    assert (third["ofRow"], third["code"]) == (1, "same_email")


async def test_rows_that_are_leads_already_are_their_duplicates(client: httpx.AsyncClient, owner: Actor) -> None:
    lead = make.lead(name="Asha Rao", phoneNumber="+919876543210", email=None)
    there = (await client.post("/api/leads", json=lead, headers=owner.headers)).json()
    made = await upload(client, owner, sheet(ASHA, RAVI))
    assert totals(made) == {"create": 1, "duplicate": 1}
    (row,) = await rows(client, owner, made, verdict="duplicate")
    assert (row["leadId"], row["code"]) == (there["id"], "same_phone")


async def test_the_same_file_again_proposes_nothing_new(client: httpx.AsyncClient, owner: Actor) -> None:
    data = sheet(ASHA, RAVI, "Li Wei,,li@example.com,", "Company only,030 123456,,")
    await applied(client, owner, data)
    assert totals(await upload(client, owner, data)) == {"duplicate": 4}
    again = await upload(client, owner, data, policy="upsert", onMatch="overwrite")
    assert totals(again) == {"skip": 4}
    assert again["plan"]["totals"]["reasons"] == {"nothing_new": 4}


@pytest.mark.parametrize(
    ("on_match", "differences"),
    [
        ("fill_blanks", [{"field": "email", "old": None, "new": "asha@example.com"}]),
        (
            "overwrite",
            [
                {"field": "name", "old": "Asha", "new": "Asha Rao"},
                {"field": "phoneNumber", "old": "+919876543210", "new": "+91 98765 43210"},
                {"field": "email", "old": None, "new": "asha@example.com"},
                {"field": "city", "old": "Mumbai", "new": "Pune"},
            ],
        ),
    ],
)
async def test_an_update_shows_each_field_that_differs(
    client: httpx.AsyncClient, owner: Actor, on_match: str, differences: list[dict[str, Any]]
) -> None:
    lead = make.lead(name="Asha", phoneNumber="+919876543210", city="Mumbai", leadStatus="hot")
    there = (await client.post("/api/leads", json=lead, headers=owner.headers)).json()
    made = await upload(client, owner, sheet(ASHA), policy="upsert", onMatch=on_match)
    assert totals(made) == {"update": 1}
    (row,) = await rows(client, owner, made)
    assert row["leadId"] == there["id"]
    assert row["differences"] == differences


async def test_what_is_wanted_can_be_changed_without_another_upload(client: httpx.AsyncClient, owner: Actor) -> None:
    await client.post("/api/leads", json=make.lead(name="Asha Rao", phoneNumber="+919876543210"), headers=owner.headers)
    made = await upload(client, owner, sheet(ASHA, RAVI))
    assert totals(made) == {"create": 1, "duplicate": 1}
    updating = await change(client, owner, made, policy="update")
    assert totals(updating) == {"update": 1, "skip": 1}
    assert updating["plan"]["totals"]["reasons"] == {"no_match": 1}
    assert totals(await change(client, owner, made, policy="update", onMatch="skip")) == {"skip": 2}
    assert totals(await change(client, owner, made, policy="create", matchOn=["email"])) == {"create": 2}
    other = await change(client, owner, made, columns=[{"position": 3, "target": "state"}])
    assert other["plan"]["mapping"]["columns"][3]["because"] == "chosen"
    assert (await rows(client, owner, other))[0]["lead"]["state"] == "Pune"


async def test_several_leads_with_one_phone_are_candidates_and_none_is_chosen(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    for name in ("Asha Rao", "Rao, Asha"):
        body = make.lead(name=name, phoneNumber="+919876543210")
        assert (await client.post("/api/leads", json=body, headers=owner.headers)).status_code == 201
    made = await upload(client, owner, sheet(ASHA), policy="upsert")
    (row,) = await rows(client, owner, made)
    assert (row["verdict"], row["code"], row["leadId"], len(row["candidates"])) == (
        "duplicate",
        "several_leads",
        None,
        2,
    )


async def test_a_file_that_cannot_be_read_fails_with_a_sentence(client: httpx.AsyncClient, owner: Actor) -> None:
    made = await upload(client, owner, b"%PDF-1.7 nothing", name="leads.pdf")
    assert made["status"] == "failed"
    assert made["failure"]["code"] == "unsupported_file"
    assert "PDF document" in made["failure"]["message"]
    assert made["plan"] is None


async def test_a_choice_that_there_is_not_is_said_and_can_be_mended(client: httpx.AsyncClient, owner: Actor) -> None:
    made = await upload(client, owner, sheet(ASHA), columns=[{"position": 9, "target": "city"}])
    assert (made["status"], made["failure"]["code"]) == ("failed", "validation_failed")
    mended = await change(client, owner, made, columns=[])
    assert (mended["status"], mended["failure"], totals(mended)) == ("planned", None, {"create": 1})


async def test_a_confirmed_mapping_is_remembered_for_the_same_header(client: httpx.AsyncClient, owner: Actor) -> None:
    header = "Name,Phone,Wert"
    made = await upload(client, owner, sheet("Asha,+919876543210,gold", header=header))
    made = await change(client, owner, made, columns=[{"position": 2, "target": "customerInterestedIn"}])
    assert made["plan"]["mapping"]["columns"][2]["target"] == "customerInterestedIn"
    other = await upload(client, owner, sheet("Ravi,+919876543211,silver", header=header))
    assert other["plan"]["mapping"]["columns"][2]["target"] == "notes"
    await apply(client, owner, made)
    third = await upload(client, owner, sheet("Ravi,+919876543211,silver", header=header))
    column = third["plan"]["mapping"]["columns"][2]
    assert (column["target"], column["because"]) == ("customerInterestedIn", "remembered")
