"""A forgotten password: a code by mail, and a new password for whoever has the code.

A request for a code only puts a job into the queue, whoever asks; the worker finds out whether the address belongs to
somebody. So neither the answer nor its time tells, and code and mail are written in one transaction, later.
"""

from leadconnect.accounts import queries as accounts
from leadconnect.accounts.models import normal_email
from leadconnect.auth import queries, throttles
from leadconnect.auth.credentials.codes import new_code
from leadconnect.auth.models import Candidate, CodeEntry, NewPassword, ResetCode
from leadconnect.auth.services import Services
from leadconnect.database.transaction import directory, tenant
from leadconnect.errors import LeadConnectError
from leadconnect.jobs.queue import enqueue
from leadconnect.logs import security_event

PURPOSE = "reset password"
MAIL_RESET_CODE = "mail_reset_code"
"""The entry point of the queue that `mail_code` serves; its payload is the sealed address."""


class WrongCode(LeadConnectError):
    """The code is wrong, used or expired. Please ask for a new one."""

    status = 400
    code = "wrong_code"


async def request_code(services: Services, email: str) -> None:
    """Have a code mailed to `email` if it belongs to an active user: at most one a minute and five an hour."""
    async with directory(services.database) as connection:
        if await throttles.allows(connection, services.limits.codes(normal_email(email))) is None:
            await enqueue(connection, MAIL_RESET_CODE, services.outbox.seal(email.encode("utf-8", "surrogatepass")))


async def mail_code(services: Services, sealed_email: bytes) -> None:
    """Make a code and put its mail into the queue, if the address belongs to an active user. Work of the worker."""
    email = services.outbox.unseal(sealed_email).decode("utf-8", "surrogatepass")
    async with directory(services.database) as connection:
        candidate = await queries.log_in_candidate(connection, normal_email(email))
    if candidate is None or not candidate.is_active:
        return
    code = new_code()
    async with tenant(services.database, candidate.account_id) as connection:
        user = await accounts.user_by_id(connection, candidate.account_id, candidate.user_id)
        if user is None:
            return
        sealed = services.codes.seal(code, PURPOSE, candidate.user_id)
        ends = await queries.insert_code(connection, candidate, user.email, sealed)
        minutes = str(int(queries.CODE_LIFE.total_seconds() // 60))
        await services.outbox.post(
            connection,
            "password_reset",
            user.email,
            {"name": user.full_name, "code": code, "minutes": minutes},
            expires_at=ends,
        )


async def is_right(services: Services, entry: CodeEntry) -> bool:
    """Tell whether the code would be taken, without using it up. A wrong one counts against its five guesses."""
    return await _judge(services, entry.email, entry.otp) is not None


async def reset_password(services: Services, wanted: NewPassword) -> None:
    """Set a new password for whoever has the code; all sessions of the user end. A code does so once.

    Raises:
        WrongCode: wrong, used, expired, or guessed at too often.
        ServiceBusy: too many passwords are waiting to be hashed.
    """
    judged = await _judge(services, wanted.email, wanted.otp)
    if judged is None:
        security_event("password_reset", outcome="refused")
        raise WrongCode
    candidate, code = judged
    password = await services.hasher.hash(wanted.new_password)
    account_id, user_id = candidate.account_id, candidate.user_id
    async with tenant(services.database, account_id) as connection:
        if not await queries.use_code(connection, account_id, code.id):
            raise WrongCode
        await accounts.set_password(connection, account_id, user_id, password)
        await accounts.note_password_change(connection, account_id, user_id)
        await queries.void_codes(connection, account_id, user_id)
        await queries.revoke_sessions(connection, account_id, user_id, "password reset")
        user = await accounts.user_by_id(connection, account_id, user_id)
        if user is not None:
            await services.outbox.post(connection, "password_changed", user.email, {"name": user.full_name})
    security_event("password_reset", outcome="ok", account_id=str(account_id), user_id=str(user_id))


async def _judge(services: Services, email: str, code: str) -> tuple[Candidate, ResetCode] | None:
    """Judge a code. The guess is counted before it is looked at, and taken back if it was right."""
    budget = services.limits.wrong_codes(normal_email(email))
    async with directory(services.database) as connection:
        if await throttles.allows(connection, (budget,)) is not None:
            return None
        candidate = await queries.log_in_candidate(connection, normal_email(email))
    if candidate is None:
        return None
    async with tenant(services.database, candidate.account_id) as connection:
        kept = await queries.reserve_code_attempt(connection, candidate.account_id, candidate.user_id)
    if kept is None or not services.codes.matches(code, PURPOSE, candidate.user_id, kept.otp):
        return None
    async with tenant(services.database, candidate.account_id) as connection:
        await queries.return_code_attempt(connection, candidate.account_id, kept.id)
        await queries.give_back(connection, [budget.key])
    return (candidate, kept) if candidate.is_active else None
