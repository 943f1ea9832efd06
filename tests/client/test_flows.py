"""What the client does on its own around its calls: refreshing, trying again, logging out, and giving up."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from leadconnect.auth.services import Services
from leadconnect.edge.middleware import Edge
from tests import make
from tests.auth.signed_in import shift
from tests.auth.twofold import let_pass
from tests.cast import Actor, Cast
from tests.client import screens, settings_page
from tests.client.browser import NO_ANSWER, Browser, Rejected, SignedOut
from tests.client.conftest import Open
from tests.conftest import client_of
from tests.postbox import Postbox

WRONG = "not the passphrase"
HOUR, WEEK = timedelta(hours=1, minutes=1), timedelta(days=7, minutes=1)


@pytest.fixture
async def owner(owner: Actor, browser: Browser) -> Actor:
    """The owner, with nothing on the browser's wire yet."""
    browser.wire.clear()
    return owner


async def test_an_hour_later_all_calls_of_the_dashboard_refresh_at_once_and_go_through(
    browser: Browser, services: Services, owner: Actor
) -> None:
    await shift(services, owner, HOUR)
    pages = await asyncio.gather(
        screens.open_dashboard(browser),
        screens.open_analytics(browser),
        *(screens.list_leads(browser, page=number) for number in range(1, 8)),
    )
    assert len(pages) == 9
    refreshes = browser.sent_to("/auth/refresh")
    assert [each.status for each in refreshes] == [200] * 12
    assert {each.sent["refreshToken"] for each in refreshes} == {browser.storage["refreshToken"]}
    assert browser.page == "/dashboard"


async def test_a_lead_that_is_saved_an_hour_later_is_sent_twice_and_added_once(
    browser: Browser, services: Services, owner: Actor
) -> None:
    await shift(services, owner, HOUR)
    await screens.save_lead(browser, make.lead())
    assert [each.status for each in browser.sent_to("/leads")] == [401, 201]
    assert (await screens.list_leads(browser))["meta"]["total"] == 1


async def test_refreshing_every_hour_the_session_lasts_a_week_and_then_ends_at_the_log_in_page(
    browser: Browser, services: Services, owner: Actor
) -> None:
    for _ in range(3):
        await shift(services, owner, HOUR)
        await screens.list_leads(browser)
    await shift(services, owner, WEEK)
    with pytest.raises(SignedOut):
        await screens.list_leads(browser)
    assert (browser.page, browser.storage) == ("/login", {})
    assert await screens.log_in(browser, owner.email, owner.password)


async def test_without_tokens_a_cached_user_bounces_once_and_is_then_forgotten(
    browser: Browser, services: Services, owner: Actor
) -> None:
    await shift(services, owner, WEEK)
    with pytest.raises(Rejected) as refusal:
        await screens.load_profile(browser)
    assert refusal.value.status == 401
    assert (browser.page, set(browser.storage)) == ("/dashboard", {"user"})
    with pytest.raises(SignedOut):
        await screens.open_dashboard(browser)
    assert (browser.page, browser.storage) == ("/login", {})


async def test_a_wrong_password_is_sent_twice_while_an_old_refresh_token_is_cached_and_five_of_them_stay_401(
    browser: Browser, owner: Actor
) -> None:
    browser.log_out()
    for number in range(1, 6):
        with pytest.raises(Rejected) as refusal:
            await screens.log_in(browser, owner.email, WRONG)
        assert refusal.value.status == 401
        assert refusal.value.text == "Invalid email or password"
        assert len(browser.sent_to("/auth/login")) == 2 * number
    assert len(browser.sent_to("/auth/refresh")) == 5


async def test_four_wrong_passwords_sent_twice_each_do_not_keep_the_right_one_out(
    browser: Browser, owner: Actor
) -> None:
    browser.log_out()
    for _ in range(4):
        with pytest.raises(Rejected):
            await screens.log_in(browser, owner.email, WRONG)
    assert await screens.log_in(browser, owner.email, owner.password)
    assert browser.page == "/dashboard"


