"""The first day of a sales team, as one story a test: what every client of this API relies on.

What the browser client does beside that, and its settings page, is told in `tests/client`.
"""

import asyncio
import csv
import io
import re
from typing import Any

import httpx

from tests import make
from tests.cast import Actor, Cast
from tests.leads.writing import new_lead
from tests.patience import PATIENCE_SECONDS
from tests.postbox import Postbox

TOKEN = re.compile(r"[0-9a-f]{256}")
CALENDAR_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z")
ENVELOPE = {"message", "error", "statusCode", "code"}
"""How long clients wait for any answer."""

SHEET = """\
Name*,Phone Number*,Email,City,Company Name,Lead Status*,Next Followup Date (YYYY-MM-DD),Additional Notes
José Álvarez,+34 600 123 456,jose@example.es,Zaragoza,"Álvarez, Hijos",hot,2031-03-04,"said ""call me"" twice"
李雷,+86 10 6552 9988,,北京,,new,,
O'Neil & Sons,,office@oneil.example,Cork,,followup,2031-03-09,=1+1
,,,Nowhere,,,,
"""


async def names(client: httpx.AsyncClient, actor: Actor, **query: Any) -> list[str]:
    answer = await client.get("/api/leads", params=query, headers=actor.headers)
    assert answer.status_code == 200, answer.text
    return [lead["name"] for lead in answer.json()["data"]]


async def test_signing_up_and_logging_in_give_both_tokens_and_the_user_in_one_shape(
    client: httpx.AsyncClient,
) -> None:
    body = make.signup()
    signed_up = await client.post("/api/auth/signup", json=body)
    signed_in = await client.post("/api/auth/login", json={"email": body["email"], "password": body["password"]})
    assert (signed_up.status_code, signed_in.status_code) == (201, 200)
    for answer in (signed_up.json(), signed_in.json()):
        assert set(answer) == {"accessToken", "refreshToken", "expiresIn", "user"}
        assert TOKEN.fullmatch(answer["accessToken"])
        assert TOKEN.fullmatch(answer["refreshToken"])
        assert set(answer["user"]) == {"id", "email", "fullName", "role", "companyName"}
    assert signed_up.json()["user"] == signed_in.json()["user"]


