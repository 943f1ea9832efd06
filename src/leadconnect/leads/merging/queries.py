"""The SQL of merging: what is locked, what moves to the lead that stays, and how all of it is moved back."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from asyncpg import Record

from leadconnect.database.pool import Connection
from leadconnect.identifiers import new_id
from leadconnect.leads.history.models import Act, EventKind
from leadconnect.leads.history.queries import EVENT_OF_FIELD
from leadconnect.leads.queries import COLUMNS

LOCK = f"""
    select {COLUMNS}, deleted_at, converted_at, lost_at from leads
    where account_id = $1 and id = any ($2::uuid[])
    order by id for update
"""  # noqa: S608  constants
REDIRECT = "select lead_id from lead_redirects where account_id = $1 and old_id = $2"
REDIRECTS_OF = "select old_id, lead_id from lead_redirects where account_id = $1 and change_set_id = $2"


def _move(table: str, *key: str) -> str:
    """Return the statement that gives the lead $3 what the leads $2 have in `table`, and tells whose each row was."""
    columns = ", ".join(key)
    same = " and ".join(f"{table}.{column} = moving.{column}" for column in key)
    return f"""
        update {table} set lead_id = $3
        from (select lead_id, {columns} from {table} where account_id = $1 and lead_id = any ($2::uuid[])) as moving
        where {table}.account_id = $1 and {same}
        returning moving.lead_id as was_of, {", ".join(f"moving.{column}" for column in key)}
    """  # noqa: S608  constants


MOVE_NOTIFICATIONS = _move("notifications", "id")
MOVE_EXTERNAL_IDS = _move("lead_external_ids", "system", "external_id")
MOVE_REDIRECTS = _move("lead_redirects", "old_id")
CHILDREN = {
    ("notifications", "lead_id"): "moved",
    ("lead_external_ids", "lead_id"): "moved",
    ("lead_redirects", "lead_id"): "moved, so that no redirect leads to another one",
    ("lead_redirects", "old_id"): "the redirect that the merge leaves",
    ("lead_search", "lead_id"): "stays, out of what is searched, until the merge is undone",
    ("lead_events", "lead_id"): "stays, for nothing in it is ever changed; the lead's history shows it too",
    ("lead_merges", "lead_id"): "stays, to undo the merge by",
    ("lead_merges", "survivor_id"): "stays, to undo the merge by",
    ("lead_other_contacts", "lead_id"): "stays; the survivor gets a copy, which undoing the merge deletes",
    ("duplicate_dismissals", "lead_id"): "stays, and counts for the survivor until the merge is undone",
    ("duplicate_dismissals", "other_id"): "stays, and counts for the survivor until the merge is undone",
}
"""What becomes of every column that points to a lead when that lead is merged into another one."""

KEEP_MERGE = """
    insert into lead_merges (account_id, change_set_id, lead_id, survivor_id, converted_at, lost_at, notification_ids,
        redirected_ids, systems, external_ids)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
ADD_REDIRECTS = """
    insert into lead_redirects (account_id, old_id, lead_id, change_set_id)
    select $1, old_id, $2, $3 from unnest($4::uuid[]) as given (old_id)
"""
TELL = f"""
    insert into {EVENT_OF_FIELD}
    select $1, lead_id, event_id, $2, $3::text, $4::text, $5::uuid, null,
        case $3 when 'unmerged' then other_id::text end, case $3 when 'merged' then other_id::text end
    from unnest($6::uuid[], $7::uuid[], $8::uuid[]) as given (event_id, lead_id, other_id)
"""  # noqa: S608  constants

MERGES = """
    select lead_id, survivor_id, converted_at, lost_at, notification_ids, redirected_ids, systems, external_ids
    from lead_merges where account_id = $1 and change_set_id = $2 order by lead_id
"""
CHANGES = """
    select field, old_value, new_value from lead_events
    where account_id = $1 and lead_id = $2 and change_set_id = $3 and kind = 'changed'
"""
NOTIFICATIONS_BACK = """
    update notifications set lead_id = $2 where account_id = $1 and lead_id = $3 and id = any ($4::uuid[])
"""
EXTERNAL_IDS_BACK = """
    update lead_external_ids set lead_id = $2
    where account_id = $1 and lead_id = $3
        and (system, external_id) in (select * from unnest($4::text[], $5::text[]))
"""
REDIRECTS_BACK = """
    update lead_redirects set lead_id = $2 where account_id = $1 and lead_id = $3 and old_id = any ($4::uuid[])
"""
DROP_REDIRECTS = "delete from lead_redirects where account_id = $1 and change_set_id = $2"


