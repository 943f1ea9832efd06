"""The SQL of the demo accounts; their leads are added by `leads.writing`."""

from datetime import datetime

from leadconnect.accounts.face import insert_settings
from leadconnect.database.pool import Connection
from leadconnect.identifiers import new_id
from leadconnect.leads.models import text_key
from leadconnect.seed.generate import SeedAccount

IS_TAKEN = "select exists (select from log_in_candidate($1))"
INSERT_ACCOUNT = """
    insert into accounts
        (id, owner_id, company_name, company_size, industry, website, time_zone, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
"""
INSERT_USER = """
    insert into users
        (account_id, id, email, email_normal, full_name, role, custom_role, phone_number, password, created_at,
        updated_at)
    values ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9, $9)
"""
INSERT_PERMISSIONS = """
    insert into user_permissions
        (account_id, user_id, parent_user_id, can_view_leads, can_edit_leads, can_add_leads, can_export_leads)
    values ($1, $2, $3, $4, $5, $6, $7)
"""
INSERT_SECTOR = "insert into custom_sectors (account_id, id, sector, sector_key) values ($1, $2, $3, $4)"


async def is_taken(connection: Connection, address: str) -> bool:
    """Tell whether somebody logs in with `address`, given in its normal form."""
    found: bool = await connection.fetchval(IS_TAKEN, address)
    return found


async def insert_account(
    connection: Connection, account: SeedAccount, sectors: list[str], password: str, created_at: datetime
) -> None:
    """Insert `account`, its users with the hash `password`, their rights and settings, and its sectors."""
    owner, *others = account.users
    identity = (account.id, owner.id, account.company_name)
    details = (account.company_size, account.industry, account.website, account.time_zone, created_at)
    await connection.execute(INSERT_ACCOUNT, *identity, *details)
    for user in account.users:
        person = (user.email, user.full_name, user.role, user.custom_role, user.phone_number)
        await connection.execute(INSERT_USER, account.id, user.id, *person, password, created_at)
        await insert_settings(connection, account.id, user.id)
    for user in others:
        rights = (user.can_view_leads, user.can_edit_leads, user.can_add_leads, user.can_export_leads)
        await connection.execute(INSERT_PERMISSIONS, account.id, user.id, owner.id, *rights)
    await connection.executemany(
        INSERT_SECTOR, [(account.id, new_id(), sector, text_key(sector)) for sector in sectors]
    )


async def analyze(connection: Connection) -> None:
    """Let the planner learn how many leads there are now."""
    await connection.execute("analyze leads, lead_search, lead_tallies")
