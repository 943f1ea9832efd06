"""The keys of leads, and the ids by which other systems know them, as they are stored."""

from uuid import UUID

from leadconnect.database.pool import Connection, Database
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


async def known_ids(connection: Connection, system: str) -> dict[str, UUID]:
    """Return which leads of the transaction's account `system` knows by which ids."""
    rows = await connection.fetch("select external_id, lead_id from lead_external_ids where system = $1", system)
    return {row["external_id"]: row["lead_id"] for row in rows}
