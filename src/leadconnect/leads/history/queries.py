"""The SQL of histories. The statements that change leads, in `leads.queries`, write their events themselves, so that no
change is without and none costs a round trip more.
"""

from uuid import UUID

from leadconnect.database.pool import Connection
from leadconnect.leads.history.models import Act, EventRow

EVENT_OF_LEAD = "lead_events (account_id, lead_id, id, actor_id, kind, source, change_set_id)"
EVENT_OF_FIELD = f"{EVENT_OF_LEAD.removesuffix(')')}, field, old_value, new_value)"
"""What is inserted into for an event of a whole lead, and for one of a field."""

OPEN_CHANGE_SET = """
    insert into change_sets (account_id, id, kind, actor_id, description, lead_count, state, request, undoes)
    values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9)
"""

EVENTS = """
    select e.id, e.lead_id, e.kind, e.happened_at, e.actor_id, u.full_name as actor_name, e.source, e.change_set_id,
        e.field, e.old_value, e.new_value
    from lead_events e
    left join users u on u.account_id = e.account_id and u.id = e.actor_id
    where e.account_id = $1 and ($3::uuid is null or e.id < $3) and e.lead_id = any (array(
        select $2 union all select old_id from lead_redirects where account_id = $1 and lead_id = $2
    ))
    order by e.id desc
    limit $4
"""
IS_KNOWN = """
    select exists (
        select from leads where account_id = $1 and id = $2 and (
            deleted_at is null
            or $3::boolean and not exists (select from lead_redirects where account_id = $1 and old_id = $2)
        )
    )
"""


async def open_change_set(
    connection: Connection,
    account_id: UUID,
    act: Act,
    kind: str,
    *,
    description: str,
    lead_count: int,
    state: str = "done",
    request: str | None = None,
    undoes: UUID | None = None,
) -> None:
    """Store `act` as a change set, in its transaction. All its events have the id of the change set.

    `description` is for users, such as the name of a file. `lead_count` is the number of leads that it adds, changes or
    deletes. A pending one has its JSON `request`, or the change set that it `undoes`.
    """
    values = (act.change_set_id, kind, act.actor_id, description, lead_count, state, request, undoes)
    await connection.execute(OPEN_CHANGE_SET, account_id, *values)


async def events(
    connection: Connection, account_id: UUID, lead_id: UUID, *, before: UUID | None, limit: int
) -> list[EventRow]:
    """Return up to `limit` events of a lead of the account and of those that were merged into it, older than the event
    `before`, the newest first.
    """
    return [EventRow(**row) for row in await connection.fetch(EVENTS, account_id, lead_id, before, limit)]


async def is_known(connection: Connection, account_id: UUID, lead_id: UUID, *, deleted_too: bool) -> bool:
    """Tell whether the account has the lead, among those that are not deleted or among all but those that were merged
    into another one.
    """
    found: bool = await connection.fetchval(IS_KNOWN, account_id, lead_id, deleted_too)
    return found
