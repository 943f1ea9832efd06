"""Where a push may go. An endpoint is an address that a user names and our servers call, so it must lead out: to a name
on the internet, over https, on its own port, and never to a machine beside ours.

The name is looked up when a push is sent. Every address that it has is checked, and the connection is made to these
addresses and no other, so a name that changes its mind between check and use gains nothing (DNS rebinding).
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
"""A name with a dot whose last label begins with a letter: so no number in whatever spelling, which a resolver may take
for an IPv4 address (WHATWG URL §3.5), and no name of this machine.
"""
INNER_SUFFIXES = (".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa", ".corp", ".home")
"""Ends of names that are no one's on the internet (RFC 6761, RFC 6762, RFC 8375, ICANN's list of private use)."""
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""IPv4 as seen from networks that have only IPv6 (RFC 6052 §2.1)."""

Lookup = Callable[[str, int], Awaitable[list[str]]]


class EndpointRefused(LeadConnectError):
    """The endpoint must be an https address of a push service on the internet."""

    status = 400
    code = "endpoint_refused"


class InnerAddress(Exception):
    """A name leads to an address that is not on the internet."""


def origin_of(endpoint: str, inner_hosts: Collection[str]) -> str:
    """Return scheme, host and port of an `endpoint` that a push may go to, as far as its text tells.

    `inner_hosts`, the setting LEADCONNECT_PUSH_INNER_HOSTS, are taken although they are inner: ``host`` or
    ``host:port``.

    Raises:
        EndpointRefused: it leads, or might lead, elsewhere.
    """
    parts, host, port = _split(endpoint)
    if is_allowed(endpoint, inner_hosts):
        return f"https://{parts.netloc.lower()}"
    if port not in (None, 443) or not OUTER_NAME.fullmatch(host) or host.endswith(INNER_SUFFIXES):
        raise EndpointRefused
    return f"https://{host}"


def is_allowed(endpoint: str, inner_hosts: Collection[str]) -> bool:
    """Tell whether the settings allow the endpoint's host to be an inner one."""
    _, host, port = _split(endpoint)
    named = host if port in (None, 443) else f"{host}:{port}"
    return named in {each.lower() for each in inner_hosts}


def _split(endpoint: str) -> tuple[SplitResult, str, int | None]:
    """Split an https address, which names a host and nobody who logs in there."""
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise EndpointRefused from None
    if parts.scheme != "https" or not host or "@" in parts.netloc or "\\" in endpoint or not endpoint.isascii():
        raise EndpointRefused
    return parts, host, port


def is_outer(address: str) -> bool:
    """Tell whether an IP address is one of the internet: no loopback, no private, shared, link-local, multicast or
    reserved network (IANA's special-purpose registries), and none of these wrapped in IPv6.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not ip.is_multicast and not ip.is_reserved
    if ip in NAT64:
        return is_outer(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    is_wrapped = ip.ipv4_mapped is not None or ip.sixtofour is not None or ip.teredo is not None
    return ip in GLOBAL_UNICAST and ip.is_global and not is_wrapped


async def look_up(host: str, port: int) -> list[str]:
    """Return the addresses that the system's resolver knows for a name.

    Raises:
        OSError: it knows none.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class CheckedResolver(AbstractResolver):
    """Gives aiohttp the addresses that it connects to, each checked; without `checks` the host is a trusted one."""

    def __init__(self, *, checks: bool, lookup: Lookup = look_up) -> None:
        self._checks = checks
        self._lookup = lookup

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Look the name up.

        Raises:
            InnerAddress: one of its addresses is an inner one; then none is used.
            OSError: it has none.
        """
        addresses = await self._lookup(host, port)
        if self._checks and not all(map(is_outer, addresses)):
            raise InnerAddress
        return [_result(host, address, port) for address in addresses]

    async def close(self) -> None:
        """Nothing is held."""


def _result(host: str, address: str, port: int) -> ResolveResult:
    family: Any = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST)
