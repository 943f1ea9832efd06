"""Requests whose transaction PostgreSQL ends for a conflict are run again, from the beginning and for a while."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import asyncpg
import httpx
import pytest

from leadconnect.dsn import connect_arguments
from leadconnect.edge.middleware import PAUSES
from leadconnect.errors import TransactionConflict
from leadconnect.settings import Settings
from tests import make
from tests.cast import Actor
from tests.edge.asgi import client_of, respond
from tests.idempotency.sending import IMPORT, LEADS, TEAM, lead_count, send, upload, was_replayed
from tests.team.managing import body as sub_user
from tests.team.managing import listed

CONFLICTS = {"serialization": "40001", "deadlock": "40P01"}
OTHERS = {"integrity": "40002", "unknown": "40003", "lock": "55P03"}
TRIGGER = """
    create sequence tested_conflicts;
    create function conflict() returns trigger language plpgsql security definer as $$
    begin
        if nextval('tested_conflicts') <= tg_argv[0]::int then
            raise exception using errcode = tg_argv[1], message = 'a conflict of the test';
        end if;
        return new;
    end
    $$;
    create {kind} trigger tested_conflict after insert on {table} {when} for each row
        when (new.account_id = '{account_id}') execute function conflict({count}, '{code}')
"""
UNDO = "drop function if exists conflict() cascade; drop sequence if exists tested_conflicts"
JOBS = "select count(*) from pgqueuer where entrypoint = $1"
Conflicts = Callable[..., AbstractAsyncContextManager[Callable[[str], Awaitable[int]]]]


@pytest.fixture
def conflicts(settings: Settings) -> Conflicts:
    """Lets the first inserts into a table fail for a conflict, when they are made or at the commit, for one account.
    In the block there is the count of jobs by their entry point.
    """

    @asynccontextmanager
    async def failing(
        actor: Actor, table: str, count: int, code: str, *, at_commit: bool = False
    ) -> AsyncIterator[Callable[[str], Awaitable[int]]]:
        kind, when = ("constraint", "deferrable initially deferred") if at_commit else ("", "")
        account_id = actor.account_id
        connection = await asyncpg.connect(**connect_arguments(settings.database_url))
        try:
            await connection.execute(
                TRIGGER.format(kind=kind, when=when, table=table, account_id=account_id, count=count, code=code)
            )

            async def job_count(entrypoint: str) -> int:
                return int(await connection.fetchval(JOBS, entrypoint))

            yield job_count
        finally:
            await connection.execute(UNDO)
            await connection.close()

    return failing


@pytest.mark.parametrize("at_commit", [False, True], ids=["in a statement", "at the commit"])
@pytest.mark.parametrize("code", CONFLICTS.values(), ids=CONFLICTS)
@pytest.mark.parametrize("count", [1, len(PAUSES)])
async def test_a_conflict_is_not_seen_and_leaves_nothing(
    client: httpx.AsyncClient, owner: Actor, conflicts: Conflicts, code: str, count: int, at_commit: bool
) -> None:
    async with conflicts(owner, "leads", count, code, at_commit=at_commit) as job_count:
        before = await job_count("tell")
        answer = await send(client, owner, LEADS, json=make.lead())
        assert answer.status_code == 201, answer.text
        assert await job_count("tell") == before + 1
    assert await lead_count(client, owner) == 1


@pytest.mark.parametrize("code", CONFLICTS.values(), ids=CONFLICTS)
async def test_a_conflict_that_stays_is_503_and_nothing_was_done(
    client: httpx.AsyncClient, owner: Actor, conflicts: Conflicts, code: str
) -> None:
    async with conflicts(owner, "leads", len(PAUSES) + 1, code) as job_count:
        before = await job_count("tell")
        answer = await send(client, owner, LEADS, json=make.lead())
        assert answer.status_code == 503
        assert set(answer.json()) == {"message", "error", "statusCode", "code"}
        assert int(answer.headers["retry-after"]) >= 1
        assert await job_count("tell") == before
    assert await lead_count(client, owner) == 0


async def test_a_conflict_that_stays_is_told_as_problem_details_to_who_asks(
    client: httpx.AsyncClient, owner: Actor, conflicts: Conflicts
) -> None:
    async with conflicts(owner, "leads", len(PAUSES) + 1, "40001"):
        headers = {**owner.headers, "Accept": "application/problem+json"}
        answer = await client.post(LEADS, json=make.lead(), headers=headers)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:leadconnect:error:transaction_conflict")


@pytest.mark.parametrize("code", OTHERS.values(), ids=OTHERS)
async def test_what_is_no_conflict_is_not_repeated(
    client: httpx.AsyncClient, owner: Actor, conflicts: Conflicts, code: str
) -> None:
    async with conflicts(owner, "leads", 1, code):
        assert (await send(client, owner, LEADS, json=make.lead())).status_code == 503
        assert (await send(client, owner, LEADS, json=make.lead())).status_code == 201


async def test_a_form_is_read_again(client: httpx.AsyncClient, owner: Actor, conflicts: Conflicts) -> None:
    async with conflicts(owner, "leads", 2, "40P01"):
        answer = await upload(client, owner)
        assert (answer.status_code, answer.json()["successful"]) == (201, 2)
        assert was_replayed(await upload(client, owner))
    assert await lead_count(client, owner) == 2


async def test_a_mail_is_posted_once(client: httpx.AsyncClient, owner: Actor, conflicts: Conflicts) -> None:
    async with conflicts(owner, "user_permissions", 2, "40001", at_commit=True) as job_count:
        before = await job_count("send_code")
        assert (await send(client, owner, TEAM, json=sub_user())).status_code == 201
        assert await job_count("send_code") == before + 1
    assert len(await listed(client, owner)) == 1


async def test_a_request_of_several_transactions_is_repeated_as_a_whole(
    client: httpx.AsyncClient, owner: Actor, conflicts: Conflicts
) -> None:
    async with conflicts(owner, "sessions", 1, "40001"):
        answer = await client.post("/api/auth/login", json={"email": owner.email, "password": owner.password})
        assert answer.status_code == 200
    sessions = await client.get("/api/auth/sessions", headers=owner.headers)
    assert len(sessions.json()) == 2


async def test_a_key_that_is_kept_in_a_conflict_is_kept_once(
    client: httpx.AsyncClient, owner: Actor, conflicts: Conflicts
) -> None:
    async with conflicts(owner, "idempotency_keys", 2, "40001", at_commit=True):
        first = await send(client, owner, IMPORT, "one", json={"leads": [make.lead()] * 3})
        again = await send(client, owner, IMPORT, "one", json={"leads": [make.lead()] * 3})
    assert (first.status_code, was_replayed(first)) == (201, False)
    assert (again.content, was_replayed(again)) == (first.content, True)
    assert await lead_count(client, owner) == 3


async def test_an_answer_that_has_begun_is_not_begun_again() -> None:
    calls = 0

    async def app(scope: Any, receive: Any, send: Any) -> None:
        nonlocal calls
        calls += 1
        await respond(send, b"half of it", [])
        raise TransactionConflict

    async with client_of(app) as client:
        answer = await client.get("/api/leads")
    assert (answer.status_code, calls) == (200, 1)


async def test_each_run_begins_with_the_state_of_the_first_but_keeps_the_body() -> None:
    seen = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(dict(scope["state"]))
        scope["state"] |= {"principal": "somebody", "body": b"{}"}
        raise TransactionConflict

    async with client_of(app) as client:
        answer = await client.post("/api/leads", headers={"X-Request-Id": "abc"})
    assert answer.status_code == 503
    again = {"request_id": "abc", "body": b"{}"}
    assert seen == [{"request_id": "abc"}, *[again] * len(PAUSES)]
