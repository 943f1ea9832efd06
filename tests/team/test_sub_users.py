"""Adding, listing and deleting sub-users."""

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest

from leadconnect.auth.services import Services
from leadconnect.database.transaction import tenant
from leadconnect.identifiers import new_id
from leadconnect.settings import Settings
from tests import make
from tests.auth.signed_in import is_over
from tests.cast import Actor, Cast
from tests.conftest import changed, client_of, running_app
from tests.postbox import Postbox
from tests.team.managing import TEAM, add, added, body, links_for, listed, log_in

FIELDS = {
    "id", "email", "fullName", "role", "customRole", "companyName", "companySize", "industry", "customIndustry",
    "website", "phoneNumber", "subscriptionStatus", "subscriptionPlan", "isActive", "createdAt", "permissions",
    "parentUserId", "isInvited",
}  # fmt: skip
ROUTES = [
    ("GET", "", None),
    ("POST", "", body()),
    ("PATCH", "/{id}", {"fullName": "Eve"}),
    ("PATCH", "/{id}/permissions", {"canEditLeads": True}),
    ("POST", "/{id}/reset-password", {}),
    ("POST", "/{id}/reset-password", {"newPassword": "a passphrase of Eve", "confirmPassword": "a passphrase of Eve"}),
    ("DELETE", "/{id}", None),
]


@pytest.mark.parametrize(("method", "path", "sent"), ROUTES)
async def test_the_team_is_managed_by_its_owner_in_the_role_of_management_alone(
    cast: Cast, client: httpx.AsyncClient, owner: Actor, method: str, path: str, sent: Any
) -> None:
    made = await added(client, owner)
    url = TEAM + path.format(id=made["id"])
    every_right = await cast.sub_user(owner, view=True, edit=True, add=True, export=True)
    seller = await cast.owner(role="Sales Manager")
    so_called = await cast.owner(role="other", customRole="Management")
    before = await listed(client, owner)
    assert (await client.request(method, url, json=sent)).status_code == 401
    for actor in (every_right, seller, so_called):
        assert (await client.request(method, url, json=sent, headers=actor.headers)).status_code == 403
    assert await listed(client, owner) == before
    assert (await log_in(client, made["email"])).status_code == 200


@pytest.mark.parametrize(("method", "path", "sent"), [route for route in ROUTES if route[1]])
async def test_another_accounts_sub_user_and_no_sub_user_are_answered_alike(
    cast: Cast, client: httpx.AsyncClient, owner: Actor, method: str, path: str, sent: Any
) -> None:
    made, stranger = await added(client, owner), await cast.owner()
    before = await listed(client, owner)
    answers = [
        await client.request(method, TEAM + path.format(id=each), json=sent, headers=stranger.headers)
        for each in (made["id"], new_id(), stranger.user_id, "none")
    ]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert answers[0].content == answers[1].content == answers[2].content
    assert await listed(client, owner) == before
    assert (await log_in(client, made["email"])).status_code == 200


