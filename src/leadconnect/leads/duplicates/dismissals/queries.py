"""The SQL of pairs of leads that are not the same person.

A lead that was merged into another one keeps its pairs, and they count for the lead that it went into. So undoing a
merge needs to restore nothing.
"""

from collections.abc import Collection, Iterable
from uuid import UUID

from leadconnect.database.pool import Connection

ADD = """
    insert into duplicate_dismissals (account_id, lead_id, other_id, dismissed_by)
    values ($1, least($2::uuid, $3::uuid), greatest($2::uuid, $3::uuid), $4)
    on conflict do nothing
"""
REMOVE = """
    with members (lead_id, is_first) as (
        select $2::uuid, true
        union all
        select $3::uuid, false
        union all
        select old_id, lead_id = $2 from lead_redirects where account_id = $1 and lead_id in ($2, $3)
    )
    delete from duplicate_dismissals d using members as one, members as other
    where d.account_id = $1 and d.lead_id = one.lead_id and d.other_id = other.lead_id
        and one.is_first <> other.is_first
"""
PAIRS = """
    with members (lead_id, stands_for) as (
        select id, id from unnest($2::uuid[]) as given (id)
        union all
        select old_id, lead_id from lead_redirects where account_id = $1 and lead_id = any ($2::uuid[])
    )
    select distinct one.stands_for as lead_id, other.stands_for as other_id
    from members as one
    join duplicate_dismissals as d on d.account_id = $1 and d.lead_id = one.lead_id
    join members as other on other.lead_id = d.other_id
"""

Pairs = Collection[frozenset[UUID]]
"""Pairs of leads, in no order."""


async def add(connection: Connection, account_id: UUID, lead_id: UUID, other_id: UUID, user_id: UUID) -> None:
    """Keep that two leads are not the same person; once more changes nothing."""
    await connection.execute(ADD, account_id, lead_id, other_id, user_id)


async def remove(connection: Connection, account_id: UUID, lead_id: UUID, other_id: UUID) -> None:
    """Forget that two leads, or leads that were merged into them, are not the same person."""
    await connection.execute(REMOVE, account_id, lead_id, other_id)


async def pairs_among(connection: Connection, account_id: UUID, lead_ids: Iterable[UUID]) -> Pairs:
    """Return the pairs of these leads that are not the same person."""
    rows = await connection.fetch(PAIRS, account_id, list(lead_ids))
    return {frozenset((row["lead_id"], row["other_id"])) for row in rows}
