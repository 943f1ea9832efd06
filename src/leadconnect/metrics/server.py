"""``GET /metrics`` on a port of its own, for all processes of a server together.

Each process keeps its numbers in files that it maps into its memory, all in one folder (the multi-process mode of
prometheus-client); the main process, which answers, adds them up. That mode is chosen by an environment variable when
prometheus-client is imported, so this module imports it when it is asked to serve, and `shared_folder` comes first.
The queue is everybody's, so the main process asks the database when it is asked itself.
"""

import asyncio
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, cast

import asyncpg
import structlog

from leadconnect.database.connecting import connection_arguments
from leadconnect.metrics.queries import QueueState, queue_state
from leadconnect.settings import Settings

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.core import GaugeMetricFamily

    from leadconnect.database.pool import Connection

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
PATH = "/metrics"
CONNECT_SECONDS = 2.0
CLIENT_SECONDS = 10.0

_log = structlog.get_logger()


class CannotServeMetrics(Exception):
    """The address for metrics cannot be listened on; the message names it and the reason."""


@contextmanager
def shared_folder(settings: Settings) -> Iterator[Path | None]:
    """Let this process and those that it starts in the block keep their numbers in one folder, which is gone after it;
    None where nobody is to see them. Enter it before anything imports prometheus-client.
    """
    if not settings.metrics_port:
        yield None
        return
    with TemporaryDirectory(prefix="leadconnect-metrics-") as folder:
        os.environ[FOLDER_VARIABLE] = folder
        yield Path(folder)


def check_metrics_address(settings: Settings) -> None:
    """Check that the metrics port, if there is to be one, can be listened on.

    Raises:
        CannotServeMetrics: the port is taken, or the host is not one of this machine's.
    """
    if settings.metrics_port:
        _listening(settings).server_close()


def _listening(settings: Settings) -> "_Server":
    host, port = settings.metrics_host, settings.metrics_port
    try:
        return _Server((host, port), _Handler)
    except OSError as error:
        raise CannotServeMetrics(f"cannot serve metrics on {host}, port {port}: {error.strerror or error}") from None


@contextmanager
def exposed(settings: Settings, folder: Path | None) -> Iterator[None]:
    """Serve the numbers in `folder` on the metrics port in the block; without a folder, nothing.

    Raises:
        CannotServeMetrics: the port is taken, or the host is not one of this machine's.
    """
    if folder is None:
        yield
        return
    server = _listening(settings)
    server.registry, server.folder = _registry(settings, folder), folder
    thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    """Listens without asking the domain name system who it is."""

    registry: "CollectorRegistry"
    folder: Path

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, handler)

    def server_bind(self) -> None:
        """Bind, and no more."""
        TCPServer.server_bind(self)


class _Handler(BaseHTTPRequestHandler):
    """Answers GET of the one path."""

    timeout = CLIENT_SECONDS
    server_version, sys_version = "leadconnect", ""

    def do_GET(self) -> None:
        """Answer with all numbers in the text format of Prometheus."""
        from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

        server = cast("_Server", self.server)
        if self.path.partition("?")[0] != PATH:
            self._answer(404, "text/plain; charset=utf-8", b"not found\n")
            return
        _forget_the_dead(server.folder)
        self._answer(200, CONTENT_TYPE_LATEST, generate_latest(server.registry))

    def _answer(self, status: int, media: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: it would be a line every few seconds."""


class QueueCollector:
    """Asks the database, whenever it is asked."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._one_at_a_time = threading.Lock()

    def describe(self) -> Iterator["GaugeMetricFamily"]:
        """Describe nothing ahead, so that registering does not ask the database."""
        return iter(())

    def collect(self) -> Iterator["GaugeMetricFamily"]:
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


def _registry(settings: Settings, folder: Path) -> "CollectorRegistry":
    from prometheus_client import CollectorRegistry
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(folder))  # type: ignore[no-untyped-call]  # it comes without annotations
    registry.register(QueueCollector(settings))
    return registry


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
