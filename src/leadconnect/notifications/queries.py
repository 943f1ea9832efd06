"""The SQL of notifications: the inbox, the recipients, and the facts of events."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from leadconnect.database.pool import Connection
from leadconnect.identifiers import new_id
from leadconnect.mail.announcements import Kind
from leadconnect.notifications.models import (
    DayNumbers,
    DueLead,
    DueNotification,
    LeadFacts,
    Notification,
    Person,
    notification,
)
from leadconnect.notifications.wording import Words

PEOPLE = """
    select u.id, u.email, u.full_name, u.role, u.id = a.owner_id as is_owner, o.is_active as owner_is_active,
        coalesce(p.can_view_leads, false) as can_view_leads, s.email_notifications, s.browser_push, s.new_leads,
        s.hot_leads, s.conversions, s.follow_ups, s.daily_summary, s.own_actions,
        u.invited_at is null and u.mail_problem is null as is_mailable
    from users u
    join accounts a on a.id = u.account_id
    join users o on o.account_id = a.id and o.id = a.owner_id
    join notification_settings s on s.account_id = u.account_id and s.user_id = u.id
    left join user_permissions p on p.account_id = u.account_id and p.user_id = u.id
    where u.account_id = $1 and u.is_active and u.deleted_at is null
    order by u.id
"""
USER_NAME = "select full_name from users where account_id = $1 and id = $2"
LEAD = """
    select id, name, company_name, phone_number, email, city, next_followup_date
    from leads where account_id = $1 and id = $2 and deleted_at is null
"""
REDIRECT = "select lead_id from lead_redirects where account_id = $1 and old_id = $2"
DUE = """
    account_id = $1 and deleted_at is null and next_followup_date <= $2 and lead_status not in ('converted', 'lost')
"""
DUE_LEADS = f"""
    select name, company_name, phone_number, next_followup_date from leads where {DUE}
    order by next_followup_date desc, id limit $3
"""  # noqa: S608  constants
DUE_COUNT = f"select count(*) from leads where {DUE}"  # noqa: S608  constants
DAY_NUMBERS = f"""
    with notified as (
        select n.lead_id from notifications n
        join accounts a on a.id = n.account_id and a.owner_id = n.user_id
        where n.account_id = $1 and n.created_at >= $3 and n.created_at < $4 and n.event_key like 'hot\\_lead:%'
    ), added as (
        select id, lead_status from leads
        where account_id = $1 and deleted_at is null and created_at >= $3 and created_at < $4
    )
    select
        (select count(*) from added) as new_count,
        (select count(*) from (select id from added where lead_status = 'hot' union select lead_id from notified) hot)
            as hot_count,
        (select count(*) from leads where account_id = $1 and deleted_at is null
            and converted_at >= $3 and converted_at < $4) as converted_count,
        (select count(*) from leads where {DUE}) as due_count,
        (select coalesce(sum(lead_count), 0)::bigint from lead_counts where account_id = $1) as total_count
"""  # noqa: S608  constants
INSERT = """
    insert into notifications (account_id, id, user_id, event_key, kind, lead_id, title, body, is_own, mail_due)
    select $1, id, user_id, $2, kind, $3, title, body, user_id = any ($9::uuid[]), user_id = any ($10::uuid[])
    from unnest($4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[]) as given (id, user_id, kind, title, body)
    on conflict (account_id, user_id, event_key) do nothing
    returning user_id, id
"""
INBOX = """
    select id, kind, title, body, lead_id, created_at, read_at from notifications
    where account_id = $1 and user_id = $2 and kind = any ($3::text[]) and ($4::uuid is null or id < $4)
        and not is_own
    order by id desc limit $5
"""
UNREAD_COUNT = """
    select count(*) from notifications
    where account_id = $1 and user_id = $2 and kind = any ($3::text[]) and read_at is null and not is_own
"""
MARK_READ = """
    update notifications set read_at = now()
    where account_id = $1 and user_id = $2 and kind = any ($3::text[]) and read_at is null
        and not is_own and ($4::uuid[] is null or id = any ($4))
    returning id
