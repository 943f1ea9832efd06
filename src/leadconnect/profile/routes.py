"""The caller's profile, password and settings."""

from litestar import Router
from litestar.params import JSONBody

from leadconnect.accounts.models import Profile
from leadconnect.auth.actions import EmailTaken
from leadconnect.auth.models import Message
from leadconnect.auth.principal import Principal
from leadconnect.auth.proof import WrongPassword
from leadconnect.auth.second_factor import switching
from leadconnect.auth.second_factor.models import SecurityChanges
from leadconnect.auth.services import Client, Services
from leadconnect.database.pool import Connection
from leadconnect.errors import Forbidden, NotFound, TooManyRequests
from leadconnect.profile import actions, email_change, queries
from leadconnect.profile.email_change import WrongEmailCode
from leadconnect.profile.fields import AppChanges, EmailCode, NotificationChanges, PasswordChange, ProfilePatch
from leadconnect.profile.models import (
    AppPreferences,
    ChangedProfile,
    NotificationSettings,
    Preferences,
    SecuritySettings,
)
from leadconnect.web import Given, delete, get, patch, post, put


@get("/")
async def read_profile(principal: Given[Principal], connection: Given[Connection]) -> Profile:
    """Read the caller's profile; permissions and parent are there for sub-users only."""
    return await actions.read(connection, principal)


@patch("/", refuses=(Forbidden, EmailTaken, WrongPassword, TooManyRequests))
async def change_profile(
    data: JSONBody[ProfilePatch], principal: Given[Principal], services: Given[Services], client: Given[Client]
) -> ChangedProfile:
    """Change the caller's profile: only the keys that are sent. What concerns the company and the roles is the owner's.

    A new e-mail address counts at once with the current password, or within 15 minutes of a log-in. Otherwise it is
    pending: a code is mailed to it, and the old one goes on signing in until the code is entered.
    """
    return await actions.change(services, principal, data, client)


@post("/confirm-email", status_code=200, refuses=(WrongEmailCode, EmailTaken, TooManyRequests), session_only=True)
async def confirm_email(
    data: JSONBody[EmailCode], principal: Given[Principal], connection: Given[Connection], services: Given[Services]
) -> Message:
    """Finish a pending change of the e-mail address with its code. All other sessions end."""
    await email_change.confirm(services, connection, principal, data.otp)
    return Message(message="Your e-mail address is changed")


@delete("/pending-email", status_code=200, session_only=True)
async def withdraw_email(principal: Given[Principal], connection: Given[Connection]) -> Message:
    """Give a pending change of the e-mail address up, if there is one."""
    await email_change.withdraw(connection, principal)
    return Message(message="Your e-mail address stays as it is")


@post("/change-password", status_code=200, refuses=(WrongPassword, TooManyRequests), session_only=True)
async def change_password(
    data: JSONBody[PasswordChange], principal: Given[Principal], services: Given[Services], client: Given[Client]
) -> Message:
    """Change the caller's password. All other sessions end."""
    await actions.change_password(services, principal, data, client)
    return Message(message="Your password is changed")


@get("/preferences")
async def read_preferences(principal: Given[Principal], connection: Given[Connection]) -> Preferences:
    """Read all settings of the caller."""
    found = await queries.preferences_of(connection, principal.account_id, principal.user_id)
    if found is None:
        raise NotFound
    return found


@put("/preferences/security", refuses=(TooManyRequests,), session_only=True)
async def change_security(
    data: JSONBody[SecurityChanges],
    services: Given[Services],
    principal: Given[Principal],
    connection: Given[Connection],
) -> SecuritySettings:
    """Change the caller's security settings: only the keys that are sent. The second factor goes off in a session
    whose log-in is less than fifteen minutes old; otherwise a code is mailed, and it stays on until the code is sent to
    `/api/auth/2fa/disable`.
    """
    await switching.change_security(services, connection, principal, data)
    found = await queries.security_of(connection, principal.account_id, principal.user_id)
    if found is None:
        raise NotFound
    return found


@put("/preferences/notifications")
async def change_notifications(
    data: JSONBody[NotificationChanges], principal: Given[Principal], connection: Given[Connection]
) -> NotificationSettings:
    """Change what the caller wants to be told: only the keys that are sent. The answer has all of them."""
    return await queries.change_notifications(connection, principal.account_id, principal.user_id, data)


@put("/preferences/app")
async def change_app(
    data: JSONBody[AppChanges], principal: Given[Principal], connection: Given[Connection]
) -> AppPreferences:
    """Change how the client looks: only the keys that are sent. The answer has all of them."""
    return await queries.change_app(connection, principal.account_id, principal.user_id, data)


router = Router(
    path="/profile",
    tags=["Profile"],
    route_handlers=[
        read_profile,
        change_profile,
        confirm_email,
        withdraw_email,
        change_password,
        read_preferences,
        change_security,
        change_notifications,
        change_app,
    ],
)
