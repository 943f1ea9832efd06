"""The kept plans of the statements that write leads find them by their ids."""

import re

import pytest

from leadconnect.database.pool import Database
from leadconnect.database.transaction import tenant
from leadconnect.leads import writing
from leadconnect.leads.fields import LeadInput
from leadconnect.leads.history.models import Act
from leadconnect.leads.writing import queries
from leadconnect.wire import convert
from tests import make
from tests.cast import Actor


async def kept_plan(owner: Actor, database: Database, statement: str, *, count: int, is_analysed: bool) -> str:
    """Return the plan of a prepared statement, for an account of `count` leads."""
    parameters = ["null"] * max(int(number) for number in re.findall(r"\$(\d+)", statement))
    async with tenant(database, owner.account_id) as connection:
        leads = [convert(make.lead(name=f"Person {number}"), LeadInput) for number in range(count)]
        await writing.add(connection, owner.account_id, Act(owner.user_id), leads)
    if is_analysed:
        async with database.acquire() as connection:
            await connection.execute("analyze leads")
    async with tenant(database, owner.account_id) as connection:
        await connection.execute("set local plan_cache_mode to force_generic_plan")
        await connection.execute(f"prepare written as {statement}")
        rows = await connection.fetch(f"explain execute written ({', '.join(parameters)})")
        await connection.execute("deallocate written")
    return "\n".join(row[0] for row in rows)


@pytest.mark.parametrize("statement", [queries.CHANGE, queries.DELETE], ids=["change", "delete"])
async def test_a_kept_plan_finds_leads_by_their_ids(owner: Actor, database: Database, statement: str) -> None:
    plan = await kept_plan(owner, database, statement, count=5_000, is_analysed=True)
    found = re.findall(r"Index Scan using \w+ on leads\b.*\n\s+Index Cond: (.*)", plan)
    assert found, plan
    assert all("id = " in condition.replace("account_id = ", "") for condition in found), plan
    assert "Seq Scan on leads" not in plan


async def test_a_kept_plan_finds_each_search_row_by_its_lead(owner: Actor, database: Database) -> None:
    plan = await kept_plan(owner, database, queries.INDEX, count=30, is_analysed=False)
    found = re.search(r"Index Scan using lead_search_pkey on lead_search\b.*\n\s+Index Cond: (.*)", plan)
    assert found, plan
    assert re.search(r"\blead_id = given\.", found[1]), plan
