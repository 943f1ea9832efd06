"""What tests of notifications do again and again: make leads, set switches, read inboxes, go where it is late."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import httpx

from leadconnect.auth.services import Services
from leadconnect.database.transaction import tenant
from leadconnect.mail.announcements import Announcement, Kind, announce
from leadconnect.notifications.digests import TIMES
from tests.cast import Actor
from tests.notifications.push.service import Browser

INBOX = "/api/notifications"
SUBSCRIBE = "/api/notifications/subscribe"
UNSUBSCRIBE = "/api/notifications/unsubscribe"
STATUS = "/api/notifications/status"
ZONES = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("posix", "right")))
NINE, SIX = TIMES[Kind.FOLLOW_UP], TIMES[Kind.DAILY_SUMMARY]
MARGIN = timedelta(minutes=20)
"""By how much a zone's time is past or before a limit, so that a test does not outlive its day."""


async def switch(services: Services, actor: Actor, **switches: bool) -> None:
    """Set notification settings of a user, by column."""
    async with tenant(services.database, actor.account_id) as connection:
        for column, value in switches.items():
            await connection.execute(
                f"update notification_settings set {column} = $3 where account_id = $1 and user_id = $2",
                actor.account_id, actor.user_id, value,
            )  # fmt: skip


async def inbox(client: httpx.AsyncClient, actor: Actor, **query: Any) -> list[dict[str, Any]]:
    """Return the inbox of a user."""
    answer = await client.get(INBOX, params=query, headers=actor.headers)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


async def kinds(client: httpx.AsyncClient, actor: Actor) -> list[str]:
    """Return the kinds in the inbox of a user, newest first."""
    return [row["kind"] for row in await inbox(client, actor)]


async def subscribe(client: httpx.AsyncClient, actor: Actor, browser: Browser) -> httpx.Response:
    """Register a browser of a user for web push."""
    return await client.post(SUBSCRIBE, json=browser.subscription, headers=actor.headers)


async def announced(services: Services, announcement: Announcement, *, key: str | None = None) -> None:
    """Announce something in a transaction of its own."""
    async with tenant(services.database, announcement.account_id) as connection:
        await announce(connection, announcement, key=key)


def zone_where(holds: Callable[[time], bool]) -> str:
    """Return a time zone whose wall clock `holds` now and for some minutes to come."""
    now = datetime.now(UTC)
    for name in ZONES:
        zone = ZoneInfo(name)
        clocks = [(now + delay).astimezone(zone) for delay in (timedelta(0), MARGIN)]
        if clocks[0].date() == clocks[1].date() and all(holds(clock.time()) for clock in clocks):
            return name
    raise AssertionError("no such place on earth")


def past_nine(clock: time) -> bool:
    """Return whether it is after the list of follow-ups and before the summary of the day."""
    return NINE <= clock < SIX


async def move(services: Services, actor: Actor, zone: str) -> date:
    """Let an account be in `zone`, and return its day."""
    async with tenant(services.database, actor.account_id) as connection:
        await connection.execute("update accounts set time_zone = $2 where id = $1", actor.account_id, zone)
    return datetime.now(ZoneInfo(zone)).date()
