"""The SQL of change sets."""

from uuid import UUID

from leadconnect.database.pool import Connection
from leadconnect.leads.changes.models import ChangeSetKind
from leadconnect.leads.history.models import Act

OPEN_CHANGE_SET = """
    insert into change_sets (account_id, id, kind, actor_id, description, lead_count) values ($1, $2, $3, $4, $5, $6)
"""


async def open_change_set(
    connection: Connection, account_id: UUID, act: Act, kind: ChangeSetKind, *, description: str, lead_count: int
) -> None:
    """Note `act` as one that can be undone, in the transaction that does it. Its id is that of all its events.

    `description` is for people, such as the name of a file; `lead_count` is how many leads it adds, changes or deletes.
    """
    values = (act.change_set_id, kind, act.actor_id, description, lead_count)
    await connection.execute(OPEN_CHANGE_SET, account_id, *values)
