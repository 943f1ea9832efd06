"""Signing up, in and out."""

import asyncpg

from leadconnect.accounts import face as accounts
from leadconnect.accounts.locales import locale_of
from leadconnect.accounts.models import normal_email
from leadconnect.auth import queries, throttles
from leadconnect.auth.models import Candidate, Credentials, SignedIn, SignUp
from leadconnect.auth.principal import Principal
from leadconnect.auth.second_factor.challenges import open_challenge
from leadconnect.auth.second_factor.models import SecondFactorNeeded
from leadconnect.auth.services import Client, Services
from leadconnect.auth.sessions.actions import UserInactive, start_session
from leadconnect.auth.throttles import Limit
from leadconnect.database.pool import Connection
from leadconnect.database.transaction import directory, tenant
from leadconnect.errors import Conflict, NotSignedIn, ServiceBusy
from leadconnect.identifiers import new_id
from leadconnect.logs import security_event


class EmailTaken(Conflict):
    """Somebody has signed up with this e-mail address already."""

    code = "email_taken"
    field = "email"


class WrongCredentials(NotSignedIn):
    """Invalid email or password"""

    code = "wrong_credentials"


async def sign_up(services: Services, wanted: SignUp, client: Client) -> SignedIn:
    """Make an account with its owner, and a first session.

    Raises:
        EmailTaken: the address belongs to a user, of whatever account.
        TooManyRequests: too many sign-ups from the client's address.
        ServiceBusy: too many passwords are waiting to be hashed.
    """
    async with directory(services.database) as connection:
        await throttles.take(connection, services.limits.sign_ups_from(client.address))
    password = await services.hasher.hash(wanted.password)
    account_id, user_id = new_id(), new_id()
    async with tenant(services.database, account_id) as connection:
        await accounts.insert_account(
            connection, account_id, user_id,
            company_name=wanted.company_name,
            company_size=wanted.company_size,
            industry=wanted.industry,
            custom_industry=wanted.custom_industry if wanted.industry == "other" else None,
            website=wanted.website,
            time_zone=wanted.time_zone,
            locale=locale_of(wanted.locale or ""),
        )  # fmt: skip
        try:
            await accounts.insert_user(
                connection,
                account_id,
                user_id,
                email=wanted.email,
                email_normal=normal_email(wanted.email),
                full_name=wanted.full_name,
                password=password,
                role=wanted.role,
                custom_role=wanted.custom_role if wanted.role == "other" else None,
            )
        except asyncpg.UniqueViolationError:
            raise EmailTaken from None
        signed_in = await start_session(services, connection, account_id, user_id, client)
    security_event("sign_up", outcome="ok", account_id=str(account_id), user_id=str(user_id))
    return signed_in


async def log_in(
    services: Services, credentials: Credentials, client: Client, *, rotates: bool
) -> SignedIn | SecondFactorNeeded:
    """Begin a session for the holder of an e-mail address and its password, or ask them for a second factor.

    Whether somebody has the address shows neither in the answer nor in its time: a hash is computed in any case.

    Raises:
        WrongCredentials: they do not belong together.
        UserInactive: they do, but the user has been deactivated.
        TooManyRequests: too many wrong log-ins, counted before the password is looked at.
        ServiceBusy: too many passwords are waiting to be hashed.
    """
    email, password = normal_email(credentials.email), credentials.password
    strict, loose = services.limits.log_in(email, client.address), services.limits.log_in_from_anywhere(email)
    async with directory(services.database) as connection:
        await throttles.take(connection, services.limits.log_ins_from(client.address), strict, loose)
        candidate = await queries.log_in_candidate(connection, email)
    right = await _is_right(services, password, candidate, (strict, loose))
    if candidate is None or not right:
        security_event("log_in", outcome="refused", user_id=str(candidate.user_id) if candidate else None)
        raise WrongCredentials
    account_id, user_id = candidate.account_id, candidate.user_id
    if not candidate.is_active:
        security_event("log_in", outcome="inactive", account_id=str(account_id), user_id=str(user_id))
        raise UserInactive
    async with directory(services.database) as connection:  # whatever comes of it, this was no guess
        await queries.release(connection, [loose.key], cleared=[strict.key])
    rehashed = await _rehashed(services, password, candidate)
    async with tenant(services.database, account_id) as connection:
        held = await queries.hold_user(connection, account_id, user_id)
        if held is None or not held.is_active or held.chosen_at != candidate.chosen_at:
            raise WrongCredentials
        if rehashed is not None:
            await accounts.set_password(connection, account_id, user_id, rehashed)
        if held.two_factor_enabled:
            return await open_challenge(services, connection, account_id, user_id)
        signed_in = await start_session(services, connection, account_id, user_id, client, rotates=rotates)
    security_event("log_in", outcome="ok", account_id=str(account_id), user_id=str(user_id))
    return signed_in


async def log_out(connection: Connection, caller: Principal, *, everywhere: bool) -> None:
    """End the caller's session, or all their sessions."""
    if everywhere:
        await queries.revoke_sessions(connection, caller.account_id, caller.user_id, "log-out everywhere")
    else:
        await queries.revoke_session(connection, caller.account_id, caller.user_id, caller.session, "log-out")
    security_event("log_out", outcome="ok", everywhere=everywhere)


async def _is_right(services: Services, password: str, candidate: Candidate | None, counted: tuple[Limit, ...]) -> bool:
    """Compare the password; when it cannot be compared, nothing was guessed, so what was counted is taken back."""
    try:
        return await services.hasher.verify(password, candidate.password if candidate else None)
    except ServiceBusy:
        async with directory(services.database) as connection:
            await queries.release(connection, [limit.key for limit in counted])
        raise


async def _rehashed(services: Services, password: str, candidate: Candidate) -> str | None:
    if not services.hasher.needs_rehash(candidate.password):
        return None
    try:
        return await services.hasher.hash(password)
    except ServiceBusy:
        return None  # the next log-in will do
