"""Back-pressure for streamed answers, and the deadline of a client that reads nothing.

Granian queues what an application sends without a limit, and its `send` returns immediately. What the client has
acknowledged is known to the kernel alone: `Pace` reads it from the connection's own socket (``TCP_INFO``, tcp(7)).
"""

import asyncio
import ipaddress
import os
import socket
import stat
import struct
from contextlib import suppress
from datetime import timedelta
from typing import Any

WINDOW_BYTES = 512 * 1024
"""How much of an answer may be on its way: what a line of 50 Mbit/s with 80 ms holds."""
SHORTEST_PAUSE, LONGEST_PAUSE = 0.005, 0.25
"""Seconds between two looks at the socket; doubled while nothing is acknowledged."""

BYTES_ACKED = struct.Struct("=120xQ")
"""The field ``tcpi_bytes_acked`` of ``struct tcp_info`` (linux/tcp.h), there since Linux 4.1."""
TCP_INFO_BYTES = 256
OPEN_FILES = "/proc/self/fd"


class Pace:
    """The pace at which one client takes an answer. Without its socket (another system than Linux), it never waits."""

    def __init__(self, client: Any, server: Any, deadline: timedelta) -> None:
        self._connection = connection_of(client, server)
        self._sent_bytes = self._acknowledged_before = 0
        if self._connection is not None:
            # The kernel resets the connection when data stays unacknowledged or the window stays closed for so long,
            # also after the application is done. Granian then reports a disconnect.
            milliseconds = max(1, round(deadline.total_seconds() * 1000))
            self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)
            self._acknowledged_before = acknowledged_bytes(self._connection)

    async def taken(self, sent_bytes: int) -> None:
        """Wait until all but `WINDOW_BYTES` of the answer is acknowledged, with `sent_bytes` more just sent.

        A client that is gone acknowledges nothing: the caller is cancelled by the disconnect.
        """
        self._sent_bytes += sent_bytes
        if self._connection is None:
            return
        pause, seen = SHORTEST_PAUSE, -1
        while True:
            acknowledged = acknowledged_bytes(self._connection) - self._acknowledged_before
            if self._sent_bytes - acknowledged <= WINDOW_BYTES:
                return
            pause = SHORTEST_PAUSE if acknowledged > seen else min(2 * pause, LONGEST_PAUSE)
            seen = acknowledged
            await asyncio.sleep(pause)

    def close(self) -> None:
        """Release the socket; the connection stays as it is."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def acknowledged_bytes(connection: socket.socket) -> int:
    """Return how many bytes the peer has acknowledged on `connection` since it was opened."""
    count: int = BYTES_ACKED.unpack_from(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, TCP_INFO_BYTES))[0]
    return count


def connection_of(client: Any, server: Any) -> socket.socket | None:
    """Return a duplicate of this process's socket between `client` and `server`, each a host and a port, or None.

    Granian keeps its sockets to itself, so the open files are searched: 5 µs each.
    """
    if not client or not server or not hasattr(socket, "TCP_USER_TIMEOUT"):
        return None
    with suppress(OSError, ValueError):
        wanted = _plain(client), int(server[1] or 0)
        for name in os.listdir(OPEN_FILES):
            found = _duplicate(int(name), wanted)
            if found is not None:
                return found
    return None


def _duplicate(number: int, wanted: tuple[tuple[str, int], int]) -> socket.socket | None:
    """Return a duplicate of the open file `number` if it is the wanted connection. Other threads may close it."""
    try:
        if not stat.S_ISSOCK(os.fstat(number).st_mode):
            return None
        # A look at the original first, for a duplicate of every open file costs more.
        if not _is_between(number, wanted):
            return None
        copy = os.dup(number)
    except OSError:
        return None
    if _is_between(copy, wanted):
        return socket.socket(fileno=copy)
    os.close(copy)
    return None


def _is_between(number: int, wanted: tuple[tuple[str, int], int]) -> bool:
    try:
        found = socket.socket(fileno=number)
    except OSError:
        return False
    try:
        if found.family not in (socket.AF_INET, socket.AF_INET6) or found.type != socket.SOCK_STREAM:
            return False
        return found.getsockname()[1] == wanted[1] and _plain(found.getpeername()) == wanted[0]
    except OSError:
        return False
    finally:
        found.detach()


def _plain(address: Any) -> tuple[str, int]:
    """Return host and port; an IPv4 address in IPv6 (RFC 4291 §2.5.5.2) as IPv4."""
    host = ipaddress.ip_address(str(address[0]).partition("%")[0])
    mapped = host.ipv4_mapped if isinstance(host, ipaddress.IPv6Address) else None
    return str(mapped or host), int(address[1])
