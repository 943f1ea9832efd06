"""Codes to sign in cannot be guessed, and guessing tells nothing: not at once, not over instances, not over days."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import httpx
import msgspec
import pytest

from leadconnect.auth.models import CodeRequest
from leadconnect.auth.second_factor.challenges import mail_another_code
from leadconnect.auth.services import Services
from leadconnect.auth.throttles import take
from leadconnect.database.transaction import directory
from leadconnect.edge.middleware import Edge
from leadconnect.identifiers import new_id
from leadconnect.settings import Settings
from tests import make
from tests.auth.counting import counted_codes, counted_statements
from tests.auth.forgotten import other
from tests.auth.twofold import LOG_IN, again, challenge, finish, log_in, protected, verify
from tests.cast import Actor, Cast
from tests.conftest import client_of, running_app
from tests.postbox import Postbox


@pytest.fixture
async def owner(cast: Cast, client: httpx.AsyncClient) -> Actor:
    return await protected(cast, client)


async def test_of_forty_guesses_at_once_exactly_five_are_compared(
    app: Edge, client: httpx.AsyncClient, settings: Settings, postbox: Postbox, owner: Actor
) -> None:
    code = await challenge(client, postbox, owner)
    calls = [(finish, verify)[n % 2](client, owner.email, other(code, n + 1)) for n in range(40)]
    with counted_codes(app, settings) as codes:
        answers = await asyncio.gather(*calls)
    assert codes.compared_count == 5
    assert Counter(answer.status_code for answer in answers) == {200: 20, 400: 20}
    assert (await finish(client, owner.email, code)).status_code == 400


async def test_two_instances_share_the_tries_of_a_code(
    settings: Settings, client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    code = await challenge(client, postbox, owner)
    async with running_app(settings) as second, client_of(second) as there:
        for number, at in enumerate((client, there, client, there, client), 1):
            assert (await finish(at, owner.email, other(code, number))).status_code == 400
        for at in (client, there):
            assert (await finish(at, owner.email, code)).status_code == 400


async def test_a_hundred_wrong_codes_a_day_are_the_end_and_codes_for_a_reset_count_apart(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    code = await challenge(client, postbox, owner)
    await finish(client, owner.email, other(code))
    budget = services.limits.wrong_codes(owner.email, compared=True, purpose="sign in")
    assert (budget.use_count, budget.window) == (100, timedelta(days=1))
    of_resets = services.limits.wrong_codes(owner.email, compared=True)
    async with directory(services.database) as connection:
        used = "select used_count from throttles where key = $1"
        assert await connection.fetchval(used, budget.key) == 1
        assert await connection.fetchval(used, of_resets.key) is None
        await connection.execute("update throttles set used_count = 100 where key = $1", budget.key)
    assert (await finish(client, owner.email, code)).status_code == 400
    assert (await verify(client, owner.email, code)).json()["valid"] is False


async def test_guessing_while_no_sign_in_waits_takes_nothing_from_the_next_one(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    assert (await finish(client, owner.email, "000001")).status_code == 401
    budget = services.limits.wrong_codes(owner.email, compared=False, purpose="sign in")
    async with directory(services.database) as connection:
        await connection.execute("update throttles set used_count = 100 where key = $1", budget.key)
    assert (await finish(client, owner.email, "000002")).status_code == 401
    assert (await finish(client, owner.email, await challenge(client, postbox, owner))).status_code == 200


@pytest.mark.parametrize("call", [finish, verify])
async def test_a_guess_costs_the_same_statements_whoever_it_is_aimed_at(
    call: object, app: Edge, cast: Cast, client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    waiting = await protected(cast, client)
    code = await challenge(client, postbox, waiting)
    ask = finish if call is finish else verify
    costs = []
    for email in (make.email("nobody"), owner.email, waiting.email):
        with counted_statements(app) as statements:
            await ask(client, email, other(code))
        costs.append(statements)
    assert costs[0] == costs[1] == costs[2]
    assert len(costs[0]) >= 3


async def test_asking_for_another_code_costs_the_same_statements_whoever_asks(
    app: Edge, client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    await challenge(client, postbox, owner)
    costs = []
    for email in (make.email("nobody"), owner.email):
        with counted_statements(app) as statements:
            await again(client, email)
        costs.append(statements)
    assert costs[0] == costs[1]
    assert await postbox.codes_for(owner.email)


async def test_work_that_is_done_twice_makes_one_more_code(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    await challenge(client, postbox, owner)
    request = CodeRequest(id=new_id(), email=owner.email)
    payload = services.outbox.seal(msgspec.json.encode(request))
    for _ in range(2):
        await mail_another_code(services, payload, datetime.now(UTC))
    assert len(await postbox.codes_for(owner.email)) == 2


async def test_a_right_password_is_no_guess_though_no_code_is_mailed_any_more(
    client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    limit = services.limits.proven_codes(owner.email, "sign in")
    for _ in range(limit.use_count):
        async with directory(services.database) as connection:
            await take(connection, limit)
    assert [(await log_in(client, owner)).status_code for _ in range(12)] == [429] * 12
    wrong = {"email": owner.email, "password": "a wrong passphrase"}
    assert (await client.post(LOG_IN, json=wrong)).status_code == 401  # after twelve guesses it would be 429