"""
SETTINGS = "select browser_push from notification_settings where account_id = $1 and user_id = $2"

SCHEDULE_MAILS = """
    with locked as (
        select user_id from notification_settings
        where account_id = $1 and user_id = any ($2::uuid[])
        order by user_id for no key update
    )
    update notification_settings s
    set news_due_at = greatest(now(), coalesce(s.news_mailed_at + $3::interval, now()))
    from locked
    where s.account_id = $1 and s.user_id = locked.user_id
        and (s.news_due_at is null or s.news_due_at < now() - interval '1 hour')
    returning s.user_id, s.news_due_at - now() as delay
"""
BEGIN_MAIL = """
    update notification_settings set news_due_at = null, news_mailed_at = now()
    where account_id = $1 and user_id = $2 and news_due_at is not null
    returning user_id
"""
TAKE_DUE = """
    update notifications n set mail_due = false
    where n.account_id = $1 and n.user_id = $2 and n.mail_due
    returning n.id, n.kind, n.title, n.body, n.lead_id, n.lead_id is null or exists (
        select from leads l where l.account_id = n.account_id and l.id = n.lead_id and l.deleted_at is null
    ) as is_current
"""

NOW = "select now()"
TIME_ZONES = "select distinct time_zone from accounts"
TO_ANNOUNCE = """
    a.time_zone = any ($1::text[]) and a.id > $2
        and not exists (select from job_keys k where k.key = $3 || a.id || $4)
"""
WITH_DUE_LEADS = f"""
    select a.id from accounts a
    where {TO_ANNOUNCE} and exists (
        select from leads l
        where l.account_id = a.id and l.deleted_at is null and l.next_followup_date <= $5
            and l.lead_status not in ('converted', 'lost')
    )
    order by a.id limit $6
"""  # noqa: S608  constants
WITH_SUMMARY_READERS = f"""
    select a.id from accounts a
    where {TO_ANNOUNCE} and exists (
        select from notification_settings s where s.account_id = a.id and s.daily_summary
    )
    order by a.id limit $5
"""  # noqa: S608  constants
PURGE = """
    delete from notifications where (account_id, id) in (
        select account_id, id from notifications where created_at < now() - $1::interval limit $2
    )
"""


async def people(connection: Connection, account_id: UUID) -> list[Person]:
    """Return the active users of the account with their settings."""
    return [Person(**row) for row in await connection.fetch(PEOPLE, account_id)]


async def user_name(connection: Connection, account_id: UUID, user_id: UUID | None) -> str | None:
    """Return the full name of a user of the account, active or not."""
    name: str | None = await connection.fetchval(USER_NAME, account_id, user_id) if user_id is not None else None
    return name


async def lead(connection: Connection, account_id: UUID, lead_id: UUID) -> LeadFacts | None:
    """Return the facts of a lead of the account; None if it is deleted."""
    row = await connection.fetchrow(LEAD, account_id, lead_id)
    return LeadFacts(**row) if row else None


async def merged_into(connection: Connection, account_id: UUID, lead_id: UUID) -> UUID | None:
    """Return the lead into which a lead of the account was merged; None if it was not."""
    found: UUID | None = await connection.fetchval(REDIRECT, account_id, lead_id)
    return found


async def due_leads(connection: Connection, account_id: UUID, today: date, *, limit: int) -> tuple[list[DueLead], int]:
    """Return open leads whose follow-up is due by `today`, latest first, and their number."""
    rows = await connection.fetch(DUE_LEADS, account_id, today, limit)
    total = len(rows) if len(rows) < limit else await connection.fetchval(DUE_COUNT, account_id, today)
    return [DueLead(**row) for row in rows], total


async def day_numbers(
    connection: Connection, account_id: UUID, today: date, since: datetime, until: datetime
) -> DayNumbers:
    """Return the numbers of the day `today`, which began at `since`, as of `until`.

    A lead became hot when it was added as hot, or when the owner, who is notified of all, was notified of it. It counts
    once. Converted leads are those that are converted still, as in the analytics.
    """
    (row,) = await connection.fetch(DAY_NUMBERS, account_id, today, since, until)
    return DayNumbers(**row)


async def insert(
    connection: Connection,
    account_id: UUID,
    event_key: str,
    lead_id: UUID | None,
    recipients: Sequence[tuple[UUID, Kind, Words]],
    *,
    own: Collection[UUID] = (),
    mailed_later: Collection[UUID] = (),
) -> dict[UUID, UUID]:
    """Add an event to the inboxes of users, with a text for each; return the new ids by user.

    Rows of users in `own`, who caused the event, are hidden. Those of `mailed_later` are marked for the next mail. A
    user who was notified of the event before gets no new row.
    """
    user_ids = [user_id for user_id, _, _ in recipients]
    kinds = [kind.value for _, kind, _ in recipients]
    titles, bodies = [words.title for _, _, words in recipients], [words.body for _, _, words in recipients]
    ids = [new_id() for _ in recipients]
    columns = (ids, user_ids, kinds, titles, bodies, list(own), list(mailed_later))
    rows = await connection.fetch(INSERT, account_id, event_key, lead_id, *columns)
    return {row["user_id"]: row["id"] for row in rows}


async def schedule_mails(
    connection: Connection, account_id: UUID, user_ids: Collection[UUID], interval: timedelta
) -> dict[UUID, timedelta]:
    """Schedule the next mail of users for whom none is scheduled; return the delays by user.

    It is due immediately, or `interval` after the last one. A mail that is an hour overdue lost its job and is
    scheduled again.
    """
    rows = await connection.fetch(SCHEDULE_MAILS, account_id, list(user_ids), interval)
    return {row["user_id"]: row["delay"] for row in rows}


async def take_due(connection: Connection, account_id: UUID, user_id: UUID) -> list[DueNotification]:
    """Take the user's notifications due to be mailed, oldest first; a second run gets none."""
    if await connection.fetchval(BEGIN_MAIL, account_id, user_id) is None:
        return []
    rows = await connection.fetch(TAKE_DUE, account_id, user_id)
    return sorted((DueNotification(**row) for row in rows), key=lambda due: due.id)


