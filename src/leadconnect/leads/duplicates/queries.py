"""The SQL of duplicates: who has a key, by which ids other systems know leads, and keys that are to be worked out."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from asyncpg import Record

from leadconnect.database.pool import Connection
from leadconnect.leads.duplicates.keys import Keys
from leadconnect.leads.duplicates.models import KINDS, Place

SHARERS = 20
"""How many leads of one key are looked at; one that more share, such as a number that stands for none, tells little."""


def _matching(kind: str, keys: str) -> str:
    """Return the statement of the leads that have any of `keys`. It asks for ranges in the order of the index of keys,
    so that this index is chosen where there are no statistics yet.
    """
    return f"""
        select '{kind}' as kind, sought.key, found.lead_id
        from (select distinct key from unnest({keys}::text[]) as given (key)) as sought
        cross join lateral (
            select lead_id from lead_search
            where account_id = $1 and {kind}_key between sought.key and sought.key and not is_deleted
            order by {kind}_key, lead_id limit $4
        ) as found
    """  # noqa: S608  constants


def _matching_others(kind: str, keys: str) -> str:
    """Return the statement of the leads that got any of `keys` from leads that were merged into them."""
    return f"""
        select '{kind}', sought.key, found.lead_id
        from (select distinct key from unnest({keys}::text[]) as given (key)) as sought
        cross join lateral (
            select lead_id from lead_other_contacts
            where account_id = $1 and kind = '{kind}' and key between sought.key and sought.key
            order by key, lead_id limit $4
        ) as found
        -- With a limit it stays the last step: as a join it would be the first one where there are no statistics, and
        -- walk the whole account.
        cross join lateral (
            select from lead_search
            where account_id = $1 and lead_id between found.lead_id and found.lead_id and not is_deleted
            order by lead_id limit 1
        ) as live
    """  # noqa: S608  constants


MATCHES = f"""
    {_matching("phone", "$2")}
    union all
    {_matching("email", "$3")}
    union all
    {_matching_others("phone", "$2")}
    union all
    {_matching_others("email", "$3")}
"""
PROFILES = """
    select s.lead_id, s.phone_key, s.email_key, l.name, l.company_name, l.date_of_birth, s.created_at = now() as is_own,
        array(
            select key from lead_other_contacts
            where account_id = $1 and lead_id = given.lead_id and kind = 'phone' and key is not null
        ) as other_phones,
        array(
            select key from lead_other_contacts
            where account_id = $1 and lead_id = given.lead_id and kind = 'email' and key is not null
        ) as other_emails
    from unnest($2::uuid[]) as given (lead_id)
    cross join lateral (
        select lead_id, phone_key, email_key, created_at from lead_search
        where account_id = $1 and lead_id = given.lead_id limit 1
    ) as s
    cross join lateral (
        select name, company_name, date_of_birth from leads where account_id = $1 and id = given.lead_id limit 1
    ) as l
"""
EXTERNAL_IDS = """
    select lead_id, system, external_id from lead_external_ids where account_id = $1 and lead_id = any ($2::uuid[])
"""


def _live(alias: str) -> str:
    """Return the condition that the lead of a row of `lead_other_contacts` is not deleted."""
    return f"""exists (
        select from lead_search l where l.account_id = $1 and l.lead_id = {alias}.lead_id and not l.is_deleted
    )"""


def _shared(kind: str) -> str:
    """Return the statement of the $3 next keys after $2 that several leads share, with the first $4 of these. A lead
    has its own key and those that it got from leads that were merged into it.
    """
    # The keys come from each table by its index, $3 at most, so a page does not read all leads of the account.
    return f"""
        with shared as (
            (
                select {kind}_key as key from lead_search
                where account_id = $1 and {kind}_key > $2 and not is_deleted
                group by {kind}_key having count(*) > 1
                order by {kind}_key limit $3
            ) union (
                select distinct o.key from lead_other_contacts o
                where o.account_id = $1 and o.kind = '{kind}' and o.key > $2 and {_live("o")} and (
                    exists (
                        select from lead_search s where s.account_id = $1 and s.{kind}_key between o.key and o.key
                            and not s.is_deleted and s.lead_id <> o.lead_id
                    ) or exists (
                        select from lead_other_contacts p where p.account_id = $1 and p.kind = '{kind}'
                            and p.key between o.key and o.key and p.lead_id <> o.lead_id and {_live("p")}
                    )
                )
                order by o.key limit $3
            )
            order by key limit $3
        )
        select shared.key, count(*) as lead_count, (array_agg(owner.lead_id order by owner.lead_id))[1:$4] as lead_ids
        from shared cross join lateral (
            select lead_id from lead_search
            where account_id = $1 and {kind}_key between shared.key and shared.key and not is_deleted
            union
            select o.lead_id from lead_other_contacts o
            where o.account_id = $1 and o.kind = '{kind}' and o.key between shared.key and shared.key and {_live("o")}
        ) as owner
        group by shared.key order by shared.key
    """  # noqa: S608  constants


SHARED = tuple(map(_shared, KINDS))

WITHOUT_KEYS = "select distinct account_id from lead_search where not is_keyed"
CONTACTS = """
    select s.lead_id, s.phone_key, s.email_key, s.is_keyed, l.phone_number, l.email, l.country
    from lead_search s
    join leads l on l.account_id = s.account_id and l.id = s.lead_id
    where s.account_id = $1 and s.lead_id > $2
    order by s.lead_id limit $3
    for no key update of l
