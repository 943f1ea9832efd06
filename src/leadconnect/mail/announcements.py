"""Announce events, in the transaction that causes them.

The worker decides later which users are notified, and how (`leadconnect.notifications`).
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec

from leadconnect.database.pool import Connection
from leadconnect.identifiers import new_id
from leadconnect.queue.actions import enqueue

TELL = "tell"
"""The entry point of the queue that notifies users; its payload is an `Announcement`. The value stays as earlier
versions wrote it, because their jobs may still be queued."""


class Kind(StrEnum):
    """The kinds of notifications.

    `FOLLOW_UP` is a reminder of one lead, or the list of all that are due on a day.
    """

    NEW_LEAD = "new_lead"
    HOT_LEAD = "hot_lead"
    CONVERSION = "conversion"
    LEADS_IMPORTED = "leads_imported"
    FOLLOW_UP = "follow_up"
    DAILY_SUMMARY = "daily_summary"
    PASSWORD_CHANGED = "password_changed"
    TWO_FACTOR_CHANGED = "two_factor_changed"


PERSONAL_KINDS = frozenset({Kind.PASSWORD_CHANGED, Kind.TWO_FACTOR_CHANGED})
"""Kinds about a user's own sign-in. They need no permission to be seen."""


class Announcement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An event of one account.

    It has ids and no personal data, because the queue is part of database dumps.

    `also` is a second kind of the event, such as a new lead that is already hot. `user_id` is the user that a personal
    event is about, `day` the calendar day of a digest, `count` the number of leads that an import added.
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
        """The key of the event within its account.

        A digest has one key a day, however often it is announced.
        """
        return f"{self.kind}:{self.id if self.day is None else self.day.isoformat()}"


async def announce(connection: Connection, announcement: Announcement, *, key: str | None = None) -> None:
    """Queue an announcement in the caller's transaction.

    With a `key`, it is the only announcement with that key (see `leadconnect.queue.actions.enqueue`).
    """
    await enqueue(connection, TELL, msgspec.json.encode(announcement), key=key)
