"""The SQL of notifications: the inbox, who might be told, and what they are told about."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from leadconnect.database.pool import Connection
from leadconnect.identifiers import new_id
from leadconnect.mail.announcements import Kind
from leadconnect.notifications.models import (
    DayNumbers,
    DueLead,
    DueNews,
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
    with told as (
        select n.lead_id from notifications n
        join accounts a on a.id = n.account_id and a.owner_id = n.user_id
        where n.account_id = $1 and n.created_at >= $3 and n.created_at < $4 and n.event_key like 'hot\\_lead:%'
    ), added as (
        select id, lead_status from leads
        where account_id = $1 and deleted_at is null and created_at >= $3 and created_at < $4
    )
    select
        (select count(*) from added) as new_count,
        (select count(*) from (select id from added where lead_status = 'hot' union select lead_id from told) hot)
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

PLAN_NEWS = """
    with held as (
        select user_id from notification_settings
        where account_id = $1 and user_id = any ($2::uuid[])
        order by user_id for no key update
    )
    update notification_settings s
    set news_due_at = greatest(now(), coalesce(s.news_mailed_at + $3::interval, now()))
    from held
    where s.account_id = $1 and s.user_id = held.user_id
        and (s.news_due_at is null or s.news_due_at < now() - interval '1 hour')
    returning s.user_id, s.news_due_at - now() as delay
"""
BEGIN_NEWS = """
    update notification_settings set news_due_at = null, news_mailed_at = now()
    where account_id = $1 and user_id = $2 and news_due_at is not null
    returning user_id
"""
TAKE_NEWS = """
    update notifications n set mail_due = false
    where n.account_id = $1 and n.user_id = $2 and n.mail_due
    returning n.id, n.kind, n.title, n.body, n.lead_id, n.lead_id is null or exists (
        select from leads l where l.account_id = n.account_id and l.id = n.lead_id and l.deleted_at is null
    ) as is_current
"""

NOW = "select now()"
TIME_ZONES = "select distinct time_zone from accounts"
UNTOLD = """
    a.time_zone = any ($1::text[]) and a.id > $2
        and not exists (select from job_keys k where k.key = $3 || a.id || $4)
"""
WITH_DUE_LEADS = f"""
    select a.id from accounts a
    where {UNTOLD} and exists (
        select from leads l
        where l.account_id = a.id and l.deleted_at is null and l.next_followup_date <= $5
            and l.lead_status not in ('converted', 'lost')
    )
    order by a.id limit $6
