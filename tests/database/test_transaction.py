"""Transactions: whose rows they see, how they end, and what never leaks from one to the next."""

import asyncio
import random
from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest
from structlog.contextvars import bound_contextvars

from leadconnect.database.pool import Connection, Database
from leadconnect.database.transaction import CommitFailed, directory, maintenance, tenant
from leadconnect.errors import LeadConnectError, ServiceBusy
from leadconnect.identifiers import new_id
from leadconnect.settings import Settings
from tests.cast import Actor, Cast
from tests.conftest import changed

NAMES = "select company_name from accounts"
TENANT_TABLES = """
    select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'account_id'
    where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by c.relname
"""


class Counted(LeadConnectError):
    """A refusal that keeps what was written."""

    code = "counted"
    keeps_writes = True


class Refused(LeadConnectError):
    """A refusal that takes everything back."""

    code = "refused"


@pytest.fixture
async def two(cast: Cast) -> tuple[Actor, Actor]:
    """Two owners whose companies have the same name."""
    return await cast.owner(company="Acme Ltd"), await cast.owner(company="Acme Ltd")


@pytest.fixture
async def narrow(settings: Settings) -> AsyncIterator[Database]:
    """A pool of a single connection."""
    opened = await Database.connect(changed(settings, database_pool_size=1, database_pool_wait=0.5), "tests, narrow")
    yield opened
    await opened.close()


async def account_of(connection: Connection) -> UUID | None:
    found: UUID | None = await connection.fetchval("select current_account_id()")
    return found


async def test_a_transaction_sees_the_rows_of_its_account_alone(database: Database, two: tuple[Actor, Actor]) -> None:
    for actor in two:
        async with tenant(database, actor.account_id) as connection:
            assert await connection.fetchval("select id from accounts") == actor.account_id
            assert await connection.fetchval("select count(*) from users") == 1


async def test_no_account_means_no_rows_in_any_table(database: Database, two: tuple[Actor, Actor]) -> None:
    async with database.acquire() as connection:
        tables = [row["relname"] for row in await connection.fetch(TENANT_TABLES)]
    assert {"users", "leads", "tokens", "sessions"} <= set(tables)
    async with directory(database) as connection:
        for table in [*tables, "accounts"]:
            assert await connection.fetchval(f'select count(*) from "{table}"') == 0


async def test_a_row_can_neither_be_made_for_nor_moved_to_another_account(
    database: Database, two: tuple[Actor, Actor]
) -> None:
    mine, theirs = two
    insert = "insert into custom_sectors (account_id, id, sector, sector_key) values ($1, $2, 'Textiles', 'textiles')"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with tenant(database, mine.account_id) as connection:
            await connection.execute(insert, theirs.account_id, new_id())
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with tenant(database, mine.account_id) as connection:
            await connection.execute(insert, mine.account_id, new_id())
            await connection.execute("update custom_sectors set account_id = $1", theirs.account_id)


async def test_background_work_reaches_all_accounts(database: Database, two: tuple[Actor, Actor]) -> None:
    async with maintenance(database) as connection:
        found = {row["id"] for row in await connection.fetch("select id from accounts")}
    assert {actor.account_id for actor in two} <= found


async def test_what_is_written_is_there_after_the_block(database: Database, two: tuple[Actor, Actor]) -> None:
    account_id = two[0].account_id
    async with tenant(database, account_id) as connection:
        await connection.execute("update accounts set company_name = 'Renamed' where id = $1", account_id)
    async with tenant(database, account_id) as connection:
        assert await connection.fetchval(NAMES) == "Renamed"


@pytest.mark.parametrize(("refusal", "name"), [(Refused, "Acme Ltd"), (Counted, "Renamed"), (ValueError, "Acme Ltd")])
async def test_a_refusal_takes_writes_back_unless_it_keeps_them(
    refusal: type[Exception], name: str, database: Database, two: tuple[Actor, Actor]
) -> None:
    account_id = two[0].account_id
    with pytest.raises(refusal):
        async with tenant(database, account_id) as connection:
            await connection.execute("update accounts set company_name = 'Renamed' where id = $1", account_id)
            raise refusal
    async with tenant(database, account_id) as connection:
        assert await connection.fetchval(NAMES) == name


