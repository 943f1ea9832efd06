"""Switching the second factor on and off, and the other security settings.

On is at once. Off needs fresh proof of who asks: the password, a session in which it was proven a moment ago, or a code
by mail; until the code comes back the second factor stays on.
"""

from uuid import UUID

from msgspec import UNSET

from leadconnect.accounts import face as accounts
from leadconnect.accounts.models import UserRow
from leadconnect.auth import queries as auth_queries
from leadconnect.auth.codes import WrongCode, judge
from leadconnect.auth.models import Message
from leadconnect.auth.principal import Principal
from leadconnect.auth.proof import is_fresh, prove_password, require_live
from leadconnect.auth.second_factor import queries
from leadconnect.auth.second_factor.codes import SWITCH_OFF, mail_code
from leadconnect.auth.second_factor.models import SecondFactorStatus, SecurityChanges, SwitchOff
from leadconnect.auth.services import Client, Services
from leadconnect.auth.sessions.queries import end_idle_sessions
from leadconnect.database.pool import Connection
from leadconnect.database.transaction import tenant
from leadconnect.errors import LeadConnectError, NotSignedIn
from leadconnect.logs import security_event
from leadconnect.mail.announcements import Announcement, Kind, announce


class SecondFactorOn(LeadConnectError):
    """The second factor is on already."""

    status = 400
    code = "second_factor_on"


class SecondFactorOff(LeadConnectError):
    """The second factor is not on."""

    status = 400
    code = "second_factor_off"


async def status(connection: Connection, caller: Principal) -> SecondFactorStatus:
    """Return whether the caller is asked for a second factor, and where its codes go."""
    found = await queries.status(connection, caller.account_id, caller.user_id)
    if found is None:
        raise NotSignedIn
    return found


async def enable(services: Services, connection: Connection, caller: Principal) -> None:
    """Switch the caller's second factor on.

    Raises:
        SecondFactorOn: it is on.
    """
    if not await _switch(services, connection, caller, on=True):
        raise SecondFactorOn


async def disable(services: Services, caller: Principal, given: SwitchOff, client: Client) -> Message:
    """Switch the caller's second factor off, or mail them the code for it where nothing proves that it is they.

    Raises:
        SecondFactorOff: it is not on.
        WrongPassword, WrongCode: what was given as proof is none.
        TooManyRequests: too many wrong passwords, or too many codes within the hour.
        ServiceBusy: too many passwords are waiting to be compared.
    """
    async with tenant(services.database, caller.account_id) as connection:
        current = await status(connection, caller)
    if not current.enabled:
        raise SecondFactorOff
    code_id: UUID | None = None
    if given.password is not None:
        await prove_password(services, caller, given.password, client, field="password")
    elif given.otp is not None:
        code_id = await _proven_code(services, caller, current.email, given.otp)
    async with tenant(services.database, caller.account_id) as connection:
        await auth_queries.hold_user(connection, caller.account_id, caller.user_id)
        await require_live(connection, caller)
        if code_id is not None and not await _use(connection, caller, code_id):
            raise WrongCode
        if given.password is None and code_id is None and not await is_fresh(connection, caller):
            await _ask(services, connection, caller)
            return Message(message="A code was mailed to you. Send it to switch the second factor off")
        if not await _switch(services, connection, caller, on=False):
            raise SecondFactorOff
    return Message(message="The second factor is off")


async def change_security(
    services: Services, connection: Connection, caller: Principal, wanted: SecurityChanges
) -> None:
    """Change the caller's security settings. The second factor stays on where switching it off needs a code first.

    Raises:
        TooManyRequests: too many codes within the hour.
    """
    account_id, user_id = caller.account_id, caller.user_id
    await auth_queries.hold_user(connection, account_id, user_id)
    await require_live(connection, caller)
    if wanted.session_timeout is not UNSET and services.settings.ends_idle_sessions:
        # What is over by the old setting must not come back to life by the new one.
        unchosen = services.settings.unchosen_idle_timeout
        await end_idle_sessions(connection, account_id, user_id, but=caller.session, unchosen=unchosen)
    await queries.set_security(
        connection,
        account_id,
        user_id,
        login_notifications=None if wanted.login_notifications is UNSET else wanted.login_notifications,
        session_timeout=None if wanted.session_timeout is UNSET else str(wanted.session_timeout),
    )
    if wanted.two_factor_enabled is True or (wanted.two_factor_enabled is False and await is_fresh(connection, caller)):
        await _switch(services, connection, caller, on=wanted.two_factor_enabled)
    elif wanted.two_factor_enabled is False and (await status(connection, caller)).enabled:
        await _ask(services, connection, caller)


async def _switch(services: Services, connection: Connection, caller: Principal, *, on: bool) -> bool:
    """Switch, end all other sessions, and tell the user; False when it is so already."""
    account_id, user_id = caller.account_id, caller.user_id
    if not await queries.switch(connection, account_id, user_id, on=on):
        return False
    await queries.void_codes(connection, account_id, user_id)
    reason = f"second factor {'on' if on else 'off'}"
    await auth_queries.revoke_sessions(connection, account_id, user_id, reason, but=caller.session)
    user = await _user(connection, caller)
    context = {"name": user.full_name, "state": "on" if on else "off"}
    await services.outbox.post(connection, "second_factor_changed", user.email, context)
    await announce(connection, Announcement(kind=Kind.TWO_FACTOR_CHANGED, account_id=account_id, user_id=user_id))
    security_event("second_factor_changed", outcome="ok", account_id=str(account_id), user_id=str(user_id), on=on)
    return True


async def _ask(services: Services, connection: Connection, caller: Principal) -> None:
    """Mail the code that switches the second factor off."""
    await mail_code(services, connection, caller.account_id, await _user(connection, caller), SWITCH_OFF)
    account_id, user_id = str(caller.account_id), str(caller.user_id)
    security_event("second_factor_changed", outcome="pending", account_id=account_id, user_id=user_id, on=False)


async def _proven_code(services: Services, caller: Principal, email: str, guess: str) -> UUID:
    verdict = await judge(services, SWITCH_OFF, email, guess)
    if not verdict.is_right or verdict.code is None or verdict.code.user_id != caller.user_id:
        account_id, user_id = str(caller.account_id), str(caller.user_id)
        security_event("second_factor_changed", outcome="refused", account_id=account_id, user_id=user_id, on=False)
        raise WrongCode
    return verdict.code.code_id


async def _use(connection: Connection, caller: Principal, code_id: UUID) -> bool:
    account_id, user_id = caller.account_id, caller.user_id
    return await queries.use_code(connection, account_id, user_id, SWITCH_OFF.purpose, code_id) is not None


async def _user(connection: Connection, caller: Principal) -> UserRow:
    user = await accounts.user_by_id(connection, caller.account_id, caller.user_id)
    if user is None:
        raise NotSignedIn
    return user