async def test_a_wrong_password_beside_a_dead_refresh_token_is_sent_once_and_the_next_one_signs_in(
    browser: Browser, services: Services, owner: Actor
) -> None:
    browser.log_out()
    await shift(services, owner, WEEK)
    with pytest.raises(Rejected) as refusal:
        await screens.log_in(browser, owner.email, WRONG)
    assert refusal.value.status == 401
    assert (browser.page, browser.storage) == ("/login", {})
    assert [each.path for each in browser.wire] == ["/auth/login", "/auth/refresh"]
    assert await screens.log_in(browser, owner.email, owner.password)


async def test_what_is_left_of_another_user_does_not_hinder_signing_up_or_in_or_forgetting(
    cast: Cast, browser: Browser, owner: Actor
) -> None:
    other = await cast.owner()
    browser.log_out()
    await screens.forget_password(browser, other.email)
    await screens.sign_up(browser, make.signup())
    assert await screens.log_in(browser, other.email, other.password)
    browser.storage |= {"accessToken": "stale", "refreshToken": "stale"}
    await screens.forget_password(browser, owner.email)
    assert await screens.log_in(browser, owner.email, owner.password)
    assert browser.user["id"] == str(owner.user_id)
    assert browser.sent_to("/auth/refresh") == []


async def test_a_wrong_current_password_is_400_and_not_tried_again(browser: Browser, owner: Actor) -> None:
    with pytest.raises(Rejected) as refusal:
        await settings_page.change_password(browser, WRONG, "Longer-than-9!")
    assert refusal.value.status == 400
    assert len(browser.sent_to("/profile/change-password")) == 1
    assert browser.sent_to("/auth/refresh") == []
    await screens.open_dashboard(browser)


async def test_a_second_factor_is_asked_for_and_a_wrong_code_is_neither_sent_twice_nor_the_end(
    browser: Browser, owner: Actor, postbox: Postbox
) -> None:
    assert await settings_page.switch_second_factor(browser, on=True) is True
    await screens.open_dashboard(browser)
    tokens = dict(browser.storage)
    browser.log_out()
    assert await screens.log_in(browser, owner.email.upper(), owner.password) is False
    assert {name: browser.storage[name] for name in ("accessToken", "refreshToken")} == {
        name: tokens[name] for name in ("accessToken", "refreshToken")
    }
    code = await postbox.code_for(owner.email)
    with pytest.raises(Rejected) as refusal:
        await screens.enter_code(browser, owner.email.upper(), f"{(int(code) + 1) % 1_000_000:06d}")
    assert refusal.value.status == 400
    assert len(browser.sent_to("/auth/login/2fa")) == 1
    await screens.enter_code(browser, owner.email.upper(), code)
    assert browser.page == "/dashboard"
    await screens.open_dashboard(browser)


async def test_a_code_can_be_used_until_the_clients_clock_ends_and_then_another_one_can_be_had(
    browser: Browser, services: Services, owner: Actor, postbox: Postbox
) -> None:
    await settings_page.switch_second_factor(browser, on=True)
    for waits in (False, True):
        browser.log_out()
        assert await screens.log_in(browser, owner.email, owner.password) is False
        await let_pass(services, owner, timedelta(minutes=10))
        if waits:
            await let_pass(services, owner, timedelta(minutes=2))
            await screens.ask_for_another_code(browser, owner.email)
            await postbox.code_for(owner.email)
            await let_pass(services, owner, timedelta(minutes=10))
        await screens.enter_code(browser, owner.email, await postbox.code_for(owner.email))
        assert browser.page == "/dashboard"
    assert len(await postbox.codes_for(owner.email)) == 3


async def test_a_sub_user_who_may_not_view_leads_is_logged_out_by_403_and_by_nothing_else(
    cast: Cast, browser: Browser, owner: Actor
) -> None:
    blind = await cast.sub_user(owner, view=False)
    assert await screens.log_in(browser, blind.email, blind.password)
    await screens.load_settings(browser)
    await settings_page.save_profile(browser, fullName="Sam Blind")
    for screen in (screens.open_dashboard, screens.list_leads, screens.open_analytics):
        await screens.log_in(browser, blind.email, blind.password)
        with pytest.raises(SignedOut):
            await screen(browser)
        assert {each.status for each in browser.wire} == {200, 403}
        assert (browser.page, browser.storage) == ("/login", {})


