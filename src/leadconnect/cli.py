"""The command line: `leadconnect serve`, `worker`, `migrate`, `seed`, `import`, `export`, `account` and others."""

import gc
import sys
import threading
from datetime import timedelta
from enum import StrEnum
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

import msgspec
import typer
from rich.markup import escape

from leadconnect.metrics.server import CannotServeMetrics, exposed, shared_folder
from leadconnect.processes.program import (
    check_ports,
    console,
    fail,
    opened,
    read_service_settings,
    read_settings,
    say_where,
)
from leadconnect.settings import variable

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="LeadConnect: lead management for sales teams.",
)
account_app = typer.Typer(no_args_is_help=True, help="What operators do with accounts.")
app.add_typer(account_app, name="account")
jobs_app = typer.Typer(no_args_is_help=True, help="Jobs of the background work that were given up.")
app.add_typer(jobs_app, name="jobs")

JobIds = Annotated[list[int] | None, typer.Argument(metavar="ID...", help="Jobs by their numbers.", show_default=False)]
LeadStatus = StrEnum("LeadStatus", "NEW FOLLOWUP QUALIFIED HOT CONVERTED LOST")
Followup = Annotated[
    Literal["overdue", "today", "due_soon", "future"] | None,
    typer.Option("--followup", "--followup-date-filter", help="Only those to be followed up then."),
]
AllJobs = Annotated[bool, typer.Option("--all", help="All that are parked.")]
Account = Annotated[UUID | None, typer.Option(help="The account's id.", show_default=False)]
Owner = Annotated[str | None, typer.Option(help="The e-mail address of its owner, in place of the id.")]


