"""A forgotten password: a code by mail, and a new password for whoever has the code.

A request for a code only puts a job into the queue, whoever asks; the worker finds out whether the address belongs to
somebody. So neither the answer nor its time tells, and code and mail are written in one transaction, later.
"""

from contextlib import suppress
from datetime import datetime

import msgspec

from leadconnect.accounts import queries as accounts
from leadconnect.accounts.models import normal_email
from leadconnect.auth import queries, throttles
from leadconnect.auth.credentials.codes import new_code
from leadconnect.auth.models import CodeEntry, CodeRequest, NewPassword, ResetCode
from leadconnect.auth.proof import store_new_password
from leadconnect.auth.services import Client, Services
from leadconnect.database.transaction import directory, tenant
from leadconnect.errors import LeadConnectError, TooManyRequests
from leadconnect.identifiers import new_id
from leadconnect.jobs.queue import enqueue
from leadconnect.logs import security_event

PURPOSE = "reset password"
MAIL_RESET_CODE = "mail_reset_code"
"""The entry point of the queue that `mail_code` serves; its payload is a sealed `CodeRequest`."""


class WrongCode(LeadConnectError):
    """The code is wrong, used or expired. Please ask for a new one."""

    status = 400
    code = "wrong_code"


async def request_code(services: Services, email: str) -> None:
    """Have a code mailed to `email` if it belongs to an active user: at most one a minute and five an hour."""
    payload = services.outbox.seal(msgspec.json.encode(CodeRequest(id=new_id(), email=normal_email(email))))
    with suppress(TooManyRequests):
        async with directory(services.database) as connection:
            await throttles.take(connection, *services.limits.codes(normal_email(email)))
            await enqueue(connection, MAIL_RESET_CODE, payload)


async def mail_code(services: Services, payload: bytes, asked_at: datetime) -> None:
    """Make a code and put its mail into the queue, if the address belongs to an active user. Work of the worker.

    A code lives from `asked_at`, the database's time of the request, on. Done a second time, this does nothing.

    Raises:
        UnreadablePayload: the payload was not sealed with this secret.
    """
    request = msgspec.json.decode(services.outbox.unseal(payload), type=CodeRequest)
    async with directory(services.database) as connection:
        candidate = await queries.log_in_candidate(connection, request.email)
    if candidate is None or not candidate.is_active:
        return
    account_id, user_id, code = candidate.account_id, candidate.user_id, new_code()
    expires_at = asked_at + queries.CODE_LIFE
    async with tenant(services.database, account_id) as connection:
        user = await accounts.user_by_id(connection, account_id, user_id)
        if user is None or not await queries.insert_code(
            connection,
            account_id,
            user_id,
            request.id,
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
    return await _judge(services, entry.email, entry.otp) is not None


async def reset_password(services: Services, wanted: NewPassword, client: Client) -> None:
    """Set a new password for whoever has the code; all sessions of the user end. A code does so once.

    Whoever failed to log in too often before may do so now, from the same network.

    Raises:
        WrongCode: wrong, used, expired, or guessed at too often.
        ServiceBusy: too many passwords are waiting to be hashed.
    """
    code = await _judge(services, wanted.email, wanted.otp)
    if code is None:
        security_event("password_reset", outcome="refused")
        raise WrongCode
    password = await services.hasher.hash(wanted.new_password)
    account_id, user_id = code.account_id, code.user_id
    async with tenant(services.database, account_id) as connection:
        if not await queries.use_code(connection, account_id, code.code_id):
            raise WrongCode
        await store_new_password(services, connection, account_id, user_id, password, reason="password reset")
        tried = services.limits.log_in(normal_email(wanted.email), client.address)
        await queries.release(connection, [], cleared=[tried.key])
    security_event("password_reset", outcome="ok", account_id=str(account_id), user_id=str(user_id))


async def _judge(services: Services, email: str, code: str) -> ResetCode | None:
    """Judge a code. The guess is counted before it is looked at, and taken back if it was right.

    The statements are the same whether or not somebody has the address, and a code.
    """
    try:
        async with directory(services.database) as connection:
            found = await queries.reserve_code_attempt(connection, normal_email(email))
            budget = services.limits.wrong_codes(normal_email(email), compared=found is not None)
            await throttles.take(connection, budget)
    except TooManyRequests:
        return None
    if found is None or not services.codes.matches(code, PURPOSE, found.user_id, found.otp):
        return None
    async with tenant(services.database, found.account_id) as connection:
        await queries.return_code_attempt(connection, found.account_id, found.code_id)
        await queries.release(connection, [budget.key])
    return found if found.is_active else None
