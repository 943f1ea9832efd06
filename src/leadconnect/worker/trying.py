"""How long the worker waits for what, and when a job that failed is tried again or given up."""

from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import asyncpg
import msgspec
import structlog
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.domain.models import Job

from leadconnect.mail.outbox import UnreadablePayload

_log = structlog.get_logger()

FINAL = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.SyntaxOrAccessError,
    asyncpg.ProgramLimitExceededError,
    msgspec.MsgspecError,
    UnicodeError,
    UnreadablePayload,
)
"""Errors that the same job meets again each time: its data cannot be stored (SQLSTATE classes 22, 23, 42 and 54) or
its payload cannot be read."""


class Timing(msgspec.Struct, frozen=True, kw_only=True):
    """How long the worker waits for what. A job of a dead worker is taken up again after `heartbeat_timeout` and at
    most `poll_interval`.
    """

    retry_delays: tuple[timedelta, ...] = (
        timedelta(seconds=5),
        timedelta(seconds=30),
        timedelta(minutes=2),
        timedelta(minutes=10),
        timedelta(minutes=30),
        timedelta(hours=2),
        timedelta(hours=6),
    )
    """The pause after each failed try; one try more than there are pauses, then the job is parked."""
    send_limit: timedelta = timedelta(seconds=30)
    """For the whole talk with the mail server."""
    heartbeat_timeout: timedelta = timedelta(seconds=15)
    poll_interval: timedelta = timedelta(seconds=5)
    """How often the queue is looked at when no notification comes."""
    pooled_interval: timedelta = timedelta(seconds=1)
    """The same behind a connection pooler, through which no notification can come."""
    stop_grace: timedelta = timedelta(seconds=8)
    """For the jobs in hand when the worker is asked to stop; then they are broken off, and taken up again later."""
    reconnect_delays: tuple[timedelta, ...] = tuple(timedelta(seconds=s) for s in (0.2, 0.5, 1, 2, 5, 10))


class JobParked(Exception):
    """A job failed for the last time; it stays in the queue with the status ``failed``."""


def retry_delay(timing: Timing, failed_count: int, remaining: timedelta | None) -> timedelta | None:
    """Return the pause after the `failed_count`-th failed try, or None if that was the last.

    Within a limited life, of which `remaining` is left, the pauses shrink so that all tries fit: no pause is longer
    than an equal share of the rest.
    """
    left_count = len(timing.retry_delays) - failed_count + 1
    if left_count < 1:
        return None
    delay = timing.retry_delays[failed_count - 1]
    return delay if remaining is None else min(delay, remaining / (left_count + 1))


def refusal(
    timing: Timing, job: Job, reason: str, remaining: timedelta | None, *, is_final: bool = False, **about: Any
) -> Exception:
    """Log that a try failed for `reason`, and return what the handler must raise: `RetryRequested`, or `JobParked` for
    the last try and for a failure that is final.

    Raise it outside of any ``except`` block. It is logged and stored with all that hangs on it, and an error of a mail
    server or of the database quotes addresses.
    """
    delay = None if is_final else retry_delay(timing, job.attempts + 1, remaining)
    about |= {"job_id": job.id, "try_count": job.attempts + 1, "reason": reason}
    if delay is None:
        _log.error("job_parked", entrypoint=job.entrypoint, **about)
        return JobParked(reason)
    _log.warning("job_failed", entrypoint=job.entrypoint, **about, retry_seconds=round(delay.total_seconds(), 1))
    return RetryRequested(delay=delay, reason=reason)


async def attempt(timing: Timing, job: Job, work: Awaitable[None], remaining: timedelta | None = None) -> None:
    """Do the `work` of `job`, which is worth a try for as long as `remaining`.

    Raises:
        RetryRequested: it failed and is to be tried again.
        JobParked: it failed for the last time, or in a way that no further try mends.
    """
    failure, is_final = "", False
    try:
        await work
    except Exception as error:
        failure, is_final = type(error).__name__, isinstance(error, FINAL)
    if failure:
        raise refusal(timing, job, failure, remaining, is_final=is_final)
