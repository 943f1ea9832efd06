"""Routes of the inbox, of devices for web push, and of reminders."""

from litestar import Router
from litestar.params import FromPath, JSONBody

from leadconnect.accounts.permissions import Right
from leadconnect.auth.models import Message
from leadconnect.auth.principal import Principal
from leadconnect.auth.services import Services
from leadconnect.database.pool import Connection
from leadconnect.errors import TooManyRequests
from leadconnect.identifiers import parse_id
from leadconnect.notifications import actions
from leadconnect.notifications.actions import NoFollowUp
from leadconnect.notifications.models import (
    Inbox,
    InboxQuery,
    MarkedRead,
    PublicKey,
    PushStatus,
    ReadNotifications,
    Subscribed,
    Subscription,
    TestPush,
    Unsubscribed,
    Unsubscription,
)
from leadconnect.notifications.push.addresses import EndpointRefused
from leadconnect.notifications.push.keys import NoPushKey, vapid_key
from leadconnect.web import Given, delete, get, post


@get("/", query=InboxQuery)
async def list_notifications(
    params: Given[InboxQuery], principal: Given[Principal], connection: Given[Connection]
) -> Inbox:
    """List the caller's notifications, newest first.

    `cursor` is the `nextCursor` of the previous page.
    """
    return await actions.read_inbox(connection, principal, params)


@post("/read", status_code=200)
async def read_notifications(
    data: JSONBody[ReadNotifications], principal: Given[Principal], connection: Given[Connection]
) -> MarkedRead:
    """Mark notifications as read: those of `ids`, or all."""
    return await actions.mark_read(connection, principal, data.ids)


@get("/vapid-public-key", public=True, sync_to_thread=False, refuses=(NoPushKey,))
def read_public_key(services: Given[Services]) -> PublicKey:
    """Read the public key for subscribing in a browser."""
    return PublicKey(public_key=vapid_key(services.settings).public_key)


@post("/subscribe", status_code=200, refuses=(EndpointRefused,), session_only=True)
async def subscribe(
    data: JSONBody[Subscription],
    principal: Given[Principal],
    connection: Given[Connection],
    services: Given[Services],
) -> Subscribed:
    """Register a browser for web push.

    It gets pushes until it is unregistered, the push service drops it, or the session in which it subscribed is ended.
    """
    return await actions.subscribe(services, connection, principal, data)


@delete("/unsubscribe", status_code=200, session_only=True)
async def unsubscribe(
    data: JSONBody[Unsubscription], principal: Given[Principal], connection: Given[Connection]
) -> Unsubscribed:
    """Unregister devices from web push.

    These are the one of `endpoint`, with `all` every one of the caller's, by default those that subscribed in this
    session.
    """
    return await actions.unsubscribe(connection, principal, data)


@post("/test", status_code=200, refuses=(TooManyRequests,))
async def send_test_notification(
    principal: Given[Principal], connection: Given[Connection], services: Given[Services]
) -> TestPush:
    """Send a test message to the caller's devices.

    It is queued; `GET /notifications/status` shows failures.
    """
    return await actions.send_test(services, connection, principal)


@get("/status")
async def read_push_status(
    principal: Given[Principal], connection: Given[Connection], services: Given[Services]
) -> PushStatus:
    """Read whether the caller's devices get pushes, and what prevents it."""
    return await actions.push_status(services, connection, principal)


@post("/{lead_id:str}/send-followup-reminder", status_code=200, right=Right.VIEW_LEADS, refuses=(NoFollowUp,))
async def send_followup_reminder(
    lead_id: FromPath[str], principal: Given[Principal], connection: Given[Connection], services: Given[Services]
) -> Message:
    """Remind all users who may view the lead of its follow-up.

    It is queued, at most once a minute.
    """
    return await actions.remind(services, connection, principal, parse_id(lead_id))


router = Router(
    path="/notifications",
    tags=["Notifications"],
    route_handlers=[
        list_notifications,
        read_notifications,
        read_public_key,
        subscribe,
        unsubscribe,
        send_test_notification,
        read_push_status,
    ],
)
reminder_router = Router(path="/leads", tags=["Notifications"], route_handlers=[send_followup_reminder])