"""  # noqa: S608  constants
WITH_SUMMARY_READERS = f"""
    select a.id from accounts a
    where {UNTOLD} and exists (
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
    """Return the users of the account who may sign in, with their settings."""
    return [Person(**row) for row in await connection.fetch(PEOPLE, account_id)]


async def user_name(connection: Connection, account_id: UUID, user_id: UUID | None) -> str | None:
    """Return the full name of a user of the account, also of one who has left."""
    name: str | None = await connection.fetchval(USER_NAME, account_id, user_id) if user_id is not None else None
    return name


async def lead(connection: Connection, account_id: UUID, lead_id: UUID) -> LeadFacts | None:
    """Return what is told of a lead of the account; None when it was deleted."""
    row = await connection.fetchrow(LEAD, account_id, lead_id)
    return LeadFacts(**row) if row else None


async def merged_into(connection: Connection, account_id: UUID, lead_id: UUID) -> UUID | None:
    """Return the lead that a lead of the account was merged into."""
    found: UUID | None = await connection.fetchval(REDIRECT, account_id, lead_id)
    return found


async def due_leads(connection: Connection, account_id: UUID, today: date, *, limit: int) -> tuple[list[DueLead], int]:
    """Return open leads whose follow-up is due on `today` or was before, the latest first, and how many there are."""
    rows = await connection.fetch(DUE_LEADS, account_id, today, limit)
    total = len(rows) if len(rows) < limit else await connection.fetchval(DUE_COUNT, account_id, today)
    return [DueLead(**row) for row in rows], total


async def day_numbers(
    connection: Connection, account_id: UUID, today: date, since: datetime, until: datetime
) -> DayNumbers:
    """Return the numbers of the day `today`, which began at `since`, as they are at `until`.

    A lead became hot when it was added as such, or when the owner, who is told of all of them, was told so; it counts
    once. Converted are those that are it still, as in the analytics.
    """
    (row,) = await connection.fetch(DAY_NUMBERS, account_id, today, since, until)
    return DayNumbers(**row)


async def insert(
    connection: Connection,
    account_id: UUID,
    event_key: str,
    lead_id: UUID | None,
    told: Sequence[tuple[UUID, Kind, Words]],
    *,
    own: Collection[UUID] = (),
    mailed_later: Collection[UUID] = (),
) -> dict[UUID, UUID]:
    """Put an event into the inboxes of users, to each of them in words of their own.

    Users among `own` did it themselves and do not find it in their inbox; those of `mailed_later` are mailed it with
    what else is due. Returns the ids of the new rows by user. Who was told of the event before is not among them.
    """
    user_ids = [user_id for user_id, _, _ in told]
    kinds = [kind.value for _, kind, _ in told]
    titles, bodies = [words.title for _, _, words in told], [words.body for _, _, words in told]
    ids = [new_id() for _ in told]
    columns = (ids, user_ids, kinds, titles, bodies, list(own), list(mailed_later))
    rows = await connection.fetch(INSERT, account_id, event_key, lead_id, *columns)
    return {row["user_id"]: row["id"] for row in rows}


async def plan_news(
    connection: Connection, account_id: UUID, user_ids: Collection[UUID], interval: timedelta
) -> dict[UUID, timedelta]:
    """Plan the next mail of notifications for those of the users for whom none is planned.

    Returns after which delay each is due: at once, or `interval` after the last one. A plan that is an hour overdue
    lost its job and is made again.
    """
    rows = await connection.fetch(PLAN_NEWS, account_id, list(user_ids), interval)
    return {row["user_id"]: row["delay"] for row in rows}


async def take_news(connection: Connection, account_id: UUID, user_id: UUID) -> list[DueNews]:
    """Return the user's notifications that are due to be mailed, oldest first, and note that they are; what follows
    is planned anew. Empty where no mail is planned any more, as in a job that runs twice.
    """
    if await connection.fetchval(BEGIN_NEWS, account_id, user_id) is None:
        return []
    rows = await connection.fetch(TAKE_NEWS, account_id, user_id)
    return sorted((DueNews(**row) for row in rows), key=lambda news: news.id)


async def inbox(
    connection: Connection, account_id: UUID, user_id: UUID, kinds: Collection[str], cursor: UUID | None, *, limit: int
) -> list[Notification]:
    """Return the user's notifications of `kinds` from behind `cursor` on, newest first."""
    rows = await connection.fetch(INBOX, account_id, user_id, list(kinds), cursor, limit)
    return [notification(row) for row in rows]


async def unread_count(connection: Connection, account_id: UUID, user_id: UUID, kinds: Collection[str]) -> int:
    """Return how many notifications of `kinds` the user has not read."""
    return int(await connection.fetchval(UNREAD_COUNT, account_id, user_id, list(kinds)))


async def mark_read(
    connection: Connection, account_id: UUID, user_id: UUID, kinds: Collection[str], ids: list[UUID] | None
) -> int:
    """Note that the user has read those of `ids`, or all; return how many were unread."""
    return len(await connection.fetch(MARK_READ, account_id, user_id, list(kinds), ids))


async def wants_push(connection: Connection, account_id: UUID, user_id: UUID) -> bool | None:
    """Tell whether the user has switched pushes on; None where they have no settings."""
    found: bool | None = await connection.fetchval(SETTINGS, account_id, user_id)
    return found


async def present(connection: Connection) -> datetime:
    """Return the database's time."""
    moment: datetime = await connection.fetchval(NOW)
    return moment


async def time_zones(connection: Connection) -> list[str]:
    """Return the time zones that accounts are in; background work."""
    return [row["time_zone"] for row in await connection.fetch(TIME_ZONES)]


async def untold_accounts(
    connection: Connection,
    kind: Kind,
    day: date,
    zones: Iterable[str],
    key_parts: tuple[str, str],
    after: UUID,
    *,
    limit: int,
) -> list[UUID]:
    """Return the next accounts after the id `after`, by their ids, that are in `zones`, have something to be told of
    `kind` on `day` and were not: no job has the key that `key_parts` make around the account's id. Background work.
    """
    untold = (list(zones), after, *key_parts)
    if kind is Kind.FOLLOW_UP:
        rows = await connection.fetch(WITH_DUE_LEADS, *untold, day, limit)
    else:
        rows = await connection.fetch(WITH_SUMMARY_READERS, *untold, limit)
    return [row["id"] for row in rows]


async def purge(connection: Connection, *, age: timedelta, at_once: int = 5_000) -> None:
    """Delete notifications older than `age`, so many rows `at_once` that no statement takes long; background work."""
    while await connection.execute(PURGE, age, at_once) == f"DELETE {at_once}":
        pass
