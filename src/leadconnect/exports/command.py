"""``leadconnect export``: the leads of an account into a file, with a progress bar."""

import asyncio
import errno
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from leadconnect.database.pool import Database
from leadconnect.errors import LeadConnectError, ServiceBusy
from leadconnect.exports import actions
from leadconnect.exports.models import ExportQuery
from leadconnect.settings import Settings
from leadconnect.wire.decoding import convert

STANDARD_OUTPUT = Path("-")


def run(
    settings: Settings,
    *,
    account_id: UUID | None,
    owner: str | None,
    output: Path | None,
    given: Mapping[str, Any],
    is_forced: bool = False,
    console: Console | None = None,
) -> Path:
    """Write the leads of the account of this id or owner that the query `given`, by its keys on the wire, means to
    `output`, to standard output if that is ``-``, or to a file in the working directory, and return which. It is there
    as a whole or not at all; a file that is there already is refused, unless `is_forced`, and stays until then.

    Raises:
        typer.Exit: it could not be done; why has been printed.
    """
    console = console or Console(stderr=True)
    try:
        query = convert({key: value for key, value in given.items() if value}, ExportQuery)
        return asyncio.run(_run(settings, account_id, owner, output, query, console, is_forced=is_forced))
    except ServiceBusy:
        reason = "DATABASE_URL: the database cannot be reached or is too slow"
    except LeadConnectError as error:
        reason = error.text
    except OSError as error:
        reason = f"The file cannot be written: {output or 'this folder'} ({error.strerror or error})"
    console.print(f"[red]leadconnect: {escape(reason)}[/red]", soft_wrap=True)
    raise typer.Exit(1)


async def _run(
    settings: Settings,
    account_id: UUID | None,
    owner: str | None,
    output: Path | None,
    query: ExportQuery,
    out: Console,
    *,
    is_forced: bool,
) -> Path:
    columns = (TextColumn("Leads"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    database = await Database.connect(settings, "leadconnect export")
    try:
        if output is not None and not is_forced:
            _check_is_new(output)
        wanted = account_id or await actions.account_of(database, owner or "")
        if wanted is None:
            raise actions.NoSuchAccount("Nobody with this address owns an account")
        with Progress(*columns, console=out) as bar:
            task = bar.add_task("leads", total=None)
            order = await actions.order(database, wanted, query, progress=lambda count: bar.advance(task, count))
            bar.update(task, total=order.total)
            file = await actions.carry_out(database, order)
            path = output or Path(file.name)
            if path == STANDARD_OUTPUT:
                await _print(file.chunks)
            else:
                if not is_forced:
                    _check_is_new(path)
                await _write(file.chunks, path)
    finally:
        await database.close()
    out.print(f"{escape(order.account.company_name)}: {escape(str(path))}", highlight=False, soft_wrap=True)
    return path


def _check_is_new(path: Path) -> None:
    if path != STANDARD_OUTPUT and path.exists():
        raise FileExistsError(errno.EEXIST, "it exists already: choose another name, or give --force")


async def _print(chunks: AsyncIterator[bytes]) -> None:
    """Write `chunks` to standard output."""
    async for chunk in chunks:
        sys.stdout.buffer.write(chunk)
    sys.stdout.buffer.flush()


async def _write(chunks: AsyncIterator[bytes], path: Path) -> None:
    """Write `chunks` beside `path`, then put them in its place. Only the user who runs this may read the file."""
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            async for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(handle)
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise
