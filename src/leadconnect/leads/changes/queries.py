"""The SQL of change sets, and of what happened to their leads since."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from asyncpg import Record

from leadconnect.database.pool import Connection
from leadconnect.leads.changes.models import (
    ChangeSetKind,
    ChangeSetRow,
    ChangeSetState,
    LeftAloneItem,
    PastEvent,
    PendingAct,
    Undone,
)
from leadconnect.leads.fields import CHECKED
from leadconnect.leads.history.models import Act
from leadconnect.leads.history.queries import open_change_set
from leadconnect.wire import encode

CHANGE_SET = """
    c.id, c.kind, c.state, c.created_at, c.actor_id, u.full_name as actor_name, c.description, c.lead_count,
    c.done_count, c.failure, c.undoes, c.undone_by, o.kind as undoes_kind
    from change_sets c
    join users u on u.account_id = c.account_id and u.id = c.actor_id
    left join change_sets o on o.account_id = c.account_id and o.id = c.undoes
    where c.account_id = $1
"""
CHANGE_SETS = f"select {CHANGE_SET} and ($2::uuid is null or c.id < $2) order by c.id desc limit $3"
ONE_CHANGE_SET = f"select {CHANGE_SET} and c.id = $2"
LOCK_CHANGE_SET = "select id from change_sets where account_id = $1 and id = $2 for update"
PENDING_COUNT = "select count(*) from change_sets where account_id = $1 and state = 'pending'"
FINISH = """
    update change_sets
    set state = 'done', request = null, lead_count = $3, done_count = $3, left_alone = $4::jsonb, left_alone_count = $5
    where account_id = $1 and id = $2 and state = 'pending'
"""
FAIL = """
    with failed as (
        update change_sets set state = 'failed', request = null, failure = $3
        where account_id = $1 and id = $2 and state = 'pending'
        returning id
    )
    update change_sets set undone_by = null where account_id = $1 and undone_by = (select id from failed)
"""
MARK_UNDONE = "update change_sets set undone_by = $3 where account_id = $1 and id = $2"
PROGRESS = "update change_sets set done_count = $3 where account_id = $1 and id = $2 and state = 'pending'"
CLAIM = "select pg_try_advisory_xact_lock(hashtextextended($1::uuid::text, 0))"
PENDING = """
    select actor_id, request, undoes from change_sets where account_id = $1 and id = $2 and state = 'pending'
"""
LEFT_ALONE = "select left_alone, left_alone_count from change_sets where account_id = $1 and id = $2"
EVENT_COUNTS = """
    select kind, count(*) as event_count from lead_events
    where account_id = $1 and change_set_id = $2 and source <> 'api'
    group by kind
"""
NEXT_LEADS = """
    select distinct lead_id from lead_events
    where account_id = $1 and change_set_id = $2 and source <> 'api' and lead_id > $3
    order by lead_id limit $4
"""
LOCK_LEADS = f"""
    select id, deleted_at is not null as is_deleted, {", ".join(CHECKED)} from leads
    where account_id = $1 and id = any ($2::uuid[])
    order by id for update
"""  # noqa: S608  constants
EVENTS_SINCE = """
    select lead_id, change_set_id = $2 as is_own, kind, source, field, old_value, new_value, old_since
    from lead_events
    where account_id = $1 and lead_id = any ($3::uuid[])
        and happened_at >= (select created_at from change_sets where account_id = $1 and id = $2)
    order by lead_id, happened_at, id