async def inbox(
    connection: Connection, account_id: UUID, user_id: UUID, kinds: Collection[str], cursor: UUID | None, *, limit: int
) -> list[Notification]:
    """Return the user's notifications of `kinds` after `cursor`, newest first."""
    rows = await connection.fetch(INBOX, account_id, user_id, list(kinds), cursor, limit)
    return [notification(row) for row in rows]


async def unread_count(connection: Connection, account_id: UUID, user_id: UUID, kinds: Collection[str]) -> int:
    """Return the number of unread notifications of `kinds`."""
    return int(await connection.fetchval(UNREAD_COUNT, account_id, user_id, list(kinds)))


async def mark_read(
    connection: Connection, account_id: UUID, user_id: UUID, kinds: Collection[str], ids: list[UUID] | None
) -> int:
    """Mark those of `ids`, or all, as read; return how many were unread."""
    return len(await connection.fetch(MARK_READ, account_id, user_id, list(kinds), ids))


async def wants_push(connection: Connection, account_id: UUID, user_id: UUID) -> bool | None:
    """Return whether the user has switched pushes on; None without settings."""
    found: bool | None = await connection.fetchval(SETTINGS, account_id, user_id)
    return found


async def present(connection: Connection) -> datetime:
    """Return the current time of the database."""
    moment: datetime = await connection.fetchval(NOW)
    return moment


async def time_zones(connection: Connection) -> list[str]:
    """Return the time zones of all accounts. Background work."""
    return [row["time_zone"] for row in await connection.fetch(TIME_ZONES)]


async def accounts_to_announce(
    connection: Connection,
    kind: Kind,
    day: date,
    zones: Iterable[str],
    key_parts: tuple[str, str],
    after: UUID,
    *,
    limit: int,
) -> list[UUID]:
    """Return the next accounts in `zones` whose digest of `kind` on `day` is to be announced.

    They come after the id `after`, in the order of their ids.

    No job has the key that `key_parts` make around the account's id. Background work.
    """
    given = (list(zones), after, *key_parts)
    if kind is Kind.FOLLOW_UP:
        rows = await connection.fetch(WITH_DUE_LEADS, *given, day, limit)
    else:
        rows = await connection.fetch(WITH_SUMMARY_READERS, *given, limit)
    return [row["id"] for row in rows]


async def purge(connection: Connection, *, age: timedelta, batch_size: int = 5_000) -> None:
    """Delete notifications older than `age`, in short statements of `batch_size` rows.

    Background work.
    """
    while await connection.execute(PURGE, age, batch_size) == f"DELETE {batch_size}":
        pass
