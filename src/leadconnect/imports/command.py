"""``leadconnect import``: a file into an account, by the same plan as over the API, printed as a table."""

import asyncio
from collections.abc import Awaitable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TextIO
from uuid import UUID

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.prompt import Confirm
from rich.table import Table

from leadconnect.auth.services import Services, open_services
from leadconnect.database.transaction import tenant
from leadconnect.errors import LeadConnectError, ServiceBusy
from leadconnect.exports.actions import NoSuchAccount, account_of
from leadconnect.files.reading.cleaning import storable
from leadconnect.identifiers import new_id
from leadconnect.imports import applying, planning, queries
from leadconnect.imports.actions import NotPlanned
from leadconnect.imports.applying import BeingApplied
from leadconnect.imports.file.keeping import store
from leadconnect.imports.models import Plan, Status, Upload
from leadconnect.imports.options import Options
from leadconnect.imports.planning import PlannedTwice, Superseded
from leadconnect.imports.queries import Run
from leadconnect.imports.verdicts import queries as verdicts
from leadconnect.recognition.models import IGNORED, NOTES
from leadconnect.settings import Settings
from leadconnect.wire import convert

STEP_SECONDS = 0.2
SHOWN_FAULTS = 10
STOPPED = "The command was stopped before it was done"
MEANWHILE = "The import was changed, applied or cancelled over the API meanwhile"
KINDS = ("create", "update", "duplicate", "skip", "reject")


def run(
    settings: Settings,
    file: Path,
    *,
    account_id: UUID | None,
    owner: str | None,
    given: Mapping[str, object],
    is_sure: bool,
    console: Console | None = None,
    answers: TextIO | None = None,
) -> None:
    """Plan the import of `file` into the account of this id or owner, print the plan, and apply it once that is
    confirmed, or at once if `is_sure`. What is not applied is cancelled. `given` has options by their keys on the wire;
    the confirmation is read from `answers`, by default the terminal.

    Raises:
        typer.Exit: it could not be done; why has been printed.
    """
    console = console or Console(stderr=True)
    try:
        wanted = convert({key: value for key, value in given.items() if value not in ("", None, [])}, Options)
        asyncio.run(_run(settings, file, account_id, owner, wanted, console, answers, is_sure=is_sure))
        return
    except ServiceBusy:
        reason = "DATABASE_URL: the database cannot be reached or is too slow"
    except LeadConnectError as error:
        reason = error.text
    except OSError as error:
        reason = f"The file cannot be read: {error}"
    console.print(f"[red]leadconnect: {escape(reason)}[/red]", soft_wrap=True)
    raise typer.Exit(1)


async def _run(
    settings: Settings,
    file: Path,
    account_id: UUID | None,
    owner: str | None,
    wanted: Options,
    console: Console,
    answers: TextIO | None,
    *,
    is_sure: bool,
) -> None:
    services = await open_services(settings, "leadconnect import")
    try:
        account = account_id or await account_of(services.database, owner or "")
        if account is None:
            raise NoSuchAccount("Nobody with this address owns an account")
        key, owner_id = await _uploaded(services, account, file, wanted)
        await _watched(console, "Reading", services, key, planning.plan(services, key))
        plan = await _planned(services, key)
        console.print(_columns(plan), _totals(plan, "Rows"))
        for question in plan.questions:
            console.print(f"{question.code}: {question.message}", style="yellow", markup=False, soft_wrap=True)
        await _print_faults(console, services, key)
        has_work = bool(plan.totals.create or plan.totals.update)
        is_wanted = has_work and (is_sure or Confirm.ask("Apply it?", console=console, stream=answers))
        async with tenant(services.database, account) as connection:
            planned = await queries.one(connection, account, key[1], locked=True)
            if planned is None or planned.run != key[2] or planned.status != Status.PLANNED:
                raise NotPlanned(MEANWHILE)
            if not is_wanted:
                await queries.cancel(connection, account, key[1], new_id())
                console.print("Nothing was written.")
                return
            row = await queries.order(connection, account, key[1], new_id(), Status.APPLYING, wanted)
        key = account, row.id, row.run
        await _watched(console, "Writing", services, key, applying.apply(services, key, owner_id))
        console.print(_totals(await _planned(services, key), "Written"))
    finally:
        await services.close()


