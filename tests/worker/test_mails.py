"""A mail that is refused for good ends, and its user sees it; what is the operator's fault is tried again."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest

from leadconnect.auth.services import Services, open_services
from leadconnect.database.pool import Database
from leadconnect.database.transaction import directory, tenant
from leadconnect.settings import Settings
from tests import make
from tests.cast import Actor, Cast
from tests.conftest import client_of, running_app
from tests.leads.writing import add_lead
from tests.mail.server import MailServer
from tests.worker.running import QUICK, states, try_count, until, until_empty, worker

UNKNOWN = "550 5.1.1 no such user"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return msgspec.structs.replace(settings, bcrypt_rounds=4, run_worker=False, news_interval=0, database_pool_wait=15)


@pytest.fixture
async def services(settings: Settings) -> AsyncIterator[Services]:
    opened = await open_services(settings, "tests")
    yield opened
    await opened.close()


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with running_app(settings) as app, client_of(app) as opened:
        yield opened


@pytest.fixture
def cast(client: httpx.AsyncClient, services: Services) -> Cast:
    return Cast(client, services)


async def send(services: Services, to: str, template: str = "password_changed") -> None:
    async with directory(services.database) as connection:
        await services.outbox.post(connection, template, to, {"code": "123456", "minutes": "10"})


async def problem(client: httpx.AsyncClient, actor: Actor) -> Any:
    """Return the problem of the actor's address, which the profile and the current user must both show or leave out."""
    profile, me = [(await client.get(f"/api/{path}", headers=actor.headers)).json() for path in ("profile", "users/me")]
    assert me.get("emailProblem") == profile.get("emailProblem")
    assert ("emailProblem" in me) is ("emailProblem" in profile)
    return profile.get("emailProblem")


async def test_a_permanent_refusal_is_final_and_its_user_and_the_owner_see_it(
    client: httpx.AsyncClient, cast: Cast, database: Database, services: Services, settings: Settings,
    mail_server: MailServer,
) -> None:  # fmt: skip
    owner = await cast.owner()
    helper = await cast.sub_user(owner)
    assert await problem(client, helper) is None
    mail_server.answers = [UNKNOWN]
    await send(services, helper.email)
    async with worker(settings):
        await until_empty(database)
    assert len(mail_server.received) == 1
    found = await problem(client, helper)
    assert found["code"] == "unknown"
    assert found["since"].endswith("Z")
    assert await problem(client, owner) is None
    (shown,) = (await client.get("/api/profile/sub-users", headers=owner.headers)).json()
    assert shown["emailProblem"] == found


async def test_notifications_are_not_mailed_to_a_refused_address_but_codes_are_and_clear_it(
    client: httpx.AsyncClient, cast: Cast, database: Database, services: Services, settings: Settings,
    mail_server: MailServer,
) -> None:  # fmt: skip
    owner = await cast.owner()
    author = await cast.sub_user(owner, add=True)
    mail_server.answers = [UNKNOWN]
    async with worker(settings):
        await send(services, owner.email)
        await until_empty(database)
        await add_lead(client, author)
        await until_empty(database)
        assert len(mail_server.received) == 1
        await client.post("/api/auth/forgot-password", json={"email": owner.email})
        await until_empty(database)
        assert len(mail_server.received) == 2
        assert await problem(client, owner) is None
        await add_lead(client, author)
        await until_empty(database)
    assert len(mail_server.received) == 3


async def test_another_address_has_no_problem(
    client: httpx.AsyncClient, cast: Cast, database: Database, services: Services, settings: Settings,
    mail_server: MailServer,
) -> None:  # fmt: skip
    owner = await cast.owner()
    mail_server.answers = [UNKNOWN]
    await send(services, owner.email)
    async with worker(settings):
        await until_empty(database)
        assert await problem(client, owner) is not None
        changed = await client.patch("/api/profile", json={"email": make.email("other")}, headers=owner.headers)
        assert changed.status_code == 200, changed.text
        assert await problem(client, owner) is None
        await until_empty(database)


async def test_a_refusal_of_relaying_or_of_the_log_in_is_tried_again_and_marks_nobody(
    client: httpx.AsyncClient, cast: Cast, database: Database, services: Services, settings: Settings,
    mail_server: MailServer,
) -> None:  # fmt: skip
    owner = await cast.owner()
    mail_server.answers = ["554 5.7.1 Relay access denied", "530 5.7.0 Authentication required", "451 try later"]
    await send(services, owner.email)
    async with worker(settings):
        await until_empty(database)
    assert len(mail_server.received) == 4
    assert len(mail_server.accepted) == 1
    wrong = msgspec.structs.replace(settings, smtp_user="us", smtp_pass="wrong")
    await send(services, owner.email)
    async with worker(wrong, msgspec.structs.replace(QUICK, retry_delays=QUICK.retry_delays[:2])):

        async def is_parked() -> bool:
            return await states(database) == ["failed"]

        await until(is_parked)
    assert set(mail_server.log_ins) == {(b"us", b"wrong")}
    assert len(mail_server.received) == 4
    assert await problem(client, owner) is None


async def test_an_address_that_needs_smtputf8_is_final_where_the_server_has_it_not(
    client: httpx.AsyncClient, cast: Cast, database: Database, services: Services, settings: Settings,
    mail_server: MailServer,
) -> None:  # fmt: skip
    mail_server.takes_utf8 = False
    owner = await cast.owner(email=f"jürgen.{make.email()}")
    await send(services, owner.email)
    async with worker(settings):
        await until_empty(database)
    assert await try_count(database) == 1
    assert mail_server.received == []
    assert (await problem(client, owner))["code"] == "unsupported"


async def test_nothing_of_the_reply_but_words_is_stored(
    cast: Cast, database: Database, services: Services, settings: Settings, mail_server: MailServer
) -> None:
    owner = await cast.owner()
    mail_server.answers = [f"550 5.1.1 <{owner.email}> unknown: {owner.email}, 123456"]
    await send(services, owner.email)
    async with worker(settings):
        await until_empty(database)
    async with tenant(services.database, owner.account_id) as connection:
        reply = await connection.fetchval(
            "select mail_problem_reply from users where account_id = $1 and id = $2", owner.account_id, owner.user_id
        )
    assert reply == "550 5.1.1 … unknown: … …"
