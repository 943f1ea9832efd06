"""The SQL of leads on a real database: order, filters, depth, sectors and cities."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from itertools import product
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from leadconnect.database.pool import Connection, Database
from leadconnect.database.transaction import tenant
from leadconnect.leads import queries, writing
from leadconnect.leads.choices import queries as choices
from leadconnect.leads.fields import LeadInput
from leadconnect.leads.history.models import Act
from leadconnect.leads.listing import queries as listing
from leadconnect.leads.models import Lead, LeadStatus, text_key
from leadconnect.leads.search import found_ids, search_values
from leadconnect.leads.selection import FollowupFilter, LeadFilters, followup_days
from leadconnect.leads.writing import queries as statements
from leadconnect.wire import convert, instant, instant_at
from tests import make
from tests.cast import Actor, Cast

TODAY = date(2026, 3, 1)
CITIES = ["Pune", "PUNE", "München", "mu\u0308nchen", "Delhi", None]
SECTORS = ["Food", "food ", "Textiles", None]


def lead(**changes: Any) -> LeadInput:
    return convert(make.lead(**changes), LeadInput)


def mixed_leads(count: int) -> list[LeadInput]:
    random = Random(11)
    return [
        lead(
            name=f"Lead {number}",
            city=random.choice(CITIES),
            sector=random.choice(SECTORS),
            leadStatus=random.choice(list(LeadStatus)).value,
            customerCategory=random.choice(["existing", "potential"]),
            nextFollowupDate=random.choice([None, *(str(TODAY + timedelta(days=day)) for day in range(-3, 12))]),
        )
        for number in range(count)
    ]


@pytest.fixture
async def connection(owner: Actor, database: Database) -> AsyncIterator[Connection]:
    """A transaction of the owner's account."""
    async with tenant(database, owner.account_id) as opened:
        yield opened


async def ids(connection: Connection, owner: Actor, filters: LeadFilters, **place: Any) -> list[UUID]:
    found = await listing.page(connection, owner.account_id, filters, TODAY, **({"limit": 1000, "offset": 0} | place))
    return [row["id"] for row in found.rows]


def is_meant(row: asyncpg.Record, filters: LeadFilters) -> bool:
    """What the filters promise, said in another way."""
    if filters.followup:
        begin, end = followup_days(filters.followup, TODAY)
        day = row["next_followup_date"]
        if day is None or not begin <= day < end or row["lead_status"] in ("converted", "lost"):
            return False
    return (
        (not filters.statuses or row["lead_status"] in filters.statuses)
        and filters.category in (None, row["customer_category"])
        and (not filters.city_keys or text_key(row["city"]) in filters.city_keys)
        and (not filters.sector_keys or text_key(row["sector"]) in filters.sector_keys)
        and filters.search.strip('"') in row["name"].lower()
    )


ALL_FILTERS = [
    LeadFilters(
        statuses=statuses, category=category, city_keys=cities, sector_keys=sectors, followup=followup, search=search
    )
    for statuses, category, cities, sectors, followup, search in product(
        [(), ("hot",), ("lost", "new", "qualified")],
        [None, "existing"],
        [(), ("pune",), ("münchen", "delhi")],
        [(), ("food",)],
        [None, *FollowupFilter],
        ["", '"lead 1"', "d"],
    )
]


async def test_every_combination_of_filters_finds_what_python_finds(connection: Connection, owner: Actor) -> None:
    rows = await writing.add(connection, owner.account_id, Act(owner.user_id), mixed_leads(120))
    newest = sorted(rows, key=lambda row: row["id"], reverse=True)
    for filters in ALL_FILTERS:
        expected = [row["id"] for row in newest if is_meant(row, filters)]
        found = await listing.page(connection, owner.account_id, filters, TODAY, limit=7, offset=3)
        assert [row["id"] for row in found.rows] == expected[3:10], filters
        assert found.total == len(expected), filters
        if filters.search:
            every, total = await found_ids(connection, owner.account_id, filters, TODAY, limit=None, offset=0)
            assert (every, total) == (expected, len(expected))


