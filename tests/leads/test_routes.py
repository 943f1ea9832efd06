"""The routes of single leads: reading, adding, changing, deleting, and who may."""

import asyncio
import re
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests import make
from tests.cast import Actor, Cast
from tests.leads.writing import new_lead

KEYS = [
    "id", "name", "phoneNumber", "email", "dateOfBirth", "city", "state", "country", "pincode", "companyName",
    "designation", "customerCategory", "lastContactedDate", "lastContactedBy", "nextFollowupDate",
    "customerInterestedIn", "preferredCommunicationChannel", "customCommunicationChannel", "leadSource",
    "customLeadSource", "customReferralSource", "customGeneratedBy", "leadStatus", "leadCreatedBy", "additionalNotes",
    "sector", "customSector", "userId", "user", "createdAt", "updatedAt", "version",
]  # fmt: skip
MOVING = ("updatedAt", "version")
OWNER_KEYS = [
    "id", "email", "fullName", "role", "customRole", "companyName", "companySize", "industry", "website",
    "phoneNumber", "subscriptionStatus", "subscriptionPlan", "isActive", "createdAt", "updatedAt",
]  # fmt: skip
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z")
FULL = {
    "email": "buyer@example.org", "dateOfBirth": "1990-02-28", "city": "Pune", "state": "MH", "country": "India",
    "pincode": "411001", "companyName": "Example Mills", "designation": "Head of Purchase",
    "customerCategory": "existing", "lastContactedDate": "2031-02-27", "lastContactedBy": "Asha",
    "nextFollowupDate": "2031-03-09", "customerInterestedIn": "Cotton", "preferredCommunicationChannel": "other",
    "customCommunicationChannel": "Pigeon", "leadSource": "other", "customLeadSource": "Fair",
    "customReferralSource": "Ravi", "customGeneratedBy": "Team", "leadStatus": "followup", "leadCreatedBy": "Asha",
    "additionalNotes": "First line\nsecond line, with \"quotes\"", "sector": "Textiles", "customSector": "Silk",
}  # fmt: skip


async def total(client: httpx.AsyncClient, actor: Actor) -> int:
    found: int = (await client.get("/api/leads", headers=actor.headers)).json()["meta"]["total"]
    return found


def is_envelope(answer: httpx.Response, status: int, kind: type) -> bool:
    body = answer.json()
    assert ("errors" in body) is (kind is list)
    return (answer.status_code, body["statusCode"], set(body) - {"errors"}) == (
        status, status, {"message", "error", "statusCode", "code"},
    ) and isinstance(body["message"], kind)  # fmt: skip


async def test_a_new_lead_is_answered_whole_and_reads_the_same(client: httpx.AsyncClient, owner: Actor) -> None:
    lead = await new_lead(client, owner, **FULL)
    assert list(lead) == KEYS
    assert list(lead["user"]) == OWNER_KEYS
    assert {key: lead[key] for key in FULL} == FULL
    assert UUID(lead["id"]).version == 7
    assert lead["userId"] == lead["user"]["id"] == str(owner.user_id)
    assert lead["user"]["email"] == owner.email
    assert lead["user"]["subscriptionPlan"] == "basic"
    assert all(INSTANT.fullmatch(text) for text in (lead["createdAt"], lead["updatedAt"], lead["user"]["createdAt"]))
    answer = await client.get(f"/api/leads/{lead['id']}", headers=owner.headers)
    assert answer.status_code == 200
    assert answer.json() == lead


async def test_what_was_not_given_is_there_as_null(client: httpx.AsyncClient, owner: Actor) -> None:
    lead = await new_lead(client, owner)
    given = {"id", "userId", "user", "createdAt", "updatedAt", "version", *make.lead()}
    assert {key for key, value in lead.items() if value is not None} == given


async def test_a_lead_of_a_sub_user_belongs_to_the_account_and_hides_the_owners_plan(
    client: httpx.AsyncClient, owner: Actor, cast: Cast
) -> None:
    sub_user = await cast.sub_user(owner, add=True)
    lead = await new_lead(client, sub_user)
    assert lead["userId"] == lead["user"]["id"] == str(owner.user_id)
    hidden = ("phoneNumber", "subscriptionStatus", "subscriptionPlan")
    assert [lead["user"][key] for key in hidden] == [None, None, None]
    seen = (await client.get(f"/api/leads/{lead['id']}", headers=owner.headers)).json()
    assert seen["user"]["subscriptionStatus"] == "trial"