async def test_a_swallowed_database_error_cannot_end_as_a_success(database: Database, two: tuple[Actor, Actor]) -> None:
    with pytest.raises(CommitFailed):
        async with tenant(database, two[0].account_id) as connection:
            with pytest.raises(asyncpg.DivisionByZeroError):
                await connection.execute("select 1 / 0")


async def test_a_statement_that_takes_too_long_is_ended_and_the_connection_is_good_again(narrow: Database) -> None:
    with pytest.raises(ServiceBusy):
        async with directory(narrow) as connection:
            await connection.execute("set local statement_timeout = '200ms'")
            await connection.execute("select pg_sleep(30)")
    async with directory(narrow) as connection:
        assert await connection.fetchval("show statement_timeout") == "5s"
        assert await connection.fetchval("show lock_timeout") == "2s"
        assert await connection.fetchval("show idle_in_transaction_session_timeout") == "10s"


async def test_the_server_sees_which_request_a_transaction_belongs_to(database: Database) -> None:
    with bound_contextvars(request_id="abc-123"):
        async with directory(database) as connection:
            assert await connection.fetchval("show application_name") == "leadconnect abc-123"
    async with directory(database) as connection:
        assert await connection.fetchval("show application_name") == "tests"


async def test_the_limits_hold_without_prepared_statements_and_outside_of_transactions(settings: Settings) -> None:
    opened = await Database.connect(changed(settings, database_statement_cache=False), "tests, pooler")
    try:
        async with opened.acquire() as connection:
            assert await connection.fetchval("show statement_timeout") == "5s"
            assert await connection.fetchval("show lock_timeout") == "2s"
            assert await connection.fetchval("show idle_in_transaction_session_timeout") == "10s"
    finally:
        await opened.close()


async def test_an_exhausted_pool_refuses_and_recovers(narrow: Database) -> None:
    async with narrow.acquire():
        with pytest.raises(ServiceBusy):
            async with narrow.acquire():
                pass
    async with narrow.acquire() as connection:
        assert await connection.fetchval("select 1") == 1


async def test_a_database_that_is_away_is_a_busy_service(settings: Settings) -> None:
    away = changed(settings, database_url="postgresql://nobody@127.0.0.1:1/none", database_pool_wait=0.5)
    opened = await Database.connect(away, "tests, away")
    with pytest.raises(ServiceBusy):
        async with opened.acquire():
            pass
    await opened.close()


async def test_nothing_of_one_account_reaches_the_next_on_the_same_connection(
    narrow: Database, two: tuple[Actor, Actor]
) -> None:
    """Ten thousand transactions of two accounts on one connection, many of them cancelled or failing half-way."""
    dice = random.Random(7)
    foreign = 0

    async def visit(actor: Actor, fate: float) -> None:
        nonlocal foreign
        async with tenant(narrow, actor.account_id) as connection:
            rows = await connection.fetch("select account_id from users")
            foreign += sum(row["account_id"] != actor.account_id for row in rows)
            if fate < 0.02:
                await connection.execute("select pg_sleep(1)")
            if fate < 0.1:
                raise Refused

    finished = 0
    for number in range(10_000):
        fate = dice.random()
        task = asyncio.create_task(visit(two[number % 2], fate))
        if fate < 0.02:
            await asyncio.sleep(0.002)
            task.cancel()
        outcome = (await asyncio.gather(task, return_exceptions=True))[0]
        finished += outcome is None
        if number % 100 == 0:
            async with narrow.acquire() as connection:
                assert await account_of(connection) is None
                seen = "select count(*) from users where account_id = any($1)"
                assert await connection.fetchval(seen, [actor.account_id for actor in two]) == 0
    assert foreign == 0
    assert finished > 8_000
