"""Erasing an account: closing it, then deleting whatever any table has of it, in one transaction."""

from graphlib import TopologicalSorter
from uuid import UUID

import asyncpg
import msgspec

from leadconnect.accounts.models import normal_email
from leadconnect.database.pool import Connection, Database
from leadconnect.database.transaction import erasing, maintenance, tenant
from leadconnect.erasure import queries
from leadconnect.erasure.queries import FoundAccount, TenantTable
from leadconnect.errors import ServiceBusy
from leadconnect.logs import security_event
from leadconnect.mail.outbox import Outbox, UnreadablePayload

TRIES = 5
BATCH_SIZE = 500
"""Jobs that are opened at once."""


class NotErased(Exception):
    """The account is still there, closed; the message says why."""


async def find_account(database: Database, *, account_id: UUID | None, owner: str | None) -> FoundAccount | None:
    """Return the account of this id, or the one whose owner has this e-mail address."""
    async with maintenance(database) as connection:
        if account_id is not None:
            return await queries.account(connection, account_id)
        return await queries.account_of_owner(connection, normal_email(owner or ""))


async def erase(database: Database, outbox: Outbox, account_id: UUID) -> dict[str, int]:
    """Erase an account; return the rows that were deleted, by table. One that is gone already has none.

    It is closed first: from then on its users are refused with 401. A request that was let in before is waited for, or
    finds nothing to belong to any more.

    Raises:
        NotErased: requests were in the way again and again, or row security hides the account from its owner.
        ServiceBusy: the database is away.
    """
    async with tenant(database, account_id) as connection:
        await queries.close(connection, account_id)
    deleted: dict[str, int] = {}
    for left_count in reversed(range(TRIES)):
        try:
            async with erasing(database, account_id) as connection:
                deleted = await _erase(connection, outbox, account_id)
        except (ServiceBusy, asyncpg.ForeignKeyViolationError) as error:
            # A request that is still at it holds a lock or has just added a row; as nobody new gets in, they end soon.
            if not left_count:
                raise NotErased("The account is in use. It is closed now; please try again in a minute") from error
        else:
            break
    async with maintenance(database) as connection:
        if await queries.account(connection, account_id) is not None:
            raise NotErased("DATABASE_URL names a role that does not inherit what leadconnect_request may")
    security_event("account_erased", outcome="ok", account_id=str(account_id))
    return deleted


def in_order(tables: list[TenantTable]) -> list[TenantTable]:
    """Return `tables` such that each comes before those that it points to.

    Raises:
        graphlib.CycleError: two point to each other, and neither foreign key is deferred.
    """
    by_id = {table.id: table for table in tables}
    parents = TopologicalSorter({table.id: [one for one in table.parents if one in by_id] for table in tables})
    return [by_id[one] for one in reversed(list(parents.static_order()))]


async def _erase(connection: Connection, outbox: Outbox, account_id: UUID) -> dict[str, int]:
    addresses = await queries.hold(connection, account_id) or []
    deleted = {
        table.name: await queries.delete_rows(connection, table, account_id)
        for table in in_order(await queries.tenant_tables(connection))
    }
    # Last of all, for whoever was waited for may have added some.
    unknown = await _delete_jobs_to(connection, outbox, addresses)
    deleted["pgqueuer"] = unknown + await queries.delete_jobs(connection, account_id)
    deleted["job_keys"] = await queries.delete_job_keys(connection, account_id)
    return {name: count for name, count in deleted.items() if count}


async def _delete_jobs_to(connection: Connection, outbox: Outbox, addresses: list[str]) -> int:
    """Delete the jobs that somebody asked for with one of `addresses`, before an account was known: forgotten passwords
    and codes. Their payloads are sealed, so each is opened.
    """
    wanted = [msgspec.json.encode(address) for address in addresses]
    deleted_count = last_id = 0
    while wanted and (jobs := await queries.jobs_of_nobody(connection, last_id, BATCH_SIZE)):
        found = [job["id"] for job in jobs if _names_one(outbox, job["payload"], wanted)]
        deleted_count += await queries.delete_jobs_by_id(connection, found)
        last_id = jobs[-1]["id"]
    return deleted_count


def _names_one(outbox: Outbox, payload: bytes, wanted: list[bytes]) -> bool:
    try:
        content = outbox.unseal(payload)
    except UnreadablePayload:  # ids, or sealed with another secret
        return False
    return any(address in content for address in wanted)