class Moved(NamedTuple):
    """What a lead had that the one it is merged into has now."""

    notification_ids: list[UUID]
    redirected_ids: list[UUID]
    systems: list[str]
    external_ids: list[str]


async def lock(connection: Connection, account_id: UUID, lead_ids: Sequence[UUID]) -> dict[UUID, Record]:
    """Return rows of the leads by id, deleted ones too, and keep others from changing them until the transaction ends.

    They are locked in the order of their ids, so that two who lock the same leads cannot wait for each other.
    """
    return {row["id"]: row for row in await connection.fetch(LOCK, account_id, lead_ids)}


async def redirect(connection: Connection, account_id: UUID, lead_id: UUID) -> UUID | None:
    """Return the lead that a lead was merged into."""
    found: UUID | None = await connection.fetchval(REDIRECT, account_id, lead_id)
    return found


async def redirects_of(connection: Connection, account_id: UUID, change_set_id: UUID) -> dict[UUID, UUID]:
    """Return where the redirects that a merge left lead to now, by the ids of the merged leads."""
    rows = await connection.fetch(REDIRECTS_OF, account_id, change_set_id)
    return {row["old_id"]: row["lead_id"] for row in rows}


async def move_children(
    connection: Connection, account_id: UUID, lead_ids: Sequence[UUID], survivor_id: UUID
) -> dict[UUID, Moved]:
    """Give what `lead_ids` have to the survivor; return by lead what was theirs."""
    found = {lead_id: Moved([], [], [], []) for lead_id in lead_ids}
    for row in await connection.fetch(MOVE_NOTIFICATIONS, account_id, lead_ids, survivor_id):
        found[row["was_of"]].notification_ids.append(row["id"])
    for row in await connection.fetch(MOVE_REDIRECTS, account_id, lead_ids, survivor_id):
        found[row["was_of"]].redirected_ids.append(row["old_id"])
    for row in await connection.fetch(MOVE_EXTERNAL_IDS, account_id, lead_ids, survivor_id):
        found[row["was_of"]].systems.append(row["system"])
        found[row["was_of"]].external_ids.append(row["external_id"])
    return found


async def keep_merge(
    connection: Connection, account_id: UUID, act: Act, survivor_id: UUID, leads: Sequence[tuple[Record, Moved]]
) -> None:
    """Keep what is needed to undo a merge: the rows of its leads, the survivor's too, as they were, and what moved."""
    await connection.executemany(
        KEEP_MERGE,
        [
            (account_id, act.change_set_id, row["id"], survivor_id, row["converted_at"], row["lost_at"], *moved)
            for row, moved in leads
        ],
    )


async def add_redirects(
    connection: Connection, account_id: UUID, act: Act, lead_ids: Sequence[UUID], survivor_id: UUID
) -> None:
    """Let the ids of merged leads lead to the survivor."""
    await connection.execute(ADD_REDIRECTS, account_id, survivor_id, act.change_set_id, lead_ids)


async def tell(
    connection: Connection, account_id: UUID, act: Act, kind: EventKind, lead_ids: Sequence[UUID], survivor_id: UUID
) -> None:
    """Write that leads went into the survivor or came out of it, in the histories of both. What the one event puts
    there, the other takes away, so that a merge that was undone stands in nobody's way.
    """
    pairs = [pair for each in lead_ids for pair in ((survivor_id, each), (each, survivor_id))]
    of, other = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    ids = [new_id() for _ in pairs]
    await connection.execute(TELL, account_id, act.actor_id, kind, act.source, act.change_set_id, ids, of, other)


async def merges(connection: Connection, account_id: UUID, change_set_id: UUID) -> list[Record]:
    """Return what was kept of a merge, a row a lead, the survivor's too."""
    return await connection.fetch(MERGES, account_id, change_set_id)


async def changes(connection: Connection, account_id: UUID, lead_id: UUID, change_set_id: UUID) -> list[Record]:
    """Return what an act changed in a lead."""
    return await connection.fetch(CHANGES, account_id, lead_id, change_set_id)


async def move_back(connection: Connection, account_id: UUID, merge: Record) -> None:
    """Give a lead what it had before the merge, as far as the survivor still has it."""
    ids = account_id, merge["lead_id"], merge["survivor_id"]
    await connection.execute(NOTIFICATIONS_BACK, *ids, merge["notification_ids"])
    await connection.execute(REDIRECTS_BACK, *ids, merge["redirected_ids"])
    await connection.execute(EXTERNAL_IDS_BACK, *ids, merge["systems"], merge["external_ids"])


async def drop_redirects(connection: Connection, account_id: UUID, change_set_id: UUID) -> None:
    """Forget the redirects that a merge left."""
    await connection.execute(DROP_REDIRECTS, account_id, change_set_id)
