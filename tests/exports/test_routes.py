"""Export over HTTP."""

import csv
import io
import re
from datetime import UTC, date, datetime
from typing import Any

import httpx

from leadconnect.edge.middleware import Edge
from tests import make
from tests.cast import Actor, Cast

IMPORT, EXPORT = "/api/leads/import", "/api/leads/export"


async def import_file(client: httpx.AsyncClient, actor: Actor, data: bytes | str) -> httpx.Response:
    content = data.encode() if isinstance(data, str) else data
    return await client.post(IMPORT, files={"file": ("leads.csv", content, "text/csv")}, headers=actor.headers)


async def import_rows(client: httpx.AsyncClient, actor: Actor, rows: list[Any]) -> httpx.Response:
    return await client.post(f"{IMPORT}?allowDuplicates=true", json={"leads": rows}, headers=actor.headers)


async def listed(client: httpx.AsyncClient, actor: Actor, **query: Any) -> Any:
    answer = await client.get("/api/leads", params={"limit": 1000, **query}, headers=actor.headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def exported(client: httpx.AsyncClient, actor: Actor, **query: Any) -> list[dict[str, str]]:
    answer = await client.get(EXPORT, params=query, headers=actor.headers)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


async def test_exporting_needs_the_permission_to_export_and_to_view(client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner()
    viewer = await cast.sub_user(owner, view=True, edit=True, add=True)
    blind = await cast.sub_user(owner, view=False, export=True)
    exporter = await cast.sub_user(owner, view=True, export=True)
    answers = [await client.get(EXPORT, headers=actor.headers) for actor in (viewer, blind, exporter)]
    assert [answer.status_code for answer in answers] == [403, 403, 200]
    assert (await client.get(EXPORT)).status_code == 401


async def test_deleted_leads_are_exported_for_owners_alone(client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner()
    exporter = await cast.sub_user(owner, view=True, export=True)
    answers = [await client.get(EXPORT, params={"deleted": "true"}, headers=who.headers) for who in (owner, exporter)]
    assert [answer.status_code for answer in answers] == [200, 403]


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
    for lead in (await listed(client, owner))["data"][:2]:
        await client.delete(f"/api/leads/{lead['id']}", headers=owner.headers)
    for query in (
        {"status": "hot,lost"},
        {"status": "hot", "city": "PUNE"},
        {"followupDateFilter": "overdue"},
        {"search": "person 3"},
        {"search": "person", "status": "lost"},
        {"search": "nobody"},
        {"category": "existing"},
        {"sector": "textiles", "page": 9, "limit": 1},
        {"deleted": "true"},
        {"deleted": "true", "search": "person 7"},
    ):
        expected = [lead["id"] for lead in (await listed(client, owner, **{**query, "page": 1, "limit": 1000}))["data"]]
        assert [row["ID"] for row in await exported(client, owner, **query)] == expected, query


async def test_an_unknown_query_key_is_refused(client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner()
    answer = await client.get(EXPORT, params={"colour": "red"}, headers=owner.headers)
    assert (answer.status_code, answer.json()["message"]) == (400, ["property colour should not exist"])


async def test_a_user_who_made_the_last_contact_is_exported_by_name(client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner(fullName="=Asha Rao")
    stranger = await cast.owner()
    await import_rows(client, owner, [make.lead(lastContactedBy=str(who.user_id)) for who in (owner, stranger)])
    assert [row["Last Contacted By"] for row in await exported(client, owner)] == [
        str(stranger.user_id),
        "'=Asha Rao",
    ]


async def test_static_addresses_win_over_ids(client: httpx.AsyncClient, cast: Cast, app: Edge) -> None:
    owner = await cast.owner()
    assert (await client.get("/api/leads/export/", headers=owner.headers)).status_code == 200
    assert (await client.get("/API/Leads/Export", headers=owner.headers)).status_code == 200
    head = await client.head(EXPORT, headers=owner.headers)
    assert (head.status_code, head.content) == (200, b"")