@pytest.mark.parametrize("rights", [{}, {"edit": True}, {"add": True}, {"export": True}])
async def test_a_sub_user_with_the_right_to_view_is_never_logged_out_and_never_told_that_nothing_is_there(
    cast: Cast, browser: Browser, owner: Actor, rights: dict[str, bool]
) -> None:
    colleague = await cast.sub_user(owner, **rights)
    await screens.log_in(browser, colleague.email, colleague.password)
    await screens.open_dashboard(browser)
    await screens.open_analytics(browser)
    await screens.choose_page_size(browser, "50")
    await settings_page.save_settings(browser, await screens.load_settings(browser))
    assert {each.status for each in browser.wire} == {200}


async def test_a_whole_day_in_an_empty_account_has_no_404(browser: Browser, owner: Actor) -> None:
    await screens.open_dashboard(browser)
    for filters in (
        {"search": "nobody"}, {"status": ["lost"]}, {"city": ["Nowhere"]}, {"sector": "None"}, {"category": "existing"},
        {"followupDateFilter": "overdue"}, {"page": 9},
    ):  # fmt: skip
        assert (await screens.list_leads(browser, **filters))["data"] == []
    await screens.open_analytics(browser, 90)
    assert await screens.export_sheet(browser, search="nobody")
    assert await settings_page.list_sub_users(browser) == []
    await settings_page.save_settings(browser, await screens.load_settings(browser))
    await settings_page.send_test_push(browser)
    assert {each.status for each in browser.wire} == {200}


async def test_five_answers_in_a_row_that_nothing_is_there_would_stop_the_client(app: Edge, owner: Actor) -> None:
    """Shows that the stand-in would notice; its other browsers are all asked for it in the end."""
    async with client_of(app) as http:
        browser = Browser(http)
        await screens.log_in(browser, owner.email, owner.password)
        statuses = []
        for _ in range(5):
            with pytest.raises(Rejected) as refusal:
                await browser.call("GET", f"/leads/{owner.user_id}")
            statuses.append(refusal.value.status)
    assert statuses == [404] * 4 + [NO_ANSWER]
    assert browser.pauses == 1


async def test_a_page_of_an_origin_that_is_not_listed_gets_no_answer(app: Edge) -> None:
    async with client_of(app) as http:
        with pytest.raises(Rejected) as refusal:
            await screens.sign_up(Browser(http, "https://elsewhere.example.com"), make.signup())
    assert refusal.value.status == NO_ANSWER


async def test_saving_the_profile_forgets_permissions_until_the_dashboard_is_opened(
    cast: Cast, browser: Browser, owner: Actor
) -> None:
    colleague = await cast.sub_user(owner, export=True)
    await screens.log_in(browser, colleague.email, colleague.password)
    await settings_page.save_profile(browser, phoneNumber="+91 98765 43210")
    assert "permissions" not in browser.user
    assert await screens.export_sheet(browser) is None
    await screens.open_dashboard(browser)
    assert browser.user["permissions"]["canExportLeads"] is True
    assert await screens.export_sheet(browser)


async def test_permissions_that_were_changed_meanwhile_count_at_once_and_are_cached_at_the_next_dashboard(
    open_browser: Open, cast: Cast, browser: Browser, owner: Actor
) -> None:
    colleague, theirs = await cast.sub_user(owner), open_browser()
    await screens.log_in(theirs, colleague.email, colleague.password)
    granted = {"canViewLeads": True, "canEditLeads": False, "canAddLeads": False, "canExportLeads": True}
    await settings_page.change_permissions(browser, str(colleague.user_id), **granted)
    assert await screens.export_sheet(theirs) is None
    await screens.open_dashboard(theirs)
    assert await screens.export_sheet(theirs)
    await settings_page.change_permissions(browser, str(colleague.user_id), **granted | {"canExportLeads": False})
    with pytest.raises(Rejected) as refusal:
        await screens.export_sheet(theirs)
    assert refusal.value.status == 403
    assert theirs.page == "/dashboard"


async def test_the_log_out_button_leaves_the_session_and_logging_in_again_goes_on(
    client: httpx.AsyncClient, browser: Browser, owner: Actor
) -> None:
    browser.log_out()
    assert browser.wire == []
    assert await screens.log_in(browser, owner.email, owner.password)
    await screens.open_dashboard(browser)
    assert (await client.get("/api/users/me", headers=owner.headers)).status_code == 200
