"""Partial changes of settings: what is sent is kept, what is not stays, and the answer always has all of it."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.cast import Actor, Cast

NOTIFICATIONS, APP = "/api/profile/preferences/notifications", "/api/profile/preferences/app"
SWITCHES = (
    "newLeads", "followUps", "hotLeads", "conversions", "browserPush", "dailySummary", "emailNotifications",
)  # fmt: skip
SUBSCRIPTION = '{"endpoint": "https://push.example/x", "keys": {"p256dh": "…", "auth": "…"}}'


async def put(client: httpx.AsyncClient, actor: Actor, path: str, **changes: Any) -> httpx.Response:
    return await client.put(path, json=changes, headers=actor.headers)


async def kept(client: httpx.AsyncClient, actor: Actor) -> dict[str, Any]:
    answer = await client.get("/api/profile/preferences", headers=actor.headers)
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("path", [NOTIFICATIONS, APP])
async def test_nobody_changes_settings_without_a_token(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.put(path, json={})).status_code == 401


@pytest.mark.parametrize("path", [NOTIFICATIONS, APP])
async def test_nothing_sent_changes_nothing_and_answers_all(client: httpx.AsyncClient, owner: Actor, path: str) -> None:
    before = await kept(client, owner)
    answer = await put(client, owner, path)
    assert answer.status_code == 200
    assert answer.json() == before["notifications" if path == NOTIFICATIONS else "preferences"]
    assert await kept(client, owner) == before


@pytest.mark.parametrize("switch", SWITCHES)
async def test_every_switch_is_turned_alone_and_both_ways(client: httpx.AsyncClient, owner: Actor, switch: str) -> None:
    before = (await kept(client, owner))["notifications"]
    for value in (True, False, True):
        answer = await put(client, owner, NOTIFICATIONS, **{switch: value})
        assert answer.status_code == 200
        assert answer.json() == before | {switch: value}
        assert (await kept(client, owner))["notifications"] == before | {switch: value}


async def test_mail_can_be_turned_off_while_its_occasions_stay_on(client: httpx.AsyncClient, owner: Actor) -> None:
    sent = dict.fromkeys(SWITCHES, True) | {"emailNotifications": False}
    assert (await put(client, owner, NOTIFICATIONS, **sent)).json()["emailNotifications"] is False


async def test_a_push_subscription_is_kept_as_it_is_given(client: httpx.AsyncClient, owner: Actor) -> None:
    wanted: list[str | None] = [SUBSCRIPTION, "", "x" * 4096, None]
    for value in wanted:
        assert (await put(client, owner, NOTIFICATIONS, pushSubscription=value)).json()["pushSubscription"] == value
    await put(client, owner, NOTIFICATIONS, pushSubscription=SUBSCRIPTION)
    assert (await put(client, owner, NOTIFICATIONS, newLeads=False)).json()["pushSubscription"] == SUBSCRIPTION


async def test_how_the_client_looks_is_kept(client: httpx.AsyncClient, owner: Actor) -> None:
    wanted = {
        "defaultView": "grid", "itemsPerPage": "50", "autoSave": False, "compactMode": True, "exportFormat": "xlsx",
        "exportNotes": False,
    }  # fmt: skip
    assert (await put(client, owner, APP, **wanted)).json() == wanted
    assert (await put(client, owner, APP, itemsPerPage=100)).json() == wanted | {"itemsPerPage": "100"}
    assert (await kept(client, owner))["preferences"] == wanted | {"itemsPerPage": "100"}


WRONG: list[tuple[str, str, Any]] = [
    *((NOTIFICATIONS, switch, value) for switch in SWITCHES for value in (None, "false", 0)),
    (NOTIFICATIONS, "pushSubscription", {"endpoint": "https://push.example/x"}),
    (NOTIFICATIONS, "pushSubscription", "x" * 4097),
    (NOTIFICATIONS, "pushSubscription", "\x00"),
    (NOTIFICATIONS, "sound", True),
    *((APP, "itemsPerPage", value) for value in (None, 15, "15", 20.5, True, "020", ["10"])),
    *((APP, "defaultView", value) for value in (None, "board", "")),
    *((APP, "exportFormat", value) for value in (None, "json")),
    *((APP, name, value) for name in ("autoSave", "compactMode", "exportNotes") for value in (None, "true", 1)),
    (APP, "theme", "dark"),
]


@pytest.mark.parametrize(("path", "field", "value"), WRONG)
async def test_what_cannot_be_is_refused(
    client: httpx.AsyncClient, owner: Actor, path: str, field: str, value: Any
) -> None:
    before = await kept(client, owner)
    answer = await put(client, owner, path, **{field: value})
    assert answer.status_code == 400
    (message,) = answer.json()["message"]
    assert field in message
    assert await kept(client, owner) == before


async def test_settings_are_each_users_own(cast: Cast, client: httpx.AsyncClient, owner: Actor) -> None:
    colleague, stranger = await cast.sub_user(owner, view=False), await cast.owner()
    before = await kept(client, owner)
    for actor in (colleague, stranger):
        assert (await put(client, actor, NOTIFICATIONS, newLeads=False)).status_code == 200
        assert (await put(client, actor, APP, compactMode=True)).status_code == 200
    assert await kept(client, owner) == before


async def test_of_partial_changes_at_once_none_is_lost(client: httpx.AsyncClient, owner: Actor) -> None:
    for value in (True, False, True):
        looks = {"autoSave": value, "compactMode": value, "exportNotes": value}
        await asyncio.gather(
            *(put(client, owner, NOTIFICATIONS, **{switch: value}) for switch in SWITCHES),
            *(put(client, owner, APP, **{name: value}) for name in looks),
        )
        found = await kept(client, owner)
        assert found["notifications"] == dict.fromkeys(SWITCHES, value) | {
            "pushSubscription": None,
            "ownActions": False,
        }
        assert {name: found["preferences"][name] for name in looks} == looks
