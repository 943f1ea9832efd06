"""What all commands share: reading the settings, opening the database, and saying in one line what hinders them."""

import asyncio
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import msgspec
import typer
from rich.console import Console
from rich.markup import escape

from leadconnect import logs
from leadconnect.database.embedded import EmbeddedPostgres, EmbeddedPostgresError, running_url
from leadconnect.database.starting import CannotStart, prepare
from leadconnect.dsn import connect_arguments
from leadconnect.mail.senders import check_mail_settings
from leadconnect.metrics.server import CannotServeMetrics, check_metrics_address
from leadconnect.settings import InvalidSettings, Settings, load_settings

console = Console(stderr=True)

WATCH_SECONDS = 0.5


def fail(reason: str) -> NoReturn:
    """Print each line of `reason` and end with exit code 1."""
    for line in reason.splitlines():
        console.print(f"[red]leadconnect: {escape(line)}[/red]", highlight=False, soft_wrap=True)
    raise typer.Exit(1)


def say(text: str) -> None:
    """Print a line for the operator."""
    console.print(f"leadconnect: {escape(text)}", highlight=False, soft_wrap=True)


def check_ports(settings: Settings, check_address: Callable[[str, int], object] | None) -> None:
    """Refuse ports that cannot be listened on, before anything is started."""
    try:
        check_metrics_address(settings)
        if check_address is not None:
            check_address(settings.host, settings.port)
    except CannotServeMetrics as error:
        fail(f"METRICS_PORT: {error}: choose another one, or correct METRICS_HOST")
    except OSError as error:
        fail(f"PORT: {error}: choose another one, or correct HOST")


def read_settings() -> Settings:
    """Read the settings of a command, and let its log lines go to standard error: its output may be a file."""
    try:
        settings = load_settings()
    except InvalidSettings as error:
        fail(str(error))
    logs.configure(settings, sys.stderr)
    return settings


def read_service_settings() -> Settings:
    """Read the settings of a service and check what it needs for mail, push and files."""
    from leadconnect.notifications.push.keys import check_push_settings  # here, for it needs cryptography

    problems: list[str] = []
    try:
        settings = load_settings()
    except InvalidSettings as error:
        fail(str(error))
    for check in (check_mail_settings, check_push_settings, _check_data_folder):
        try:
            check(settings)
        except InvalidSettings as error:
            problems += error.problems
    if problems:
        fail("\n".join(problems))
    logs.configure(settings)
    return settings


def say_where(settings: Settings) -> None:
    """Print where the data folder and the database are, and what production should not lack."""
    folder = settings.data_dir.absolute()
    say(f"data folder: {folder}")
    say(f"database: {_database_name(settings) if settings.database_url else f'embedded, in {folder}/postgres'}")
    if settings.is_production and not settings.smtp_host:
        say(f"SMTP_HOST: not set, so mails are not sent but written to {folder / 'mail'}")
    if settings.is_production and not settings.public_url:
        say(f"LEADCONNECT_PUBLIC_URL: not set, so links in mails lead to http://127.0.0.1:{settings.port}")


def _database_name(settings: Settings) -> str:
    """Return database and servers of DATABASE_URL, without user and password."""
    found = connect_arguments(settings.database_url, ca_file=settings.database_ca_file)
    pairs = zip(found["host"], found["port"], strict=True)
    servers = [host if host.startswith("/") else f"{host}:{port}" for host, port in pairs]
    return f"{found.get('database', 'of the name of its user')} on {', '.join(servers)}"


def _check_data_folder(settings: Settings) -> None:
    """Check that files can be made in the data folder, where any will be."""
    if settings.database_url and settings.smtp_host and settings.vapid_private_key:
        return
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.data_dir):
            pass
    except OSError as error:
        raise InvalidSettings(
            f"LEADCONNECT_DATA_DIR: {settings.data_dir} cannot be written ({error.strerror}): name a folder that this"
            " user may write"
        ) from None


@contextmanager
def opened(settings: Settings, *, beside_a_server: bool = True, repairs: bool = False) -> Iterator[Settings]:
    """Yield settings that suit a database which is there, migrated and checked; with `repairs`, with its rights made
    again.
    """
    with _database(settings, beside_a_server=beside_a_server) as found:
        try:
            ready = asyncio.run(prepare(found, say, repairs=repairs))
        except CannotStart as error:
            fail(str(error))
        yield ready


@contextmanager
def _database(settings: Settings, *, beside_a_server: bool) -> Iterator[Settings]:
    """Yield settings with a database: the given one, our own, or the one that a server runs on our data folder, which
    a second server may not use.
    """
    if settings.database_url:
        yield settings
        return
    try:
        running = running_url(settings.data_dir) if beside_a_server else None
        postgres = EmbeddedPostgres(Path(settings.data_dir))
        url = running or postgres.start()
    except EmbeddedPostgresError as error:
        fail(str(error))
    except OSError as error:
        fail(
            f"LEADCONNECT_DATA_DIR: no database can be run in {settings.data_dir} ({error.strerror}): free space on its"
            " disk, or name a folder that this user may write"
        )
    if running is not None:
        yield msgspec.structs.replace(settings, database_url=running)
        return
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
        except (EmbeddedPostgresError, OSError) as error:
            if said != str(error):
                said = str(error)
                console.print(f"[red]leadconnect: {escape(said)}[/red]", soft_wrap=True)
