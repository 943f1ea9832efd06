"""Jobs are added by the transaction that causes them, once for each key, by a role that can read none."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest
from pgqueuer.adapters.persistence.queries import Queries

from leadconnect.database.pool import Connection, Database
from leadconnect.database.transaction import directory, maintenance, tenant
from leadconnect.errors import NotFound
from leadconnect.queue.actions import enqueue
from leadconnect.queue.driver import NAMES, queue_queries
from leadconnect.queue.queries import parked_count

Role = Callable[[Database], AbstractAsyncContextManager[Connection]]


async def job_count(database: Database) -> int:
    async with database.acquire() as connection:
        return int(await connection.fetchval("SELECT count(*) FROM pgqueuer"))


async def test_a_job_is_queued_when_its_transaction_commits(database: Database) -> None:
    async with tenant(database, uuid4()) as connection:
        await enqueue(connection, "send_mail", b"payload", key="one")
        assert await job_count(database) == 0
    async with database.acquire() as connection:
        row = await connection.fetchrow("SELECT entrypoint, payload, status, execute_after - created FROM pgqueuer")
    assert tuple(row or ()) == ("send_mail", b"payload", "queued", timedelta(0))


async def test_a_job_is_not_queued_when_its_transaction_is_rolled_back(database: Database) -> None:
    async def add_and_fail() -> None:
        async with tenant(database, uuid4()) as connection:
            await enqueue(connection, "send_mail", b"payload", key="one")
            raise NotFound

    with pytest.raises(NotFound):
        await add_and_fail()
    assert await job_count(database) == 0
    async with directory(database) as connection:  # the key came back with the rollback
        await enqueue(connection, "send_mail", b"payload", key="one")
    assert await job_count(database) == 1


async def test_background_work_can_add_a_job_with_a_delay(database: Database) -> None:
    async with maintenance(database) as connection:
        await enqueue(connection, "send_mail", b"payload", delay=timedelta(hours=1))
    async with database.acquire() as connection:
        assert await connection.fetchval("SELECT execute_after - created FROM pgqueuer") == timedelta(hours=1)


async def test_a_second_job_with_the_same_key_is_left_out_and_the_transaction_goes_on(database: Database) -> None:
    async with directory(database) as connection:
        await enqueue(connection, "send_mail", b"first", key="one")
    async with directory(database) as connection:
        await enqueue(connection, "send_mail", b"again", key="one")
        await enqueue(connection, "send_mail", b"other", key="two")
        await enqueue(connection, "send_mail", b"other still", key="two")
        await enqueue(connection, "send_mail", b"without a key")
        await enqueue(connection, "send_mail", b"without a key")
    async with database.acquire() as connection:
        payloads = [row["payload"] for row in await connection.fetch("SELECT payload FROM pgqueuer ORDER BY id")]
    assert payloads == [b"first", b"other", b"without a key", b"without a key"]


async def test_a_key_stays_taken_when_its_job_is_done(database: Database) -> None:
    async with directory(database) as connection:
        await enqueue(connection, "send_mail", b"first", key="one")
    async with database.acquire() as connection:
        await connection.execute("DELETE FROM pgqueuer")
    async with directory(database) as connection:
        await enqueue(connection, "send_mail", b"again", key="one")
    assert await job_count(database) == 0


async def test_of_transactions_at_the_same_time_one_adds_the_job(database: Database) -> None:
    async def add() -> None:
        async with directory(database) as connection:
            await enqueue(connection, "send_mail", b"payload", key="one")

    await asyncio.gather(*(add() for _ in range(4)))
    assert await job_count(database) == 1


FORBIDDEN = (
    "SELECT payload FROM pgqueuer",
    "SELECT * FROM pgqueuer",
    "UPDATE pgqueuer SET payload = ''",
    "UPDATE pgqueuer SET execute_after = now() + interval '1 year'",
    "DELETE FROM pgqueuer",
    "TRUNCATE pgqueuer",
    "INSERT INTO pgqueuer (priority, entrypoint, status, attempts) VALUES (0, 'send_mail', 'queued', 99)",
    "SELECT traceback FROM pgqueuer_log",
    "DELETE FROM pgqueuer_log",
    "SELECT * FROM pgqueuer_schedules",
    "UPDATE pgqueuer_schedules SET next_run = now()",
    "SELECT * FROM pgqueuer_statistics",
    "SELECT * FROM job_keys",
    "DELETE FROM job_keys",
    "SELECT setval('pgqueuer_id_seq', 1)",
)


@pytest.mark.parametrize("role", [directory, maintenance])
async def test_no_role_but_the_workers_can_read_or_change_the_queue(database: Database, role: Role) -> None:
    allowed = []
    for statement in FORBIDDEN:
        with suppress(asyncpg.InsufficientPrivilegeError):
            async with role(database) as connection:
                await connection.execute(statement)
            allowed.append(statement)
    assert allowed == []


async def test_the_tables_are_those_that_pgqueuer_would_make(database: Database) -> None:
    async with database.acquire() as connection:
        plan = await queue_queries(connection, Queries).plan_upgrade()
    assert [*plan.statements, *plan.notes] == []


async def test_jobs_given_up_are_counted(database: Database) -> None:
    async with directory(database) as connection:
        for _ in range(3):
            await enqueue(connection, "send_mail", b"payload")
    async with database.acquire() as connection:
        assert await parked_count(connection) == 0
        await connection.execute("UPDATE pgqueuer SET status = 'failed' WHERE id <> (SELECT min(id) FROM pgqueuer)")
        assert await parked_count(connection) == 2


def test_the_names_do_not_depend_on_the_environment() -> None:
    names = ("CHANNEL", "FUNCTION", "QUEUE_TABLE", "PGQUEUER_PREFIX", "PGQUEUER_SCHEMA", "PGQUEUER_TRIGGER", "TRIGGER")
    code = "from leadconnect.worker.process import NAMES; print(NAMES.model_dump_json())"
    found = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **dict.fromkeys(names, "other"), "DURABILITY": "none", "WIDEN_ID": "perhaps"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == NAMES.model_dump_json()
    assert "other" not in found.stdout
