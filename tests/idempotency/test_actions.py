"""Taking keys and keeping answers, in transactions that meet."""

from collections.abc import AsyncIterator

import pytest

from leadconnect.database.pool import Connection, Database
from leadconnect.database.transaction import tenant
from leadconnect.errors import TransactionConflict
from leadconnect.idempotency.actions import KEY_LIFE, KeyReused, StillRunning, claim, find_answer, keep
from leadconnect.idempotency.models import Attempt, KeptAnswer, named_key, packed, request_digest
from tests.cast import Actor
from tests.conftest import TEST_SECRET


@pytest.fixture
async def other(database: Database, owner: Actor) -> AsyncIterator[Connection]:
    """A transaction in the owner's account that is open throughout."""
    async with tenant(database, owner.account_id) as connection:
        yield connection


def attempt(actor: Actor, body: bytes = b"{}") -> Attempt:
    digest = request_digest(TEST_SECRET, "application/json", "", body)
    ids = {"account_id": actor.account_id, "user_id": actor.user_id}
    return Attempt(**ids, route="POST /api/leads", key=named_key("one"), request=digest, life=KEY_LIFE)


def answer(to: Attempt) -> KeptAnswer:
    return KeptAnswer(to.request, 201, "application/json", '"a tag"', packed(b'{"id": 1}'))


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
