"""The client's settings page: its buttons, and in which order they call what."""

from typing import Any

from tests.client.browser import Browser
from tests.client.screens import MANAGEMENT, filled
from tests.client.shapes import (
    APP,
    MESSAGE,
    NOTIFICATIONS,
    PROFILE,
    PUSH_STATUS,
    SECURITY,
    SUB_USER,
    SWITCHES,
    read,
)
from tests.notifications.push.service import Browser as Device

OF_MANAGEMENT = ("role", "customRole", "companyName", "companySize", "industry", "customIndustry")


async def save_profile(browser: Browser, **changes: Any) -> dict[str, Any]:
    """Save the profile form, which begins with what is cached, and cache the answer: permissions are not in it."""
    fields: tuple[str, ...] = ("fullName", "email", "website", "phoneNumber")
    if browser.user["role"] == MANAGEMENT:
        fields += OF_MANAGEMENT
    form = {field: browser.user.get(field) for field in fields} | changes
    answer: dict[str, Any] = await browser.call("PATCH", "/profile", filled(form))
    read(answer, PROFILE)
    browser.keep_user({field: answer.get(field) for field in PROFILE})
    return answer


async def change_password(browser: Browser, current: str, new: str) -> None:
    """Change the password, which the page does once the profile is saved."""
    await save_profile(browser)
    body = {"currentPassword": current, "newPassword": new, "confirmPassword": new}
    await browser.call("POST", "/profile/change-password", body)


async def save_settings(browser: Browser, shown: dict[str, Any], device: Device | None = None) -> dict[str, Any]:
    """Save what the page shows of all settings, in the page's order; `device` takes pushes, where the browser can."""
    notifications = {switch: shown["notifications"][switch] for switch in SWITCHES}
    subscribes = notifications["browserPush"] and device is not None
    if subscribes and device is not None:
        read(await browser.call("GET", "/notifications/vapid-public-key"), {"publicKey": str})
        body = {**device.subscription, "deviceInfo": "desktop"}
        read(await browser.call("POST", "/notifications/subscribe", body), MESSAGE)
    else:
        read(await browser.call("DELETE", "/notifications/unsubscribe"), MESSAGE)
    saved: dict[str, Any] = {}
    saved["notifications"] = await browser.call("PUT", "/profile/preferences/notifications", notifications)
    read(saved["notifications"], NOTIFICATIONS)
    if subscribes:
        status = await browser.call("GET", "/notifications/status")
        read(status, PUSH_STATUS)
        assert status["subscribed"] is True
    security = {name: shown["security"][name] for name in ("twoFactorEnabled", "loginNotifications", "sessionTimeout")}
    saved["security"] = await browser.call("PUT", "/profile/preferences/security", security)
    read(saved["security"], SECURITY)
    app = {name: shown["preferences"][name] for name in APP}
    saved["preferences"] = await browser.call("PUT", "/profile/preferences/app", app)
    read(saved["preferences"], APP)
    return saved


async def switch_second_factor(browser: Browser, *, on: bool) -> bool:
    """Press the button of the second factor, and return what it shows then."""
    answer = await browser.call("PUT", "/profile/preferences/security", {"twoFactorEnabled": on})
    read(answer, {"twoFactorEnabled": bool})
    return bool(answer["twoFactorEnabled"])


async def send_test_push(browser: Browser) -> bool:
    """Press the button that sends a test message; only `sent` being false is shown as a failure."""
    answer = await browser.call("POST", "/notifications/test")
    read(answer, {"message": str, "sent": bool})
    return answer["sent"] is not False


async def list_sub_users(browser: Browser) -> list[dict[str, Any]]:
    """Open the tab of users, which only Management sees."""
    assert browser.user["role"] == MANAGEMENT
    answer: list[dict[str, Any]] = await browser.call_signed_in("GET", "/profile/sub-users")
    read(answer, [SUB_USER])
    return answer


async def add_sub_user(browser: Browser, form: dict[str, Any]) -> dict[str, Any]:
    """Fill in the form of a new user."""
    answer: dict[str, Any] = await browser.call("POST", "/profile/sub-users", filled(form))
    read(answer, SUB_USER)
    return answer


async def change_permissions(browser: Browser, user_id: str, **permissions: bool) -> dict[str, Any]:
    """Save the form of a user, of which only the four permissions are sent."""
    path = f"/profile/sub-users/{user_id}/permissions"
    answer: dict[str, Any] = await browser.call("PATCH", path, permissions)
    read(answer, SUB_USER)
    return answer


async def delete_sub_user(browser: Browser, user_id: str) -> None:
    """Delete a user."""
    read(await browser.call("DELETE", f"/profile/sub-users/{user_id}"), MESSAGE)
