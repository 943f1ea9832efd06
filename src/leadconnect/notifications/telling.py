"""Notify users of an announcement: the work of the worker.

One transaction writes a row in the inbox of each user, and a mail and pushes for those who want them. The row's key is
the event, and mails and pushes follow only from a new row. So a repeated run, after a crash or by another instance,
notifies no user twice.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import msgspec

from leadconnect.accounts import face as accounts
from leadconnect.accounts.permissions import views_leads
from leadconnect.auth.services import Services
from leadconnect.database.pool import Connection
from leadconnect.database.transaction import tenant
from leadconnect.mail.announcements import PERSONAL_KINDS, Announcement, Kind
from leadconnect.mail.outbox import NEWS_TEMPLATE
from leadconnect.notifications import queries, wording
from leadconnect.notifications.digests import zone_of
from leadconnect.notifications.mailing import schedule_mails
from leadconnect.notifications.models import OWN_ACTIONS, Person
from leadconnect.notifications.push import queries as devices
from leadconnect.notifications.push.actions import PushJob, post_push
from leadconnect.notifications.push.message import page
from leadconnect.notifications.wording import Words

Texts = dict[Kind, Words]
"""The text of an event for each of its kinds, the main one first."""


async def tell(services: Services, payload: bytes) -> None:
    """Notify all users concerned by the announcement in `payload`.

    An event of a lead that is deleted by now notifies no user; one of a merged lead is about the lead that remains.
    """
    announcement = msgspec.json.decode(payload, type=Announcement)
    async with tenant(services.database, announcement.account_id) as connection:
        announcement = await _followed(connection, announcement)
        texts = await _texts(connection, announcement)
        if not texts:
            return
        concerned = [
            person
            for person in await queries.people(connection, announcement.account_id)
            if _is_concerned(person, announcement)
        ]
        chosen = [(person, kind_for(person, list(texts))) for person in concerned]
        await _deliver(services, connection, announcement, [(person, kind, texts[kind]) for person, kind in chosen])


async def _followed(connection: Connection, announcement: Announcement) -> Announcement:
    """Return the announcement, about the remaining lead if its own one was merged."""
    if announcement.lead_id is None:
        return announcement
    survivor_id = await queries.merged_into(connection, announcement.account_id, announcement.lead_id)
    return msgspec.structs.replace(announcement, lead_id=survivor_id) if survivor_id else announcement


async def _texts(connection: Connection, announcement: Announcement) -> Texts:
    account_id, kind = announcement.account_id, announcement.kind
    if kind in PERSONAL_KINDS:
        return {kind: wording.PERSONAL[kind]}
    if kind is Kind.LEADS_IMPORTED:
        actor = await queries.user_name(connection, account_id, announcement.actor_id)
        return {kind: wording.about_import(announcement.count or 0, actor)}
    if announcement.lead_id is not None:
        lead = await queries.lead(connection, account_id, announcement.lead_id)
        actor = await queries.user_name(connection, account_id, announcement.actor_id)
        kinds = (kind, announcement.also)
        return {each: wording.about_lead(each, lead, actor) for each in kinds if each is not None and lead is not None}
    return await _digest(connection, announcement, announcement.day) if announcement.day is not None else {}


async def _digest(connection: Connection, announcement: Announcement, day: date) -> Texts:
    """Return the texts for a day in the account's time zone; empty when the day is over."""
    account_id, kind = announcement.account_id, announcement.kind
    zone = zone_of(await accounts.time_zone_of(connection, account_id))
    until = await queries.present(connection)
    if until.astimezone(zone).date() != day:
        return {}
    if kind is Kind.DAILY_SUMMARY:
        since = datetime.combine(day, time.min, zone).astimezone(UTC)
        numbers = await queries.day_numbers(connection, account_id, day, since, until)
        return {kind: wording.about_day(numbers, day)}
    leads, total = await queries.due_leads(connection, account_id, day, limit=wording.LISTED_COUNT)
    return {kind: wording.about_due_leads(leads, total, day)} if leads else {}


def _is_concerned(person: Person, announcement: Announcement) -> bool:
    """Return whether the event concerns a user.

    One about leads concerns those who may view leads.
    """
    if announcement.kind in PERSONAL_KINDS:
        return person.id == announcement.user_id
    if not views_leads(person.role, person.is_owner, person.owner_is_active, person.can_view_leads):
        return False
    return announcement.kind is not Kind.DAILY_SUMMARY or person.daily_summary


def kind_for(person: Person, kinds: Sequence[Kind]) -> Kind:
    """Return the kind for a user: the first of `kinds` that they want, else the first."""
    return next((kind for kind in kinds if person.wants(kind)), kinds[0])


def _did_it(person: Person, kind: Kind, actor_id: UUID | None) -> bool:
    """Return whether the user caused the event and does not want to be notified of that."""
    return person.id == actor_id and kind in OWN_ACTIONS and not person.own_actions


async def _deliver(
    services: Services,
    connection: Connection,
    announcement: Announcement,
    recipients: Sequence[tuple[Person, Kind, Words]],
) -> None:
    account_id, event, actor_id = announcement.account_id, announcement.event_key, announcement.actor_id
    interval = timedelta(seconds=services.settings.news_interval)
    rows = [(person.id, kind, words) for person, kind, words in recipients]
    own = {person.id for person, kind, _ in recipients if _did_it(person, kind, actor_id)}
    # The user who uploaded a file waits for its end, and finds it in the inbox.
    hidden = {person.id for person, kind, _ in recipients if person.id in own and kind is not Kind.LEADS_IMPORTED}
    wanting = [person for person, kind, _ in recipients if person.wants(kind) and person.id not in own]
    mailed = [person for person in wanting if person.takes_mail]
    later = {person.id for person in mailed} if interval and announcement.day is None else set()
    new = await queries.insert(
        connection, account_id, event, announcement.lead_id, rows, own=hidden, mailed_later=later
    )
    if later & new.keys():
        await schedule_mails(connection, account_id, later & new.keys(), interval)
    url = page(services.settings.public_url, announcement.lead_id) if services.settings.public_url else ""
    words_for = {person.id: words for person, _, words in recipients}
    for person in mailed:
        if person.id in new and person.id not in later:
            context = {"name": person.full_name, "url": url, **msgspec.structs.asdict(words_for[person.id])}
            key = f"mail:{account_id}:{person.id}:{event}"
            await services.outbox.post(connection, NEWS_TEMPLATE, person.email, context, key=key)
    wanted = [person for person in wanting if person.id in new]
    pushed = [person.id for person in wanted if person.browser_push]
    for device in await devices.devices(connection, account_id, pushed) if pushed else []:
        job = PushJob(account_id, device.id, new[device.user_id])
        await post_push(connection, job, key=f"push:{account_id}:{device.id}:{event}")
