"""Mail in the queue is sent once, whatever happens to the mail server, the database and the workers."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain.types import JobId
from structlog.testing import capture_logs

from leadconnect.database.pool import Database
from leadconnect.database.transaction import directory
from leadconnect.mail.outbox import SEND_MAIL
from leadconnect.queue.actions import enqueue
from leadconnect.queue.driver import queue_queries
from leadconnect.queue.queries import parked_count
from leadconnect.settings import InvalidSettings, Settings
from leadconnect.worker.process import run_worker
from tests.mail.server import MailServer
from tests.worker.running import QUICK, post, states, try_count, until, until_empty, worker


async def test_a_mail_is_sent_once_and_leaves_the_queue(
    database: Database, settings: Settings, mail_server: MailServer
) -> None:
    await post(database, settings)
    async with worker(settings):
        await until_empty(database)
    (mail,) = mail_server.received
    assert mail.recipients == ("eve0@example.com",)
    assert "100000" in mail.content.decode()


async def test_mail_is_sent_without_prepared_statements(
    database: Database, settings: Settings, mail_server: MailServer
) -> None:
    await post(database, settings)
    async with worker(msgspec.structs.replace(settings, database_statement_cache=False)):
        await until_empty(database)
    assert len(mail_server.accepted) == 1


async def test_without_a_mail_server_the_mail_is_written_into_the_data_folder(
    database: Database, settings: Settings
) -> None:
    await post(database, settings)
    async with worker(msgspec.structs.replace(settings, smtp_host="")):
        await until_empty(database)
    (path,) = (settings.data_dir / "mail").glob("*.eml")
    assert "100000" in path.read_text()


async def test_a_waiting_worker_is_woken_by_the_commit(
    database: Database, settings: Settings, mail_server: MailServer
) -> None:
    patient = msgspec.structs.replace(QUICK, poll_interval=timedelta(hours=1))
    async with worker(settings, patient):
        await post(database, settings)
        await mail_server.until(1)
        await post(database, settings)
        await mail_server.until(2)


async def test_mail_waits_while_the_mail_server_is_down_and_is_sent_once_when_it_is_up(
    database: Database, settings: Settings, mail_server: MailServer
) -> None:
    await mail_server.stop()
    many = msgspec.structs.replace(QUICK, retry_delays=(timedelta(milliseconds=50),) * 1000)
    await post(database, settings)
    async with worker(settings, many):

        async def has_failed_thrice() -> bool:
            return await try_count(database) > 3

        await until(has_failed_thrice)
        assert mail_server.received == []
        await mail_server.start()
        await until_empty(database)
    assert len(mail_server.accepted) == 1


async def test_a_refusal_for_now_is_followed_by_another_try_with_the_same_message(
    database: Database, settings: Settings, mail_server: MailServer
) -> None:
    mail_server.answers = ["451 try later", "452 too many", "250 OK"]
    await post(database, settings)
    async with worker(settings):
        await until_empty(database)
    first, second, third = mail_server.received
    assert first.content == second.content == third.content
    assert mail_server.accepted == [third]


async def test_a_mail_server_that_hangs_is_given_up_and_does_not_hold_up_the_mail(
    database: Database, settings: Settings, mail_server: MailServer
) -> None:
    mail_server.may_answer.clear()
    impatient = msgspec.structs.replace(QUICK, send_limit=timedelta(seconds=1))
    await post(database, settings)
    async with worker(settings, impatient):
        await mail_server.until(2)  # the second try came although the first was never answered
        mail_server.may_answer.set()
        await until_empty(database)
    assert {mail.message["Message-ID"] for mail in mail_server.received} == {
        mail_server.received[0].message["Message-ID"]
    }


async def test_a_mail_that_is_always_refused_for_now_is_parked_after_eight_tries_and_counted(
    database: Database, settings: Settings, mail_server: MailServer
) -> None:
    mail_server.answers = ["450 mailbox of eve0@example.com is busy: 100000"] * 50
    await post(database, settings)
    async with worker(settings):

        async def is_parked() -> bool:
            return await states(database) == ["failed"]

        await until(is_parked)
    assert len(mail_server.received) == 8
    async with database.acquire() as connection:
        assert await parked_count(connection) == 1
        stored = await connection.fetchval("SELECT string_agg(traceback::text, ' ') FROM pgqueuer_log")
    assert "smtp_450" in stored
    assert "eve0@example.com" not in stored
    assert "100000" not in stored


async def test_a_payload_that_is_not_ours_is_parked_after_one_try(
    database: Database, settings: Settings, mail_server: MailServer
) -> None:
    async with directory(database) as connection:
        await enqueue(connection, SEND_MAIL, b"forged")
    async with worker(settings):

        async def is_parked() -> bool:
            return await states(database) == ["failed"]

        await until(is_parked)
    assert await try_count(database) == 1
    assert mail_server.received == []


async def test_no_log_line_holds_a_code_or_an_address(
    database: Database, settings: Settings, mail_server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    mail_server.answers = (
        ["250 OK"] + ["550 eve0@example.com does not live here: 100000"] + ["450 eve0@example.com is away: 100000"] * 8
    )
    caplog.set_level(logging.DEBUG)
    await post(database, settings)
    with capture_logs() as lines:
        async with worker(settings):
            await until_empty(database)
            await post(database, settings, life=timedelta(seconds=-1))
            await until_empty(database)
            await post(database, settings)
            await until_empty(database)
            await post(database, settings)

            async def is_parked() -> bool:
                return await states(database) == ["failed"]

            await until(is_parked)
    assert {"mail_sent", "mail_refused", "mail_expired", "job_failed", "job_parked"} <= {
        line["event"] for line in lines
    }
    ours = [record for record in caplog.records if record.name != "mail.log"]  # the mail server's, which is the test's
    written = str(lines) + "".join(caplog.handler.format(record) for record in ours)
    assert "JobParked" in written
    for secret in ("@example.com", "10000"):
        assert secret not in written


async def test_a_parked_mail_does_not_hold_up_others(
    database: Database, settings: Settings, mail_server: MailServer
) -> None:
    async with directory(database) as connection:
        await enqueue(connection, SEND_MAIL, b"forged")
    await post(database, settings, count=3)
    async with worker(settings):
        await mail_server.until(3, accepted_count=3)


async def test_an_expired_code_is_never_sent(database: Database, settings: Settings, mail_server: MailServer) -> None:
    await post(database, settings, life=timedelta(seconds=-1))
    async with worker(settings):
        await until_empty(database)
    assert mail_server.received == []


async def test_a_code_is_tried_several_times_in_its_life_and_never_after_it(
    database: Database, settings: Settings, mail_server: MailServer
) -> None:
    mail_server.answers = ["451 try later"] * 8
    slow = msgspec.structs.replace(QUICK, retry_delays=(timedelta(minutes=10),) * 7)
    life = timedelta(seconds=4)
    expires_at = datetime.now(UTC) + life
    await post(database, settings, life=life)
    async with worker(settings, slow):

        async def is_expired() -> bool:
            return datetime.now(UTC) > expires_at + timedelta(seconds=1)  # a try may just be under way

        await mail_server.until(2)  # the pauses of ten minutes were shortened
        await until(is_expired)
        tried_count = len(mail_server.received)
        async with database.acquire() as connection:  # as an operator would, were it parked
            await queue_queries(connection, Queries).requeue_jobs([JobId(1)])
        await until_empty(database)
    assert len(mail_server.received) == tried_count <= 8


async def test_mail_settings_that_cannot_be_used_are_told_before_any_work(settings: Settings) -> None:
    with pytest.raises(InvalidSettings, match="SMTP_FROM"):
        await run_worker(msgspec.structs.replace(settings, smtp_from="nobody"), asyncio.Event())
