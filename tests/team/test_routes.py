"""The directory: the users of one's own account, in full for the owner and in brief for sub-users."""

from uuid import uuid4

import httpx
import pytest

from leadconnect.accounts.permissions import Right
from leadconnect.auth.services import Services
from leadconnect.database.transaction import tenant
from tests.cast import Actor, Cast

USERS = "/api/users"
HIDDEN = ("email", "phoneNumber", "subscriptionStatus", "subscriptionPlan")


@pytest.fixture
async def owner(cast: Cast) -> Actor:
    return await cast.owner(website="https://rao.example")


async def test_an_owner_sees_everybody_of_the_account_newest_first(
    cast: Cast, client: httpx.AsyncClient, owner: Actor
) -> None:
    first, second = await cast.sub_user(owner), await cast.sub_user(owner)
    answer = await client.get(USERS, headers=owner.headers)
    assert answer.status_code == 200
    assert [user["id"] for user in answer.json()] == [str(one.user_id) for one in (second, first, owner)]
    assert [user["email"] for user in answer.json()] == [second.email, first.email, owner.email]
    assert {user["companyName"] for user in answer.json()} == {"Rao Traders"}
    assert {user["subscriptionPlan"] for user in answer.json()} == {"basic"}
    assert {user["subscriptionStatus"] for user in answer.json()} == {"trial"}


async def test_a_sub_user_learns_of_others_no_more_than_id_name_and_role(
    cast: Cast, client: httpx.AsyncClient, owner: Actor
) -> None:
    colleague = await cast.sub_user(owner, view=False)
    answer = await client.get(USERS, headers=colleague.headers)
    assert answer.status_code == 200
    by_id = {user["id"]: user for user in answer.json()}
    assert set(by_id) == {str(owner.user_id), str(colleague.user_id)}
    assert [by_id[str(owner.user_id)][key] for key in HIDDEN] == [None] * 4
    assert by_id[str(owner.user_id)]["fullName"] == "Asha Rao"
    assert by_id[str(owner.user_id)]["role"] == "Management"
    assert by_id[str(colleague.user_id)]["email"] == colleague.email
    one = await client.get(f"{USERS}/{owner.user_id}", headers=colleague.headers)
    assert one.json() == by_id[str(owner.user_id)]
    assert owner.email not in answer.text


async def test_nobody_is_listed_who_belongs_to_another_account_or_was_deleted(
    cast: Cast, client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    namesake = await cast.owner(company="Rao Traders")
    await cast.sub_user(namesake)
    gone = await cast.sub_user(owner)
    async with tenant(services.database, owner.account_id) as connection:
        await connection.execute(
            "update users set deleted_at = now() where account_id = $1 and id = $2", owner.account_id, gone.user_id
        )
    listed = (await client.get(USERS, headers=owner.headers)).json()
    assert [user["id"] for user in listed] == [str(owner.user_id)]
    assert (await client.get(f"{USERS}/{gone.user_id}", headers=owner.headers)).status_code == 404


async def test_somebody_of_another_account_does_not_exist(cast: Cast, client: httpx.AsyncClient, owner: Actor) -> None:
    namesake = await cast.owner(company="Rao Traders")
    foreign = await client.get(f"{USERS}/{namesake.user_id}", headers=owner.headers)
    unknown = await client.get(f"{USERS}/{uuid4()}", headers=owner.headers)
    assert foreign.status_code == 404
    assert foreign.content == unknown.content
    assert set(foreign.json()) == {"message", "error", "statusCode", "code"}


@pytest.mark.parametrize(
    "user_id", ["1", "0", "abc", "x" * 36, "1abc", "%27", "null", "00000000000000000000000000000007"]
)
async def test_what_is_no_id_is_nobody(client: httpx.AsyncClient, owner: Actor, user_id: str) -> None:
    assert (await client.get(f"{USERS}/{user_id}", headers=owner.headers)).status_code == 404


async def test_an_id_is_known_in_capitals_too(client: httpx.AsyncClient, owner: Actor) -> None:
    answer = await client.get(f"{USERS}/{str(owner.user_id).upper()}", headers=owner.headers)
    assert answer.status_code == 200
    assert answer.json()["id"] == str(owner.user_id)


async def test_me_is_the_caller(cast: Cast, client: httpx.AsyncClient, owner: Actor) -> None:
    colleague = await cast.sub_user(owner)
    for actor in (owner, colleague):
        me = await client.get(f"{USERS}/me", headers=actor.headers)
        assert me.status_code == 200
        assert me.json()["id"] == str(actor.user_id)
        assert me.json()["email"] == actor.email
        user = (await client.get(f"{USERS}/{actor.user_id}", headers=actor.headers)).json()
        assert me.json() == user | {"rights": me.json()["rights"]}


async def test_an_inactive_colleague_is_shown_as_such(cast: Cast, client: httpx.AsyncClient, owner: Actor) -> None:
    colleague = await cast.sub_user(owner)
    await cast.deactivate(colleague)
    answer = await client.get(f"{USERS}/{colleague.user_id}", headers=owner.headers)
    assert answer.json()["isActive"] is False


async def test_an_owner_has_every_right_and_a_manager_the_team(
    cast: Cast, client: httpx.AsyncClient, owner: Actor
) -> None:
    rights = (await client.get(f"{USERS}/me", headers=owner.headers)).json()["rights"]
    assert set(rights) == {"isOwner", *(wire_name(right) for right in Right if right)}
    assert set(rights.values()) == {True}
    seller = await cast.owner(role="Sales Manager")
    rights = (await client.get(f"{USERS}/me", headers=seller.headers)).json()["rights"]
    assert [name for name, may in rights.items() if not may] == ["canManageTeam"]


@pytest.mark.parametrize("granted", [(), ("view",), ("view", "edit"), ("add",), ("view", "export"), ("edit", "export")])
async def test_a_sub_user_has_the_rights_that_their_grants_amount_to(
    cast: Cast, client: httpx.AsyncClient, owner: Actor, granted: tuple[str, ...]
) -> None:
    helper = await cast.sub_user(owner, **{"view": False} | dict.fromkeys(granted, True))
    rights = (await client.get(f"{USERS}/me", headers=helper.headers)).json()["rights"]
    usable = granted if "view" in granted else [grant for grant in granted if grant == "add"]
    assert {name for name, may in rights.items() if may} == {f"can{grant.title()}Leads" for grant in usable}


async def test_only_the_caller_is_shown_with_rights(client: httpx.AsyncClient, owner: Actor) -> None:
    assert "rights" not in (await client.get(f"{USERS}/{owner.user_id}", headers=owner.headers)).json()
    assert (await client.get(f"{USERS}/me")).status_code == 401


def wire_name(right: Right) -> str:
    """Return the name of a right on the wire, such as ``canViewLeads``."""
    return "can" + str(right.name).title().replace("_", "")
