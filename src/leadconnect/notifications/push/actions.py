"""Queue pushes, and send them in the worker."""

from datetime import timedelta
from uuid import UUID

import msgspec

from leadconnect.accounts.permissions import views_leads
from leadconnect.auth.services import Services
from leadconnect.database.pool import Connection
from leadconnect.database.transaction import tenant
from leadconnect.mail.announcements import PERSONAL_KINDS, Kind
from leadconnect.notifications.push import queries
from leadconnect.notifications.push.message import TEST_PUSH, Push, push_of
from leadconnect.notifications.push.sender import Device, DeviceGone, PushFailed, PushRefused, PushSender
from leadconnect.queue.actions import enqueue

SEND_PUSH = "send_push"
"""The entry point of the queue that sends pushes; its payload is a `PushJob`."""


class PushJob(msgspec.Struct, frozen=True, omit_defaults=True):
    """A queued push, in ids: a notification for a device, or a test message."""

    account_id: UUID
    device_id: UUID
    notification_id: UUID | None = None


async def post_push(connection: Connection, job: PushJob, *, key: str | None = None) -> None:
    """Queue a push in the caller's transaction (see `leadconnect.queue.actions.enqueue`)."""
    await enqueue(connection, SEND_PUSH, msgspec.json.encode(job), key=key)


async def send_push(services: Services, sender: PushSender, payload: bytes, life: timedelta) -> str:
    """Send the push in `payload`, a `PushJob`, and return its outcome.

    The outcome is ``sent``, ``gone`` or ``refused``.

    No connection is in use while it is sent. If it is sent twice, the second message replaces the first one.

    Raises:
        PushFailed: It could not be sent this time.
    """
    job = msgspec.json.decode(payload, type=PushJob)
    async with tenant(services.database, job.account_id) as connection:
        found = await queries.message(connection, job.account_id, job.device_id, job.notification_id)
    push = _push(found, job) if found is not None else None
    if found is None or push is None:
        return "gone"
    outcome, failure = "sent", None
    try:
        await sender.send(Device(found.endpoint, found.p256dh, found.auth), push, life=life)
    except DeviceGone:
        outcome = "gone"
    except PushRefused as error:
        outcome, failure = "refused", str(error)
    except PushFailed as error:
        outcome, failure = "failed", str(error)
    async with tenant(services.database, job.account_id) as connection:
        if outcome == "gone":
            await queries.forget(connection, job.account_id, job.device_id, found.endpoint)
        else:
            await queries.note(connection, job.account_id, job.device_id, failure)
    if outcome == "failed":
        raise PushFailed(failure)
    return outcome


def _push(found: queries.MessageRow, job: PushJob) -> Push | None:
    """Return the push in `found`; None if it is obsolete.

    A push may wait for a day. By then its notification or its lead may be deleted, or its user may not see it or not
    want it any more.
    """
    if job.notification_id is None:
        return TEST_PUSH
    if found.kind is None or found.title is None or found.body is None or found.event_key is None:
        return None
    if not found.browser_push or found.lead_is_gone:
        return None
    if found.kind not in PERSONAL_KINDS and not views_leads(
        found.role, found.is_owner, found.owner_is_active, found.can_view_leads
    ):
        return None
    return push_of(Kind(found.kind), found.title, found.body, found.lead_id, found.event_key)
