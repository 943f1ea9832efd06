"""An import without a key that comes again: an impatient person, or one who means it."""

import asyncio
from datetime import timedelta

import httpx

from leadconnect.auth.services import Services
from leadconnect.settings import Settings
from tests import make
from tests.cast import Actor, Cast
from tests.idempotency.sending import (
    FILE,
    IMPORT,
    lead_count,
    let_pass,
    send,
    stopped_leads,
    upload,
    was_replayed,
)
from tests.worker.running import until

ROWS = {"leads": [make.lead(name="Asha"), make.lead(name="Vikram"), {}]}


async def test_the_same_file_again_gets_the_first_report(client: httpx.AsyncClient, owner: Actor) -> None:
    first, again = await upload(client, owner), await upload(client, owner)
    assert first.request.headers["content-type"] != again.request.headers["content-type"]
    assert (again.status_code, again.content) == (201, first.content)
    assert (was_replayed(first), was_replayed(again)) == (False, True)
    assert await lead_count(client, owner) == 2


async def test_the_same_rows_again_get_the_first_report(client: httpx.AsyncClient, owner: Actor) -> None:
    first, again = [await send(client, owner, IMPORT, json=ROWS) for _ in range(2)]
    assert again.content == first.content
    assert was_replayed(again)
    assert await lead_count(client, owner) == 2


async def test_a_long_report_comes_back_whole(client: httpx.AsyncClient, owner: Actor) -> None:
    content = b"Name,Phone\n" + b"".join(b"Person %d,98765 %d\n" % (n, n) for n in range(400))
    first, again = await upload(client, owner, content), await upload(client, owner, content)
    assert len(first.content) > 300_000
    assert again.content == first.content
    assert await lead_count(client, owner) == 400


async def test_other_content_is_imported(client: httpx.AsyncClient, owner: Actor) -> None:
    await upload(client, owner)
    assert not was_replayed(await upload(client, owner, FILE + b"Zara,98765 1\n"))
    assert not was_replayed(await send(client, owner, IMPORT, json=ROWS))
    assert await lead_count(client, owner) == 2 + 3 + 2


async def test_with_a_key_the_same_is_imported_on_purpose(client: httpx.AsyncClient, owner: Actor) -> None:
    await upload(client, owner)
    for key in ("once more", "and again"):
        assert not was_replayed(await upload(client, owner, key=key))
    assert was_replayed(await upload(client, owner, key="and again"))
    assert await lead_count(client, owner) == 6


async def test_after_ten_minutes_the_same_is_imported_again(
    client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    await upload(client, owner)
    await let_pass(services, owner, timedelta(minutes=9))
    assert was_replayed(await upload(client, owner))
    await let_pass(services, owner, timedelta(minutes=1))
    assert not was_replayed(await upload(client, owner))
    assert await lead_count(client, owner) == 4


async def test_the_same_file_of_a_colleague_is_imported(client: httpx.AsyncClient, cast: Cast, owner: Actor) -> None:
    colleague = await cast.sub_user(owner, add=True)
    for actor in (owner, colleague):
        assert not was_replayed(await upload(client, actor))
    assert await lead_count(client, owner) == 4


async def test_an_import_that_stores_nothing_is_replayed_too(client: httpx.AsyncClient, owner: Actor) -> None:
    first, again = [await send(client, owner, IMPORT, json={"leads": [{}]}) for _ in range(2)]
    assert (first.json()["failed"], again.content) == (1, first.content)
    assert was_replayed(again)


async def test_a_file_that_cannot_be_read_is_refused_each_time(client: httpx.AsyncClient, owner: Actor) -> None:
    answers = [await upload(client, owner, b"Name,Phone\n") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [400, 400]


async def test_pressing_again_while_the_import_runs_stores_it_once(
    client: httpx.AsyncClient, settings: Settings, owner: Actor
) -> None:
    async with stopped_leads(settings) as is_waited_for:
        first = asyncio.create_task(upload(client, owner))
        await until(is_waited_for)
        second = await upload(client, owner)
    assert second.status_code == 409
    assert int(second.headers["retry-after"]) >= 1
    assert (await first).status_code == 201
    assert was_replayed(await upload(client, owner))
    assert await lead_count(client, owner) == 2
