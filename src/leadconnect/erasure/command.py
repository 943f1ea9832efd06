"""``leadconnect account erase``: asks whether it is meant, erases, and tells what is gone."""

import asyncio
from uuid import UUID

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from leadconnect.database.pool import Database
from leadconnect.database.transaction import maintenance
from leadconnect.erasure import actions, queries
from leadconnect.erasure.actions import NotErased
from leadconnect.erasure.queries import FoundAccount, ListedAccount
from leadconnect.errors import ServiceBusy
from leadconnect.mail.outbox import Outbox
from leadconnect.settings import Settings


def run(
    settings: Settings, *, account_id: UUID | None, owner: str | None, is_sure: bool, console: Console | None = None
) -> dict[str, int]:
    """Erase the account of this id or owner once its company's name was typed, or at once when `is_sure`; show on
    `console` (standard output unless given) what was deleted, and return it by table.

    Raises:
        typer.Exit: it could not be done, or was not meant; why has been printed.
    """
    console = console or Console()
    try:
        return asyncio.run(_run(settings, account_id, owner, is_sure, console))
    except ServiceBusy:
        _refuse(console, "DATABASE_URL: the database cannot be reached or is too slow")
    except NotErased as error:
        _refuse(console, str(error))
    raise typer.Exit(1)


def list_accounts(settings: Settings, console: Console | None = None) -> list[ListedAccount]:
    """Print all accounts with their owners, the oldest first, and return them.

    Raises:
        typer.Exit: the database is away; why has been printed.
    """
    console = console or Console()
    try:
        found = asyncio.run(_accounts(settings))
    except ServiceBusy:
        _refuse(console, "DATABASE_URL: the database cannot be reached or is too slow")
        raise typer.Exit(1) from None
    table = Table()
    for heading in ("Account", "Company", "Owner", "Users", "Since"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "Account")
    for each in found:
        users = f"{each.user_count:,}"
        table.add_row(
            str(each.id), escape(each.company_name), escape(each.email or ""), users, f"{each.created_at:%Y-%m-%d}"
        )
    console.print(table)
    return found


async def _accounts(settings: Settings) -> list[ListedAccount]:
    database = await Database.connect(settings, "leadconnect account")
    try:
        async with maintenance(database) as connection:
            return await queries.accounts(connection)
    finally:
        await database.close()


async def _run(
    settings: Settings, account_id: UUID | None, owner: str | None, is_sure: bool, console: Console
) -> dict[str, int]:
    database = await Database.connect(settings, "leadconnect erase")
    try:
        found = await actions.find_account(database, account_id=account_id, owner=owner)
        wanted = found.id if found else account_id
        if wanted is None:
            _refuse(console, "Nobody with this address owns an account")
            raise typer.Exit(1)
        if found is not None and not is_sure:
            _ask(found, console)
        # Also where no account is found: the queue of another backup may still name it.
        deleted = await actions.erase(database, Outbox(settings.secret), wanted)
    finally:
        await database.close()
    _show(found, deleted, console)
    return deleted


def _ask(found: FoundAccount, console: Console) -> None:
    """Let only those pass who type the company's name."""
    console.print(f"[bold]{escape(found.company_name)}[/bold] and all it has will be gone for good.", highlight=False)
    if typer.prompt("Type the company's name to erase it").strip() != found.company_name.strip():
        _refuse(console, "That is another name. Nothing was erased")
        raise typer.Exit(1)


def _show(found: FoundAccount | None, deleted: dict[str, int], console: Console) -> None:
    if not deleted:
        console.print("There is nothing of this account.")
        return
    table = Table(title=f"{escape(found.company_name if found else 'The account')}: erased", title_justify="left")
    table.add_column("Table")
    table.add_column("Rows", justify="right")
    for name, count in sorted(deleted.items()):
        table.add_row(name, f"{count:,}")
    console.print(table)


def _refuse(console: Console, reason: str) -> None:
    console.print(f"[red]leadconnect: {escape(reason)}[/red]", soft_wrap=True)
