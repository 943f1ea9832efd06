"""Versions of a lead: how they are written, and which conditions name them."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest

from leadconnect.app import litestar_app
from leadconnect.leads.versions import entity_tag, is_known, lead_version, matches
from leadconnect.reference.describe import describe
from leadconnect.settings import Settings
from tests import make
from tests.cast import Actor, Cast
from tests.idempotency.sending import LEADS, send
from tests.team.managing import body as sub_user

LEAD_ID = UUID("0190b7a5-4c2d-7000-8000-000000000001")
NO_URL = {
    "create_api_key": "the key itself is shown once",
    "add_sector": "a sector is a word",
    "import_leads": "many leads, each with its id in the answer",
}
"""Operations that answer 201 and create nothing with a URL of its own."""


def test_the_version_moves_with_every_microsecond() -> None:
    moment = datetime(2026, 2, 26, 10, 0, 0, 123456, tzinfo=UTC)
    moments = [moment + timedelta(microseconds=number) for number in range(100)]
    tags = {entity_tag(lead_version(LEAD_ID, each.timestamp())) for each in moments}
    assert len(tags) == 100
    assert all(re.fullmatch(r'"[0-9a-f]+-[0-9a-f]+"', tag) for tag in tags)


@pytest.mark.parametrize("field", ['"a-1"', "a-1", "*", '"x", "a-1"', ' "a-1" ', 'W/"x", a-1'])
def test_a_condition_names_the_version(field: str) -> None:
    assert matches(field, "a-1")


@pytest.mark.parametrize("field", ['W/"a-1"', '"a-2"', "", '"', '""', '"a-1', 'a-1"', '"a-1-gzip"'])
def test_a_condition_names_another_version(field: str) -> None:
    assert not matches(field, "a-1")


@pytest.mark.parametrize(
    ("field", "known"),
    [(None, False), ('"a-1"', True), ('W/"a-1"', True), ("*", True), ('"x", W/"a-1"', True), ('"a-2"', False)],
)
def test_what_is_known_is_compared_weakly(field: str | None, *, known: bool) -> None:
    assert is_known(field, "a-1") is known


async def test_every_answer_has_the_version_of_the_lead(client: httpx.AsyncClient, owner: Actor) -> None:
    made = await send(client, owner, LEADS, json=make.lead())
    assert made.headers["etag"] == entity_tag(made.json()["version"])
    assert made.headers["location"] == f"/api/leads/{made.json()['id']}"
    read = await client.get(made.headers["location"], headers=owner.headers)
    assert read.json() | {"duplicates": []} == made.json()
    assert read.headers["etag"] == made.headers["etag"]
    (listed,) = (await client.get(LEADS, headers=owner.headers)).json()["data"]
    (found,) = (await client.get(LEADS, params={"search": "jürgen"}, headers=owner.headers)).json()["data"]
    assert listed["version"] == found["version"] == made.json()["version"]
    changed = await client.patch(
        made.headers["location"], json={"city": "Ulm"}, headers=owner.headers | {"If-Match": listed["version"]}
    )
    assert changed.status_code == 200
    assert changed.headers["etag"] == entity_tag(changed.json()["version"]) != made.headers["etag"]
    stale = await client.patch(
        made.headers["location"], json={"city": "Bonn"}, headers=owner.headers | {"If-Match": listed["version"]}
    )
    assert stale.status_code == 412


async def test_what_is_known_is_304_until_it_changes(client: httpx.AsyncClient, owner: Actor) -> None:
    made = await send(client, owner, LEADS, json=make.lead())
    path, known = made.headers["location"], {"If-None-Match": made.headers["etag"]}
    answer = await client.get(path, headers=owner.headers | known)
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", made.headers["etag"])
    await client.patch(path, json={"city": "Ulm"}, headers=owner.headers)
    assert (await client.get(path, headers=owner.headers | known)).status_code == 200
    await client.delete(path, headers=owner.headers)
    assert (await client.get(path, headers=owner.headers | {"If-None-Match": "*"})).status_code == 404


async def test_who_may_not_read_a_lead_learns_nothing_by_a_condition(
    client: httpx.AsyncClient, cast: Cast, owner: Actor
) -> None:
    made = await send(client, owner, LEADS, json=make.lead())
    path, known = made.headers["location"], {"If-None-Match": made.headers["etag"]}
    assert (await client.get(path, headers=known)).status_code == 401
    blind, stranger = await cast.sub_user(owner, view=False), await cast.owner()
    assert (await client.get(path, headers=blind.headers | known)).status_code == 403
    assert (await client.get(path, headers=stranger.headers | known)).status_code == 404


async def test_a_repeated_request_gets_the_same_headers(client: httpx.AsyncClient, owner: Actor) -> None:
    first, again = [await send(client, owner, LEADS, "one", json=make.lead()) for _ in range(2)]
    assert again.headers["idempotent-replayed"] == "true"
    assert [again.headers[name] == first.headers[name] for name in ("etag", "location")] == [True, True]


async def test_the_location_of_what_is_created_can_be_read(client: httpx.AsyncClient, owner: Actor) -> None:
    made = await send(client, owner, "/api/profile/sub-users", json=sub_user())
    user = await client.get(made.headers["location"], headers=owner.headers)
    assert (user.status_code, user.json()["id"]) == (200, made.json()["id"])
    upload = await client.post("/api/imports", files={"file": ("a.csv", b"Name,Phone\n")}, headers=owner.headers)
    planned = await client.get(upload.headers["location"], headers=owner.headers)
    assert (planned.status_code, planned.json()["id"]) == (200, upload.json()["id"])
    signed_up = await client.post("/api/auth/signup", json=make.signup())
    bearer = {"Authorization": f"Bearer {signed_up.json()['accessToken']}"}
    assert (await client.get(signed_up.headers["location"], headers=bearer)).status_code == 200


def test_every_operation_that_creates_one_thing_says_where_it_is() -> None:
    paths = describe(litestar_app(Settings(secret="x" * 32)))["paths"]
    created = {
        operation["operationId"]: operation["responses"]["201"]["headers"]
        for methods in paths.values()
        for operation in methods.values()
        if "201" in operation["responses"]
    }
    assert {name for name, headers in created.items() if "Location" not in headers} == set(NO_URL)
