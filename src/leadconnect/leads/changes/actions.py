"""What decides something about acts on many leads: whether they are done, at once or by the worker, and undone."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from uuid import UUID

import msgspec

from leadconnect.auth.principal import Principal
from leadconnect.database.pool import Connection, Database
from leadconnect.database.transaction import tenant
from leadconnect.errors import Conflict, NotFound, ServiceBusy, ValidationFailed
from leadconnect.leads.changes import bulk, queries
from leadconnect.leads.changes.models import (
    SHOWN,
    BulkRequest,
    BulkResult,
    ChangeSet,
    ChangeSetDetail,
    ChangeSetKind,
    ChangeSetMeta,
    ChangeSetQuery,
    ChangeSetRow,
    ChangeSets,
    ChangeSetState,
    LeftAloneItems,
    MissingLeads,
    PendingAct,
    Undone,
)
from leadconnect.leads.changes.slices import Progress, untold
from leadconnect.leads.changes.undoing import undo_events, undo_merge
from leadconnect.leads.history.models import Act, Actor, EventKind, Source
from leadconnect.queue.actions import enqueue
from leadconnect.wire import encode, instant

CARRY_OUT = "carry_out"
"""The entry point of the queue for acts that take long; its payload is a `LongAct`."""
AT_ONCE = 10_000
"""Up to so many leads an act is done within its request, which takes a second or two; a greater one by the worker."""
GIVEN_UP = "It did not come to its end in time. Nothing was changed; please try again."
PROGRESS_STEP = 5_000
"""Leads after which the worker notes how far it is."""

Undo = Callable[[Connection, UUID, Act, UUID, Progress], Awaitable[Undone]]
"""Undoes the change set of an id, as an act, in an account, within the caller's transaction."""

UNDO: dict[ChangeSetKind, Undo] = {
    ChangeSetKind.IMPORT: undo_events,
    ChangeSetKind.BULK_UPDATE: undo_events,
    ChangeSetKind.BULK_DELETE: undo_events,
    ChangeSetKind.UNDO: undo_events,
    ChangeSetKind.MERGE: undo_merge,
}
"""How each kind of change set is undone; what is not here cannot be."""
NOT_REDONE = frozenset({ChangeSetKind.MERGE})
"""Kinds whose undoing cannot be undone: it is done again as it was done first."""


class NoSuchChangeSet(NotFound):
    """There is no such change set."""

    code = "no_such_change_set"


class CannotBeUndone(Conflict):
    """This cannot be undone."""

    code = "cannot_be_undone"


class UndoneBefore(Conflict):
    """This has been undone already. To do it again, undo the undoing."""

    code = "undone_before"


class NotDoneYet(Conflict):
    """This is not done yet. It can be undone once it is."""

    code = "not_done_yet"


class AtItAlready(Conflict):
    """Somebody else is at it."""

    code = "at_it_already"


class LongAct(msgspec.Struct, frozen=True):
    """An act that the worker does, in ids alone; what it is stands in its change set."""

    account_id: UUID
    change_set_id: UUID


async def bulk_change(connection: Connection, principal: Principal, request: BulkRequest) -> BulkResult:
    """Do what is asked for with many leads, if it says how many these are; else only say how many.

    Raises:
        CountChanged: it says another number; nothing was changed.
    """
    account_id = principal.account_id
    chosen = await bulk.choose(connection, account_id, request)
    matched = len(chosen.ids)
    missing = _missing(request, chosen.ids)
    if not isinstance(request.expected_count, int):
        message = f"This means {bulk.in_words(matched)}. To have it done, send it again with expectedCount {matched}."
        return BulkResult(message, matched, 0, missing, None)
    bulk.check_count(request, matched)
    if not matched:
        return BulkResult("This means no leads.", 0, 0, missing, None)
    act = Act(principal.user_id, Source.BULK)
    kind, description = bulk.KINDS[request.action], bulk.description(request)
    is_great = matched > AT_ONCE
    kept = encode(request) if is_great else None
    await queries.open_pending(
        connection, account_id, act, kind, description=description, lead_count=matched, request=kept
    )
    if is_great:
        await _leave_to_worker(connection, account_id, act)
        message = "This is done in the background. Its change set says when."
    else:
        did = await bulk.carry_out(connection, account_id, act, request, chosen, untold)
        await queries.finish(connection, account_id, act.change_set_id, did)
        message = "Done."
    made = await _existing(connection, account_id, act.change_set_id)
    changed = made.lead_count if made.state == ChangeSetState.DONE else 0
    return BulkResult(message, matched, changed, missing, _shown(made))


async def undo(connection: Connection, principal: Principal, change_set_id: UUID) -> ChangeSetDetail:
    """Undo a change set as far as nobody has edited its leads since, which is a change set too; return that one.

    Raises:
        NoSuchChangeSet: not in this account.
        UndoneBefore, NotDoneYet, CannotBeUndone: as they say.
    """
    account_id = principal.account_id
    found = await _existing(connection, account_id, change_set_id, locked=True)
    _check_undoable(found)
    act = Act(principal.user_id, Source.UNDO)
    await queries.open_pending(
        connection,
        account_id,
        act,
        ChangeSetKind.UNDO,
        description=found.description,
        lead_count=found.lead_count,
        undoes=found.id,
    )
    if found.lead_count > AT_ONCE:
        await _leave_to_worker(connection, account_id, act)
    else:
        did = await UNDO[ChangeSetKind(found.kind)](connection, account_id, act, found.id, untold)
        await queries.finish(connection, account_id, act.change_set_id, did)
    return await read(connection, principal, act.change_set_id)


