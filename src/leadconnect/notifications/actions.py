"""Reminders, devices and the inbox of a caller."""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from leadconnect.accounts.permissions import Right
from leadconnect.auth import throttles
from leadconnect.auth.models import Message
from leadconnect.auth.principal import Principal
from leadconnect.auth.services import Services
from leadconnect.database.pool import Connection
from leadconnect.errors import LeadConnectError, TooManyRequests
from leadconnect.leads.actions import NoSuchLead
from leadconnect.mail.announcements import PERSONAL_KINDS, Announcement, Kind, announce
from leadconnect.notifications import queries
from leadconnect.notifications.models import (
    Diagnostics,
    Inbox,
    InboxMeta,
    InboxQuery,
    MarkedRead,
    PushStatus,
    Subscribed,
    Subscription,
    TestPush,
    Unsubscribed,
    Unsubscription,
)
from leadconnect.notifications.push import queries as devices
from leadconnect.notifications.push.actions import PushJob, post_push
from leadconnect.notifications.push.addresses import origin_of
from leadconnect.notifications.push.keys import NoPushKey, is_set_up, normal_key


class NoFollowUp(LeadConnectError):
    """The lead has no follow-up date to be reminded of."""

    status = 400
    code = "no_follow_up"


async def remind(services: Services, connection: Connection, principal: Principal, lead_id: UUID) -> Message:
    """Remind all users who may view the lead of its follow-up, at most once a minute.

    Raises:
        NoSuchLead: The account has no such lead.
        NoFollowUp: The lead has no follow-up date.
    """
    lead = await queries.lead(connection, principal.account_id, lead_id)
    if lead is None:
        raise NoSuchLead
    if lead.next_followup_date is None:
        raise NoFollowUp
    with suppress(TooManyRequests):
        await throttles.take(connection, services.limits.reminders(lead_id))
        account_id, actor_id = principal.account_id, principal.user_id
        event = Announcement(kind=Kind.FOLLOW_UP, account_id=account_id, actor_id=actor_id, lead_id=lead_id)
        await announce(connection, event)
    return Message(message="The reminder is on its way")


async def subscribe(
    services: Services, connection: Connection, principal: Principal, wanted: Subscription
) -> Subscribed:
    """Register a device of the caller for web push.

    Their notification settings stay as they are.

    Raises:
        EndpointRefused: The server may not call the endpoint.
    """
    origin_of(wanted.endpoint, services.settings.push_inner_hosts)
    await devices.subscribe(
        connection,
        principal.account_id,
        principal.user_id,
        principal.session,
        endpoint=wanted.endpoint,
        p256dh=normal_key(wanted.keys.p256dh),
        auth=normal_key(wanted.keys.auth),
        device_info=wanted.device_info,
    )
    return Subscribed(success=True, message="This device takes notifications now", subscribed=True)


async def unsubscribe(connection: Connection, principal: Principal, unwanted: Unsubscription) -> Unsubscribed:
    """Unregister devices of the caller."""
    caller = principal.account_id, principal.user_id
    if unwanted.endpoint is not None:
        count = await devices.unsubscribe(connection, *caller, unwanted.endpoint)
    elif unwanted.all:
        count = await devices.unsubscribe_all(connection, *caller)
    else:
        count = await devices.unsubscribe_session(connection, *caller, principal.session)
    message = "No more notifications are sent there" if count else "No notifications were sent there"
    return Unsubscribed(message=message, unsubscribed=count > 0)


async def send_test(services: Services, connection: Connection, principal: Principal) -> TestPush:
    """Queue a test message to all devices of the caller, whatever their settings.

    Raises:
        TooManyRequests: More than ten times within a minute.
    """
    found = await devices.devices(connection, principal.account_id, [principal.user_id])
    if found:
        await throttles.take(connection, services.limits.test_pushes(principal.user_id))
    for device in found:
        await post_push(connection, PushJob(principal.account_id, device.id))
    enabled = await queries.wants_push(connection, principal.account_id, principal.user_id)
    return TestPush(
        success=bool(found),
        message=f"A test message is on its way to {len(found)} of your devices" if found else NO_DEVICE,
        sent=bool(found),
        diagnostics=Diagnostics(
            web_push_initialized=is_set_up(services.settings),
            browser_push_enabled=bool(enabled),
            subscription_count=len(found),
        ),
    )


NOT_SET_UP = (NoPushKey.__doc__ or "").rstrip(".")
NO_DEVICE = "No device of yours takes notifications"
SWITCHED_OFF = "Notifications in the browser are switched off in your settings"


async def push_status(services: Services, connection: Connection, principal: Principal) -> PushStatus:
    """Return whether the caller gets pushes, and what prevents it."""
    found = await devices.devices(connection, principal.account_id, [principal.user_id])
    enabled = await queries.wants_push(connection, principal.account_id, principal.user_id)
    is_ready = is_set_up(services.settings)
    issues = [] if is_ready else [NOT_SET_UP]
    if not found:
        issues.append(NO_DEVICE)
    if not enabled:
        issues.append(SWITCHED_OFF)
    failures = sorted({device.failure for device in found if device.failure})
    issues += [f"The last message to a device was refused: {failure}" for failure in failures]
    return PushStatus(
        user_id=principal.user_id,
        web_push_initialized=is_ready,
        has_notification_settings=enabled is not None,
        browser_push_enabled=bool(enabled),
        has_push_subscription=bool(found),
        subscribed=bool(found),
        subscription_count=len(found),
        issues=issues,
    )


async def read_inbox(connection: Connection, principal: Principal, query: InboxQuery) -> Inbox:
    """Return a page of the caller's notifications that they may see now."""
    caller, kinds = (principal.account_id, principal.user_id), visible_kinds(principal)
    cursor = UUID(query.cursor) if query.cursor else None
    found = await queries.inbox(connection, *caller, kinds, cursor, limit=query.limit + 1)
    data = found[: query.limit]
    return Inbox(
        data=data,
        meta=InboxMeta(
            next_cursor=data[-1].id if len(found) > query.limit else None,
            unread_count=await queries.unread_count(connection, *caller, kinds),
        ),
    )


async def mark_read(connection: Connection, principal: Principal, ids: list[UUID] | None) -> MarkedRead:
    """Mark notifications as read. Ids that are not in the caller's inbox are ignored."""
    caller = principal.account_id, principal.user_id
    return MarkedRead(updated=await queries.mark_read(connection, *caller, visible_kinds(principal), ids))


def visible_kinds(principal: Principal) -> list[str]:
    """Return the kinds that the caller may see.

    Those about leads need the permission to view leads.
    """
    return [kind.value for kind in Kind if kind in PERSONAL_KINDS or principal.may(Right.VIEW_LEADS)]


async def purge(connection: Connection, *, age: timedelta) -> None:
    """Delete notifications older than `age` and the devices of ended sessions, in all accounts.

    Background work.
    """
    await queries.purge(connection, age=age)
    await devices.purge_ended(connection)
