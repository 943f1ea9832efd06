"""``leadconnect jobs``: parked jobs are listed without their payload, queued again, or dropped."""

import asyncio
import io
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import typer
from rich.console import Console

from leadconnect.database.pool import Database
from leadconnect.queue import command
from leadconnect.settings import Settings
from leadconnect.worker.trying import Timing
from tests.conftest import changed
from tests.mail.server import MailServer
from tests.worker.running import post, states, until, until_empty, worker

ONE_TRY = Timing(retry_delays=(), poll_interval=timedelta(milliseconds=200), reconnect_delays=(timedelta(seconds=0.1),))


async def park(database: Database, settings: Settings, count: int) -> None:
    """Queue mails, which fail for the last time because nothing listens at the port of the mail server."""
    await post(database, settings, count=count)

    async def are_parked() -> bool:
        return await states(database) == ["failed"] * count

    async with worker(changed(settings, smtp_port=1), ONE_TRY):
        await until(are_parked)


async def said(function: Any, *arguments: Any) -> tuple[Any, str]:
    """Return what a command returns, and prints."""
    text = io.StringIO()
    result = await asyncio.to_thread(partial(function, *arguments, Console(file=text, width=200)))
    return result, text.getvalue()


async def test_parked_jobs_are_listed_with_their_reason_and_no_payload(database: Database, settings: Settings) -> None:
    assert await said(command.list_parked, settings) == ([], "No job is parked.\n")
    await park(database, settings, 2)
    jobs, text = await said(command.list_parked, settings)
    assert len(jobs) == 2
    assert {job.attempts + 1 for job in jobs} == {1}
    assert all(job.reason for job in jobs)
    assert str(jobs[0].id) in text
    assert jobs[0].entrypoint in text
    assert jobs[0].reason in text
    assert "eve0@example.com" not in text


async def test_a_parked_job_is_done_once_it_is_queued_again(
    database: Database, settings: Settings, mail_server: MailServer
) -> None:
    await park(database, settings, 3)
    (first, second, _), _ = await said(command.list_parked, settings)
    assert await said(command.retry, settings, [first.id]) == ([first.id], "1 job queued again.\n")
    assert await said(command.drop, settings, [second.id]) == ([second.id], "1 job dropped.\n")
    assert sorted(await states(database)) == ["failed", "queued"]
    retried, _ = await said(command.retry, settings, None)
    assert len(retried) == 1
    async with worker(settings):
        await until_empty(database)
    assert len(mail_server.received) == 2


async def test_a_job_that_is_not_parked_is_left_alone_and_named(
    database: Database, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    await post(database, settings)
    for change in (command.retry, command.drop):
        with pytest.raises(typer.Exit):
            await said(change, settings, [1, 999_999])
        assert "leadconnect: not parked: 1, 999999" in capsys.readouterr().err
    assert await states(database) == ["queued"]
