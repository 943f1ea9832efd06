"""An export imports to the same leads, whatever they hold."""

import csv
import io
from datetime import date
from typing import Any

import httpx
import pytest

from tests import make
from tests.cast import Actor, Cast
from tests.exports.downloading import IMPORT, exported, objects, sheet

OURS = {"id", "userId", "user", "createdAt", "updatedAt", "version"}
"""What a lead gets from us."""
WILD = (
    "=1+1", "+cmd|'/C calc'!A0", "@x", "-5", " =1", "'quoted'", "''", "'=1", "a,b", 'say "hi"', "semi;colon", "＝1",
    "#N/A", "NULL", "-", "Agra\u00a0Fort", "01/02/2024", "李雷", "🚀 x",
)  # fmt: skip
LEADS = [
    make.lead(
        name=f"{text} 1", phoneNumber=text, email="a@example.com", city=text, companyName=text, designation=text,
        pincode=text, lastContactedBy=text, preferredCommunicationChannel=text, leadSource="other",
        customLeadSource=text, additionalNotes=f" {text}\r\n\t=2\r{text}\n", dateOfBirth="1990-02-01",
        nextFollowupDate="2026-02-01", leadStatus="followup", customerCategory="existing", sector=text,
    )
    for text in WILD
] + [
    make.lead(phoneNumber="+91 98765 43210"), make.lead(phoneNumber="'+91"), make.lead(dateOfBirth="1899-12-29"),
]  # fmt: skip


async def kept(client: httpx.AsyncClient, actor: Actor) -> list[dict[str, Any]]:
    """Return what people filled in of the actor's leads, newest first."""
    answer = await client.get("/api/leads", params={"limit": 1000}, headers=actor.headers)
    return [{key: value for key, value in lead.items() if key not in OURS} for lead in answer.json()["data"]]


async def import_file(client: httpx.AsyncClient, actor: Actor, data: bytes) -> httpx.Response:
    """Import a CSV file."""
    return await client.post(IMPORT, files={"file": ("leads.csv", data, "text/csv")}, headers=actor.headers)


def as_shown(data: bytes) -> bytes:
    """Return a workbook as CSV, with cells as a spreadsheet shows them."""
    lines = io.StringIO(newline="")
    shown = ([cell.isoformat() if isinstance(cell, date) else cell for cell in row] for row in sheet(data))
    csv.writer(lines).writerows(shown)
    return lines.getvalue().encode()


@pytest.fixture
async def full(client: httpx.AsyncClient, cast: Cast) -> Actor:
    """An owner with leads that hold whatever a lead can hold."""
    owner = await cast.owner()
    report = (await client.post(IMPORT, json={"leads": LEADS}, headers=owner.headers)).json()
    assert report["failed"] == 0
    return owner


@pytest.mark.parametrize("query", [{}, {"bom": "true"}, {"format": "xlsx"}], ids=["csv", "with a mark", "xlsx"])
async def test_a_table_imports_to_the_same_leads(
    client: httpx.AsyncClient, cast: Cast, full: Actor, query: dict[str, str]
) -> None:
    other = await cast.owner()
    data = await exported(client, full, **query)
    report = (await import_file(client, other, as_shown(data) if query.get("format") == "xlsx" else data)).json()
    assert [result.get("error") for result in report["results"]] == [None] * len(LEADS)
    assert (await kept(client, other))[::-1] == await kept(client, full)


async def test_json_lines_are_the_leads_of_the_api_and_import_to_the_same(
    client: httpx.AsyncClient, cast: Cast, full: Actor
) -> None:
    other = await cast.owner()
    leads = objects(await exported(client, full, format="jsonl"))
    listed = await client.get("/api/leads", params={"limit": 1000}, headers=full.headers)
    left_out = {"userId", "user", "version"}
    assert leads == [
        {key: value for key, value in lead.items() if key not in left_out} for lead in listed.json()["data"]
    ]
    rows = [{key: value for key, value in lead.items() if key not in OURS} for lead in leads]
    report = (await client.post(IMPORT, json={"leads": rows}, headers=other.headers)).json()
    assert [result.get("error") for result in report["results"]] == [None] * len(LEADS)
    assert (await kept(client, other))[::-1] == await kept(client, full)
