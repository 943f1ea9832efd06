"""Codes cannot be guessed: not in parallel, not over many codes, not over many instances; and each is good once."""

import asyncio
from collections import Counter
from datetime import timedelta

import httpx

from leadconnect.auth import recovery
from leadconnect.auth.services import Services
from leadconnect.database.transaction import directory, tenant
from leadconnect.edge.middleware import Edge
from leadconnect.settings import Settings
from tests.auth.counting import counted_codes
from tests.auth.forgotten import NEW, a_code, can_log_in, forgot, let_pass, other, reset, verify
from tests.cast import Actor, Cast
from tests.conftest import client_of, running_app
from tests.postbox import Postbox


async def test_five_wrong_guesses_of_any_mix_end_a_code(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    code = await a_code(client, postbox, owner)
    for number, call in enumerate((verify, reset, verify, verify, reset), 1):
        answer = await call(client, owner.email, other(code, number))
        assert (answer.status_code, answer.json().get("valid", False)) in ((200, False), (400, False))
    assert (await verify(client, owner.email, code)).json()["valid"] is False
    assert (await reset(client, owner.email, code)).status_code == 400
    assert await can_log_in(client, owner, owner.password)


async def test_right_guesses_do_not_count(client: httpx.AsyncClient, postbox: Postbox, owner: Actor) -> None:
    code = await a_code(client, postbox, owner)
    for _ in range(8):
        assert (await verify(client, owner.email, code)).json()["valid"] is True
    for number in range(1, 5):
        await verify(client, owner.email, other(code, number))
    assert (await reset(client, owner.email, code)).status_code == 200


async def test_of_forty_guesses_at_once_exactly_five_are_compared(
    app: Edge, client: httpx.AsyncClient, settings: Settings, postbox: Postbox, owner: Actor
) -> None:
    code = await a_code(client, postbox, owner)
    calls = [(verify, reset)[n % 2](client, owner.email, other(code, n + 1)) for n in range(40)]
    with counted_codes(app, settings) as codes:
        answers = await asyncio.gather(*calls)
    assert codes.compared_count == 5
    assert Counter(answer.status_code for answer in answers) == {200: 20, 400: 20}
    assert (await verify(client, owner.email, code)).json()["valid"] is False


async def test_of_forty_resets_at_once_with_the_right_code_one_succeeds(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    code = await a_code(client, postbox, owner)
    passwords = [f"new passphrase number {n}" for n in range(40)]
    answers = await asyncio.gather(*(reset(client, owner.email, code, password) for password in passwords))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 400: 39}
    (chosen,) = [word for word, answer in zip(passwords, answers, strict=True) if answer.status_code == 200]
    assert await can_log_in(client, owner, chosen)


async def test_a_used_code_is_used_up(client: httpx.AsyncClient, postbox: Postbox, owner: Actor) -> None:
    code = await a_code(client, postbox, owner)
    assert (await reset(client, owner.email, code)).status_code == 200
    assert (await reset(client, owner.email, code, "yet another passphrase")).status_code == 400
    assert (await verify(client, owner.email, code)).json()["valid"] is False
    assert await can_log_in(client, owner, NEW)


async def test_a_code_is_good_for_ten_minutes(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    code = await a_code(client, postbox, owner)
    await let_pass(services, owner, timedelta(minutes=9, seconds=50))
    assert (await verify(client, owner.email, code)).json()["valid"] is True
    await let_pass(services, owner, timedelta(seconds=11))
    assert (await verify(client, owner.email, code)).json()["valid"] is False
    assert (await reset(client, owner.email, code)).status_code == 400


async def test_only_the_newest_code_counts(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    first = await a_code(client, postbox, owner)
    await let_pass(services, owner, timedelta(minutes=1, seconds=1))
    second = await a_code(client, postbox, owner)
    assert len(await postbox.codes_for(owner.email)) == 2
    if first != second:
        assert (await reset(client, owner.email, first)).status_code == 400
    assert (await reset(client, owner.email, second)).status_code == 200


async def test_a_code_is_good_for_its_own_user_and_purpose_alone(
    cast: Cast, client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    code = await a_code(client, postbox, owner)
    stranger = await cast.owner()
    await a_code(client, postbox, stranger)
    assert (await reset(client, stranger.email, other(code, 0))).status_code == 400
    for_signing_in = services.codes.seal(code, "sign in", owner.user_id)
    async with tenant(services.database, owner.account_id) as connection:
        await connection.execute(
            "update password_resets set otp = $2 where account_id = $1", owner.account_id, for_signing_in
        )
    assert (await reset(client, owner.email, code)).status_code == 400


async def test_a_reset_voids_all_open_codes(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    await a_code(client, postbox, owner)
    await let_pass(services, owner, timedelta(minutes=1, seconds=1))
    second = await a_code(client, postbox, owner)
    assert (await reset(client, owner.email, second)).status_code == 200
    async with tenant(services.database, owner.account_id) as connection:
        unused = "select count(*) from password_resets where account_id = $1 and used_at is null"
        assert await connection.fetchval(unused, owner.account_id) == 0


async def test_a_code_stands_in_the_database_as_a_keyed_digest_only(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    code = await a_code(client, postbox, owner)
    async with tenant(services.database, owner.account_id) as connection:
        (row,) = await connection.fetch("select * from password_resets where account_id = $1", owner.account_id)
    assert row["otp"] == services.codes.seal(code, recovery.PURPOSE, owner.user_id)
    assert len(row["otp"]) == 64
    assert f"'{code}'" not in repr(dict(row))


async def test_there_is_one_code_a_minute_and_five_an_hour(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    for minute in range(7):
        answers = [await forgot(client, owner.email) for _ in range(3)]
        assert {(answer.status_code, answer.content) for answer in answers} == {(200, answers[0].content)}
        assert len(await postbox.codes_for(owner.email)) == min(minute + 1, 5)
        await let_pass(services, owner, timedelta(minutes=1, seconds=1))
    await let_pass(services, owner, timedelta(hours=1))
    await forgot(client, owner.email)
    assert len(await postbox.codes_for(owner.email)) == 6


async def test_a_hundred_wrong_codes_a_day_are_the_end_whatever_the_code(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    code = await a_code(client, postbox, owner)
    budget = services.limits.wrong_codes(owner.email, compared=True)
    assert (budget.use_count, budget.window) == (100, timedelta(days=1))
    await verify(client, owner.email, other(code))
    async with directory(services.database) as connection:
        assert await connection.fetchval("select used_count from throttles where key = $1", budget.key) == 1
        await connection.execute("update throttles set used_count = 100 where key = $1", budget.key)
    assert (await verify(client, owner.email, code)).json()["valid"] is False
    assert (await reset(client, owner.email, code)).status_code == 400


async def test_guessing_at_somebody_without_a_code_does_not_keep_them_from_their_next_one(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    for number in range(3):
        await verify(client, owner.email, f"{number:06d}")
    budget = services.limits.wrong_codes(owner.email, compared=False)
    async with directory(services.database) as connection:
        await connection.execute("update throttles set used_count = 100 where key = $1", budget.key)
    assert (await verify(client, owner.email, "000009")).json()["valid"] is False
    assert (await reset(client, owner.email, await a_code(client, postbox, owner))).status_code == 200


async def test_two_instances_share_the_limits_of_codes(
    settings: Settings, services: Services, postbox: Postbox, owner: Actor
) -> None:
    async with (
        running_app(settings) as one,
        running_app(settings) as two,
        client_of(one) as here,
        client_of(two) as there,
    ):
        for client in (here, there, here, there):
            assert (await forgot(client, owner.email)).status_code == 200
        (code,) = await postbox.codes_for(owner.email)
        for number, client in enumerate((here, there, here, there, here), 1):
            await verify(client, owner.email, other(code, number))
        for client in (here, there):
            assert (await verify(client, owner.email, code)).json()["valid"] is False
