"""The client's screens, from sign-up to analytics: what each sends, and what it reads of the answers."""

import asyncio
from typing import Any

from tests.client.browser import Browser
from tests.client.shapes import (
    ANALYTICS,
    IMPORTED,
    LEADS,
    MESSAGE,
    PERMISSIONS,
    PROFILE,
    SETTINGS,
    SIGNED_IN,
    TOKENS,
    read,
)
from tests.client.sheet import leads_of

MANAGEMENT = "Management"
BREAKDOWNS = {
    "leadSourceBreakdown": "source",
    "leadStatusBreakdown": "status",
    "categoryBreakdown": "category",
    "communicationChannels": "channel",
}


def filled(form: dict[str, Any]) -> dict[str, Any]:
    """Return a form without its empty fields, which the client never sends."""
    return {field: value for field, value in form.items() if value is not None and value != ""}


async def sign_up(browser: Browser, form: dict[str, Any]) -> None:
    """Fill in the sign-up page. It keeps the tokens, and leads to the log-in page nevertheless."""
    answer = await browser.call("POST", "/auth/signup", filled(form))
    read(answer, TOKENS)
    _keep_tokens(browser, answer)
    browser.page = "/login"


async def log_in(browser: Browser, email: str, password: str) -> bool:
    """Fill in the log-in page; False when it asks for a code."""
    answer = await browser.call("POST", "/auth/login", {"email": email, "password": password})
    if answer.get("requiresTwoFactor") is True or answer.get("requires2FA") is True:
        browser.page = "/verify"
        return False
    read(answer, SIGNED_IN)
    await _enter(browser, answer)
    return True


async def enter_code(browser: Browser, email: str, otp: str) -> None:
    """Enter the code of the second factor."""
    answer = await browser.call("POST", "/auth/login/2fa", {"email": email, "otp": otp})
    read(answer, TOKENS)
    assert answer.get("valid", True) is True
    await _enter(browser, answer)


async def ask_for_another_code(browser: Browser, email: str) -> None:
    """Press the button that becomes active when the ten minutes are over."""
    read(await browser.call("POST", "/auth/2fa/send-otp", {"email": email}), MESSAGE)


async def forget_password(browser: Browser, email: str) -> None:
    """Ask for a code in the dialog of a forgotten password."""
    read(await browser.call("POST", "/auth/forgot-password", {"email": email}), MESSAGE)


async def is_code_right(browser: Browser, email: str, otp: str) -> bool:
    """Enter that code."""
    answer = await browser.call("POST", "/auth/verify-otp", {"email": email, "otp": otp})
    read(answer, {"valid": bool, "message": str})
    return bool(answer["valid"])


async def reset_password(browser: Browser, email: str, otp: str, password: str) -> None:
    """Choose another password in the dialog."""
    body = {"email": email, "otp": otp, "newPassword": password, "confirmPassword": password}
    read(await browser.call("POST", "/auth/reset-password", body), MESSAGE)


async def load_profile(browser: Browser) -> dict[str, Any]:
    """Read the profile, twice where it tells nothing about permissions, and cache it."""
    profile: dict[str, Any] = {}
    for _ in range(2):
        profile = await browser.call("GET", "/profile")
        read(profile, PROFILE)
        if "permissions" in profile or profile["role"] == MANAGEMENT:
            break
    known = {field: profile.get(field) for field in PROFILE}
    if profile.get("permissions"):
        read(profile["permissions"], PERMISSIONS)
        known["permissions"] = profile["permissions"]
    browser.keep_user({**browser.user, **known})
    return profile


async def load_settings(browser: Browser) -> dict[str, Any]:
    """Read all settings, as the dashboard and the settings page do."""
    settings: dict[str, Any] = await browser.call_signed_in("GET", "/profile/preferences")
    read(settings, SETTINGS)
    return settings


async def open_dashboard(browser: Browser) -> dict[str, Any]:
    """Open the dashboard, and return the page of leads that it shows. Each of its calls fails for itself."""
    settings, *others = await asyncio.gather(
        load_settings(browser), load_profile(browser), load_choices(browser), return_exceptions=True
    )
    if isinstance(settings, BaseException):
        raise settings
    page = await list_leads(browser, limit=settings["preferences"]["itemsPerPage"])
    for failure in others:
        if isinstance(failure, BaseException):
            raise failure
    return page


async def load_choices(browser: Browser) -> tuple[list[str], list[str]]:
    """Read the cities and the sectors that the filters and the lead form offer."""
    cities, sectors = await asyncio.gather(browser.call("GET", "/leads/cities"), browser.call("GET", "/leads/sectors"))
    read(cities, {"cities": [str]})
    read(sectors, {"sectors": [str]})
    return cities["cities"], sectors["sectors"]


async def list_leads(browser: Browser, *, page: int = 1, limit: str = "20", **filters: Any) -> dict[str, Any]:
    """Show a page of the lead table; a filter with several values repeats its key."""
    query = [*_query(filters), ("page", page), ("limit", limit)]
    answer: dict[str, Any] = await browser.call_signed_in("GET", "/leads", query=query)
    read(answer, LEADS)
    return answer


async def save_lead(browser: Browser, form: dict[str, Any], lead_id: str = "") -> Any:
    """Save the lead form: of a new lead, or of the one that has this id."""
    if lead_id:
        return await browser.call("PATCH", f"/leads/{lead_id}", filled(form))
    return await browser.call("POST", "/leads", filled(form))


async def add_sector(browser: Browser, name: str) -> str:
    """Add a sector in the lead form, and return how it is spelled."""
    answer = await browser.call("POST", "/leads/sectors", {"sector": name})
    read(answer, {"sector": str})
    return str(answer["sector"])


async def choose_page_size(browser: Browser, size: str) -> dict[str, Any]:
    """Choose how many leads a page has, and return the first one."""
    await browser.call_signed_in("PUT", "/profile/preferences/app", {"itemsPerPage": size})
    settings = await load_settings(browser)
    return await list_leads(browser, limit=settings["preferences"]["itemsPerPage"])


async def import_sheet(browser: Browser, text: str) -> dict[str, Any]:
    """Import a file, which the client reads by itself."""
    answer: dict[str, Any] = await browser.call("POST", "/leads/import", {"leads": leads_of(text)})
    read(answer, IMPORTED)
    return answer


async def export_sheet(browser: Browser, **filters: Any) -> str | None:
    """Export leads; None where the client does not even try, for what it has cached allows nothing."""
    allowed = browser.user.get("permissions") or {}
    if browser.user.get("role") != MANAGEMENT and allowed.get("canExportLeads") is not True:
        return None
    return str(await browser.call("GET", "/leads/export", query=_query(filters)))


async def open_analytics(browser: Browser, days: int = 7) -> dict[str, Any]:
    """Show the charts, whose labels are put into lower case."""
    answer: dict[str, Any] = await browser.call_signed_in("GET", "/analytics", query=[("days", days)])
    read(answer, ANALYTICS)
    for breakdown, label in BREAKDOWNS.items():
        assert all(share[label].lower() for share in answer[breakdown])
    return answer


def _query(filters: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(name, each) for name, value in filters.items() for each in (value if isinstance(value, list) else [value])]


async def _enter(browser: Browser, signed_in: dict[str, Any]) -> None:
    _keep_tokens(browser, signed_in)
    browser.keep_user(signed_in.get("user") or {})
    await load_profile(browser)
    browser.page = "/dashboard"


def _keep_tokens(browser: Browser, answer: dict[str, Any]) -> None:
    browser.storage |= {name: answer[name] for name in TOKENS}
