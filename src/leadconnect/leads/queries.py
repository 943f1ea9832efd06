"""The SQL of leads. Every statement names the account, though row security stands below."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from asyncpg import Record

from leadconnect.accounts.face import region_of
from leadconnect.database.pool import Connection
from leadconnect.leads.contacts import queries as contacts
from leadconnect.leads.duplicates.keys import Keys, contact_keys, needs_default_region
from leadconnect.leads.fields import FIELDS
from leadconnect.leads.terms import DOCUMENT_VERSION, search_document

_LEAD = ", ".join(("id", *FIELDS, "user_id"))
STORED = f"{_LEAD}, created_at, updated_at"
"""The columns of a lead but for its user, by the names of `leads.models.Lead`, and in its order."""
COLUMNS = f"""{_LEAD},
    date_part('epoch', created_at) as created_epoch, date_part('epoch', updated_at) as updated_epoch
"""
"""The same as a lead is answered: instants as seconds since 1970, for reading those of a page as instants costs more
than reading all of its texts.
"""
LIVE = "account_id = $1 and deleted_at is null"
NEWEST = "created_at desc, id desc"
BY_IDS = f"select {COLUMNS} from leads where {LIVE} and id = any ($2::uuid[]) order by {NEWEST}"  # noqa: S608  constants
BY_IDS_LOCKED = f"select {COLUMNS} from leads where {LIVE} and id = any ($2::uuid[]) order by id for update"  # noqa: S608
ONE = f"select {COLUMNS} from leads where {LIVE} and id = $2"  # noqa: S608  constants
ONE_LOCKED = f"{ONE} for update"
SEARCHED = ("name", "email", "phone_number", "company_name", "city")
"""The fields that search looks into, in the order of `search_document`."""
KEYED = ("phone_number", "email", "country")
"""The fields that tell who a lead is, in the order of `contact_keys`."""
WITH_OUTDATED_DOCUMENTS = f"""
    select distinct account_id from lead_search where document_version < {DOCUMENT_VERSION}
"""  # noqa: S608  constants
OUTDATED_DOCUMENTS = f"""
    select l.id, {", ".join(f"l.{field}" for field in SEARCHED)}
    from lead_search s
    join leads l on l.account_id = s.account_id and l.id = s.lead_id
    where s.account_id = $1 and s.document_version < {DOCUMENT_VERSION}
    order by s.lead_id limit $2
    for no key update of l
"""  # noqa: S608  constants
SET_DOCUMENT = f"""
    update lead_search set search_text = $3, search_codes = $4, document_version = {DOCUMENT_VERSION}
    where account_id = $1 and lead_id = $2
"""  # noqa: S608  constants
USER_NAMES = "select id, full_name from users where account_id = $1 and id = any ($2::uuid[])"


async def one(connection: Connection, account_id: UUID, lead_id: UUID, *, locked: bool = False) -> Record | None:
    """Return a row of `COLUMNS`; `locked` keeps others from changing it until the transaction ends."""
    return await connection.fetchrow(ONE_LOCKED if locked else ONE, account_id, lead_id)


async def by_ids(
    connection: Connection, account_id: UUID, lead_ids: Sequence[UUID], *, locked: bool = False
) -> dict[UUID, Record]:
    """Return rows of `COLUMNS` by id, without deleted leads; `locked` locks them until the transaction ends."""
    rows = await connection.fetch(BY_IDS_LOCKED if locked else BY_IDS, account_id, lead_ids)
    return {row["id"]: row for row in rows}


async def keys_of(connection: Connection, account_id: UUID, given: Sequence[Sequence[Any]]) -> list[Keys]:
    """Return the keys of leads whose values of `KEYED` are `given`."""
    region = await region_for(connection, account_id, given)
    return [contact_keys(phone, email, country, region) for phone, email, country in given]


async def region_for(connection: Connection, account_id: UUID, given: Iterable[Sequence[Any]]) -> str | None:
    """Return where the national numbers of the account are dialled; it is asked for only if one is among `given`."""
    if any(needs_default_region(phone, country) for phone, _, country in given):
        return await region_of(connection, account_id)
    return None


async def accounts_with_outdated_documents(connection: Connection) -> list[UUID]:
    """Return the accounts with leads whose documents are of an older version. Background work."""
    return [row["account_id"] for row in await connection.fetch(WITH_OUTDATED_DOCUMENTS)]


async def renew_documents(connection: Connection, account_id: UUID, *, limit: int) -> int:
    """Make outdated documents again, `limit` at most, deleted leads' too; return how many there were.

    The leads are locked, and whoever changes what is searched locks the lead first.
    """
    rows = await connection.fetch(OUTDATED_DOCUMENTS, account_id, limit)
    others = await contacts.values_of(connection, account_id, [row["id"] for row in rows])
    documents = [
        (
            account_id,
            row["id"],
            *search_document(account_id, *(row[field] for field in SEARCHED), also=others.get(row["id"], ())),
        )
        for row in rows
    ]
    if documents:
        await connection.executemany(SET_DOCUMENT, documents)
    return len(rows)


async def user_names(connection: Connection, account_id: UUID, user_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the full names of those who are users of the account."""
    return {row["id"]: row["full_name"] for row in await connection.fetch(USER_NAMES, account_id, list(user_ids))}
