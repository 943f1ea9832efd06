"""The SQL of the devices registered for web push."""

from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

import msgspec

from leadconnect.database.pool import Connection
from leadconnect.identifiers import new_id

DEVICE_COUNT = 20
"""The most devices of one user; beyond that, the oldest subscriptions are deleted."""

SUBSCRIBE = """
    insert into push_subscriptions
        (account_id, id, user_id, session_id, endpoint, endpoint_digest, p256dh, auth, device_info)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    on conflict (account_id, user_id, endpoint_digest) do update set
        session_id = excluded.session_id, p256dh = excluded.p256dh, auth = excluded.auth,
        device_info = excluded.device_info, failure = null, updated_at = clock_timestamp()
"""
TAKE_OVER = """
    delete from push_subscriptions
    where account_id = $1 and endpoint_digest = $2 and user_id <> $3 and p256dh = $4 and auth = $5
"""
EVICT = """
    delete from push_subscriptions where account_id = $1 and id in (
        select id from push_subscriptions where account_id = $1 and user_id = $2
        order by updated_at desc, id desc offset $3
    )
"""
UNSUBSCRIBE_ONE = """
    delete from push_subscriptions where account_id = $1 and user_id = $2 and endpoint_digest = $3 returning id
"""
UNSUBSCRIBE_SESSION = """
    delete from push_subscriptions where account_id = $1 and user_id = $2 and session_id = $3 returning id
"""
UNSUBSCRIBE_ALL = "delete from push_subscriptions where account_id = $1 and user_id = $2 returning id"
SUBSCRIBER_ENDED = """
    exists (
        select from sessions s
        where s.account_id = p.account_id and s.id = p.session_id and s.revoked_at is not null
            and s.revoked_reason is distinct from 'idle'
    )
"""
"""The session in which a device subscribed was ended by a user. One that expired or timed out does not count: users get
notifications on a device because they are not using it.
"""
DEVICES = f"""
    select p.id, p.user_id, p.failure from push_subscriptions p
    where p.account_id = $1 and p.user_id = any ($2::uuid[]) and not {SUBSCRIBER_ENDED}
    order by p.id
"""  # noqa: S608  constants
MESSAGE = f"""
    select p.endpoint, p.p256dh, p.auth, n.kind, n.title, n.body, n.lead_id, n.event_key,
        l.deleted_at is not null as lead_is_gone, s.browser_push, u.role, u.id = a.owner_id as is_owner,
        o.is_active as owner_is_active, coalesce(g.can_view_leads, false) as can_view_leads
    from push_subscriptions p
    join users u on u.account_id = p.account_id and u.id = p.user_id and u.is_active and u.deleted_at is null
    join accounts a on a.id = p.account_id
    join users o on o.account_id = a.id and o.id = a.owner_id
    join notification_settings s on s.account_id = u.account_id and s.user_id = u.id
    left join user_permissions g on g.account_id = u.account_id and g.user_id = u.id
    left join notifications n on n.account_id = p.account_id and n.user_id = p.user_id and n.id = $3
    left join leads l on l.account_id = n.account_id and l.id = n.lead_id
    where p.account_id = $1 and p.id = $2 and not {SUBSCRIBER_ENDED}
"""  # noqa: S608  constants
FORGET = "delete from push_subscriptions where account_id = $1 and id = $2 and endpoint = $3"
NOTE = """
    update push_subscriptions set failure = $3
    where account_id = $1 and id = $2 and failure is distinct from $3
"""
PURGE_ENDED = f"delete from push_subscriptions p where {SUBSCRIBER_ENDED}"  # noqa: S608  constants


class DeviceRow(msgspec.Struct, frozen=True):
    """A device, its user, and why the last message to it failed."""

    id: UUID
    user_id: UUID
    failure: str | None


class MessageRow(msgspec.Struct, frozen=True):
    """A device, its notification (null for a test), and the settings of its user."""

    endpoint: str
    p256dh: str
    auth: str
    kind: str | None
    title: str | None
    body: str | None
    lead_id: UUID | None
    event_key: str | None
    lead_is_gone: bool
    browser_push: bool
    role: str
    is_owner: bool
    owner_is_active: bool
    can_view_leads: bool


def digest(endpoint: str) -> bytes:
    """Return the SHA-256 of an endpoint."""
    return sha256(endpoint.encode()).digest()


async def subscribe(
    connection: Connection,
    account_id: UUID,
    user_id: UUID,
    session_id: UUID,
    *,
    endpoint: str,
    p256dh: str,
    auth: str,
    device_info: str | None,
) -> None:
    """Store a device of a user with the session it subscribed in.

    A known device gets the new keys.

    A subscription of another user with the same keys is the same browser, and is deleted.
    """
    endpoint_digest, keys = digest(endpoint), (p256dh, auth)
    await connection.execute(
        SUBSCRIBE, account_id, new_id(), user_id, session_id, endpoint, endpoint_digest, *keys, device_info
    )
    await connection.execute(TAKE_OVER, account_id, endpoint_digest, user_id, *keys)
    await connection.execute(EVICT, account_id, user_id, DEVICE_COUNT)


async def unsubscribe(connection: Connection, account_id: UUID, user_id: UUID, endpoint: str) -> int:
    """Delete the user's device with this endpoint; return how many there were."""
    return len(await connection.fetch(UNSUBSCRIBE_ONE, account_id, user_id, digest(endpoint)))


async def unsubscribe_session(connection: Connection, account_id: UUID, user_id: UUID, session_id: UUID) -> int:
    """Delete the user's devices that subscribed in the session; return how many there were."""
    return len(await connection.fetch(UNSUBSCRIBE_SESSION, account_id, user_id, session_id))


async def unsubscribe_all(connection: Connection, account_id: UUID, user_id: UUID) -> int:
    """Delete all devices of the user; return how many there were."""
    return len(await connection.fetch(UNSUBSCRIBE_ALL, account_id, user_id))


async def devices(connection: Connection, account_id: UUID, user_ids: Iterable[UUID]) -> list[DeviceRow]:
    """Return the devices of the users, except those whose session was ended by a user."""
    return [DeviceRow(**row) for row in await connection.fetch(DEVICES, account_id, list(user_ids))]


async def message(
    connection: Connection, account_id: UUID, device_id: UUID, notification_id: UUID | None
) -> MessageRow | None:
    """Return the message to a device; None if the device is gone or its user is inactive."""
    row = await connection.fetchrow(MESSAGE, account_id, device_id, notification_id)
    return MessageRow(**row) if row else None


async def forget(connection: Connection, account_id: UUID, device_id: UUID, endpoint: str) -> None:
    """Delete a device whose `endpoint` the push service does not know any more."""
    await connection.execute(FORGET, account_id, device_id, endpoint)


async def note(connection: Connection, account_id: UUID, device_id: UUID, failure: str | None) -> None:
    """Store why the last message to a device failed; None if it did not."""
    await connection.execute(NOTE, account_id, device_id, failure)


async def purge_ended(connection: Connection) -> None:
    """Delete the devices of sessions that were ended. Background work."""
    await connection.execute(PURGE_ENDED)
