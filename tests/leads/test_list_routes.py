"""The routes of many leads: the list with its filters and pages, cities and sectors."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from leadconnect.auth.services import Services
from leadconnect.clock import today_in
from leadconnect.database.transaction import tenant
from leadconnect.edge.middleware import Edge
from leadconnect.leads.selection import FollowupFilter
from tests import make
from tests.auth.counting import counted_statements
from tests.cast import Actor, Cast

KIRITIMATI, PAGO = "Pacific/Kiritimati", "Pacific/Pago_Pago"
"""Always on different days: 14 hours ahead of UTC, and 11 behind."""


async def add(client: httpx.AsyncClient, actor: Actor, *leads: dict[str, Any]) -> None:
    for lead in leads:
        answer = await client.post("/api/leads", json=make.lead(**lead), headers=actor.headers)
        assert answer.status_code == 201, answer.text


async def get(client: httpx.AsyncClient, actor: Actor, query: str = "") -> dict[str, Any]:
    answer = await client.get(f"/api/leads{query}", headers=actor.headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def names(client: httpx.AsyncClient, actor: Actor, query: str = "") -> list[str]:
    page = await get(client, actor, query)
    assert page["meta"]["total"] == len(page["data"])
    return sorted(lead["name"] for lead in page["data"])


async def test_a_page_has_the_envelope_of_the_wire(client: httpx.AsyncClient, owner: Actor) -> None:
    await add(client, owner, *({"name": f"Lead {number}"} for number in range(5)))
    page = await get(client, owner, "?page=2&limit=2")
    assert list(page) == ["data", "meta"]
    assert [lead["name"] for lead in page["data"]] == ["Lead 2", "Lead 1"]
    assert page["meta"] == {
        "total": 5,
        "page": 2,
        "limit": 2,
        "totalPages": 3,
        "hasNextPage": True,
        "hasPreviousPage": True,
    }


async def test_an_account_without_leads_has_an_empty_page(client: httpx.AsyncClient, owner: Actor) -> None:
    page = await get(client, owner)
    assert (page["data"], page["meta"]["total"], page["meta"]["totalPages"]) == ([], 0, 0)


@pytest.mark.parametrize("number", ["9", "1000000000"])
async def test_a_page_beyond_the_end_is_empty(number: str, client: httpx.AsyncClient, owner: Actor) -> None:
    await add(client, owner, {})
    page = await get(client, owner, f"?page={number}&limit=1000")
    assert (page["data"], page["meta"]["total"], page["meta"]["hasPreviousPage"]) == ([], 1, True)


@pytest.mark.parametrize(
    "query",
    [
        "page=0", "page=-1", "page=1.5", "page=abc", "page=9223372036854775807", "page=1&page=2", "limit=0",
        "limit=1001", "limit=" + "9" * 31, "limit=", "limit=ten", "status=bogus", "category=bogus", "status[a]=new",
        "page[]=1", "status[]=bogus", "leadSource=bogus", "sort=city", "sort=name,createdAt", "createdFrom=2031-02-30",
        "followupTo=soon", "updatedSince=2031-03-04", "updatedSince=2031-03-04T05:06:07", "leadsource=referral",
        "followupDateFilter=soon", "sortBy=name", "search=%00", "search=a&search=b",
    ],
)  # fmt: skip
async def test_a_wrong_query_is_refused_with_a_list(query: str, client: httpx.AsyncClient, owner: Actor) -> None:
    answer = await client.get(f"/api/leads?{query}", headers=owner.headers)
    body = answer.json()
    assert (answer.status_code, body["statusCode"], body["error"]) == (400, 400, "Bad Request")
    assert isinstance(body["message"], list)


async def test_filters_take_several_values_and_combine_with_and(client: httpx.AsyncClient, owner: Actor) -> None:
    await add(
        client,
        owner,
        {"name": "A", "leadStatus": "new", "city": "Pune", "sector": "Food", "customerCategory": "existing"},
        {"name": "B", "leadStatus": "hot", "city": "pune", "sector": "food"},
        {"name": "C", "leadStatus": "hot", "city": "Washington, D.C."},
        {"name": "D", "leadStatus": "lost", "city": "Delhi", "sector": "Textiles", "customerCategory": "existing"},
    )
    expected = {
        "": "ABCD",
        "?status=new&status=hot": "ABC",
        "?status=new,HOT": "ABC",
        "?status[]=new&status[]=hot": "ABC",
        "?status%5B%5D=new&status%5B%5D=HOT": "ABC",
        "?status[0]=new&status[1]=hot": "ABC",
        "?status[]=new&status=hot,lost&city[]=pune": "AB",
        "?status=New%20Lead": "A",
        "?status=&category=&city=&sector=&search=&followupDateFilter=&sort=&country=&leadSource=&createdFrom=": "ABCD",
        "?category=existing": "AD",
        "?city=PUNE": "AB",
        "?city=pune&city=delhi": "ABD",
        "?city=pune,delhi": "ABD",
        "?city=washington,%20d.c.": "C",
        "?city=pun": "",
        "?sector=FOOD": "AB",
        "?sector=food,textiles&category=existing": "AD",
        "?status=hot&city=pune&sector=food": "B",
        "?status=hot&city=pune&sector=food&category=existing": "",
    }
    found = {query: "".join(await names(client, owner, query)) for query in expected}
    assert found == expected


async def test_a_search_takes_wildcards_and_quotes_as_they_are(client: httpx.AsyncClient, owner: Actor) -> None:
    hard = ["100% Cotton", "a_b", "back\\slash", "O'Neil -- Sons", "José", "李雷", "plain"]
    await add(client, owner, *({"name": name} for name in hard))
    for term in ["%", "_", "\\", "'", "--", "0% c", "JOSÉ", "jose\u0301", "李", "雷", "' OR '1'='1", "*", "."]:
        expected = sorted(name for name in hard if term.lower().replace("e\u0301", "é") in name.lower())
        assert await names(client, owner, f"?search={quote(term)}") == expected, term


async def test_a_search_looks_into_name_address_phone_company_and_city(client: httpx.AsyncClient, owner: Actor) -> None:
    await add(
        client,
        owner,
        {"name": "Asha Rao", "phoneNumber": "1"},
        {"name": "B", "phoneNumber": "1", "email": "rao@example.org"},
        {"name": "C", "phoneNumber": "1", "companyName": "Rao Mills"},
        {"name": "D", "phoneNumber": "+91 98765-43210"},
        {"name": "E", "phoneNumber": "1", "city": "Raopur"},
        {"name": "F", "phoneNumber": "1", "additionalNotes": "rao 98765"},
    )
    assert await names(client, owner, "?search=RAO") == ["Asha Rao", "B", "C", "E"]
    assert await names(client, owner, "?search=mills%20rao") == ["C"]
    assert await names(client, owner, "?search=9876543210") == ["D"]
    assert await names(client, owner, "?search=%2B919876543210") == ["D"]
    assert await names(client, owner, "?search=rao&status=hot") == []


async def test_follow_ups_are_due_by_the_day_in_the_accounts_time_zone(
    client: httpx.AsyncClient, owner: Actor, services: Services
) -> None:
    days = {str(day): today_in(PAGO) + timedelta(days=day) for day in (-1, 0, 1, 2, 6, 7, 8, 9, 10)}
    for name, day in days.items():
        await add(client, owner, {"name": name, "nextFollowupDate": str(day)})
        await add(client, owner, {"name": "closed", "nextFollowupDate": str(day), "leadStatus": "lost"})
        await add(client, owner, {"name": "closed", "nextFollowupDate": str(day), "leadStatus": "converted"})
    found = {}
    for zone in (PAGO, KIRITIMATI):
        async with tenant(services.database, owner.account_id) as connection:
            await connection.execute("update accounts set time_zone = $2 where id = $1", owner.account_id, zone)
        today = None
        while today != today_in(zone):  # once more if midnight came between
            today = today_in(zone)
            found[zone] = [await names(client, owner, f"?followupDateFilter={due}") for due in FollowupFilter]
        soon = [today, today + timedelta(days=8)]
        assert found[zone] == [
            sorted(name for name, day in days.items() if day < soon[0]),
            sorted(name for name, day in days.items() if day == soon[0]),
            sorted(name for name, day in days.items() if soon[0] <= day < soon[1]),
            sorted(name for name, day in days.items() if day >= soon[1]),
        ]
    assert found[PAGO] != found[KIRITIMATI]


async def test_accounts_of_one_name_see_nothing_of_each_other(client: httpx.AsyncClient, cast: Cast) -> None:
    companies = ["Acme Ltd", "Acme Ltd", "ACME  ltd", "Acme Lte\u0301"]
    owners = [await cast.owner(company=company) for company in companies]
    for number, one in enumerate(owners):
        await add(client, one, {"name": f"Lead {number}", "city": f"City {number}", "sector": f"Sector {number}"})
    for number, one in enumerate(owners):
        sub_user = await cast.sub_user(one)
        for actor in (one, sub_user):
            for query in ("", "?search=lead", "?search=le", "?status=new", "?city=city%200,city%201,city%202,city%203"):
                assert await names(client, actor, query) == [f"Lead {number}"], query
            cities = (await client.get("/api/leads/cities", headers=actor.headers)).json()
            sectors = (await client.get("/api/leads/sectors", headers=actor.headers)).json()
            assert (cities, sectors) == ({"cities": [f"City {number}"]}, {"sectors": [f"Sector {number}"]})


async def test_cities_are_listed_ascending_once_and_without_blanks(client: httpx.AsyncClient, owner: Actor) -> None:
    await add(client, owner, *({"city": city} for city in ("Pune", "delhi", "PUNE ", "  ", None, "Agra")))
    answer = await client.get("/api/leads/cities", headers=owner.headers)
    assert answer.json() == {"cities": ["Agra", "delhi", "PUNE"]}


async def test_a_sector_is_remembered_once_in_its_first_spelling(client: httpx.AsyncClient, owner: Actor) -> None:
    await add(client, owner, {"sector": "Food"})
    first = await client.post("/api/leads/sectors", json={"sector": " Solar Power "}, headers=owner.headers)
    again = await client.post("/api/leads/sectors", json={"sector": "SOLAR power"}, headers=owner.headers)
    assert [first.status_code, again.status_code] == [201, 201]
    assert first.json()["sector"] == again.json()["sector"] == "Solar Power"
    answer = await client.get("/api/leads/sectors", headers=owner.headers)
    assert answer.json() == {"sectors": ["Food", "Solar Power"]}


@pytest.mark.parametrize("sector", ["", "  ", None, 1, "x" * 256, "a\nb"])
async def test_a_sector_that_says_nothing_is_refused(sector: object, client: httpx.AsyncClient, owner: Actor) -> None:
    answer = await client.post("/api/leads/sectors", json={"sector": sector}, headers=owner.headers)
    assert answer.status_code == 400
    assert len(answer.json()["message"]) == 1


async def test_long_sectors_and_notes_are_stored_whole(client: httpx.AsyncClient, owner: Actor) -> None:
    sector, notes = "S" * 255, "n" * 5000
    await add(client, owner, {"sector": sector, "additionalNotes": notes})
    (lead,) = (await get(client, owner, f"?sector={sector}"))["data"]
    assert (lead["sector"], lead["additionalNotes"]) == (sector, notes)


async def test_a_page_is_read_once_though_a_user_stands_for_the_last_contact(
    app: Edge, client: httpx.AsyncClient, owner: Actor
) -> None:
    await add(client, owner, {"lastContactedBy": str(owner.user_id)})
    with counted_statements(app) as statements:
        page = await get(client, owner)
    assert page["data"][0]["lastContactedBy"] == "Asha Rao"
    assert len([statement for statement in statements if "newest_leads" in statement]) == 1
    assert not any("from leads" in statement for statement in statements)