async def find(connection: Connection, principal: Principal, query: ChangeSetQuery) -> ChangeSets:
    """Return a part of the account's change sets."""
    rows = await queries.change_sets(connection, principal.account_id, before=query.cursor, limit=query.limit + 1)
    shown = rows[: query.limit]
    next_cursor = shown[-1].id if len(rows) > query.limit else None
    return ChangeSets(data=[_shown(row) for row in shown], meta=ChangeSetMeta(next_cursor=next_cursor))


async def read(connection: Connection, principal: Principal, change_set_id: UUID) -> ChangeSetDetail:
    """Return a change set with what it did and what it left alone.

    Raises:
        NoSuchChangeSet: not in this account.
    """
    account_id = principal.account_id
    shown = _shown(await _existing(connection, account_id, change_set_id))
    counts = await queries.event_counts(connection, account_id, change_set_id)
    total, items = await queries.left_alone(connection, account_id, change_set_id)
    return ChangeSetDetail(
        **msgspec.structs.asdict(shown),
        events={kind: counts[kind] for kind in EventKind if kind in counts},
        left_alone=LeftAloneItems(total=total, items=items),
    )


async def carry_out(database: Database, payload: bytes) -> None:
    """Do the act that `payload` names: all of it in one transaction. One that is done or has failed is left.

    Raises:
        ServiceBusy: the database is away or too busy.
        AtItAlready: another worker, which was thought dead. As with the other one, nothing was done here.
    """
    long = msgspec.json.decode(payload, type=LongAct)
    try:
        async with tenant(database, long.account_id) as connection:
            if not await queries.claim(connection, long.change_set_id):
                raise AtItAlready
            due = await queries.pending(connection, long.account_id, long.change_set_id)
            if due is not None:
                did = await _do(connection, long, due, _noting(database, long))
                await queries.finish(connection, long.account_id, long.change_set_id, did)
    except (bulk.CountChanged, ValidationFailed) as refusal:
        await _fail(database, long, refusal.text)


async def give_up(database: Database, payload: bytes) -> None:
    """Let the act that `payload` names have failed, unless it is done.

    Raises:
        AtItAlready: a worker, which was thought dead, is doing it.
    """
    await _fail(database, msgspec.json.decode(payload, type=LongAct), GIVEN_UP)


async def _fail(database: Database, long: LongAct, reason: str) -> None:
    async with tenant(database, long.account_id) as connection:
        if not await queries.claim(connection, long.change_set_id):
            raise AtItAlready
        await queries.fail(connection, long.account_id, long.change_set_id, reason)


async def _do(connection: Connection, long: LongAct, due: PendingAct, progress: Progress) -> Undone:
    if due.undoes is not None:
        act = Act(due.actor_id, Source.UNDO, long.change_set_id)
        undone = await _existing(connection, long.account_id, due.undoes)
        return await UNDO[ChangeSetKind(undone.kind)](connection, long.account_id, act, undone.id, progress)
    act = Act(due.actor_id, Source.BULK, long.change_set_id)
    request = bulk.from_json(due.request or "")
    chosen = await bulk.choose(connection, long.account_id, request)
    bulk.check_count(request, len(chosen.ids))
    return await bulk.carry_out(connection, long.account_id, act, request, chosen, progress)


def _noting(database: Database, long: LongAct) -> Progress:
    """Return what notes how far an act is, in a transaction of its own, for others see nothing of that of the act."""

    async def note(done_count: int) -> None:
        if done_count % PROGRESS_STEP == 0:
            with suppress(ServiceBusy):  # then they hear of the next step
                async with tenant(database, long.account_id) as connection:
                    await queries.note_progress(connection, long.account_id, long.change_set_id, done_count)

    return note


async def _leave_to_worker(connection: Connection, account_id: UUID, act: Act) -> None:
    # The first operation of each account goes before the second one of any.
    turn = await queries.pending_count(connection, account_id)
    payload = msgspec.json.encode(LongAct(account_id, act.change_set_id))
    await enqueue(connection, CARRY_OUT, payload, priority=1 - turn)


async def _existing(
    connection: Connection, account_id: UUID, change_set_id: UUID, *, locked: bool = False
) -> ChangeSetRow:
    row = await queries.change_set(connection, account_id, change_set_id, locked=locked)
    if row is None:
        raise NoSuchChangeSet
    return row


def _check_undoable(found: ChangeSetRow) -> None:
    if found.state == ChangeSetState.PENDING:
        raise NotDoneYet
    if found.undone_by is not None:
        raise UndoneBefore
    if not _is_undoable(found):
        raise CannotBeUndone


def _is_undoable(row: ChangeSetRow) -> bool:
    is_open = row.state == ChangeSetState.DONE and row.undone_by is None
    return is_open and row.kind in UNDO and row.undoes_kind not in NOT_REDONE


def _missing(request: BulkRequest, found: list[UUID]) -> MissingLeads:
    given = dict.fromkeys(request.ids) if isinstance(request.ids, list) else {}
    known = set(found)
    missing = [lead_id for lead_id in given if lead_id not in known]
    return MissingLeads(total=len(missing), ids=missing[:SHOWN])


def _shown(row: ChangeSetRow) -> ChangeSet:
    return ChangeSet(
        id=row.id,
        kind=ChangeSetKind(row.kind),
        state=ChangeSetState(row.state),
        created_at=instant(row.created_at),
        actor=Actor(row.actor_id, row.actor_name),
        description=row.description,
        lead_count=row.lead_count,
        done_count=row.done_count,
        failure=row.failure,
        undoes=row.undoes,
        undone_by=row.undone_by,
        is_undoable=_is_undoable(row),
    )
