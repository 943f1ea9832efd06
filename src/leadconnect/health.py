"""Whether the process lives, and whether it can serve."""

import asyncio
import time
from datetime import timedelta
from typing import Any

from litestar import Request, Router

from leadconnect.database.pool import Database
from leadconnect.database.safety import check_writes, durability_gaps
from leadconnect.edge.stopping import stopping
from leadconnect.errors import ServiceBusy
from leadconnect.web import get
from leadconnect.wire import Answer


class Health(Answer):
    """A short word."""

    status: str


class NotDurable(ServiceBusy):
    """The database may lose what it has acknowledged: fsync, full_page_writes or synchronous_commit is off."""

    code = "not_durable"


class Stopping(ServiceBusy):
    """This instance is stopping."""

    code = "stopping"


PROBE_LIFE = timedelta(seconds=5)
"""How long a write that succeeded counts; one that failed is tried again by the next question."""


class WriteProbe:
    """Tries a write that leaves nothing behind, one at a time, and remembers success for `PROBE_LIFE`."""

    def __init__(self) -> None:
        self._succeeded_at = float("-inf")
        self._one_at_a_time = asyncio.Lock()

    async def check(self, database: Database) -> None:
        """Check that writes can succeed, and that what was acknowledged would survive a crash.

        Raises:
            ServiceBusy: the database is away, or takes no writes.
            NotDurable: it may lose what it has acknowledged.
        """
        async with database.acquire() as connection:
            if await durability_gaps(connection):
                raise NotDurable
        async with self._one_at_a_time:
            if time.monotonic() - self._succeeded_at < PROBE_LIFE.total_seconds():
                return
            async with database.acquire() as connection:
                await check_writes(connection)
            self._succeeded_at = time.monotonic()


@get("/live", public=True)
async def live() -> Health:
    """Tell that the process runs."""
    return Health(status="ok")


@get("/ready", public=True)
async def ready(request: Request[Any, Any, Any]) -> Health:
    """Tell whether requests can be served: the database is durable and takes writes, and no stop is under way."""
    if stopping():
        raise Stopping
    await request.app.state.write_probe.check(request.app.state.services.database)
    return Health(status="ok")


router = Router(path="/health", tags=["Health"], route_handlers=[live, ready])
