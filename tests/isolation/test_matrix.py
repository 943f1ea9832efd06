"""Every route against every kind of caller, and once more without the application's own filter."""

import re
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest
from litestar.routes import HTTPRoute

from leadconnect.app import litestar_app
from leadconnect.auth.services import Services
from leadconnect.clock import today_in
from leadconnect.database.transaction import tenant
from leadconnect.edge.middleware import Edge
from leadconnect.settings import Settings
from tests.cast import Actor, Cast
from tests.conftest import client_of
from tests.imports.importing import planned_here
from tests.isolation.matrix import CALLERS, GRANTS, ROUTES, Caller, Entry, Needs, Target, expected
from tests.leads.changes.acting import update
from tests.leads.writing import add_lead

NAME = "Victim of the matrix"
PARAMETER = re.compile(r":\w+}")


class World(msgspec.Struct):
    """The victim's account, and everybody who calls."""

    owner: Actor
    lead_id: str
    headers: dict[str, dict[str, str]]


def routes() -> list[str]:
    """Return every route that the application has."""
    return [
        f"{method} {PARAMETER.sub('}', route.path)}"
        for route in litestar_app(Settings(secret="x" * 32)).routes
        if isinstance(route, HTTPRoute)
        for method in route.route_handler_map
        if method != "OPTIONS"
    ]


def test_every_route_is_in_the_matrix() -> None:
    assert sorted(routes()) == sorted(ROUTES)


@pytest.fixture(scope="module")
async def world(app: Edge, services: Services) -> World:
    """Everybody, for all routes that leave them signed in."""
    async with client_of(app) as client:
        return await new_world(client, Cast(client, services), services)


async def new_world(client: httpx.AsyncClient, cast: Cast, services: Services) -> World:
    """Make everybody; they are signed in before they are deactivated, deleted or removed."""
    owner = await cast.owner(company="Acme Ltd")
    lead_id = await add_victim(client, owner)
    everyone: dict[str, Actor] = {"the owner": owner}
    for name, has in GRANTS.items():
        everyone[f"a sub-user who may {name}"] = await sub_user(cast, owner, has)
    for kind, company in (("another account", "Other Ltd"), ("a namesake", "Acme Ltd")):
        everyone[f"the owner of {kind}"] = await cast.owner(company=company)
        everyone[f"a sub-user of {kind}"] = await sub_user(cast, everyone[f"the owner of {kind}"], GRANTS["everything"])
    for kind in ("an inactive owner", "a deleted owner"):
        everyone[kind] = await cast.owner()
        everyone[f"a sub-user of {kind}"] = await sub_user(cast, everyone[kind], GRANTS["everything"])
    everyone["a removed sub-user"] = await sub_user(cast, owner, GRANTS["everything"])
    keyed = {
        "the owner with an API key": owner,
        "a sub-user with an API key": await sub_user(cast, owner, GRANTS["view and edit"]),
        "a removed sub-user with an API key": everyone["a removed sub-user"],
    }
    keys = {name: {"Authorization": f"Bearer {await cast.api_key(actor)}"} for name, actor in keyed.items()}
    await cast.deactivate(everyone["an inactive owner"])
    for name in ("a deleted owner", "a removed sub-user"):
        await delete(services, everyone[name])
    headers = {name: actor.headers for name, actor in everyone.items() if name != "a deleted owner"}
    headers |= keys | {
        "nobody": {},
        "somebody with a refresh token": {"Authorization": f"Bearer {owner.refresh_token}"},
    }
    assert set(headers) == set(CALLERS)
    return World(owner, lead_id, headers)


async def sub_user(cast: Cast, owner: Actor, has: frozenset[Needs]) -> Actor:
    grants = {need.value: need in has for need in (Needs.VIEW, Needs.EDIT, Needs.ADD, Needs.EXPORT)}
    return await cast.sub_user(owner, **grants)


async def add_victim(client: httpx.AsyncClient, owner: Actor) -> str:
    due = str(today_in("UTC"))  # so that it is among the next follow-ups
    return await add_lead(client, owner, name=NAME, city="Victimstadt", sector="Victimology", nextFollowupDate=due)