"""


async def open_pending(
    connection: Connection,
    account_id: UUID,
    act: Act,
    kind: ChangeSetKind,
    *,
    description: str,
    lead_count: int,
    request: bytes | None = None,
    undoes: UUID | None = None,
) -> None:
    """Note `act` as one that is yet to be done: the JSON `request`, or to undo the change set `undoes`, which counts as
    undone from now on.
    """
    await open_change_set(
        connection,
        account_id,
        act,
        kind,
        description=description,
        lead_count=lead_count,
        state=ChangeSetState.PENDING,
        request=None if request is None else request.decode(),
        undoes=undoes,
    )
    if undoes is not None:
        await connection.execute(MARK_UNDONE, account_id, undoes, act.change_set_id)


async def pending_count(connection: Connection, account_id: UUID) -> int:
    """Return how many change sets of an account are not done yet."""
    return int(await connection.fetchval(PENDING_COUNT, account_id))


async def finish(connection: Connection, account_id: UUID, change_set_id: UUID, did: Undone) -> None:
    """Note a pending change set as done."""
    left_alone = encode(did.left_alone).decode()
    await connection.execute(FINISH, account_id, change_set_id, did.lead_count, left_alone, did.left_alone_count)


async def fail(connection: Connection, account_id: UUID, change_set_id: UUID, failure: str) -> None:
    """Note a pending change set as one of which nothing was done; what it was to undo can be undone again."""
    await connection.execute(FAIL, account_id, change_set_id, failure)


async def claim(connection: Connection, change_set_id: UUID) -> bool:
    """Be the only one at a change set until the transaction ends; False where somebody else is."""
    is_ours: bool = await connection.fetchval(CLAIM, change_set_id)
    return is_ours


async def pending(connection: Connection, account_id: UUID, change_set_id: UUID) -> PendingAct | None:
    """Return what is to be done of a change set; None once it is done or has failed."""
    row = await connection.fetchrow(PENDING, account_id, change_set_id)
    return PendingAct(**row) if row else None


async def note_progress(connection: Connection, account_id: UUID, change_set_id: UUID, done_count: int) -> None:
    """Note how many leads a pending change set has been through."""
    await connection.execute(PROGRESS, account_id, change_set_id, done_count)


async def change_sets(
    connection: Connection, account_id: UUID, *, before: UUID | None, limit: int
) -> list[ChangeSetRow]:
    """Return up to `limit` change sets of the account, older than the one `before`, the newest first."""
    return [ChangeSetRow(**row) for row in await connection.fetch(CHANGE_SETS, account_id, before, limit)]


async def change_set(
    connection: Connection, account_id: UUID, change_set_id: UUID, *, locked: bool = False
) -> ChangeSetRow | None:
    """Return a change set; `locked` lets nobody else undo it until the transaction ends."""
    if locked:  # first, for what another transaction wrote meanwhile is only seen by the next statement
        await connection.execute(LOCK_CHANGE_SET, account_id, change_set_id)
    row = await connection.fetchrow(ONE_CHANGE_SET, account_id, change_set_id)
    return ChangeSetRow(**row) if row else None


async def left_alone(connection: Connection, account_id: UUID, change_set_id: UUID) -> tuple[int, list[LeftAloneItem]]:
    """Return how much a change set left alone, and the first of it."""
    (row,) = await connection.fetch(LEFT_ALONE, account_id, change_set_id)
    return row["left_alone_count"], msgspec.json.decode(row["left_alone"], type=list[LeftAloneItem])


async def event_counts(connection: Connection, account_id: UUID, change_set_id: UUID) -> dict[str, int]:
    """Return how many events of each kind a change set has."""
    rows = await connection.fetch(EVENT_COUNTS, account_id, change_set_id)
    return {row["kind"]: row["event_count"] for row in rows}


async def next_leads(
    connection: Connection, account_id: UUID, change_set_id: UUID, *, after: UUID, limit: int
) -> list[UUID]:
    """Return the next leads of a change set by their ids, after the lead `after`."""
    rows = await connection.fetch(NEXT_LEADS, account_id, change_set_id, after, limit)
    return [row["lead_id"] for row in rows]


async def lock_leads(connection: Connection, account_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Record]:
    """Lock leads until the transaction ends; return by id rows of `is_deleted` and the columns `CHECKED`."""
    return {row["id"]: row for row in await connection.fetch(LOCK_LEADS, account_id, ids)}


async def events_since(
    connection: Connection, account_id: UUID, change_set_id: UUID, ids: Sequence[UUID]
) -> list[PastEvent]:
    """Return what happened to leads, which are locked, since a change set was begun, in order and lead by lead."""
    return [PastEvent(*row) for row in await connection.fetch(EVENTS_SINCE, account_id, change_set_id, ids)]
