"""Proving anew who one is: what a stolen session must not be enough for, and the one way to store a new password."""

from datetime import timedelta
from uuid import UUID

from leadconnect.accounts import face as accounts
from leadconnect.accounts.models import normal_email
from leadconnect.auth import queries, throttles
from leadconnect.auth.password_links import queries as links
from leadconnect.auth.principal import Principal
from leadconnect.auth.services import Client, Services
from leadconnect.database.pool import Connection
from leadconnect.database.transaction import directory, tenant
from leadconnect.errors import LeadConnectError, NotSignedIn, ServiceBusy
from leadconnect.logs import security_event
from leadconnect.mail.announcements import Announcement, Kind, announce

FRESH = timedelta(minutes=15)
"""How long after a password was proven its session counts as proof of it."""


class WrongPassword(LeadConnectError):
    """The current password is wrong."""

    status = 400
    code = "wrong_password"

    def __init__(self, field: str = "currentPassword") -> None:
        """Name the `field` in which the password was sent."""
        super().__init__()
        self.field = field


async def is_fresh(connection: Connection, principal: Principal) -> bool:
    """Tell whether the caller proved their password in this session less than `FRESH` ago."""
    return await queries.is_authenticated_within(connection, principal.account_id, principal.session, FRESH)


async def require_live(connection: Connection, principal: Principal) -> None:
    """Let the caller pass whose session is still one, though they waited for the lock on their user meanwhile: whoever
    held it may have set a new password, which ended the session.

    Raises:
        NotSignedIn: it has ended.
        SessionNeeded: an API key calls.
    """
    if not await queries.is_live(connection, principal.account_id, principal.session):
        raise NotSignedIn


async def prove_password(
    services: Services, principal: Principal, password: str, client: Client, *, field: str = "currentPassword"
) -> None:
    """Let the caller pass who knows their own password, sent as `field`; wrong ones count as wrong log-ins do.

    Opens transactions of its own: a password is compared while no connection is held.

    Raises:
        WrongPassword: it is another one.
        TooManyRequests: too many wrong ones, here or at log-in; the password is not looked at.
        ServiceBusy: too many passwords are waiting to be compared; nothing is counted.
    """
    account_id, user_id = principal.account_id, principal.user_id
    async with tenant(services.database, account_id) as connection:
        user = await queries.stored_password(connection, account_id, user_id)
    if user is None:
        raise NotSignedIn
    email = normal_email(user.email)
    strict, loose = services.limits.log_in(email, client.address), services.limits.log_in_from_anywhere(email)
    async with directory(services.database) as connection:
        await throttles.take(connection, strict, loose)
    try:
        right = await services.hasher.verify(password, user.password)
    except ServiceBusy:
        async with directory(services.database) as connection:
            await queries.release(connection, [strict.key, loose.key])
        raise
    if not right:
        security_event("prove_password", outcome="refused", account_id=str(account_id), user_id=str(user_id))
        raise WrongPassword(field)
    async with directory(services.database) as connection:
        await queries.release(connection, [loose.key], cleared=[strict.key])


async def store_new_password(
    services: Services,
    connection: Connection,
    account_id: UUID,
    user_id: UUID,
    password: str,
    *,
    reason: str,
    but: UUID | None = None,
) -> None:
    """Store a new password, in its hashed form: all sessions of the user end but the one given, open codes and links
    become useless, and the user is told by mail and in the inbox. Where no session stays, for nobody proved the
    password before, the API key goes with them.
    """
    await accounts.set_password(connection, account_id, user_id, password)
    await accounts.note_password_change(connection, account_id, user_id)
    await void_open_entries(connection, account_id, user_id)
    await queries.revoke_sessions(connection, account_id, user_id, reason, but=but)
    if but is None:
        await queries.revoke_api_key(connection, account_id, user_id)
    user = await accounts.user_by_id(connection, account_id, user_id)
    if user is not None:
        if user.invited_at is None:  # before that, the invitation is the only mail
            await services.outbox.post(connection, "password_changed", user.email, {"name": user.full_name})
        await announce(connection, Announcement(kind=Kind.PASSWORD_CHANGED, account_id=account_id, user_id=user_id))


async def void_open_entries(connection: Connection, account_id: UUID, user_id: UUID) -> None:
    """Make the mailed codes and links useless with which the user's password could be set."""
    await queries.void_codes(connection, account_id, user_id)
    await links.void_links(connection, account_id, user_id)
