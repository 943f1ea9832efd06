"""Migrations, on a real server."""

import asyncio
import os
import sys
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from leadconnect.database import migrate as migrate_module
from leadconnect.database.embedded import EmbeddedPostgres
from leadconnect.database.migrate import MigrationError, migrate, migration_files
from leadconnect.dsn import connect_arguments
from tests.dropping import drop_database
from tests.patience import PATIENCE_SECONDS


@pytest.fixture(scope="module")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    given = os.environ.get("LEADCONNECT_TEST_DATABASE_URL", "")
    if given:
        yield given
        return
    with EmbeddedPostgres(tmp_path_factory.mktemp("postgres")) as server:
        yield server.start()


@asynccontextmanager
async def connected(url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(**connect_arguments(url))
    try:
        yield connection
    finally:
        await connection.close()


async def fetch(url: str, sql: str) -> Any:
    async with connected(url) as connection:
        return await connection.fetchval(sql)


@pytest.fixture
async def url(server_url: str) -> AsyncIterator[str]:
    """An empty database."""
    name = f"migrate_{uuid.uuid4().hex}"
    async with connected(server_url) as connection:
        await connection.execute(f"create database {name}")
        yield urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
        await drop_database(connection, name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of two migrations."""
    (tmp_path / "0001_first.sql").write_text("create table runs (name text);\ninsert into runs values ('first');\n")
    (tmp_path / "0002_second.sql").write_text("insert into runs values ('second'); -- ü\n")
    return tmp_path


async def wait_until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await condition():  # noqa: ASYNC110  it is in the database
            await asyncio.sleep(0.02)


async def test_all_our_migrations_run_and_running_them_again_does_nothing(url: str) -> None:
    await migrate(url)
    assert await fetch(url, "select version_num from alembic_version") == migration_files()[-1].stem
    await migrate(url)
    assert await fetch(url, "select count(*) from alembic_version") == 1


async def test_a_fresh_database_has_nobody_in_it_and_no_key(url: str) -> None:
    await migrate(url)
    async with connected(url) as connection:
        pages = await connection.fetch(
            """
            select relname, pg_relation_size(oid) as size from pg_class
            where relnamespace = 'public'::regnamespace and relkind = 'r'
            """
        )
    assert {"users", "accounts", "tokens", "api_keys", "leads"} <= {row["relname"] for row in pages}
    assert {row["relname"] for row in pages if row["size"]} == {"alembic_version"}


async def test_our_migrations_run_for_a_superuser_too(tmp_path_factory: pytest.TempPathFactory) -> None:
    with EmbeddedPostgres(tmp_path_factory.mktemp("postgres")) as server:
        server.start()
        await migrate(server.superuser_url())
        assert await fetch(server.superuser_url(), "select count(*) from alembic_version") == 1


async def test_several_databases_of_a_server_are_migrated_at_the_same_time(server_url: str) -> None:
    names = [f"migrate_{uuid.uuid4().hex}" for _ in range(3)]
    async with connected(server_url) as connection:
        for name in names:
            await connection.execute(f"create database {name}")
        try:
            await asyncio.gather(*(migrate(urlunsplit(urlsplit(server_url)._replace(path=f"/{n}"))) for n in names))
        finally:
            for name in names:
                await drop_database(connection, name)


async def test_only_what_is_lacking_runs_in_the_order_of_the_numbers(url: str, folder: Path) -> None:
    await migrate(url, folder=folder)
    (folder / "0003_third.sql").write_text("insert into runs values ('third')")
    await migrate(url, folder=folder)
    assert await fetch(url, "select array_agg(name) from runs") == ["first", "second", "third"]


async def test_instances_that_start_together_run_each_migration_once(url: str, folder: Path) -> None:
    (folder / "0003_slow.sql").write_text("select pg_sleep(0.3); insert into runs values ('slow');")
    await asyncio.gather(*(migrate(url, folder=folder) for _ in range(6)))
    assert await fetch(url, "select array_agg(name) from runs") == ["first", "second", "slow"]


async def test_a_failing_migration_is_undone_whole_and_named_with_its_line(url: str, folder: Path) -> None:
    (folder / "0003_wrong.sql").write_text("insert into runs values ('third');\n\ninsert into nowhere values (1);\n")
    with pytest.raises(MigrationError, match=r"0003_wrong\.sql, line 3: .*nowhere"):
        await migrate(url, folder=folder)
    assert await fetch(url, "select array_agg(name) from runs") == ["first", "second"]
    assert await fetch(url, "select version_num from alembic_version") == "0002_second"
    (folder / "0003_wrong.sql").write_text("insert into runs values ('third')")
    await migrate(url, folder=folder)
    assert await fetch(url, "select count(*) from runs") == 3


async def test_a_locked_table_is_given_up_at_once_and_tried_again(
    url: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate_module, "LOCK_TIMEOUT", "100ms")
    await migrate(url, folder=folder)
    (folder / "0003_column.sql").write_text("alter table runs add column more int")
    waiting = """select query_start::text as try from pg_stat_activity
        where wait_event_type = 'Lock' and query ~ 'more int' and pid <> pg_backend_pid()"""
    async with connected(url) as holder:
        await holder.execute("begin; select from runs")
        task = asyncio.create_task(migrate(url, folder=folder))
        tries: set[str] = set()
        async with connected(url) as observer:

            async def waited_twice() -> bool:
                tries.update(row["try"] for row in await observer.fetch(waiting))
                return len(tries) >= 2

            await wait_until(waited_twice)
        await holder.execute("commit")
        await task
    assert await fetch(url, "select version_num from alembic_version") == "0003_column"


async def test_a_table_that_stays_locked_is_told_in_the_end(
    url: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate_module, "LOCK_TIMEOUT", "50ms")
    monkeypatch.setattr(migrate_module, "TRIES", 2)
    await migrate(url, folder=folder)
    (folder / "0003_column.sql").write_text("alter table runs add column more int")
    async with connected(url) as holder:
        await holder.execute("begin; select from runs")
        with pytest.raises(MigrationError, match="stayed locked through 2 tries"):
            await migrate(url, folder=folder)
    await migrate(url, folder=folder)


async def test_a_statement_that_takes_too_long_is_ended(
    url: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate_module, "STATEMENT_TIMEOUT", "100ms")
    (folder / "0003_endless.sql").write_text("select pg_sleep(60)")
    with pytest.raises(MigrationError, match=r"0003_endless\.sql: .*statement timeout"):
        await migrate(url, folder=folder)


async def test_a_database_newer_than_this_release_is_refused(url: str, folder: Path) -> None:
    await migrate(url, folder=folder)
    (folder / "0002_second.sql").unlink()
    with pytest.raises(MigrationError, match=r"at 0002_second, which this release does not know"):
        await migrate(url, folder=folder)


@pytest.mark.parametrize("name", ["3_short.sql", "0003.sql", "0003_Capital.sql", "0003_" + "x" * 28 + ".sql"])
async def test_a_file_with_another_form_of_name_is_refused(folder: Path, name: str) -> None:
    (folder / name).touch()
    with pytest.raises(MigrationError, match="NNNN_name"):
        migration_files(folder)


async def test_two_files_with_the_same_number_are_refused(folder: Path) -> None:
    (folder / "0002_other.sql").touch()
    with pytest.raises(MigrationError, match="same number"):
        migration_files(folder)


async def test_an_up_to_date_database_costs_no_import_of_alembic(url: str, folder: Path) -> None:
    await migrate(url, folder=folder)
    program = (
        "import asyncio, pathlib, sys; from leadconnect.database.migrate import migrate;"
        f"asyncio.run(migrate({url!r}, folder=pathlib.Path({str(folder)!r})));"
        "sys.exit('sqlalchemy' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program, env=environment)
    assert await process.wait() == 0
