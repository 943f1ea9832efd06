"""Signing in with a second factor: after the right password, and never before it, a code by mail.

The right password opens a challenge. Codes are mailed within it alone, so neither the mailbox nor the password is
enough.
"""

from datetime import datetime
from uuid import UUID

from leadconnect.accounts import face as accounts
from leadconnect.accounts.models import normal_email
from leadconnect.auth import queries as auth_queries
from leadconnect.auth import throttles
from leadconnect.auth.codes import WrongCode, judge, request_code, who_asked
from leadconnect.auth.credentials.codes import new_code
from leadconnect.auth.models import OpenCode, SignedIn
from leadconnect.auth.second_factor import queries
from leadconnect.auth.second_factor.codes import MINUTES, SIGN_IN, TEMPLATES, mail_code
from leadconnect.auth.second_factor.models import (
    SecondFactorEntry,
    SecondFactorNeeded,
    SecondFactorVerdict,
)
from leadconnect.auth.services import Client, Services
from leadconnect.auth.sessions.actions import UserInactive, auth_user, start_session
from leadconnect.database.pool import Connection
from leadconnect.database.transaction import directory, tenant
from leadconnect.errors import NotSignedIn
from leadconnect.logs import security_event

MAIL_SIGN_IN_CODE = "mail_sign_in_code"
"""The entry point of the queue that `mail_another_code` serves; its payload is a sealed `CodeRequest`."""


class PasswordNeeded(NotSignedIn):
    """Please sign in with your password first: no sign-in waits for a code, or its code is too old."""

    code = "password_needed"


async def open_challenge(
    services: Services, connection: Connection, account_id: UUID, user_id: UUID
) -> SecondFactorNeeded:
    """Mail a code to a user whose password was just proven. A second log-in within a minute mails no second one.

    Raises:
        TooManyRequests: too many codes within the hour.
    """
    user = await accounts.user_by_id(connection, account_id, user_id)
    if user is None:
        raise NotSignedIn
    await mail_code(services, connection, account_id, user, SIGN_IN)
    security_event("second_factor_asked", outcome="ok", account_id=str(account_id), user_id=str(user_id))
    return SecondFactorNeeded(
        requires_two_factor=True, message="A code was mailed to you. Enter it to sign in", email=user.email
    )


async def finish_log_in(services: Services, entry: SecondFactorEntry, client: Client, *, rotates: bool) -> SignedIn:
    """Begin the session of a user whose password was proven, for the code that was mailed in the last ten minutes.

    Raises:
        PasswordNeeded: no code is open.
        WrongCode: one is, but this is not its newest code, or its guesses are used up.
        UserInactive: the user was deactivated meanwhile.
        TooManyRequests: too many log-ins from the client's address.
    """
    async with directory(services.database) as connection:
        await throttles.take(connection, services.limits.log_ins_from(client.address))
    code = await _judged(services, entry)
    account_id, user_id = code.account_id, code.user_id
    async with tenant(services.database, account_id) as connection:
        held = await auth_queries.hold_user(connection, account_id, user_id)
        if held is None or not held.is_active:
            raise UserInactive
        proven_at = await queries.use_code(connection, account_id, user_id, SIGN_IN.purpose, code.code_id)
        if proven_at is None:
            raise WrongCode
        signed_in = await start_session(
            services, connection, account_id, user_id, client, rotates=rotates, authenticated_at=proven_at
        )
    security_event("log_in", outcome="ok", account_id=str(account_id), user_id=str(user_id), factor_count=2)
    return signed_in


async def ask_again(services: Services, email: str) -> None:
    """Have another code mailed to whoever is asked for one: at most one a minute and five an hour."""
    limits = services.limits.sign_in_codes_again(normal_email(email))
    await request_code(services, MAIL_SIGN_IN_CODE, email, limits)


async def mail_another_code(services: Services, payload: bytes, asked_at: datetime) -> None:
    """Add a code to the open challenge of an address, if there is one, and mail it. Work of the worker.

    It is open for fifteen minutes after the password, as long as none of its codes was used. A code lives from
    `asked_at`, the database's time of the request, on. Done a second time, this does nothing.

    Raises:
        UnreadablePayload: the payload was not sealed with this secret.
    """
    asked = await who_asked(services, payload)
    if asked is None:
        return
    code_id, candidate = asked
    account_id, user_id, code = candidate.account_id, candidate.user_id, new_code()
    sealed = services.codes.seal(code, SIGN_IN.purpose, user_id)
    async with tenant(services.database, account_id) as connection:
        await auth_queries.hold_user(connection, account_id, user_id)  # so that the challenge does not end meanwhile
        user = await accounts.user_by_id(connection, account_id, user_id)
        expires_at = await queries.insert_code_again(
            connection, account_id, user_id, code_id, purpose=SIGN_IN.purpose, sealed=sealed, asked_at=asked_at
        )
        if user is None or expires_at is None:
            return
        context = {"name": user.full_name, "code": code, "minutes": MINUTES}
        await services.outbox.post(connection, TEMPLATES[SIGN_IN.purpose], user.email, context, expires_at=expires_at)


async def verify(services: Services, entry: SecondFactorEntry) -> SecondFactorVerdict:
    """Tell whether a code to sign in is right; it is used up then, and no session begins."""
    refused = SecondFactorVerdict(valid=False, message="The code is wrong or expired")
    verdict = await judge(services, SIGN_IN, entry.email, entry.otp)
    code = verdict.code
    if code is None or not verdict.is_right:
        return refused
    async with tenant(services.database, code.account_id) as connection:
        held = await auth_queries.hold_user(connection, code.account_id, code.user_id)
        if held is None or not held.is_active:
            return refused
        used = await queries.use_code(connection, code.account_id, code.user_id, SIGN_IN.purpose, code.code_id)
        user = await accounts.user_by_id(connection, code.account_id, code.user_id)
    if used is None or user is None:
        return refused
    security_event("second_factor", outcome="ok", account_id=str(code.account_id), user_id=str(code.user_id))
    return SecondFactorVerdict(valid=True, message="The code is right", user=auth_user(user))


async def _judged(services: Services, entry: SecondFactorEntry) -> OpenCode:
    verdict = await judge(services, SIGN_IN, entry.email, entry.otp)
    if verdict.code is None:
        security_event("second_factor", outcome="refused")
        raise PasswordNeeded
    if not verdict.is_right:
        account_id, user_id = str(verdict.code.account_id), str(verdict.code.user_id)
        security_event("second_factor", outcome="refused", account_id=account_id, user_id=user_id)
        raise WrongCode
    return verdict.code
