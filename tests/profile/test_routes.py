"""The caller's own profile and settings, as a client reads them right after it has signed in."""

import httpx

from leadconnect.auth.services import Services
from leadconnect.database.transaction import tenant
from tests.cast import Actor, Cast

PROFILE, PREFERENCES = "/api/profile", "/api/profile/preferences"
FIELDS = {
    "id", "email", "fullName", "role", "customRole", "companyName", "companySize", "industry", "customIndustry",
    "website", "phoneNumber", "subscriptionStatus", "subscriptionPlan", "isActive", "createdAt", "updatedAt",
    "timeZone", "locale",
}  # fmt: skip


async def test_an_owner_has_neither_permissions_nor_a_parent(client: httpx.AsyncClient, owner: Actor) -> None:
    answer = await client.get(PROFILE, headers=owner.headers)
    assert answer.status_code == 200
    assert set(answer.json()) == FIELDS
    assert answer.json()["email"] == owner.email
    assert answer.json()["website"] is None
    assert answer.json()["createdAt"].endswith("Z")


async def test_a_sub_user_has_permissions_and_the_owner_as_parent(
    cast: Cast, client: httpx.AsyncClient, owner: Actor
) -> None:
    colleague = await cast.sub_user(owner, view=True, edit=False, add=True, export=False)
    answer = await client.get(PROFILE, headers=colleague.headers)
    assert answer.status_code == 200
    assert set(answer.json()) == FIELDS | {"permissions", "parentUserId"}
    assert answer.json()["parentUserId"] == str(owner.user_id)
    assert answer.json()["permissions"] == {
        "canViewLeads": True,
        "canEditLeads": False,
        "canAddLeads": True,
        "canExportLeads": False,
    }
    assert answer.json()["companyName"] == "Rao Traders"


async def test_a_user_without_the_right_to_see_leads_still_has_a_profile(
    cast: Cast, client: httpx.AsyncClient, owner: Actor
) -> None:
    colleague = await cast.sub_user(owner, view=False)
    for path in (PROFILE, PREFERENCES):
        assert (await client.get(path, headers=colleague.headers)).status_code == 200


async def test_whoever_has_chosen_nothing_has_the_defaults(cast: Cast, client: httpx.AsyncClient, owner: Actor) -> None:
    for actor in (owner, await cast.sub_user(owner)):
        answer = await client.get(PREFERENCES, headers=actor.headers)
        assert answer.status_code == 200
        assert answer.json() == {
            "notifications": {
                "newLeads": True,
                "followUps": True,
                "hotLeads": True,
                "conversions": True,
                "browserPush": False,
                "dailySummary": False,
                "emailNotifications": True,
                "pushSubscription": None,
                "ownActions": False,
            },
            "security": {
                "twoFactorEnabled": False,
                "loginNotifications": True,
                "sessionTimeout": "30",
                "apiKey": None,
                "lastPasswordChange": None,
                "twoFactorMethod": "email",
                "lastTwoFactorSetup": None,
            },
            "preferences": {
                "defaultView": "table",
                "itemsPerPage": "20",
                "autoSave": True,
                "compactMode": False,
                "exportFormat": "csv",
                "exportNotes": True,
            },
        }


async def test_what_was_chosen_is_shown_to_its_user_alone(
    cast: Cast, client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    colleague = await cast.sub_user(owner)
    async with tenant(services.database, owner.account_id) as connection:
        for chosen in (
            "update user_preferences set items_per_page = '100', compact_mode = true",
            "update security_settings set session_timeout = '240', last_password_change = '2031-03-04T05:06:07.890Z'",
            "update notification_settings set new_leads = false",
        ):
            await connection.execute(
                f"{chosen} where account_id = $1 and user_id = $2", owner.account_id, owner.user_id
            )
    mine = (await client.get(PREFERENCES, headers=owner.headers)).json()
    assert mine["preferences"]["itemsPerPage"] == "100"
    assert mine["preferences"]["compactMode"] is True
    assert mine["security"]["sessionTimeout"] == "240"
    assert mine["security"]["lastPasswordChange"] == "2031-03-04T05:06:07.890Z"
    assert mine["notifications"]["newLeads"] is False
    other = (await client.get(PREFERENCES, headers=colleague.headers)).json()
    assert other["preferences"]["itemsPerPage"] == "20"
    assert other["security"]["sessionTimeout"] == "30"


async def test_reading_settings_writes_nothing(client: httpx.AsyncClient, services: Services, owner: Actor) -> None:
    async def row_count() -> int:
        async with tenant(services.database, owner.account_id) as connection:
            tables = ("notification_settings", "security_settings", "user_preferences")
            return sum([await connection.fetchval(f"select count(*) from {table}") for table in tables])

    assert await row_count() == 3
    for _ in range(3):
        await client.get(PREFERENCES, headers=owner.headers)
    assert await row_count() == 3
