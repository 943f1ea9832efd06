"""Guessing is bounded: in parallel, over all instances, and without becoming a weapon against the guessed."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from structlog.testing import capture_logs

from leadconnect.auth import throttles
from leadconnect.auth.services import Services
from leadconnect.auth.throttles import Limit
from leadconnect.database.transaction import directory
from leadconnect.edge.middleware import Edge
from leadconnect.errors import TooManyRequests
from leadconnect.settings import Settings
from tests import make
from tests.auth.counting import services_of
from tests.cast import Actor
from tests.conftest import changed, client_of, running_app

LOG_IN = "/api/auth/login"
WRONG = "a wrong passphrase"
ClientAt = Callable[[str], httpx.AsyncClient]


async def log_in(client: httpx.AsyncClient, email: str, password: str, **headers: str) -> httpx.Response:
    return await client.post(LOG_IN, json={"email": email, "password": password}, headers=headers)


async def statuses(client: httpx.AsyncClient, email: str, count: int, password: str = WRONG) -> list[int]:
    """Log in `count` times, one after the other, and return the statuses."""
    return [(await log_in(client, email, password)).status_code for _ in range(count)]


async def end_window(services: Services, limit: Limit) -> None:
    """Let the window of `limit` be over."""
    async with services.database.acquire() as connection:
        moved = "update throttles set window_ends_at = now() - interval '1 second' where key = $1"
        assert await connection.execute(moved, limit.key) == "UPDATE 1"


async def use_up(services: Services, limit: Limit) -> None:
    """Let all uses of `limit` be gone."""
    async with directory(services.database) as connection:
        await throttles.take(connection, limit)
        await connection.execute("update throttles set used_count = $2 where key = $1", limit.key, limit.use_count)


async def test_the_eleventh_wrong_log_in_is_refused_even_with_the_right_password(
    at: ClientAt, address: str, owner: Actor
) -> None:
    client = at(address)
    assert await statuses(client, owner.email, 10) == [401] * 10
    refused = await log_in(client, owner.email, WRONG)
    assert refused.status_code == 429
    assert 60 < int(refused.headers["retry-after"]) <= 15 * 60
    assert set(refused.json()) == {"message", "error", "statusCode", "code"}
    right = await log_in(client, owner.email, owner.password)
    assert (right.status_code, right.content) == (429, refused.content)


async def test_an_address_that_nobody_has_is_refused_alike(at: ClientAt, address: str, owner: Actor) -> None:
    client, nobody = at(address), make.email("nobody")
    assert await statuses(client, nobody, 10) == [401] * 10
    await statuses(client, owner.email, 10)
    refused, refused_owner = await log_in(client, nobody, WRONG), await log_in(client, owner.email, WRONG)
    assert refused.status_code == 429
    assert refused.content == refused_owner.content


async def test_after_the_wait_the_right_password_begins_the_count_anew(
    at: ClientAt, address: str, services: Services, owner: Actor
) -> None:
    client = at(address)
    assert await statuses(client, owner.email, 11) == [401] * 10 + [429]
    await end_window(services, services.limits.log_in(owner.email, address))
    assert await statuses(client, owner.email, 9) == [401] * 9
    assert (await log_in(client, owner.email, owner.password)).status_code == 200
    assert await statuses(client, owner.email, 11) == [401] * 10 + [429]


async def test_refused_log_ins_do_not_prolong_the_wait(
    at: ClientAt, address: str, services: Services, owner: Actor
) -> None:
    client = at(address)
    await statuses(client, owner.email, 10)
    key = services.limits.log_in(owner.email, address).key
    async with services.database.acquire() as connection:
        before = await connection.fetchrow("select used_count, window_ends_at from throttles where key = $1", key)
        assert await statuses(client, owner.email, 5) == [429] * 5
        after = await connection.fetchrow("select used_count, window_ends_at from throttles where key = $1", key)
    assert before == after


async def test_a_client_that_sends_every_wrong_password_twice_has_five_of_them(
    at: ClientAt, address: str, owner: Actor
) -> None:
    client = at(address)
    for number in range(5):
        twice = [await log_in(client, owner.email, f"wrong passphrase {number}") for _ in range(2)]
        assert [answer.status_code for answer in twice] == [401, 401]
    assert (await log_in(client, owner.email, "wrong passphrase 6")).status_code == 429


async def test_of_a_hundred_wrong_log_ins_at_once_no_more_than_ten_are_hashed(
    app: Edge, address: str, owner: Actor
) -> None:
    hasher = services_of(app).hasher
    before = hasher.hashes_computed
    async with client_of(app, address) as crowd:
        answers = await asyncio.gather(*(log_in(crowd, owner.email, f"guess number {n}") for n in range(100)))
    found = Counter(answer.status_code for answer in answers)
    assert hasher.hashes_computed - before <= 10
    assert found[401] <= 10
    assert found[429] >= 1
    assert set(found) <= {401, 429, 503}
    assert found[401] + found[429] + found[503] == 100


async def test_case_variants_of_an_address_share_one_count(at: ClientAt, address: str, owner: Actor) -> None:
    client = at(address)
    for email in (owner.email, owner.email.upper(), owner.email.title(), owner.email.replace("e", "ｅ")):
        await statuses(client, email, 3)
    assert (await log_in(client, owner.email, owner.password)).status_code == 429


async def test_whoever_uses_up_the_guesses_does_not_lock_the_owner_out_elsewhere(
    at: ClientAt, address: str, owner: Actor
) -> None:
    assert (await statuses(at(address), owner.email, 11))[-1] == 429
    neighbour = address.rpartition(".")[0] + ".200"
    assert (await log_in(at(neighbour), owner.email, owner.password)).status_code == 429
    assert (await log_in(at("198.51.100.5"), owner.email, owner.password)).status_code == 200


async def test_an_ipv6_network_counts_as_one_place(at: ClientAt, owner: Actor) -> None:
    assert (await statuses(at("2001:db8:1:2::1"), owner.email, 11))[-1] == 429
    assert (await log_in(at("2001:db8:1:2:ffff::9"), owner.email, owner.password)).status_code == 429
    assert (await log_in(at("2001:db8:1:3::1"), owner.email, owner.password)).status_code == 200


async def test_a_hundred_wrong_log_ins_an_hour_are_the_end_wherever_they_come_from(
    at: ClientAt, address: str, services: Services, owner: Actor
) -> None:
    anywhere = services.limits.log_in_from_anywhere(owner.email)
    assert (anywhere.use_count, anywhere.window) == (100, timedelta(hours=1))
    await use_up(services, anywhere)
    assert (await log_in(at(address), owner.email, owner.password)).status_code == 429
    await end_window(services, anywhere)
    assert (await log_in(at(address), owner.email, owner.password)).status_code == 200


async def test_right_log_ins_are_not_counted(at: ClientAt, address: str, services: Services, owner: Actor) -> None:
    assert await statuses(at(address), owner.email, 12, owner.password) == [200] * 12
    async with services.database.acquire() as connection:
        for limit in (
            services.limits.log_in(owner.email, address),
            services.limits.log_in_from_anywhere(owner.email),
        ):
            assert await connection.fetchval("select used_count from throttles where key = $1", limit.key) == 0


async def test_one_machine_tries_the_passwords_of_few_people_a_minute(settings: Settings, address: str) -> None:
    async with running_app(changed(settings, log_ins_per_address=6)) as app, client_of(app, address) as machine:
        tried = [await log_in(machine, make.email("victim"), WRONG) for _ in range(6)]
        assert [answer.status_code for answer in tried] == [401] * 6
        refused = await log_in(machine, make.email("victim"), WRONG)
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        for invented in ("198.51.100.1", "203.0.113.99, 192.0.2.1", "127.0.0.1", "::1"):
            forged = {"X-Forwarded-For": invented, "Forwarded": f"for={invented}", "X-Real-IP": invented}
            assert (await log_in(machine, make.email("victim"), WRONG, **forged)).status_code == 429
        other = address.rpartition(".")[0] + ".77"
        async with client_of(app, other) as machine_beside:
            assert (await log_in(machine_beside, make.email("victim"), WRONG)).status_code == 401


async def test_behind_a_trusted_proxy_the_forwarded_address_counts(settings: Settings, address: str) -> None:
    behind = changed(settings, log_ins_per_address=2, trusted_proxies=("192.0.2.0/24",))
    async with running_app(behind) as app, client_of(app, "192.0.2.10") as proxy:
        machine = {"X-Forwarded-For": address}
        forged = {"X-Forwarded-For": f"198.51.100.1, {address}"}
        for headers in (machine, forged):
            assert (await log_in(proxy, make.email("victim"), WRONG, **headers)).status_code == 401
        assert (await log_in(proxy, make.email("victim"), WRONG, **forged)).status_code == 429
        other = {"X-Forwarded-For": "198.51.100.200"}
        assert (await log_in(proxy, make.email("victim"), WRONG, **other)).status_code == 401


async def test_two_instances_share_one_count(settings: Settings, address: str, owner: Actor) -> None:
    async with (
        running_app(settings) as one,
        running_app(settings) as two,
        client_of(one, address) as here,
        client_of(two, address) as there,
    ):
        tried = [(await log_in(here if n % 2 else there, owner.email, WRONG)).status_code for n in range(12)]
        assert tried == [401] * 10 + [429] * 2


async def test_being_refused_is_a_security_event(at: ClientAt, address: str, owner: Actor) -> None:
    await statuses(at(address), owner.email, 10)
    with capture_logs() as lines:
        await log_in(at(address), owner.email, WRONG)
    assert [(line["event"], line["outcome"]) for line in lines if line.get("kind") == "security"] == [
        ("throttle", "refused")
    ]


async def test_when_one_limit_refuses_none_is_counted(services: Services) -> None:
    tight, wide = (Limit(uuid4().hex, count, timedelta(minutes=1), "a test") for count in (1, 5))
    async with directory(services.database) as connection:
        await throttles.take(connection, tight, wide)
    for _ in range(10):
        with pytest.raises(TooManyRequests):
            async with directory(services.database) as connection:
                await throttles.take(connection, tight, wide)
    async with directory(services.database) as connection:
        for _ in range(4):
            await throttles.take(connection, wide)


async def test_the_table_names_nobody(services: Services, at: ClientAt, address: str, owner: Actor) -> None:
    await log_in(at(address), owner.email, WRONG)
    async with services.database.acquire() as connection:
        keys = [row["key"] for row in await connection.fetch("select key from throttles")]
    assert services.limits.log_in(owner.email, address).key in keys
    assert not [key for key in keys if "@" in key or address in key]
