"""Totals are sums of what was appended: right at every moment, whoever writes or folds at the same time."""

import asyncio
from random import Random
from typing import Any
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from leadconnect.database.pool import Connection, Database
from leadconnect.database.transaction import maintenance, tenant
from leadconnect.leads import queries, writing
from leadconnect.leads.fields import LeadInput
from leadconnect.leads.history.models import Act
from leadconnect.leads.listing import queries as listing
from leadconnect.leads.models import CustomerCategory, LeadStatus
from leadconnect.leads.selection import LeadFilters
from leadconnect.leads.totals import actions
from leadconnect.leads.totals import queries as totals
from leadconnect.wire import convert, values_of
from tests import make
from tests.cast import Actor, Cast

KEPT_AND_TRUE = (
    """
    select lead_status, customer_category, sum(kept) as kept, sum(truth) as truth
    from (
        select lead_status, customer_category, lead_count as kept, 0 as truth from lead_counts where account_id = $1
        union all
        select lead_status, customer_category, 0, 1 from leads where account_id = $1 and deleted_at is null
    ) as compared
    group by lead_status, customer_category
    """,
    """
    select kind, label, day, array[sum(kept), sum(kept_days)] as kept, array[sum(truth), sum(true_days)] as truth
    from (
        select kind, label, day, lead_count as kept, conversion_days as kept_days, 0 as truth, 0 as true_days
        from lead_tallies where account_id = $1
        union all
        select kind, label, day, 0, 0, 1, conversion_days
        from leads, lead_facets(lead_status, lead_source, preferred_communication_channel,
            custom_communication_channel, next_followup_date, created_at, converted_at, lost_at)
        where account_id = $1 and deleted_at is null
    ) as compared
    group by kind, label, day
    """,
)


class Undone(Exception):
    """Makes a transaction roll back."""


def leads(random: Random, count: int) -> list[LeadInput]:
    return [
        convert(
            make.lead(
                leadStatus=random.choice(values_of(LeadStatus)),
                customerCategory=random.choice(values_of(CustomerCategory)),
                leadSource=random.choice(["website", "referral", "on_field"]),
                preferredCommunicationChannel=random.choice(["phone", "email", None]),
                nextFollowupDate=random.choice(["2031-03-04", "2031-03-05", None]),
            ),
            LeadInput,
        )
        for _ in range(count)
    ]


async def differences(connection: Connection, account_id: UUID) -> list[Any]:
    """Compare kept totals and leads in one statement a table, so that both are seen at one moment."""
    rows = [row for statement in KEPT_AND_TRUE for row in await connection.fetch(statement, account_id)]
    return [dict(row) for row in rows if row["kept"] != row["truth"]]


async def write(database: Database, owner: Actor, random: Random) -> None:
    """Add, change and delete leads, some of it rolled back."""
    own: list[UUID] = []
    for _ in range(25):
        try:
            async with tenant(database, owner.account_id) as connection:
                await write_once(connection, owner, random, own)
                if random.random() < 0.2:
                    raise Undone
        except Undone:
            own.clear()


async def write_once(connection: Connection, owner: Actor, random: Random, own: list[UUID]) -> None:
    account_id, act = owner.account_id, Act(owner.user_id)
    choice = random.random()
    if choice < 0.5 or not own:
        rows = await writing.add(connection, account_id, act, leads(random, random.randint(1, 4)))
        own += [row["id"] for row in rows]
    elif choice < 0.8:
        row = await queries.one(connection, account_id, random.choice(own), locked=True)
        if row is not None:
            changes: dict[str, Any] = {
                "lead_status": random.choice(values_of(LeadStatus)),
                "city": random.choice(["Ulm", "Pune"]),
            }
            changes["preferred_communication_channel"] = random.choice(["phone", None])
            await writing.change_one(connection, account_id, act, row, changes)
    else:
        await writing.delete(connection, account_id, act, [own.pop()])


async def watch(database: Database, owner: Actor, written: asyncio.Event) -> None:
    """Fold again and again while others write, and compare each time."""
    while not written.is_set():
        async with maintenance(database) as connection:
            await totals.fold_counts(connection, at_least=1)
        async with tenant(database, owner.account_id) as connection:
            assert await differences(connection, owner.account_id) == []


async def test_totals_agree_with_the_leads_while_many_write_and_fold(cast: Cast, database: Database) -> None:
    owner, written = await cast.owner(), asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        for _ in range(2):
            tasks.create_task(watch(database, owner, written))
        writers = [tasks.create_task(write(database, owner, Random(seed))) for seed in range(4)]
        await asyncio.wait(writers)
        written.set()
    async with tenant(database, owner.account_id) as connection:
        truth = await connection.fetch("select lead_status, customer_category from leads where deleted_at is null")
        for filters in (
            LeadFilters(),
            LeadFilters(statuses=("hot", "new")),
            LeadFilters(category="existing"),
            LeadFilters(statuses=("lost",), category="potential"),
        ):
            found = await listing.page(connection, owner.account_id, filters, None, limit=1000, offset=0)
            assert found.total == len(found.rows)
            assert found.total == sum(
                (not filters.statuses or row["lead_status"] in filters.statuses)
                and filters.category in (None, row["customer_category"])
                for row in truth
            )
        assert len(truth) > 20


