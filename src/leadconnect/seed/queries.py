"""The SQL of the demo data. Leads are copied into a temporary table and inserted from there, because PostgreSQL has no
COPY into a table whose row security is forced. What names that table stands in its function, for it is there only after
`make_copy_table`.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from leadconnect.accounts import insert_settings
from leadconnect.database.pool import Connection
from leadconnect.identifiers import new_id
from leadconnect.leads.models import text_key
from leadconnect.leads.terms import DOCUMENT_VERSION
from leadconnect.seed.generate import SeedAccount, SeedLead

LEAD_COLUMNS = (*SeedLead._fields, "city_key", "sector_key")
SEARCH_COLUMNS = ("search_text", "search_codes", "phone_key", "email_key")

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


async def make_copy_table(connection: Connection) -> None:
    """Make the temporary table of this connection that `insert_leads` needs, and lend it to the role of requests."""
    await connection.execute(
        f"""
        create temporary table if not exists seed_leads as
        select {", ".join(LEAD_COLUMNS)}, null::text as search_text, null::int[] as search_codes,
            null::text as phone_key, null::text as email_key
        from leads
        with no data
        """  # noqa: S608
    )
    await connection.execute("grant select, insert, truncate on seed_leads to leadconnect_request")


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


async def insert_leads(connection: Connection, account_id: UUID, rows: list[tuple[Any, ...]]) -> None:
    """Insert `rows` of `LEAD_COLUMNS` and `SEARCH_COLUMNS`; 5,000 stay well within the time a statement may take."""
    columns = ", ".join(LEAD_COLUMNS)
    await connection.copy_records_to_table("seed_leads", records=rows, columns=(*LEAD_COLUMNS, *SEARCH_COLUMNS))
    await connection.execute(
        f"""
        insert into leads (account_id, {columns}, converted_at, lost_at)
        select $1, {columns}, case lead_status when 'converted' then updated_at end,
            case lead_status when 'lost' then updated_at end
        from seed_leads
        """,  # noqa: S608
        account_id,
    )
    await connection.execute(
        f"""
        insert into lead_search (account_id, lead_id, created_at, search_text, search_codes, phone_key, email_key,
            is_keyed, document_version)
        select $1, id, created_at, search_text, search_codes, phone_key, email_key, true, {DOCUMENT_VERSION}
        from seed_leads
        """,  # noqa: S608  constants
        account_id,
    )
    await connection.execute(
        """
        insert into lead_events (account_id, lead_id, id, actor_id, kind, source, change_set_id, happened_at)
        select $1, id, id, created_by, 'created', 'import', $2, created_at from seed_leads
        """,
        account_id,
        new_id(),
    )
    await connection.execute("truncate seed_leads")


async def analyze(connection: Connection) -> None:
    """Let the planner learn how many leads there are now."""
    await connection.execute("analyze leads, lead_search, lead_tallies")
