"""Applying an import: its leads are added and changed as its plan says, slice by slice, in one transaction."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from uuid import UUID

import msgspec
from asyncpg import Record

from leadconnect.auth.services import Services
from leadconnect.database.pool import Connection
from leadconnect.database.transaction import tenant
from leadconnect.imports import queries
from leadconnect.imports.models import Plan, Status, Verdict
from leadconnect.imports.options import Options
from leadconnect.imports.planning import Superseded, require
from leadconnect.imports.queries import Run
from leadconnect.imports.verdicts import queries as verdicts
from leadconnect.imports.verdicts.actions import judged_again, matched
from leadconnect.imports.verdicts.matching import SAME_LEAD, lead_of, system_of
from leadconnect.imports.verdicts.queries import NewVerdict
from leadconnect.leads import writing
from leadconnect.leads.additions import Addition, Columns, addition, columns
from leadconnect.leads.changes.models import ChangeSetKind
from leadconnect.leads.duplicates.keys import Keys
from leadconnect.leads.history.models import Act, Source
from leadconnect.mail.announcements import Announcement, Kind, announce
from leadconnect.recognition.vocabulary.campaigns import OWN_EXPORT

AT_ONCE = 1_000
"""Rows that one statement writes, between two looks at whether the order still holds."""


class BeingApplied(Exception):
    """Another worker is at it: one that was taken for dead is not."""


class Part(msgspec.Struct, frozen=True):
    """Rows that follow each other, and those of them that become leads as arrays for the statement that adds them."""

    rows: "list[Prepared]"
    arrays: Columns

    @property
    def last(self) -> int:
        """The number of the last row."""
        return self.rows[-1].number


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
            async with tenant(services.database, account_id, is_step=True) as other:
                await require(other, key, part.last, plan.totals.read)
        await applying.finish(row.file_name)


async def _parts(services: Services, key: Run, plan: Plan) -> AsyncIterator[Part]:
    """Yield the rows to be written. Each part is prepared, in a thread, while the one before it is being written."""
    coming = asyncio.create_task(_part(services, key, plan, 0))
    try:
        while part := await coming:
            coming = asyncio.create_task(_part(services, key, plan, part.last))
            yield part
    finally:
        await asyncio.gather(coming, return_exceptions=True)


async def _part(services: Services, key: Run, plan: Plan, after: int) -> Part | None:
    account_id, import_id, _ = key
    async with tenant(services.database, account_id) as connection:
        rows = await verdicts.rows_to_write(connection, account_id, import_id, after, AT_ONCE)
    return await asyncio.to_thread(_prepared_part, account_id, plan, rows) if rows else None


def _prepared_part(account_id: UUID, plan: Plan, rows: Sequence[Record]) -> Part:
    prepared = [_prepared(account_id, plan, row) for row in rows]
    return Part(prepared, _arrays(prepared))


def _arrays(rows: Sequence[Prepared]) -> Columns:
    additions = [row.addition for row in rows if row.addition is not None]
    return columns(additions) if additions else {}


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
        self._connection, self._key, self._options, self._plan, self._act = connection, key, options, plan, act
        self._import = key[:2]
        self._system = system_of(plan.mapping)
        self._targets: set[UUID] = set()
        self._sectors: set[str] = set()
        self._added_count = 0

    async def write(self, part: Part) -> None:
        """Write rows that follow each other, but for those that are judged otherwise by now: their leads may have been
        added, changed or deleted since.
        """
        connection, account_id = self._connection, self._import[0]
        rows = part.rows
        between = rows[0].number - 1, part.last
        found, _ = await matched(connection, *self._import, self._options, self._plan.mapping, between)
        others = {verdict.row_number: verdict for verdict in found}
        added = [row for row in rows if row.addition is not None and row.number not in others]
        wanted = [(row.number, row.lead_id, row.values) for row in rows if row.addition is None]
        wanted += [
            (row.number, other.lead_id, row.values)
            for row in rows
            if (other := others.get(row.number)) and other.verdict is Verdict.UPDATE and other.lead_id
        ]
        await verdicts.set_verdicts(connection, *self._import, found)
        if added:
            await writing.add_columns(connection, account_id, self._act, _arrays(added) if others else part.arrays)
        changed = await self._change(wanted)
        known = {row.number: row.external_id for row in rows if row.external_id}
        pairs = [(known[number], lead_id) for number, lead_id in changed if number in known]
        pairs += [(row.external_id, row.lead_id) for row in added if row.external_id]
        if pairs and self._system != OWN_EXPORT.name:
            await writing.set_external_ids(connection, account_id, self._system, pairs)
        self._added_count += len(added)
        self._sectors |= {row.values["sector"] for row in added if "sector" in row.values}

    async def _change(self, wanted: list[tuple[int, UUID, dict[str, str]]]) -> list[tuple[int, UUID]]:
        """Change the leads of rows, and return which; one that an earlier row has changed is left as it is."""
        first: list[tuple[int, UUID, dict[str, str]]] = []
        second: list[tuple[int, UUID, dict[str, str]]] = []
        for number, lead_id, values in wanted:
            (second if lead_id in self._targets else first).append((number, lead_id, values))
            self._targets.add(lead_id)
        changes, others = await judged_again(self._connection, self._import[0], self._options, first)
        others += [NewVerdict(number, Verdict.DUPLICATE, SAME_LEAD, lead_id) for number, lead_id, _ in second]
        await verdicts.set_verdicts(self._connection, *self._import, others)
        await writing.change(self._connection, self._import[0], self._act, changes)
        self._sectors |= {each.new_value for each in changes if each.field == "sector" and each.new_value}
        unchanged = {other.row_number for other in others}
        return [(number, lead_id) for number, lead_id, _ in first if number not in unchanged]

    async def finish(self, file_name: str) -> None:
        """Note the import as applied, with what it did in the end, and have people told of it as one event.

        Raises:
            Superseded: the order holds no longer.
        """
        connection, account_id = self._connection, self._import[0]
        await writing.add_sectors(connection, account_id, sorted(self._sectors))
        totals = await verdicts.totals(connection, *self._import)
        lead_count = totals.create + totals.update
        await writing.open_change_set(
            connection, account_id, self._act, ChangeSetKind.IMPORT, description=file_name, lead_count=lead_count
        )
        if self._options.remember and self._plan.file.has_header:
            await queries.remember(connection, account_id, self._plan.mapping)
        if self._added_count:
            event = Announcement(
                kind=Kind.LEADS_IMPORTED, account_id=account_id, actor_id=self._act.actor_id, count=self._added_count
            )
            await announce(connection, event)
        plan = msgspec.structs.replace(self._plan, totals=totals)
        if not await queries.set_applied(connection, self._key, self._act.change_set_id, plan):
            raise Superseded
        if not totals.reject:  # the reject file needs the header, and no row
            await queries.drop_file(connection, *self._import, kept_chunks=1)
