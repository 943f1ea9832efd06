"""The numbers that a process keeps of itself.

Labels are words of the program and nothing else: templates of routes, methods, classes of statuses, names of limits. No
path, no address of mail, no account, for those would be shown to whoever watches, and there is no end of them.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from prometheus_client import Counter, Gauge, Histogram

from leadconnect.database.pool import Database

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NO_ROUTE = "none"
SAMPLING = timedelta(seconds=1)

REQUESTS = Histogram(
    "leadconnect_request_seconds",
    "Requests by method, template of the route and class of the status, and how long they took",
    ["method", "route", "status"],
    buckets=BUCKETS,
)
IN_FLIGHT = Gauge("leadconnect_requests_in_flight", "Requests that are being answered", multiprocess_mode="livesum")
POOL_SIZE = Gauge("leadconnect_pool_connections", "Open connections of the pools", multiprocess_mode="livesum")
POOL_IN_USE = Gauge("leadconnect_pool_connections_in_use", "Those that are lent", multiprocess_mode="livesum")
POOL_WAITING = Gauge("leadconnect_pool_waiting", "Who waits for a connection", multiprocess_mode="livesum")
REFUSALS = Counter("leadconnect_throttle_refusals", "Refusals of a limit that is used up, by limit", ["limit"])


class RequestMeter:
    """Measures the requests of this process. Making out labels costs as much as counting, so they are made out once:
    there are as many as routes, methods and classes of statuses.
    """

    def __init__(self) -> None:
        self.in_flight_count = 0
        self._observers: dict[tuple[str, str, int], Callable[[float], None]] = {}

    def begin(self) -> None:
        """Note that a request has come."""
        self.in_flight_count += 1

    def end(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """Note that a request has ended: the template of its route, if there is one, and its status, 0 for none."""
        self.in_flight_count -= 1
        key = (method, route or NO_ROUTE, status // 100)
        observe = self._observers.get(key)
        if observe is None:
            observe = self._observers[key] = _observer(*key)
        observe(seconds)


METER = RequestMeter()
"""That of this process."""


async def sample(database: Database) -> None:
    """Write down again and again what stands still between two events: requests in flight, and the pool."""
    while True:
        usage = database.usage()
        IN_FLIGHT.set(METER.in_flight_count)
        POOL_SIZE.set(usage.size)
        POOL_IN_USE.set(usage.in_use)
        POOL_WAITING.set(usage.waiting)
        await asyncio.sleep(SAMPLING.total_seconds())


def _observer(method: str, route: str, status_class: int) -> Callable[[float], None]:
    status = f"{status_class}xx" if status_class else "none"
    observe: Callable[[float], None] = REQUESTS.labels(method, route, status).observe
    return observe
