"""Leads that were there before their totals were kept are added up by the migration that begins to."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import asyncpg
import pytest

from leadconnect.accounts import queries as accounts
from leadconnect.accounts.models import CompanySize, Industry, UserRole
from leadconnect.database.migrate import migrate, migration_files
from leadconnect.database.pool import Connection, Database
from leadconnect.database.transaction import maintenance, tenant
from leadconnect.dsn import connect_arguments
from leadconnect.identifiers import new_id
from leadconnect.leads.totals.queries import correct_counts
from leadconnect.settings import Settings
from tests import make
from tests.conftest import changed
from tests.dropping import drop_database

FIRST_WITH_TALLIES = "0007"
ADD_LEADS = """
    insert into leads (account_id, id, user_id, created_by, updated_by, name, phone_number, lead_status, converted_at,
        lost_at, deleted_at)
    select $1, id, $1, $1, $1, 'Jürgen Groß', '', status, case status when 'converted' then now() end,
        case status when 'lost' then now() end, case when $4 then now() end
    from unnest($2::uuid[], $3::text[]) as given (id, status)
"""
"""As leads were added by then: what adds them now writes more."""
TALLIES = "select kind, label, lead_count from lead_tallies where kind in ('source', 'converted') order by kind, label"


@pytest.fixture
async def earlier(settings: Settings, tmp_path: Path) -> AsyncIterator[Settings]:
    """Settings with a database that has the migrations before the tallies only."""
    for path in migration_files():
        if path.name < FIRST_WITH_TALLIES:
            shutil.copy(path, tmp_path)
    name = f"filling_{new_id().hex}"
    connection = await asyncpg.connect(**connect_arguments(settings.database_url))
    await connection.execute(f"create database {name}")
    url = urlunsplit(urlsplit(settings.database_url)._replace(path=f"/{name}"))
    await migrate(url, folder=tmp_path)
    yield changed(settings, database_url=url)
    await drop_database(connection, name)
    await connection.close()


async def add_account(connection: Connection, owner_id: UUID, statuses: list[str]) -> None:
    """Add an account whose id is its owner's, with a lead of each status, and one that is deleted."""
    await accounts.insert_account(
        connection,
        owner_id,
        owner_id,
        company_name="Rao Traders",
        company_size=CompanySize.UP_TO_10,
        industry=Industry.TEXTILE,
        custom_industry=None,
        website=None,
    )
    address = make.email()
    person = {"email": address, "email_normal": address, "full_name": "Asha Rao", "password": ""}
    await accounts.insert_user(connection, owner_id, owner_id, **person, role=UserRole.MANAGEMENT, custom_role=None)
    await connection.execute(ADD_LEADS, owner_id, [new_id() for _ in statuses], statuses, False)
    await connection.execute(ADD_LEADS, owner_id, [new_id()], ["hot"], True)


async def test_leads_of_all_accounts_are_added_up_by_the_migration(earlier: Settings) -> None:
    database = await Database.connect(earlier, "tests")
    added = {new_id(): statuses for statuses in (["new"], ["new", "converted", "lost"])}
    for account_id, statuses in added.items():
        async with tenant(database, account_id) as connection:
            await add_account(connection, account_id, statuses)
    await migrate(earlier.database_url)
    for account_id, statuses in added.items():
        async with tenant(database, account_id) as connection:
            found = [tuple(row) for row in await connection.fetch(TALLIES)]
        assert found == [("converted", "", 1)] * ("converted" in statuses) + [("source", "website", len(statuses))]
        async with maintenance(database) as connection:
            assert await correct_counts(connection, account_id) == 0
    await database.close()
