"""Every format over HTTP: its headers, its completeness, its limits, and what the caller prefers."""

import re
from typing import Any

import httpx
import pytest

from leadconnect.clock import today_in
from tests import make
from tests.cast import Actor, Cast
from tests.exports.downloading import (
    ALL_FORMATS,
    EXPORT,
    IMPORT,
    MADE,
    exported,
    import_leads,
    names_in,
    objects,
    pages,
    sheet,
)

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/jsonl",
    "pdf": "application/pdf",
}


async def prefer(client: httpx.AsyncClient, actor: Actor, **choices: Any) -> None:
    """Set preferences of the actor."""
    answer = await client.put("/api/profile/preferences/app", json=choices, headers=actor.headers)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("format_", ALL_FORMATS)
async def test_a_file_has_its_type_a_name_of_ours_and_is_kept_by_nobody(
    client: httpx.AsyncClient, owner: Actor, format_: str
) -> None:
    await import_leads(client, owner, 3)
    answer = await client.get(EXPORT, params={"format": format_}, headers=owner.headers)
    assert answer.headers["content-type"] == MEDIA[format_]
    assert re.fullmatch(
        rf'attachment; filename="leads_export_\d{{4}}-\d\d-\d\d\.{format_}"', answer.headers["content-disposition"]
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    if format_ in MADE:
        assert answer.headers["content-length"] == str(len(answer.content))
    head = await client.head(EXPORT, params={"format": format_}, headers=owner.headers)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == MEDIA[format_]


@pytest.mark.parametrize("format_", ALL_FORMATS)
async def test_every_lead_is_in_the_file_once_newest_first(
    client: httpx.AsyncClient, owner: Actor, format_: str
) -> None:
    await import_leads(client, owner, 2_500)
    data = await exported(client, owner, format=format_)
    assert names_in(data, format_) == [f"Person {number}" for number in reversed(range(2_500))]


@pytest.mark.parametrize("format_", ALL_FORMATS)
async def test_filters_and_search_choose_the_same_leads_in_every_format(
    client: httpx.AsyncClient, owner: Actor, format_: str
) -> None:
    rows = [
        make.lead(name=f"{'Person' if number < 20 else 'Visitor'} {number}", city="Pune" if number % 2 else "Agra")
        for number in range(30)
    ]
    await client.post(IMPORT, json={"leads": rows}, headers=owner.headers)
    assert names_in(await exported(client, owner, format=format_, city="pune", search="person"), format_) == [
        f"Person {number}" for number in range(19, 0, -2)
    ]
    assert names_in(await exported(client, owner, format=format_, search="nobody"), format_) == []


@pytest.mark.parametrize("format_", ALL_FORMATS)
async def test_another_account_is_in_no_file(client: httpx.AsyncClient, cast: Cast, format_: str) -> None:
    owner, other = await cast.owner(company="Acme"), await cast.owner(company="Acme")
    await import_leads(client, owner, 3)
    assert names_in(await exported(client, other, format=format_, search="person"), format_) == []
    assert names_in(await exported(client, other, format=format_), format_) == []


@pytest.mark.parametrize("format_", ALL_FORMATS)
async def test_chosen_columns_are_the_columns_of_the_file(
    client: httpx.AsyncClient, owner: Actor, format_: str
) -> None:
    await client.post(IMPORT, json={"leads": [make.lead(name="Asha", city="Pune")]}, headers=owner.headers)
    data = await exported(client, owner, format=format_, columns="city,name")
    if format_ == "csv":
        assert data == b"City,Name\nPune,Asha\n"
    elif format_ == "xlsx":
        assert sheet(data) == [["City", "Name"], ["Pune", "Asha"]]
    elif format_ == "jsonl":
        assert objects(data) == [{"city": "Pune", "name": "Asha"}]
    else:
        assert "City Name\nPune Asha" in pages(data)[0]


async def test_a_csv_file_may_begin_with_a_mark_for_excel(client: httpx.AsyncClient, owner: Actor) -> None:
    plain = await exported(client, owner)
    assert await exported(client, owner, bom="true") == b"\xef\xbb\xbf" + plain


async def test_a_document_has_few_columns_and_few_leads_and_says_so(client: httpx.AsyncClient, owner: Actor) -> None:
    many = ",".join(
        ("name", "email", "city", "state", "country", "pincode", "sector", "leadStatus", "leadSource", "createdAt",
         "updatedAt", "designation", "companyName")
    )  # fmt: skip
    answer = await client.get(EXPORT, params={"format": "pdf", "columns": many}, headers=owner.headers)
    assert (answer.status_code, answer.json()["message"]) == (
        400,
        ["columns must be at most 12 for a file of the format PDF"],
    )
    await import_leads(client, owner, 5_000)
    await import_leads(client, owner, 1)
    answer = await client.get(EXPORT, params={"format": "pdf"}, headers=owner.headers)
    assert (answer.status_code, answer.json()["message"]) == (
        413,
        "A file of the format PDF takes at most 5,000 leads, and these are 5,001. "
        "Please choose another format, such as CSV, or narrow the filters",
    )
    few = await client.get(EXPORT, params={"format": "pdf", "search": "person 499"}, headers=owner.headers)
    assert few.status_code == 200


async def test_the_preferred_format_is_used_when_it_is_asked_for_and_csv_when_nothing_is(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    for format_ in ("xlsx", "pdf", "csv"):
        await prefer(client, owner, exportFormat=format_)
        answers = [
            await client.get(EXPORT, params=query, headers=owner.headers) for query in ({"format": "preferred"}, {})
        ]
        assert [answer.headers["content-type"] for answer in answers] == [MEDIA[format_], MEDIA["csv"]]


@pytest.mark.parametrize("format_", ["csv", "xlsx", "jsonl"])
async def test_notes_are_left_out_for_whom_prefers_so_but_not_for_others(
    client: httpx.AsyncClient, cast: Cast, owner: Actor, format_: str
) -> None:
    colleague = await cast.sub_user(owner, view=True, export=True)
    row = make.lead(additionalNotes="Call in the evening")
    await client.post(IMPORT, json={"leads": [row]}, headers=owner.headers)
    await prefer(client, owner, exportNotes=False)

    async def keys(actor: Actor, **query: str) -> set[str]:
        data = await exported(client, actor, format=format_, **query)
        if format_ == "jsonl":
            return set(objects(data)[0])
        return set(sheet(data)[0] if format_ == "xlsx" else data.decode().partition("\n")[0].split(","))

    notes = "additionalNotes" if format_ == "jsonl" else "Additional Notes"
    assert notes not in await keys(owner)
    assert len(await keys(owner)) == 28
    assert notes in await keys(colleague)
    assert await keys(owner, columns="additionalNotes") == {notes}


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
async def test_a_file_is_named_by_the_day_of_the_account(zone: str, client: httpx.AsyncClient, cast: Cast) -> None:
    """Between the two zones are 25 hours, so at any time one of them has another day than UTC."""
    owner = await cast.owner()
    changed = await client.patch("/api/profile", json={"timeZone": zone}, headers=owner.headers)
    assert changed.status_code == 200, changed.text
    before = today_in(zone)
    answer = await client.get("/api/leads/export", headers=owner.headers)
    assert any(
        f'filename="leads_export_{day.isoformat()}.csv"' in answer.headers["content-disposition"]
        for day in (before, today_in(zone))
    )


async def test_a_document_is_headed_by_company_day_and_filters(client: httpx.AsyncClient, cast: Cast) -> None:
    owner = await cast.owner(company="Rao & Söhne शर्मा")
    await client.post(IMPORT, json={"leads": [make.lead(city="Pune")]}, headers=owner.headers)
    (page,) = pages(await exported(client, owner, format="pdf", city="pune", status="new"))
    assert page.startswith("Rao & Söhne")
    assert re.search(r"\n\d{1,2} \w+ \d{4} · 1 lead, newest first\nStatus: New · City: pune\n", page)
