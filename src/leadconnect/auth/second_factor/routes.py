"""The routes of the second factor."""

from litestar import Router
from litestar.params import JSONBody

from leadconnect.auth.codes import WrongCode
from leadconnect.auth.models import Message, SignedIn
from leadconnect.auth.principal import Principal
from leadconnect.auth.proof import WrongPassword
from leadconnect.auth.second_factor import challenges, switching
from leadconnect.auth.second_factor.challenges import PasswordNeeded
from leadconnect.auth.second_factor.models import (
    CodeAgain,
    SecondFactorEntry,
    SecondFactorStatus,
    SecondFactorVerdict,
    SwitchOff,
)
from leadconnect.auth.second_factor.switching import SecondFactorOff, SecondFactorOn
from leadconnect.auth.services import Client, Services
from leadconnect.auth.sessions.actions import UserInactive
from leadconnect.database.pool import Connection
from leadconnect.errors import TooManyRequests
from leadconnect.web import Given, TokenRotation, get, post, rotates


@post("/login/2fa", status_code=200, public=True, refuses=(WrongCode, PasswordNeeded, UserInactive, TooManyRequests))
async def finish_log_in(
    data: JSONBody[SecondFactorEntry],
    services: Given[Services],
    client: Given[Client],
    token_rotation: TokenRotation = None,
) -> SignedIn:
    """Finish a log-in with the code that was mailed. It is good for ten minutes."""
    return await challenges.finish_log_in(services, data, client, rotates=rotates(token_rotation))


@post("/2fa/send-otp", status_code=200, public=True)
async def mail_another_code(data: JSONBody[CodeAgain], services: Given[Services]) -> Message:
    """Have another code mailed to whoever is asked for one, in the fifteen minutes after the password and until a code
    is used. It is good for ten minutes again. The answer is always the same.
    """
    await challenges.ask_again(services, data.email)
    return Message(message="If a sign-in waits for a code, another one is on its way. If none comes, sign in again")


@post("/2fa/verify-otp", status_code=200, public=True)
async def verify_sign_in_code(data: JSONBody[SecondFactorEntry], services: Given[Services]) -> SecondFactorVerdict:
    """Tell whether a code to sign in is right. A right one is used up by this, and no session begins."""
    return await challenges.verify(services, data)


@post("/2fa/enable", status_code=200, refuses=(SecondFactorOn,), session_only=True)
async def enable_second_factor(
    services: Given[Services], principal: Given[Principal], connection: Given[Connection]
) -> Message:
    """Switch the caller's second factor on. All their other sessions end."""
    await switching.enable(services, connection, principal)
    return Message(message="The second factor is on")


@post(
    "/2fa/disable",
    status_code=200,
    refuses=(SecondFactorOff, WrongPassword, WrongCode, TooManyRequests),
    session_only=True,
)
async def disable_second_factor(
    data: JSONBody[SwitchOff], services: Given[Services], principal: Given[Principal], client: Given[Client]
) -> Message:
    """Switch the caller's second factor off. It takes the password, or a log-in of the last fifteen minutes; otherwise
    a code is mailed, and it stays on until the code is sent here.
    """
    return await switching.disable(services, principal, data, client)


@get("/2fa/status", session_only=True)
async def read_second_factor(principal: Given[Principal], connection: Given[Connection]) -> SecondFactorStatus:
    """Tell whether the caller is asked for a second factor, and where its codes go."""
    return await switching.status(connection, principal)


router = Router(
    path="/auth",
    tags=["Second factor"],
    route_handlers=[
        finish_log_in,
        mail_another_code,
        verify_sign_in_code,
        enable_second_factor,
        disable_second_factor,
        read_second_factor,
    ],
)
