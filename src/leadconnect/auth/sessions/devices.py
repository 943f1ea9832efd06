"""From which devices a user has signed in, known by keyed digests, and the word to them when it is a new one."""

import hmac
from uuid import UUID

from leadconnect.accounts.models import UserRow
from leadconnect.auth.services import Client, Services
from leadconnect.auth.sessions import queries
from leadconnect.clock import now
from leadconnect.database.pool import Connection
from leadconnect.edge.address import network_prefix
from leadconnect.logs import security_event

SHOWN_LENGTH = 120
"""Characters of a user agent that a mail shows: whoever signs in chooses its words."""


async def note_device(
    services: Services, connection: Connection, account_id: UUID, user: UserRow, client: Client
) -> None:
    """Note where a log-in comes from, and tell the user by mail when it is neither known nor their first.

    Of log-ins at the same time from the same device, one inserts the row, and the others wait for it.
    """
    network = network_prefix(client.address)
    device = _digest(services.settings.secret, user.id, client.user_agent or "", network)
    if not await queries.note_device(connection, account_id, user.id, device):
        return
    security_event("new_device", outcome="ok", account_id=str(account_id), user_id=str(user.id))
    if not await queries.wants_log_in_notices(connection, account_id, user.id):
        return
    context = {
        "name": user.full_name,
        "time": f"{now():%Y-%m-%d %H:%M} UTC",
        "network": network or "unknown",
        "agent": (client.user_agent or "unknown")[:SHOWN_LENGTH],
    }
    await services.outbox.post(connection, "new_device", user.email, context)


def _digest(secret: str, user_id: UUID, agent: str, network: str) -> str:
    """Return 64 hexadecimal characters that stand for a device of this user alone."""
    key = hmac.digest(secret.encode(), b"leadconnect: known devices, version 1", "sha256")
    message = "\n".join((str(user_id), network, agent)).encode("utf-8", "surrogatepass")
    return hmac.digest(key, message, "sha256").hex()