async def test_folding_leaves_one_row_a_group_and_drops_what_became_nothing(cast: Cast, database: Database) -> None:
    owner, ids = await cast.owner(), list[UUID]()
    for seed in range(3):
        async with tenant(database, owner.account_id) as connection:
            rows = await writing.add(connection, owner.account_id, Act(owner.user_id), leads(Random(seed), 8))
        ids += [row["id"] for row in rows]
    for kept_count in (24, 16, 0):
        async with tenant(database, owner.account_id) as connection:
            for lead_id in ids[kept_count:]:
                await writing.delete(connection, owner.account_id, Act(owner.user_id), [lead_id])
        async with maintenance(database) as connection:
            await totals.fold_counts(connection, at_least=1)
        async with tenant(database, owner.account_id) as connection:
            kept = await connection.fetch("select lead_status, customer_category, lead_count from lead_counts")
        groups = [(row["lead_status"], row["customer_category"]) for row in kept]
        assert len(groups) == len(set(groups))
        assert sum(row["lead_count"] for row in kept) == kept_count
        assert all(row["lead_count"] > 0 for row in kept)
        async with tenant(database, owner.account_id) as connection:
            kept = await connection.fetch("select kind, label, day, lead_count from lead_tallies")
        tallies = [(row["kind"], row["label"], row["day"]) for row in kept]
        assert len(tallies) == len(set(tallies))
        assert sum(row["lead_count"] for row in kept if row["kind"] == "source") == kept_count
        assert all(row["lead_count"] > 0 for row in kept)


async def test_folding_leaves_groups_alone_to_which_nothing_was_added(cast: Cast, database: Database) -> None:
    owner, seen = await cast.owner(), []
    for source in ("website", "referral", "referral"):
        async with tenant(database, owner.account_id) as connection:
            added = [convert(make.lead(leadSource=source), LeadInput)]
            await writing.add(connection, owner.account_id, Act(owner.user_id), added)
        async with maintenance(database) as connection:
            await totals.fold_counts(connection, at_least=1)
        async with tenant(database, owner.account_id) as connection:
            seen.append(await connection.fetch("select * from lead_tallies where kind = 'source' order by label desc"))
    assert [[(row["label"], row["lead_count"]) for row in rows] for rows in seen] == [
        [("website", 1)],
        [("website", 1), ("referral", 1)],
        [("website", 1), ("referral", 2)],
    ]
    assert seen[0][0] == seen[1][0] == seen[2][0]


async def test_few_changes_are_not_worth_folding(cast: Cast, database: Database) -> None:
    owner = await cast.owner()
    for _ in range(3):
        async with tenant(database, owner.account_id) as connection:
            await writing.add(connection, owner.account_id, Act(owner.user_id), leads(Random(3), 1))
    await actions.fold_counts(database)
    async with tenant(database, owner.account_id) as connection:
        assert await connection.fetchval("select count(*) from lead_counts where not is_folded") == 3


async def test_an_import_appends_a_row_a_group_and_not_one_a_lead(cast: Cast, database: Database) -> None:
    owner = await cast.owner()
    async with tenant(database, owner.account_id) as connection:
        await writing.add(connection, owner.account_id, Act(owner.user_id), leads(Random(5), 400))
        assert await connection.fetchval("select count(*) from lead_counts") <= len(LeadStatus) * len(CustomerCategory)
        sources, channels, followups, created_converted_lost = 3, 3, 8, 3
        most = sources + channels + followups + created_converted_lost
        assert await connection.fetchval("select count(*) from lead_tallies") <= most


async def test_a_change_of_nothing_that_is_added_up_appends_nothing(cast: Cast, database: Database) -> None:
    owner = await cast.owner()
    async with tenant(database, owner.account_id) as connection:
        (row,) = await writing.add(connection, owner.account_id, Act(owner.user_id), leads(Random(5), 1))
        before = await connection.fetch("select * from lead_tallies")
        await writing.change_one(connection, owner.account_id, Act(owner.user_id), row, {"city": "Ulm"})
        assert await connection.fetchval("select count(*) from lead_counts") == 1
        assert await connection.fetch("select * from lead_tallies") == before


WRONG = {
    "a count": "update lead_counts set lead_count = lead_count + 2 where account_id = $1",
    "a tally": "update lead_tallies set lead_count = lead_count + 2 where account_id = $1 and kind = 'channel'",
    "days": "update lead_tallies set conversion_days = 7 where account_id = $1 and kind = 'created'",
    "a lost tally": "delete from lead_tallies where account_id = $1 and kind = 'source'",
}


@pytest.mark.parametrize("statement", WRONG.values(), ids=WRONG.keys())
async def test_the_daily_check_mends_totals_that_are_wrong_and_says_so(
    statement: str, cast: Cast, database: Database
) -> None:
    owner = await cast.owner()
    async with tenant(database, owner.account_id) as connection:
        await writing.add(connection, owner.account_id, Act(owner.user_id), leads(Random(5), 10))
    async with maintenance(database) as connection:
        await connection.execute(statement, owner.account_id)
    async with tenant(database, owner.account_id) as connection:
        assert await differences(connection, owner.account_id) != []
    with capture_logs() as events:
        await actions.check_counts(database)
    told = [event["account_id"] for event in events if event["event"] == "lead_counts_were_wrong"]
    assert str(owner.account_id) in told
    async with tenant(database, owner.account_id) as connection:
        assert await differences(connection, owner.account_id) == []
    with capture_logs() as events:
        await actions.check_counts(database)
    assert "lead_counts_were_wrong" not in [event["event"] for event in events]


async def test_the_daily_check_may_take_longer_than_a_request_and_nothing_after_it_may(
    cast: Cast, database: Database
) -> None:
    owner = await cast.owner()
    async with maintenance(database) as connection:
        usual = await connection.fetchval("show statement_timeout")
        await totals.correct_counts(connection, owner.account_id)
        assert await connection.fetchval("show statement_timeout") == "2min"
    async with maintenance(database) as connection:
        assert await connection.fetchval("show statement_timeout") == usual == "5s"
