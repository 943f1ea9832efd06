"""Workbooks as .xls, .xlsb and .ods through the API: planned, applied, imported directly, and their rejects."""

import csv
import io

import httpx
import pytest

from tests.cast import Actor
from tests.files.reading.saving import SAVERS, Sheets, as_xls
from tests.imports.importing import IMPORTS, applied, apply, change, leads, rows, totals, upload

SHEETS: Sheets = {
    "Leads": [
        ["Name", "Phone", "Email", "City"],
        ["Asha Rao", 919876543210, "asha@example.com", "Pune"],
        ["Ravi", None, None, "Kochi"],
        ["Li Wei", "+49 30 123456", None, '=HYPERLINK("x")'],
        ["Nobody", None, "x@@example.com", "=1+1"],
    ],
    "Others": [["Name", "Phone"], ["Zoë", "+49 30 123457"]],
}
BROKEN = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le") + bytes(2_000)


@pytest.mark.parametrize("ending", SAVERS)
async def test_a_workbook_is_planned_and_applied(client: httpx.AsyncClient, owner: Actor, ending: str) -> None:
    made = await upload(client, owner, SAVERS[ending](SHEETS), name=f"fair.{ending}")
    assert totals(made) == {"create": 2, "reject": 2}
    file = made["plan"]["file"]
    assert (file["format"], file["sheet"], file["sheets"]) == (ending, "Leads", ["Leads", "Others"])
    assert file["sheetRows"] == [5, 2]
    assert [row["line"] for row in await rows(client, owner, made)] == [2, 3, 4, 5]
    assert (await apply(client, owner, made))["status"] == "applied"
    assert [(lead["name"], lead["city"]) for lead in await leads(client, owner)] == [
        ("Asha Rao", "Pune"),
        ("Li Wei", '=HYPERLINK("x")'),
    ]


@pytest.mark.parametrize("ending", SAVERS)
async def test_rejected_rows_come_back_as_csv_and_can_be_sent_again(
    client: httpx.AsyncClient, owner: Actor, ending: str
) -> None:
    made = await applied(client, owner, SAVERS[ending](SHEETS), name=f"fair.{ending}")
    answer = await client.get(f"{IMPORTS}/{made['id']}/rejects", headers=owner.headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="fair_rejects.csv"'
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert table[0] == ["Name", "Phone", "Email", "City", "LeadConnect Error", "LeadConnect Suggestion"]
    assert [line[0] for line in table[1:]] == ["Ravi", "Nobody"]
    assert table[1][4] == "The row has no contact"
    assert table[2][3] == "'=1+1"
    table[1][1], table[2][2] = "+919876543211", "nobody@example.com"
    mended = io.StringIO()
    csv.writer(mended).writerows(table)
    assert totals(await applied(client, owner, mended.getvalue(), name="fair_rejects.csv")) == {"create": 2}
    assert len(await leads(client, owner)) == 4


async def test_the_columns_for_errors_stand_once_in_the_rejects_of_a_saved_reject_file(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    data = as_xls(
        {"Leads": [["Name", "LeadConnect Error", "LeadConnect Suggestion", "Phone"], ["Ravi", "old", "older", None]]}
    )
    made = await upload(client, owner, data, name="fair.xls")
    answer = await client.get(f"{IMPORTS}/{made['id']}/rejects", headers=owner.headers)
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert table[0] == ["Name", "Phone", "LeadConnect Error", "LeadConnect Suggestion"]
    assert table[1][:3] == ["Ravi", "", "The row has no contact"]


@pytest.mark.parametrize("ending", SAVERS)
async def test_the_options_of_a_workbook(client: httpx.AsyncClient, owner: Actor, ending: str) -> None:
    made = await upload(client, owner, SAVERS[ending](SHEETS), name=f"fair.{ending}", sheet="Others")
    assert totals(made) == {"create": 1}
    made = await change(client, owner, made, sheet="Missing")
    assert (made["status"], made["failure"]["code"]) == ("failed", "unreadable_file")
    assert "no sheet “Missing”" in made["failure"]["message"]
    made = await upload(client, owner, SAVERS[ending](SHEETS), name=f"fair.{ending}", hiddenRows="skip")
    assert made["status"] == "failed"
    assert "hiddenRows cannot be skip" in made["failure"]["message"]


@pytest.mark.parametrize("ending", SAVERS)
async def test_a_workbook_is_imported_directly(client: httpx.AsyncClient, owner: Actor, ending: str) -> None:
    answer = await client.post(
        "/api/leads/import", files={"file": (f"fair.{ending}", SAVERS[ending](SHEETS))}, headers=owner.headers
    )
    assert answer.status_code == 201, answer.text
    assert [lead["name"] for lead in await leads(client, owner)] == ["Asha Rao", "Li Wei"]


async def test_a_broken_workbook_fails_with_a_message(client: httpx.AsyncClient, owner: Actor) -> None:
    made = await upload(client, owner, BROKEN, name="fair.xls")
    assert (made["status"], made["failure"]["code"]) == ("failed", "unreadable_file")
    assert "damaged" in made["failure"]["message"]
    answer = await client.post("/api/leads/import", files={"file": ("fair.xls", BROKEN)}, headers=owner.headers)
    assert answer.status_code == 400
    assert "damaged" in answer.json()["message"]
    assert await leads(client, owner) == []
