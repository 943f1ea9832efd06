"""Applying an import: its leads are added and changed as its plan says, slice by slice, in one transaction."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import msgspec

from leadconnect.auth.services import Services
from leadconnect.database.pool import Connection
from leadconnect.database.transaction import tenant
from leadconnect.leads.changes.models import ChangeSetKind
from leadconnect.leads.changes.queries import open_change_set
from leadconnect.leads.choices.queries import remember_sectors
from leadconnect.leads.duplicates.queries import remember_external_ids
from leadconnect.leads.history.models import Act, Source
from leadconnect.notifications.announce import Announcement, Kind, announce
from leadconnect.transfer.imports import queries
from leadconnect.transfer.imports.applying.queries import Addition, add, additions, change
from leadconnect.transfer.imports.models import ImportRow, Plan, Status, Verdict
from leadconnect.transfer.imports.planning import Superseded, require
from leadconnect.transfer.imports.queries import Run
from leadconnect.transfer.imports.verdicts import queries as verdicts
from leadconnect.transfer.imports.verdicts.actions import changes, matched

AT_ONCE = 1_000
"""Rows that one statement writes, between two looks at whether the order still holds."""


class BeingApplied(Exception):
    """Another worker is at it: one that was taken for dead is not."""


class Written(msgspec.Struct):
    """What an import has written so far: how many leads, and which sectors they name."""

    added: int = 0
    changed: int = 0
    sectors: set[str] = msgspec.field(default_factory=set)


class Prepared(msgspec.Struct, frozen=True):
    """A row to be written: what it says, and the lead that it becomes, unless it changes the lead of `lead_id`."""

    number: int
    lead_id: UUID
    external_id: str | None
    values: dict[str, str]
    addition: Addition | None


async def apply(services: Services, key: Run, actor_id: UUID) -> None:
    """Write an import for `actor_id`, as the order in `key` says and while it holds. All of it is written or nothing,
    and nobody sees any of it before it is all there.

    Raises:
        Superseded: the order holds no longer.
        BeingApplied: another worker is at it.
    """
    account_id, import_id, run = key
    async with tenant(services.database, account_id) as connection:
        if not await queries.is_alone(connection, account_id, import_id):
            raise BeingApplied
        row = await queries.one(connection, account_id, import_id)
        plan = row.planned() if row else None
        if row is None or plan is None or row.run != run or row.status != Status.APPLYING:
            raise Superseded
        applying = _Applying(connection, key, row.wanted(), plan, Act(actor_id, Source.IMPORT))
        async for part in _parts(services, key, plan):
            await applying.write(part)
            async with tenant(services.database, account_id) as other:
                await require(other, key, part[-1].number, plan.totals.read)
        await applying.finish(row.file_name)


async def _parts(services: Services, key: Run, plan: Plan) -> AsyncIterator[list[Prepared]]:
    """Yield the rows to be written. Each part is prepared, in a thread, while the one before it is being written."""
    coming = asyncio.create_task(_part(services, key, plan, 0))
    try:
        while part := await coming:
            coming = asyncio.create_task(_part(services, key, plan, part[-1].number))
            yield part
    finally:
        await asyncio.gather(coming, return_exceptions=True)


async def _part(services: Services, key: Run, plan: Plan, after: int) -> list[Prepared]:
    account_id, import_id, _ = key
    async with tenant(services.database, account_id) as connection:
        rows = await verdicts.rows_to_write(connection, account_id, import_id, after, AT_ONCE)
    return await asyncio.to_thread(lambda: [_prepared(account_id, plan, row) for row in rows])


def _prepared(account_id: UUID, plan: Plan, row: Record) -> Prepared:
    values = msgspec.json.decode(row["lead"], type=dict[str, str])
    added = None
    if row["verdict"] == Verdict.CREATE:
        keys = Keys(row["phone_key"], row["email_key"])
        added = addition(account_id, lead_of(values, plan.mapping), keys, row["lead_id"])
    return Prepared(row["row_number"], row["lead_id"], row["external_id"], values, added)


class _Applying:
    """One import on its way into the leads. `connection` is the transaction of it all."""

    def __init__(self, connection: Connection, key: Run, options: Options, plan: Plan, act: Act) -> None:
        self._connection, self._options, self._plan, self._act = connection, options, plan, act
        self._key = key
        self._account_id, self._import_id, _ = key
        self._system = plan.mapping.system or "file"
        self._written = Written()

    async def write(self, part: list[Prepared]) -> None:
        """Write rows that follow each other, but for those that are judged otherwise by now: somebody may have added or
        changed their leads since.
        """
        others = await self._judged_again(part)
        additions = [row.addition for row in part if row.addition and row.number not in others]
        wanted = [
            (row.number, others[row.number].lead_id or row.lead_id if row.number in others else row.lead_id, row.values)
            for row in part
            if (not row.addition if row.number not in others else others[row.number].verdict is Verdict.UPDATE)
        ]
        found, unchanged = await changes(self._connection, self._account_id, self._options, wanted)
        await verdicts.set_verdicts(self._connection, self._account_id, self._import_id, unchanged)
        await insert_quietly(self._connection, self._account_id, self._act, additions)
        await change_many(self._connection, self._account_id, self._act, found)
        await self._note(part, additions, found)
