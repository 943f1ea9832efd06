"""``leadconnect seed``: the demo data with a progress bar, and who can log in afterwards."""

import asyncio
from functools import partial

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from leadconnect.seed.actions import SeedFailed, SeedResult, seed
from leadconnect.seed.generate import SeedUser
from leadconnect.settings import Settings


def run(
    settings: Settings, *, accounts: int, leads: int, number: int = 1, console: Console | None = None
) -> SeedResult:
    """Make `accounts` accounts of `leads` leads each, show how far it is on `console` (standard output unless given)
    and print the log-ins.

    Raises:
        typer.Exit: it could not be done; why has been printed.
    """
    console = console or Console()
    columns = (TextColumn("Demo leads"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=console) as bar:
            task = bar.add_task("leads", total=accounts * leads)
            advance = partial(bar.advance, task)
            result = asyncio.run(seed(settings, accounts=accounts, leads=leads, number=number, progress=advance))
    except SeedFailed as error:
        console.print(f"[red]leadconnect: {error}[/red]", soft_wrap=True)
        raise typer.Exit(1) from None
    _print_log_ins(result, console)
    return result


def _print_log_ins(result: SeedResult, console: Console) -> None:
    first, *others = result.accounts
    table = Table(title=f"{first.company_name}: who can log in", title_justify="left")
    table.add_column("E-mail", no_wrap=True)  # to be copied in one piece
    for heading in ("Name", "Role", "May"):
        table.add_column(heading, overflow="fold")
    for user in first.users:
        table.add_row(user.email, user.full_name, user.custom_role or user.role, _rights(user))
    console.print(table)
    if others:
        console.print(f"Owners of the other accounts: {', '.join(account.users[0].email for account in others)}")
    console.print(f"Log in with {result.email} and the password {result.password} (the same for all)", soft_wrap=True)


def _rights(user: SeedUser) -> str:
    if user.can_view_leads is None:
        return "everything"
    rights = {
        "view": user.can_view_leads,
        "edit": user.can_edit_leads,
        "add": user.can_add_leads,
        "export": user.can_export_leads,
    }
    return ", ".join(right for right, is_granted in rights.items() if is_granted) or "nothing yet"
