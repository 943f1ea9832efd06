"""Lists in every order and by every filter agree with Python, and so do exports and bulk operations."""

import csv
import io
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import httpx
import pytest

from leadconnect.clock import today_in
from leadconnect.database.pool import Database
from leadconnect.database.transaction import tenant
from leadconnect.leads.folding import fold
from leadconnect.leads.selection import Sort
from tests import make
from tests.cast import Actor, Cast

ZONE = "Pacific/Kiritimati"
NAMES = ["Zoë", "adam", "Émile", "bela", "ÅSA", "李雷", "Adam", "zoe", "Ömer", "Bo"]
COUNTRIES = ["India", "IN", "india", "Germany", "Deutschland", "Korea, Republic of", "Atlantis", None]


@pytest.fixture
async def leads(client: httpx.AsyncClient, owner: Actor, database: Database) -> list[dict[str, Any]]:
    """Leads that differ in all that is filtered and sorted by, created over some days."""
    random = Random(5)
    for number in range(40):
        day = date(2031, 3, 1) + timedelta(days=random.randrange(8))
        lead = {
            "name": random.choice(NAMES),
            "phoneNumber": f"+91 98765 {43210 + number}",
            "country": random.choice(COUNTRIES),
            "leadSource": random.choice(["referral", "website", "linkedin"]),
            "nextFollowupDate": random.choice([None, str(day)]),
            "lastContactedDate": random.choice([None, str(day - timedelta(days=90))]),
        }
        answer = await client.post("/api/leads", json=make.lead(**lead), headers=owner.headers)
        assert answer.status_code == 201, answer.text
    async with tenant(database, owner.account_id) as connection:
        await connection.execute("update accounts set time_zone = $2 where id = $1", owner.account_id, ZONE)
        await connection.execute(
            """
            update leads set created_at = '2031-03-01 06:00Z'::timestamptz + interval '7 hours' * n,
                updated_at = '2031-04-01Z'::timestamptz + interval '1 hour' * (n * 7 % 40)
            from (select id as of, row_number() over (order by id) / 2 as n from leads) as numbered
            where account_id = $1 and id = of
            """,
            owner.account_id,
        )
        await connection.execute(
            """
            update lead_search s set created_at = l.created_at from leads l
            where l.account_id = $1 and s.account_id = $1 and s.lead_id = l.id
            """,
            owner.account_id,
        )
    return await listed(client, owner, "limit=1000")


async def listed(client: httpx.AsyncClient, owner: Actor, query: str) -> list[dict[str, Any]]:
    answer = await client.get(f"/api/leads?{query}", headers=owner.headers)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    data: list[dict[str, Any]] = body["data"]
    return data


async def ids(client: httpx.AsyncClient, owner: Actor, query: str) -> list[str]:
    return [lead["id"] for lead in await listed(client, owner, f"limit=1000&{query}")]


def in_order(leads: list[dict[str, Any]], sort: Sort) -> list[str]:
    """The ids of `leads` sorted as the list promises."""

    def key(lead: dict[str, Any]) -> tuple[str, str]:
        value = lead[sort.key]
        return (fold(value) if sort is Sort.NAME or sort is Sort.NAME_DESCENDING else value, lead["id"])

    known = sorted((lead for lead in leads if lead[sort.key] is not None), key=key, reverse=sort.is_descending)
    unknown = sorted((lead for lead in leads if lead[sort.key] is None), key=lambda lead: str(lead["id"]))
    return [lead["id"] for lead in (*known, *(reversed(unknown) if sort.is_descending else unknown))]


@pytest.mark.parametrize("sort", Sort)
async def test_lists_searches_and_exports_have_the_order_that_is_asked_for(
    sort: Sort, leads: list[dict[str, Any]], client: httpx.AsyncClient, owner: Actor
) -> None:
    for query, meant in {
        "": leads,
        "search=98765": leads,
        "search=adam": [lead for lead in leads if lead["name"] in ("adam", "Adam")],
        "leadSource=referral,linkedin": [lead for lead in leads if lead["leadSource"] != "website"],
    }.items():
        expected = in_order(meant, sort)
        paged = [
            lead["id"]
            for page in range(1, 8)
            for lead in await listed(client, owner, f"{query}&sort={sort}&page={page}&limit=7")
        ]
        assert paged == expected, query
        answer = await client.get(f"/api/leads/export?columns=id&{query}&sort={sort}", headers=owner.headers)
        assert [row[0] for row in csv.reader(io.StringIO(answer.text))][1:] == expected, query


async def test_deleted_leads_are_sorted_and_filtered_too(
    leads: list[dict[str, Any]], client: httpx.AsyncClient, owner: Actor
) -> None:
    gone = leads[::2]
    for lead in gone:
        await client.delete(f"/api/leads/{lead['id']}", headers=owner.headers)
    deleted = await listed(client, owner, "deleted=true&limit=1000")
    assert {lead["id"] for lead in deleted} == {lead["id"] for lead in gone}
    for sort in Sort:
        assert await ids(client, owner, f"deleted=true&sort={sort}") == in_order(deleted, sort)
        expected = in_order([lead for lead in deleted if fold("Zoë") in fold(lead["name"])], sort)
        assert await ids(client, owner, f"deleted=true&search=ZOE&sort={sort}") == expected
        answer = await client.get(f"/api/leads/export?columns=id&deleted=true&sort={sort}", headers=owner.headers)
        assert answer.text.split()[1:] == in_order(deleted, sort)


