"""Import over HTTP."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from leadconnect.auth.services import Services
from leadconnect.clock import today_in
from leadconnect.database.transaction import tenant
from leadconnect.settings import Settings
from tests import make
from tests.cast import Actor, Cast
from tests.conftest import changed, client_of, running_app

IMPORT = "/api/leads/import"
KIRITIMATI, PAGO = "Pacific/Kiritimati", "Pacific/Pago_Pago"
"""Zones 25 hours apart: it is never the same day in both."""


async def import_file(client: httpx.AsyncClient, actor: Actor, data: bytes | str) -> httpx.Response:
    content = data.encode() if isinstance(data, str) else data
    return await client.post(IMPORT, files={"file": ("leads.csv", content, "text/csv")}, headers=actor.headers)


async def import_rows(client: httpx.AsyncClient, actor: Actor, rows: list[Any]) -> httpx.Response:
    return await client.post(IMPORT, json={"leads": rows}, headers=actor.headers)


async def listed(client: httpx.AsyncClient, actor: Actor, **query: Any) -> Any:
    answer = await client.get("/api/leads", params={"limit": 1000, **query}, headers=actor.headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_mixed_import_stores_the_good_rows_and_says_what_is_wrong_with_the_others(
    client: httpx.AsyncClient, cast: Cast
) -> None:
    owner = await cast.owner()
    answer = await import_rows(client, owner, [make.lead(name="Asha"), make.lead(name=""), make.lead(name="李雷")])
    report = answer.json()
    assert answer.status_code == 201
    assert (report["total"], report["successful"], report["failed"]) == (3, 2, 1)
    assert [result["rowNumber"] for result in report["results"]] == [1, 2, 3]
    message = "name must not be empty"
    assert report["results"][1] == {
        "success": False,
        "rowNumber": 2,
        "error": message,
        "errors": [{"field": "name", "code": "min_length", "message": message}],
    }
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
    assert (second["lead"]["leadSource"], second["lead"]["dateOfBirth"]) == ("other", "1985-12-26")
    assert (third["lead"]["name"], third["lead"]["phoneNumber"]) == ("nobody@example.com", "")
    assert fourth["error"].startswith("Telefon: “9.19877E+11” has lost its digits in a spreadsheet.")
    assert (report["total"], report["successful"], report["failed"]) == (4, 3, 1)


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
        (b"", 400, "The file is empty."),
        (b"Name,City\nAsha,Pune\n", 400, "No column is known to be the phone number or the e-mail address"),
        (b"PK\x03\x04workbook", 400, "The workbook"),
        (b"%PDF-1.7", 415, "The file is a PDF document"),
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


async def test_a_two_digit_year_is_past_by_the_day_in_the_accounts_time_zone(
    client: httpx.AsyncClient, cast: Cast, services: Services
) -> None:
    owner = await cast.owner()
    tomorrow = today_in(PAGO) + timedelta(days=1)
    spelled = tomorrow.strftime("%d.%m.%y")
    found = {}
    for zone in (PAGO, KIRITIMATI):
        async with tenant(services.database, owner.account_id) as connection:
            await connection.execute("update accounts set time_zone = $2 where id = $1", owner.account_id, zone)
        report = (
            await import_rows(
                client,
                owner,
                [make.lead(name=zone, phoneNumber=f"+49 30 765432{len(zone) % 10}", lastContactedDate=spelled)],
            )
        ).json()
        phone = {PAGO: "9876543210", KIRITIMATI: "9876543211"}[zone]
        file = f"Name,Phone,Last Contacted Date\n{zone},{phone},{spelled}\n"
        results = [*report["results"], *(await import_file(client, owner, file)).json()["results"]]
        found[zone] = [result["lead"]["lastContactedDate"][:10] for result in results]
    century_ago = str(tomorrow.replace(year=tomorrow.year - 100))
    assert found[KIRITIMATI] == [str(tomorrow)] * 2
    assert found[PAGO] == [century_ago] * 2 or tomorrow <= today_in(PAGO)  # midnight came between


async def test_what_is_wanted_of_leads_that_are_there_is_refused(client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner()
    file = ("leads.csv", b"Name,Phone\nAsha,9876543210\n", "text/csv")

    async def answer(options: str) -> httpx.Response:
        parts: dict[str, Any] = {"file": file, "options": (None, options)}
        return await client.post(IMPORT, files=parts, headers=owner.headers)

    refusal = await answer('{"policy": "upsert", "onMatch": "skip", "matchOn": ["email"]}')
    assert (refusal.status_code, refusal.json()["error"]) == (400, "Bad Request")
    assert [message.split()[0] for message in refusal.json()["message"]] == ["policy", "onMatch", "matchOn"]
    assert "where leads are only added" in refusal.json()["message"][0]
    assert (await listed(client, owner))["meta"]["total"] == 0
    assert (await answer('{"policy": "create", "columns": [{"position": 0, "target": "companyName"}]}')).is_success
    assert (await listed(client, owner))["data"][0]["companyName"] == "Asha"


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
