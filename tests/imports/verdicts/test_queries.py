"""The plans of the statements that match rows: they do not depend on what PostgreSQL knows of the tables."""

from uuid import UUID

import httpx
import pytest

from leadconnect.database.planner import IN_INDEX_ORDER, NO_NESTED_LOOPS, NO_WALKS, without
from leadconnect.database.pool import Database
from leadconnect.database.transaction import tenant
from leadconnect.imports.repeats import queries as repeats
from leadconnect.imports.verdicts import queries
from leadconnect.imports.verdicts.lookup import queries as lookup
from leadconnect.leads.duplicates import queries as duplicates
from tests import make
from tests.cast import Actor, Cast

NO_IMPORT = UUID(int=0)


async def plan_of(database: Database, actor: Actor, methods: tuple[str, ...], statement: str, values: str) -> str:
    """Return how PostgreSQL carries a statement out whose plan it made while the tables were empty."""
    async with tenant(database, actor.account_id) as connection:
        await connection.execute("set local plan_cache_mode to force_generic_plan")
        async with without(connection, methods):
            await connection.execute(f"prepare looked_at as {statement}")
            rows = await connection.fetch(f"explain execute looked_at ('{actor.account_id}', {values})")
        await connection.execute("deallocate looked_at")
    return "\n".join(row[0] for row in rows)


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        (repeats.SET_SAME_IDS, f"'{NO_IMPORT}'"),
        (repeats.SET_REPEATED, f"'{NO_IMPORT}', '{{1}}', '{{2}}', '{{x}}', 1, 1"),
        (repeats.ADD_DETAILS, f"'{NO_IMPORT}', '{{1}}', '{{x}}', 1, 1"),
        (queries.SET_SECOND_CHANGES, f"'{NO_IMPORT}'"),
        (queries.SET_VERDICTS, f"'{NO_IMPORT}', '{{1}}', '{{skip}}', '{{x}}', '{{null}}', '{{null}}', 1, 1"),
    ],
)
async def test_rows_are_not_compared_one_by_one_with_each_other(
    statement: str, values: str, owner: Actor, database: Database
) -> None:
    found = await plan_of(database, owner, NO_NESTED_LOOPS, statement, values)
    assert "Nested Loop" not in found


@pytest.mark.parametrize(
    ("statement", "index", "condition", "values"),
    [
        (duplicates.MATCHES, "lead_search_phone_idx", "(phone_key <= given.key)", "'{+919876543210}', '{}', 5"),
        (duplicates.MATCHES, "lead_search_email_idx", "(email_key <= given_1.key)", "'{}', '{a@example.com}', 5"),
        (lookup.EXTERNAL_ID_MATCHES, "lead_external_ids_pkey", "(external_id <= given.key)", "'{1}', '{17}', 'zoho'"),
    ],
)
@pytest.mark.parametrize("knowledge", ["none", "another account's one number"])
async def test_a_key_is_looked_up_in_its_own_index(
    statement: str,
    index: str,
    condition: str,
    values: str,
    knowledge: str,
    client: httpx.AsyncClient,
    owner: Actor,
    cast: Cast,
    database: Database,
) -> None:
    if knowledge != "none":
        stranger = await cast.owner()
        for number in range(20):
            lead = make.lead(phoneNumber="+919876543210", email="a@example.com", name=f"Person {number}")
            (await client.post("/api/leads", json=lead, headers=stranger.headers)).raise_for_status()
        async with database.acquire() as connection:  # the login role owns the tables
            await connection.execute("analyze lead_search; analyze lead_external_ids")
    plan = await plan_of(database, owner, IN_INDEX_ORDER, statement, values)
    assert f"using {index}" in plan
    assert condition in plan


async def test_leads_and_rows_are_looked_up_by_their_keys(owner: Actor, database: Database) -> None:
    found = await plan_of(database, owner, IN_INDEX_ORDER, lookup.LIVE_IDS, "'{}'")
    assert "using lead_search_pkey" in found
    assert "(lead_id <= given.id)" in found
    found = await plan_of(database, owner, NO_WALKS, duplicates.PROFILES, "'{}'")
    assert "Index Scan using lead_search_pkey" in found
    assert "Index Scan using leads_pkey" in found
    found = await plan_of(database, owner, NO_WALKS, lookup.ROW_KEYS, f"'{NO_IMPORT}', 0, 1000")
    assert "Index Scan using import_rows_pkey" in found
