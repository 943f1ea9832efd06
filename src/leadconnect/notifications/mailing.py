"""Mails about what happened: the first one at once, then one for all that happened within an interval.

A row of the inbox that is to be mailed is marked so, and a job is planned for its user where none is. The job takes
all that is marked by then. So a burst of events is one mail a person and interval, however many events it has.
"""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

import msgspec

from leadconnect.auth.permissions import views_leads
from leadconnect.auth.services import Services
from leadconnect.database.pool import Connection
from leadconnect.database.transaction import tenant
from leadconnect.mail.outbox import NEWS_TEMPLATE
from leadconnect.notifications import queries, wording
from leadconnect.notifications.models import DueNews
from leadconnect.notifications.push.message import page
from leadconnect.notifications.wording import Words
from leadconnect.queue.actions import enqueue

MAIL_NEWS = "mail_news"
"""The entry point of the queue that `mail_news` serves; its payload is a `NewsJob`."""


class NewsJob(msgspec.Struct, frozen=True, array_like=True):
    """Whose notifications are to be mailed."""

    account_id: UUID
    user_id: UUID


async def post_news(connection: Connection, account_id: UUID, user_ids: Collection[UUID], interval: timedelta) -> None:
    """Have the marked notifications of these users mailed, `interval` after their last mail at the earliest."""
    planned = await queries.plan_news(connection, account_id, user_ids, interval)
    for user_id, delay in planned.items():
        await enqueue(connection, MAIL_NEWS, msgspec.json.encode(NewsJob(account_id, user_id)), delay=delay)


async def mail_news(services: Services, payload: bytes) -> None:
    """Post one mail with all notifications of a user that are due. Work of the worker; done twice, it does nothing.

    Users who left, switched mail off or lost the right to view leads meanwhile get none.
    """
    job = msgspec.json.decode(payload, type=NewsJob)
    async with tenant(services.database, job.account_id) as connection:
        news = await queries.take_news(connection, job.account_id, job.user_id)
        news = [each for each in news if each.is_current]
        found = [each for each in await queries.people(connection, job.account_id) if each.id == job.user_id]
        for person in found:
            may_view = views_leads(person.role, person.is_owner, person.owner_is_active, person.can_view_leads)
            if not news or not may_view or not person.takes_mail:
                return
            words = await _words(connection, job.account_id, news)
            lead_id = news[0].lead_id if len(news) == 1 else None
            url = page(services.settings.public_url, lead_id) if services.settings.public_url else ""
            context = {"name": person.full_name, "url": url, **msgspec.structs.asdict(words)}
            await services.outbox.post(connection, NEWS_TEMPLATE, person.email, context)


async def _words(connection: Connection, account_id: UUID, news: list[DueNews]) -> Words:
    if len(news) > 1:
        return wording.about_several(news)
    (only,) = news
    lead = await queries.lead(connection, account_id, only.lead_id) if only.lead_id is not None else None
    return Words(only.title, only.body, wording.lead_lines(lead) if lead is not None else [])
