"""Check the endpoints of web push against server-side request forgery.

A user gives the URL of an endpoint and the server calls it. So it must be a name on the public internet, over https, on
the default port, and never a host of the internal network.

The name is resolved when a push is sent. Each of its addresses is checked, and only these are connected to, so a change
of the name between check and use has no effect (DNS rebinding).
"""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Collection
from typing import Any
from urllib.parse import SplitResult, urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult

from leadconnect.errors import LeadConnectError

OUTER_NAME = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")
"""A name with a dot whose last label begins with a letter. That excludes local names, and numbers, which a resolver may
take for an IPv4 address (WHATWG URL §3.5).
"""
INNER_SUFFIXES = (".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa", ".corp", ".home")
"""Suffixes that do not exist on the internet (RFC 6761, RFC 6762, RFC 8375, ICANN's list of private use)."""
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""IPv4 addresses in networks that have only IPv6 (RFC 6052 §2.1)."""

Lookup = Callable[[str, int], Awaitable[list[str]]]


class EndpointRefused(LeadConnectError):
    """The endpoint must be an https URL of a push service on the internet"""

    status = 400
    code = "endpoint_refused"
    field = "endpoint"


class InnerAddress(Exception):
    """A name resolves to an address that is not on the internet."""


def origin_of(endpoint: str, inner_hosts: Collection[str]) -> str:
    """Return the origin of an `endpoint`: scheme, host and port.

    `inner_hosts`, the setting LEADCONNECT_PUSH_INNER_HOSTS, are allowed internal hosts: ``host`` or ``host:port``.

    Raises:
        EndpointRefused: The endpoint is not, or may not be, on the internet.
    """
    parts, host, port = _split(endpoint)
    if is_allowed(endpoint, inner_hosts):
        return f"https://{parts.netloc.lower()}"
    if port not in (None, 443) or not OUTER_NAME.fullmatch(host) or host.endswith(INNER_SUFFIXES):
        raise EndpointRefused
    return f"https://{host}"


def is_allowed(endpoint: str, inner_hosts: Collection[str]) -> bool:
    """Return whether the settings allow the endpoint's host although it is internal."""
    _, host, port = _split(endpoint)
    named = host if port in (None, 443) else f"{host}:{port}"
    return named in {each.lower() for each in inner_hosts}


def _split(endpoint: str) -> tuple[SplitResult, str, int | None]:
    """Split an https URL that has a host and no user name."""
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise EndpointRefused from None
    if parts.scheme != "https" or not host or "@" in parts.netloc or "\\" in endpoint or not endpoint.isascii():
        raise EndpointRefused
    return parts, host, port


def is_outer(address: str) -> bool:
    """Return whether an IP address is on the public internet.

    Loopback, private, shared, link-local, multicast and reserved networks are not (IANA's special-purpose registries),
    nor are their IPv4 addresses embedded in IPv6.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not ip.is_multicast and not ip.is_reserved
    if ip in NAT64:
        return is_outer(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    is_wrapped = ip.ipv4_mapped is not None or ip.sixtofour is not None or ip.teredo is not None
    return ip in GLOBAL_UNICAST and ip.is_global and not is_wrapped


async def look_up(host: str, port: int) -> list[str]:
    """Return the addresses of a name, from the system's resolver.

    Raises:
        OSError: The name has none.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class CheckedResolver(AbstractResolver):
    """A resolver for aiohttp that checks each address. Without `checks` the host is trusted."""

    def __init__(self, *, checks: bool, lookup: Lookup = look_up) -> None:
        self._checks = checks
        self._lookup = lookup

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Resolve a name.

        Raises:
            InnerAddress: One of its addresses is internal; then none is used.
            OSError: The name has no address.
        """
        addresses = await self._lookup(host, port)
        if self._checks and not all(map(is_outer, addresses)):
            raise InnerAddress
        return [_result(host, address, port) for address in addresses]

    async def close(self) -> None:
        """Do nothing: the resolver has no resources."""


def _result(host: str, address: str, port: int) -> ResolveResult:
    family: Any = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST)
