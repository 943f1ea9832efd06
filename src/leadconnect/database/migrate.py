"""Bringing the schema up to date: Alembic over plain, forward SQL files.

A migration is a file ``migrations/NNNN_name.sql``; its name without the suffix is the version, and its number orders
it. It runs as one transaction, so it must not begin or commit one itself nor use what cannot run in one, such as
``create index concurrently``. There is no way back but a new migration.
"""

import asyncio
import random
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import asyncpg

from leadconnect.database.connecting import ensure_session_settings
from leadconnect.database.rights import close_database, make_roles, missing_rights, missing_roles, repair_rights
from leadconnect.dsn import connect_arguments

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext, RevisionStep
    from sqlalchemy import Connection
    from sqlalchemy.ext.asyncio import AsyncConnection

MIGRATIONS = Path(__file__).with_name("migrations")
OLDEST_SERVER = 15
LOCK_TIMEOUT = "2s"
"""How long a migration may wait for a table that requests are using; they queue up behind it meanwhile."""
STATEMENT_TIMEOUT = "60s"
TRIES = 10
_NAME = re.compile(r"(?P<number>[0-9]{4})_[a-z0-9_]{1,27}\.sql")  # Alembic's version column holds 32 characters
_ADVISORY_LOCK = 0x6C65616463  # "leadc", in the 64-bit key space
WITHOUT_ROLES = "the database was restored without its roles"
_PRIVILEGES = (
    ": the role must own the database and have createrole; where another role has made the roles leadconnect_*, let a"
    " superuser run: grant leadconnect_request, leadconnect_directory, leadconnect_search to <this role> with admin"
    " option"
)
_WORTH_A_TRY = (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError)


class MigrationError(Exception):
    """The schema cannot be brought up to date; the message names the migration and what to do."""


async def migrate(url: str, *, ca_file: str = "", folder: Path = MIGRATIONS, repairs: bool = False) -> None:
    """Run every migration of `folder` that the database of `url` lacks, and write the settings of our sessions.

    Instances that start together take turns by an advisory lock, so each migration runs once. A migration that cannot
    get a table's lock within `LOCK_TIMEOUT` is undone and tried again, `TRIES` times in all.

    With `repairs`, roles, grants, policies and owners that a restore has lost are made again.

    Raises:
        MigrationError: a migration fails, the server is too old, or the database is newer than this release.
        InvalidDatabaseUrl: see `leadconnect.dsn.connect_arguments`.
    """
    arguments = {**connect_arguments(url, ca_file=ca_file), "statement_cache_size": 0}  # for PgBouncer
    versions = [path.stem for path in migration_files(folder)]
    connection = await asyncpg.connect(**arguments)
    try:
        version = await _current_version(connection)
        if version is not None:
            await _check_roles(connection, repairs=repairs)
        if versions and version != versions[-1]:
            await _run_lacking(arguments, folder)  # only then, because importing Alembic takes longer than the rest
        if repairs and versions:
            await close_database(connection)
            if await missing_rights(connection):
                await repair_rights(connection)
        await ensure_session_settings(connection)
    finally:
        await connection.close()


async def _check_roles(connection: "asyncpg.Connection[asyncpg.Record]", *, repairs: bool) -> None:
    """Refuse a restored database whose roles are missing, or make them."""
    if not (missing := await missing_roles(connection)):
        return
    if not repairs:
        raise MigrationError(f"{WITHOUT_ROLES} ({', '.join(missing)}): run `leadconnect migrate`")
    await make_roles(connection)


async def _run_lacking(arguments: dict[str, Any], folder: Path) -> None:
    from sqlalchemy.ext.asyncio import create_async_engine
    from sqlalchemy.pool import NullPool

    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: asyncpg.connect(**arguments),
        poolclass=NullPool,
        connect_args={"prepared_statement_cache_size": 0, "prepared_statement_name_func": lambda: ""},
    )
    try:
        async with engine.connect() as connection:
            while await _run_next_patiently(connection, folder):
                pass
    finally:
        await engine.dispose()


def migration_files(folder: Path = MIGRATIONS) -> list[Path]:
    """Return the migrations of `folder` in their order.

    Raises:
        MigrationError: a file has another form of name, or two have the same number.
    """
    found: dict[str, Path] = {}
    for path in sorted(folder.glob("*.sql")):
        name = _NAME.fullmatch(path.name)
        if name is None:
            raise MigrationError(
                f"{path.name}: a migration is named NNNN_name.sql, with at most 32 characters before it"
            )
        if name["number"] in found:
            raise MigrationError(f"{path.name} and {found[name['number']].name} have the same number")
        found[name["number"]] = path
    return list(found.values())


