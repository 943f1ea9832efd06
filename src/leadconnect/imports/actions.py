"""What decides something about imports: who may see which, and what may be done to one when."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import blake2b
from uuid import UUID

from litestar.response.sse import ServerSentEventMessage

from leadconnect.accounts.permissions import Right
from leadconnect.auth.principal import Principal
from leadconnect.auth.services import Services
from leadconnect.database.pool import Connection, Database
from leadconnect.database.transaction import tenant
from leadconnect.edge.stopping import stopping
from leadconnect.errors import Conflict, FieldCode, FieldError, NotFound, ValidationFailed
from leadconnect.identifiers import new_id
from leadconnect.imports import queries
from leadconnect.imports.file.keeping import store
from leadconnect.imports.models import (
    CHANGEABLE,
    UNDER_WAY,
    Import,
    ImportPage,
    ImportQuery,
    ImportRow,
    Status,
    Upload,
    import_answer,
)
from leadconnect.imports.options import Options, OptionsChange, Policy
from leadconnect.imports.waiting import answers, check_limits, enqueue_run
from leadconnect.recognition.questions import blocking
from leadconnect.wire import encode

POLL = timedelta(milliseconds=100)
STEP = timedelta(milliseconds=500)
LONGEST_STREAM = timedelta(minutes=1)
LONGEST_WAIT = timedelta(seconds=30)
RECONNECT_AFTER = timedelta(seconds=2)
"""How long a client waits before it opens an ended stream again."""
EVENT_ID_BYTES = 8


class NoSuchImport(NotFound):
    """There is no such import."""

    code = "no_such_import"


class NotPlanned(Conflict):
    """The import is not planned: it is under way, over, or its file could not be read."""

    code = "import_not_planned"


class QuestionOpen(Conflict):
    """A question of the plan is open: answer it by a change of the options, then apply the import"""

    code = "import_question_open"


class AlreadyOver(Conflict):
    """The import is over already. What it wrote can be undone by its change set."""

    code = "import_over"


class CannotBeStored(Conflict):
    """The database refuses a value of the file. Remove control characters and unusual symbols, and upload it again."""

    code = "import_cannot_be_stored"


class FileDropped(Conflict):
    """The file of this import is not kept any more. Upload it again."""

    code = "import_file_dropped"


async def upload(services: Services, principal: Principal, given: Upload) -> Import:
    """Take a file in and have it planned. Uploads that arrive together may exceed a limit by their number.

    Raises:
        TooManyImports: as many imports of the account as may wait are not done yet.
        StorageFull: the kept files of the account would use too much.
        ValidationFailed: the file is empty.
        Forbidden: it may change leads, and the caller may not.
    """
    _require(principal, given.options)
    if not given.size_bytes:
        raise ValidationFailed([FieldError.of("file", FieldCode.MIN_LENGTH, "must not be empty", 1)])
    account_id, import_id, run = principal.account_id, new_id(), new_id()
    async with tenant(services.database, account_id) as connection:
        check_limits(services.settings, await queries.usage(connection, account_id), given)
        row = await queries.insert(connection, account_id, import_id, principal.user_id, run, given)
        await store(connection, account_id, import_id, given.file)
        await enqueue_run(connection, principal, row)
    return import_answer(row)


async def change(database: Database, principal: Principal, import_id: UUID, wanted: OptionsChange) -> Import:
    """Change what is wanted of an import, and have it planned anew.

    Raises:
        NoSuchImport: not in this account, or not the caller's to see.
        AlreadyOver: it is applied, being applied or cancelled.
        FileDropped: it failed too long ago.
        Forbidden: it may then change leads, and the caller may not.
    """
    async with tenant(database, principal.account_id) as connection:
        row = await visible(connection, principal, import_id, locked=True)
        options = wanted.applied_to(row.wanted())
        _require(principal, options)
        if row.status not in CHANGEABLE:
            raise AlreadyOver
        if row.kept_bytes == 0 and row.size_bytes:
            raise FileDropped
        return await _order(connection, principal, row, Status.PLANNING, options)


async def apply(database: Database, principal: Principal, import_id: UUID) -> Import:
    """Have a planned import written. One that is being applied or is applied stays as it is.

    Raises:
        NoSuchImport: not in this account, or not the caller's to see.
        NotPlanned: it is being planned, was cancelled or has failed.
        QuestionOpen: its plan asks something that must be answered first.
        Forbidden: it changes leads, and the caller may not.
    """
    async with tenant(database, principal.account_id) as connection:
        row = await visible(connection, principal, import_id, locked=True)
        _require(principal, row.wanted())
        if row.status in (Status.APPLYING, Status.APPLIED):
            return import_answer(row)
        if row.status != Status.PLANNED:
            raise NotPlanned
        plan = row.planned()
        if plan is not None and blocking(plan.questions):
            raise QuestionOpen
        return await _order(connection, principal, row, Status.APPLYING, row.wanted())


async def cancel(database: Database, principal: Principal, import_id: UUID) -> Import:
    """Stop an import; nothing of it is written. One that was cancelled stays so.

    Raises:
        NoSuchImport: not in this account, or not the caller's to see.
        AlreadyOver: it is applied.
    """
    async with tenant(database, principal.account_id) as connection:
        row = await visible(connection, principal, import_id, locked=True)
        if row.status == Status.APPLIED:
            raise AlreadyOver
        if row.status != Status.CANCELLED:
            row = await queries.cancel(connection, principal.account_id, import_id, new_id())
    return import_answer(row)


async def settled(database: Database, principal: Principal, import_id: UUID, patience: timedelta) -> Import:
    """Return an import as soon as nothing is under way, or else after `patience`, at most `LONGEST_WAIT`; at once where
    the server stops.

    Raises:
        NoSuchImport: not in this account, or not the caller's to see.
    """
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + min(patience, LONGEST_WAIT).total_seconds()
    while True:
        async with tenant(database, principal.account_id) as connection:
            (found,) = await answers(connection, [await visible(connection, principal, import_id)])
        if found.status not in UNDER_WAY or loop.time() >= ends_at or stopping():
            return found
        await asyncio.sleep(POLL.total_seconds())


async def follow(
    database: Database, principal: Principal, first: Import, last_event_id: str | None
) -> AsyncIterator[ServerSentEventMessage]:
    """Yield an import whenever it has got on, until nothing is under way or a minute is over. The id of an event is a
    digest of its data, and the event `last_event_id`, which the client has, is not repeated.

    What the caller may is looked at by the request alone; so none lasts longer.
    """
    ends_at = asyncio.get_running_loop().time() + LONGEST_STREAM.total_seconds()
    sent_id, found = last_event_id, first
    yield ServerSentEventMessage(data=None, retry=RECONNECT_AFTER // timedelta(milliseconds=1))
    while True:
        event_id = event_id_of(found)
        if event_id != sent_id:
            sent_id = event_id
            yield ServerSentEventMessage(id=event_id, event="progress", data=encode(found).decode())
        if found.status not in UNDER_WAY or asyncio.get_running_loop().time() >= ends_at or stopping():
            return
        await asyncio.sleep(STEP.total_seconds())
        found = await settled(database, principal, first.id, timedelta(0))


def event_id_of(found: Import) -> str:
    """Return the id of the event that shows an import as it is now: equal for equal data, on every server."""
    return blake2b(encode(found), digest_size=EVENT_ID_BYTES).hexdigest()


async def newest(connection: Connection, principal: Principal, query: ImportQuery) -> ImportPage:
    """Return imports, the newest first: the caller's, and those of others to whoever may view leads."""
    of_user = None if principal.may(Right.VIEW_LEADS) else principal.user_id
    rows = await queries.newest(
        connection, principal.account_id, of_user=of_user, before=query.cursor, limit=query.limit + 1
    )
    shown = rows[: query.limit]
    return ImportPage(
        data=await answers(connection, shown), next_cursor=shown[-1].id if len(rows) > query.limit else None
    )


async def visible(connection: Connection, principal: Principal, import_id: UUID, *, locked: bool = False) -> ImportRow:
    """Return an import that the caller may see: their own, or any if they may view leads.

    Raises:
        NoSuchImport: not in this account, or not theirs to see.
    """
    row = await queries.one(connection, principal.account_id, import_id, locked=locked)
    if row is None or not (row.created_by == principal.user_id or principal.may(Right.VIEW_LEADS)):
        raise NoSuchImport
    return row


def _require(principal: Principal, options: Options) -> None:
    """Let those pass who may do what `options` may do."""
    if options.policy is not Policy.CREATE:
        principal.require(Right.VIEW_LEADS | Right.EDIT_LEADS)


async def _order(
    connection: Connection, principal: Principal, row: ImportRow, status: Status, options: Options
) -> Import:
    row = await queries.order(connection, principal.account_id, row.id, new_id(), status, options)
    await enqueue_run(connection, principal, row)
    return import_answer(row)
