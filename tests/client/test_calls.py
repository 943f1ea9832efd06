"""Every call that the client's screens make, with what it sends and what it reads, screen by screen."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest

from leadconnect.auth.services import Services
from tests import make
from tests.auth.signed_in import shift
from tests.cast import Actor, Cast
from tests.client import screens, settings_page
from tests.client.browser import Browser, Rejected
from tests.client.shapes import SWITCHES
from tests.notifications.push.service import PushService
from tests.postbox import Postbox

SIGN_UP = {
    "fullName": "Asha Rao",
    "role": "Management",
    "companyName": "Rao Traders",
    "companySize": "11-50",
    "industry": "technology",
    "customIndustry": "",
    "website": "rao.example",
    "password": "Longer-than-8!",
    "confirmPassword": "Longer-than-8!",
}
FORM = {
    "name": "Ravi Kumar",
    "phoneNumber": "+91 98765 43210",
    "email": "ravi@mills.example",
    "dateOfBirth": "1990-02-28",
    "city": "Pune",
    "state": "Maharashtra",
    "country": "India",
    "pincode": "411001",
    "companyName": "Example Mills",
    "designation": "Head of Purchase",
    "customerCategory": "potential",
    "lastContactedDate": "2026-03-01",
    "lastContactedBy": "Asha",
    "nextFollowupDate": "2031-03-04",
    "customerInterestedIn": "Looms",
    "preferredCommunicationChannel": "other",
    "customCommunicationChannel": "Pigeon",
    "leadSource": "referral",
    "customLeadSource": "",
    "customReferralSource": "Trade fair",
    "customGeneratedBy": "",
    "leadStatus": "followup",
    "leadCreatedBy": "Asha",
    "additionalNotes": "calls back",
    "sector": "Textiles",
    "customSector": "",
}
"""The lead form, every field of it; the client drops the empty ones."""


async def test_signing_up_keeps_both_tokens_and_leads_to_logging_in(browser: Browser) -> None:
    form = {**SIGN_UP, "email": make.email("asha")}
    await screens.sign_up(browser, form)
    assert (browser.page, set(browser.storage)) == ("/login", {"accessToken", "refreshToken"})
    assert set(browser.sent_to("/auth/signup")[0].sent) == set(form) - {"customIndustry"}
    with pytest.raises(Rejected) as refusal:
        await screens.sign_up(browser, form)
    assert refusal.value.status == 409
    assert isinstance(refusal.value.body["message"], str)
    with pytest.raises(Rejected) as refusal:
        await screens.sign_up(browser, {**form, "email": "nobody", "companySize": "7"})
    assert refusal.value.text.startswith("email")


@pytest.mark.parametrize("industry", ["technology", "finance", "consulting", "real_estate", "real-estate", "other"])
async def test_every_industry_of_the_sign_up_page_is_taken(browser: Browser, industry: str) -> None:
    custom = "Kites" if industry == "other" else ""
    form = {**SIGN_UP, "email": make.email("asha"), "industry": industry, "customIndustry": custom}
    await screens.sign_up(browser, form)
    assert await screens.log_in(browser, form["email"], form["password"])
    assert browser.user["industry"] == (custom or industry)


async def test_logging_in_reads_the_profile_and_caches_the_user(browser: Browser, owner: Actor) -> None:
    assert browser.page == "/dashboard"
    assert browser.user["id"] == str(owner.user_id)
    assert (browser.user["email"], browser.user["role"]) == (owner.email, "Management")
    assert [(each.method, each.path) for each in browser.wire] == [("POST", "/auth/login"), ("GET", "/profile")]


async def test_whoever_is_no_management_reads_the_profile_twice_unless_it_has_permissions(
    cast: Cast, browser: Browser, owner: Actor
) -> None:
    colleague = await cast.sub_user(owner)
    await settings_page.save_profile(browser, role="Sales Manager")
    browser.wire.clear()
    for actor, count in ((owner, 2), (colleague, 1)):
        await screens.log_in(browser, actor.email, actor.password)
        assert len(browser.sent_to("/profile")) == count
        browser.wire.clear()


async def test_a_forgotten_password_is_replaced_in_three_steps(browser: Browser, cast: Cast, postbox: Postbox) -> None:
    email, password = (await cast.owner()).email, "Longer-than-9!"
    await screens.forget_password(browser, email)
    code = await postbox.code_for(email)
    assert await screens.is_code_right(browser, email, f"{(int(code) + 1) % 1_000_000:06d}") is False
    assert await screens.is_code_right(browser, email, code) is True
    await screens.reset_password(browser, email, code, password)
    with pytest.raises(Rejected) as refusal:
        await screens.reset_password(browser, email, code, password)
    assert refusal.value.status == 400
    assert await screens.log_in(browser, email, password)


async def test_the_dashboard_of_a_new_account_is_empty_and_whole(browser: Browser, owner: Actor) -> None:
    page = await screens.open_dashboard(browser)
    assert page["data"] == []
    assert page["meta"]["total"] == 0
    assert {each.status for each in browser.wire} == {200}
    assert {each.path for each in browser.wire} == {
        "/auth/login", "/profile", "/profile/preferences", "/leads/cities", "/leads/sectors", "/leads",
    }  # fmt: skip


async def test_the_lead_form_saves_every_field_and_gets_every_field_back(browser: Browser, owner: Actor) -> None:
    assert await screens.add_sector(browser, "Textiles") == "Textiles"
    assert await screens.add_sector(browser, "textiles") == "Textiles"
    await screens.save_lead(browser, FORM)
    (lead,) = (await screens.list_leads(browser))["data"]
    assert {field: lead[field] or "" for field in FORM} == FORM
    assert await screens.load_choices(browser) == (["Pune"], ["Textiles"])


async def test_the_form_of_a_lead_that_was_read_can_be_saved_as_it_is(browser: Browser, owner: Actor) -> None:
    await screens.save_lead(browser, {**FORM, "nextFollowupDate": "2020-01-01"})
    (lead,) = (await screens.list_leads(browser))["data"]
    shown = {field: lead[field] for field in FORM}
    await screens.save_lead(browser, {**shown, "leadStatus": "hot", "city": ""}, lead["id"])
    (changed,) = (await screens.list_leads(browser))["data"]
    assert changed == {**lead, "leadStatus": "hot", **{name: changed[name] for name in ("updatedAt", "version")}}


async def test_the_table_filters_by_all_that_the_client_offers(browser: Browser, owner: Actor) -> None:
    today = date.today()
    for name, changes in {
        "First": {"city": "Pune", "leadStatus": "new", "sector": "Textiles", "nextFollowupDate": ""},
        "Second": {"city": "Delhi", "leadStatus": "hot", "nextFollowupDate": str(today + timedelta(days=3))},
        "Third": {"city": "Agra", "leadStatus": "lost", "customerCategory": "existing", "nextFollowupDate": ""},
        "Fourth": {"city": "Pune", "leadStatus": "new", "nextFollowupDate": str(today - timedelta(days=3))},
    }.items():
        await screens.save_lead(browser, {**FORM, "sector": "", "name": name, **changes})
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({"status": ["new", "hot"]}, ["Fourth", "Second", "First"]),
        ({"status": ["new"], "category": "potential", "city": "Pune"}, ["Fourth", "First"]),
        ({"city": ["Pune", "Agra"], "search": "ir"}, ["Third", "First"]),
        ({"sector": "Textiles"}, ["First"]),
        ({"followupDateFilter": "overdue"}, ["Fourth"]),
        ({"followupDateFilter": "due_soon"}, ["Second"]),
        ({"followupDateFilter": "future"}, []),
        ({"search": "nobody of this name"}, []),
    ]
    for filters, names in cases:
        page = await screens.list_leads(browser, **filters)
        assert [lead["name"] for lead in page["data"]] == names, filters
        assert page["meta"]["total"] == len(names)


async def test_the_page_size_acts_at_once_and_after_a_reload(browser: Browser, owner: Actor) -> None:
    await screens.import_sheet(browser, "Name\n" + "\n".join(f"Buyer {number}" for number in range(25)))
    assert len((await screens.open_dashboard(browser))["data"]) == 20
    for size, count in (("10", 10), ("20", 20), ("50", 25), ("100", 25)):
        assert len((await screens.choose_page_size(browser, size))["data"]) == count
        assert len((await screens.open_dashboard(browser))["data"]) == count


async def test_the_export_is_a_file_of_the_leads_that_are_filtered_for(browser: Browser, owner: Actor) -> None:
    for city in ("Pune", "Delhi"):
        await screens.save_lead(browser, {**FORM, "name": f"Ravi of {city}", "city": city})
    filters: dict[str, Any] = {"search": "ravi", "status": ["followup", "hot"], "category": "potential", "city": "Pune"}
    text = await screens.export_sheet(browser, **filters)
    assert text is not None
    assert [row["Name"] for row in csv.DictReader(io.StringIO(text))] == ["Ravi of Pune"]


async def test_a_sub_user_exports_only_with_the_permission_that_is_cached(
    cast: Cast, browser: Browser, owner: Actor
) -> None:
    for may in (False, True):
        colleague = await cast.sub_user(owner, export=may)
        await screens.log_in(browser, colleague.email, colleague.password)
        assert (await screens.export_sheet(browser) is not None) is may


@pytest.mark.parametrize("days", [7, 30, 90])
async def test_analytics_have_numbers_and_labels_with_and_without_leads(
    browser: Browser, owner: Actor, days: int
) -> None:
    empty = await screens.open_analytics(browser, days)
    assert empty["basicMetrics"]["totalLeads"] == 0
    await screens.save_lead(browser, {**FORM, "preferredCommunicationChannel": "", "customCommunicationChannel": ""})
    found = await screens.open_analytics(browser, days)
    assert found["communicationChannels"] == [{"channel": "unknown", "count": 1, "percentage": 100}]
    assert (found["basicMetrics"]["totalLeads"], found["period"]["days"]) == (1, days)


async def test_the_profile_form_takes_back_what_it_shows_and_what_its_placeholders_suggest(
    browser: Browser, owner: Actor
) -> None:
    shown = dict(browser.user)
    await settings_page.save_profile(browser)
    assert browser.user == shown
    for changes in (
        {"phoneNumber": "+1 (555) 123-4567", "website": "rao.example"},
        {"role": "other", "customRole": "Founder", "industry": "other", "customIndustry": "Kites"},
    ):
        await settings_page.save_profile(browser, **changes)
    assert (browser.user["role"], browser.user["industry"]) == ("Founder", "Kites")


async def test_a_sub_user_saves_the_profile_form_with_the_companys_website_in_it(
    cast: Cast, browser: Browser, owner: Actor
) -> None:
    await settings_page.save_profile(browser, website="rao.example")
    colleague = await cast.sub_user(owner)
    await screens.log_in(browser, colleague.email, colleague.password)
    assert (await settings_page.save_profile(browser, fullName="Sam Sun"))["website"] == "rao.example"
    assert set(browser.wire[-1].sent) == {"fullName", "email", "website"}


async def test_an_address_that_waits_to_be_confirmed_is_not_shown_yet(
    browser: Browser, services: Services, owner: Actor
) -> None:
    await settings_page.save_profile(browser, email=make.email("moved"))
    address = browser.user["email"]
    assert address != owner.email
    await shift(services, owner, timedelta(minutes=16))
    await settings_page.save_profile(browser, email=make.email("moved"))
    assert browser.user["email"] == address
    assert await screens.log_in(browser, address, owner.password)


@pytest.mark.parametrize("role", ["admin", "sales", "marketing", "support"])
async def test_a_role_of_the_picker_that_does_not_exist_is_refused_with_words(
    browser: Browser, owner: Actor, role: str
) -> None:
    with pytest.raises(Rejected) as refusal:
        await settings_page.save_profile(browser, role=role)
    assert refusal.value.status == 400
    assert refusal.value.text.startswith("role must be one of")


async def test_the_password_is_changed_after_the_profile(browser: Browser, owner: Actor) -> None:
    await settings_page.change_password(browser, owner.password, "Longer-than-9!")
    await screens.open_dashboard(browser)
    assert await screens.log_in(browser, owner.email, "Longer-than-9!")


async def test_the_settings_of_a_new_user_are_shown_and_saved_as_they_are(browser: Browser, owner: Actor) -> None:
    shown = await screens.load_settings(browser)
    assert [shown["notifications"][switch] for switch in SWITCHES] == [True, True, True, True, False, False, True]
    assert (shown["security"]["twoFactorEnabled"], shown["security"]["sessionTimeout"]) == (False, "30")
    assert (shown["preferences"]["defaultView"], shown["preferences"]["itemsPerPage"]) == ("table", "20")
    assert await settings_page.save_settings(browser, shown) == shown
    assert await screens.load_settings(browser) == shown


async def test_a_test_message_is_sent_and_without_a_device_shown_as_a_failure(
    browser: Browser, owner: Actor, push_service: PushService, postbox: Postbox
) -> None:
    assert await settings_page.send_test_push(browser) is False
    shown, device = await screens.load_settings(browser), push_service.browser()
    shown["notifications"]["browserPush"] = True
    await settings_page.save_settings(browser, shown, device)
    assert await settings_page.send_test_push(browser) is True
    await postbox.mails_to(owner.email)
    assert [device.read(each)["data"]["type"] for each in push_service.of(device)] == ["test"]


async def test_the_tab_of_users_adds_changes_and_deletes_them(browser: Browser, owner: Actor) -> None:
    assert await settings_page.list_sub_users(browser) == []
    form = {
        "fullName": "Ravi Nair", "email": make.email("ravi"), "password": "Longer-than-8!",
        "confirmPassword": "Longer-than-8!", "role": "other", "customRole": "Scout", "companyName": "Rao Traders",
        "canViewLeads": True, "canEditLeads": False, "canAddLeads": True, "canExportLeads": False,
    }  # fmt: skip
    added = await settings_page.add_sub_user(browser, form)
    assert (added["role"], added["customRole"], added["companyName"]) == ("Scout", "Scout", "Rao Traders")
    wanted = {"canViewLeads": True, "canEditLeads": True, "canAddLeads": False, "canExportLeads": True}
    assert (await settings_page.change_permissions(browser, added["id"], **wanted))["permissions"] == wanted
    assert [each["permissions"] for each in await settings_page.list_sub_users(browser)] == [wanted]
    for changes, status in (({}, 409), ({"role": "admin", "email": make.email("ravi")}, 400)):
        with pytest.raises(Rejected) as refusal:
            await settings_page.add_sub_user(browser, form | changes)
        assert refusal.value.status == status
        assert refusal.value.text != "None"
    await settings_page.delete_sub_user(browser, added["id"])
    assert await settings_page.list_sub_users(browser) == []
