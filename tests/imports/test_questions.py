"""What a plan asks about a whole file, and how the answer becomes leads."""

import httpx

from tests.cast import Actor
from tests.imports.importing import IMPORTS, WAIT, apply, change, leads, rows, totals, upload

UNKNOWN = "Name,Ruf,Ort\nAsha,98450,Pune\nRavi,98451,Goa\n"


async def test_a_file_without_contacts_asks_once_and_is_not_applied_until_that_is_answered(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    made = await upload(client, owner, UNKNOWN)
    assert (made["status"], totals(made), made["plan"]["totals"]["reasons"]) == (
        "planned", {"reject": 2}, {"needs_mapping": 2},
    )  # fmt: skip
    (question,) = made["plan"]["questions"]
    assert (question["code"], question["option"], question["isBlocking"]) == (
        "no_contact_column", "columns[].target", True,
    )  # fmt: skip
    assert [one["header"] for one in question["candidates"]] == ["Ruf", "Ort"]
    assert [(row["code"], row["faults"]) for row in await rows(client, owner, made)] == [("needs_mapping", [])] * 2
    answer = await client.post(f"{IMPORTS}/{made['id']}/apply", headers=owner.headers | WAIT)
    assert answer.status_code == 409
    assert "question" in answer.json()["message"]
    assert await leads(client, owner) == []

    made = await change(client, owner, made, columns=[{"position": 1, "target": "phoneNumber"}])
    assert (made["plan"]["questions"], totals(made)) == ([], {"create": 2})
    await apply(client, owner, made)
    assert [lead["name"] for lead in await leads(client, owner)] == ["Asha", "Ravi"]


async def test_the_reject_file_of_an_open_question_says_so(client: httpx.AsyncClient, owner: Actor) -> None:
    made = await upload(client, owner, UNKNOWN)
    found = (await client.get(f"{IMPORTS}/{made['id']}/rejects", headers=owner.headers)).text
    assert "Asha,98450,Pune,The columns are not known yet,Answer the question of the plan" in found


async def test_a_guessed_name_is_asked_about_and_does_not_keep_the_import_from_being_applied(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    made = await upload(client, owner, "Kdbez,Tel\nAsha Rao,9876543210\nRavi Nair,9876543211\n")
    (question,) = made["plan"]["questions"]
    assert (question["code"], question["isBlocking"]) == ("name_guessed", False)
    await apply(client, owner, made)
    assert [lead["name"] for lead in await leads(client, owner)] == ["Asha Rao", "Ravi Nair"]


async def test_a_name_that_stands_in_overwrites_none(client: httpx.AsyncClient, owner: Actor) -> None:
    await apply(client, owner, await upload(client, owner, "Name,Email\nAsha Rao,asha@example.com\n"))
    options = {"policy": "upsert", "onMatch": "overwrite"}
    made = await upload(client, owner, "Email,City\nasha@example.com,Pune\n", **options)
    await apply(client, owner, made)
    (lead,) = await leads(client, owner)
    assert (lead["name"], lead["city"]) == ("Asha Rao", "Pune")