async def _uploaded(services: Services, account_id: UUID, file: Path, wanted: Options) -> tuple[Run, UUID]:
    """Store the file as an import of the account's owner, which no worker is told of."""
    with file.open("rb") as opened:
        upload = Upload(opened, storable(file.name)[:255], "application/octet-stream", opened.seek(0, 2), wanted)
        opened.seek(0)
        async with tenant(services.database, account_id) as connection:
            owner_id = await queries.owner_of(connection, account_id)
            if owner_id is None:
                raise NoSuchAccount
            row = await queries.insert(connection, account_id, new_id(), owner_id, new_id(), upload)
            await store(connection, account_id, row.id, opened)
    return (account_id, row.id, row.run), owner_id


async def _watched(console: Console, label: str, services: Services, key: Run, work: Awaitable[None]) -> None:
    """Do `work` while a bar shows how far it is; where it comes to nothing, have the import say why.

    Raises:
        NotPlanned: somebody else got in its way.
    """
    try:
        await _with_bar(console, label, services, key, work)
    except (Superseded, BeingApplied, PlannedTwice, LeadConnectError) as error:
        told = error if isinstance(error, LeadConnectError) else NotPlanned(MEANWHILE)
        await _note(services, key, told)
        raise told from None
    except asyncio.CancelledError:  # by Ctrl-C
        await _note(services, key, NotPlanned(STOPPED))
        raise


async def _with_bar(console: Console, label: str, services: Services, key: Run, work: Awaitable[None]) -> None:
    """Do `work` while a bar shows how far it is. It ends with this, in whatever way this ends."""
    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    working = asyncio.ensure_future(work)
    try:
        with Progress(*columns, console=console) as bar:
            task = bar.add_task(label, total=None)
            while not working.done():
                await asyncio.wait([working], timeout=STEP_SECONDS)
                with suppress(ServiceBusy):
                    async with tenant(services.database, key[0]) as connection:
                        row = await queries.one(connection, *key[:2])
                    if row is not None:
                        bar.update(task, completed=row.rows_done, total=row.rows_total)
        await working
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


async def _note(services: Services, key: Run, failure: LeadConnectError) -> None:
    """Have the import say why it came to nothing, where it is still ours."""
    async with tenant(services.database, key[0]) as connection:
        await queries.set_failed(connection, key, failure.code, failure.text)


async def _planned(services: Services, key: Run) -> Plan:
    async with tenant(services.database, key[0]) as connection:
        row = await queries.one(connection, *key[:2])
    plan = row.planned() if row else None
    if plan is None:
        raise LeadConnectError
    return plan


def _columns(plan: Plan) -> Table:
    """Return what becomes of the columns, as a table."""
    system = plan.mapping.system.replace("_", " ") if plan.mapping.system else "no known system"
    table = Table("Column", "becomes", "because", title=f"{plan.file.format.value}, {system}")
    shown = {NOTES: "notes", IGNORED: "not imported"}
    for column in plan.mapping.columns:
        evidence = column.date_order_evidence or column.region_evidence or column.reason
        cells = (column.header or f"column {column.position + 1}", shown.get(column.target, column.target), evidence)
        table.add_row(*map(escape, cells))
    return table


def _totals(plan: Plan, title: str) -> Table:
    table = Table("Verdict", "rows", title=title)
    for kind in KINDS:
        table.add_row(kind, f"{getattr(plan.totals, kind):,}")
    table.add_row("read", f"{plan.totals.read:,}", style="bold")
    for code, count in sorted(plan.totals.reasons.items()):
        table.add_row(f"  {code}", f"{count:,}", style="dim")
    return table


async def _print_faults(console: Console, services: Services, key: Run) -> None:
    async with tenant(services.database, key[0]) as connection:
        rows = await verdicts.rejected(connection, *key[:2], after=0, limit=SHOWN_FAULTS)
    for row in rows:
        faults = msgspec.json.decode(row["detail"] or b"{}").get("faults", [])
        text = ". ".join(str(fault["message"]) for fault in faults)
        console.print(f"Line {row['line']}: {text}", style="yellow", markup=False, soft_wrap=True)
