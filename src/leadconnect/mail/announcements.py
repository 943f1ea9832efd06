"""Saying that something has happened. Whoever makes it happen says so in the same transaction; who is told, and how, is
found out by the worker later (`leadconnect.notifications.telling`).
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec

from leadconnect.database.pool import Connection
from leadconnect.identifiers import new_id
from leadconnect.queue.actions import enqueue

TELL = "tell"
"""The entry point of the queue that tells people; its payload is an `Announcement`."""


class Kind(StrEnum):
    """What people are told about. `FOLLOW_UP` is a reminder of one lead, or the list of all that are due on a day."""

    NEW_LEAD = "new_lead"
    HOT_LEAD = "hot_lead"
    CONVERSION = "conversion"
    LEADS_IMPORTED = "leads_imported"
    FOLLOW_UP = "follow_up"
    DAILY_SUMMARY = "daily_summary"
    PASSWORD_CHANGED = "password_changed"
    TWO_FACTOR_CHANGED = "two_factor_changed"


PERSONAL_KINDS = frozenset({Kind.PASSWORD_CHANGED, Kind.TWO_FACTOR_CHANGED})
"""What concerns one person's own sign-in, and needs no right to be seen."""


class Announcement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One event of one account, in ids alone: it waits in the queue, which is in dumps, and names nobody.

    `also` is what the event is besides, such as a new lead that is hot already. `user_id` is whom a personal event
    concerns, `day` the calendar day of a digest, `count` how many leads an import added.
    """

    kind: Kind
    account_id: UUID
    id: UUID = msgspec.field(default_factory=new_id)
    actor_id: UUID | None = None
    also: Kind | None = None
    lead_id: UUID | None = None
    user_id: UUID | None = None
    count: int | None = None
    day: date | None = None

    @property
    def event_key(self) -> str:
        """The event's name within its account. A digest has one a day, however often it is announced."""
        return f"{self.kind}:{self.id if self.day is None else self.day.isoformat()}"


async def announce(connection: Connection, announcement: Announcement, *, key: str | None = None) -> None:
    """Have people told, in the caller's transaction; without a `key` in one statement.

    `key` makes it the only announcement with that key (see `leadconnect.queue.actions.enqueue`).
    """
    await enqueue(connection, TELL, msgspec.json.encode(announcement), key=key)
