"""The pauses between tries, and codes that are made by the worker."""

from collections.abc import AsyncIterator
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.auth.actions import sign_up
from leadconnect.auth.models import SignUp
from leadconnect.auth.recovery import request_code
from leadconnect.auth.services import Client, Services, open_services
from leadconnect.database.transaction import maintenance
from leadconnect.settings import Settings
from leadconnect.worker.trying import Timing, retry_delay
from tests import make
from tests.mail.server import MailServer
from tests.worker.running import until, worker

TIMING = Timing()
TRIES = 8


def pauses(life: timedelta | None) -> list[timedelta]:
    """Return the pauses of a mail that always fails at once and has `life` left when it is first tried."""
    found: list[timedelta] = []
    for failed_count in range(1, TRIES):
        remaining = None if life is None else life - sum(found, timedelta(0))
        delay = retry_delay(TIMING, failed_count, remaining)
        assert delay is not None
        found.append(delay)
    return found


def test_there_is_no_pause_after_the_eighth_failure() -> None:
    assert retry_delay(TIMING, TRIES, None) is None
    assert retry_delay(TIMING, TRIES, timedelta(minutes=5)) is None
    assert retry_delay(TIMING, TRIES + 1, None) is None


def test_the_pauses_of_a_mail_without_an_end_grow_from_seconds_to_hours() -> None:
    found = pauses(None)
    assert found == sorted(found)
    assert found[0] == timedelta(seconds=5)
    assert found[-1] == timedelta(hours=6)


def test_the_pauses_of_a_ten_minute_code_grow_and_use_most_of_its_life() -> None:
    found = pauses(timedelta(minutes=10))
    assert found[0] == timedelta(seconds=5)
    assert timedelta(minutes=8) < sum(found, timedelta(0)) < timedelta(minutes=10)


@given(st.timedeltas(min_value=timedelta(milliseconds=1), max_value=timedelta(days=30)))
def test_all_tries_fall_into_the_life_of_a_mail(life: timedelta) -> None:
    assert sum(pauses(life), timedelta(0)) < life
    assert min(pauses(life)) >= timedelta(0)


@pytest.fixture
async def services(settings: Settings) -> AsyncIterator[Services]:
    opened = await open_services(msgspec.structs.replace(settings, bcrypt_rounds=4), "tests")
    yield opened
    await opened.close()


async def until_done(services: Services) -> None:
    """Wait until no job waits or runs."""

    async def is_done() -> bool:
        async with services.database.acquire() as connection:
            return not await connection.fetchval("select count(*) from pgqueuer where status <> 'failed'")

    await until(is_done)


async def code_count(services: Services) -> int:
    async with maintenance(services.database) as connection:  # the login role sees no row
        return int(await connection.fetchval("select count(*) from password_resets"))


async def test_a_code_that_was_asked_for_is_made_and_mailed(
    services: Services, settings: Settings, mail_server: MailServer
) -> None:
    wanted = msgspec.convert(make.signup(email="eve@example.com", fullName="Eve"), SignUp)
    await sign_up(services, wanted, Client(address="203.0.113.7", user_agent=None))
    await request_code(services, "Eve@Example.com")
    async with worker(settings):
        await mail_server.until(1)
        await until_done(services)
    assert await code_count(services) == 1
    (mail,) = mail_server.received
    assert mail.recipients == ("eve@example.com",)
    assert "Hello Eve," in mail.content.decode()


async def test_a_code_for_an_address_that_nobody_has_is_not_mailed(
    services: Services, settings: Settings, mail_server: MailServer
) -> None:
    await request_code(services, "nobody@example.com")
    async with worker(settings):
        await until_done(services)
    assert mail_server.received == []


async def test_a_request_for_a_code_that_waited_too_long_is_dropped(
    services: Services, settings: Settings, mail_server: MailServer
) -> None:
    wanted = msgspec.convert(make.signup(email="eve@example.com"), SignUp)
    await sign_up(services, wanted, Client(address="203.0.113.7", user_agent=None))
    await request_code(services, "eve@example.com")
    async with services.database.acquire() as connection:
        await connection.execute("update pgqueuer set created = now() - interval '11 minutes'")
    async with worker(settings):
        await until_done(services)
    assert mail_server.received == []
    assert await code_count(services) == 0
