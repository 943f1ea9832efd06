"""The routes of devices: subscribing, taking it back, status and test; and who can do what to whose device."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from leadconnect.auth.services import Services
from leadconnect.notifications.push.keys import vapid_key
from leadconnect.notifications.push.queries import DEVICE_COUNT
from leadconnect.settings import Settings
from leadconnect.worker.schedule import purge_notifications
from tests.auth.forgotten import NEW
from tests.auth.signed_in import is_signed_in, shift
from tests.auth.twofold import change
from tests.cast import Actor, Cast
from tests.conftest import changed, client_of, running_app
from tests.notifications.notified import STATUS, SUBSCRIBE, UNSUBSCRIBE, subscribe, switch
from tests.notifications.push.service import PushService
from tests.profile.changing import PASSWORD

TEST = "/api/notifications/test"


async def unsubscribe(client: httpx.AsyncClient, actor: Actor, body: dict[str, Any] | None = None) -> bool:
    answer = await client.request("DELETE", UNSUBSCRIBE, json=body, headers=actor.headers)
    assert answer.status_code == 200, answer.text
    assert list(answer.json()) == ["message", "unsubscribed"]
    found: bool = answer.json()["unsubscribed"]
    return found


async def status_of(client: httpx.AsyncClient, actor: Actor) -> dict[str, Any]:
    answer = await client.get(STATUS, headers=actor.headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def device_count(client: httpx.AsyncClient, actor: Actor) -> int:
    found: int = (await status_of(client, actor))["subscriptionCount"]
    return found


async def test_anybody_may_read_the_public_key(client: httpx.AsyncClient, settings: Settings) -> None:
    answer = await client.get("/api/notifications/vapid-public-key")
    assert (answer.status_code, answer.json()) == (200, {"publicKey": vapid_key(settings).public_key})


async def test_a_server_that_cannot_keep_a_key_says_so(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    async with running_app(changed(settings, data_dir=tmp_path / "data")) as app, client_of(app) as client:
        owner = await Cast(client, app.app.state.services).owner()
        answer = await client.get("/api/notifications/vapid-public-key")
        assert (answer.status_code, answer.json()["message"]) == (503, "Push is not set up on this server.")
        found = await status_of(client, owner)
        assert found["webPushInitialized"] is False
        assert found["issues"][0] == "Push is not set up on this server"


async def test_a_device_subscribes_and_is_there(
    client: httpx.AsyncClient, services: Services, push_service: PushService, owner: Actor
) -> None:
    before = await status_of(client, owner)
    assert before == {
        "userId": str(owner.user_id),
        "webPushInitialized": True,
        "hasNotificationSettings": True,
        "browserPushEnabled": False,
        "hasPushSubscription": False,
        "subscribed": False,
        "subscriptionCount": 0,
        "issues": [
            "No device of yours takes notifications",
            "Notifications in the browser are switched off in your settings",
        ],
    }
    answer = await subscribe(client, owner, push_service.browser())
    assert answer.status_code == 200
    assert list(answer.json()) == ["success", "message", "subscribed"]
    assert (answer.json()["success"], answer.json()["subscribed"]) == (True, True)
    await switch(services, owner, browser_push=True)
    after = {"browserPushEnabled": True, "hasPushSubscription": True, "subscribed": True, "subscriptionCount": 1}
    assert await status_of(client, owner) == before | after | {"issues": []}


async def test_subscribing_again_is_the_same_device(
    client: httpx.AsyncClient, push_service: PushService, owner: Actor
) -> None:
    browser = push_service.browser()
    for _ in range(3):
        assert (await subscribe(client, owner, browser)).status_code == 200
    assert await device_count(client, owner) == 1
    body = browser.subscription | {"deviceInfo": "mobile"}
    assert (await client.post(SUBSCRIBE, json=body, headers=owner.headers)).status_code == 200
    assert await device_count(client, owner) == 1


async def test_a_user_has_at_most_twenty_devices(
    client: httpx.AsyncClient, push_service: PushService, owner: Actor
) -> None:
    browsers = [push_service.browser() for _ in range(DEVICE_COUNT + 3)]
    for browser in browsers:
        await subscribe(client, owner, browser)
    assert await device_count(client, owner) == DEVICE_COUNT
    assert await unsubscribe(client, owner, {"endpoint": browsers[2].endpoint}) is False
    assert await unsubscribe(client, owner, {"endpoint": browsers[-1].endpoint}) is True


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://127.0.0.1/x", "https://localhost/x", "https://10.0.0.1/x", "https://169.254.169.254/x",
        "https://[::1]/x", "https://[::ffff:10.0.0.1]/x", "https://2130706433/x", "https://0177.0.0.1/x",
        "https://0x7f.0.0.1/x", "https://metadata.google.internal/x", "https://push.example.com:8443/x",
        "https://user:word@push.example.com/x", "https://db/x",
    ],
)  # fmt: skip
async def test_an_inner_endpoint_is_400(
    client: httpx.AsyncClient, push_service: PushService, owner: Actor, endpoint: str
) -> None:
    body = push_service.browser().subscription | {"endpoint": endpoint}
    answer = await client.post(SUBSCRIBE, json=body, headers=owner.headers)
    assert answer.status_code == 400
    assert answer.json()["message"] == "The endpoint must be an https URL of a push service on the internet"
    assert await device_count(client, owner) == 0


async def test_all_faults_of_a_subscription_are_named(client: httpx.AsyncClient, owner: Actor) -> None:
    body = {"endpoint": "http://push.example.com/x", "keys": {"p256dh": "AAAA", "auth": ""}, "token": "x"}
    answer = await client.post(SUBSCRIBE, json=body, headers=owner.headers)
    assert answer.status_code == 400
    assert answer.json()["message"] == [
        "property token should not exist",
        "endpoint must be an https URL",
        "keys.p256dh must be a point of the curve P-256, 65 bytes in base64url",
        "keys.auth must not be empty",
    ]
    answer = await client.post(SUBSCRIBE, json={}, headers=owner.headers)
    assert answer.json()["message"] == ["endpoint is required", "keys is required"]


async def test_a_device_without_a_subscription_takes_none_from_the_others(
    client: httpx.AsyncClient, cast: Cast, push_service: PushService, owner: Actor
) -> None:
    """Clients that save their settings send no endpoint."""
    phone = await cast.log_in(owner)
    await subscribe(client, owner, push_service.browser())
    assert await unsubscribe(client, phone) is False
    assert await unsubscribe(client, phone, {}) is False
    assert await device_count(client, phone) == 1
    await subscribe(client, phone, push_service.browser())
    assert await unsubscribe(client, phone) is True
    assert await device_count(client, phone) == 1
    assert await unsubscribe(client, phone, {"all": True}) is True
    assert await device_count(client, phone) == 0


async def test_a_device_that_subscribes_again_belongs_to_the_newer_session(
    client: httpx.AsyncClient, cast: Cast, push_service: PushService, owner: Actor
) -> None:
    browser, later = push_service.browser(), await cast.log_in(owner)
    await subscribe(client, owner, browser)
    await subscribe(client, later, browser)
    assert await unsubscribe(client, owner) is False
    assert await unsubscribe(client, later) is True


@pytest.mark.parametrize("body", [{"endpoint": 7}, {"endpoint": ""}, {"endpoint": "x"}, {"all": 1}, {"id": "x"}])
async def test_a_wrong_body_of_unsubscribing_is_400(
    client: httpx.AsyncClient, owner: Actor, body: dict[str, Any]
) -> None:
    answer = await client.request("DELETE", UNSUBSCRIBE, json=body, headers=owner.headers)
    assert answer.status_code == 400


async def test_posting_the_endpoint_of_others_takes_nothing_from_them(
    client: httpx.AsyncClient, cast: Cast, push_service: PushService, owner: Actor
) -> None:
    victim_of_colleague, browser = owner, push_service.browser()
    await subscribe(client, victim_of_colleague, browser)
    forged = push_service.browser()
    forged.endpoint = browser.endpoint
    for other in (await cast.sub_user(owner), await cast.owner()):
        assert (await subscribe(client, other, forged)).status_code == 200
        assert await unsubscribe(client, other, {"endpoint": browser.endpoint}) is True
        assert await unsubscribe(client, other, {"endpoint": browser.endpoint}) is False
        assert await unsubscribe(client, other, {"all": True}) is False
    assert await device_count(client, owner) == 1


async def test_a_browser_that_a_colleague_took_over_is_theirs_alone(
    client: httpx.AsyncClient, cast: Cast, push_service: PushService, owner: Actor
) -> None:
    """The keys belong to the browser: the next user must not see notifications of the previous one."""
    browser, colleague, stranger = push_service.browser(), await cast.sub_user(owner), await cast.owner()
    await subscribe(client, owner, browser)
    await subscribe(client, colleague, browser)
    assert [await device_count(client, actor) for actor in (owner, colleague)] == [0, 1]
    await subscribe(client, stranger, browser)
    assert [await device_count(client, actor) for actor in (owner, colleague, stranger)] == [0, 1, 1]


async def test_ending_a_session_ends_its_device(
    client: httpx.AsyncClient, cast: Cast, services: Services, push_service: PushService, owner: Actor
) -> None:
    laptop = await cast.log_in(owner)
    await subscribe(client, owner, push_service.browser())
    await subscribe(client, laptop, push_service.browser())
    await client.post("/api/auth/logout", headers=laptop.headers)
    assert await device_count(client, owner) == 1
    await purge_notifications(services.database)
    assert await device_count(client, owner) == 1


async def test_a_session_that_ends_for_its_silence_leaves_its_device_until_all_sessions_are_ended(
    client: httpx.AsyncClient, cast: Cast, services: Services, push_service: PushService, owner: Actor
) -> None:
    assert (await change(client, owner, sessionTimeout="15")).status_code == 200
    await subscribe(client, owner, push_service.browser())
    await shift(services, owner, timedelta(minutes=17))
    assert not await is_signed_in(client, owner.token)
    await purge_notifications(services.database)
    again = await cast.log_in(owner)
    assert await device_count(client, again) == 1
    body = {"currentPassword": owner.password, "newPassword": NEW, "confirmPassword": NEW}
    assert (await client.post(PASSWORD, json=body, headers=again.headers)).status_code == 200
    assert await device_count(client, again) == 0


async def test_a_test_without_a_device_says_that_it_was_not_sent(client: httpx.AsyncClient, owner: Actor) -> None:
    answer = await client.post(TEST, headers=owner.headers)
    assert answer.status_code == 200
    assert answer.json() == {
        "success": False,
        "message": "No device of yours takes notifications",
        "sent": False,
        "diagnostics": {"webPushInitialized": True, "browserPushEnabled": False, "subscriptionCount": 0},
    }


async def test_more_than_ten_tests_a_minute_are_429(
    client: httpx.AsyncClient, push_service: PushService, owner: Actor
) -> None:
    await subscribe(client, owner, push_service.browser())
    statuses = [(await client.post(TEST, headers=owner.headers)).status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]


@pytest.mark.parametrize(
    ("method", "path"), [("POST", SUBSCRIBE), ("DELETE", UNSUBSCRIBE), ("POST", TEST), ("GET", STATUS)]
)
async def test_an_anonymous_caller_is_401(client: httpx.AsyncClient, method: str, path: str) -> None:
    assert (await client.request(method, path)).status_code == 401


async def test_no_right_is_needed_for_ones_own_devices(
    client: httpx.AsyncClient, cast: Cast, push_service: PushService, owner: Actor
) -> None:
    blind = await cast.sub_user(owner, view=False)
    assert (await subscribe(client, blind, push_service.browser())).status_code == 200
    assert await device_count(client, blind) == 1
    assert await device_count(client, owner) == 0
