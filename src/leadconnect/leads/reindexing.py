"""Make the documents of search again in the background, where those stored are of an older version.

Slices are short, because requests wait in the same process.
"""

import asyncio
from contextlib import suppress
from uuid import UUID

from leadconnect.database.pool import Database
from leadconnect.database.transaction import maintenance, tenant
from leadconnect.errors import ServiceBusy
from leadconnect.leads import queries

SLICE = 200
"""Leads in a transaction: about 5 ms of Python and 30 ms of PostgreSQL."""


async def renew_documents(database: Database) -> None:
    """Renew all outdated documents of every account; to be run every few minutes, and safe to run twice.

    An account that is busy is continued the next time.
    """
    async with maintenance(database) as connection:
        account_ids = await queries.accounts_with_outdated_documents(connection)
    for account_id in account_ids:
        with suppress(ServiceBusy):
            await renew_documents_of(database, account_id)


async def renew_documents_of(database: Database, account_id: UUID, *, batch_size: int = SLICE) -> None:
    """Renew all outdated documents of the account, `batch_size` in a transaction."""
    renewed_count = batch_size
    while renewed_count == batch_size:
        async with tenant(database, account_id) as connection:
            renewed_count = await queries.renew_documents(connection, account_id, limit=batch_size)
        await asyncio.sleep(0)
