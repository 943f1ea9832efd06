"""The SQL of further phones and e-mail addresses of leads."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from asyncpg import Record

from leadconnect.database.pool import Connection

OF_LEADS = """
    select lead_id, kind, value, key from lead_other_contacts
    where account_id = $1 and lead_id = any ($2::uuid[]) order by lead_id, kind desc, value
"""
ADD = """
    insert into lead_other_contacts (account_id, lead_id, kind, value, key, change_set_id)
    select $1, $2, kind, value, key, $3 from unnest($4::text[], $5::text[], $6::text[]) as given (kind, value, key)
    on conflict do nothing
"""
DROP = "delete from lead_other_contacts where account_id = $1 and change_set_id = $2"


class Contact(NamedTuple):
    """A phone or an e-mail address: its `kind` (``phone`` or ``email``), how it is written, and its key."""

    kind: str
    value: str
    key: str | None


async def of_leads(connection: Connection, account_id: UUID, lead_ids: Iterable[UUID]) -> list[Record]:
    """Return the further contacts of leads, as rows of `lead_id`, `kind`, `value` and `key`."""
    return await connection.fetch(OF_LEADS, account_id, list(lead_ids))


async def values_of(connection: Connection, account_id: UUID, lead_ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Return how the further contacts of leads are written, by lead."""
    found: dict[UUID, list[str]] = {}
    for row in await of_leads(connection, account_id, lead_ids):
        found.setdefault(row["lead_id"], []).append(row["value"])
    return found


async def add(
    connection: Connection, account_id: UUID, lead_id: UUID, change_set_id: UUID, contacts: Sequence[Contact]
) -> None:
    """Give a lead further contacts, by the merge `change_set_id`."""
    columns = [[each[position] for each in contacts] for position in range(3)]
    await connection.execute(ADD, account_id, lead_id, change_set_id, *columns)


async def drop(connection: Connection, account_id: UUID, change_set_id: UUID) -> None:
    """Take the further contacts away that a merge has given."""
    await connection.execute(DROP, account_id, change_set_id)