async def test_a_new_sub_user_logs_in_at_once_with_the_password_that_was_handed_over(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    made = await added(client, owner, canAddLeads=True)
    assert set(made) == FIELDS
    assert (made["companyName"], made["parentUserId"]) == ("Rao Traders", str(owner.user_id))
    assert made["permissions"] == {
        "canViewLeads": True, "canEditLeads": False, "canAddLeads": True, "canExportLeads": False,
    }  # fmt: skip
    signed_in = await log_in(client, made["email"])
    assert signed_in.status_code == 200
    headers = {"Authorization": f"Bearer {signed_in.json()['accessToken']}"}
    profile = (await client.get("/api/profile", headers=headers)).json()
    assert {key: profile[key] for key in FIELDS - {"isInvited"}} == {key: made[key] for key in FIELDS - {"isInvited"}}
    assert (await client.get("/api/profile/preferences", headers=headers)).status_code == 200
    assert (await client.post("/api/leads", json=make.lead(), headers=headers)).status_code == 201
    assert await listed(client, owner) == [made | {"isInvited": False}]


async def test_a_new_sub_user_is_welcomed_by_mail_once_without_a_password(
    client: httpx.AsyncClient, owner: Actor, postbox: Postbox
) -> None:
    made = await added(client, owner)
    (mail,) = await postbox.mails_to(made["email"])
    assert "Asha Rao has added you to the leads of Rao Traders" in mail
    assert "http://127.0.0.1:3000/api/auth/set-password#" in mail
    assert make.PASSWORD not in mail
    assert len(await links_for(postbox, made["email"])) == 1


@pytest.mark.parametrize(
    ("sent", "granted"),
    [
        ({}, "view"),
        ({"canViewLeads": False}, ""),
        ({"canEditLeads": True, "canExportLeads": True}, "view edit export"),
        ({"permissions": {}}, "view"),
        ({"permissions": {"canViewLeads": False, "canAddLeads": True}}, "add"),
        ({"canAddLeads": True, "permissions": {"canEditLeads": True}}, "view edit add"),
        ({"canAddLeads": True, "permissions": {"canAddLeads": True}}, "view add"),
    ],
)
async def test_permissions_are_taken_flat_and_nested(
    client: httpx.AsyncClient, owner: Actor, sent: dict[str, Any], granted: str
) -> None:
    made = await added(client, owner, **sent)
    expected = {f"can{name.title()}Leads": name in granted.split() for name in ("view", "edit", "add", "export")}
    assert made["permissions"] == expected
    assert await listed(client, owner) == [made]


@pytest.mark.parametrize(
    "changes",
    [
        {"role": "Management"}, {"role": "admin"}, {"role": "other"}, {"role": "other", "customRole": " "},
        {"role": None}, {"fullName": " "}, {"fullName": None}, {"email": "nobody"}, {"password": "short"},
        {"confirmPassword": "another"}, {"password": "Rao Traders", "confirmPassword": "Rao Traders"},
        {"password": "password1", "confirmPassword": "password1"}, {"canViewLeads": None}, {"canViewLeads": "true"},
        {"permissions": None}, {"permissions": {"canViewLeads": 1}}, {"permissions": {"isOwner": True}},
        {"canEditLeads": True, "permissions": {"canEditLeads": False}}, {"isActive": False}, {"accountId": "1"},
        {"parentUserId": "1"}, {"fullName": "A\x00"},
    ],
)  # fmt: skip
async def test_what_cannot_be_is_refused(client: httpx.AsyncClient, owner: Actor, changes: dict[str, Any]) -> None:
    answer = await add(client, owner, **changes)
    assert answer.status_code == 400, answer.text
    assert isinstance(answer.json()["message"], list)
    assert await listed(client, owner) == []


async def test_a_contradiction_is_named(client: httpx.AsyncClient, owner: Actor) -> None:
    answer = await add(client, owner, canEditLeads=True, permissions={"canEditLeads": False})
    assert answer.json()["message"] == ["canEditLeads must not differ from permissions.canEditLeads"]


async def test_a_sub_user_who_is_called_management_manages_nothing(client: httpx.AsyncClient, owner: Actor) -> None:
    made = await added(client, owner, role="other", customRole="Management", canEditLeads=True)
    assert (made["role"], made["customRole"]) == ("Management", "Management")
    token = (await log_in(client, made["email"])).json()["accessToken"]
    for method, path, sent in ROUTES:
        url = TEAM + path.format(id=made["id"])
        answer = await client.request(method, url, json=sent, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 403


async def test_an_address_is_taken_whoever_has_it(cast: Cast, client: httpx.AsyncClient, owner: Actor) -> None:
    stranger, made = await cast.owner(), await added(client, owner)
    for email in (owner.email, stranger.email, made["email"].upper()):
        assert (await add(client, owner, email=email)).status_code == 409
    assert await listed(client, owner) == [made]


async def test_of_forty_with_one_address_at_once_one_is_added(
    client: httpx.AsyncClient, owner: Actor, postbox: Postbox
) -> None:
    email = make.email("wanted")
    answers = await asyncio.gather(*(add(client, owner, email=email) for _ in range(40)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 39}
    assert len(await listed(client, owner)) == 1
    assert len(await postbox.mails_to(email)) == 1


async def test_the_newest_is_listed_first_and_the_owner_never(
    cast: Cast, client: httpx.AsyncClient, owner: Actor
) -> None:
    await added(client, await cast.owner())
    made = [await added(client, owner) for _ in range(3)]
    assert await listed(client, owner) == made[::-1]


async def test_an_account_has_room_for_so_many_users_and_no_more(settings: Settings, services: Services) -> None:
    async with running_app(changed(settings, users_per_account=4)) as app, client_of(app) as client:
        owner = await Cast(client, services).owner()
        answers = await asyncio.gather(*(add(client, owner) for _ in range(8)))
        assert Counter(answer.status_code for answer in answers) == {201: 3, 409: 5}
        made = await listed(client, owner)
        assert len(made) == 3
        assert (await client.delete(f"{TEAM}/{made[0]['id']}", headers=owner.headers)).status_code == 200
        assert (await add(client, owner)).status_code == 201


async def test_who_is_deleted_is_out_at_once_and_found_nowhere(
    cast: Cast, client: httpx.AsyncClient, owner: Actor
) -> None:
    colleague = await cast.sub_user(owner)
    url = f"{TEAM}/{colleague.user_id}"
    assert (await client.delete(url, headers=owner.headers)).status_code == 200
    assert await is_over(client, colleague)
    assert (await log_in(client, colleague.email)).status_code == 401
    assert await listed(client, owner) == []
    assert (await client.get(f"/api/users/{colleague.user_id}", headers=owner.headers)).status_code == 404
    for method, path, sent in ROUTES:
        if path:
            answer = await client.request(
                method, TEAM + path.format(id=colleague.user_id), json=sent, headers=owner.headers
            )
            assert answer.status_code == 404


async def test_what_the_deleted_one_did_stays_and_their_address_is_free(
    cast: Cast, client: httpx.AsyncClient, owner: Actor
) -> None:
    colleague = await cast.sub_user(owner, add=True)
    lead = (await client.post("/api/leads", json=make.lead(), headers=colleague.headers)).json()
    await client.delete(f"{TEAM}/{colleague.user_id}", headers=owner.headers)
    kept = await client.get(f"/api/leads/{lead['id']}", headers=owner.headers)
    assert (kept.status_code, kept.json()["userId"]) == (200, str(owner.user_id))
    again = await added(client, owner, email=colleague.email)
    assert again["id"] != str(colleague.user_id)
    assert (await log_in(client, colleague.email)).status_code == 200
    await client.delete(f"{TEAM}/{again['id']}", headers=owner.headers)
    await cast.owner(email=colleague.email)


async def test_deleting_twice_deletes_once(cast: Cast, client: httpx.AsyncClient, owner: Actor) -> None:
    colleague = await cast.sub_user(owner)
    url = f"{TEAM}/{colleague.user_id}"
    answers = await asyncio.gather(*(client.delete(url, headers=owner.headers) for _ in range(10)))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 404: 9}


async def test_nobody_deletes_the_owner(client: httpx.AsyncClient, owner: Actor) -> None:
    assert (await client.delete(f"{TEAM}/{owner.user_id}", headers=owner.headers)).status_code == 404
    assert (await client.get("/api/profile", headers=owner.headers)).status_code == 200


async def test_sub_users_of_a_deactivated_or_deleted_owner_get_no_further_and_never_become_owners(
    cast: Cast, client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    colleague = await cast.sub_user(owner, view=True, edit=True, add=True, export=True)
    for state in ("is_active = false", "is_active = false, deleted_at = now()"):
        async with tenant(services.database, owner.account_id) as connection:
            await connection.execute(
                f"update users set {state} where account_id = $1 and id = $2", owner.account_id, owner.user_id
            )
        profile = (await client.get("/api/profile", headers=colleague.headers)).json()
        assert profile["parentUserId"] == str(owner.user_id)
        for path in ("/api/leads", TEAM):
            assert (await client.get(path, headers=colleague.headers)).status_code == 403
        assert (
            await client.patch("/api/profile", json={"role": "Management"}, headers=colleague.headers)
        ).status_code == 403
