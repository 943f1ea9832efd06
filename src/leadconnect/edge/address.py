"""Where a request comes from: the address that may be believed, and the network it stands for."""

import ipaddress
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from leadconnect.settings import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Headers = Iterable[tuple[bytes, bytes]]

UNKNOWN = ""
IPV4_PREFIX_BITS = 24
IPV6_PREFIX_BITS = 64
"""The smallest network that one customer gets (RFC 6177 §2); single addresses in it are free to change."""


def believed_address(scope: Mapping[str, Any], networks: tuple[Network, ...]) -> str:
    """Return the address of the client of an ASGI scope; empty when the server does not know it.

    ``X-Forwarded-For`` is believed only from a peer in `networks`, and read from the right: every proxy appends whom
    it saw, so the first address outside `networks` is the one that a proxy of ours vouches for. What stands left of
    it is the client's invention. A malformed entry ends the walk at the last good one.
    """
    peer = _peer(scope)
    if not networks or not is_trusted(peer, networks):
        return peer
    found = peer
    for entry in reversed(_forwarded(scope["headers"], b"x-forwarded-for")):
        address = _parse(_without_port(entry))
        if address is None:
            break
        found = str(address)
        if not is_trusted(found, networks):
            break
    return found


def believed_scheme(scope: Mapping[str, Any], networks: tuple[Network, ...]) -> str:
    """Return ``http`` or ``https``: from the nearest proxy's ``X-Forwarded-Proto`` if it is in `networks`."""
    scheme: str = scope.get("scheme", "http")
    if networks and is_trusted(_peer(scope), networks):
        said = _forwarded(scope["headers"], b"x-forwarded-proto")[-1:]
        if said and said[0].lower() in ("http", "https"):
            return said[0].lower()
    return scheme


@lru_cache(maxsize=4096)
def network_prefix(address: str) -> str:
    """Return the network of `address` as text, such as ``192.0.2.0/24`` or ``2001:db8::/64``.

    An IPv4 address in IPv6 form (RFC 4291 §2.5.5.2) counts as IPv4. What is no address comes back as it is.
    """
    parsed = _parse(address)
    if parsed is None:
        return address
    bits = IPV4_PREFIX_BITS if parsed.version == 4 else IPV6_PREFIX_BITS
    return str(ipaddress.ip_network((parsed, bits), strict=False))


@lru_cache(maxsize=4096)
def is_trusted(address: str, networks: tuple[Network, ...]) -> bool:
    """Tell whether `address` lies in one of `networks`."""
    parsed = _parse(address)
    return parsed is not None and any(parsed in network for network in networks)


def _peer(scope: Mapping[str, Any]) -> str:
    client = scope.get("client")
    if not client:
        return UNKNOWN
    address: str = client[0]
    return _plain(address) if ":" in address else address


def _plain(address: str) -> str:
    """Return `address` in its shortest form, IPv4 in IPv6 form as IPv4; what is no address comes back as it is."""
    parsed = _parse(address)
    return address if parsed is None else str(parsed)


@lru_cache(maxsize=4096)
def _parse(text: str) -> Address | None:
    """Read an address. A zone (``%eth0``) is free text that a client could choose, so it is refused."""
    if "%" in text:
        return None
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, ipaddress.IPv6Address) else address


def _forwarded(headers: Headers, name: bytes) -> list[str]:
    """Return the comma-separated entries of all header lines `name`, in their order (RFC 9110 §5.3)."""
    lines = (value.decode("latin-1") for key, value in headers if key == name)
    return [entry.strip() for line in lines for entry in line.split(",")]


def _without_port(entry: str) -> str:
    """Return ``1.2.3.4`` of ``1.2.3.4:5678`` and ``2001:db8::1`` of ``[2001:db8::1]:443``; some proxies add a port."""
    if entry.startswith("["):
        return entry[1:].partition("]")[0]
    host, colon, port = entry.partition(":")
    return host if colon and port.isdigit() and "." in host else entry
