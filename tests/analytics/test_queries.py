"""Every number is the one that plain Python finds in the rows, in every zone, folded or not."""

import re
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import httpx
import pytest

from leadconnect.analytics import queries
from leadconnect.analytics.calendar import calendar_of
from leadconnect.clock import now
from leadconnect.database.pool import Connection, Database
from leadconnect.database.transaction import maintenance, tenant
from leadconnect.leads import writing
from leadconnect.leads.fields import LeadInput
from leadconnect.leads.history.models import Act
from leadconnect.leads.models import CustomerCategory, LeadSource, LeadStatus
from leadconnect.leads.totals.queries import fold_counts
from leadconnect.wire import convert, values_of
from tests import make
from tests.analytics.model import expected
from tests.cast import Actor, Cast

ZONES = ["UTC", "Asia/Kolkata", "Asia/Kathmandu", "America/New_York", "Pacific/Auckland", "Pacific/Pago_Pago"]
CHANNELS = ["phone", "Phone", "email", "other", " ", None]
PLACE = """
    update leads set created_at = $3, converted_at = $4, lost_at = $5, deleted_at = $6
    where account_id = $1 and id = $2
"""


def lead(random: Random, today: date) -> LeadInput:
    day = random.choice([None, *(str(today + timedelta(days=days)) for days in (-30, -1, 0, 1, 6, 7, 8, 9, 90))])
    custom = random.choice(["Carrier pigeon", "Ünïcode", "日本", None])
    return convert(
        make.lead(
            name=f"Lead {random.randrange(1000)}",
            email=random.choice([None, "somebody@example.com"]),
            leadStatus=random.choice(values_of(LeadStatus)),
            leadSource=random.choice(values_of(LeadSource)),
            customLeadSource="A fair",
            customerCategory=random.choice(values_of(CustomerCategory)),
            preferredCommunicationChannel=random.choice(CHANNELS),
            customCommunicationChannel=custom,
            nextFollowupDate=day,
        ),
        LeadInput,
    )


def moment(random: Random, today: date, zone: ZoneInfo, latest: datetime) -> datetime:
    """Return an instant before `latest`: of the last days or of the last 400, often beside a midnight of the zone."""
    day = today - timedelta(days=random.choice([random.randint(0, 9), random.randint(0, 400)]))
    if random.random() < 0.2:
        day = day.replace(day=1)
    midnight = datetime.combine(day, time(), zone).astimezone(UTC)
    beside = random.choice([0, 1, -1, 86_400 * 10**6 - 1, random.randint(0, 86_400 * 10**6)])
    return min(midnight + timedelta(microseconds=beside), latest)


async def fill(connection: Connection, owner: Actor, random: Random, zone: ZoneInfo, count: int) -> None:
    """Add leads and move them and what happened to them into the past; some are deleted."""
    present = now()
    today = present.astimezone(zone).date()
    added = [lead(random, today) for _ in range(count)]
    for row in await writing.add(connection, owner.account_id, Act(owner.user_id), added):
        created_at = moment(random, today, zone, present)
        closed_at = max(created_at, moment(random, today, zone, present))
        instants = [closed_at if row["lead_status"] == status else None for status in ("converted", "lost")]
        deleted_at = present if random.random() < 0.1 else None
        await connection.execute(PLACE, owner.account_id, row["id"], created_at, *instants, deleted_at)


async def assert_agrees(client: httpx.AsyncClient, database: Database, owner: Actor, zone: str) -> None:
    """Compare the whole answer with the model's."""
    async with tenant(database, owner.account_id) as connection:
        rows = await connection.fetch("select * from leads where account_id = $1", owner.account_id)
    for days in (1, 7, 30, 90, 365):
        answer = await client.get("/api/analytics", params={"days": days}, headers=owner.headers)
        assert answer.status_code == 200, answer.text
        today = date.fromisoformat(answer.json()["period"]["endDate"])
        assert answer.json() == expected(rows, today, ZoneInfo(zone), days), (zone, days)


@pytest.mark.parametrize("zone", ZONES)
async def test_every_number_is_that_of_plain_python_before_and_after_folding(
    zone: str, cast: Cast, client: httpx.AsyncClient, database: Database
) -> None:
    owner, random = await cast.owner(), Random(zone)
    for _ in range(2):
        async with tenant(database, owner.account_id) as connection:
            await connection.execute("update accounts set time_zone = $2 where id = $1", owner.account_id, zone)
            await fill(connection, owner, random, ZoneInfo(zone), 130)
        await assert_agrees(client, database, owner, zone)
        async with maintenance(database) as connection:
            await fold_counts(connection, at_least=1)
        await assert_agrees(client, database, owner, zone)


async def test_another_time_zone_of_the_account_needs_no_new_sums(
    cast: Cast, client: httpx.AsyncClient, database: Database
) -> None:
    owner = await cast.owner()
    async with tenant(database, owner.account_id) as connection:
        await fill(connection, owner, Random(3), ZoneInfo("UTC"), 150)
    for zone in ZONES:
        async with tenant(database, owner.account_id) as connection:
            await connection.execute("update accounts set time_zone = $2 where id = $1", owner.account_id, zone)
        await assert_agrees(client, database, owner, zone)


async def test_a_label_is_cut_where_no_lead_of_ours_would_end(cast: Cast, database: Database) -> None:
    owner = await cast.owner()
    async with tenant(database, owner.account_id) as connection:
        await writing.add(connection, owner.account_id, Act(owner.user_id), [lead(Random(1), date(2031, 3, 4))])
        await connection.execute(
            "update leads set preferred_communication_channel = repeat('x', 5000) where account_id = $1",
            owner.account_id,
        )
        found = await queries.figures(connection, owner.account_id, calendar_of(date(2031, 3, 4), ZoneInfo("UTC"), 7))
    assert found.channels == [("x" * 255, 1)]


async def test_a_forgotten_account_in_the_statement_shows_nothing_of_others(
    cast: Cast, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, stranger = await cast.owner(), await cast.owner()
    calendar = calendar_of(now().date(), ZoneInfo("UTC"), 30)
    async with tenant(database, stranger.account_id) as connection:
        nothing = await queries.figures(connection, stranger.account_id, calendar)
    async with tenant(database, owner.account_id) as connection:
        await fill(connection, owner, Random(5), ZoneInfo("UTC"), 40)
        assert await queries.figures(connection, owner.account_id, calendar) != nothing
    forgetful = re.sub(r"\baccount_id = \$1", "$1::uuid is not null", queries.FIGURES)
    assert "account_id" not in forgetful
    monkeypatch.setattr(queries, "FIGURES", forgetful)
    async with tenant(database, stranger.account_id) as connection:
        assert await queries.figures(connection, owner.account_id, calendar) == nothing


async def test_a_request_cannot_change_tallies_that_are_there(cast: Cast, database: Database) -> None:
    owner = await cast.owner()
    statements: list[Any] = ["update lead_tallies set lead_count = 0", "delete from lead_tallies"]
    for statement in statements:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with tenant(database, owner.account_id) as connection:
                await connection.execute(statement)
