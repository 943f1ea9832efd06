"""Mailed codes, whatever they are for: asking for one without learning who exists, and judging one in bounded tries."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from uuid import UUID

import msgspec

from leadconnect.accounts.models import normal_email
from leadconnect.auth import queries, throttles
from leadconnect.auth.models import Candidate, CodeRequest, OpenCode
from leadconnect.auth.services import Services
from leadconnect.auth.throttles import Limit
from leadconnect.database.pool import Connection
from leadconnect.database.transaction import directory, tenant
from leadconnect.errors import LeadConnectError, TooManyRequests
from leadconnect.identifiers import new_id
from leadconnect.mail.outbox import CODE_PRIORITY
from leadconnect.queue.actions import enqueue


class WrongCode(LeadConnectError):
    """The code is wrong, used or expired. Please ask for a new one."""

    status = 400
    code = "wrong_code"
    field = "otp"


class Codes(msgspec.Struct, frozen=True):
    """The codes of one purpose: where a guess is counted, and where a right one is taken back.

    `reserve` finds the newest code of a normalised address while it is open, and counts one guess at it.
    """

    purpose: str
    reserve: Callable[[Connection, str], Awaitable[OpenCode | None]]
    give_back: Callable[[Connection, UUID, UUID], Awaitable[None]]


class Verdict(msgspec.Struct, frozen=True):
    """What a guess was aimed at, None where no code was open, and whether it was right."""

    code: OpenCode | None
    is_right: bool


async def request_code(services: Services, entrypoint: str, email: str, limits: tuple[Limit, ...]) -> None:
    """Put the wish for a code to `email` into the queue for `entrypoint`, whoever asks; beyond `limits` do nothing.

    The payload is a sealed `CodeRequest`.
    """
    payload = services.outbox.seal(msgspec.json.encode(CodeRequest(id=new_id(), email=normal_email(email))))
    with suppress(TooManyRequests):
        async with directory(services.database) as connection:
            await throttles.take(connection, *limits)
            await enqueue(connection, entrypoint, payload, priority=CODE_PRIORITY)


async def who_asked(services: Services, payload: bytes) -> tuple[UUID, Candidate] | None:
    """Return the id of the wish for a code in `payload`, a sealed `CodeRequest`, and the active user whose address it
    has; None where there is none. Work of the worker.

    Raises:
        UnreadablePayload: the payload was not sealed with this secret.
    """
    request = msgspec.json.decode(services.outbox.unseal(payload), type=CodeRequest)
    async with directory(services.database) as connection:
        candidate = await queries.log_in_candidate(connection, request.email)
    return (request.id, candidate) if candidate is not None and candidate.is_active else None


async def judge(services: Services, codes: Codes, email: str, guess: str) -> Verdict:
    """Judge a guess. It is counted before it is looked at, and taken back if it was right.

    The statements are the same whether or not somebody has the address, and a code.
    """
    email, found = normal_email(email), None
    try:
        async with directory(services.database) as connection:
            found = await codes.reserve(connection, email)
            sealed = found.otp if found is not None else None
            budget = services.limits.wrong_codes(email, compared=sealed is not None, purpose=codes.purpose)
            await throttles.take(connection, budget)
    except TooManyRequests:
        return Verdict(found, is_right=False)
    if found is None or sealed is None or not services.codes.matches(guess, codes.purpose, found.user_id, sealed):
        return Verdict(found, is_right=False)
    async with tenant(services.database, found.account_id) as connection:
        await codes.give_back(connection, found.account_id, found.code_id)
        await queries.release(connection, [budget.key])
    return Verdict(found, is_right=True)
