"""Whether the process lives, and whether it can serve."""

from typing import Any

from litestar import Request, Router, get

from leadconnect.database.safety import durability_gaps
from leadconnect.edge.server import stopping
from leadconnect.errors import ServiceBusy
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


@get("/live", public=True)
async def live() -> Health:
    """Tell that the process runs."""
    return Health(status="ok")


@get("/ready", public=True)
async def ready(request: Request[Any, Any, Any]) -> Health:
    """Tell whether requests can be served: the database is there and durable, and no stop is under way."""
    if stopping():
        raise Stopping
    async with request.app.state.services.database.acquire() as connection:
        if await durability_gaps(connection):
            raise NotDurable
    return Health(status="ok")


router = Router(path="/health", tags=["Health"], route_handlers=[live, ready])