async def test_a_change_sets_only_what_is_sent(client: httpx.AsyncClient, owner: Actor) -> None:
    lead = await new_lead(client, owner, **FULL)
    changes = {"city": "Ulm", "nextFollowupDate": "", "dateOfBirth": None, "sector": None, "leadStatus": "hot"}
    answer = await client.patch(f"/api/leads/{lead['id']}", json=changes, headers=owner.headers)
    assert answer.status_code == 200
    expected = lead | changes | {"nextFollowupDate": None, **{name: answer.json()[name] for name in MOVING}}
    assert answer.json() == expected
    assert (await client.get(f"/api/leads/{lead['id']}", headers=owner.headers)).json() == expected


async def test_an_empty_change_only_moves_the_version_on(client: httpx.AsyncClient, owner: Actor) -> None:
    lead = await new_lead(client, owner)
    before = await client.get(f"/api/leads/{lead['id']}", headers=owner.headers)
    answer = await client.patch(f"/api/leads/{lead['id']}", json={}, headers=owner.headers)
    assert answer.status_code == 200
    assert answer.headers["etag"] != before.headers["etag"]
    assert answer.json() == lead | {name: answer.json()[name] for name in MOVING}


async def test_two_clients_that_change_different_fields_both_survive(client: httpx.AsyncClient, owner: Actor) -> None:
    lead = await new_lead(client, owner)
    fields = ["city", "state", "country", "designation", "pincode", "sector", "leadCreatedBy", "customSector"] * 3
    answers = await asyncio.gather(
        *(
            client.patch(f"/api/leads/{lead['id']}", json={field: f"v{number}"}, headers=owner.headers)
            for number, field in enumerate(fields)
        )
    )
    assert {answer.status_code for answer in answers} == {200}
    after = (await client.get(f"/api/leads/{lead['id']}", headers=owner.headers)).json()
    assert all(after[field] is not None for field in fields)


async def test_a_stale_version_is_refused_and_the_right_one_is_taken(client: httpx.AsyncClient, owner: Actor) -> None:
    lead = await new_lead(client, owner)
    address = f"/api/leads/{lead['id']}"
    tag = (await client.get(address, headers=owner.headers)).headers["etag"]
    changed = await client.patch(address, json={"city": "Ulm"}, headers=owner.headers | {"If-Match": f'"x", {tag}'})
    assert changed.status_code == 200
    for stale in (tag, '"x"', f"W/{changed.headers['etag']}"):
        headers = owner.headers | {"If-Match": stale}
        for answer in (
            await client.patch(address, json={"city": "Bonn"}, headers=headers),
            await client.delete(address, headers=headers),
        ):
            assert is_envelope(answer, 412, str)
    assert (await client.get(address, headers=owner.headers)).json()["city"] == "Ulm"
    anything = owner.headers | {"If-Match": "*"}
    assert (await client.patch(address, json={"city": "Bonn"}, headers=anything)).status_code == 200
    tag = (await client.get(address, headers=owner.headers)).headers["etag"]
    assert (await client.delete(address, headers=owner.headers | {"If-Match": tag})).status_code == 200


async def test_a_deleted_lead_is_gone_for_everyone(client: httpx.AsyncClient, owner: Actor) -> None:
    lead, other = await new_lead(client, owner), await new_lead(client, owner)
    answer = await client.delete(f"/api/leads/{lead['id']}", headers=owner.headers)
    assert (answer.status_code, list(answer.json())) == (200, ["message"])
    for method in ("GET", "PATCH", "DELETE"):
        answer = await client.request(method, f"/api/leads/{lead['id']}", json={}, headers=owner.headers)
        assert is_envelope(answer, 404, str)
    page = (await client.get("/api/leads", headers=owner.headers)).json()
    assert ([found["id"] for found in page["data"]], page["meta"]["total"]) == ([other["id"]], 1)


@pytest.mark.parametrize("field", ["id", "userId", "user", "orgId", "assignedToUserId", "isActive", "createdAt"])
async def test_nothing_but_a_leads_fields_can_be_set(field: str, client: httpx.AsyncClient, owner: Actor) -> None:
    lead = await new_lead(client, owner)
    for answer in (
        await client.post("/api/leads", json=make.lead(**{field: "x"}), headers=owner.headers),
        await client.patch(f"/api/leads/{lead['id']}", json={field: "x", "city": "Ulm"}, headers=owner.headers),
    ):
        assert is_envelope(answer, 400, list)
        assert answer.json()["message"] == [f"property {field} should not exist"]
    assert (await client.get(f"/api/leads/{lead['id']}", headers=owner.headers)).json() == lead
    assert await total(client, owner) == 1


@pytest.mark.parametrize(
    ("body", "count"),
    [({}, 5), ([], 5), (make.lead(name=1, leadStatus="x", city=True), 3), (make.lead(phoneNumber="x" * 50_000), 1)],
)
async def test_all_faults_of_a_new_lead_are_told_at_once(
    body: Any, count: int, client: httpx.AsyncClient, owner: Actor
) -> None:
    answer = await client.post("/api/leads", json=body, headers=owner.headers)
    assert is_envelope(answer, 400, list)
    assert len(answer.json()["message"]) == count


