"""Changing one's profile: an owner everything, a sub-user what is their own, and nobody their rights."""

import asyncio
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from leadconnect.auth.services import Services
from leadconnect.database.transaction import tenant
from tests import make
from tests.cast import Actor, Cast
from tests.profile.changing import PROFILE, change, changed, read

ALWAYS = {
    "id", "email", "fullName", "role", "customRole", "customIndustry", "subscriptionStatus", "subscriptionPlan",
    "isActive", "createdAt", "timeZone", "locale",
}  # fmt: skip
NOT_EMPTY = {"companyName", "companySize", "industry"}


@pytest.fixture
async def colleague(cast: Cast, owner: Actor) -> Actor:
    return await cast.sub_user(owner, view=True)


async def test_nobody_changes_a_profile_without_a_token(client: httpx.AsyncClient) -> None:
    assert (await client.patch(PROFILE, json={"fullName": "Nobody"})).status_code == 401


async def test_the_answer_leaves_out_what_is_empty(client: httpx.AsyncClient, owner: Actor) -> None:
    assert set(await changed(client, owner)) == ALWAYS | NOT_EMPTY
    filled = await changed(client, owner, website="rao.example", phoneNumber="+91 98765 43210")
    assert set(filled) == ALWAYS | NOT_EMPTY | {"website", "phoneNumber"}


async def test_an_owner_changes_everything(client: httpx.AsyncClient, owner: Actor) -> None:
    wanted = {
        "fullName": "Asha R. Rao",
        "phoneNumber": "+1 (555) 123-4567",
        "website": "www.rao.example",
        "role": "Sales Manager",
        "companyName": "Rao & Sons",
        "companySize": "1000+",
        "industry": "technology",
        "timeZone": "Asia/Kolkata",
        "locale": "en-IN",
    }
    answer = await changed(client, owner, **wanted)
    assert {key: answer[key] for key in wanted} == wanted
    profile = await read(client, owner)
    assert {key: profile[key] for key in wanted} == wanted
    assert profile["email"] == owner.email


async def test_what_is_not_sent_stays(client: httpx.AsyncClient, owner: Actor) -> None:
    before = await read(client, owner)
    await changed(client, owner, fullName="Asha R. Rao")
    after = await read(client, owner)
    assert {key for key in before if before[key] != after[key]} == {"fullName", "updatedAt"}


@pytest.mark.parametrize("empty", ["", None, " "])
async def test_website_and_phone_are_cleared_by_nothing(
    client: httpx.AsyncClient, owner: Actor, empty: str | None
) -> None:
    await changed(client, owner, website="rao.example", phoneNumber="12 34 56")
    body = {"website": empty, "phoneNumber": empty} if empty != " " else {"website": empty}
    answer = await changed(client, owner, **body)
    assert "website" not in answer
    assert ("phoneNumber" in answer) == (empty == " ")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("fullName", ""), ("fullName", "  "), ("fullName", None), ("fullName", "x" * 256), ("fullName", 1),
        ("email", ""), ("email", None), ("email", "nobody"), ("role", None), ("role", "admin"), ("role", "user"),
        ("companyName", None), ("companyName", " "), ("companySize", "12"), ("companySize", None),
        ("industry", "beekeeping"), ("industry", None), ("website", "javascript:alert(1)"), ("website", "rao"),
        ("phoneNumber", "x" * 51), ("phoneNumber", "none"), ("timeZone", "Mars/Olympus"), ("timeZone", None),
        ("locale", "xx"), ("locale", None), ("isActive", False), ("subscriptionPlan", "enterprise"), ("id", "1"),
        ("password", "a long enough passphrase"), ("website", "rao.example\x00"), ("fullName", "A\x00"),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_refused_and_changes_nothing(
    client: httpx.AsyncClient, owner: Actor, field: str, value: Any
) -> None:
    before = await read(client, owner)
    answer = await change(client, owner, **({"phoneNumber": "12"} | {field: value}))
    assert answer.status_code == 400, answer.text
    assert [message for message in answer.json()["message"] if field in message]
    assert await read(client, owner) == before


async def test_everything_wrong_is_told_at_once(client: httpx.AsyncClient, owner: Actor) -> None:
    answer = await change(client, owner, role="admin", industry="bees", website="ftp://rao.example")
    assert [message.partition(" ")[0] for message in answer.json()["message"]] == ["role", "industry", "website"]


async def test_other_needs_its_text_and_leaving_it_clears_the_text(client: httpx.AsyncClient, owner: Actor) -> None:
    assert (await change(client, owner, role="other")).status_code == 400
    assert (await change(client, owner, industry="other", customIndustry=" ")).status_code == 400
    shown = await changed(client, owner, role="other", customRole="Buyer", industry="other", customIndustry="Bees")
    assert (shown["role"], shown["customRole"]) == ("Buyer", "Buyer")
    assert (shown["industry"], shown["customIndustry"]) == ("Bees", "Bees")
    await changed(client, owner, role="Management", industry="textile")
    left = await read(client, owner)
    assert (left["role"], left["customRole"]) == ("Management", None)
    assert (left["industry"], left["customIndustry"]) == ("textile", None)


async def test_a_form_sent_back_as_it_was_shown_changes_nothing(client: httpx.AsyncClient, owner: Actor) -> None:
    await changed(client, owner, role="other", customRole="Buyer", industry="other", customIndustry="Bees")
    shown = await read(client, owner)
    form = ("fullName", "email", "role", "companyName", "companySize", "industry", "timeZone", "locale")
    for extra in ((), ("customRole", "customIndustry")):
        await changed(client, owner, **{key: shown[key] for key in (*form, *extra)})
        assert await read(client, owner) == shown


