"""Statuses and sources of a file by the caller's maps, and what leads get where a row gives nothing."""

from typing import Any

import httpx
import pytest

from tests.cast import Actor, Cast
from tests.imports.importing import IMPORTS, WAIT, applied, apply, change, leads, rows, upload

HEADER = "Name,Phone,Status,Source"
FILE = f"""{HEADER}
Asha Rao,+919876543210,Order received,Messe
Ravi Nair,+919876543211,ANGEBOT,
Meena Shah,+919876543212,,Referral
"""
MAPS: dict[str, Any] = {
    "statusMap": {"order  Received": "converted", "Angebot": "qualified"},
    "sourceMap": {"messe": "on_field"},
}


async def test_maps_give_the_values_of_a_file_ours(client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner()
    made = await applied(client, owner, FILE, **MAPS)
    found = {lead["name"]: (lead["leadStatus"], lead["leadSource"]) for lead in await leads(client, owner)}
    assert found == {
        "Asha Rao": ("converted", "on_field"),
        "Ravi Nair": ("qualified", "other"),
        "Meena Shah": ("new", "referral"),
    }
    assert made["options"]["statusMap"] == MAPS["statusMap"]
    assert made["plan"]["mapping"]["values"]["sourceMap"] == MAPS["sourceMap"]


async def test_a_map_that_is_given_afterwards_changes_the_plan(client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner()
    made = await upload(client, owner, FILE)
    status, source = made["plan"]["mapping"]["columns"][2:]
    assert status["values"] == [
        {"value": "Order received", "count": 1, "becomes": "new", "isKnown": False},
        {"value": "ANGEBOT", "count": 1, "becomes": "new", "isKnown": False},
    ]
    assert [(value["value"], value["becomes"]) for value in source["values"]] == [
        ("Messe", "other"), ("Referral", "referral")
    ]  # fmt: skip
    (remark, *_) = (await rows(client, owner, made))[0]["remarks"]
    assert remark["code"] == "unknown_status"
    assert "“new” was taken" in remark["message"]
    made = await change(client, owner, made, **MAPS)
    known = [value for column in made["plan"]["mapping"]["columns"] for value in column["values"]]
    assert [(value["becomes"], value["isKnown"]) for value in known] == [
        ("converted", True), ("qualified", True), ("on_field", True), ("referral", True)
    ]  # fmt: skip
    row = (await rows(client, owner, made))[0]
    assert (row["lead"]["leadStatus"], row["remarks"]) == ("converted", [])
    await apply(client, owner, made)
    assert {lead["leadStatus"] for lead in await leads(client, owner)} == {"converted", "qualified", "new"}


async def test_words_that_are_mapped_to_another_source_stay_its_name(client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner()
    await applied(client, owner, FILE, sourceMap={"Messe": "other"})
    found = {lead["name"]: lead for lead in await leads(client, owner)}
    assert (found["Asha Rao"]["leadSource"], found["Asha Rao"]["customLeadSource"]) == ("other", "Messe")


async def test_defaults_fill_what_rows_do_not_give(client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner()
    defaults = {
        "leadStatus": "followup", "leadSource": "other", "customLeadSource": "Hannover fair",
        "customerCategory": "existing",
    }  # fmt: skip
    await applied(client, owner, FILE, defaults=defaults)
    found = {lead["name"]: lead for lead in await leads(client, owner)}
    assert {lead["customerCategory"] for lead in found.values()} == {"existing"}
    assert [lead["leadStatus"] for lead in found.values()] == ["followup"] * 3, "unknown statuses too"
    assert found["Ravi Nair"]["customLeadSource"] == "Hannover fair"
    assert (found["Meena Shah"]["leadSource"], found["Meena Shah"]["customLeadSource"]) == ("referral", None)


async def test_a_name_alone_is_that_of_the_source_other(client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner()
    await applied(client, owner, "Name,Phone\nAsha Rao,+919876543210\n", defaults={"customLeadSource": "Fair"})
    (lead,) = await leads(client, owner)
    assert (lead["leadSource"], lead["customLeadSource"]) == ("other", "Fair")


async def test_no_source_is_invented(client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner()
    await applied(client, owner, "Name,Phone\nAsha Rao,+919876543210\n")
    google = "Name,Given Name,Yomi Name,Group Membership,Phone 1 - Value\nRavi Nair,Ravi,,* myContacts,+919876543211\n"
    await applied(client, owner, google)
    found = {lead["name"]: (lead["leadSource"], lead["customLeadSource"]) for lead in await leads(client, owner)}
    assert found == {"Asha Rao": ("other", "Import"), "Ravi Nair": ("other", "Google Contacts")}


async def test_a_file_with_the_same_header_is_read_by_the_same_rules(client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner()
    await applied(client, owner, FILE, **MAPS, defaults={"leadSource": "campaign"})
    later = f"{HEADER}\nZoe Kern,+919876543213,angebot,\n"
    await applied(client, owner, later)
    found = {lead["name"]: (lead["leadStatus"], lead["leadSource"]) for lead in await leads(client, owner)}
    assert found["Zoe Kern"] == ("qualified", "campaign")


async def test_the_direct_import_takes_them_too(client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner()
    parts: dict[str, Any] = {
        "file": ("leads.csv", FILE.encode(), "text/csv"),
        "options": (None, b'{"statusMap": {"Order received": "converted"}, "defaults": {"leadSource": "campaign"}}'),
    }
    answer = await client.post("/api/leads/import", files=parts, headers=owner.headers)
    assert answer.status_code == 201, answer.text
    found = {lead["name"]: (lead["leadStatus"], lead["leadSource"]) for lead in await leads(client, owner)}
    assert (found["Asha Rao"], found["Ravi Nair"]) == (("converted", "other"), ("new", "campaign"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"statusMap": {"Won": "lukewarm"}}, "statusMap"),
        ({"sourceMap": {"x" * 256: "website"}}, "sourceMap"),
        ({"sourceMap": ["website"]}, "sourceMap"),
        ({"statusMap": {str(number): "new" for number in range(501)}}, "statusMap"),
        ({"defaults": {"leadStatus": "lukewarm"}}, "defaults.leadStatus must be one of"),
    ],
)
async def test_what_cannot_be_a_map_or_a_default_is_refused(
    options: dict[str, object], message: str, client: httpx.AsyncClient, owner: Actor
) -> None:
    made = await upload(client, owner, FILE)
    answer = await client.patch(f"{IMPORTS}/{made['id']}", json=options, headers=owner.headers | WAIT)
    assert answer.status_code == 400
    assert any(message in each for each in answer.json()["message"]), answer.text
