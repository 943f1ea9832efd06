"""The verbs of requests that are done once: look for an answer, take the key, keep the answer.

The key is held by a lock that ends with the transaction, and the answer is written by the transaction that does the
work. So there is no state in which one is there without the other, whoever dies when.
"""

import re
from datetime import timedelta

from leadconnect.database.pool import Connection
from leadconnect.errors import Conflict, LeadConnectError, MalformedRequest, TransactionConflict
from leadconnect.idempotency import queries
from leadconnect.idempotency.models import Attempt, KeptAnswer

KEY_LIFE = timedelta(hours=24)
"""How long the answer of a request that its client has named is kept."""

NAME = re.compile(r"[\x20-\x7e]{1,255}")
ASK_AGAIN = timedelta(seconds=1)


class InvalidKey(MalformedRequest):
    """The header Idempotency-Key must have 1 to 255 printable ASCII characters."""

    code = "invalid_idempotency_key"


class KeyReused(LeadConnectError):
    """This Idempotency-Key was sent with another method, path, query or body. Use a new key for each new request"""

    status = 422
    code = "idempotency_key_reused"


class StillRunning(Conflict):
    """The same request is being worked on at this moment. Please ask again shortly."""

    code = "still_running"

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message, retry_after=ASK_AGAIN)


def check_name(name: str) -> None:
    """Let pass what may name a request.

    Raises:
        InvalidKey: it may not.
    """
    if not NAME.fullmatch(name):
        raise InvalidKey


async def find_answer(connection: Connection, attempt: Attempt) -> KeptAnswer | None:
    """Return the answer that this request got before, if any.

    Raises:
        KeyReused: its key belongs to another request.
    """
    kept = await queries.kept_answer(connection, attempt)
    if kept is not None and kept.request != attempt.request:
        raise KeyReused
    return kept


async def claim(connection: Connection, attempt: Attempt) -> None:
    """Take the key of `attempt` for this transaction, as the first thing it does.

    Raises:
        StillRunning: another transaction has it.
        TransactionConflict: another one has just answered; whoever looks again finds that answer.
    """
    is_ours, is_answered = await queries.claim(connection, attempt)
    if is_answered:
        raise TransactionConflict
    if not is_ours:
        raise StillRunning


async def keep(connection: Connection, attempt: Attempt, answer: KeptAnswer) -> None:
    """Keep the answer of `attempt`, as the last thing that its transaction does.

    Raises:
        TransactionConflict: another one answered just before the key was taken.
    """
    if not await queries.keep(connection, attempt, answer):
        raise TransactionConflict


async def purge(connection: Connection) -> None:
    """Delete the answers that are not kept any longer, of all accounts. Background work."""
    await queries.purge(connection)
