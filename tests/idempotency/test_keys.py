"""Requests with an Idempotency-Key: done once, answered alike, and whose they are."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import httpx
import pytest

from leadconnect.auth.services import Services
from leadconnect.database.transaction import tenant
from leadconnect.edge.middleware import Edge
from leadconnect.identifiers import new_id
from leadconnect.settings import Settings
from leadconnect.worker.schedule import purge_answers
from tests import make
from tests.auth.counting import counted_statements
from tests.cast import Actor, Cast
from tests.conftest import client_of
from tests.idempotency.sending import (
    IMPORT,
    LEADS,
    SECTORS,
    TEAM,
    kept_count,
    lead_count,
    let_pass,
    send,
    stopped_leads,
    upload,
    was_replayed,
)
from tests.team.managing import body as sub_user
from tests.team.managing import listed
from tests.worker.running import until

ROUTES = [
    (LEADS, make.lead()),
    (IMPORT, {"leads": [make.lead(), {}]}),
    (SECTORS, {"sector": "Textiles"}),
    (TEAM, sub_user()),
]


@pytest.mark.parametrize(("path", "body"), ROUTES)
async def test_the_same_key_again_gets_the_same_answer(
    client: httpx.AsyncClient, owner: Actor, path: str, body: Any
) -> None:
    sent = {**body, "email": make.email("twice")} if path == TEAM else body
    first = await send(client, owner, path, "one", json=sent)
    again = await send(client, owner, path, "one", json=sent)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert first.headers["content-type"] == again.headers["content-type"]
    assert (was_replayed(first), was_replayed(again)) == (False, True)


@pytest.mark.parametrize(("path", "body"), ROUTES)
async def test_a_key_helps_nobody_in_who_may_not(
    client: httpx.AsyncClient, cast: Cast, owner: Actor, path: str, body: Any
) -> None:
    assert (await client.post(path, json=body, headers={"Idempotency-Key": "one"})).status_code == 401
    viewer = await cast.sub_user(owner)
    answer = await send(client, viewer, path, "one", json=body)
    assert answer.status_code == (201 if path == SECTORS else 403)


async def test_what_was_sent_twice_is_there_once(client: httpx.AsyncClient, owner: Actor) -> None:
    for _ in range(2):
        await send(client, owner, LEADS, "a lead", json=make.lead())
        await send(client, owner, IMPORT, "an import", json={"leads": [make.lead()] * 3})
        await upload(client, owner, key="a file")
    assert await lead_count(client, owner) == 1 + 3 + 2
    wanted = sub_user()
    for _ in range(2):
        assert (await send(client, owner, TEAM, "a sub-user", json=wanted)).status_code == 201
    assert len(await listed(client, owner)) == 1


async def test_another_request_with_the_same_key_is_422(client: httpx.AsyncClient, owner: Actor) -> None:
    await send(client, owner, LEADS, "one", json=make.lead())
    answer = await send(client, owner, LEADS, "one", json=make.lead(name="Somebody else"))
    assert answer.status_code == 422
    assert set(answer.json()) == {"message", "error", "statusCode", "code"}
    assert await lead_count(client, owner) == 1


async def test_a_key_with_another_path_or_query_is_422(client: httpx.AsyncClient, owner: Actor) -> None:
    body = {"leads": [make.lead()]}
    assert (await send(client, owner, IMPORT, "one", json=body)).status_code == 201
    for path in (LEADS, f"{LEADS}/not-an-id/merge", f"{LEADS}/{new_id()}/merge", "/api/leads/import"):
        answer = await send(client, owner, path, "one", json=body)
        assert (answer.status_code, was_replayed(answer)) == (422, False)
    assert await lead_count(client, owner) == 1


async def test_a_key_of_one_undo_or_merge_undoes_and_merges_nothing_else(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    first, second, third = [
        (await send(client, owner, LEADS, json=make.lead(name=f"Lead {number}"))).json()["id"] for number in range(3)
    ]
    merged = await send(client, owner, f"{LEADS}/{first}/merge", "m", json={"leadIds": [third]})
    assert merged.status_code == 200
    again = await send(client, owner, f"{LEADS}/{second}/merge", "m", json={"leadIds": [third]})
    assert (again.status_code, again.json()["error"]) == (422, "Unprocessable Entity")
    sets = (await client.get("/api/change-sets", headers=owner.headers)).json()["data"]
    await send(client, owner, IMPORT, json={"leads": [make.lead()]})
    newest = (await client.get("/api/change-sets", headers=owner.headers)).json()["data"][0]
    assert (await send(client, owner, f"/api/change-sets/{newest['id']}/undo", "u", json={})).status_code == 200
    undone = await send(client, owner, f"/api/change-sets/{sets[0]['id']}/undo", "u", json={})
    assert (undone.status_code, was_replayed(undone)) == (422, False)
    assert (await client.get(f"{LEADS}/{third}", headers=owner.headers)).status_code == 308


async def test_of_one_key_sent_to_two_paths_at_once_one_is_done(
    app: Edge, cast: Cast, client: httpx.AsyncClient
) -> None:
    owner, body = await cast.owner(), {"leads": [make.lead()]}
    single = make.lead()

    async def one(number: int) -> httpx.Response:
        async with client_of(app, f"203.0.113.{number}") as own:
            path, sent = (IMPORT, body) if number % 2 else (LEADS, single)
            answer: httpx.Response = await send(own, owner, path, "one", json=sent)
            return answer

    answers = await asyncio.gather(*(one(number) for number in range(20)))
    assert {answer.status_code for answer in answers} <= {201, 409, 422}
    assert sum(answer.status_code == 201 and not was_replayed(answer) for answer in answers) == 1
    assert await lead_count(client, owner) == 1


async def test_a_key_belongs_to_one_person(client: httpx.AsyncClient, cast: Cast, owner: Actor) -> None:
    colleague, stranger = await cast.sub_user(owner, add=True), await cast.owner()
    answers = [await send(client, actor, LEADS, "one", json=make.lead()) for actor in (owner, colleague, stranger)]
    assert not any(was_replayed(answer) for answer in answers)
    assert len({answer.json()["id"] for answer in answers}) == 3
    assert (await lead_count(client, owner), await lead_count(client, stranger)) == (2, 1)


async def test_another_session_of_the_same_person_gets_the_answer(
    client: httpx.AsyncClient, cast: Cast, owner: Actor
) -> None:
    await send(client, owner, LEADS, "one", json=make.lead())
    assert was_replayed(await send(client, await cast.log_in(owner), LEADS, "one", json=make.lead()))


async def test_who_lost_the_right_gets_no_earlier_answer(
    client: httpx.AsyncClient, cast: Cast, services: Services, owner: Actor
) -> None:
    helper = await cast.sub_user(owner, add=True)
    assert (await send(client, helper, LEADS, "one", json=make.lead())).status_code == 201
    async with tenant(services.database, owner.account_id) as connection:
        await connection.execute("update user_permissions set can_add_leads = false where user_id = $1", helper.user_id)
    assert (await send(client, helper, LEADS, "one", json=make.lead())).status_code == 403


async def test_without_a_key_everything_is_as_ever(client: httpx.AsyncClient, services: Services, owner: Actor) -> None:
    answers = [await send(client, owner, LEADS, json=make.lead()) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert not any(was_replayed(answer) for answer in answers)
    assert await lead_count(client, owner) == 2
    assert await kept_count(services.database, owner) == 0


async def test_a_request_without_a_key_sends_no_statement_more(
    app: Edge, client: httpx.AsyncClient, owner: Actor
) -> None:
    counts = []
    for key, lead in ((None, make.lead()), ("one", make.lead(phoneNumber="+91 98765 43299", email=None))):
        with counted_statements(app) as statements:
            assert (await send(client, owner, LEADS, key, json=lead)).status_code == 201
        counts.append((len(statements), sum("idempotency_keys" in statement for statement in statements)))
    (without, about_none), (with_one, about_one) = counts
    assert (about_none, about_one) == (0, 3)
    assert with_one - without == 5


async def test_a_refusal_is_not_kept(client: httpx.AsyncClient, services: Services, owner: Actor) -> None:
    assert (await send(client, owner, LEADS, "one", json=make.lead(name=""))).status_code == 400
    taken = sub_user(email=owner.email)
    assert (await send(client, owner, TEAM, "two", json=taken)).status_code == 409
    assert await kept_count(services.database, owner) == 0
    assert (await send(client, owner, LEADS, "one", json=make.lead())).status_code == 201
    assert (await send(client, owner, TEAM, "two", json=sub_user())).status_code == 201


@pytest.mark.parametrize("key", [b"", b"x" * 256, b"caf\xe9", b"a\tb", "schlüssel".encode()])
async def test_a_key_that_is_none_is_400(client: httpx.AsyncClient, owner: Actor, key: bytes) -> None:
    headers = [(b"idempotency-key", key), *((k.encode(), v.encode()) for k, v in owner.headers.items())]
    answer = await client.post(LEADS, json=make.lead(), headers=headers)
    assert (answer.status_code, answer.json()["statusCode"]) == (400, 400)
    assert "Idempotency-Key" in answer.json()["message"]


@pytest.mark.parametrize("key", ["x", "x" * 255, "~ !", '"8e03978e-40d5-43dd-bc93-6894a57f9324"'])
async def test_a_key_is_any_printable_ascii(client: httpx.AsyncClient, owner: Actor, key: str) -> None:
    assert (await send(client, owner, LEADS, key, json=make.lead())).status_code == 201
    assert was_replayed(await send(client, owner, LEADS, key, json=make.lead()))


async def test_a_key_lives_for_a_day(client: httpx.AsyncClient, services: Services, owner: Actor) -> None:
    first = await send(client, owner, LEADS, "one", json=make.lead())
    await let_pass(services, owner, timedelta(hours=24) - timedelta(minutes=1))
    assert was_replayed(await send(client, owner, LEADS, "one", json=make.lead()))
    await let_pass(services, owner, timedelta(minutes=1))
    later = await send(client, owner, LEADS, "one", json=make.lead(name="Somebody else"))
    assert later.status_code == 201
    assert later.json()["id"] != first.json()["id"]
    assert was_replayed(await send(client, owner, LEADS, "one", json=make.lead(name="Somebody else")))


async def test_what_is_over_is_forgotten_and_nothing_else(
    client: httpx.AsyncClient, services: Services, cast: Cast, owner: Actor
) -> None:
    other = await cast.owner()
    for actor in (owner, other):
        await send(client, actor, LEADS, "one", json=make.lead())
    await let_pass(services, owner, timedelta(hours=24))
    await purge_answers(services.database)
    assert (await kept_count(services.database, owner), await kept_count(services.database, other)) == (0, 1)


async def test_while_the_first_is_being_worked_on_the_second_is_409(
    client: httpx.AsyncClient, settings: Settings, owner: Actor
) -> None:
    async with stopped_leads(settings) as is_waited_for:
        first = asyncio.create_task(send(client, owner, LEADS, "one", json=make.lead()))
        await until(is_waited_for)
        second = await send(client, owner, LEADS, "one", json=make.lead())
    assert second.status_code == 409
    assert set(second.json()) == {"message", "error", "statusCode", "code"}
    assert int(second.headers["retry-after"]) >= 1
    assert (await first).status_code == 201
    assert was_replayed(await send(client, owner, LEADS, "one", json=make.lead()))
    assert await lead_count(client, owner) == 1


@pytest.mark.parametrize(("path", "body"), ROUTES[:2])
async def test_of_twenty_at_once_one_is_done(
    app: Edge, cast: Cast, client: httpx.AsyncClient, path: str, body: Any
) -> None:
    owner = await cast.owner()

    async def one(number: int) -> httpx.Response:
        async with client_of(app, f"203.0.113.{number}") as own:
            answer: httpx.Response = await send(own, owner, path, "one", json=body)
            return answer

    answers = await asyncio.gather(*(one(number) for number in range(20)))
    done = [answer for answer in answers if answer.status_code == 201]
    assert Counter(answer.status_code for answer in answers).keys() <= {201, 409}
    assert len({answer.content for answer in done}) == 1
    assert sum(not was_replayed(answer) for answer in done) == 1
    assert await lead_count(client, owner) == 1
