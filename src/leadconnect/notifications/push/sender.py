"""Send a push, encrypted and signed, to a push service whose address is checked."""

import asyncio
from collections.abc import Collection
from datetime import timedelta

import aiohttp
import msgspec

from leadconnect.clock import now
from leadconnect.notifications.push.addresses import (
    CheckedResolver,
    EndpointRefused,
    InnerAddress,
    Lookup,
    is_allowed,
    look_up,
    origin_of,
)
from leadconnect.notifications.push.encryption import encrypt
from leadconnect.notifications.push.keys import decoded, tls_context, vapid_key
from leadconnect.notifications.push.message import Push
from leadconnect.settings import Settings

TIME_LIMIT = timedelta(seconds=10)
ANSWER_BYTES = 65_536
"""The most that is read of a response."""


class Device(msgspec.Struct, frozen=True):
    """The endpoint of a browser and the keys to encrypt for it."""

    endpoint: str
    p256dh: str
    auth: str


class DeviceGone(Exception):
    """The push service does not know the subscription any more."""


class PushRefused(Exception):
    """The message was refused permanently. The text is a short reason such as ``http_400``."""


class PushFailed(Exception):
    """The message could not be sent this time. The text is a short reason such as ``http_503``."""


class PushSender:
    """Send messages to push services (RFC 8030), each over its own connection.

    `time_limit` includes resolving the name and reading the response.
    """

    def __init__(self, settings: Settings, *, lookup: Lookup = look_up, time_limit: timedelta = TIME_LIMIT) -> None:
        self._tls = tls_context(settings)
        self._settings = settings
        self._lookup = lookup
        self._time_limit = time_limit

    async def send(self, device: Device, push: Push, *, life: timedelta) -> None:
        """Send `push` to `device`.

        The push service keeps it for `life` at most while the device is offline.

        Raises:
            DeviceGone: The subscription does not exist any more.
            PushRefused: It cannot be sent, now or later.
            PushFailed: It could not be sent now.
        """
        inner_hosts = self._settings.push_inner_hosts
        origin = _origin(device.endpoint, inner_hosts)
        if origin is None:
            raise PushRefused("address_refused")
        headers = {
            "Authorization": vapid_key(self._settings).authorization(origin, now()),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(max(0, int(life.total_seconds()))),
            "Topic": push.topic,
            "Urgency": push.urgency,
            "User-Agent": "LeadConnect",
        }
        payload = push.payload(self._settings.public_url.rstrip("/"))
        body = encrypt(payload, decoded(device.p256dh), decoded(device.auth))
        failure: Exception | None = None
        try:
            status = await self._post(device.endpoint, headers, body, is_inner=is_allowed(device.endpoint, inner_hosts))
        except InnerAddress:
            failure = PushRefused("address_refused")
        except TimeoutError:
            failure = PushFailed("timeout")
        except aiohttp.ClientConnectorCertificateError:
            failure = PushFailed("certificate_not_trusted")
        except (aiohttp.ClientError, OSError):
            failure = PushFailed("unreachable")
        if failure is not None:
            raise failure  # outside of the handler: the chained exception would have the endpoint in its text
        check_status(status)

    async def _post(self, endpoint: str, headers: dict[str, str], body: bytes, *, is_inner: bool) -> int:
        """Post `body` and return the status, without redirects, proxies and cookies."""
        connector = aiohttp.TCPConnector(
            resolver=CheckedResolver(checks=not is_inner, lookup=self._lookup),
            use_dns_cache=False,
            force_close=True,
            ssl=self._tls,
        )
        async with (
            asyncio.timeout(self._time_limit.total_seconds()),
            aiohttp.ClientSession(
                connector=connector, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False, trust_env=False
            ) as session,
            session.post(endpoint, data=body, headers=headers, allow_redirects=False) as answer,
        ):
            await answer.content.read(ANSWER_BYTES)
            return answer.status


def _origin(endpoint: str, inner_hosts: Collection[str]) -> str | None:
    try:
        return origin_of(endpoint, inner_hosts)
    except EndpointRefused:
        return None


def check_status(status: int) -> None:
    """Check the status of a push service's response (RFC 8030 §5, §7.3); 2xx is a success.

    Raises:
        DeviceGone, PushRefused, PushFailed: see `PushSender.send`.
    """
    if 200 <= status < 300:
        return
    if status in (404, 410):
        raise DeviceGone
    if status in (408, 425, 429) or status >= 500:
        raise PushFailed(f"http_{status}")
    raise PushRefused(f"http_{status}")
