"""Proving a password anew: guesses count with those at log-in, and a young session is proof by itself."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import httpx

from leadconnect.auth.proof import FRESH, WrongPassword, is_fresh, prove_password
from leadconnect.auth.services import Client, Services
from leadconnect.database.transaction import tenant
from leadconnect.errors import TooManyRequests
from leadconnect.identifiers import new_id
from tests.auth.test_throttles import log_in
from tests.cast import Actor


async def outcome(services: Services, owner: Actor, password: str, address: str) -> str:
    try:
        await prove_password(services, owner.principal, password, Client(address, None))
    except (WrongPassword, TooManyRequests) as error:
        return error.code
    return "ok"


async def test_the_right_password_is_a_proof_and_another_one_is_none(
    services: Services, owner: Actor, address: str
) -> None:
    assert await outcome(services, owner, owner.password, address) == "ok"
    assert await outcome(services, owner, owner.password + " ", address) == "wrong_password"


async def test_wrong_proofs_and_wrong_log_ins_share_one_count(
    services: Services, owner: Actor, address: str, at: Callable[[str], httpx.AsyncClient]
) -> None:
    for _ in range(5):
        assert (await log_in(at(address), owner.email, "a wrong passphrase")).status_code == 401
        assert await outcome(services, owner, "a wrong passphrase", address) == "wrong_password"
    assert await outcome(services, owner, owner.password, address) == "too_many_requests"
    assert (await log_in(at(address), owner.email, owner.password)).status_code == 429


async def test_a_right_proof_begins_the_count_anew(services: Services, owner: Actor, address: str) -> None:
    for _ in range(9):
        assert await outcome(services, owner, "a wrong passphrase", address) == "wrong_password"
    assert await outcome(services, owner, owner.password, address) == "ok"
    for _ in range(9):
        assert await outcome(services, owner, "a wrong passphrase", address) == "wrong_password"


async def test_of_forty_wrong_proofs_at_once_ten_are_compared(services: Services, owner: Actor, address: str) -> None:
    before = services.hasher.hashes_computed
    found = await asyncio.gather(*(outcome(services, owner, "a wrong passphrase", address) for _ in range(40)))
    assert found.count("wrong_password") == 10
    assert found.count("too_many_requests") == 30
    assert services.hasher.hashes_computed - before == 10


async def test_a_session_is_fresh_for_fifteen_minutes_after_its_log_in(services: Services, owner: Actor) -> None:
    async with tenant(services.database, owner.account_id) as connection:
        session_id = await connection.fetchval("select id from sessions where account_id = $1", owner.account_id)
        principal = owner.principal_in(session_id)
        age = "update sessions set authenticated_at = now() - $2::interval where account_id = $1"
        await connection.execute(age, owner.account_id, FRESH - timedelta(seconds=1))
        assert await is_fresh(connection, principal)
        await connection.execute(age, owner.account_id, FRESH + timedelta(seconds=1))
        assert not await is_fresh(connection, principal)
        assert not await is_fresh(connection, owner.principal_in(new_id()))
