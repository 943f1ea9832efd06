"""The application's own filter keeps accounts apart by itself: with row security off, strangers see nothing either."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import msgspec
import pytest

from leadconnect.auth.services import Services
from leadconnect.database.pool import Database
from leadconnect.dsn import connect_arguments
from leadconnect.edge.middleware import Edge
from leadconnect.settings import Settings
from tests.cast import Cast
from tests.conftest import client_of, migrated_database, serving, settings_for
from tests.erasure.filling import full_account
from tests.isolation.conftest import FILTER
from tests.isolation.matrix import ROUTES, expected
from tests.isolation.recording import Run, outcome, recording
from tests.isolation.test_matrix import CLOSED, STRANGERS, World, assert_shows_nothing, call, new_world, target_id

SWITCH_OFF = """
    select format('alter table %I disable row level security', relname) from pg_class
    where relrowsecurity and relnamespace = 'public'::regnamespace
"""


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Settings]:
    """Settings of a server on a database of its own, whose row security these tests switch off."""
    with migrated_database(tmp_path_factory.mktemp("open"), f"leadconnect_open_{worker_id}") as url:
        yield settings_for(url, tmp_path_factory.mktemp("files"))


services, database, app = serving()


class Recorded(msgspec.Struct):
    """What requests of two accounts ran, and what row security lets an account with no data of its own see of it."""

    world: World
    stranger_id: UUID
    runs: list[Run]
    truths: list[Any]


@pytest.fixture(scope="module")
async def recorded(app: Edge, services: Services) -> Recorded:
    """Record what every route runs, run it for a stranger under row security, and then switch row security off."""
    async with client_of(app) as client:
        cast = Cast(client, services)
        world = await new_world(client, cast, services)
        with pytest.MonkeyPatch.context() as monkeypatch, recording(monkeypatch) as recorder:
            full = await full_account(client, cast, services)
            for route in CLOSED:
                await call_as_owner(route, world, client, cast, services)
        stranger = await cast.owner(company="Acme Ltd")
    runs = recorder.runs([world.owner.account_id, full.account_id])
    found = Recorded(world, stranger.account_id, runs, [])
    found.truths = [await answered(found, run, run.statement, services.database) for run in runs]
    await switch_row_security_off(services.settings)
    return found


async def call_as_owner(route: str, world: World, client: httpx.AsyncClient, cast: Cast, services: Services) -> None:
    entry = ROUTES[route]
    named = await target_id(entry.target, world, client, cast, services) if entry.target else ""
    await call(route, entry, named, client, world.owner.headers)


async def answered(recorded: Recorded, run: Run, statement: str, database: Database) -> Any:
    """Return what `statement`, with the values of `run`, answers the stranger."""
    return await outcome(database, recorded.stranger_id, statement, run.values_for(recorded.stranger_id))


async def switch_row_security_off(settings: Settings) -> None:
    connection = await asyncpg.connect(**connect_arguments(settings.database_url))
    try:
        statements = [row[0] for row in await connection.fetch(SWITCH_OFF)]
        assert len(statements) >= 24
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def test_a_statement_answers_a_stranger_as_row_security_would(recorded: Recorded, database: Database) -> None:
    assert len({run.statement for run in recorded.runs}) >= 120
    leaks = [
        " ".join(run.statement.split())[:200]
        for run, truth in zip(recorded.runs, recorded.truths, strict=True)
        if await answered(recorded, run, run.statement, database) != truth
    ]
    assert leaks == []


async def test_a_statement_without_its_filter_would_be_noticed(recorded: Recorded, database: Database) -> None:
    """Not every one: some have a second filter that does the same, and some rows have changed since the run."""
    noticed = set()
    for run, truth in zip(recorded.runs, recorded.truths, strict=True):
        for match in FILTER.finditer(run.statement):
            always = f"({match[1]} is not null and $1::uuid is not null)"
            statement = run.statement[: match.start()] + always + run.statement[match.end() :]
            if await answered(recorded, run, statement, database) != truth:
                noticed.add(run.statement)
    assert len(noticed) >= 50


@pytest.mark.parametrize("route", CLOSED)
async def test_strangers_see_nothing_though_row_security_is_off(
    route: str, recorded: Recorded, client: httpx.AsyncClient, cast: Cast, services: Services
) -> None:
    entry, world = ROUTES[route], recorded.world
    named = await target_id(entry.target, world, client, cast, services) if entry.target else ""
    for name, caller in STRANGERS.items():
        answer = await call(route, entry, named, client, world.headers[name])
        assert answer.status_code in expected(entry, caller), f"{route} as {name}: {answer.status_code} {answer.text}"
        assert_shows_nothing(answer, world)