async def test_without_a_token_there_is_a_401_in_the_envelope(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/leads")
    assert answer.status_code == 401
    assert set(answer.json()) == ENVELOPE
    assert isinstance(answer.json()["message"], str)
    assert (answer.json()["error"], answer.json()["statusCode"]) == ("Unauthorized", 401)


async def test_the_list_is_a_page_with_what_a_client_needs_to_turn_it(client: httpx.AsyncClient, owner: Actor) -> None:
    for number in range(25):
        await new_lead(client, owner, name=f"Lead {number}", leadStatus=("new", "hot", "lost")[number % 3])
    answer = await client.get("/api/leads?status=new&status=hot&page=1&limit=10", headers=owner.headers)
    assert answer.status_code == 200
    assert set(answer.json()) == {"data", "meta"}
    assert answer.json()["meta"] == {
        "total": 17,
        "page": 1,
        "limit": 10,
        "totalPages": 2,
        "hasNextPage": True,
        "hasPreviousPage": False,
    }
    assert {lead["leadStatus"] for lead in answer.json()["data"]} == {"new", "hot"}
    assert await names(client, owner, status="new,hot", limit=20) == [
        f"Lead {number}" for number in reversed(range(25)) if number % 3 < 2
    ]
    beyond = await client.get("/api/leads?page=9&limit=20", headers=owner.headers)
    assert (beyond.status_code, beyond.json()["data"]) == (200, [])
    assert beyond.json()["meta"]["hasPreviousPage"] is True


async def test_calendar_dates_have_no_time_and_instants_have_milliseconds(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    given = {"dateOfBirth": "1990-02-28", "lastContactedDate": "2031-03-01", "nextFollowupDate": "2031-03-04"}
    lead = await new_lead(client, owner, **given)
    read = (await client.get(f"/api/leads/{lead['id']}", headers=owner.headers)).json()
    assert {key: read[key] for key in given} == given
    assert all(CALENDAR_DATE.fullmatch(read[key]) for key in given)
    assert INSTANT.fullmatch(read["createdAt"])
    assert INSTANT.fullmatch(read["updatedAt"])
    cleared = await client.patch(f"/api/leads/{lead['id']}", json={"nextFollowupDate": ""}, headers=owner.headers)
    assert cleared.json()["nextFollowupDate"] is None
    for impossible in ("2031-02-29", "04.03.2031", "2031", "2031-03-04T00:00:00Z"):
        body = make.lead(nextFollowupDate=impossible)
        assert (await client.post("/api/leads", json=body, headers=owner.headers)).status_code == 400


async def test_the_export_is_a_file_and_not_a_lead_called_export(client: httpx.AsyncClient, owner: Actor) -> None:
    await new_lead(client, owner)
    answer = await client.get("/api/leads/export", headers=owner.headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(
        r'attachment; filename="leads_export_\d{4}-\d{2}-\d{2}\.csv"', answer.headers["content-disposition"]
    )
    header, *rows = csv.reader(io.StringIO(answer.text))
    assert (header[:3], len(header), len(rows)) == (["ID", "Name", "Phone Number"], 29, 1)


async def test_an_unknown_property_is_refused_with_a_list(client: httpx.AsyncClient, owner: Actor) -> None:
    answer = await client.post("/api/leads", json=make.lead(userId="1", score=9), headers=owner.headers)
    assert answer.status_code == 400
    assert set(answer.json()) == ENVELOPE | {"errors"}
    assert answer.json()["message"] == ["property userId should not exist", "property score should not exist"]
    assert (await client.get("/api/leads?order=name", headers=owner.headers)).status_code == 400


async def test_a_user_has_one_id_everywhere(cast: Cast, client: httpx.AsyncClient, owner: Actor) -> None:
    colleague = await cast.sub_user(owner, view=True, add=True)
    mine = str(owner.user_id)
    lead = await new_lead(client, colleague)
    signed_in = await client.post("/api/auth/login", json={"email": owner.email, "password": owner.password})
    users = (await client.get("/api/users", headers=owner.headers)).json()
    found = {
        signed_in.json()["user"]["id"],
        (await client.get("/api/profile", headers=owner.headers)).json()["id"],
        (await client.get("/api/users/me", headers=owner.headers)).json()["id"],
        (await client.get("/api/profile", headers=colleague.headers)).json()["parentUserId"],
        next(user["id"] for user in users if user["email"] == owner.email),
        lead["userId"],
        lead["user"]["id"],
    }
    assert found == {mine}


async def test_permissions_are_there_for_sub_users_only(cast: Cast, client: httpx.AsyncClient, owner: Actor) -> None:
    colleague = await cast.sub_user(owner, view=True, export=True)
    assert "permissions" not in (await client.get("/api/profile", headers=owner.headers)).json()
    profile = (await client.get("/api/profile", headers=colleague.headers)).json()
    assert profile["permissions"] == {
        "canViewLeads": True,
        "canEditLeads": False,
        "canAddLeads": False,
        "canExportLeads": True,
    }


async def test_a_thousand_rows_of_more_than_a_hundred_kilobytes_are_imported_while_a_client_waits(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    rows = [make.lead(name=f"Buyer {number}", additionalNotes="interested " * 5) for number in range(1000)]
    rows[499] = {"name": "Nobody"}
    async with asyncio.timeout(PATIENCE_SECONDS):
        answer = await client.post("/api/leads/import", json={"leads": rows}, headers=owner.headers)
    assert answer.status_code == 201
    assert int(answer.request.headers["content-length"]) > 100_000
    report = answer.json()
    assert (report["total"], report["successful"], report["failed"]) == (1000, 999, 1)
    assert [row["rowNumber"] for row in report["results"]] == list(range(1, 1001))
    (failed,) = [row for row in report["results"] if not row["success"]]
    assert failed["rowNumber"] == 500
    assert failed["error"]
    listed = await client.get("/api/leads?limit=1", headers=owner.headers)
    assert listed.json()["meta"]["total"] == 999


async def test_a_sheet_is_imported_listed_searched_edited_and_exported(client: httpx.AsyncClient, owner: Actor) -> None:
    upload = {"file": ("leads.csv", SHEET.encode(), "text/csv")}
    imported = await client.post("/api/leads/import", files=upload, headers=owner.headers)
    assert imported.status_code == 201, imported.text
    assert (imported.json()["successful"], imported.json()["failed"]) == (3, 1)

    assert await names(client, owner, search="zarag") == ["José Álvarez"]
    assert await names(client, owner, search="álvarez") == ["José Álvarez"]
    assert await names(client, owner, search="600123456") == ["José Álvarez"]
    assert await names(client, owner, search="oneil.example") == ["O'Neil & Sons"]
    assert await names(client, owner, search="%") == []
    assert await names(client, owner, status="hot", city="zaragoza") == ["José Álvarez"]
    cities = await client.get("/api/leads/cities", headers=owner.headers)
    assert cities.json() == {"cities": ["Cork", "Zaragoza", "北京"]}

    page = await client.get("/api/leads", params={"search": "李雷"}, headers=owner.headers)
    (lead,) = page.json()["data"]
    change = {"leadStatus": "converted", "email": "li@example.cn"}
    edited = await client.patch(f"/api/leads/{lead['id']}", json=change, headers=owner.headers)
    assert edited.status_code == 200
    assert {**lead, **change, **{name: edited.json()[name] for name in ("updatedAt", "version")}} == edited.json()

    export = await client.get("/api/leads/export", headers=owner.headers)
    rows = {row["Name"]: row for row in csv.DictReader(io.StringIO(export.text))}
    assert set(rows) == {"José Álvarez", "李雷", "O'Neil & Sons"}
    assert rows["李雷"]["Lead Status"] == "converted"
    assert rows["José Álvarez"]["Company Name"] == "Álvarez, Hijos"
    assert rows["José Álvarez"]["Additional Notes"] == 'said "call me" twice'
    assert rows["José Álvarez"]["Phone Number"] == "+34 600 123 456"
    assert rows["O'Neil & Sons"]["Additional Notes"] == "'=1+1"

    gone = await client.delete(f"/api/leads/{lead['id']}", headers=owner.headers)
    assert gone.status_code == 200
    assert "李雷" not in await names(client, owner)
    assert (await client.get(f"/api/leads/{lead['id']}", headers=owner.headers)).status_code == 404


async def test_an_owner_who_forgot_the_password_is_back_after_one_mail(
    client: httpx.AsyncClient, owner: Actor, postbox: Postbox
) -> None:
    assert (await client.post("/api/auth/forgot-password", json={"email": owner.email})).status_code == 200
    code = await postbox.code_for(owner.email)
    entry = {"email": owner.email, "otp": code}
    assert (await client.post("/api/auth/verify-otp", json=entry)).json()["valid"] is True
    chosen = {"newPassword": "a brand new passphrase", "confirmPassword": "a brand new passphrase"}
    assert (await client.post("/api/auth/reset-password", json={**entry, **chosen})).status_code == 200
    assert (await client.get("/api/leads", headers=owner.headers)).status_code == 401
    credentials = {"email": owner.email, "password": chosen["newPassword"]}
    assert (await client.post("/api/auth/login", json=credentials)).status_code == 200


async def test_a_colleague_is_invited_chooses_a_password_and_works_until_they_leave(
    client: httpx.AsyncClient, owner: Actor, postbox: Postbox
) -> None:
    """In every word as the settings screen of the browser client sends it, but for the link, which people open."""
    body: dict[str, Any] = {
        "fullName": "Ravi Nair", "email": make.email("ravi"), "password": make.PASSWORD, "role": "Sales Representative",
        "confirmPassword": make.PASSWORD, "companyName": "Rao Traders", "canViewLeads": True, "canEditLeads": False,
        "canAddLeads": True, "canExportLeads": False,
    }  # fmt: skip
    made = await client.post("/api/profile/sub-users", json=body, headers=owner.headers)
    assert made.status_code == 201, made.text
    link = re.search(r"(http://\S+)#(\S+)", (await postbox.mails_to(body["email"]))[0])
    assert link
    assert "<form" in (await client.get(link[1].removeprefix("http://127.0.0.1:3000"))).text
    chosen = {"newPassword": "nine maps and a lantern", "confirmPassword": "nine maps and a lantern"}
    assert (await client.post("/api/auth/set-password", json={"token": link[2], **chosen})).status_code == 200

    credentials = {"email": body["email"], "password": chosen["newPassword"]}
    token = (await client.post("/api/auth/login", json=credentials)).json()["accessToken"]
    colleague = {"Authorization": f"Bearer {token}"}
    lead = await client.post("/api/leads", json=make.lead(), headers=colleague)
    assert lead.json()["userId"] == str(owner.user_id)
    url = f"/api/leads/{lead.json()['id']}"
    assert (await client.patch(url, json={"leadStatus": "hot"}, headers=colleague)).status_code == 403
    sub_user = f"/api/profile/sub-users/{made.json()['id']}"
    granted = await client.patch(f"{sub_user}/permissions", json={"canEditLeads": True}, headers=owner.headers)
    assert granted.json()["permissions"]["canEditLeads"] is True
    assert (await client.patch(url, json={"leadStatus": "hot"}, headers=colleague)).status_code == 200

    assert (await client.delete(sub_user, headers=owner.headers)).status_code == 200
    assert (await client.get("/api/leads", headers=colleague)).status_code == 401
    assert (await client.get("/api/profile/sub-users", headers=owner.headers)).json() == []
    assert (await client.get(url, headers=owner.headers)).json()["leadStatus"] == "hot"
