"""Files that the client reads by itself and sends as JSON, with its template, its aliases and its fallbacks."""

import csv
import io

import pytest

from tests.cast import Actor
from tests.client import screens
from tests.client.browser import Browser
from tests.client.sheet import TEMPLATE, TITLES

FULL_ROW = {
    "name": "Ravi Kumar",
    "phoneNumber": "+91 98765 43210",
    "email": "ravi@mills.example",
    "dateOfBirth": "1990-02-28",
    "city": "Pune",
    "state": "Maharashtra",
    "country": "India",
    "pincode": "411001",
    "companyName": "Example Mills, Sons",
    "designation": "Head of Purchase",
    "customerCategory": "Existing",
    "lastContactedDate": "2026-03-01",
    "lastContactedBy": "Asha",
    "nextFollowupDate": "2031-03-04",
    "customerInterestedIn": "Looms",
    "preferredCommunicationChannel": "WhatsApp",
    "customCommunicationChannel": "Pigeon",
    "leadSource": "Generated_By",
    "customLeadSource": "Radio",
    "customReferralSource": "Trade fair",
    "customGeneratedBy": "Sam",
    "leadStatus": "HOT",
    "leadCreatedBy": "Asha",
    "additionalNotes": "calls back",
}


def sheet(*rows: dict[str, str], spelling: int = 0, delimiter: str = ",") -> str:
    """Write a file whose titles are the first, second … of those that the client knows."""
    titles = {field: found[min(spelling, len(found) - 1)] for field, found in TITLES.items()}
    file = io.StringIO()
    writer = csv.DictWriter(file, titles.values(), delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows({titles[field]: cell for field, cell in row.items()} for row in rows)
    return file.getvalue()


@pytest.mark.parametrize("delimiter", [",", "\t"])
@pytest.mark.parametrize("spelling", range(4))
async def test_every_column_of_the_template_arrives_under_each_of_its_titles(
    browser: Browser, owner: Actor, spelling: int, delimiter: str
) -> None:
    report = await screens.import_sheet(browser, sheet(FULL_ROW, spelling=spelling, delimiter=delimiter))
    assert (report["total"], report["successful"], report["failed"]) == (1, 1, 0)
    (lead,) = (await screens.list_leads(browser))["data"]
    lower = ("customerCategory", "preferredCommunicationChannel", "leadSource", "leadStatus")
    expected = FULL_ROW | {field: FULL_ROW[field].lower() for field in lower}
    assert {field: lead[field] for field in FULL_ROW} == expected


async def test_the_clients_fallbacks_are_good_leads(browser: Browser, owner: Actor) -> None:
    nameless = {"phoneNumber": "020 555", "email": "nobody", "customerCategory": "vip", "leadStatus": "warm"}
    report = await screens.import_sheet(browser, sheet({"name": "Ravi"}, {"name": "Mira"}, nameless))
    assert [row["success"] for row in report["results"]] == [True] * 3
    lead = report["results"][2]["lead"]
    assert (lead["name"], lead["phoneNumber"], lead["email"]) == ("Lead 3", "N/A", None)
    assert [lead[field] for field in ("customerCategory", "leadStatus", "leadSource")] == [
        "potential",
        "new",
        "website",
    ]
    assert lead["preferredCommunicationChannel"] == "email"


@pytest.mark.parametrize(
    ("spelled", "day"),
    [
        ("1990-04-03", "1990-04-03"),
        ("1990/4/3", "1990-04-03"),
        ("12/25/1990", "1990-12-25"),
        ("3-Apr-1990", "1990-04-03"),
        ("April 3, 1990", "1990-04-03"),
        ("25/12/1990", None),
        ("soon", None),
    ],
)
async def test_days_that_the_client_lets_through_as_they_are_written_are_read(
    browser: Browser, owner: Actor, spelled: str, day: str | None
) -> None:
    dates = ("dateOfBirth", "lastContactedDate", "nextFollowupDate")
    report = await screens.import_sheet(browser, sheet({"name": "Ravi", **dict.fromkeys(dates, spelled)}))
    assert report["failed"] == 0
    assert [report["results"][0]["lead"][field] for field in dates] == [day] * 3


async def test_a_row_that_cannot_be_taken_costs_only_itself_and_says_why(browser: Browser, owner: Actor) -> None:
    report = await screens.import_sheet(browser, sheet(FULL_ROW, FULL_ROW | {"leadCreatedBy": "x" * 51}, FULL_ROW))
    assert (report["successful"], report["failed"]) == (2, 1)
    assert [row["rowNumber"] for row in report["results"] if not row["success"]] == [2]
    assert report["results"][1]["error"].startswith("leadCreatedBy")


async def test_the_clients_export_can_be_imported_by_the_client(browser: Browser, owner: Actor) -> None:
    assert len(TEMPLATE.split(",")) == 24
    await screens.import_sheet(browser, sheet(FULL_ROW))
    exported = await screens.export_sheet(browser)
    assert exported is not None
    # The same people again would be leads already.
    contacts = {"name": "Somebody else", "phoneNumber": "+49 30 7654321", "email": "else@example.com"}
    renamed = exported
    for field, value in contacts.items():
        renamed = renamed.replace(FULL_ROW[field], value)
    assert (await screens.import_sheet(browser, renamed))["successful"] == 1
    second, first = (await screens.list_leads(browser))["data"]
    assert (first["name"], second["name"]) == (FULL_ROW["name"], "Somebody else")
    others = FULL_ROW.keys() - contacts.keys()
    assert {field: first[field] for field in others} == {field: second[field] for field in others}