def cases(since: str) -> list[tuple[dict[str, Any], Any]]:
    """Filters, and what they promise, said in another way."""

    def created(lead: dict[str, Any]) -> str:
        return str(datetime.fromisoformat(lead["createdAt"]).astimezone(ZoneInfo(ZONE)).date())

    return [
        ({"leadSource": ["REFERRAL", "website"]}, lambda lead: lead["leadSource"] in ("referral", "website")),
        ({"country": ["Bharat"]}, lambda lead: lead["country"] in ("India", "IN", "india")),
        ({"country": ["DE", "atlantis"]}, lambda lead: lead["country"] in ("Germany", "Deutschland", "Atlantis")),
        ({"country": ["Korea, Republic of"]}, lambda lead: lead["country"] == "Korea, Republic of"),
        ({"country": ["Norway"]}, lambda lead: False),
        ({"createdFrom": "2031-03-04"}, lambda lead: created(lead) >= "2031-03-04"),
        ({"createdTo": "2031-03-04"}, lambda lead: created(lead) <= "2031-03-04"),
        ({"createdFrom": "2031-03-05", "createdTo": "2031-03-05"}, lambda lead: created(lead) == "2031-03-05"),
        ({"createdTo": "9999-12-31", "createdFrom": "0001-01-02"}, lambda lead: True),
        ({"updatedSince": since}, lambda lead: lead["updatedAt"] >= since),
        ({"followupFrom": "2031-03-04"}, lambda lead: (lead["nextFollowupDate"] or "") >= "2031-03-04"),
        ({"followupTo": "2031-03-04"}, lambda lead: (lead["nextFollowupDate"] or "9") <= "2031-03-04"),
        ({"followupDateFilter": "future", "followupTo": "2031-03-05", "leadSource": ["referral"]},
         lambda lead: (lead["nextFollowupDate"] or "9") <= "2031-03-05" and lead["leadSource"] == "referral"),
    ]  # fmt: skip


async def test_filters_agree_with_python_in_lists_searches_exports_and_bulk_operations(
    leads: list[dict[str, Any]], client: httpx.AsyncClient, owner: Actor
) -> None:
    for given, is_meant in cases(leads[20]["updatedAt"]):
        expected = [lead["id"] for lead in leads if is_meant(lead)]
        query = "&".join(
            f"{key}{'[]' if isinstance(value, list) else ''}={quote(part)}"
            for key, value in given.items()
            for part in (value if isinstance(value, list) else [value])
        )
        assert await ids(client, owner, query) == expected, query
        assert await ids(client, owner, f"{query}&search=%2B91%2098765") == expected, query
        for key in ("", "&search=98765"):
            answer = await client.get(f"/api/leads/export?columns=id&{query}{key}", headers=owner.headers)
            assert answer.text.split()[1:] == expected, query
        for search in ({}, {"search": "98765"}):
            asked = {"action": "update", "filter": given | search, "set": {"state": "Here"}}
            answer = await client.post(
                "/api/leads/bulk", json=asked | {"expectedCount": len(expected) + 1}, headers=owner.headers
            )
            assert answer.status_code == 409, answer.text
            assert f"means {len(expected):,} lead" in answer.json()["message"]


async def test_follow_ups_of_today_are_those_of_the_day_in_the_time_zone(
    client: httpx.AsyncClient, owner: Actor, database: Database
) -> None:
    async with tenant(database, owner.account_id) as connection:
        await connection.execute("update accounts set time_zone = $2 where id = $1", owner.account_id, ZONE)
    today = today_in(ZONE)
    for offset in (-1, 0, 1):
        lead = make.lead(name=f"Day {offset}", nextFollowupDate=str(today + timedelta(days=offset)))
        await client.post("/api/leads", json=lead, headers=owner.headers)
    found = await listed(client, owner, "followupDateFilter=today")
    assert [lead["name"] for lead in found] == ["Day 0"] or today != today_in(ZONE)


async def test_orders_and_filters_show_nothing_of_another_account(
    leads: list[dict[str, Any]], client: httpx.AsyncClient, cast: Cast
) -> None:
    other = await cast.owner()
    for sort in Sort:
        for query in ("", "&search=98765", "&country=india", "&updatedSince=2020-01-01T00:00:00Z", "&search=9"):
            assert await listed(client, other, f"sort={sort}{query}") == []


async def test_a_list_by_filters_needs_the_right_to_see_leads(client: httpx.AsyncClient, cast: Cast) -> None:
    blind = await cast.sub_user(await cast.owner(), view=False)
    for query in ("sort=name", "country=in", "search=a%20b"):
        assert (await client.get(f"/api/leads?{query}")).status_code == 401
        assert (await client.get(f"/api/leads?{query}", headers=blind.headers)).status_code == 403
