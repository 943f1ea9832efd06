"""Mail notifications: the first one immediately, then one mail for all within an interval.

A row of the inbox that is to be mailed is marked, and a job is scheduled for its user unless one is. The job mails all
rows that are marked by then. So a burst of events is one mail for each user and interval, whatever its size.
"""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

import msgspec

from leadconnect.accounts.permissions import views_leads
from leadconnect.auth.services import Services
from leadconnect.database.pool import Connection
from leadconnect.database.transaction import tenant
from leadconnect.mail.outbox import NEWS_TEMPLATE
from leadconnect.notifications import queries, wording
from leadconnect.notifications.models import DueNotification
from leadconnect.notifications.push.message import page
from leadconnect.notifications.wording import Words
from leadconnect.queue.actions import enqueue

MAIL_NEWS = "mail_news"
"""The entry point of the queue that `mail_news` serves; its payload is a `MailJob`."""


class MailJob(msgspec.Struct, frozen=True, array_like=True):
    """The user whose notifications are to be mailed."""

    account_id: UUID
    user_id: UUID


async def schedule_mails(
    connection: Connection, account_id: UUID, user_ids: Collection[UUID], interval: timedelta
) -> None:
    """Schedule the next mail of users, at least `interval` after their last one."""
    scheduled = await queries.schedule_mails(connection, account_id, user_ids, interval)
    for user_id, delay in scheduled.items():
        await enqueue(connection, MAIL_NEWS, msgspec.json.encode(MailJob(account_id, user_id)), delay=delay)


async def mail_news(services: Services, payload: bytes) -> None:
    """Queue one mail with all due notifications of a user. A second run does nothing.

    Users get none who have left, have switched mail off, or may not view leads any more.
    """
    job = msgspec.json.decode(payload, type=MailJob)
    async with tenant(services.database, job.account_id) as connection:
        due = await queries.take_due(connection, job.account_id, job.user_id)
        due = [each for each in due if each.is_current]
        found = [each for each in await queries.people(connection, job.account_id) if each.id == job.user_id]
        for person in found:
            may_view = views_leads(person.role, person.is_owner, person.owner_is_active, person.can_view_leads)
            if not due or not may_view or not person.takes_mail:
                return
            words = await _words(connection, job.account_id, due)
            lead_id = due[0].lead_id if len(due) == 1 else None
            url = page(services.settings.public_url, lead_id) if services.settings.public_url else ""
            context = {"name": person.full_name, "url": url, **msgspec.structs.asdict(words)}
            await services.outbox.post(connection, NEWS_TEMPLATE, person.email, context)


async def _words(connection: Connection, account_id: UUID, due: list[DueNotification]) -> Words:
    if len(due) > 1:
        return wording.about_several(due)
    (only,) = due
    lead = await queries.lead(connection, account_id, only.lead_id) if only.lead_id is not None else None
    return Words(only.title, only.body, wording.lead_lines(lead) if lead is not None else [])