def _show_version(is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(version("leadconnect"))
        raise typer.Exit


@app.callback()
def options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """LeadConnect: lead management for sales teams."""


@app.command()
def serve() -> None:
    """Serve the API, with an embedded PostgreSQL unless DATABASE_URL is set."""
    from leadconnect.processes import server

    settings = read_service_settings()
    check_ports(settings, server.check_address)
    say_where(settings)
    with shared_folder(settings) as folder:
        # While the database starts; the workers, forked from this process, then have their programs loaded already.
        loading = threading.Thread(target=_load, args=(server.TARGET.partition(":")[0], "leadconnect.processes.worker"))
        loading.start()
        try:
            with opened(settings, beside_a_server=False) as settings:
                loading.join()
                from leadconnect.processes.worker import worker_beside  # here, as above

                host = f"[{settings.host}]" if ":" in settings.host else settings.host
                documentation = "" if settings.is_production else " (documentation: /api/docs)"
                console.print(f"LeadConnect: http://{host}:{settings.port}/api{documentation}", highlight=False)
                environ = {
                    variable("database_url"): settings.database_url,
                    variable("database_statement_cache"): str(settings.database_statement_cache).lower(),
                }
                with worker_beside(settings), exposed(settings, folder):
                    server.serve(settings, environ, drain=timedelta(seconds=settings.drain))
        except server.CannotListen as error:
            fail(f"PORT: {error}: choose another one, or correct HOST")
        except CannotServeMetrics as error:
            fail(f"METRICS_PORT: {error}: choose another one, or correct METRICS_HOST")
        finally:
            loading.join()


@app.command()
def worker() -> None:
    """Send mail and do what is due, beside servers that run with LEADCONNECT_RUN_WORKER=false."""
    settings = read_service_settings()
    check_ports(settings, None)
    say_where(settings)
    with shared_folder(settings) as folder, opened(settings) as settings:
        from leadconnect.processes.worker import work  # here, for its numbers go into the folder

        try:
            with exposed(settings, folder):
                work(settings)
        except CannotServeMetrics as error:
            fail(f"METRICS_PORT: {error}: choose another one, or correct METRICS_HOST")


@app.command()
def migrate() -> None:
    """Bring the database's schema up to date, and make again what a restore has lost of its roles and rights."""
    with opened(read_settings(), repairs=True):
        pass
    console.print("The database is up to date.")


@app.command()
def seed(
    accounts: Annotated[int, typer.Option(min=1, max=10_000, help="Accounts to make.")] = 1,
    leads: Annotated[int, typer.Option(min=0, max=1_000_000, help="Leads for each of them.")] = 200,
) -> None:
    """Fill the database with believable demo data, and print a login."""
    from leadconnect.seed import command

    with opened(read_settings()) as settings:
        command.run(settings, accounts=accounts, leads=leads)


@app.command()
def export(
    account: Account = None,
    owner: Owner = None,
    output: Annotated[Path | None, typer.Option(help="The file; - for standard output.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there already.")] = False,
    format_: Annotated[Literal["csv", "xlsx", "jsonl", "pdf"], typer.Option("--format", help="Its format.")] = "csv",
    columns: Annotated[str, typer.Option(help="Names as in the API, with commas; else all of them.")] = "",
    bom: Annotated[bool, typer.Option("--bom", help="Begin a CSV file with a byte order mark, for Excel.")] = False,
    search: Annotated[str, typer.Option(help="Only those with this text in name, e-mail, phone or company.")] = "",
    status: Annotated[list[LeadStatus] | None, typer.Option(help="Only those of this status; may be repeated.")] = None,
    category: Annotated[Literal["existing", "potential"] | None, typer.Option(help="Only those of it.")] = None,
    city: Annotated[list[str] | None, typer.Option(help="Only those of this city; may be repeated.")] = None,
    sector: Annotated[list[str] | None, typer.Option(help="Only those of this sector; may be repeated.")] = None,
    country: Annotated[list[str] | None, typer.Option(help="Only those of this country; may be repeated.")] = None,
    lead_source: Annotated[list[str] | None, typer.Option(help="Only those of this source; may be repeated.")] = None,
    followup: Followup = None,
    followup_from: Annotated[str, typer.Option(help="Only those to be followed up on this day or later.")] = "",
    followup_to: Annotated[str, typer.Option(help="Only those to be followed up on this day or earlier.")] = "",
    created_from: Annotated[str, typer.Option(help="Only those added on this day (YYYY-MM-DD) or later.")] = "",
    created_to: Annotated[str, typer.Option(help="Only those added on this day or earlier.")] = "",
    updated_since: Annotated[str, typer.Option(help="Only those changed since, as 2031-03-04T05:06:07Z.")] = "",
    sort: Annotated[str, typer.Option(help="A field, with a minus for descending, such as name.")] = "-createdAt",
    deleted: Annotated[bool, typer.Option("--deleted", help="The deleted ones in place of the others.")] = False,
) -> None:
    """Write the leads of an account to a file."""
    from leadconnect.exports import command

    if (account is None) is (owner is None):
        fail("name the account by --account or by --owner")
    given = {
        "format": format_, "columns": columns.split(",") if columns else [], "bom": bom, "search": search,
        "status": status, "category": category, "city": city, "sector": sector, "country": country,
        "leadSource": lead_source, "followupDateFilter": followup, "followupFrom": followup_from,
        "followupTo": followup_to, "createdFrom": created_from, "createdTo": created_to, "updatedSince": updated_since,
        "sort": sort, "deleted": deleted,
    }  # fmt: skip
    with opened(read_settings()) as settings:
        command.run(settings, account_id=account, owner=owner, output=output, given=given, is_forced=force)


@app.command("import")
def import_(
    file: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV, XLSX, XLS, XLSB, ODS, JSON or vCard."),
    ],
    account: Account = None,
    owner: Owner = None,
    policy: Annotated[Literal["create", "update", "upsert"], typer.Option(help="What rows may do.")] = "create",
    on_match: Annotated[
        Literal["skip", "fill_blanks", "overwrite"], typer.Option(help="What they do with a lead that is there.")
    ] = "fill_blanks",
    columns: Annotated[str, typer.Option(help="Fields in the order of the columns, as name,,email.")] = "",
    date_order: Annotated[
        Literal["day_first", "month_first"] | None, typer.Option(help="How 03/04/2025 is read; else found.")
    ] = None,
    sheet: Annotated[str, typer.Option(help="The sheet of a workbook; else the first one.")] = "",
    encoding: Annotated[str, typer.Option(help="The encoding of a text file, such as Windows-1250.")] = "",
    delimiter: Annotated[str, typer.Option(help="What divides the cells of a CSV file.")] = "",
    header_line: Annotated[int | None, typer.Option(help="The line that names the columns; 0 if none does.")] = None,
    hidden_rows: Annotated[Literal["read", "skip"], typer.Option(help="What is done with those.")] = "read",
    region: Annotated[str, typer.Option(help="Where numbers without a country code are dialled, such as IN.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Apply the plan without asking.")] = False,
) -> None:
    """Plan the import of a file, show the plan, and apply it."""
    from leadconnect.imports import command

    if (account is None) is (owner is None):
        fail("name the account by --account or by --owner")
    targets = enumerate(name.strip() for name in columns.split(","))
    given = {
        "columns": [{"position": position, "target": target} for position, target in targets if target],
        "dateOrder": date_order, "policy": policy, "onMatch": on_match, "sheet": sheet, "encoding": encoding,
        "delimiter": delimiter, "headerLine": header_line, "hiddenRows": hidden_rows, "region": region,
    }  # fmt: skip
    with opened(read_settings()) as settings:
        command.run(settings, file, account_id=account, owner=owner, given=given, is_sure=yes)


