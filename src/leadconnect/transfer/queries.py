"""The SQL of an import."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Record

from leadconnect.database.pool import Connection
from leadconnect.leads.fields import LeadInput
from leadconnect.leads.history.models import Act
from leadconnect.leads.queries import insert


async def add(connection: Connection, account_id: UUID, act: Act, leads: Sequence[LeadInput]) -> list[Record]:
    """Add `leads` in one statement. Return a row of `leads.queries.COLUMNS` for each, in their order."""
    return await insert(connection, account_id, act, leads)