async def delete(services: Services, actor: Actor) -> None:
    """Delete a user, softly, as the system does."""
    async with tenant(services.database, actor.account_id) as connection:
        deleted = "update users set deleted_at = now(), is_active = false where account_id = $1 and id = $2"
        await connection.execute(deleted, actor.account_id, actor.user_id)


async def target_id(target: Target, world: World, client: httpx.AsyncClient, cast: Cast, services: Services) -> str:
    """Make what the address of a request names, in the victim's account."""
    if target is Target.USER:
        return str(world.owner.user_id)
    if target is Target.SUB_USER:
        return str((await cast.sub_user(world.owner)).user_id)
    if target is Target.SESSION:
        other = await cast.log_in(world.owner)
        sessions = (await client.get("/api/auth/sessions", headers=other.headers)).json()
        return next(str(session["id"]) for session in sessions if session["current"])
    if target is Target.IMPORT:
        rows = f"Name,Phone,City\n{NAME},+919876543210,Victimstadt\n,,Victimology\n"
        return await planned_here(client, services, world.owner, rows)
    lead_id = await add_victim(client, world.owner)
    if target is Target.CHANGE_SET:
        return str((await update(client, world.owner, [lead_id], designation=NAME))["id"])
    if target is Target.DELETED_LEAD:
        assert (await client.delete(f"/api/leads/{lead_id}", headers=world.owner.headers)).status_code == 200
    return lead_id


async def call(
    route: str, entry: Entry, named: str, client: httpx.AsyncClient, headers: dict[str, str]
) -> httpx.Response:
    method, _, path = route.partition(" ")
    body: Any = entry.body() if callable(entry.body) else entry.body
    return await client.request(
        method, re.sub(r"{\w+}", named, path.replace("{row_number}", "1")) + entry.query, json=body, headers=headers
    )


def assert_shows_nothing(answer: httpx.Response, world: World) -> None:
    """Fail where an answer has anything of the victim's."""
    for secret in (NAME, "Victimstadt", "Victimology", world.lead_id, str(world.owner.user_id), world.owner.email):
        assert secret not in answer.text


async def judge(
    route: str, name: str, caller: Caller, world: World, client: httpx.AsyncClient, cast: Cast, services: Services
) -> None:
    """Call a route as somebody and hold the answer to the matrix."""
    entry = ROUTES[route]
    named = await target_id(entry.target, world, client, cast, services) if entry.target else ""
    answer = await call(route, entry, named, client, world.headers[name])
    assert answer.status_code in expected(entry, caller), f"{route} as {name}: {answer.status_code} {answer.text}"
    if answer.status_code == 404 and entry.target:
        unknown = await call(route, entry, str(uuid4()), client, world.headers[name])
        assert (unknown.status_code, unknown.text) == (404, answer.text), "an unknown id is answered in another way"
    if caller.is_stranger and entry.needs is not Needs.NOTHING:
        assert_shows_nothing(answer, world)


@pytest.mark.parametrize("route", ROUTES)
async def test_a_route_lets_through_exactly_whom_it_should(
    route: str, world: World, client: httpx.AsyncClient, cast: Cast, services: Services
) -> None:
    own = await new_world(client, cast, services) if ROUTES[route].changes_caller else world
    for name, caller in CALLERS.items():
        await judge(route, name, caller, own, client, cast, services)


STRANGERS = {name: caller for name, caller in CALLERS.items() if caller.is_stranger and not caller.is_out}
CLOSED = [route for route, entry in ROUTES.items() if entry.needs is not Needs.NOTHING and not entry.changes_caller]


@pytest.mark.parametrize("route", CLOSED)
async def test_without_the_applications_filter_strangers_still_see_nothing(
    route: str,
    world: World,
    client: httpx.AsyncClient,
    cast: Cast,
    services: Services,
    without_filters: int,
) -> None:
    assert without_filters >= 30, "little was taken away"
    entry = ROUTES[route]
    before = (await client.get(f"/api/leads/{world.lead_id}", headers=world.owner.headers)).json()
    named = await target_id(entry.target, world, client, cast, services) if entry.target else ""
    for name in STRANGERS:
        answer = await call(route, entry, named, client, world.headers[name])
        assert answer.status_code < 500, f"{route} as {name}: {answer.text}"
        assert_shows_nothing(answer, world)
    after = (await client.get(f"/api/leads/{world.lead_id}", headers=world.owner.headers)).json()
    assert after == before