async def test_a_website_that_was_stored_under_other_rules_may_be_sent_back(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    owner = await cast.owner(website="our page")
    assert (await changed(client, owner, website="our page", fullName="Asha"))["website"] == "our page"


async def test_renaming_the_company_shows_nobody_anything_more(
    cast: Cast, client: httpx.AsyncClient, owner: Actor
) -> None:
    stranger = await cast.owner(company="Another Ltd")
    helper = await cast.sub_user(stranger, view=True)
    await client.post("/api/leads", json=make.lead(), headers=owner.headers)
    await changed(client, stranger, companyName="Rao Traders")
    for actor in (stranger, helper):
        assert (await client.get("/api/leads", headers=actor.headers)).json()["data"] == []
        assert (await client.get(f"/api/users/{owner.user_id}", headers=actor.headers)).status_code == 404
    assert (await client.get("/api/leads", headers=owner.headers)).json()["meta"]["total"] == 1


async def test_a_sub_user_changes_name_phone_and_website_of_their_own(
    client: httpx.AsyncClient, owner: Actor, colleague: Actor
) -> None:
    await changed(client, owner, website="rao.example")
    assert (await read(client, colleague))["website"] == "rao.example"
    mine = {"fullName": "Samuel Sub", "phoneNumber": "020 1234", "website": "https://sam.example"}
    answer = await changed(client, colleague, **mine)
    assert {key: answer[key] for key in mine} == mine
    assert (await read(client, owner))["website"] == "rao.example"
    assert (await changed(client, colleague, website=""))["website"] == "rao.example"


async def test_sending_back_the_companys_website_makes_it_nobodys_own(
    client: httpx.AsyncClient, owner: Actor, colleague: Actor
) -> None:
    await changed(client, owner, website="rao.example")
    await changed(client, colleague, website="rao.example")
    await changed(client, owner, website="new.example")
    assert (await read(client, colleague))["website"] == "new.example"


FOREIGN: list[dict[str, Any]] = [
    {"role": "Management"}, {"role": "other", "customRole": "Management"}, {"role": "Sales Manager"},
    {"role": "Management", "customRole": "Management"}, {"role": "owner"}, {"companyName": "Acme Ltd"},
    {"companySize": "1-10"}, {"industry": "finance"}, {"industry": "other", "customIndustry": "Bees"},
    {"timeZone": "Asia/Kolkata"}, {"locale": "de"},
]  # fmt: skip


@pytest.mark.parametrize("body", FOREIGN)
async def test_a_sub_user_changes_nothing_of_role_and_company(
    client: httpx.AsyncClient, colleague: Actor, body: dict[str, Any]
) -> None:
    before = await read(client, colleague)
    assert (await change(client, colleague, fullName="Samuel", **body)).status_code == 403
    assert await read(client, colleague) == before
    assert (await client.get("/api/profile/sub-users", headers=colleague.headers)).status_code == 403


async def test_a_sub_user_who_tries_to_rise_is_a_security_event(client: httpx.AsyncClient, colleague: Actor) -> None:
    with capture_logs() as lines:
        await change(client, colleague, role="Management")
    (event,) = [line for line in lines if line["event"] == "forbidden"]
    assert (event["outcome"], event["user_id"]) == ("refused", str(colleague.user_id))


async def test_a_sub_user_may_send_back_all_that_they_see(
    client: httpx.AsyncClient, services: Services, owner: Actor, colleague: Actor
) -> None:
    await changed(client, owner, industry="other", customIndustry="Bees", website="rao.example")
    async with tenant(services.database, owner.account_id) as connection:
        await connection.execute(
            "update users set role = 'other', custom_role = 'Management' where account_id = $1 and id = $2",
            owner.account_id, colleague.user_id,
        )  # fmt: skip
    shown = await read(client, colleague)
    unsent = {"id", "isActive", "createdAt", "updatedAt", "permissions", "parentUserId"}
    unsent |= {"subscriptionStatus", "subscriptionPlan"}
    body = {key: value for key, value in shown.items() if key not in unsent}
    await changed(client, colleague, **body)
    assert await read(client, colleague) == shown
    assert (await client.get("/api/profile/sub-users", headers=colleague.headers)).status_code == 403


async def test_a_new_role_of_the_owner_counts_at_once(client: httpx.AsyncClient, owner: Actor) -> None:
    assert (await client.get("/api/profile/sub-users", headers=owner.headers)).status_code == 200
    await changed(client, owner, role="other", customRole="Management")
    assert (await client.get("/api/profile/sub-users", headers=owner.headers)).status_code == 403
    assert (await changed(client, owner, role="Management", customRole=None))["customRole"] is None
    assert (await client.get("/api/profile/sub-users", headers=owner.headers)).status_code == 200


async def test_changes_of_different_fields_at_once_all_last(client: httpx.AsyncClient, owner: Actor) -> None:
    wanted = {
        "fullName": "Asha R. Rao", "phoneNumber": "12 34", "website": "rao.example", "companyName": "Rao & Sons",
        "companySize": "1-10", "industry": "finance", "timeZone": "Europe/Berlin", "locale": "de",
    }  # fmt: skip
    for _ in range(3):
        await changed(client, owner, fullName="A", phoneNumber="1", website=None, companyName="B", companySize="1000+")
        await asyncio.gather(*(changed(client, owner, **{key: value}) for key, value in wanted.items()))
        profile = await read(client, owner)
        assert {key: profile[key] for key in wanted} == wanted
