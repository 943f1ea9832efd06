"""The types of notifications: inbox and devices on the wire, and the rows behind them."""

import re
from datetime import date, datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

import msgspec
from asyncpg import Record
from msgspec import Meta

from leadconnect.errors import FieldCode
from leadconnect.mail.announcements import Kind
from leadconnect.notifications.push.keys import decoded_key, decoded_secret
from leadconnect.wire import Answer, Input, Instant, Refusal, Text100, instant, text

READ_COUNT = 1000
CURSOR = re.compile(r"([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?")
HTTPS_URL = re.compile(r"https://[!-~]+")


def _cursor(value: str) -> Refusal | None:
    return None if CURSOR.fullmatch(value) else Refusal(FieldCode.FORMAT, "must be the nextCursor of another page")


def _endpoint(value: str) -> Refusal | None:
    return None if HTTPS_URL.fullmatch(value) else Refusal(FieldCode.FORMAT, "must be an https URL")


def _public_key(value: str) -> Refusal | None:
    return (
        None
        if decoded_key(value)
        else Refusal(FieldCode.FORMAT, "must be a point of the curve P-256, 65 bytes in base64url")
    )


def _auth_secret(value: str) -> Refusal | None:
    return None if decoded_secret(value) else Refusal(FieldCode.FORMAT, "must be 16 bytes in base64url")


Cursor = Annotated[str, text(36, check=_cursor, pattern=f"^{CURSOR.pattern}$")]
Endpoint = Annotated[str, text(2048, check=_endpoint, min_length=1, pattern=r"^https://[!-~]+$")]
PublicKeyText = Annotated[str, text(100, check=_public_key, min_length=1, pattern=r"^[A-Za-z0-9_+/-]{87}=?$")]
AuthText = Annotated[str, text(40, check=_auth_secret, min_length=1, pattern=r"^[A-Za-z0-9_+/-]{22}={0,2}$")]


class DeviceKeys(Input):
    """The keys of a push subscription, as `PushSubscription.toJSON()` writes them (Push API §8)."""

    p256dh: PublicKeyText
    auth: AuthText


class Subscription(Input, kw_only=True):
    """A browser to register for web push."""

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
    """The devices to unregister.

    These are the one of `endpoint`, `all`, or by default those that subscribed in this session.
    """

    endpoint: Endpoint | None = None
    all: bool = False


class InboxQuery(Input):
    """A page of the inbox, newest first, or after the notification whose id is `cursor`.

    An empty cursor is ignored.
    """

    cursor: Cursor = ""
    limit: Annotated[int, Meta(ge=1, le=100)] = 20


class ReadNotifications(Input):
    """The notifications to mark as read; all without `ids`."""

    ids: Annotated[list[UUID], Meta(max_length=READ_COUNT)] | None = None


class PublicKey(Answer):
    """The public key for subscribing in a browser: 65 bytes in base64url."""

    public_key: str


class Subscribed(Answer):
    """The result of registering a device."""

    success: bool
    message: str
    subscribed: bool


class Unsubscribed(Answer):
    """The result of unregistering devices. `unsubscribed` is false if there were none."""

    message: str
    unsubscribed: bool


class Diagnostics(Answer):
    """What pushes depend on."""

    web_push_initialized: bool
    browser_push_enabled: bool
    subscription_count: int


class TestPush(Answer):
    """Whether a test message was queued; if not, `message` says why."""

    success: bool
    message: str
    sent: bool
    diagnostics: Diagnostics


class PushStatus(Answer):
    """Whether the caller gets pushes; `issues` says what prevents it."""

    user_id: UUID
    web_push_initialized: bool
    has_notification_settings: bool
    browser_push_enabled: bool
    has_push_subscription: bool
    subscribed: bool
    subscription_count: int
    issues: list[str]


class Notification(Answer):
    """A notification of the caller."""

    id: UUID
    kind: Kind
    title: str
    body: str
    lead_id: UUID | None
    created_at: Instant
    read_at: Instant | None


class InboxMeta(Answer):
    """The cursor of the next page, null at the end, and the number of unread notifications."""

    next_cursor: UUID | None
    unread_count: int


class Inbox(Answer):
    """A page of the inbox, newest first."""

    data: list[Notification]
    meta: InboxMeta


class MarkedRead(Answer):
    """The number of notifications that were marked."""

    updated: int


class Person(msgspec.Struct, frozen=True):
    """A user who may be notified, with their permissions and settings. Internal."""

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
        """Whether the user gets mail.

        It is switched on, the invitation is accepted, and no mail was refused permanently.
        """
        return self.email_notifications and self.is_mailable

    def wants(self, kind: Kind) -> bool:
        """Return whether the user wants `kind` outside of the inbox."""
        return kind in SWITCHES and bool(getattr(self, SWITCHES[kind]))


SWITCHES: dict[Kind, str] = {
    Kind.NEW_LEAD: "new_leads",
    Kind.LEADS_IMPORTED: "new_leads",
    Kind.HOT_LEAD: "hot_leads",
    Kind.CONVERSION: "conversions",
    Kind.FOLLOW_UP: "follow_ups",
    Kind.DAILY_SUMMARY: "daily_summary",
}
"""The setting of each kind. A kind without one is only in the inbox."""


OWN_ACTIONS = frozenset({Kind.NEW_LEAD, Kind.HOT_LEAD, Kind.CONVERSION, Kind.LEADS_IMPORTED})
"""Kinds of which users are not notified by default when they caused the event. A reminder was asked for."""


class DueNotification(msgspec.Struct, frozen=True):
    """A notification to be mailed. Internal."""

    id: UUID
    kind: str
    title: str
    body: str
    lead_id: UUID | None
    is_current: bool


class LeadFacts(msgspec.Struct, frozen=True):
    """The facts of a lead for a notification. Internal."""

    id: UUID
    name: str
    company_name: str | None
    phone_number: str
    email: str | None
    city: str | None
    next_followup_date: date | None


class DueLead(msgspec.Struct, frozen=True):
    """A lead in a list of due follow-ups. Internal."""

    name: str
    company_name: str | None
    phone_number: str
    next_followup_date: date


class DayNumbers(msgspec.Struct, frozen=True):
    """The numbers of an account on one day, and its totals at the end of it."""

    new_count: int
    hot_count: int
    converted_count: int
    due_count: int
    total_count: int


class InboxRow(msgspec.Struct, frozen=True):
    """A row of `notifications`. Internal."""

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
