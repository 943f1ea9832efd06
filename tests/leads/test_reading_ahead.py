"""The page of newest leads that is read together with the caller: for those who may see it, and for nobody else."""

import json

import httpx
import pytest

from leadconnect.auth.credentials.tokens import TokenKind, new_token
from leadconnect.auth.services import Services
from leadconnect.database.pool import Database
from leadconnect.database.transaction import tenant
from leadconnect.edge.middleware import Edge
from leadconnect.leads.listing import queries as listing
from tests import make
from tests.auth.counting import counted_statements
from tests.cast import Actor, Cast

LIST = "/api/leads"
NAME = "Nobody else may read this"


@pytest.fixture
async def lead(client: httpx.AsyncClient, owner: Actor) -> str:
    """The id of the one lead of the owner's account."""
    answer = await client.post(LIST, json=make.lead(name=NAME), headers=owner.headers)
    assert answer.status_code == 201
    return str(answer.json()["id"])


async def test_caller_and_page_come_in_one_statement(
    app: Edge, client: httpx.AsyncClient, owner: Actor, lead: str
) -> None:
    await client.get(LIST, headers=owner.headers)  # the driver asks once a connection what the type `caller` is
    with counted_statements(app) as statements:
        page = (await client.get(LIST, headers=owner.headers)).json()
    assert [found["id"] for found in page["data"]] == [lead]
    assert len(statements) == 1, statements


async def test_an_account_without_leads_costs_no_more(app: Edge, client: httpx.AsyncClient, owner: Actor) -> None:
    await client.get(LIST, headers=owner.headers)
    with counted_statements(app) as statements:
        page = (await client.get(LIST, headers=owner.headers)).json()
    assert (page["data"], page["meta"]["total"]) == ([], 0)
    assert len(statements) == 1, statements


async def test_an_api_key_reads_the_same(client: httpx.AsyncClient, cast: Cast, owner: Actor, lead: str) -> None:
    key = await cast.api_key(owner)
    by_key = await client.get(LIST, headers={"Authorization": f"Bearer {key}"})
    assert by_key.status_code == 200
    assert by_key.content == (await client.get(LIST, headers=owner.headers)).content
    assert lead in by_key.text


@pytest.mark.parametrize("query", ["", "?page=1&limit=5", "?page=2&limit=1", "?limit=none", "?search=nobody"])
async def test_who_may_not_see_leads_gets_403_and_nothing_of_them(
    query: str, client: httpx.AsyncClient, cast: Cast, owner: Actor, lead: str
) -> None:
    helper = await cast.sub_user(owner, view=False)
    answer = await client.get(LIST + query, headers=helper.headers)
    assert (answer.status_code, lead in answer.text, NAME in answer.text) == (403, False, False)


@pytest.mark.parametrize("query", ["", "?limit=none"])
async def test_a_token_that_was_taken_away_finds_nobody_at_once(
    query: str, client: httpx.AsyncClient, owner: Actor, lead: str
) -> None:
    assert (await client.get(LIST, headers=owner.headers)).status_code == 200
    assert (await client.post("/api/auth/logout", headers=owner.headers)).status_code == 200
    answer = await client.get(LIST + query, headers=owner.headers)
    assert (answer.status_code, lead in answer.text) == (401, False)


async def test_a_token_of_nobody_finds_nobody(client: httpx.AsyncClient, lead: str) -> None:
    answer = await client.get(LIST, headers={"Authorization": f"Bearer {new_token(TokenKind.ACCESS)}"})
    assert (answer.status_code, lead in answer.text) == (401, False)


async def test_a_query_that_cannot_be_read_is_told_to_callers(client: httpx.AsyncClient, owner: Actor) -> None:
    answer = await client.get(LIST, params={"limit": "none"}, headers=owner.headers)
    assert answer.status_code == 400
    assert json.loads(answer.content)["message"]


async def test_another_account_reads_its_own(client: httpx.AsyncClient, cast: Cast, owner: Actor, lead: str) -> None:
    stranger = await cast.owner()
    page = (await client.get(LIST, headers=stranger.headers)).json()
    assert (page["data"], page["meta"]["total"]) == ([], 0)
    assert len((await client.get(LIST, headers=owner.headers)).json()["data"]) == 1


async def test_the_statement_leaves_neither_role_nor_account_behind(
    database: Database, services: Services, owner: Actor, lead: str
) -> None:
    digest = "0" * 64
    async with tenant(database, owner.account_id) as connection:
        digest = await connection.fetchval(
            "select token from tokens where account_id = $1 and token_type = 'access'", owner.account_id
        )
    async with database.acquire() as connection:
        caller, newest = await listing.caller_and_newest_page(
            connection, digest, ends_idle=True, unchosen=None, limit=10, offset=0
        )
        assert caller is not None
        assert caller.user_id == owner.user_id
        assert newest is not None
        assert [str(row["id"]) for row in newest.rows] == [lead]
        assert await connection.fetchval("select current_user = session_user")
        assert not await connection.fetchval("select current_setting('app.account_id', true)")
        assert await connection.fetchval("select count(*) from leads") == 0
        alone = await listing.newest_page(database, owner.account_id, limit=10, offset=0)
    assert alone is not None
    assert [tuple(row)[:-1] for row in newest.rows] == [tuple(row) for row in alone.rows]
