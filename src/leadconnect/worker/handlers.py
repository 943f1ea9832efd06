"""What the worker does with each kind of job, with its tries and its end."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog
from pgqueuer.domain.models import Job
from prometheus_client import Counter

from leadconnect.accounts.regions import REGION_CHANGED
from leadconnect.auth.recovery import MAIL_RESET_CODE, mail_code
from leadconnect.auth.second_factor.challenges import MAIL_SIGN_IN_CODE, mail_another_code
from leadconnect.auth.services import Services
from leadconnect.database.pool import Database
from leadconnect.imports.waiting import IMPORT, LARGE_IMPORT
from leadconnect.leads.changes import actions as acts
from leadconnect.leads.duplicates.filling import key_account
from leadconnect.mail.announcements import TELL
from leadconnect.mail.outbox import SEND_CODE, SEND_MAIL
from leadconnect.notifications.mailing import MAIL_NEWS, mail_news
from leadconnect.notifications.push.actions import SEND_PUSH, send_push
from leadconnect.notifications.push.sender import PushFailed, PushSender
from leadconnect.notifications.telling import tell
from leadconnect.worker.imports import ImportHandler
from leadconnect.worker.mails import MailHandler
from leadconnect.worker.trying import FINAL, JobParked, Timing, attempt, refusal

_log = structlog.get_logger()

PUSHES = Counter("leadconnect_pushes", "Pushes by what became of them", ["outcome"])
"""Outcomes: sent, gone (the device or its notification), refused, retried, parked, expired."""

PUSH_LIFE = timedelta(days=1)
"""How long a push is worth sending."""

REQUEST_LIFE = timedelta(minutes=10)
"""How long after it was asked for a code is still made."""

ACT_LIFE = timedelta(minutes=10)
"""How long after it was asked for an act on many leads is still begun: later, nobody would expect it."""

SIDE_BY_SIDE = {
    SEND_CODE: 6,
    SEND_MAIL: 6,
    MAIL_RESET_CODE: 2,
    MAIL_SIGN_IN_CODE: 2,
    TELL: 3,
    MAIL_NEWS: 3,
    SEND_PUSH: 4,
    acts.CARRY_OUT: 2,
    IMPORT: 2,
    LARGE_IMPORT: 1,
    REGION_CHANGED: 1,
}
"""How many jobs of an entry point all workers together do at a time. Every entry point has a number, and a worker has a
slot for each, so a mail server that hangs or a burst of notifications delays nothing but its own kind.
A great act takes seconds and two connections."""

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
    mails = MailHandler(services, timing)
    news = NewsHandler(services, timing)
    imports = ImportHandler(services, timing)
    return {
        SEND_MAIL: mails.send_mail,
        SEND_CODE: mails.send_mail,
        MAIL_RESET_CODE: CodeHandler(services, timing, mail_code).handle,
        MAIL_SIGN_IN_CODE: CodeHandler(services, timing, mail_another_code).handle,
        TELL: news.tell,
        MAIL_NEWS: news.mail_news,
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

    async def mail_news(self, job: Job) -> None:
        """Post the mail with all notifications of a user that are due.

        Raises:
            RetryRequested: it failed and is to be tried again.
            JobParked: it failed for the last time.
        """
        await attempt(self._timing, job, mail_news(self._services, job.payload or b""))

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
