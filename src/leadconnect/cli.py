"""The command line: `leadconnect serve`, `worker`, `migrate`, `seed`, `export`, `account` and `openapi`."""

import asyncio
import gc
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Annotated, NoReturn
from uuid import UUID

import msgspec
import typer
from rich.console import Console
from rich.markup import escape

from leadconnect import logs
from leadconnect.database.embedded import EmbeddedPostgres, EmbeddedPostgresError, running_url
from leadconnect.database.starting import CannotStart, prepare
from leadconnect.mail.senders import check_mail_settings
from leadconnect.metrics.server import CannotServeMetrics, exposed, shared_folder
from leadconnect.settings import InvalidSettings, Settings, load_settings, variable

app = typer.Typer(no_args_is_help=True, add_completion=False, help="LeadConnect: lead management for sales teams.")
account_app = typer.Typer(no_args_is_help=True, help="What operators do with one account.")
app.add_typer(account_app, name="account")
console = Console(stderr=True)

WATCH_SECONDS = 0.5


@app.command()
def serve() -> None:
    """Serve the API, with an embedded PostgreSQL unless DATABASE_URL is set."""
    from leadconnect.edge import server  # here, for the other commands do without a web server

    settings = _settings(mail=True)
    with shared_folder(settings) as folder:
        # While the database starts; the workers, forked from this process, then have their programs loaded already.
        loading = threading.Thread(target=_load, args=(server.TARGET.partition(":")[0], "leadconnect.jobs.process"))
        loading.start()
        with _database(settings, beside_a_server=False) as settings:
            settings = _prepared(settings)
            loading.join()
            from leadconnect.jobs.process import worker_beside  # here, as above

            host = f"[{settings.host}]" if ":" in settings.host else settings.host
            documentation = "" if settings.is_production else " (documentation: /api/docs)"
            console.print(f"LeadConnect: http://{host}:{settings.port}/api{documentation}", highlight=False)
            environ = {
                variable("database_url"): settings.database_url,
                variable("database_statement_cache"): str(settings.database_statement_cache).lower(),
            }
            try:
                with worker_beside(settings), exposed(settings, folder):
                    server.serve(settings, environ, drain=timedelta(seconds=settings.drain))
            except server.CannotListen as error:
                _fail(f"{error}; PORT names another one")
            except CannotServeMetrics as error:
                _fail(f"{error}; METRICS_PORT names another one")


@app.command()
def worker() -> None:
    """Send mail and do what is due, beside servers that run with LEADCONNECT_RUN_WORKER=false."""
    settings = _settings(mail=True)
    with shared_folder(settings) as folder, _database(settings) as settings:
        from leadconnect.jobs.process import work  # here, for its numbers go into the folder

        settings = _prepared(settings)
        try:
            with exposed(settings, folder):
                work(settings)
        except CannotServeMetrics as error:
            _fail(f"{error}; METRICS_PORT names another one")


@app.command()
def migrate() -> None:
    """Bring the database's schema up to date."""
    settings = _settings()
    with _database(settings) as settings:
        _prepared(settings)
    console.print("The database is up to date.")


@app.command()
def seed(
    accounts: Annotated[int, typer.Option(min=1, max=10_000, help="Accounts to make.")] = 1,
    leads: Annotated[int, typer.Option(min=0, max=1_000_000, help="Leads for each of them.")] = 200,
) -> None:
    """Fill the database with believable demo data, and print a login."""
    from leadconnect.seed import command

    settings = _settings()
    with _database(settings) as settings:
        settings = _prepared(settings)
        command.run(settings, accounts=accounts, leads=leads)


