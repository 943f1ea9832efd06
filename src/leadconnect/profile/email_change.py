"""Another e-mail address: at once for whoever has just proven their password, else once a code from it is entered."""

import asyncpg

from leadconnect.accounts import face as accounts
from leadconnect.accounts.models import UserRow, normal_email
from leadconnect.auth import face as auth
from leadconnect.auth import throttles
from leadconnect.auth.actions import EmailTaken
from leadconnect.auth.codes import WrongCode
from leadconnect.auth.credentials.codes import new_code
from leadconnect.auth.principal import Principal
from leadconnect.auth.proof import is_fresh, require_live, void_open_entries
from leadconnect.auth.services import Services
from leadconnect.database.pool import Connection
from leadconnect.logs import security_event
from leadconnect.profile import queries

PURPOSE = "change e-mail"


class WrongEmailCode(WrongCode):
    """The code is wrong, used or expired. Please change the address again to get a new one."""

    code = "wrong_email_code"
    keeps_writes = True


async def change_email(
    services: Services, connection: Connection, principal: Principal, user: UserRow, email: str, *, is_proven: bool
) -> None:
    """Give the caller, the locked `user`, the address `email`: at once when `is_proven` or their session is fresh,
    else it is pending and a code is mailed to it. The present address is told in either case.

    Raises:
        SessionNeeded: an API key calls.
        EmailTaken: it belongs to a user, of whatever account.
        TooManyRequests: too many changes by this user, or to this address.
    """
    account_id, normal = principal.account_id, normal_email(email)
    if normal == normal_email(user.email):
        return
    await require_live(connection, principal)
    if await auth.log_in_candidate(connection, normal) is not None:
        raise EmailTaken
    if is_proven or await is_fresh(connection, principal):
        await throttles.take(connection, *services.limits.email_changes(principal.user_id, normal))
        await _apply(services, connection, principal, user, email)
        return
    pending = await queries.open_email_change(connection, account_id, principal.user_id)
    if pending is not None and pending.email_normal == normal and pending.is_recent:
        return  # the form was sent twice
    await throttles.take(connection, *services.limits.email_codes(principal.user_id, normal))
    await _mail_code(services, connection, principal, user, email)
    security_event("email_change", outcome="pending", user_id=str(principal.user_id), account_id=str(account_id))


async def confirm(services: Services, connection: Connection, principal: Principal, code: str) -> None:
    """Finish the caller's change of address, for whoever has its code; a code does so once.

    Raises:
        WrongEmailCode: wrong, used, expired, or guessed at too often.
        EmailTaken: somebody else has taken the address meanwhile.
        TooManyRequests: too many wrong codes, over all of the user's changes.
    """
    account_id, user_id = principal.account_id, principal.user_id
    user = await accounts.lock_user(connection, account_id, user_id)
    await require_live(connection, principal)
    found = await queries.reserve_email_attempt(connection, account_id, user_id)
    budget = services.limits.wrong_codes(str(user_id), compared=found is not None, purpose=PURPOSE)
    await throttles.take(connection, budget)
    if user is None or found is None or not services.codes.matches(code, PURPOSE, user_id, found.otp):
        security_event("email_change", outcome="refused", user_id=str(user_id), account_id=str(account_id))
        raise WrongEmailCode
    await auth.release(connection, [budget.key])
    await _apply(services, connection, principal, user, found.email)


async def withdraw(connection: Connection, principal: Principal) -> None:
    """Give the caller's pending change of address up, if there is one."""
    await queries.end_email_change(connection, principal.account_id, principal.user_id)


async def _apply(services: Services, connection: Connection, principal: Principal, user: UserRow, email: str) -> None:
    account_id, user_id = principal.account_id, principal.user_id
    try:
        await accounts.set_email(connection, account_id, user_id, email, normal_email(email))
    except asyncpg.UniqueViolationError:
        raise EmailTaken from None
    await queries.end_email_change(connection, account_id, user_id)
    await void_open_entries(connection, account_id, user_id)
    await auth.revoke_sessions(connection, account_id, user_id, "e-mail change", but=principal.session)
    context = {"name": user.full_name, "email": email}
    await services.outbox.post(connection, "email_changed", user.email, context)
    security_event("email_change", outcome="ok", user_id=str(user_id), account_id=str(account_id))


async def _mail_code(
    services: Services, connection: Connection, principal: Principal, user: UserRow, email: str
) -> None:
    code = new_code()
    sealed = services.codes.seal(code, PURPOSE, user.id)
    ends_at = await queries.set_email_change(
        connection, principal.account_id, user.id, email=email, email_normal=normal_email(email), sealed=sealed
    )
    minutes = str(int(queries.EMAIL_CODE_LIFE.total_seconds() // 60))
    context = {"name": user.full_name, "email": email, "code": code, "minutes": minutes}
    await services.outbox.post(connection, "email_change_code", email, context, expires_at=ends_at)
    context = {"name": user.full_name, "email": email}
    await services.outbox.post(connection, "email_change_asked", user.email, context)


async def purge(connection: Connection) -> None:
    """Delete the pending changes that expired a while ago, of all accounts. Background work."""
    await queries.purge_email_changes(connection)
