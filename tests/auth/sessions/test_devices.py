"""A log-in from a device that was not seen before is told to the user, once, unless it is their first."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import httpx
from structlog.testing import capture_logs

from leadconnect.auth import queries
from leadconnect.auth.services import Services
from leadconnect.database.transaction import maintenance, tenant
from tests.auth.twofold import challenge, change, finish, log_in, protected
from tests.cast import Actor, Cast
from tests.postbox import Postbox

PHONE, LAPTOP = "Phone/1.0", "Laptop/2.0 <b>of Eve</b>"
At = Callable[[str], httpx.AsyncClient]


async def notices(postbox: Postbox, actor: Actor) -> list[str]:
    """Return the mails about new devices that somebody got."""
    return [mail for mail in await postbox.mails_to(actor.email) if "was not seen before" in mail]


async def test_the_first_device_is_no_news_and_neither_is_one_that_is_known(
    cast: Cast, client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    colleague = await cast.sub_user(owner)
    for actor in (owner, colleague):
        await cast.log_in(actor)
        assert await notices(postbox, actor) == []


async def test_a_new_device_is_told_with_time_network_and_program(
    at: At, address: str, postbox: Postbox, owner: Actor
) -> None:
    for _ in range(2):
        assert (await log_in(at(address), owner, **{"User-Agent": LAPTOP})).status_code == 200
    (mail,) = await notices(postbox, owner)
    assert f"{address.rpartition('.')[0]}.0/24" in mail
    assert address not in mail
    assert LAPTOP in mail
    assert " UTC\n" in mail


async def test_another_program_or_network_is_another_device_and_another_address_in_the_network_is_not(
    at: At, address: str, postbox: Postbox, owner: Actor
) -> None:
    neighbour = f"{address.rpartition('.')[0]}.77"
    for place, agent, count in (
        (address, PHONE, 1),
        (address, LAPTOP, 2),
        (neighbour, PHONE, 2),
        ("2001:db8:7::1", PHONE, 3),
        ("2001:db8:7::2", PHONE, 3),
    ):
        assert (await log_in(at(place), owner, **{"User-Agent": agent})).status_code == 200
        assert len(await notices(postbox, owner)) == count


async def test_of_ten_log_ins_at_once_from_a_new_device_one_is_told(
    at: At, address: str, postbox: Postbox, owner: Actor
) -> None:
    answers = await asyncio.gather(*(log_in(at(address), owner) for _ in range(10)))
    assert [answer.status_code for answer in answers] == [200] * 10
    assert len(await notices(postbox, owner)) == 1


async def test_whoever_does_not_want_to_know_is_not_told(
    at: At, address: str, client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    await change(client, owner, loginNotifications=False)
    with capture_logs() as lines:
        assert (await log_in(at(address), owner)).status_code == 200
    assert "new_device" in [line["event"] for line in lines]
    assert await notices(postbox, owner) == []


async def test_a_refused_log_in_makes_no_device_known(
    at: At, address: str, services: Services, postbox: Postbox, owner: Actor
) -> None:
    stranger = Actor(owner.email, "a wrong passphrase", "", "", owner.user_id, owner.account_id)
    assert (await log_in(at(address), stranger)).status_code == 401
    assert await notices(postbox, owner) == []
    assert (await log_in(at(address), owner)).status_code == 200
    assert len(await notices(postbox, owner)) == 1


async def test_with_a_second_factor_a_device_is_known_once_the_code_was_right(
    at: At, address: str, cast: Cast, client: httpx.AsyncClient, postbox: Postbox
) -> None:
    owner = await protected(cast, client)
    code = await challenge(at(address), postbox, owner)
    assert await notices(postbox, owner) == []
    assert (await finish(at(address), owner.email, code)).status_code == 200
    assert len(await notices(postbox, owner)) == 1


async def test_what_is_kept_tells_neither_where_nor_with_what_nor_that_two_people_share_it(
    cast: Cast, services: Services, owner: Actor
) -> None:
    colleague = await cast.sub_user(owner)
    async with tenant(services.database, owner.account_id) as connection:
        rows = await connection.fetch("select * from known_devices where account_id = $1", owner.account_id)
    assert {row["user_id"] for row in rows} == {owner.user_id, colleague.user_id}
    assert len({row["device"] for row in rows}) == 2
    assert all(len(row["device"]) == 64 for row in rows)
    assert "203.0.113" not in str(rows)


async def test_a_device_is_forgotten_a_year_after_its_last_log_in(services: Services, owner: Actor) -> None:
    for age, count in ((timedelta(days=360), 1), (timedelta(days=10), 0)):
        async with tenant(services.database, owner.account_id) as connection:
            await connection.execute(
                "update known_devices set last_seen_at = last_seen_at - $2::interval where account_id = $1",
                owner.account_id, age,
            )  # fmt: skip
        async with maintenance(services.database) as connection:
            await queries.purge(connection)
        async with tenant(services.database, owner.account_id) as connection:
            left = "select count(*) from known_devices where account_id = $1"
            assert await connection.fetchval(left, owner.account_id) == count
