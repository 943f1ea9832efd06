"""A mail server that hangs and a burst of mails delay neither codes nor other jobs."""

from collections.abc import AsyncIterator

import httpx
import msgspec
import pytest

from leadconnect.auth.services import Services, open_services
from leadconnect.database.pool import Database
from leadconnect.database.transaction import directory
from leadconnect.mail.outbox import SEND_MAIL
from leadconnect.settings import Settings
from leadconnect.worker.handlers import SIDE_BY_SIDE, entrypoints
from leadconnect.worker.process import SLOT_COUNT
from leadconnect.worker.trying import Timing
from tests.cast import Cast
from tests.conftest import client_of, running_app
from tests.mail.server import MailServer
from tests.worker.running import until, worker

UNSENT = "select count(*) from pgqueuer where entrypoint = 'send_mail'"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return msgspec.structs.replace(settings, bcrypt_rounds=4, run_worker=False, database_pool_wait=15)


@pytest.fixture
async def services(settings: Settings) -> AsyncIterator[Services]:
    opened = await open_services(settings, "tests")
    yield opened
    await opened.close()


async def post_news(services: Services, count: int) -> None:
    """Queue mails of notifications."""
    async with directory(services.database) as connection:
        for number in range(count):
            context: dict[str, str | list[str]] = {"title": "New lead", "body": "It is new.", "lines": [], "url": ""}
            await services.outbox.post(connection, "notification", f"eve{number}@example.com", context)


async def unsent_count(database: Database) -> int:
    async with database.acquire() as connection:
        return int(await connection.fetchval(UNSENT))


def test_every_entry_point_has_slots_and_a_worker_has_all_of_them(services: Services) -> None:
    handlers = entrypoints(services, Timing())
    assert handlers.keys() == SIDE_BY_SIDE.keys()
    assert all(count > 0 for count in SIDE_BY_SIDE.values())
    assert sum(SIDE_BY_SIDE.values()) == SLOT_COUNT


async def test_while_sixty_mails_hang_another_account_imports_and_a_code_goes_out(
    services: Services, database: Database, settings: Settings, mail_server: MailServer
) -> None:
    async with running_app(settings) as app, client_of(app) as client:
        owner = await Cast(client, services).owner()
        mail_server.may_answer.clear()
        await post_news(services, 60)
        async with worker(settings):
            await mail_server.until(SIDE_BY_SIDE[SEND_MAIL])
            assert await _plan(client, owner.headers) == "planned"
            await client.post("/api/auth/forgot-password", json={"email": owner.email})
            await mail_server.until(SIDE_BY_SIDE[SEND_MAIL] + 1)
            assert mail_server.received[-1].recipients == (owner.email,)
            assert await unsent_count(database) == 60
            mail_server.may_answer.set()

            async def are_sent() -> bool:
                return await unsent_count(database) == 0

            await until(are_sent)


async def _plan(client: httpx.AsyncClient, headers: dict[str, str]) -> str:
    """Upload a file, and return the status of its import once it is planned."""
    file = {"file": ("leads.csv", b"Name,Phone Number\nVikram Shah,+91 98765 43210\n", "text/csv")}
    made = await client.post("/api/imports", files=file, headers=headers)
    assert made.status_code in (201, 202), made.text
    found = made.json()

    async def is_planned() -> bool:
        nonlocal found
        found = (await client.get(f"/api/imports/{found['id']}", headers=headers)).json()
        return bool(found["status"] != "planning")

    await until(is_planned)
    return str(found["status"])


async def test_of_waiting_mails_those_of_higher_priority_go_first(
    services: Services, database: Database, settings: Settings, mail_server: MailServer
) -> None:
    await post_news(services, 30)
    async with directory(services.database) as connection:
        await services.outbox.post(connection, "password_changed", "security@example.com", {})
    async with worker(settings):
        await mail_server.until(31)
    first = [mail.recipients[0] for mail in mail_server.received[: SIDE_BY_SIDE[SEND_MAIL]]]
    assert "security@example.com" in first
