"""Beginning a session, finding whose a token is, and keeping a session alive."""

from datetime import datetime, timedelta
from uuid import UUID

from leadconnect.accounts import face as accounts
from leadconnect.accounts.models import UserRow
from leadconnect.auth import queries as auth_queries
from leadconnect.auth import throttles
from leadconnect.auth.credentials.tokens import TokenKind, new_token, token_digest
from leadconnect.auth.models import AccessToken, AuthUser, RotatedTokens, SignedIn
from leadconnect.auth.principal import Idled, Principal
from leadconnect.auth.services import Client, Services
from leadconnect.auth.sessions import queries
from leadconnect.auth.sessions.devices import note_device
from leadconnect.auth.sessions.models import HeldSession
from leadconnect.auth.sessions.rotation import GRACE, Move, move
from leadconnect.database.pool import Connection
from leadconnect.database.transaction import tenant
from leadconnect.errors import NotSignedIn, TooManyRequests
from leadconnect.logs import security_event


class UserInactive(NotSignedIn):
    """This user has been deactivated. Please ask the owner of the account."""

    code = "user_inactive"


class RefreshRefused(NotSignedIn):
    """Please sign in again: the refresh token is unknown or expired."""

    code = "refresh_refused"


class RefreshReused(RefreshRefused):
    """Please sign in again: the refresh token was used before, and the session has ended."""

    code = "refresh_reused"
    keeps_writes = True  # the session ends with it


async def find_caller(
    services: Services, digest: str, kind: TokenKind, look_up: auth_queries.LookUp = auth_queries.caller
) -> Principal | None:
    """Return who holds the live token of this digest. A session that was silent for too long ends here."""
    settings = services.settings
    async with services.database.acquire() as connection:
        found = await look_up(
            connection, digest, kind, ends_idle=settings.ends_idle_sessions, unchosen=settings.unchosen_idle_timeout
        )
    if isinstance(found, Idled):
        security_event("session_idle", outcome="ended", account_id=str(found.account_id), user_id=str(found.user_id))
        return None
    return found


async def start_session(
    services: Services,
    connection: Connection,
    account_id: UUID,
    user_id: UUID,
    client: Client,
    *,
    rotates: bool = False,
    authenticated_at: datetime | None = None,
) -> SignedIn:
    """Begin a session of the user, whose password was proven at `authenticated_at`, None being now.

    Raises:
        NotSignedIn: there is no such user any more.
    """
    user = await accounts.user_by_id(connection, account_id, user_id)
    if user is None:
        raise NotSignedIn
    if user.invited_at is not None:
        await accounts.accept_invitation(connection, account_id, user_id)
    session_id = await queries.insert_session(
        connection,
        account_id,
        user_id,
        mode="rotating" if rotates else "legacy",
        authenticated_at=authenticated_at,
        address=client.address,
        user_agent=client.user_agent,
    )
    if await queries.evict_sessions(connection, account_id, user_id):
        security_event("session_evicted", outcome="ok", account_id=str(account_id), user_id=str(user_id))
    access_token = await _add_token(connection, account_id, session_id, TokenKind.ACCESS)
    refresh_token = await _add_token(connection, account_id, session_id, TokenKind.REFRESH)
    await note_device(services, connection, account_id, user, client)
    return SignedIn(
        access_token=access_token,
        refresh_token=refresh_token,
        expires_in=_token_seconds(queries.SESSION_LIFE),
        user=auth_user(user),
    )


async def refresh(services: Services, refresh_token: str, *, rotates: bool) -> AccessToken | RotatedTokens:
    """Return one more access token of the session that `refresh_token` belongs to.

    Any number of these calls may run at once: clients do that. The refresh token stays as it is, unless the session
    rotates, which its log-in or its first refresh decides; then there is a new one too.

    Raises:
        RefreshRefused: the token is unknown or expired, or its user is no longer active.
        RefreshReused: the token was used before, and somebody else has its successor; the session ends.
        TooManyRequests: more than thirty in a minute, or too many with one token.
    """
    digest = token_digest(refresh_token, TokenKind.REFRESH)
    caller = await find_caller(services, digest, TokenKind.REFRESH) if digest is not None else None
    if digest is None or caller is None:
        raise RefreshRefused
    async with tenant(services.database, caller.account_id) as connection:
        await throttles.take(connection, services.limits.refreshes(caller.session))
        session = await queries.hold_session(connection, caller.account_id, caller.session, rotates=rotates)
        if session is None:
            raise RefreshRefused
        if session.mode == "rotating":
            return await _rotate(services, connection, caller, session, digest)
        return AccessToken(
            access_token=await _renewed(connection, caller, TokenKind.ACCESS),
            expires_in=_token_seconds(session.remaining),
        )


def auth_user(row: UserRow) -> AuthUser:
    """Return the user as sign-up and log-in tell about them."""
    return AuthUser(
        id=row.id,
        email=row.email,
        full_name=row.full_name,
        role=row.custom_role or row.role,
        company_name=row.company_name,
    )


async def _rotate(
    services: Services, connection: Connection, caller: Principal, session: HeldSession, digest: str
) -> RotatedTokens:
    shown = await queries.presented(connection, caller.account_id, caller.session, digest, GRACE)
    if shown is None:
        raise RefreshRefused
    decided = move(session, shown)
    if decided is Move.STOLEN:
        await _end_stolen(services, connection, caller)
        raise RefreshReused
    if decided is Move.WAIT:
        raise TooManyRequests(retry_after=GRACE)
    if decided is Move.RETRY:
        security_event("refresh_retried", outcome="ok", account_id=str(caller.account_id), user_id=str(caller.user_id))
    if decided is Move.NEXT:
        await queries.begin_generation(connection, caller.account_id, caller.session, digest)
    return RotatedTokens(
        access_token=await _renewed(connection, caller, TokenKind.ACCESS),
        refresh_token=await _renewed(connection, caller, TokenKind.REFRESH),
        expires_in=_token_seconds(session.remaining),
    )


def _token_seconds(session_remaining: timedelta) -> int:
    """Return how long a new access token is valid: no longer than its session."""
    return int(min(queries.ACCESS_TOKEN_LIFE, session_remaining) / timedelta(seconds=1))


async def _end_stolen(services: Services, connection: Connection, caller: Principal) -> None:
    """End a session of which two hold refresh tokens, and tell its user, once."""
    account_id, user_id, session_id = caller.account_id, caller.user_id, caller.session
    await auth_queries.revoke_session(connection, account_id, user_id, session_id, "refresh token used again")
    security_event("refresh_reuse", outcome="ended", account_id=str(account_id), user_id=str(user_id))
    user = await accounts.user_by_id(connection, account_id, user_id)
    if user is not None:
        key = f"session stolen {session_id}"
        await services.outbox.post(connection, "session_stolen", user.email, {"name": user.full_name}, key=key)


async def _renewed(connection: Connection, caller: Principal, kind: TokenKind) -> str:
    token = await _add_token(connection, caller.account_id, caller.session, kind)
    await queries.evict_tokens(connection, caller.account_id, caller.session, kind)
    return token


async def _add_token(connection: Connection, account_id: UUID, session_id: UUID, kind: TokenKind) -> str:
    token = new_token(kind)
    digest = token_digest(token, kind)
    if digest is None:
        raise ValueError("not a token of this kind")
    await queries.insert_token(connection, account_id, session_id, digest, kind)
    return token
