"""Import and export over HTTP."""

import csv
import io
import re
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from leadconnect.edge.middleware import Edge
from leadconnect.settings import Settings
from tests import make
from tests.cast import Actor, Cast
from tests.conftest import changed, client_of, running_app

IMPORT, EXPORT = "/api/leads/import", "/api/leads/export"


async def import_file(client: httpx.AsyncClient, actor: Actor, data: bytes | str) -> httpx.Response:
    content = data.encode() if isinstance(data, str) else data
    return await client.post(IMPORT, files={"file": ("leads.csv", content, "text/csv")}, headers=actor.headers)


async def import_rows(client: httpx.AsyncClient, actor: Actor, rows: list[Any]) -> httpx.Response:
    return await client.post(IMPORT, json={"leads": rows}, headers=actor.headers)


async def listed(client: httpx.AsyncClient, actor: Actor, **query: Any) -> Any:
    answer = await client.get("/api/leads", params={"limit": 1000, **query}, headers=actor.headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def exported(client: httpx.AsyncClient, actor: Actor, **query: Any) -> list[dict[str, str]]:
    answer = await client.get(EXPORT, params=query, headers=actor.headers)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


async def test_a_mixed_import_stores_the_good_rows_and_says_what_is_wrong_with_the_others(
    client: httpx.AsyncClient, cast: Cast
) -> None:
    owner = await cast.owner()
    answer = await import_rows(client, owner, [make.lead(name="Asha"), make.lead(name=""), make.lead(name="李雷")])
    report = answer.json()
    assert answer.status_code == 201
    assert (report["total"], report["successful"], report["failed"]) == (3, 2, 1)
    assert [result["rowNumber"] for result in report["results"]] == [1, 2, 3]
    assert report["results"][1] == {"success": False, "rowNumber": 2, "error": "name must not be empty"}
    stored = {lead["id"]: lead for lead in (await listed(client, owner))["data"]}
    for result in (report["results"][0], report["results"][2]):
        assert result["success"] is True
        assert result["lead"] == stored[result["lead"]["id"]]


async def test_imported_leads_are_found_counted_and_their_sectors_remembered(
    client: httpx.AsyncClient, cast: Cast
) -> None:
    owner = await cast.owner()
    await import_rows(client, owner, [make.lead(name="Zoë Quartz", sector="Textiles", city="Pune", leadStatus="hot")])
    assert (await listed(client, owner, search="oë qua"))["meta"]["total"] == 1
    assert (await listed(client, owner, status="hot", city="pune"))["meta"]["total"] == 1
    sectors = await client.get("/api/leads/sectors", headers=owner.headers)
    assert sectors.json() == {"sectors": ["Textiles"]}


async def test_a_hand_made_file_is_imported(client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner()
    data = (
        "Leads of the fair\n\nVorname;Name;Firma;E-Mail;Telefon;Status;Quelle;Date of Birth\n"
        "Jürgen;Groß;Müller & Söhne;j.gross@example.com;'+49 30 1234567;Follow Up;Messe;3.4.1990\n"
        "Zoë;Quartz;;;0171 555;;;26.12.85\n"
        ";;;nobody@example.com;;;;\n"
        "Asha;Rao;;;9.19877E+11;;;\n"
    )
    report = (await import_file(client, owner, data.encode("cp1252"))).json()
    first, second, third, fourth = report["results"]
    wanted = {
        "name": "Jürgen Groß", "companyName": "Müller & Söhne", "email": "j.gross@example.com",
        "phoneNumber": "+49 30 1234567", "leadStatus": "followup", "leadSource": "other",
        "customLeadSource": "Messe", "dateOfBirth": "1990-04-03", "customerCategory": "potential",
    }  # fmt: skip
    assert {key: first["lead"][key] for key in wanted} == wanted
    assert (second["lead"]["leadSource"], second["lead"]["dateOfBirth"]) == ("website", "1985-12-26")
    assert third["error"] == "The row has no name. (Line 6 of the file.)"
    assert fourth["error"].startswith("Telefon: “9.19877E+11” has lost its digits in a spreadsheet.")
    assert (report["total"], report["successful"], report["failed"]) == (4, 2, 2)


async def test_a_row_of_a_file_without_a_phone_has_an_empty_one(client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner()
    report = (await import_file(client, owner, "Name,Email\nAsha,asha@example.com\n")).json()
    assert report["results"][0]["lead"]["phoneNumber"] == ""
    assert (await listed(client, owner, search="asha@"))["data"][0]["phoneNumber"] == ""


@pytest.mark.parametrize(
    ("data", "status", "message"),
    [
        (b'Name,Phone\nAsha,1\n"Ravi,2\n', 400, "The quote that opens on line 3 of the file is never closed."),
        (b"Name,Phone\n", 400, "The file has no rows below its header."),
        (b"", 400, "No header line was found"),
        (b"Name,City\nAsha,Pune\n", 400, "The file has no column for a phone number or an e-mail address"),
        (b"PK\x03\x04workbook", 415, "The file is an Excel workbook or a zip archive, not CSV."),
    ],
)
async def test_a_file_that_cannot_be_read_is_refused_before_anything_is_written(
    client: httpx.AsyncClient, cast: Cast, data: bytes, status: int, message: str
) -> None:
    owner = await cast.owner()
    answer = await import_file(client, owner, data)
    assert answer.status_code == status
    assert answer.json()["message"].startswith(message)
    assert (await listed(client, owner))["meta"]["total"] == 0


async def test_faults_of_the_whole_request_are_a_list(client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner()
    answer = await client.post(IMPORT, json={"leads": [], "dryRun": True}, headers=owner.headers)
    assert answer.status_code == 400
    assert answer.json()["message"] == ["property dryRun should not exist", "leads must not be empty"]


async def test_more_rows_than_the_limit_are_refused_before_anything_is_written(settings: Settings) -> None:
    async with running_app(changed(settings, import_row_limit=3)) as app, client_of(app) as client:
        owner = await Cast(client, app.app.state.services).owner()
        answers = [
            await import_rows(client, owner, [make.lead()] * 4),
            await import_file(client, owner, "Name,Phone\n" + "Asha,1\n" * 4),
        ]
        assert [answer.status_code for answer in answers] == [413, 413]
        assert (await listed(client, owner))["meta"]["total"] == 0
        assert (await import_rows(client, owner, [make.lead()] * 3)).status_code == 201


async def test_a_body_above_the_limit_of_imports_is_refused_and_one_above_that_of_others_is_not(
    settings: Settings,
) -> None:
    limits = changed(settings, body_limit=2_000, import_body_limit=20_000)
    async with running_app(limits) as app, client_of(app) as client:
        owner = await Cast(client, app.app.state.services).owner()
        assert (await import_rows(client, owner, [make.lead(additionalNotes="x" * 4_900)])).status_code == 201
        assert (await import_rows(client, owner, [make.lead(additionalNotes="x" * 4_900)] * 5)).status_code == 413
        assert (await import_file(client, owner, "Name,Phone\n" + "Asha,1\n" * 3_000)).status_code == 413


async def test_a_body_of_another_media_type_is_refused(client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner()
    answer = await client.post(IMPORT, content="Name,Phone", headers={**owner.headers, "content-type": "text/csv"})
    assert answer.status_code == 415


async def test_importing_needs_the_permission_to_add(client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner()
    viewer, adder = await cast.sub_user(owner, view=True, edit=True, export=True), await cast.sub_user(owner, add=True)
    assert (await import_rows(client, viewer, [make.lead()])).status_code == 403
    assert (await client.post(IMPORT, json={"leads": [make.lead()]})).status_code == 401
    report = (await import_rows(client, adder, [make.lead()])).json()
    assert report["results"][0]["lead"]["userId"] == str(owner.user_id)


async def test_exporting_needs_the_permission_to_export_and_to_view(client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner()
    viewer = await cast.sub_user(owner, view=True, edit=True, add=True)
    blind = await cast.sub_user(owner, view=False, export=True)
    exporter = await cast.sub_user(owner, view=True, export=True)
    answers = [await client.get(EXPORT, headers=actor.headers) for actor in (viewer, blind, exporter)]
    assert [answer.status_code for answer in answers] == [403, 403, 200]
    assert (await client.get(EXPORT)).status_code == 401


async def test_an_export_is_a_download_that_nobody_keeps(client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner()
    answer = await client.get(EXPORT, headers=owner.headers)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    name = re.fullmatch(r'attachment; filename="leads_export_(.{10})\.csv"', answer.headers["content-disposition"])
    assert name is not None
    assert date.fromisoformat(name[1]) <= datetime.now(UTC).date()
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text.startswith("ID,Name,Phone Number,Email,")
    assert answer.text.count("\n") == 1


async def test_every_lead_is_exported_once_newest_first(client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner()
    for start in (0, 1_000, 2_000):
        rows = [make.lead(name=f"Person {number}") for number in range(start, min(start + 1_000, 2_500))]
        assert (await import_rows(client, owner, rows)).json()["failed"] == 0
    rows = await exported(client, owner)
    assert len(rows) == 2_500
    assert [row["Name"] for row in rows] == [f"Person {number}" for number in reversed(range(2_500))]
    pages = [await listed(client, owner, page=page) for page in (1, 2, 3)]
    assert [row["ID"] for row in rows] == [lead["id"] for page in pages for lead in page["data"]]


async def test_an_export_has_what_the_list_has_under_the_same_filters(client: httpx.AsyncClient, cast: Cast) -> None:
    owner, other = await cast.owner(company="Acme"), await cast.owner(company="Acme")
    choices = [
        ("new", "Pune", "2020-01-01"),
        ("hot", "Agra", None),
        ("lost", "Pune", "2020-01-01"),
        ("hot", "Pune", None),
    ]
    rows = [
        make.lead(name=f"Person {number}", leadStatus=status, city=city, nextFollowupDate=day, sector="Textiles")
        for number, (status, city, day) in enumerate(choices * 2)
    ]
    for actor in (owner, other):
        await import_rows(client, actor, rows)
    for query in (
        {"status": "hot,lost"},
        {"status": "hot", "city": "PUNE"},
        {"followupDateFilter": "overdue"},
        {"search": "person 3"},
        {"search": "person", "status": "lost"},
        {"search": "nobody"},
        {"category": "existing"},
        {"sector": "textiles", "page": 9, "limit": 1},
    ):
        expected = [lead["id"] for lead in (await listed(client, owner, **{**query, "page": 1, "limit": 1000}))["data"]]
        assert [row["ID"] for row in await exported(client, owner, **query)] == expected, query


async def test_an_unknown_query_key_is_refused(client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner()
    answer = await client.get(EXPORT, params={"format": "csv"}, headers=owner.headers)
    assert (answer.status_code, answer.json()["message"]) == (400, ["property format should not exist"])


async def test_a_user_who_made_the_last_contact_is_exported_by_name(client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner(fullName="=Asha Rao")
    stranger = await cast.owner()
    await import_rows(client, owner, [make.lead(lastContactedBy=str(who.user_id)) for who in (owner, stranger)])
    assert [row["Last Contacted By"] for row in await exported(client, owner)] == [
        str(stranger.user_id),
        "'=Asha Rao",
    ]


WILD = (
    "=1+1", "+cmd|'/C calc'!A0", "@x", "-5", " =1", "'quoted'", "''", "'=1", "a,b", 'say "hi"', "semi;colon", "＝1",
    "#N/A", "NULL", "-", "Agra\u00a0Fort", "01/02/2024", "李雷", "🚀 x",
)  # fmt: skip


async def test_an_export_imports_to_the_same_leads(client: httpx.AsyncClient, cast: Cast) -> None:
    owner, other = await cast.owner(), await cast.owner()
    rows = [
        make.lead(
            name=f"{text} 1", phoneNumber=text, email="a@example.com", city=text, companyName=text, designation=text,
            pincode=text, lastContactedBy=text, preferredCommunicationChannel=text, leadSource="other",
            customLeadSource=text, additionalNotes=f" {text}\r\n\t=2\r{text}\n", dateOfBirth="1990-02-01",
            nextFollowupDate="2026-02-01", leadStatus="followup", customerCategory="existing", sector=text,
        )
        for text in WILD
    ] + [make.lead(phoneNumber="+91 98765 43210"), make.lead(phoneNumber="'+91")]  # fmt: skip
    assert (await import_rows(client, owner, rows)).json()["failed"] == 0
    file = await client.get(EXPORT, headers=owner.headers)
    report = (await import_file(client, other, file.content)).json()
    assert [result.get("error") for result in report["results"]] == [None] * len(rows)
    ours = {"id", "userId", "user", "createdAt", "updatedAt"}
    before, after = [
        [
            {key: value for key, value in lead.items() if key not in ours}
            for lead in (await listed(client, actor))["data"]
        ]
        for actor in (owner, other)
    ]
    assert after[::-1] == before


async def test_static_addresses_win_over_ids(client: httpx.AsyncClient, cast: Cast, app: Edge) -> None:
    owner = await cast.owner()
    assert (await client.get("/api/leads/export/", headers=owner.headers)).status_code == 200
    assert (await client.get("/API/Leads/Export", headers=owner.headers)).status_code == 200
    head = await client.head(EXPORT, headers=owner.headers)
    assert (head.status_code, head.content) == (200, b"")
