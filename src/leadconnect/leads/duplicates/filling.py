"""Working keys out in the background: of leads that are older than they, and of all leads of an account that has moved
to another region, where national numbers are others. Slices are short, for requests wait in the same process.
"""

import asyncio
from contextlib import suppress
from uuid import UUID

from leadconnect.accounts.face import region_of
from leadconnect.database.pool import Database
from leadconnect.database.transaction import maintenance, tenant
from leadconnect.errors import ServiceBusy
from leadconnect.leads.duplicates import queries
from leadconnect.leads.duplicates.keys import contact_keys

SLICE = 300
"""Leads in a transaction: about 6 ms of Python, and 30 ms of PostgreSQL where all of them are written."""
BEFORE_ALL = UUID(int=0)


async def key_older_leads(database: Database) -> None:
    """Work out the keys of all leads that have none yet, in every account; to be done every few minutes. An account
    that is busy has its turn the next time.
    """
    async with maintenance(database) as connection:
        account_ids = await queries.accounts_without_keys(connection)
    for account_id in account_ids:
        with suppress(ServiceBusy):
            await key_leads(database, account_id, only_without_keys=True)


async def key_account(database: Database, payload: bytes) -> None:
    """Work out all keys of the account whose id, as text, is `payload`."""
    await key_leads(database, UUID(payload.decode()), only_without_keys=False)


async def key_leads(database: Database, account_id: UUID, *, only_without_keys: bool, at_once: int = SLICE) -> None:
    """Work out the keys of the account's leads and write those that are others than before. Safe to run twice."""
    last: UUID | None = BEFORE_ALL
    while last is not None:
        async with tenant(database, account_id) as connection:
            region = await region_of(connection, account_id)
            rows = await queries.next_contacts(
                connection, account_id, last, only_without_keys=only_without_keys, limit=at_once
            )
            keys = [(row, contact_keys(row["phone_number"], row["email"], row["country"], region)) for row in rows]
            changed = [
                (row["lead_id"], own)
                for row, own in keys
                if not row["is_keyed"] or own != (row["phone_key"], row["email_key"])
            ]
            if changed:
                await queries.set_keys(connection, account_id, changed)
        last = rows[-1]["lead_id"] if len(rows) == at_once else None
        await asyncio.sleep(0)
