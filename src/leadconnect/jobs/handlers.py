"""What the worker does with each kind of job, with its tries and its end."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from pgqueuer.domain.models import Job
from prometheus_client import Counter

from leadconnect.accounts.regions import REGION_CHANGED
from leadconnect.auth.recovery import MAIL_RESET_CODE, mail_code
from leadconnect.auth.second_factor.challenges import MAIL_SIGN_IN_CODE, mail_another_code
from leadconnect.auth.services import Services
from leadconnect.database.pool import Database
from leadconnect.jobs.imports import ImportHandler
from leadconnect.jobs.trying import FINAL, JobParked, Timing, attempt, refusal
from leadconnect.leads.changes import actions as acts
from leadconnect.leads.duplicates.filling import key_account
from leadconnect.mail.message import Letter, build, parse_mailbox
from leadconnect.mail.outbox import SEND_MAIL
from leadconnect.mail.senders import DeliveryFailed, sender
from leadconnect.notifications.announce import TELL
from leadconnect.notifications.push.actions import SEND_PUSH, send_push
from leadconnect.notifications.push.sender import PushFailed, PushSender
from leadconnect.notifications.telling import tell
from leadconnect.transfer.imports.actions import IMPORT, LARGE_IMPORT

_log = structlog.get_logger()

MAILS = Counter("leadconnect_mails", "Mails by template and what became of them", ["template", "outcome"])
"""Outcomes: sent, retried, parked, expired."""

PUSHES = Counter("leadconnect_pushes", "Pushes by what became of them", ["outcome"])
"""Outcomes: sent, gone (the device or its notification), refused, retried, parked, expired."""

PUSH_LIFE = timedelta(days=1)
"""How long a push is worth sending."""

REQUEST_LIFE = timedelta(minutes=10)
"""How long after it was asked for a code is still made."""

ACT_LIFE = timedelta(minutes=10)
"""How long after it was asked for an act on many leads is still begun: later, nobody would expect it."""

SIDE_BY_SIDE = {acts.CARRY_OUT: 2, IMPORT: 2, LARGE_IMPORT: 1, REGION_CHANGED: 1}
"""How many jobs of an entry point all workers together do at a time; of those that are not here, as many as they can.
A great act takes seconds and two connections, and must not keep mail waiting."""

REMEMBERED_COUNT = 10_000

Handler = Callable[[Job], Awaitable[None]]
MakeCode = Callable[[Services, bytes, datetime], Awaitable[None]]
"""Makes a code for a sealed request of the instant given."""
DoAct = Callable[[Database, bytes], Awaitable[None]]
"""Does, or gives up, what a payload names."""


def entrypoints(services: Services, timing: Timing) -> dict[str, Handler]:
    """Return the handler of every entry point of the queue.

    Raises:
        InvalidSettings: the settings of mail or push cannot be used.
    """
    news = NewsHandler(services, timing)
    imports = ImportHandler(services, timing)
    return {
        SEND_MAIL: MailHandler(services, timing).send_mail,
        MAIL_RESET_CODE: CodeHandler(services, timing, mail_code).handle,
        MAIL_SIGN_IN_CODE: CodeHandler(services, timing, mail_another_code).handle,
        TELL: news.tell,
        SEND_PUSH: news.send_push,
        REGION_CHANGED: ActHandler(services, timing, key_account).handle,
        IMPORT: imports.handle,
        LARGE_IMPORT: imports.handle,
        acts.CARRY_OUT: ActHandler(services, timing, acts.carry_out, give_up=acts.give_up).handle,
    }


class CodeHandler:
    """Makes the codes that were asked for: in the worker, because the time it takes would tell who has an account."""

    def __init__(self, services: Services, timing: Timing, make: MakeCode) -> None:
        self._services = services
        self._timing = timing
        self._make = make

    async def handle(self, job: Job) -> None:
        """Make a code for the sealed address in `job` and queue its mail.

        Raises:
            RetryRequested: it failed and is to be tried again.
            JobParked: it failed for the last time.
        """
        remaining = job.created + REQUEST_LIFE - job.updated
        if remaining <= timedelta(0):
            _log.warning("code_request_expired", job_id=job.id)
            return
        await attempt(self._timing, job, self._make(self._services, job.payload or b"", job.created), remaining)


class NewsHandler:
    """Tells people what was announced, and sends pushes."""

    def __init__(self, services: Services, timing: Timing) -> None:
        self._services = services
        self._timing = timing
        self._sender = PushSender(services.settings)

    async def tell(self, job: Job) -> None:
        """Tell everybody concerned of the announcement in `job`.

        Raises:
            RetryRequested: it failed and is to be tried again.
            JobParked: it failed for the last time.
        """
        await attempt(self._timing, job, tell(self._services, job.payload or b""))

    async def send_push(self, job: Job) -> None:
        """Send the push in `job`.

        Raises:
            RetryRequested: it failed and is to be tried again.
            JobParked: it failed for the last time.
        """
        remaining = job.created + PUSH_LIFE - job.updated
        outcome, failure, is_final = "expired", "", False
        try:
            if remaining > timedelta(0):
                outcome = await send_push(self._services, self._sender, job.payload or b"", remaining)
        except PushFailed as error:
            failure = str(error)
        except Exception as error:
            failure, is_final = type(error).__name__, isinstance(error, FINAL)
        if failure:
            raised = refusal(self._timing, job, failure, remaining, is_final=is_final)
            PUSHES.labels("parked" if isinstance(raised, JobParked) else "retried").inc()
            raise raised
        PUSHES.labels(outcome).inc()
        _log.info("push_done", job_id=job.id, outcome=outcome)


class ActHandler:
    """Does what is done to many leads, or gives it up where that has come to nothing for `ACT_LIFE`."""

    def __init__(self, services: Services, timing: Timing, do: DoAct, *, give_up: DoAct | None = None) -> None:
        self._database = services.database
        self._timing = timing
        self._do = do
        self._give_up = give_up

    async def handle(self, job: Job) -> None:
        """Do what the payload of `job` names. The bulk operation of a parked job is marked as failed.

        Raises:
            RetryRequested: it failed and is to be tried again.
            JobParked: it failed for the last time.
        """
        is_late = job.updated - job.created >= ACT_LIFE
        do = self._give_up if is_late and self._give_up is not None else self._do
        parked = None
        try:
            await attempt(self._timing, job, do(self._database, job.payload or b""))
        except JobParked as error:
            parked = error
        if parked is not None:
            if self._give_up is not None:
                await attempt(self._timing, job, self._give_up(self._database, job.payload or b""))
            raise parked


class MailHandler:
    """Sends the mails of the queue. It outlives lost database connections: a mail that went out, but could not be
    marked before the connection broke, is remembered and not sent again.
    """

    def __init__(self, services: Services, timing: Timing) -> None:
        self._timing = timing
        self._outbox = services.outbox
        self._sender = sender(services.settings)
        self._from = parse_mailbox(services.settings.smtp_from)
        self._public_url = services.settings.public_url
        self._sent: dict[str, None] = {}

    async def send_mail(self, job: Job) -> None:
        """Send the mail in `job`. `job.updated` is the database's time at which it was picked, and counts as now.

        Raises:
            RetryRequested: it failed and is to be tried again.
            JobParked: it failed for the last time.
        """
        letter, failure = None, ""
        try:
            letter = self._outbox.open(job.payload or b"")
            if self._is_done(letter, job.updated):
                return
            async with asyncio.timeout(self._limit(letter, job.updated).total_seconds()):
                await self._sender.send(build(letter, sender=self._from, public_url=self._public_url))
        except DeliveryFailed as error:
            failure = str(error)
        except TimeoutError:
            failure = "timeout"
        except Exception as error:
            failure = type(error).__name__
        if failure or letter is None:
            raise self._refusal(job, letter, failure)
        self._remember(letter)
        MAILS.labels(letter.template, "sent").inc()
        _log.info("mail_sent", **_naming(letter), try_count=job.attempts + 1)

    def _is_done(self, letter: Letter, now: datetime) -> bool:
        if str(letter.message_id) in self._sent:
            _log.info("mail_sent_before", **_naming(letter))
            return True
        if letter.expires_at is not None and letter.expires_at <= now:
            MAILS.labels(letter.template, "expired").inc()
            _log.warning("mail_expired", **_naming(letter))
            return True
        return False

    def _limit(self, letter: Letter, now: datetime) -> timedelta:
        if letter.expires_at is None:
            return self._timing.send_limit
        return min(self._timing.send_limit, letter.expires_at - now)

    def _refusal(self, job: Job, letter: Letter | None, reason: str) -> Exception:
        remaining = letter.expires_at - job.updated if letter is not None and letter.expires_at is not None else None
        raised = refusal(self._timing, job, reason, remaining, **(_naming(letter) if letter is not None else {}))
        template = letter.template if letter is not None else "unreadable"
        MAILS.labels(template, "parked" if isinstance(raised, JobParked) else "retried").inc()
        return raised

    def _remember(self, letter: Letter) -> None:
        self._sent[str(letter.message_id)] = None
        if len(self._sent) > REMEMBERED_COUNT:
            del self._sent[next(iter(self._sent))]


def _naming(letter: Letter) -> dict[str, Any]:
    return {"template": letter.template, "message_id": str(letter.message_id)}
