"""Notifications as nouns: the inbox and the devices as they are on the wire, and the rows behind them."""

import re
from datetime import date, datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

import msgspec
from asyncpg import Record
from msgspec import Meta

from leadconnect.mail.announcements import Kind
from leadconnect.notifications.push.keys import decoded_key, decoded_secret
from leadconnect.wire import Answer, Input, Instant, Text100, instant, text

READ_AT_ONCE = 1000
CURSOR = re.compile(r"([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?")
HTTPS_ADDRESS = re.compile(r"https://[!-~]+")


def _cursor(value: str) -> str | None:
    return None if CURSOR.fullmatch(value) else "must be the nextCursor of another slice"


def _endpoint(value: str) -> str | None:
    return None if HTTPS_ADDRESS.fullmatch(value) else "must be an https address"


def _public_key(value: str) -> str | None:
    return None if decoded_key(value) else "must be a point of the curve P-256, 65 bytes in base64url"


def _auth_secret(value: str) -> str | None:
    return None if decoded_secret(value) else "must be 16 bytes in base64url"


Cursor = Annotated[str, text(36, check=_cursor, pattern=f"^{CURSOR.pattern}$")]
Endpoint = Annotated[str, text(2048, check=_endpoint, min_length=1, pattern=r"^https://[!-~]+$")]
PublicKeyText = Annotated[str, text(100, check=_public_key, min_length=1, pattern=r"^[A-Za-z0-9_+/-]{87}=?$")]
AuthText = Annotated[str, text(40, check=_auth_secret, min_length=1, pattern=r"^[A-Za-z0-9_+/-]{22}={0,2}$")]


class DeviceKeys(Input):
    """The keys of a push subscription, as `PushSubscription.toJSON()` writes them (Push API §8)."""

    p256dh: PublicKeyText
    auth: AuthText


class Subscription(Input, kw_only=True):
    """A browser that is to take pushes."""

    rules: ClassVar[dict[str, Any]] = {
        "examples": [
            {
                "endpoint": "https://push.example.com/send/c0ffee",
                "keys": {
                    "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
                    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
                },
                "deviceInfo": "desktop",
            }
        ]
    }

    endpoint: Endpoint
    keys: DeviceKeys
    device_info: Text100 | None = None


class Unsubscription(Input):
    """Which devices of the caller are to take no more pushes: the one of an endpoint, all, or, where neither is said,
    those that subscribed in this session.
    """

    endpoint: Endpoint | None = None
    all: bool = False


class InboxQuery(Input):
    """A slice of the inbox: from the newest on, or from behind the one whose id is `cursor`. An empty one
    counts as absent.
    """

    cursor: Cursor = ""
    limit: Annotated[int, Meta(ge=1, le=100)] = 20


class ReadNotifications(Input):
    """Which notifications were read; all where `ids` is left out."""

    ids: Annotated[list[UUID], Meta(max_length=READ_AT_ONCE)] | None = None


class PublicKey(Answer):
    """The public key that a browser subscribes with: 65 bytes in base64url."""

    public_key: str


class Subscribed(Answer):
    """That a device takes pushes now."""

    success: bool
    message: str
    subscribed: bool


class Unsubscribed(Answer):
    """That devices take no pushes any more; `unsubscribed` tells whether there were any."""

    message: str
    unsubscribed: bool


class Diagnostics(Answer):
    """What pushes depend on."""

    web_push_initialized: bool
    browser_push_enabled: bool
    subscription_count: int


class TestPush(Answer):
    """Whether a test message is on its way; where not, `message` says why."""

    success: bool
    message: str
    sent: bool
    diagnostics: Diagnostics


class PushStatus(Answer):
    """Whether the caller gets pushes, and what is in the way."""

    user_id: UUID
    web_push_initialized: bool
    has_notification_settings: bool
    browser_push_enabled: bool
    has_push_subscription: bool
    subscribed: bool
    subscription_count: int
    issues: list[str]


class Notification(Answer):
    """Something that the caller was told."""

    id: UUID
    kind: Kind
    title: str
    body: str
    lead_id: UUID | None
    created_at: Instant
    read_at: Instant | None


class InboxMeta(Answer):
    """Where the next slice begins, null at the end, and how many notifications are unread in all."""

    next_cursor: UUID | None
    unread_count: int


class Inbox(Answer):
    """A slice of the inbox, newest first."""

    data: list[Notification]
    meta: InboxMeta


class MarkedRead(Answer):
    """How many notifications were unread until now."""

    updated: int


class Person(msgspec.Struct, frozen=True):
    """Somebody who might be told, what they may see, and what they want. Never sent."""

    id: UUID
    email: str
    full_name: str
    role: str
    is_owner: bool
    owner_is_active: bool
    can_view_leads: bool
    email_notifications: bool
    browser_push: bool
    new_leads: bool
    hot_leads: bool
    conversions: bool
    follow_ups: bool
    daily_summary: bool
    own_actions: bool
    is_mailable: bool

    @property
    def takes_mail(self) -> bool:
        """True where notifications are mailed: switched on, the invitation accepted, and no mail refused for good."""
        return self.email_notifications and self.is_mailable

    def wants(self, kind: Kind) -> bool:
        """Tell whether the person wants to hear of `kind` outside of the inbox."""
        return kind in SWITCHES and bool(getattr(self, SWITCHES[kind]))


SWITCHES: dict[Kind, str] = {
    Kind.NEW_LEAD: "new_leads",
    Kind.LEADS_IMPORTED: "new_leads",
    Kind.HOT_LEAD: "hot_leads",
    Kind.CONVERSION: "conversions",
    Kind.FOLLOW_UP: "follow_ups",
    Kind.DAILY_SUMMARY: "daily_summary",
}
"""The setting that each kind hangs on. A kind without one is told in the inbox alone."""


OWN_ACTIONS = frozenset({Kind.NEW_LEAD, Kind.HOT_LEAD, Kind.CONVERSION, Kind.LEADS_IMPORTED})
"""The kinds that a user is not notified of by default where they did it themselves. A reminder was asked for."""


class DueNews(msgspec.Struct, frozen=True):
    """A notification that is to be mailed. Never sent as it is."""

    id: UUID
    kind: str
    title: str
    body: str
    lead_id: UUID | None
    is_current: bool


class LeadFacts(msgspec.Struct, frozen=True):
    """What is told of a lead. Never sent as it is."""

    id: UUID
    name: str
    company_name: str | None
    phone_number: str
    email: str | None
    city: str | None
    next_followup_date: date | None


class DueLead(msgspec.Struct, frozen=True):
    """A lead in a list of due follow-ups. Never sent as it is."""

    name: str
    company_name: str | None
    phone_number: str
    next_followup_date: date


class DayNumbers(msgspec.Struct, frozen=True):
    """What happened in an account on one day, and where it stands at its end."""

    new_count: int
    hot_count: int
    converted_count: int
    due_count: int
    total_count: int


class InboxRow(msgspec.Struct, frozen=True):
    """A row of `notifications`. Never sent as it is."""

    id: UUID
    kind: str
    title: str
    body: str
    lead_id: UUID | None
    created_at: datetime
    read_at: datetime | None


def notification(row: Record) -> Notification:
    """Return the notification in `row`, which has the columns of `InboxRow`."""
    found = InboxRow(**row)
    return Notification(
        id=found.id,
        kind=Kind(found.kind),
        title=found.title,
        body=found.body,
        lead_id=found.lead_id,
        created_at=instant(found.created_at),
        read_at=instant(found.read_at) if found.read_at else None,
    )
