"""The connection pool of one process."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

import asyncpg
import msgspec

from leadconnect.database.connecting import connection_arguments
from leadconnect.database.places import Places
from leadconnect.errors import ServiceBusy, TransactionConflict
from leadconnect.settings import Settings

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Connection = PoolConnectionProxy[asyncpg.Record]
else:
    Connection = Any

KEPT_LIFE = timedelta(seconds=60)
"""How long a connection that nobody needs is kept here, and then by asyncpg's pool, until it is closed: up to three
times as long in all. What the server and the network between remember of it would else stay for good.
"""

AT_ONCE_PER_CORE = 3
"""Connections that are used at once where PostgreSQL is on the same machine: more make it no faster, but change between
more processes, and have single requests wait for long.
"""
PATIENCE = timedelta(milliseconds=25)
"""How long those connections can all be taken until one more is used."""

CONFLICTS = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)
"""What PostgreSQL ends a transaction with that got in the way of another one: nothing of it was written, and the same
once more may well go through (PostgreSQL, chapter 13.5).
"""

BUSY = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.QueryCanceledError,
    asyncpg.LockNotAvailableError,
    asyncpg.TransactionRollbackError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.ReadOnlySQLTransactionError,
)
"""What asyncpg raises for a server that is away, starting, ending, too slow or too busy: all of it passes by itself."""


class PoolUsage(msgspec.Struct, frozen=True):
    """Connections that are open, those of them that are lent, and who waits for one."""

    size: int
    in_use: int
    waiting: int


class Database:
    """A pool of connections to the database of `settings`. Connections come up as they are needed, so the process
    starts and serves its health checks while the database is away.
    """

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", settings: Settings, at_once: int) -> None:
        self._pool = pool
        self._places = Places(at_once, PATIENCE)
        self._wait = settings.database_pool_wait
        self._kept: list[Connection] = []
        self._unneeded_count = 0  # of those that are kept, the first ones: not lent in this round of `_retire`
        self._retiring = asyncio.create_task(self._retire())
        self._waiting_count = 0

    @classmethod
    async def connect(cls, settings: Settings, application_name: str) -> Self:
        """Make the pool; `application_name` is what the server's views show."""
        arguments = connection_arguments(settings, application_name)
        is_near = all(host.startswith("/") for host in arguments["host"])  # on the same machine
        pool = await asyncpg.create_pool(
            min_size=0,
            max_size=settings.database_pool_size,
            max_inactive_connection_lifetime=KEPT_LIFE.total_seconds(),
            timeout=settings.database_pool_wait,
            command_timeout=10,
            reset=_nothing_to_reset,
            init=_give_way if is_near and os.nice(0) > 0 else None,
            **arguments,
        )
        at_once = AT_ONCE_PER_CORE * (os.cpu_count() or 1) if is_near else settings.database_pool_size
        return cls(pool, settings, at_once)

    def usage(self) -> PoolUsage:
        """Return how the pool is used at this moment."""
        size = self._pool.get_size()
        in_use = size - self._pool.get_idle_size() - len(self._kept)
        return PoolUsage(size=size, in_use=in_use, waiting=self._waiting_count)

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[Connection]:
        """Lend a connection, outside of any transaction.

        Raises:
            TransactionConflict: what was done with it got in the way of another transaction.
            ServiceBusy: none came free, or the server could not be reached, within the setting DATABASE_POOL_WAIT;
                or what was done with it failed in another way that passes by itself.
        """
        await self._places.take()
        try:
            connection = await self._take()
            try:
                yield connection
            except BaseException as error:
                if isinstance(error, asyncpg.InternalClientError):
                    connection.terminate()  # cut off in the middle of a message: to be lent to nobody any more
                await self._release(connection)
                raise
            await self._give(connection)
        except CONFLICTS as error:
            raise TransactionConflict from error
        except (*BUSY, asyncpg.InternalClientError) as error:
            raise ServiceBusy from error
        finally:
            self._places.give_back()

    async def _take(self) -> Connection:
        while self._kept:
            connection = self._kept.pop()
            self._unneeded_count = min(self._unneeded_count, len(self._kept))
            if _is_sound(connection):
                return connection
            await self._release(connection)
        self._waiting_count += 1
        try:
            return await self._pool.acquire(timeout=self._wait)
        finally:
            self._waiting_count -= 1

    async def _give(self, connection: Connection) -> None:
        """Keep a connection that was used without a fault for the next one: through asyncpg's pool, with its tasks and
        time limits, the way from one request to the next would cost as much as a statement. Where somebody waits, the
        pool decides who is next.
        """
        if not self._waiting_count and _is_sound(connection):
            self._kept.append(connection)
        else:
            await self._release(connection)

    async def _release(self, connection: Connection) -> None:
        """Give a connection back, within the same wait: one that hangs is dropped. One that is lost at this very
        moment, the pool has taken back itself.
        """
        with suppress(asyncpg.InternalClientError, asyncpg.InterfaceError):
            await self._pool.release(connection, timeout=self._wait)

    async def _retire(self) -> None:
        """Give back what nobody needs: what was kept last is lent first, so it is the first ones that are kept."""
        while True:
            self._unneeded_count = len(self._kept)
            await asyncio.sleep(KEPT_LIFE.total_seconds())
            unneeded = self._kept[: self._unneeded_count]
            del self._kept[: self._unneeded_count]
            for connection in unneeded:
                with suppress(*BUSY):
                    await self._release(connection)

    async def close(self) -> None:
        """Close every connection, those in use once they come back, but after five seconds in any case."""
        self._retiring.cancel()
        try:
            async with asyncio.timeout(5):
                while self._kept:
                    await self._release(self._kept.pop())
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()


def _is_sound(connection: Connection) -> bool:
    """Tell whether a connection can be lent again: neither lost nor in a transaction."""
    try:
        return not (connection.is_closed() or connection.is_in_transaction())
    except asyncpg.InterfaceError:  # lost, and taken back by the pool already
        return False


async def _give_way(connection: Any) -> None:
    """Have the process that serves `connection` give way as far as this one does: an import keeps it busier still."""
    pid = connection.get_server_pid()
    with suppress(OSError):  # it may be somebody else's
        os.setpriority(os.PRIO_PROCESS, pid, os.nice(0))
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(pid, os.sched_getaffinity(0))


async def _nothing_to_reset(_: Any) -> None:
    """Session state is never changed: roles and settings end with their transaction, so a reset has nothing to do."""