async def test_leads_of_one_instant_are_neither_skipped_nor_doubled_between_pages(
    connection: Connection, owner: Actor
) -> None:
    rows = await writing.add(connection, owner.account_id, Act(owner.user_id), mixed_leads(95))
    assert len({row["created_epoch"] for row in rows}) == 1
    paged = [
        lead_id
        for start in range(0, 100, 10)
        for lead_id in await ids(connection, owner, LeadFilters(), limit=10, offset=start)
    ]
    assert paged == sorted((row["id"] for row in rows), reverse=True)


async def test_deep_pages_are_those_of_the_shallow_form(
    connection: Connection, owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = await writing.add(connection, owner.account_id, Act(owner.user_id), mixed_leads(60))
    for number, row in enumerate(rows):
        await connection.execute(
            "update leads set created_at = $3 where account_id = $1 and id = $2",
            *(owner.account_id, row["id"], datetime(2026, 1, 1 + number * 7 % 20, tzinfo=UTC)),
        )
    for filters in ALL_FILTERS[::17]:
        shallow = [await ids(connection, owner, filters, limit=9, offset=start) for start in range(0, 72, 9)]
        monkeypatch.setattr(listing, "DEEP", 1)
        assert [await ids(connection, owner, filters, limit=9, offset=start) for start in range(0, 72, 9)] == shallow
        monkeypatch.undo()


async def test_a_page_beyond_the_end_is_empty_and_knows_the_total(connection: Connection, owner: Actor) -> None:
    await writing.add(connection, owner.account_id, Act(owner.user_id), mixed_leads(20))
    for filters in (LeadFilters(), LeadFilters(city_keys=("pune", "delhi", "münchen")), LeadFilters(search="lead")):
        first = await listing.page(connection, owner.account_id, filters, TODAY, limit=1000, offset=0)
        beyond = await listing.page(connection, owner.account_id, filters, TODAY, limit=1000, offset=999_999_999_000)
        assert (list(beyond.rows), beyond.total) == ([], len(first.rows))
        assert beyond.total > 0


async def test_many_leads_come_back_in_the_order_they_were_given(connection: Connection, owner: Actor) -> None:
    rows = await writing.add(connection, owner.account_id, Act(owner.user_id), mixed_leads(300))
    assert [row["name"] for row in rows] == [f"Lead {number}" for number in range(300)]
    assert {row["user_id"] for row in rows} == {owner.user_id}
    assert await writing.add(connection, owner.account_id, Act(owner.user_id), []) == []


async def test_the_columns_are_those_of_a_lead_but_for_its_user(connection: Connection, owner: Actor) -> None:
    (row,) = await writing.add(connection, owner.account_id, Act(owner.user_id), mixed_leads(1))
    fields = [field for field in Lead.__struct_fields__ if field not in {"user", "version"}]
    assert ", ".join(fields) == queries.STORED
    assert list(row.keys()) == [*fields[:-2], "created_epoch", "updated_epoch"]
    stored = await connection.fetchrow("select created_at, updated_at from leads where id = $1", row["id"])
    assert stored is not None
    assert [instant(moment) for moment in stored] == [instant_at(row[-2]), instant_at(row[-1])]


async def test_cities_are_listed_once_as_the_newest_lead_spells_them(connection: Connection, owner: Actor) -> None:
    for city in ("PUNE", " ", None, "Ulm", "Pune", "Ägäis", "delhi"):
        await writing.add(connection, owner.account_id, Act(owner.user_id), [lead(city=city)])
    rows = await writing.add(connection, owner.account_id, Act(owner.user_id), [lead(city="Zürich")])
    await writing.delete(connection, owner.account_id, Act(owner.user_id), [rows[0]["id"]])
    assert await choices.cities(connection, owner.account_id) == ["delhi", "Pune", "Ulm", "Ägäis"]


async def test_an_account_without_cities_has_an_empty_list(connection: Connection, owner: Actor) -> None:
    assert await choices.cities(connection, owner.account_id) == []


async def test_sectors_of_new_and_changed_leads_are_remembered_in_their_first_spelling(
    connection: Connection, owner: Actor
) -> None:
    (row, *_) = await writing.add(
        connection,
        owner.account_id,
        Act(owner.user_id),
        [lead(sector=" Food"), lead(sector="FOOD "), lead(sector=None)],
    )
    await writing.change_one(connection, owner.account_id, Act(owner.user_id), row, {"sector": "Textiles"})
    assert await choices.add_sector(connection, owner.account_id, " textiles") == "Textiles"
    assert await choices.add_sector(connection, owner.account_id, "aero") == "aero"
    found = await choices.sectors(connection, owner.account_id)
    assert [name.lower() for name in found] == ["aero", "food", "textiles"]


async def test_a_changed_name_is_found_and_the_old_one_is_not(connection: Connection, owner: Actor) -> None:
    (row,) = await writing.add(connection, owner.account_id, Act(owner.user_id), [lead(name="Old Name", city="Ulm")])
    await writing.change_one(
        connection, owner.account_id, Act(owner.user_id), row, {"name": "Fresh Name", "city": "Rome"}
    )
    assert await ids(connection, owner, LeadFilters(search="fresh")) == [row["id"]]
    assert await ids(connection, owner, LeadFilters(search="old n")) == []
    assert await ids(connection, owner, LeadFilters(city_keys=("rome",))) == [row["id"]]


async def test_every_change_moves_the_version_on_even_within_one_transaction(
    connection: Connection, owner: Actor
) -> None:
    (row,) = await writing.add(connection, owner.account_id, Act(owner.user_id), [lead()])
    for _ in range(5):
        after = await writing.change_one(connection, owner.account_id, Act(owner.user_id), row, {})
        assert after["updated_epoch"] > row["updated_epoch"]
        row = after


async def test_a_deleted_lead_is_found_nowhere_and_its_row_stays(connection: Connection, owner: Actor) -> None:
    (row,) = await writing.add(connection, owner.account_id, Act(owner.user_id), [lead(name="Gone", city="Ulm")])
    assert await writing.delete(connection, owner.account_id, Act(owner.user_id), [row["id"]])
    assert not await writing.delete(connection, owner.account_id, Act(owner.user_id), [row["id"]])
    for filters in (
        LeadFilters(),
        LeadFilters(search="gone"),
        LeadFilters(search="go"),
        LeadFilters(city_keys=("ulm",)),
    ):
        found = await listing.page(connection, owner.account_id, filters, TODAY, limit=10, offset=0)
        assert (list(found.rows), found.total) == ([], 0)
    assert await queries.one(connection, owner.account_id, row["id"]) is None
    assert (
        await connection.fetchval("select count(*) from leads where id = $1 and deleted_at is not null", row["id"]) == 1
    )


async def test_the_page_in_one_round_trip_is_the_page(database: Database, owner: Actor) -> None:
    async with tenant(database, owner.account_id) as connection:
        await writing.add(connection, owner.account_id, Act(owner.user_id), mixed_leads(35))
    for limit, offset in ((1, 0), (10, 0), (10, 30), (1000, 0), (20, 34)):
        async with tenant(database, owner.account_id) as connection:
            page = await listing.page(connection, owner.account_id, LeadFilters(), None, limit=limit, offset=offset)
        newest = await listing.newest_page(database, owner.account_id, limit=limit, offset=offset)
        assert newest is not None
        assert [tuple(row) for row in newest.rows] == [tuple(row) for row in page.rows]
        assert newest.total == page.total == 35
    assert await listing.newest_page(database, owner.account_id, limit=10, offset=35) is None


async def test_the_found_page_in_one_round_trip_is_the_page(database: Database, owner: Actor) -> None:
    async with tenant(database, owner.account_id) as connection:
        await writing.add(connection, owner.account_id, Act(owner.user_id), mixed_leads(35))
    searches = [filters for filters in ALL_FILTERS if filters.search and not filters.followup]
    for filters, (limit, offset) in product(searches, ((10, 0), (3, 2), (10, 99))):
        async with tenant(database, owner.account_id) as connection:
            page = await listing.page(connection, owner.account_id, filters, None, limit=limit, offset=offset)
        found = await listing.found_page(database, owner.account_id, filters, limit=limit, offset=offset)
        assert [tuple(row)[:-1] for row in found.rows] == [tuple(row) for row in page.rows]
        assert found.total == page.total


async def test_the_page_in_one_round_trip_leaves_neither_role_nor_account_behind(
    cast: Cast, database: Database, owner: Actor
) -> None:
    async with tenant(database, owner.account_id) as connection:
        await writing.add(connection, owner.account_id, Act(owner.user_id), [lead()])
    stranger = await cast.owner()
    assert await listing.newest_page(database, stranger.account_id, limit=10, offset=0) is None
    assert await listing.newest_page(database, owner.account_id, limit=10, offset=0) is not None
    sought = LeadFilters(search="lead")
    assert (await listing.found_page(database, stranger.account_id, sought, limit=10, offset=0)).total == 0
    async with database.acquire() as connection:
        await connection.fetch(listing.NEWEST_PAGE, owner.account_id, 10, 0, "leadconnect abc")
        values = search_values(owner.account_id, LeadFilters(search="lead"))
        found = await connection.fetch(listing.FOUND_PAGE, owner.account_id, "leadconnect abc", *values, 0, 10)
        assert len(found) == 1
        assert await connection.fetchval("select current_user = session_user")
        assert not await connection.fetchval("select current_setting('app.account_id', true)")
        assert await connection.fetchval("show application_name") == "tests"
        assert await connection.fetchval("select count(*) from leads") == 0


async def test_the_database_itself_keeps_accounts_apart(cast: Cast, database: Database, owner: Actor) -> None:
    async with tenant(database, owner.account_id) as connection:
        (row,) = await writing.add(connection, owner.account_id, Act(owner.user_id), [lead()])
    stranger = await cast.owner()
    async with tenant(database, stranger.account_id) as connection:
        for table in ("leads", "lead_search", "lead_counts"):
            assert await connection.fetchval(f"select count(*) from {table}") == 0
        assert await queries.one(connection, owner.account_id, row["id"], locked=True) is None
        assert not await writing.delete(connection, owner.account_id, Act(owner.user_id), [row["id"]])
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with tenant(database, stranger.account_id) as connection:
            await writing.add(connection, owner.account_id, Act(owner.user_id), [lead()])


async def test_a_forgotten_account_in_a_statement_shows_and_changes_nothing_of_others(
    cast: Cast, database: Database, owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with tenant(database, owner.account_id) as connection:
        (row,) = await writing.add(connection, owner.account_id, Act(owner.user_id), [lead(city="Ulm", sector="Food")])
    stranger = await cast.owner()
    forgetful = {
        (module, name): text
        for module in (queries, listing, choices, statements)
        for name, text in vars(module).items()
        if isinstance(text, str) and "= $1" in text
    }
    names = {name for _, name in forgetful}
    assert {"LIVE", "KEPT_TOTAL", "ONE", "ONE_LOCKED", "CHANGE", "DELETE", "CITIES", "SECTORS"} <= names
    for (module, name), text in forgetful.items():
        monkeypatch.setattr(module, name, re.sub(r"(\w+\.)?account_id = \$1", "$1::uuid is not null", text))
    async with tenant(database, stranger.account_id) as connection:
        account_id, act = stranger.account_id, Act(stranger.user_id)
        for filters in ALL_FILTERS[::7]:
            found = await listing.page(connection, account_id, filters, TODAY, limit=10, offset=0)
            assert (list(found.rows), found.total) == ([], 0)
        assert await queries.one(connection, account_id, row["id"]) is None
        assert await queries.one(connection, account_id, row["id"], locked=True) is None
        assert await choices.cities(connection, account_id) == []
        assert await choices.sectors(connection, account_id) == []
        assert await queries.user_names(connection, account_id, [owner.user_id]) == {}
        assert not await writing.delete(connection, account_id, act, [row["id"]])
    monkeypatch.undo()
    async with tenant(database, owner.account_id) as connection:
        assert await queries.one(connection, owner.account_id, row["id"]) == row
