"""What decides something about leads: how they are shown to whom, and how they are changed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast
from uuid import UUID

import msgspec
from asyncpg import Record

from leadconnect.accounts.permissions import Right
from leadconnect.auth.principal import Principal
from leadconnect.database.pool import Connection, Database
from leadconnect.database.transaction import tenant
from leadconnect.errors import Conflict, MovedPermanently, NotFound, PreconditionFailed
from leadconnect.leads import queries, writing
from leadconnect.leads.duplicates.keys import Keys
from leadconnect.leads.duplicates.lookup import sharers_of
from leadconnect.leads.duplicates.models import AddedLead, Duplicate
from leadconnect.leads.duplicates.scoring import Profile
from leadconnect.leads.fields import LeadInput, LeadPatch, check_change, stored, stored_changes
from leadconnect.leads.history.models import Act
from leadconnect.leads.merging import queries as merging
from leadconnect.leads.models import (
    Lead,
    LeadOwner,
    LeadStatus,
    lead_answer,
    lead_owner,
)
from leadconnect.leads.versions import entity_tag, lead_version, matches
from leadconnect.mail.announcements import Announcement, Kind, announce
from leadconnect.wire import encode

ID_LENGTH = 36
MOST_DUPLICATES = 10
"""Leads that a new lead is said to be a duplicate of."""
NEWS: dict[str, Kind] = {LeadStatus.HOT: Kind.HOT_LEAD, LeadStatus.CONVERTED: Kind.CONVERSION}
"""What people are told when a lead comes to have a status."""


class NoSuchLead(NotFound):
    """There is no such lead."""

    code = "no_such_lead"


class LeadMoved(MovedPermanently):
    """This lead was merged into another one."""

    code = "lead_moved"

    def __init__(self, lead_id: UUID | None = None, part: str = "") -> None:
        """Lead to the lead `lead_id`, or to a `part` of it, such as ``history``."""
        super().__init__(_merged_into(lead_id))
        self.location = f"../{lead_id}/{part}" if part else str(lead_id)


class LeadMerged(Conflict):
    """This lead was merged into another one."""

    code = "lead_merged"

    def __init__(self, lead_id: UUID | None = None) -> None:
        """Name the lead `lead_id`."""
        super().__init__(_merged_into(lead_id))


def _merged_into(lead_id: UUID | None) -> str:
    return f"This lead was merged into {lead_id or 'another one'}"


class LeadChanged(PreconditionFailed):
    """The lead has been changed since you read it. Read it again, then repeat your change."""

    code = "lead_changed"


async def read(connection: Connection, principal: Principal, lead_id: UUID) -> tuple[Lead, str]:
    """Return one lead and its entity tag.

    Raises:
        NoSuchLead: not in this account.
        LeadMoved: it was merged into another one.
    """
    row = await existing(connection, principal.account_id, lead_id)
    return await tagged(connection, principal, row)


async def existing(connection: Connection, account_id: UUID, lead_id: UUID, part: str = "") -> Record:
    """Return the row of a lead that is there. `part` is what of it is asked for, as the address has it.

    Raises:
        NoSuchLead: not in this account.
        LeadMoved: it was merged into another one.
    """
    row = await queries.one(connection, account_id, lead_id)
    if row is None:
        raise await missing(connection, account_id, lead_id, part)
    return row


async def rows_of(
    connection: Connection, account_id: UUID, lead_ids: Sequence[UUID], *, locked: bool = False
) -> dict[UUID, Record]:
    """Return the rows of leads by id, without deleted ones; `locked` locks them until the transaction ends."""
    return await queries.by_ids(connection, account_id, lead_ids, locked=locked)


async def missing(connection: Connection, account_id: UUID, lead_id: UUID, part: str = "") -> NoSuchLead | LeadMoved:
    """Return what is to be raised for a lead that is not there and was to be read."""
    survivor_id = await merging.redirect(connection, account_id, lead_id)
    return NoSuchLead() if survivor_id is None else LeadMoved(survivor_id, part)


async def create(connection: Connection, principal: Principal, lead: LeadInput) -> tuple[AddedLead, str]:
    """Add a lead to the caller's account, and its sector to the account's; return it and its entity tag."""
    (keys,) = await keys_of_new(connection, principal.account_id, [lead])
    duplicates = await _duplicates(connection, principal, lead, keys)
    rows = await writing.add(connection, principal.account_id, Act(principal.user_id), [lead], [keys])
    await _announce(connection, principal, rows[0]["id"], Kind.NEW_LEAD, also=NEWS.get(lead.lead_status))
    (added,) = await shown(connection, principal, rows)
    values: dict[str, Any] = {field: getattr(added, field) for field in added.__struct_fields__}
    return AddedLead(**values, duplicates=duplicates), entity_tag(added.version)


async def keys_of_new(connection: Connection, account_id: UUID, leads: Iterable[LeadInput]) -> list[Keys]:
    """Return the keys by which leads that are not added yet are compared with others."""
    contacts = [(lead.phone_number, lead.email, lead.country) for lead in leads]
    return await queries.keys_of(connection, account_id, contacts)


async def _duplicates(connection: Connection, principal: Principal, lead: LeadInput, keys: Keys) -> list[Duplicate]:
    """Return the leads of which a new lead is a duplicate, if the caller may view leads."""
    if not principal.may(Right.VIEW_LEADS):
        return []
    sharers = await sharers_of(connection, principal.account_id, [keys])
    born = stored("date_of_birth", lead.date_of_birth)
    found = sharers.compare(Profile(lead.name, lead.company_name, keys, born)).duplicates
    return [Duplicate(id=lead_id, score=how.score, reasons=how.reasons) for lead_id, how in found[:MOST_DUPLICATES]]


async def change(
    connection: Connection, principal: Principal, lead_id: UUID, patch: LeadPatch, if_match: str | None
) -> tuple[Lead, str]:
    """Set what `patch` has and leave the rest; return the lead and its new entity tag. People are told when it has
    become hot or converted.

    Raises:
        NoSuchLead: not in this account.
        LeadMerged: it was merged into another one.
        LeadChanged: it is none of those that `if_match`, a header field, names.
        ValidationFailed: see `fields.check_change`.
    """
    before = await _locked(connection, principal, lead_id, if_match)
    changes = stored_changes(patch)
    check_change(before, changes)
    row = await writing.change_one(connection, principal.account_id, Act(principal.user_id), before, changes)
    news = NEWS.get(row["lead_status"])
    if news is not None and row["lead_status"] != before["lead_status"]:
        await _announce(connection, principal, lead_id, news)
    return await tagged(connection, principal, row)


async def remove(connection: Connection, principal: Principal, lead_id: UUID, if_match: str | None) -> None:
    """Delete a lead, so that nobody finds it any more; its row stays.

    Raises:
        NoSuchLead: not in this account.
        LeadMerged: it was merged into another one.
        LeadChanged: it is none of those that `if_match`, a header field, names.
    """
    await _locked(connection, principal, lead_id, if_match)
    await writing.delete(connection, principal.account_id, Act(principal.user_id), [lead_id])


async def restore(connection: Connection, principal: Principal, lead_id: UUID) -> tuple[Lead, str]:
    """Take a deletion back; return the lead and its new entity tag. One that is not deleted stays as it is.

    Raises:
        NoSuchLead: not in this account.
        LeadMerged: it is not deleted but merged into another one; undoing the merge brings it back.
    """
    await merging.lock(connection, principal.account_id, [lead_id])
    survivor_id = await merging.redirect(connection, principal.account_id, lead_id)
    if survivor_id is not None:
        raise LeadMerged(survivor_id)
    await writing.restore(connection, principal.account_id, Act(principal.user_id), [lead_id])
    return await read(connection, principal, lead_id)


async def named(database: Database, principal: Principal, rows: Sequence[Record]) -> list[Lead]:
    """Return the leads in `rows` like `shown`, in a transaction only where names are to be looked up."""
    if not _contact_ids(rows):
        return _shown(principal, rows, {})
    async with tenant(database, principal.account_id) as connection:
        return await shown(connection, principal, rows)


async def shown(connection: Connection, principal: Principal, rows: Sequence[Record]) -> list[Lead]:
    """Return the leads in `rows`, of `queries.COLUMNS`, as the caller may see them.

    Their common owner is written as JSON once; each lead holds those bytes.
    """
    if not rows:
        return []
    return _shown(principal, rows, await contact_names(connection, principal.account_id, rows))


def _shown(principal: Principal, rows: Sequence[Record], names: Mapping[str, str]) -> list[Lead]:
    user: Any = msgspec.Raw(encode(lead_owner(principal.owner, for_owner=principal.is_owner)))
    return [lead_answer(row, cast(LeadOwner, user), names) for row in rows]


async def contact_names(connection: Connection, account_id: UUID, rows: Sequence[Record]) -> dict[str, str]:
    """Return, by id as it is written, the names of users of the account whose id stands for the last contact in
    `rows`. Other accounts' users are not looked for.
    """
    written = _contact_ids(rows)
    if not written:
        return {}
    names = await queries.user_names(connection, account_id, set(written.values()))
    return {text: names[user_id] for text, user_id in written.items() if user_id in names}


def _contact_ids(rows: Sequence[Record]) -> dict[str, UUID]:
    """Return what stands for the last contact in `rows` and reads as an id."""
    written: dict[str, UUID] = {}
    for row in rows:
        text = row["last_contacted_by"]
        if text and len(text) == ID_LENGTH and (user_id := _id(text)):
            written[text] = user_id
    return written


async def _announce(
    connection: Connection, principal: Principal, lead_id: UUID, kind: Kind, *, also: Kind | None = None
) -> None:
    account_id, actor_id = principal.account_id, principal.user_id
    event = Announcement(kind=kind, also=also, account_id=account_id, actor_id=actor_id, lead_id=lead_id)
    await announce(connection, event)


async def tagged(connection: Connection, principal: Principal, row: Record) -> tuple[Lead, str]:
    """Return the lead in `row`, of `queries.COLUMNS`, as the caller may see it, and its entity tag."""
    (lead,) = await shown(connection, principal, [row])
    return lead, entity_tag(lead.version)


async def _locked(connection: Connection, principal: Principal, lead_id: UUID, if_match: str | None) -> Record:
    row = await queries.one(connection, principal.account_id, lead_id, locked=True)
    if row is None:
        survivor_id = await merging.redirect(connection, principal.account_id, lead_id)
        raise LeadMerged(survivor_id) if survivor_id else NoSuchLead
    check_version(row, if_match)
    return row


def check_version(row: Record, if_match: str | None) -> None:
    """Compare the version in `row` with the header field ``If-Match``, if there is one.

    Raises:
        LeadChanged: it is none of those that the field names.
    """
    if if_match is not None and not matches(if_match, lead_version(row["id"], row["updated_epoch"])):
        raise LeadChanged


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
