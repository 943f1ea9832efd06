"""The keys of leads as they are stored."""

from uuid import UUID

from leadconnect.database.pool import Database
from leadconnect.database.transaction import tenant
from leadconnect.leads.duplicates.keys import Keys
from tests.cast import Actor


async def stored_keys(database: Database, actor: Actor, lead_id: str) -> Keys:
    """Return the keys of a lead, which must have been worked out."""
    async with tenant(database, actor.account_id) as connection:
        row = await connection.fetchrow(
            "select phone_key, email_key, is_keyed from lead_search where lead_id = $1", UUID(lead_id)
        )
    assert row is not None
    assert row["is_keyed"]
    return Keys(row["phone_key"], row["email_key"])


async def forget_keys(database: Database, actor: Actor) -> None:
    """Make all leads of an account older than their keys."""
    async with tenant(database, actor.account_id) as connection:
        await connection.execute("update lead_search set phone_key = null, email_key = null, is_keyed = false")