@app.command()
def export(
    account: Annotated[UUID | None, typer.Option(help="The account's id.", show_default=False)] = None,
    owner: Annotated[str | None, typer.Option(help="The e-mail address of its owner, in place of the id.")] = None,
    output: Annotated[Path | None, typer.Option(help="The file; one in this folder if not given.")] = None,
    format_: Annotated[str, typer.Option("--format", help="csv, xlsx, jsonl or pdf.")] = "csv",
    columns: Annotated[str, typer.Option(help="Names as in the API, with commas; else all of them.")] = "",
    bom: Annotated[bool, typer.Option("--bom", help="Begin a CSV file with a byte order mark, for Excel.")] = False,
    search: Annotated[str, typer.Option(help="Only those with this text in name, e-mail, phone or company.")] = "",
    status: Annotated[list[str] | None, typer.Option(help="Only those of this status; may be repeated.")] = None,
    category: Annotated[str, typer.Option(help="Only those of this category.")] = "",
    city: Annotated[list[str] | None, typer.Option(help="Only those of this city; may be repeated.")] = None,
    sector: Annotated[list[str] | None, typer.Option(help="Only those of this sector; may be repeated.")] = None,
    followup: Annotated[str, typer.Option(help="Only those to be followed up: overdue, due_soon, future.")] = "",
    deleted: Annotated[bool, typer.Option("--deleted", help="The deleted ones in place of the others.")] = False,
) -> None:
    """Write the leads of an account to a file."""
    from leadconnect.transfer.export import command

    if (account is None) is (owner is None):
        _fail("name the account by --account or by --owner")
    given = {
        "format": format_, "columns": columns.split(",") if columns else [], "bom": bom, "search": search,
        "status": status, "category": category, "city": city, "sector": sector, "followupDateFilter": followup,
        "deleted": deleted,
    }  # fmt: skip
    settings = _settings()
    with _database(settings) as settings:
        settings = _prepared(settings)
        command.run(settings, account_id=account, owner=owner, output=output, given=given)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV, XLSX or JSON.")],
    account: Annotated[UUID | None, typer.Option(help="The account's id.", show_default=False)] = None,
    owner: Annotated[str | None, typer.Option(help="The e-mail address of its owner, in place of the id.")] = None,
    policy: Annotated[str, typer.Option(help="What rows may do: create, update or upsert.")] = "create",
    on_match: Annotated[str, typer.Option(help="With a lead that is there: skip, fill_blanks, overwrite.")] = "",
    sheet: Annotated[str, typer.Option(help="The sheet of a workbook; else the first one.")] = "",
    encoding: Annotated[str, typer.Option(help="The encoding of a text file, such as Windows-1250.")] = "",
    delimiter: Annotated[str, typer.Option(help="What divides the cells of a CSV file.")] = "",
    header_line: Annotated[int | None, typer.Option(help="The line that names the columns; 0 if none does.")] = None,
    hidden_rows: Annotated[str, typer.Option(help="What is done with hidden rows of a sheet: read or skip.")] = "read",
    region: Annotated[str, typer.Option(help="Where numbers without a country code are dialled, such as IN.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Apply the plan without asking.")] = False,
) -> None:
    """Plan the import of a file, show the plan, and apply it."""
    from leadconnect.transfer.imports import command

    if (account is None) is (owner is None):
        _fail("name the account by --account or by --owner")
    given = {
        "policy": policy, "onMatch": on_match, "sheet": sheet, "encoding": encoding,
        "delimiter": delimiter, "headerLine": header_line, "hiddenRows": hidden_rows, "region": region,
    }  # fmt: skip
    settings = _settings()
    with _database(settings) as settings:
        settings = _prepared(settings)
        command.run(settings, file, account_id=account, owner=owner, given=given, is_sure=yes)


@account_app.command()
def erase(
    account_id: Annotated[UUID | None, typer.Argument(help="The account's id.", show_default=False)] = None,
    owner: Annotated[str | None, typer.Option(help="The e-mail address of its owner, in place of the id.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for the company's name.")] = False,
) -> None:
    """Erase an account with all it has, for good."""
    from leadconnect.erasure import command

    if (account_id is None) is (owner is None):
        _fail("name the account by its id or by --owner")
    settings = _settings()
    with _database(settings) as settings:
        settings = _prepared(settings)
        command.run(settings, account_id=account_id, owner=owner, is_sure=yes)


@app.command()
def openapi() -> None:
    """Print the description of the API (OpenAPI 3.1)."""
    from leadconnect.app import litestar_app
    from leadconnect.reference.describe import describe

    document = describe(litestar_app(_settings()))
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n")


def _load(*modules: str) -> None:
    for name in modules:
        import_module(name)
    gc.freeze()  # a full collection in a worker would write to these pages, and so end their being shared


def _fail(reason: str) -> NoReturn:
    console.print(f"[red]leadconnect: {escape(reason)}[/red]", soft_wrap=True)
    raise typer.Exit(1)


def _settings(*, mail: bool = False) -> Settings:
    try:
        settings = load_settings()
        if mail:
            from leadconnect.notifications.push.keys import check_push_settings  # here, for it needs cryptography

            check_mail_settings(settings)
            check_push_settings(settings)
    except InvalidSettings as error:
        _fail(str(error))
    logs.configure(settings)
    return settings


@contextmanager
def _database(settings: Settings, *, beside_a_server: bool = True) -> Iterator[Settings]:
    """Yield settings with a database: the given one, our own, or the one that a server runs on our data folder, which
    a second server may not use.
    """
    if settings.database_url:
        yield settings
        return
    running = running_url(settings.data_dir) if beside_a_server else None
    if running is not None:
        yield msgspec.structs.replace(settings, database_url=running)
        return
    postgres = EmbeddedPostgres(Path(settings.data_dir))
    try:
        url = postgres.start()
    except EmbeddedPostgresError as error:
        _fail(str(error))
    stop = threading.Event()
    watch = threading.Thread(target=_keep_running, args=(postgres, stop), name="postgres", daemon=True)
    watch.start()
    try:
        yield msgspec.structs.replace(settings, database_url=url)
    finally:
        stop.set()
        watch.join()
        postgres.stop()


def _keep_running(postgres: EmbeddedPostgres, stop: threading.Event) -> None:
    """Start the database again whenever it was ended from outside; what hinders that is said once."""
    said = ""
    while not stop.wait(WATCH_SECONDS):
        try:
            postgres.ensure_running()
            said = ""
        except EmbeddedPostgresError as error:
            if said != str(error):
                said = str(error)
                console.print(f"[red]leadconnect: {escape(said)}[/red]", soft_wrap=True)


def _prepared(settings: Settings) -> Settings:
    """Wait for the database, migrate and check it; return the settings that suit it."""
    try:
        return asyncio.run(prepare(settings, _say))
    except CannotStart as error:
        _fail(str(error))


def _say(text: str) -> None:
    console.print(f"leadconnect: {escape(text)}", highlight=False, soft_wrap=True)


if __name__ == "__main__":
    app()