"""
CONTACTS_WITHOUT_KEYS = CONTACTS.replace("order by", "and not s.is_keyed order by")
SET_KEYS = """
    update lead_search set phone_key = given.phone_key, email_key = given.email_key, is_keyed = true
    from unnest($2::uuid[], $3::text[], $4::text[]) as given (lead_id, phone_key, email_key)
    where lead_search.account_id = $1 and lead_search.lead_id = given.lead_id
"""


async def matches(
    connection: Connection, account_id: UUID, phones: Iterable[str], emails: Iterable[str], *, per_key: int = SHARERS
) -> list[Record]:
    """Return which leads of the account have any of these keys, as rows of `kind` (see `KINDS`), `key` and `lead_id`:
    for each key the `per_key` leads that were added first. Deleted leads have none.
    """
    return await connection.fetch(MATCHES, account_id, list(phones), list(emails), per_key)


async def profile_parts(
    connection: Connection, account_id: UUID, lead_ids: Sequence[UUID]
) -> tuple[list[Record], dict[UUID, dict[str, frozenset[str]]]]:
    """Return rows of what is compared of leads, deleted ones too, with whether this transaction adds them; and by lead
    and by the name of a system the ids by which that system knows them.
    """
    rows = await connection.fetch(PROFILES, account_id, lead_ids)
    ids: dict[UUID, dict[str, frozenset[str]]] = {}
    for row in await connection.fetch(EXTERNAL_IDS, account_id, lead_ids):
        own = ids.setdefault(row["lead_id"], {})
        own[row["system"]] = own.get(row["system"], frozenset()) | {row["external_id"]}
    return rows, ids


async def shared_keys(connection: Connection, account_id: UUID, after: Place, *, limit: int) -> list[Record]:
    """Return the next keys of the kind of `after` that several leads share, as rows of `key`, `lead_count` and the
    `lead_ids` of those that were added first, up to `SHARERS`.
    """
    statement = SHARED[KINDS.index(after.kind)]
    return await connection.fetch(statement, account_id, after.key, limit, SHARERS)


async def accounts_without_keys(connection: Connection) -> list[UUID]:
    """Return the accounts with leads whose keys were not worked out. Background work."""
    return [row["account_id"] for row in await connection.fetch(WITHOUT_KEYS)]


async def next_contacts(
    connection: Connection, account_id: UUID, after: UUID, *, only_without_keys: bool, limit: int
) -> list[Record]:
    """Return the next leads of the account after the id `after`, deleted ones too, with their keys and what these are
    made of. The leads are locked, and whoever writes keys locks the lead first.
    """
    statement = CONTACTS_WITHOUT_KEYS if only_without_keys else CONTACTS
    return await connection.fetch(statement, account_id, after, limit)


async def set_keys(connection: Connection, account_id: UUID, keys: Sequence[tuple[UUID, Keys]]) -> None:
    """Write the keys of leads, by their ids."""
    columns = [lead_id for lead_id, _ in keys], [own.phone for _, own in keys], [own.email for _, own in keys]
    await connection.execute(SET_KEYS, account_id, *columns)
