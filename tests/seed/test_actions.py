"""Demo data in a real database: it is all there, in its account, searchable, and its log-ins work."""

import httpx
import pytest

from leadconnect.database.pool import Database
from leadconnect.database.transaction import tenant
from leadconnect.leads.duplicates.keys import contact_keys
from leadconnect.leads.models import text_key
from leadconnect.leads.search import search_document
from leadconnect.seed import actions
from leadconnect.seed.actions import SeedFailed, SeedResult, seed
from leadconnect.settings import Settings
from tests.conftest import changed

LEADS = 130
UNNAMED_SECTORS = """
    select count(*) from leads where sector is not null and sector not in (select sector from custom_sectors)
"""


@pytest.fixture(scope="module")
async def seeded(settings: Settings) -> SeedResult:
    written: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(actions, "CHUNK", 50)  # so that one account takes several statements, the last not full
        result = await seed(settings, accounts=2, leads=LEADS, number=5, progress=written.append)
    assert written == [50, 50, 30] * 2
    return result


async def test_every_account_has_its_leads_people_and_totals(seeded: SeedResult, database: Database) -> None:
    for account in seeded.accounts:
        async with tenant(database, account.id) as connection:
            assert await connection.fetchval("select count(*) from leads") == LEADS
            assert await connection.fetchval("select sum(lead_count) from lead_counts") == LEADS
            assert await connection.fetchval("select count(*) from users") == len(account.users)
            for table in ("notification_settings", "security_settings", "user_preferences"):
                assert await connection.fetchval(f"select count(*) from {table}") == len(account.users)
            assert await connection.fetchval("select count(*) from user_permissions") == len(account.users) - 1
            assert await connection.fetchval("select company_name from accounts") == account.company_name
            assert await connection.fetchval(UNNAMED_SECTORS) == 0


async def test_leads_are_stored_as_search_and_filters_expect_them(seeded: SeedResult, database: Database) -> None:
    account = seeded.accounts[0]
    async with tenant(database, account.id) as connection:
        rows = await connection.fetch("select * from leads l join lead_search s on s.lead_id = l.id")
    assert len(rows) == LEADS
    for row in rows:
        text, codes = search_document(
            account.id, row["name"], row["email"], row["phone_number"], row["company_name"], row["city"]
        )
        assert (row["search_text"], set(row["search_codes"])) == (text, set(codes))
        keys = contact_keys(row["phone_number"], row["email"], row["country"], account.home.code)
        assert (row["phone_key"], row["email_key"], row["is_keyed"]) == (*keys, True)
        assert (row["city_key"], row["sector_key"]) == (text_key(row["city"]), text_key(row["sector"]))


async def test_every_user_logs_in_with_the_password_that_was_told(
    seeded: SeedResult, client: httpx.AsyncClient
) -> None:
    assert seeded.email == seeded.accounts[0].users[0].email
    for account in seeded.accounts:
        for user in account.users:
            answer = await client.post("/api/auth/login", json={"email": user.email, "password": seeded.password})
            assert answer.status_code == 200, answer.text
            assert answer.json()["user"]["fullName"] == user.full_name


async def test_the_owner_lists_what_was_seeded_newest_first(seeded: SeedResult, client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/auth/login", json={"email": seeded.email, "password": seeded.password})
    headers = {"Authorization": f"Bearer {answer.json()['accessToken']}"}
    page = (await client.get("/api/leads?limit=50", headers=headers)).json()
    assert page["meta"]["total"] == LEADS
    instants = [lead["createdAt"] for lead in page["data"]]
    assert len(instants) == 50
    assert instants == sorted(instants, reverse=True)


async def test_a_second_run_takes_the_next_free_addresses(seeded: SeedResult, settings: Settings) -> None:
    again = await seed(settings, accounts=1, leads=3, number=5)
    taken = {user.email for account in seeded.accounts for user in account.users}
    assert not taken & {user.email for user in again.accounts[0].users}


async def test_an_account_without_leads_can_be_seeded(settings: Settings, database: Database) -> None:
    made = await seed(settings, accounts=1, leads=0)
    async with tenant(database, made.accounts[0].id) as connection:
        assert await connection.fetchval("select count(*) from leads") == 0


async def test_a_database_that_is_away_is_said_clearly(settings: Settings) -> None:
    away = changed(settings, database_url="postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(SeedFailed, match="cannot be reached"):
        await seed(away, accounts=1, leads=1)


async def test_a_database_without_our_tables_is_said_clearly(settings: Settings) -> None:
    url = settings.database_url
    elsewhere = changed(settings, database_url=f"{url}{'&' if '?' in url else '?'}search_path=pg_catalog")
    with pytest.raises(SeedFailed, match="leadconnect migrate"):
        await seed(elsewhere, accounts=1, leads=1)
