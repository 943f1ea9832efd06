"""The SQL of erasing an account. Which tables there are is read from the catalogue, so none can be forgotten."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import msgspec

from leadconnect.database.pool import Connection

LIMIT = timedelta(hours=6)
"""For one statement, as in `leadconnect.database.transaction.PATIENCE`: an account may have millions of rows."""

ACCOUNT = "select id, company_name from accounts where id = $1"
ACCOUNT_OF_OWNER = """
    select a.id, a.company_name
    from users u
    join accounts a on a.id = u.account_id and a.owner_id = u.id
    where u.email_normal = $1
    order by u.deleted_at is null desc, u.id desc limit 1
"""
ACCOUNTS = """
    select a.id, a.company_name, u.email, a.created_at,
        (select count(*) from users m where m.account_id = a.id and m.deleted_at is null) as user_count
    from accounts a left join users u on u.account_id = a.id and u.id = a.owner_id
    order by a.created_at, a.id
"""
CLOSE = """
    with shut as (update users set is_active = false where account_id = $1)
    update sessions set revoked_at = now(), revoked_reason = 'account erased'
    where account_id = $1 and revoked_at is null
"""
LOCK_ACCOUNT = "select id as account_id from accounts where id = $1 for update"
LOCK_USERS = "select email_normal from users where account_id = $1 order by id for update"

TENANT_TABLES = """
    select c.oid::bigint as id, c.relname::text as name,
        format('delete from %I where %I = $1', c.relname, a.attname) as statement,
        array(
            select k.confrelid::bigint from pg_constraint k
            where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid and not k.condeferrable
        ) as parents
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
        and a.attname = case when c.relname = 'accounts' then 'id' else 'account_id' end
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    order by c.relname
"""

DELETE_JOBS = """
    delete from pgqueuer where for_account = $1 or position(convert_to($1::text, 'UTF8') in payload) > 0
"""
JOBS_OF_NOBODY = """
    select id, payload from pgqueuer where for_account is null and payload is not null and id > $1 order by id limit $2
"""
DELETE_JOBS_BY_ID = "delete from pgqueuer where id = any($1)"
DELETE_JOB_KEYS = "delete from job_keys where for_account = $1 or position($1::text in key) > 0"


class FoundAccount(msgspec.Struct, frozen=True):
    """An account that may be erased."""

    id: UUID
    company_name: str


class ListedAccount(msgspec.Struct, frozen=True):
    """An account with its owner's address and how many users it has."""

    id: UUID
    company_name: str
    email: str | None
    created_at: datetime
    user_count: int


class TenantTable(msgspec.Struct, frozen=True):
    """A table that has an account in each row, what deletes the rows of one, and the tables it points to."""

    id: int
    name: str
    statement: str
    parents: list[int]


async def account(connection: Connection, account_id: UUID) -> FoundAccount | None:
    """Return an account by its id."""
    row = await connection.fetchrow(ACCOUNT, account_id)
    return FoundAccount(**row) if row else None


async def account_of_owner(connection: Connection, email_normal: str) -> FoundAccount | None:
    """Return the account that the user of an address owns."""
    row = await connection.fetchrow(ACCOUNT_OF_OWNER, email_normal)
    return FoundAccount(**row) if row else None


async def accounts(connection: Connection) -> list[ListedAccount]:
    """Return all accounts, the oldest first."""
    return [ListedAccount(**row) for row in await connection.fetch(ACCOUNTS)]


async def close(connection: Connection, account_id: UUID) -> None:
    """Let nobody of the account in any more: users are deactivated, and sessions ended."""
    await connection.execute(CLOSE, account_id, timeout=LIMIT.total_seconds())


async def hold(connection: Connection, account_id: UUID) -> list[str] | None:
    """Lock the account and its users, waiting for whoever is writing, and return the users' normalised addresses.

    Until commit nothing can be added that belongs to them. None when there is no such account.
    """
    if await connection.fetchval(LOCK_ACCOUNT, account_id) is None:
        return None
    return [row["email_normal"] for row in await connection.fetch(LOCK_USERS, account_id)]


async def tenant_tables(connection: Connection) -> list[TenantTable]:
    """Return every table that has an account. Of the foreign keys between them, the deferred ones are left out."""
    return [TenantTable(**row) for row in await connection.fetch(TENANT_TABLES)]


async def delete_rows(connection: Connection, table: TenantTable, account_id: UUID) -> int:
    """Delete the account's rows of a table; return how many there were."""
    return _count(await connection.execute(table.statement, account_id, timeout=LIMIT.total_seconds()))


async def delete_jobs(connection: Connection, account_id: UUID) -> int:
    """Delete the jobs that the account's transactions added, and those that name it in ids."""
    return _count(await connection.execute(DELETE_JOBS, account_id, timeout=LIMIT.total_seconds()))


async def jobs_of_nobody(connection: Connection, after: int, count: int) -> list[asyncpg.Record]:
    """Return id and payload of jobs that were added before an account was known, by id."""
    return list(await connection.fetch(JOBS_OF_NOBODY, after, count))


async def delete_jobs_by_id(connection: Connection, ids: Sequence[int]) -> int:
    """Delete these jobs."""
    return _count(await connection.execute(DELETE_JOBS_BY_ID, list(ids)))


async def delete_job_keys(connection: Connection, account_id: UUID) -> int:
    """Delete the keys of jobs that the account's transactions took, and those that name it."""
    return _count(await connection.execute(DELETE_JOB_KEYS, account_id, timeout=LIMIT.total_seconds()))


def _count(status: str) -> int:
    """Return the number of rows in the status of a statement, such as ``DELETE 7``."""
    return int(status.rpartition(" ")[2])
