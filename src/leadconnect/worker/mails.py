"""What the worker does with a mail: it sends it, and keeps at the user whether their address takes mail."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import structlog
from pgqueuer.domain.models import Job
from prometheus_client import Counter

from leadconnect.accounts import face as accounts
from leadconnect.accounts.models import normal_email
from leadconnect.auth import face as auth
from leadconnect.auth.services import Services
from leadconnect.database.transaction import directory, tenant
from leadconnect.mail.message import Letter, UnusableAddress, build, parse_mailbox
from leadconnect.mail.refusals import AddressProblem, Refusal
from leadconnect.mail.senders import DeliveryFailed, RecipientRefused, sender
from leadconnect.worker.trying import JobParked, Timing, refusal

_log = structlog.get_logger()

MAILS = Counter("leadconnect_mails", "Mails by template and what became of them", ["template", "outcome"])
"""Outcomes: sent, refused (for good, by the recipient's mail server), retried, parked, expired."""

REMEMBERED_COUNT = 10_000
UNUSABLE = Refusal(AddressProblem.REFUSED, "")


class MailHandler:
    """Sends the mails of the queue. It outlives lost database connections: a mail that went out, but could not be
    marked before the connection broke, is remembered and not sent again.
    """

    def __init__(self, services: Services, timing: Timing) -> None:
        self._services = services
        self._timing = timing
        self._outbox = services.outbox
        self._sender = sender(services.settings)
        self._from = parse_mailbox(services.settings.smtp_from)
        self._public_url = services.settings.public_url
        self._sent: dict[str, None] = {}

    async def send_mail(self, job: Job) -> None:
        """Send the mail in `job`. `job.updated` is the database's time at which it was picked, and counts as now.

        A recipient that is refused for good ends the job and is noted at the user who has the address.

        Raises:
            RetryRequested: it failed and is to be tried again.
            JobParked: it failed for the last time.
        """
        letter, failure, refused = None, "", None
        try:
            letter = self._outbox.open(job.payload or b"")
            if self._is_done(letter, job.updated):
                return
            async with asyncio.timeout(self._limit(letter, job.updated).total_seconds()):
                await self._sender.send(build(letter, sender=self._from, public_url=self._public_url))
        except RecipientRefused as error:
            refused = error.refusal
        except UnusableAddress:
            refused = UNUSABLE
        except DeliveryFailed as error:
            failure = str(error)
        except TimeoutError:
            failure = "timeout"
        except Exception as error:
            failure = type(error).__name__
        if failure or letter is None:
            raise self._refusal(job, letter, failure)
        self._remember(letter)
        outcome = "sent" if refused is None else "refused"
        MAILS.labels(letter.template, outcome).inc()
        if refused is None:
            _log.info("mail_sent", **_naming(letter), try_count=job.attempts + 1)
        else:
            _log.warning("mail_refused", **_naming(letter), problem=refused.problem, reply=refused.reply[:3])
        await self._keep(letter, refused)

    async def _keep(self, letter: Letter, refused: Refusal | None) -> None:
        """Keep at the user who has the letter's address whether it takes mail. The mail is done in any case."""
        try:
            async with directory(self._services.database) as connection:
                found = await auth.log_in_candidate(connection, normal_email(letter.to))
            if found is None:
                return
            async with tenant(self._services.database, found.account_id) as connection:
                if refused is None:
                    await accounts.clear_mail_problem(connection, found.account_id, found.user_id)
                else:
                    await accounts.set_mail_problem(
                        connection, found.account_id, found.user_id, letter.to, refused.problem, refused.reply
                    )
        except Exception as error:
            _log.warning("mail_outcome_not_kept", **_naming(letter), error=type(error).__name__)

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
        about = _naming(letter) if letter is not None else {}
        raised = refusal(self._timing, job, reason, remaining, is_final=letter is None, **about)
        template = letter.template if letter is not None else "unreadable"
        MAILS.labels(template, "parked" if isinstance(raised, JobParked) else "retried").inc()
        return raised

    def _remember(self, letter: Letter) -> None:
        self._sent[str(letter.message_id)] = None
        if len(self._sent) > REMEMBERED_COUNT:
            del self._sent[next(iter(self._sent))]


def _naming(letter: Letter) -> dict[str, Any]:
    return {"template": letter.template, "message_id": str(letter.message_id)}
