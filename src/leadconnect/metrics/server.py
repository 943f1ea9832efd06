"""``GET /metrics`` on a port of its own, for all processes of a server together.

Each process keeps its numbers in files that it maps into its memory, all in one folder (the multi-process mode of
prometheus-client). The main process adds them up and serves them with the HTTP server of prometheus-client. The mode is
chosen by an environment variable when prometheus-client is imported, so `shared_folder` comes before that import, and
this module imports prometheus-client inside its functions.
"""

import asyncio
import os
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, cast

import asyncpg
import structlog

from leadconnect.database.connecting import connection_arguments
from leadconnect.metrics.queries import QueueState, queue_state
from leadconnect.settings import Settings

if TYPE_CHECKING:
    from prometheus_client import Metric

    from leadconnect.database.pool import Connection

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
PATH = "/metrics"
CONNECT_SECONDS = 2.0

Application = Callable[[dict[str, Any], Callable[..., object]], Iterable[bytes]]

_log = structlog.get_logger()


class CannotServeMetrics(Exception):
    """The metrics port cannot be listened on; the message names host, port and reason."""


@contextmanager
def shared_folder(settings: Settings) -> Iterator[Path | None]:
    """Create the folder in which this process and its children keep their numbers during the block.

    Yields None where no metrics port is set. Enter it before anything imports prometheus-client.
    """
    if not settings.metrics_port:
        yield None
        return
    with TemporaryDirectory(prefix="leadconnect-metrics-") as folder:
        os.environ[FOLDER_VARIABLE] = folder
        yield Path(folder)


def check_metrics_address(settings: Settings) -> None:
    """Check that the metrics port, if one is set, can be listened on.

    Raises:
        CannotServeMetrics: the port is taken, or the host is not one of this machine.
    """
    if not settings.metrics_port:
        return
    family = socket.AF_INET6 if ":" in settings.metrics_host else socket.AF_INET
    try:
        socket.create_server((settings.metrics_host, settings.metrics_port), family=family).close()
    except OSError as error:
        raise _cannot_serve(settings, error) from None


@contextmanager
def exposed(settings: Settings, folder: Path | None) -> Iterator[None]:
    """Serve the numbers in `folder` on the metrics port during the block; without a folder, do nothing.

    Raises:
        CannotServeMetrics: the port is taken, or the host is not one of this machine.
    """
    if folder is None:
        yield
        return
    from prometheus_client import CollectorRegistry, start_http_server

    registry = CollectorRegistry()
    registry.register(ProcessCollector(folder))
    registry.register(QueueCollector(settings))
    try:
        server, thread = start_http_server(settings.metrics_port, settings.metrics_host, registry)
    except OSError as error:
        raise _cannot_serve(settings, error) from None
    server.set_app(_only_metrics(cast("Application", server.get_app())))  # the library's answers any path
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _cannot_serve(settings: Settings, error: OSError) -> CannotServeMetrics:
    where = f"{settings.metrics_host}, port {settings.metrics_port}"
    return CannotServeMetrics(f"cannot serve metrics on {where}: {error.strerror or error}")


def _only_metrics(application: Application) -> Application:
    def answer(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == PATH:
            return application(environ, start_response)
        start_response("404 Not Found", [("Content-Type", "text/plain; charset=utf-8")])
        return [b"not found\n"]

    return answer


class ProcessCollector:
    """Adds up the numbers of all processes in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> "Iterable[Metric]":
        """Return the sums, after dropping what processes that have ended had in flight."""
        from prometheus_client.multiprocess import MultiProcessCollector

        _forget_the_dead(self._folder)
        collector = MultiProcessCollector(None, path=str(self._folder))  # type: ignore[no-untyped-call]
        return cast("Iterable[Metric]", collector.collect())  # type: ignore[no-untyped-call]


class QueueCollector:
    """Asks the database, whenever it is asked."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._one_at_a_time = threading.Lock()

    def collect(self) -> "Iterator[Metric]":
        """Yield the state of the queue, or only that the database does not answer."""
        from prometheus_client.core import GaugeMetricFamily

        with self._one_at_a_time:
            state = self._ask()
        yield GaugeMetricFamily("leadconnect_database_up", "Whether the database answers", float(state is not None))
        if state is None:
            return
        yield GaugeMetricFamily("leadconnect_jobs_waiting", "Jobs in the queue", state.waiting_count)
        yield GaugeMetricFamily("leadconnect_jobs_picked", "Jobs that a worker has in hand", state.picked_count)
        yield GaugeMetricFamily("leadconnect_jobs_parked", "Jobs given up after their last try", state.parked_count)
        yield GaugeMetricFamily(
            "leadconnect_oldest_due_job_seconds", "How long the oldest job that is due has waited", state.oldest_seconds
        )

    def _ask(self) -> QueueState | None:
        try:
            return asyncio.run(self._state())
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            _log.warning("metrics_without_queue", error=type(error).__name__)
            return None

    async def _state(self) -> QueueState:
        arguments = connection_arguments(self._settings, "leadconnect metrics")
        arguments |= {"timeout": CONNECT_SECONDS, "command_timeout": CONNECT_SECONDS, "statement_cache_size": 0}
        connection = await asyncpg.connect(**arguments)
        try:
            return await queue_state(cast("Connection", connection))
        finally:
            await connection.close(timeout=CONNECT_SECONDS)


def _forget_the_dead(folder: Path) -> None:
    """Drop what processes that have ended had in flight; what they counted stays."""
    from prometheus_client.multiprocess import mark_process_dead

    for path in folder.glob("gauge_live*.db"):
        pid = int(path.stem.rpartition("_")[2])
        if not _lives(pid):
            with suppress(FileNotFoundError):  # another scrape was faster
                mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):  # somebody else's process has got the number of ours
        return False
    return True
