"""Daily digests: on time in every time zone, once a day, and only if there is something to report."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.auth.services import Services
from leadconnect.database.transaction import tenant
from leadconnect.mail.announcements import Announcement
from leadconnect.notifications.digests import TIMES, announce_digests, due_days, zone_of
from leadconnect.notifications.queries import day_numbers
from tests.cast import Actor, Cast
from tests.leads.writing import add_lead, change_lead
from tests.notifications.notified import NINE, SIX, ZONES, announced, inbox, kinds, move, past_nine, switch, zone_where
from tests.postbox import Postbox


@pytest.fixture
async def owner(cast: Cast, services: Services) -> Actor:
    """An owner who gets no mail of new leads, somewhere where it is past nine in the morning."""
    found = await cast.owner()
    await switch(services, found, new_leads=False, own_actions=True)
    await move(services, found, zone_where(past_nine))
    return found


async def day_of(services: Services, actor: Actor) -> date:
    async with tenant(services.database, actor.account_id) as connection:
        zone = await connection.fetchval("select time_zone from accounts where id = $1", actor.account_id)
    return datetime.now(ZoneInfo(zone)).date()


async def test_each_person_gets_one_mail_with_all_that_is_due(
    client: httpx.AsyncClient, cast: Cast, services: Services, postbox: Postbox, owner: Actor
) -> None:
    today = await day_of(services, owner)
    viewer, blind, uninterested = (
        await cast.sub_user(owner), await cast.sub_user(owner, view=False), await cast.sub_user(owner),
    )  # fmt: skip
    await switch(services, viewer, new_leads=False)
    await switch(services, uninterested, new_leads=False, follow_ups=False)
    for name, day, status in (
        ("Due Today", today, "new"),
        ("Due Before", today - timedelta(days=3), "hot"),
        ("Due Later", today + timedelta(days=1), "new"),
        ("Bought Already", today, "converted"),
        ("Gone Away", today, "lost"),
    ):
        await add_lead(client, owner, name=name, nextFollowupDate=day.isoformat(), leadStatus=status)
    deleted = await add_lead(client, owner, name="Deleted", nextFollowupDate=today.isoformat())
    await client.delete(f"/api/leads/{deleted}", headers=owner.headers)
    before = {actor.email: len(await postbox.mails_to(actor.email)) for actor in (owner, viewer, uninterested)}
    await announce_digests(services.database)
    for actor in (owner, viewer):
        mail = (await postbox.mails_to(actor.email))[before[actor.email] :]
        assert len(mail) == 1
        assert "2 follow-ups are due" in mail[0]
        assert mail[0].index("Due Today") < mail[0].index("Due Before")
        for name in ("Due Later", "Bought Already", "Gone Away", "Deleted"):
            assert name not in mail[0]
    assert len(await postbox.mails_to(uninterested.email)) == before[uninterested.email]
    assert await postbox.mails_to(blind.email) == []
    assert (await inbox(client, uninterested))[0]["title"] == "2 follow-ups are due"


async def test_a_long_list_is_cut_and_says_so(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    today = (await day_of(services, owner)).isoformat()
    for number in range(23):
        await add_lead(client, owner, name=f"Person {number}", nextFollowupDate=today)
    await announce_digests(services.database)
    (mail,) = await postbox.mails_to(owner.email)
    assert "23 follow-ups are due" in mail
    assert mail.count("Person") == 3 + 20
    assert "and 3 more" in mail


async def test_two_schedulers_and_many_runs_notify_once(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    await add_lead(client, owner, nextFollowupDate=(await day_of(services, owner)).isoformat())
    await asyncio.gather(*(announce_digests(services.database) for _ in range(4)))
    assert len(await postbox.mails_to(owner.email)) == 1
    await announce_digests(services.database)
    assert len(await postbox.mails_to(owner.email)) == 1


async def test_many_accounts_are_announced_in_batches(
    client: httpx.AsyncClient, cast: Cast, services: Services, postbox: Postbox
) -> None:
    zone = zone_where(past_nine)
    owners = [await cast.owner() for _ in range(5)]
    for each in owners:
        await switch(services, each, new_leads=False)
        await add_lead(client, each, nextFollowupDate=(await move(services, each, zone)).isoformat())
    await asyncio.gather(*(announce_digests(services.database, batch_size=count) for count in (1, 2)))
    assert [len(await postbox.mails_to(each.email)) for each in owners] == [1] * 5


async def test_no_user_is_notified_before_nine_and_later_follow_ups_are_notified_the_same_day(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    early = await move(services, owner, zone_where(lambda clock: clock < NINE))
    await add_lead(client, owner, nextFollowupDate=early.isoformat())
    await announce_digests(services.database)
    assert await postbox.mails_to(owner.email) == []
    late = await move(services, owner, zone_where(past_nine))
    await add_lead(client, owner, nextFollowupDate=late.isoformat())
    await announce_digests(services.database)
    assert len(await postbox.mails_to(owner.email)) == 1


async def test_no_user_is_notified_until_a_follow_up_is_due(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    await announce_digests(services.database)
    assert await inbox(client, owner) == []
    await add_lead(client, owner, nextFollowupDate=(await day_of(services, owner)).isoformat())
    await announce_digests(services.database)
    assert len(await postbox.mails_to(owner.email)) == 1


async def test_follow_ups_of_yesterday_are_notified_again_today(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    today = await day_of(services, owner)
    await add_lead(client, owner, nextFollowupDate=(today - timedelta(days=1)).isoformat())
    await announce_digests(services.database)
    assert len(await postbox.mails_to(owner.email)) == 1
    async with services.database.acquire() as connection:  # what was today is yesterday now
        before, after = (f"{owner.account_id}:{day.isoformat()}" for day in (today, today - timedelta(days=1)))
        moved = "update job_keys set key = replace(key, $1, $2) where key like 'digest:%' || $1"
        assert await connection.execute(moved, before, after) == "UPDATE 1"
        for prefix in ("mail", "push"):
            await connection.execute(
                "update job_keys set key = replace(key, $2, 'another day') where key like $1 || '%' || $2",
                f"{prefix}:{owner.account_id}", f"follow_up:{today.isoformat()}",
            )  # fmt: skip
    async with tenant(services.database, owner.account_id) as connection:
        await connection.execute(
            "update notifications set event_key = 'follow_up:another day' where account_id = $1 and kind = 'follow_up'",
            owner.account_id,
        )
    await announce_digests(services.database)
    assert len(await postbox.mails_to(owner.email)) == 2


async def test_the_digest_of_a_past_day_notifies_no_user(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    today = await day_of(services, owner)
    await add_lead(client, owner, nextFollowupDate=(today - timedelta(days=2)).isoformat())
    for kind in TIMES:
        yesterday = Announcement(kind=kind, account_id=owner.account_id, day=today - timedelta(days=1))
        await announced(services, yesterday)
    assert await postbox.mails_to(owner.email) == []
    assert await kinds(client, owner) == ["new_lead"]


async def test_an_unknown_time_zone_counts_as_utc_and_does_not_affect_other_accounts(
    client: httpx.AsyncClient, cast: Cast, services: Services, postbox: Postbox, owner: Actor
) -> None:
    lost = await cast.owner()
    async with tenant(services.database, lost.account_id) as connection:
        await connection.execute("update accounts set time_zone = 'Mars/Olympus' where id = $1", lost.account_id)
    await add_lead(client, owner, nextFollowupDate=(await day_of(services, owner)).isoformat())
    await announce_digests(services.database)
    assert len(await postbox.mails_to(owner.email)) == 1
    assert zone_of("Mars/Olympus") == ZoneInfo("UTC")


async def test_the_summary_of_the_day_goes_to_those_who_want_it(
    client: httpx.AsyncClient, cast: Cast, services: Services, postbox: Postbox
) -> None:
    owner = await cast.owner()
    today = await move(services, owner, zone_where(lambda clock: clock >= SIX))
    reader = await cast.sub_user(owner)
    await switch(services, reader, daily_summary=True, new_leads=False, hot_leads=False, conversions=False)
    await switch(services, reader, follow_ups=False)
    ids = [await add_lead(client, owner) for _ in range(3)]
    await client.patch(f"/api/leads/{ids[0]}", json={"leadStatus": "hot"}, headers=owner.headers)
    await client.patch(f"/api/leads/{ids[1]}", json={"leadStatus": "converted"}, headers=owner.headers)
    body = {"nextFollowupDate": today.isoformat()}
    await client.patch(f"/api/leads/{ids[2]}", json=body, headers=owner.headers)
    assert await postbox.mails_to(reader.email) == []
    for _ in range(2):
        await announce_digests(services.database)
    (mail,) = await postbox.mails_to(reader.email)
    for line in ("New leads: 3", "Became hot: 1", "Converted: 1", "Follow-ups due: 1", "Leads in all: 3"):
        assert f"  {line}\n" in mail
    assert "daily_summary" not in await kinds(client, owner)
    assert (await kinds(client, reader)).count("daily_summary") == 1


async def test_before_six_there_is_no_summary(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    await switch(services, owner, daily_summary=True)
    await announce_digests(services.database)
    assert await postbox.mails_to(owner.email) == []
    assert await inbox(client, owner) == []


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)), st.sampled_from(ZONES))
def test_a_digest_is_due_from_its_time_until_midnight_of_its_place(moment: datetime, name: str) -> None:
    now = moment.replace(tzinfo=UTC)
    local = now.astimezone(ZoneInfo(name))
    expected = {local.date(): [name]} if local.hour >= 9 else {}
    assert due_days(now, [name], NINE) == expected


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("Asia/Kolkata", "2031-03-04T03:30"),
        ("Asia/Kathmandu", "2031-03-04T03:15"),
        ("Pacific/Chatham", "2031-06-03T20:15"),
        ("Europe/Berlin", "2031-03-30T07:00"),
        ("Europe/Berlin", "2031-03-29T08:00"),
        ("Europe/Berlin", "2031-10-26T08:00"),
        ("America/New_York", "2031-03-09T13:00"),
        ("Pacific/Kiritimati", "2031-03-03T19:00"),
    ],
)
def test_nine_in_the_morning_is_when_the_clock_there_says_so(name: str, moment: str) -> None:
    """Also where the clock is half an hour or a quarter off, and on the days on which it is changed."""
    nine = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert nine.astimezone(ZoneInfo(name)).time() == NINE
    assert due_days(nine, [name], NINE) != {}
    assert due_days(nine - timedelta(seconds=1), [name], NINE) == {}


def test_time_zones_with_the_same_day_are_announced_together() -> None:
    now = datetime(2031, 3, 4, 20, 0, tzinfo=UTC)
    zones = ["Europe/Berlin", "Pacific/Auckland", "UTC", "Asia/Kolkata", "America/Los_Angeles"]
    assert due_days(now, zones, NINE) == {
        date(2031, 3, 4): ["Europe/Berlin", "UTC", "America/Los_Angeles"],
        date(2031, 3, 5): ["Pacific/Auckland"],
    }


async def test_the_day_counts_each_lead_once_and_what_it_is_by_now(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    for status in ("hot", "hot", "converted", "converted"):
        await add_lead(client, owner, leadStatus=status)
    twice, reopened = await add_lead(client, owner), await add_lead(client, owner)
    for status in ("hot", "followup", "hot"):
        await change_lead(client, owner, twice, leadStatus=status)
    for status in ("converted", "followup"):
        await change_lead(client, owner, reopened, leadStatus=status)
    await postbox.mails_to(owner.email)  # all users are notified
    now = datetime.now(UTC)
    since, until = now - timedelta(hours=1), now + timedelta(hours=1)
    async with tenant(services.database, owner.account_id) as connection:
        numbers = await day_numbers(connection, owner.account_id, now.date(), since, until)
    assert (numbers.new_count, numbers.hot_count, numbers.converted_count, numbers.total_count) == (6, 3, 2, 6)