async def _current_version(connection: "asyncpg.Connection[asyncpg.Record]") -> str | None:
    if connection.get_server_version().major < OLDEST_SERVER:
        raise MigrationError(
            f"the server is PostgreSQL {connection.get_server_version().major}; {OLDEST_SERVER} or later is needed"
        )
    try:
        found: str | None = await connection.fetchval("select version_num from alembic_version")
        return found
    except asyncpg.UndefinedTableError:
        return None


async def _run_next_patiently(connection: "AsyncConnection", folder: Path) -> bool:
    """Run the next migration that is lacking; return False where there was none."""
    for attempt in range(1, TRIES + 1):
        try:
            return await _run_next(connection, folder)
        except _WORTH_A_TRY as error:
            if attempt == TRIES:
                raise MigrationError(
                    f"a table stayed locked through {TRIES} tries of {LOCK_TIMEOUT} ({error}): end what holds it, such"
                    " as a long transaction or a backup, then migrate again"
                ) from error
            await asyncio.sleep(random.uniform(0.1, 0.5))  # noqa: S311  no secret
    raise AssertionError("not reached")


async def _run_next(connection: "AsyncConnection", folder: Path) -> bool:
    from alembic.runtime.migration import MigrationContext

    ran: list[RevisionStep] = []

    def next_step(heads: tuple[str, ...], _: "MigrationContext") -> Iterator["RevisionStep"]:
        ran.extend(_lacking(heads, folder)[:1])
        yield from ran

    def run(synchronous: "Connection") -> None:
        context = MigrationContext.configure(synchronous, opts={"fn": next_step})
        context.run_migrations(connection=synchronous)

    async with connection.begin():
        # First wait our turn for as long as others migrate; then let no table be waited for that long.
        await connection.exec_driver_sql("set local lock_timeout = 0")
        await connection.exec_driver_sql("set local statement_timeout = 0")
        await connection.exec_driver_sql(f"select pg_advisory_xact_lock({_ADVISORY_LOCK})")
        await connection.exec_driver_sql(f"set local lock_timeout = '{LOCK_TIMEOUT}'")
        await connection.exec_driver_sql(f"set local statement_timeout = '{STATEMENT_TIMEOUT}'")
        await connection.run_sync(run)
    return bool(ran)


def _lacking(heads: tuple[str, ...], folder: Path) -> list["RevisionStep"]:
    from alembic.runtime.migration import MigrationStep
    from alembic.script.revision import RevisionError, RevisionMap

    revisions = RevisionMap(lambda: _scripts(folder))
    try:
        lacking = list(revisions.iterate_revisions("head", heads, implicit_base=True))
    except RevisionError:
        raise MigrationError(
            f"the database is at {', '.join(heads)}, which this release does not know: run the release that made it,"
            " or a later one"
        ) from None
    return [MigrationStep.upgrade_from_script(revisions, script) for script in reversed(lacking)]  # type: ignore[arg-type]


def _scripts(folder: Path) -> Iterator[Any]:
    """Yield each SQL file as Alembic's idea of a script: a module with its predecessor and its way up."""
    from alembic.script import Script

    before: str | None = None
    for path in migration_files(folder):
        module = ModuleType(path.stem)
        vars(module).update(down_revision=before, upgrade=_way_up(path))
        yield Script(module, path.stem, path)
        before = path.stem


def _way_up(path: Path) -> Any:
    def upgrade(connection: "Connection") -> None:
        text = path.read_text(encoding="utf-8")
        raw: Any = connection.connection.dbapi_connection
        try:
            raw.run_async(lambda driver: driver.execute(text))  # the simple protocol, which takes many statements
        except _WORTH_A_TRY:
            raise
        except asyncpg.PostgresError as error:
            position = getattr(error, "position", None)
            line = f", line {text[: int(position) - 1].count(chr(10)) + 1}" if position else ""
            remedy = _PRIVILEGES if isinstance(error, asyncpg.InsufficientPrivilegeError) else ""
            raise MigrationError(f"{path.name}{line}: {error.args[0]}{remedy}") from error

    return upgrade
