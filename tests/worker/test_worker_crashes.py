"""Workers beside each other, that stop, are killed or lose their database, send each mail once, or say why not."""

import asyncio
import os
import signal
from datetime import timedelta
from pathlib import Path

import msgspec

from leadconnect.database.embedded import EmbeddedPostgres
from leadconnect.database.migrate import migrate
from leadconnect.database.pool import Database
from leadconnect.settings import Settings
from leadconnect.worker.trying import Timing
from tests.mail.server import MailServer
from tests.patience import PATIENCE_SECONDS
from tests.worker.running import QUICK, post, states, until, until_empty, worker, worker_process


async def test_two_workers_send_each_of_200_mails_once(
    database: Database, settings: Settings, mail_server: MailServer
) -> None:
    await post(database, settings, count=200)
    async with worker(settings), worker(settings):
        await until_empty(database)
    assert sorted(mail.recipients[0] for mail in mail_server.received) == sorted(
        f"eve{number}@example.com" for number in range(200)
    )


async def test_a_killed_worker_costs_at_most_one_repeat_of_the_same_message(
    database: Database, settings: Settings, mail_server: MailServer
) -> None:
    mail_server.may_answer.clear()
    await post(database, settings)
    async with worker_process(settings) as process:
        await mail_server.until(1, accepted_count=1)
        process.send_signal(signal.SIGKILL)  # after the server took it, before the answer could be heard and marked
        assert await process.wait() == -signal.SIGKILL
    mail_server.may_answer.set()
    assert await states(database) == ["picked"]
    async with worker(settings):
        await until_empty(database)
    first, second = mail_server.received
    assert first.content == second.content
    assert first.message["Message-ID"] == second.message["Message-ID"]


def test_the_job_of_a_dead_worker_is_taken_up_again_within_30_seconds() -> None:
    assert Timing().heartbeat_timeout + Timing().poll_interval < timedelta(seconds=30)


async def test_a_worker_that_stops_finishes_the_mail_in_hand(
    database: Database, settings: Settings, mail_server: MailServer
) -> None:
    mail_server.may_answer.clear()
    await post(database, settings)
    async with worker(settings) as stop:
        await mail_server.until(1)
        stop.set()
        await asyncio.sleep(0.2)  # it may be about to take another one at this moment
        await post(database, settings)
        mail_server.may_answer.set()
    assert len(mail_server.accepted) == 1
    assert await states(database) == ["queued"]


async def test_a_mail_broken_off_when_the_worker_stops_is_sent_by_another(
    database: Database, settings: Settings, mail_server: MailServer
) -> None:
    mail_server.may_answer.clear()
    hasty = msgspec.structs.replace(QUICK, stop_grace=timedelta(milliseconds=100))
    await post(database, settings)
    async with worker(settings, hasty) as stop:
        await mail_server.until(1)
        stop.set()
    assert await states(database) == ["picked"]
    mail_server.may_answer.set()
    async with worker(settings):
        await until_empty(database)
    assert mail_server.received[0].content == mail_server.received[-1].content


async def crash(postgres: EmbeddedPostgres) -> None:
    """End the server at once, without a word to its clients."""
    assert postgres.pid is not None
    os.kill(postgres.pid, signal.SIGQUIT)

    async def is_gone() -> bool:
        return not postgres.is_running()

    await until(is_gone)


async def test_a_worker_outlives_its_database_and_does_not_repeat_the_mail_it_had_in_hand(
    settings: Settings, mail_server: MailServer, tmp_path: Path
) -> None:
    with EmbeddedPostgres(tmp_path / "own") as postgres:
        settings = msgspec.structs.replace(settings, database_url=postgres.start())
        await migrate(settings.database_url)
        database = await Database.connect(settings, "tests")
        await post(database, settings)
        mail_server.may_answer.clear()
        async with worker(settings):
            await mail_server.until(1)
            await database.close()
            await crash(postgres)
            mail_server.may_answer.set()
            await mail_server.until(1, accepted_count=1)
            await asyncio.to_thread(postgres.ensure_running)
            database = await Database.connect(settings, "tests")
            await post(database, settings, count=2)
            await until_empty(database)
        await database.close()
    assert sorted(mail.recipients[0] for mail in mail_server.received) == [
        "eve0@example.com",
        "eve0@example.com",
        "eve1@example.com",
    ]
    assert len({mail.message["Message-ID"] for mail in mail_server.received}) == 3


async def test_a_worker_waits_for_a_database_that_is_not_there_and_stops_when_asked(settings: Settings) -> None:
    nowhere = msgspec.structs.replace(settings, database_url="postgresql://nobody@127.0.0.1:1/nothing")
    async with worker(nowhere), asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.sleep(0.3)


async def test_a_refused_mail_whose_retry_cannot_be_recorded_is_neither_lost_nor_parked(
    database: Database, settings: Settings, mail_server: MailServer
) -> None:
    mail_server.answers = ["451 try later"]
    mail_server.may_answer.clear()
    await post(database, settings)
    async with worker(settings):
        await mail_server.until(1)
        async with database.acquire() as connection:
            ended_count = await connection.fetchval(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                " where application_name = 'leadconnect worker' and datname = current_database()"
            )
        assert ended_count == 1
        mail_server.may_answer.set()
        await until_empty(database)
    assert len(mail_server.received) == 2
    assert len(mail_server.accepted) == 1
