"""A forgotten password: a code by mail, and a new password for whoever has the code.

A request for a code only puts a job into the queue, whoever asks; the worker finds out whether the address belongs to
somebody. So neither the answer nor its time tells, and code and mail are written in one transaction, later.
"""

from datetime import datetime

from leadconnect.accounts import face as accounts
from leadconnect.accounts.models import normal_email
from leadconnect.auth import codes, queries, throttles
from leadconnect.auth.codes import Codes, WrongCode, judge
from leadconnect.auth.credentials.codes import new_code
from leadconnect.auth.models import CodeEntry, NewPassword, OpenCode
from leadconnect.auth.proof import store_new_password
from leadconnect.auth.services import Client, Services
from leadconnect.database.transaction import tenant
from leadconnect.errors import TooManyRequests
from leadconnect.logs import security_event

PURPOSE = "reset password"
MAIL_RESET_CODE = "mail_reset_code"
"""The entry point of the queue that `mail_code` serves; its payload is a sealed `CodeRequest`."""
CODES = Codes(PURPOSE, queries.reserve_code_attempt, queries.return_code_attempt)


async def request_code(services: Services, email: str) -> None:
    """Have a code mailed to `email` if it belongs to an active user: at most one a minute and five an hour."""
    await codes.request_code(services, MAIL_RESET_CODE, email, services.limits.codes(normal_email(email)))


async def mail_code(services: Services, payload: bytes, asked_at: datetime) -> None:
    """Make a code and put its mail into the queue, if the address belongs to an active user. Work of the worker.

    A code lives from `asked_at`, the database's time of the request, on. Done a second time, this does nothing.

    Raises:
        UnreadablePayload: the payload was not sealed with this secret.
    """
    asked = await codes.who_asked(services, payload)
    if asked is None:
        return
    code_id, candidate = asked
    account_id, user_id, code = candidate.account_id, candidate.user_id, new_code()
    expires_at = asked_at + queries.CODE_LIFE
    async with tenant(services.database, account_id) as connection:
        user = await accounts.user_by_id(connection, account_id, user_id)
        if user is not None and user.invited_at is not None:
            try:
                await throttles.take(connection, services.limits.invited_codes(normal_email(user.email)))
            except TooManyRequests:
                return
        if user is None or not await queries.insert_code(
            connection,
            account_id,
            user_id,
            code_id,
            email=user.email,
            sealed=services.codes.seal(code, PURPOSE, user_id),
            expires_at=expires_at,
        ):
            return
        minutes = str(int(queries.CODE_LIFE.total_seconds() // 60))
        context = {"name": user.full_name, "code": code, "minutes": minutes}
        await services.outbox.post(connection, "password_reset", user.email, context, expires_at=expires_at)


async def is_right(services: Services, entry: CodeEntry) -> bool:
    """Tell whether the code would be taken, without using it up. A wrong one counts against its five guesses."""
    return await _judged(services, entry.email, entry.otp) is not None


async def reset_password(services: Services, wanted: NewPassword, client: Client) -> None:
    """Set a new password for whoever has the code; all sessions of the user end. A code does so once.

    Whoever failed to log in too often before may do so now, from the same network.

    Raises:
        WrongCode: wrong, used, expired, or guessed at too often.
        ServiceBusy: too many passwords are waiting to be hashed.
    """
    code = await _judged(services, wanted.email, wanted.otp)
    if code is None:
        security_event("password_reset", outcome="refused")
        raise WrongCode
    password = await services.hasher.hash(wanted.new_password)
    account_id, user_id = code.account_id, code.user_id
    async with tenant(services.database, account_id) as connection:
        await queries.hold_user(connection, account_id, user_id)  # first, as everybody does who ends codes
        if not await queries.use_code(connection, account_id, code.code_id):
            raise WrongCode
        await accounts.accept_invitation(connection, account_id, user_id)
        await store_new_password(services, connection, account_id, user_id, password, reason="password reset")
        tried = services.limits.log_in(normal_email(wanted.email), client.address)
        await queries.release(connection, [], cleared=[tried.key])
    security_event("password_reset", outcome="ok", account_id=str(account_id), user_id=str(user_id))


async def _judged(services: Services, email: str, guess: str) -> OpenCode | None:
    """Return the code if the guess is right and its user active."""
    verdict = await judge(services, CODES, email, guess)
    return verdict.code if verdict.is_right and verdict.code is not None and verdict.code.is_active else None
