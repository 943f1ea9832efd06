"""``leadconnect jobs``: list the jobs that were given up, queue them again, or drop them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import typer
from rich.console import Console
from rich.table import Table

from leadconnect.database.pool import Connection, Database
from leadconnect.errors import ServiceBusy
from leadconnect.queue import queries
from leadconnect.queue.queries import ParkedJob
from leadconnect.settings import Settings

Result = TypeVar("Result")


def list_parked(settings: Settings, console: Console | None = None) -> list[ParkedJob]:
    """Print the parked jobs, the newest first, and return them.

    Raises:
        typer.Exit: the database is away; why has been printed.
    """
    console = console or Console()
    jobs = _run(settings, queries.parked_jobs)
    if not jobs:
        console.print("No job is parked.")
        return jobs
    table = Table("Job", "what", "account", "added", "parked", "tries", "reason")
    for job in jobs:
        added, parked = (f"{moment:%Y-%m-%d %H:%M:%S}" for moment in (job.created, job.updated))
        account = str(job.for_account) if job.for_account else ""
        table.add_row(str(job.id), job.entrypoint, account, added, parked, str(job.attempts + 1), job.reason or "")
    console.print(table)
    return jobs


def retry(settings: Settings, ids: Sequence[int] | None, console: Console | None = None) -> list[int]:
    """Queue the parked jobs of `ids`, or all of them, again; print and return their ids.

    Raises:
        typer.Exit: the database is away, or one of `ids` is not parked; why has been printed.
    """
    return _change(settings, ids, queries.requeue_parked, "queued again", console)


def drop(settings: Settings, ids: Sequence[int] | None, console: Console | None = None) -> list[int]:
    """Delete the parked jobs of `ids`, or all of them; print and return which.

    Raises:
        typer.Exit: the database is away, or one of `ids` is not parked; why has been printed.
    """
    return _change(settings, ids, queries.drop_parked, "dropped", console)


def _change(
    settings: Settings,
    ids: Sequence[int] | None,
    change: Callable[[Connection, Sequence[int] | None], Awaitable[list[int]]],
    word: str,
    console: Console | None,
) -> list[int]:
    changed = _run(settings, lambda connection: change(connection, ids))
    (console or Console()).print(f"{len(changed)} {'job' if len(changed) == 1 else 'jobs'} {word}.")
    if missing := sorted(set(ids or ()) - set(changed)):
        _fail(f"not parked: {', '.join(map(str, missing))}; `leadconnect jobs list` shows those that are")
    return changed


def _run(settings: Settings, work: Callable[[Connection], Awaitable[Result]]) -> Result:
    async def run() -> Result:
        database = await Database.connect(settings, "leadconnect jobs")
        try:
            async with database.acquire() as connection:
                return await work(connection)
        finally:
            await database.close()

    try:
        return asyncio.run(run())
    except ServiceBusy:
        _fail("DATABASE_URL: the database cannot be reached or is too slow")
        raise


def _fail(reason: str) -> None:
    Console(stderr=True).print(f"[red]leadconnect: {reason}[/red]", highlight=False, soft_wrap=True)
    raise typer.Exit(1)