@account_app.command()
def erase(
    account_id: Annotated[UUID | None, typer.Argument(help="The account's id.", show_default=False)] = None,
    account: Account = None,
    owner: Owner = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for the company's name.")] = False,
) -> None:
    """Erase an account with all it has, for good."""
    from leadconnect.erasure import command

    if sum(given is not None for given in (account_id, account, owner)) != 1:
        fail("name the account by its id, by --account or by --owner")
    with opened(read_settings()) as settings:
        command.run(settings, account_id=account_id or account, owner=owner, is_sure=yes)


@account_app.command("list")
def list_accounts() -> None:
    """List the accounts with their owners."""
    from leadconnect.erasure import command

    with opened(read_settings()) as settings:
        command.list_accounts(settings)


@jobs_app.command("list")
def list_jobs() -> None:
    """List the parked jobs: those that were given up after their last try."""
    from leadconnect.queue import command

    with opened(read_settings()) as settings:
        command.list_parked(settings)


@jobs_app.command("retry")
def retry_jobs(ids: JobIds = None, every: AllJobs = False) -> None:
    """Queue parked jobs for another round of tries."""
    from leadconnect.queue import command

    if bool(ids) is every:
        fail("name jobs by their numbers, or all by --all")
    with opened(read_settings()) as settings:
        command.retry(settings, ids or None)


@jobs_app.command("drop")
def drop_jobs(ids: JobIds = None, every: AllJobs = False) -> None:
    """Delete parked jobs for good: what they were to do is not done."""
    from leadconnect.queue import command

    if bool(ids) is every:
        fail("name jobs by their numbers, or all by --all")
    with opened(read_settings()) as settings:
        command.drop(settings, ids or None)


@app.command()
def openapi() -> None:
    """Print the description of the API (OpenAPI 3.1)."""
    from leadconnect.app import litestar_app
    from leadconnect.reference.describe import describe

    document = describe(litestar_app(read_settings()))
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n")


def _load(*modules: str) -> None:
    for name in modules:
        import_module(name)
    gc.freeze()  # a full collection in a worker would write to these pages, and so end their being shared


def main() -> None:
    """Run the program. What the system refuses it, such as a file, ends it with one line."""
    try:
        app()
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        console.print(f"[red]leadconnect: {escape(where)}{error.strerror or error}[/red]", soft_wrap=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
