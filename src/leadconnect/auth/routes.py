"""The routes of signing up, in and out, of forgotten passwords and of sessions."""

from uuid import UUID

from litestar import Response, Router
from litestar.params import FromPath, JSONBody

from leadconnect.auth import actions, queries, recovery
from leadconnect.auth.actions import EmailTaken, WrongCredentials
from leadconnect.auth.codes import WrongCode
from leadconnect.auth.models import (
    AccessToken,
    CodeEntry,
    CodeVerdict,
    Credentials,
    ForgottenPassword,
    LogOut,
    Message,
    NewPassword,
    RefreshToken,
    RotatedTokens,
    Session,
    SessionRow,
    SignedIn,
    SignUp,
)
from leadconnect.auth.principal import Principal
from leadconnect.auth.second_factor.models import SecondFactorNeeded
from leadconnect.auth.services import Client, Services
from leadconnect.auth.sessions import actions as sessions
from leadconnect.auth.sessions.actions import RefreshRefused, RefreshReused, UserInactive
from leadconnect.database.pool import Connection
from leadconnect.errors import NotFound, TooManyRequests
from leadconnect.identifiers import parse_id
from leadconnect.web import CREATED, Given, TokenRotation, delete, get, post, rotates
from leadconnect.wire import instant


@post("/signup", public=True, refuses=(EmailTaken, TooManyRequests), answer_headers=CREATED)
async def sign_up(data: JSONBody[SignUp], services: Given[Services], client: Given[Client]) -> Response[SignedIn]:
    """Sign up: a new account, its owner, and a first session."""
    signed_in = await actions.sign_up(services, data, client)
    return Response(signed_in, headers={"location": f"/api/users/{signed_in.user.id}"})


@post("/login", status_code=200, public=True, refuses=(WrongCredentials, UserInactive, TooManyRequests))
async def log_in(
    data: JSONBody[Credentials],
    services: Given[Services],
    client: Given[Client],
    token_rotation: TokenRotation = None,
) -> SignedIn | SecondFactorNeeded:
    """Log in. A user with a second factor gets no tokens yet, but a code by mail for `/api/auth/login/2fa`."""
    return await actions.log_in(services, data, client, rotates=rotates(token_rotation))


@post("/refresh", status_code=200, public=True, refuses=(RefreshRefused, RefreshReused, TooManyRequests))
async def refresh(
    data: JSONBody[RefreshToken], services: Given[Services], token_rotation: TokenRotation = None
) -> AccessToken | RotatedTokens:
    """Get one more access token. The refresh token stays valid, also for calls at the same time; in a session that
    rotates, which its log-in or first refresh decides, the answer has the next one.
    """
    return await sessions.refresh(services, data.refresh_token, rotates=rotates(token_rotation))


@post("/logout", status_code=200, session_only=True)
async def log_out(data: JSONBody[LogOut], principal: Given[Principal], connection: Given[Connection]) -> Message:
    """End this session; with `{"all": true}` all sessions of the caller."""
    await actions.log_out(connection, principal, everywhere=data.all)
    return Message(message="You are signed out")


@post("/forgot-password", status_code=200, public=True)
async def forgot_password(data: JSONBody[ForgottenPassword], services: Given[Services]) -> Message:
    """Have a code mailed. The answer is the same whether or not somebody has the address."""
    await recovery.request_code(services, data.email)
    return Message(message="If this address belongs to a user, a code is on its way")


@post("/verify-otp", status_code=200, public=True)
async def verify_code(data: JSONBody[CodeEntry], services: Given[Services]) -> CodeVerdict:
    """Tell whether a code would be taken, without using it up. A code allows five wrong guesses."""
    valid = await recovery.is_right(services, data)
    return CodeVerdict(valid=valid, message="The code is right" if valid else "The code is wrong or expired")


@post("/reset-password", status_code=200, public=True, refuses=(WrongCode,))
async def reset_password(data: JSONBody[NewPassword], services: Given[Services], client: Given[Client]) -> Message:
    """Set a new password with a code. All sessions end."""
    await recovery.reset_password(services, data, client)
    return Message(message="Your password is changed. Please sign in")


@get("/sessions", session_only=True)
async def list_sessions(principal: Given[Principal], connection: Given[Connection]) -> list[Session]:
    """List the caller's sessions, the one used last first."""
    rows = await queries.live_sessions(connection, principal.account_id, principal.user_id)
    return [_session(row, principal.session) for row in rows]


@delete("/sessions", status_code=200, session_only=True)
async def end_other_sessions(principal: Given[Principal], connection: Given[Connection]) -> Message:
    """End all sessions of the caller but this one."""
    await queries.revoke_sessions(
        connection, principal.account_id, principal.user_id, "ended by the user", but=principal.session
    )
    return Message(message="All other sessions are ended")


@delete("/sessions/{session_id:str}", status_code=200, session_only=True)
async def end_session(session_id: FromPath[str], principal: Given[Principal], connection: Given[Connection]) -> Message:
    """End one session of the caller."""
    wanted = parse_id(session_id)
    account_id, user_id = principal.account_id, principal.user_id
    if not await queries.revoke_session(connection, account_id, user_id, wanted, "ended by the user"):
        raise NotFound("There is no such session")
    return Message(message="The session is ended")


def _session(row: SessionRow, current: UUID) -> Session:
    return Session(
        id=row.id,
        created_at=instant(row.created_at),
        last_seen_at=instant(row.last_seen_at),
        expires_at=instant(row.expires_at),
        ip=row.address,
        user_agent=row.user_agent,
        current=row.id == current,
    )


router = Router(
    path="/auth",
    tags=["Sign-in"],
    route_handlers=[
        sign_up,
        log_in,
        refresh,
        log_out,
        forgot_password,
        verify_code,
        reset_password,
        list_sessions,
        end_other_sessions,
        end_session,
    ],
)