@pytest.mark.parametrize("body", [b"{", b'{"name": "\xff"}', b"nope", b"[" * 100_000])
async def test_a_body_that_is_no_json_is_refused(body: bytes, client: httpx.AsyncClient, owner: Actor) -> None:
    headers = owner.headers | {"Content-Type": "application/json"}
    for method, address in (("POST", "/api/leads"), ("PATCH", f"/api/leads/{uuid4()}")):
        assert is_envelope(await client.request(method, address, content=body, headers=headers), 400, str)


ROUTES = [
    ("GET", "/api/leads", "view"),
    ("GET", "/api/leads?search=rao", "view"),
    ("GET", "/api/leads/cities", "view"),
    ("GET", "/api/leads/{id}", "view"),
    ("POST", "/api/leads", "add"),
    ("PATCH", "/api/leads/{id}", "edit"),
    ("DELETE", "/api/leads/{id}", "edit"),
    ("GET", "/api/leads/sectors", "nothing"),
    ("POST", "/api/leads/sectors", "nothing"),
]
BODIES = {"POST /api/leads": make.lead(), "POST /api/leads/sectors": {"sector": "Food"}, "PATCH /api/leads/{id}": {}}


async def call(client: httpx.AsyncClient, actor: Actor | None, method: str, path: str, lead_id: str) -> httpx.Response:
    body = BODIES.get(f"{method} {path}")
    headers = actor.headers if actor else {}
    return await client.request(method, path.replace("{id}", lead_id), json=body, headers=headers)


@pytest.mark.parametrize(("method", "path", "right"), ROUTES)
async def test_a_route_asks_who_calls_and_for_its_right(
    method: str, path: str, right: str, client: httpx.AsyncClient, owner: Actor, cast: Cast
) -> None:
    lead = await new_lead(client, owner)
    assert is_envelope(await call(client, None, method, path, lead["id"]), 401, str)
    without = {"view": right != "view", "edit": right != "edit", "add": right != "add", "export": True}
    if right != "nothing":
        sub_user = await cast.sub_user(owner, **without)
        assert is_envelope(await call(client, sub_user, method, path, lead["id"]), 403, str)
    needed = {"view": right in ("view", "edit"), "edit": right == "edit", "add": right == "add"}
    sub_user = await cast.sub_user(owner, **needed)
    assert (await call(client, sub_user, method, path, lead["id"])).status_code in (200, 201)


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
async def test_another_accounts_lead_is_as_unknown_as_one_that_never_was(
    method: str, client: httpx.AsyncClient, owner: Actor, cast: Cast
) -> None:
    lead, namesake = await new_lead(client, owner), await cast.owner(company="Rao Traders")
    foreign = await call(client, namesake, method, "/api/leads/{id}", lead["id"])
    unknown = await call(client, namesake, method, "/api/leads/{id}", str(uuid4()))
    assert is_envelope(foreign, 404, str)
    assert foreign.json() == unknown.json()
    assert (await client.get(f"/api/leads/{lead['id']}", headers=owner.headers)).json() == lead


@pytest.mark.parametrize("lead_id", ["x", "1", "import", "0" * 36, "%00", "..%2f", "a" * 500, "{0}", "İ"])
async def test_what_is_no_id_is_not_found(lead_id: str, client: httpx.AsyncClient, owner: Actor) -> None:
    for method in ("GET", "PATCH", "DELETE"):
        answer = await client.request(method, f"/api/leads/{lead_id}", json={}, headers=owner.headers)
        assert answer.status_code in ((404, 405) if lead_id == "import" else (404,))
        assert set(answer.json()) == {"message", "error", "statusCode", "code"}


async def test_a_user_id_as_last_contact_is_shown_as_a_name_within_the_account_only(
    client: httpx.AsyncClient, owner: Actor, cast: Cast
) -> None:
    sub_user, stranger = await cast.sub_user(owner), await cast.owner(fullName="Secret Stranger")
    lead = await new_lead(client, owner, lastContactedBy=str(sub_user.user_id))
    assert lead["lastContactedBy"] == "Sam Sub"
    for raw in (str(stranger.user_id), str(uuid4()), "x" * 36):
        address = f"/api/leads/{lead['id']}"
        answer = await client.patch(address, json={"lastContactedBy": raw}, headers=owner.headers)
        assert answer.json()["lastContactedBy"] == raw
        page = (await client.get("/api/leads", headers=owner.headers)).json()
        assert page["data"][0]["lastContactedBy"] == raw
