"""Taking keys and keeping answers, in transactions that meet."""

from collections.abc import AsyncIterator

import asyncpg
import msgspec
import pytest

from leadconnect.database.pool import Connection, Database
from leadconnect.database.transaction import tenant
from leadconnect.dsn import connect_arguments
from leadconnect.errors import TransactionConflict
from leadconnect.idempotency import queries
from leadconnect.idempotency.actions import KEY_LIFE, KeyReused, StillRunning, claim, find_answer, keep
from leadconnect.idempotency.models import Attempt, KeptAnswer, named_key, packed, request_digest
from leadconnect.settings import Settings
from tests.cast import Actor, Cast
from tests.conftest import TEST_SECRET


@pytest.fixture
async def other(database: Database, owner: Actor) -> AsyncIterator[Connection]:
    """A transaction in the owner's account that is open throughout."""
    async with tenant(database, owner.account_id) as connection:
        yield connection


def attempt(actor: Actor, body: bytes = b"{}") -> Attempt:
    digest = request_digest(TEST_SECRET, "POST /api/leads?", "application/json", "", body)
    ids = {"account_id": actor.account_id, "user_id": actor.user_id}
    return Attempt(**ids, route="POST /api/leads", key=named_key("one"), request=digest, life=KEY_LIFE)


def answer(to: Attempt) -> KeptAnswer:
    return KeptAnswer(to.request, 201, "application/json", '"a tag"', "/api/leads/1", packed(b'{"id": 1}'))


async def test_what_is_kept_is_found_as_it_was(database: Database, owner: Actor) -> None:
    sent = attempt(owner)
    async with tenant(database, owner.account_id) as connection:
        assert await find_answer(connection, sent) is None
        await claim(connection, sent)
        await keep(connection, sent, answer(sent))
    async with tenant(database, owner.account_id) as connection:
        assert await find_answer(connection, sent) == answer(sent)
        with pytest.raises(KeyReused):
            await find_answer(connection, attempt(owner, b"[]"))


async def test_nobody_waits_for_a_key(database: Database, owner: Actor, other: Connection) -> None:
    await claim(other, attempt(owner))
    with pytest.raises(StillRunning):
        async with tenant(database, owner.account_id) as connection:
            await claim(connection, attempt(owner))


async def test_a_key_is_free_after_a_transaction_that_came_to_nothing(database: Database, owner: Actor) -> None:
    sent = attempt(owner)
    with pytest.raises(ZeroDivisionError):
        async with tenant(database, owner.account_id) as connection:
            await claim(connection, sent)
            await keep(connection, sent, answer(sent))
            raise ZeroDivisionError
    async with tenant(database, owner.account_id) as connection:
        assert await find_answer(connection, sent) is None
        await claim(connection, sent)


async def test_an_answer_that_came_meanwhile_is_found_by_trying_again(
    database: Database, owner: Actor, other: Connection
) -> None:
    """Whether it came before the key was taken, or between the look at it and the taking."""
    sent = attempt(owner)
    async with tenant(database, owner.account_id) as connection:
        await keep(connection, sent, answer(sent))
    with pytest.raises(TransactionConflict):
        await claim(other, sent)
    with pytest.raises(TransactionConflict):
        await keep(other, sent, answer(sent))


async def test_the_statements_find_no_answer_of_another_account_or_user(
    settings: Settings, database: Database, cast: Cast, owner: Actor
) -> None:
    """With row security off, in a transaction that is rolled back: what the statements themselves leave out."""
    stranger, colleague = await cast.owner(), await cast.sub_user(owner)
    sent = attempt(owner)
    async with tenant(database, owner.account_id) as connection:
        await keep(connection, sent, answer(sent))
    others = [
        msgspec.structs.replace(sent, account_id=stranger.account_id),
        msgspec.structs.replace(sent, user_id=colleague.user_id),
    ]
    connection = await asyncpg.connect(**connect_arguments(settings.database_url))
    try:
        await connection.execute("begin; alter table idempotency_keys disable row level security")
        assert await find_answer(connection, sent) == answer(sent)
        for other in others:
            assert await find_answer(connection, other) is None
            assert await queries.claim(connection, other) == (True, False)
    finally:
        await connection.close()


async def test_an_answer_to_another_route_that_came_meanwhile_is_found_by_trying_again(
    database: Database, owner: Actor, other: Connection
) -> None:
    sent = attempt(owner)
    elsewhere = msgspec.structs.replace(sent, route="POST /api/leads/import", request=bytes(32))
    await claim(other, elsewhere)
    async with tenant(database, owner.account_id) as connection:
        await keep(connection, sent, answer(sent))
    with pytest.raises(TransactionConflict):
        await keep(other, elsewhere, answer(elsewhere))
    async with tenant(database, owner.account_id) as connection:
        with pytest.raises(KeyReused):
            await find_answer(connection, elsewhere)
