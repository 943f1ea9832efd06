"""The client's settings page: every switch is saved in the page's order, and does what it says."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from leadconnect.auth.services import Services
from leadconnect.notifications.digests import announce_digests
from tests import make
from tests.auth.signed_in import shift
from tests.cast import Actor, Cast
from tests.client import screens, settings_page
from tests.client.browser import Browser, SignedOut
from tests.client.conftest import Open
from tests.client.shapes import SWITCHES
from tests.notifications.notified import SIX, kinds, move, past_nine, switch, zone_where
from tests.notifications.push.service import Browser as Device
from tests.notifications.push.service import PushService
from tests.postbox import Postbox

NEW_DEVICE = "was not seen before"


@pytest.fixture
async def owner(owner: Actor, services: Services) -> Actor:
    """The owner, notified of their own actions. The page neither shows this switch nor sends it, so saving keeps it."""
    await switch(services, owner, own_actions=True)
    return owner


@pytest.fixture
def device(push_service: PushService) -> Device:
    """What the browser subscribes to pushes with."""
    return push_service.browser()


async def save(
    browser: Browser, device: Device | None = None, *, security: Any = None, app: Any = None, **switches: bool
) -> dict[str, Any]:
    """Open the settings page, change some of what it shows and save all."""
    shown = await screens.load_settings(browser)
    shown["notifications"] |= switches
    shown["security"] |= security or {}
    shown["preferences"] |= app or {}
    browser.wire.clear()
    return await settings_page.save_settings(browser, shown, device)


def calls(browser: Browser) -> list[str]:
    return [f"{each.method} {each.path}" for each in browser.wire]


async def add_new_lead(browser: Browser, services: Services, owner: Actor) -> None:
    await screens.save_lead(browser, make.lead())


async def make_lead_hot(browser: Browser, services: Services, owner: Actor) -> None:
    lead = await screens.save_lead(browser, make.lead())
    await screens.save_lead(browser, {"leadStatus": "hot"}, lead["id"])


async def convert_lead(browser: Browser, services: Services, owner: Actor) -> None:
    lead = await screens.save_lead(browser, make.lead())
    await screens.save_lead(browser, {"leadStatus": "converted"}, lead["id"])


async def let_follow_up_be_due(browser: Browser, services: Services, owner: Actor) -> None:
    today: date = await move(services, owner, zone_where(past_nine))
    await screens.save_lead(browser, make.lead(nextFollowupDate=today.isoformat()))
    await announce_digests(services.database)


async def let_evening_come(browser: Browser, services: Services, owner: Actor) -> None:
    await move(services, owner, zone_where(lambda clock: clock >= SIX))
    await screens.save_lead(browser, make.lead())
    await announce_digests(services.database)


Happens = Callable[[Browser, Services, Actor], Awaitable[None]]
OCCASIONS: list[tuple[str, str, Happens]] = [
    ("newLeads", "new_lead", add_new_lead),
    ("hotLeads", "hot_lead", make_lead_hot),
    ("conversions", "conversion", convert_lead),
    ("followUps", "follow_up", let_follow_up_be_due),
    ("dailySummary", "daily_summary", let_evening_come),
]


async def told(
    postbox: Postbox, push_service: PushService, owner: Actor, device: Device, since: int
) -> tuple[int, list[str]]:
    """Return how many mails came since there were `since`, and the types of all pushes."""
    mails = await postbox.mails_to(owner.email)
    return len(mails) - since, [device.read(each)["data"]["type"] for each in push_service.of(device)]


async def test_a_device_that_takes_pushes_saves_in_the_pages_order(
    browser: Browser, owner: Actor, device: Device
) -> None:
    saved = await save(browser, device, browserPush=True)
    assert calls(browser) == [
        "GET /notifications/vapid-public-key",
        "POST /notifications/subscribe",
        "PUT /profile/preferences/notifications",
        "GET /notifications/status",
        "PUT /profile/preferences/security",
        "PUT /profile/preferences/app",
    ]
    assert {each.status for each in browser.wire} == {200}
    assert saved["notifications"]["browserPush"] is True
    assert await screens.load_settings(browser) == saved


async def test_a_device_that_takes_none_saves_too_and_silences_no_other(
    open_browser: Open, browser: Browser, owner: Actor, device: Device, push_service: PushService, postbox: Postbox
) -> None:
    await save(browser, device, browserPush=True)
    old_phone = open_browser()
    await screens.log_in(old_phone, owner.email, owner.password)
    saved = await save(old_phone, app={"compactMode": True})
    assert calls(old_phone) == [
        "DELETE /notifications/unsubscribe",
        "PUT /profile/preferences/notifications",
        "PUT /profile/preferences/security",
        "PUT /profile/preferences/app",
    ]
    assert {each.status for each in old_phone.wire} == {200}
    assert await screens.load_settings(browser) == saved
    since = len(await postbox.mails_to(owner.email))
    await screens.save_lead(old_phone, make.lead())
    assert await told(postbox, push_service, owner, device, since) == (1, ["new_lead"])


@pytest.mark.parametrize("is_on", [True, False])
@pytest.mark.parametrize(("setting", "kind", "happens"), OCCASIONS)
async def test_an_occasion_is_told_by_mail_and_push_if_its_switch_is_on(
    client: httpx.AsyncClient, browser: Browser, services: Services, postbox: Postbox, push_service: PushService,
    owner: Actor, device: Device, setting: str, kind: str, happens: Happens, is_on: bool,
) -> None:  # fmt: skip
    ways = {"emailNotifications": True, "browserPush": True}
    await save(browser, device, **dict.fromkeys(SWITCHES, False) | ways | {setting: is_on})
    since = len(await postbox.mails_to(owner.email))
    await happens(browser, services, owner)
    expected = (1, [kind]) if is_on else (0, [])
    assert await told(postbox, push_service, owner, device, since) == expected
    assert (kind in await kinds(client, owner)) is (is_on or setting != "dailySummary")


@pytest.mark.parametrize(("setting", "kind", "happens"), OCCASIONS)
async def test_switching_one_occasion_off_leaves_the_others_on(
    browser: Browser, services: Services, postbox: Postbox, push_service: PushService, owner: Actor, device: Device,
    setting: str, kind: str, happens: Happens,
) -> None:  # fmt: skip
    await save(browser, device, **dict.fromkeys(SWITCHES, True) | {setting: False})
    await happens(browser, services, owner)
    _, pushes = await told(postbox, push_service, owner, device, 0)
    assert pushes == ([] if kind == "new_lead" else ["new_lead"])


@pytest.mark.parametrize("mails", [True, False])
@pytest.mark.parametrize("pushes", [True, False])
async def test_mail_and_push_have_a_switch_each_and_the_inbox_has_none(
    client: httpx.AsyncClient, browser: Browser, postbox: Postbox, push_service: PushService, owner: Actor,
    device: Device, mails: bool, pushes: bool,
) -> None:  # fmt: skip
    await save(browser, device, browserPush=True)
    saved = await save(browser, device, emailNotifications=mails, browserPush=pushes)
    assert [saved["notifications"][each] for each in ("emailNotifications", "browserPush")] == [mails, pushes]
    since = len(await postbox.mails_to(owner.email))
    await screens.save_lead(browser, make.lead())
    assert await told(postbox, push_service, owner, device, since) == (mails, ["new_lead"] if pushes else [])
    assert await kinds(client, owner) == ["new_lead"]


async def test_whoever_adds_a_lead_is_not_notified_of_it_by_default_and_everybody_else_is(
    client: httpx.AsyncClient, browser: Browser, services: Services, postbox: Postbox, push_service: PushService,
    owner: Actor, cast: Cast, open_browser: Open, device: Device,
) -> None:  # fmt: skip
    await switch(services, owner, own_actions=False)
    colleague, office = await cast.sub_user(owner, add=True), open_browser()
    await screens.log_in(office, colleague.email, colleague.password)
    await save(browser, device, browserPush=True)
    since = len(await postbox.mails_to(owner.email))
    await screens.save_lead(browser, make.lead())
    assert await told(postbox, push_service, owner, device, since) == (0, [])
    assert await kinds(client, owner) == []
    await screens.save_lead(office, make.lead())
    assert await told(postbox, push_service, owner, device, since) == (1, ["new_lead"])
    assert await kinds(client, owner) == ["new_lead"]


async def test_push_goes_on_after_a_silence_and_after_logging_in_again(
    browser: Browser, services: Services, postbox: Postbox, push_service: PushService, owner: Actor, cast: Cast,
    open_browser: Open, device: Device,
) -> None:  # fmt: skip
    colleague, office = await cast.sub_user(owner, add=True), open_browser()
    await screens.log_in(office, colleague.email, colleague.password)
    await save(browser, device, browserPush=True, security={"sessionTimeout": "15"})
    await shift(services, owner, timedelta(minutes=17))
    with pytest.raises(SignedOut):
        await screens.open_dashboard(browser)
    await screens.save_lead(office, make.lead())
    await screens.log_in(browser, owner.email, owner.password)
    await screens.save_lead(browser, make.lead())
    await postbox.mails_to(owner.email)
    assert len(push_service.of(device)) == 2
    await save(browser, browserPush=False)
    await screens.save_lead(browser, make.lead())
    await postbox.mails_to(owner.email)
    assert len(push_service.of(device)) == 2


@pytest.mark.parametrize("is_on", [True, False])
async def test_a_log_in_elsewhere_is_told_if_that_is_switched_on(
    browser: Browser, postbox: Postbox, owner: Actor, open_browser: Open, is_on: bool
) -> None:
    await save(browser, security={"loginNotifications": is_on})
    before = [mail for mail in await postbox.mails_to(owner.email) if NEW_DEVICE in mail]
    await screens.log_in(open_browser(), owner.email, owner.password)
    after = [mail for mail in await postbox.mails_to(owner.email) if NEW_DEVICE in mail]
    assert len(after) - len(before) == is_on


@pytest.mark.parametrize("minutes", [15, 30, 60, 120, 240])
async def test_a_session_lasts_through_a_silence_of_the_time_that_was_chosen_and_no_longer(
    browser: Browser, services: Services, owner: Actor, minutes: int
) -> None:
    await save(browser, security={"sessionTimeout": str(minutes)})
    for _ in range(2):
        await shift(services, owner, timedelta(minutes=minutes - 1))
        await screens.open_dashboard(browser)
    await shift(services, owner, timedelta(minutes=minutes + 2))
    with pytest.raises(SignedOut):
        await screens.open_dashboard(browser)
    assert browser.page == "/login"


@pytest.mark.parametrize("saves", [True, False])
async def test_the_second_factor_is_switched_by_its_button_and_with_all_settings(
    browser: Browser, open_browser: Open, owner: Actor, saves: bool
) -> None:
    elsewhere = open_browser()
    for is_on in (True, False):
        if saves:
            await save(browser, security={"twoFactorEnabled": is_on})
        else:
            assert await settings_page.switch_second_factor(browser, on=is_on) is is_on
        assert (await screens.load_settings(browser))["security"]["twoFactorEnabled"] is is_on
        assert await screens.log_in(elsewhere, owner.email, owner.password) is not is_on


async def test_a_second_factor_that_stays_on_is_shown_as_on_until_its_user_has_logged_in_again(
    browser: Browser, services: Services, owner: Actor, postbox: Postbox
) -> None:
    await settings_page.switch_second_factor(browser, on=True)
    await shift(services, owner, timedelta(minutes=16))
    assert await settings_page.switch_second_factor(browser, on=False) is True
    browser.log_out()
    assert await screens.log_in(browser, owner.email, owner.password) is False
    await screens.enter_code(browser, owner.email, await postbox.code_for(owner.email))
    assert await settings_page.switch_second_factor(browser, on=False) is False
    assert await screens.log_in(browser, owner.email, owner.password)


async def test_switching_the_second_factor_leaves_this_browser_signed_in_and_no_other(
    browser: Browser, open_browser: Open, owner: Actor
) -> None:
    elsewhere = open_browser()
    await screens.log_in(elsewhere, owner.email, owner.password)
    await settings_page.switch_second_factor(browser, on=True)
    with pytest.raises(SignedOut):
        await screens.open_dashboard(elsewhere)
    await screens.open_dashboard(browser)


APP_CHOICES = {
    "defaultView": ("table", "grid", "list"),
    "itemsPerPage": ("10", "20", "50", "100"),
    "autoSave": (True, False),
    "compactMode": (True, False),
    "exportFormat": ("csv", "xlsx", "pdf"),
    "exportNotes": (True, False),
}


@pytest.mark.parametrize("name", APP_CHOICES)
async def test_every_choice_of_how_the_client_looks_is_there_again_in_another_browser(
    browser: Browser, open_browser: Open, owner: Actor, name: str
) -> None:
    elsewhere = open_browser()
    await screens.log_in(elsewhere, owner.email, owner.password)
    before = (await screens.load_settings(elsewhere))["preferences"]
    for choice in APP_CHOICES[name]:
        await save(browser, app={name: choice})
        assert (await screens.load_settings(elsewhere))["preferences"] == before | {name: choice}


async def test_the_page_size_that_is_saved_with_all_settings_is_that_of_the_table(
    browser: Browser, owner: Actor
) -> None:
    await screens.import_sheet(browser, "Name\n" + "\n".join(f"Buyer {number}" for number in range(25)))
    for size, count in (("10", 10), ("100", 25)):
        await save(browser, app={"itemsPerPage": size})
        assert len((await screens.open_dashboard(browser))["data"]) == count
