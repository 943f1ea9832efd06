"""The server process: Granian with the options that fit us, and a stop that fails no request.

What Granian 2.8 does by itself, seen on the wire (tests/edge/test_server.py holds it to this):

* Half-sent headers, an empty connection and an idle kept-alive one are all closed, without an answer, after
  ``header_read_timeout``. A stalled body is not: `leadconnect.edge.body` has the deadline.
* Broken request lines, header lines and lengths get a bare 400, a path above 64 kB a bare 414, more than 100 header
  lines or headers above about twice ``max_buffer_size`` a bare 431; the connection is then closed. Below that the
  edge answers with the error envelope.
* ``Expect: 100-continue`` is answered when the application first asks for the body, so a refusal comes before it.
* Content-Length beside Transfer-Encoding: the former is dropped, and the connection is closed after the answer.
* The default ``Server`` field is ``granian``, without a version; a field of the application replaces it.
* A body that was not read when the answer ends: the connection is closed, with a reset if bytes were waiting.
* An application that raises after its answer began: the connection breaks off, so that nobody takes half for whole.
* A client that has gone is told to the application by ``http.disconnect`` alone; `send` goes on without an error.
* `send` queues without a limit and returns immediately, and a connection whose client reads nothing stays open for as
  long as the client likes: `leadconnect.edge.pacing` has the back-pressure and the deadline.
* ``backpressure`` counts connections, idle ones too; further ones wait in the kernel's queue.
* On SIGTERM a worker closes its listener and its idle connections at once, lets requests in flight finish (a half-sent
  one until its time-out), and only then ends the lifespan; ``workers_kill_timeout`` bounds all of it. A connection
  that arrives in the instant of closing is reset, so whatever spreads the load must go by readiness.
* A worker forgets a SIGTERM that comes before its loop or between two runs of it, and workers outlive a main process
  that is killed.
* Listeners use SO_REUSEPORT, so a second server on the same port starts without a word and takes half of the requests.

The last two, and the listener that closes before anybody could be told, are mended here.
"""

import importlib
import importlib.util
import os
import resource
import signal
import socket
import threading
import time
from datetime import timedelta
from functools import partial
from types import FrameType
from typing import Any

from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import MPServer

from leadconnect import logs
from leadconnect.edge import stopping as stop_flag
from leadconnect.edge.stopping import stopping
from leadconnect.settings import Settings

__all__ = ["CannotListen", "serve", "stopping"]

TARGET = "leadconnect.app:asgi"
"""Module and function that makes the ASGI application in each worker."""

DRAIN = timedelta(seconds=1)
"""After SIGTERM: how long the readiness endpoint says 503 while everything is still served."""

KILL_AFTER = timedelta(seconds=25)
"""After the drain: when a worker with requests still in flight is killed. With the drain, less than 30 s."""

HEADER_READ_TIMEOUT = timedelta(seconds=20)
"""For the head of a request, and for idle connections. Below `KILL_AFTER`, so that a half-sent head cannot make a
worker be killed; a load balancer must close idle connections sooner."""

READ_BUFFER_BYTES = 64 * 1024
BACKLOG = 1024
CONNECTIONS_PER_WORKER = 4096
SPARE_FILES = 512
INSIST_SECONDS = 0.5

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {},
    "handlers": {},
    "loggers": {"_granian": {"handlers": [], "propagate": True}},
}
"""Leaves Granian's lines to the handler of `leadconnect.logs`."""


class CannotListen(OSError):
    """The address cannot be listened on; the message names it and the reason."""


def serve(settings: Settings, environ: dict[str, str], *, target: str = TARGET, drain: timedelta = DRAIN) -> None:
    """Serve `target` until SIGTERM or SIGINT; return when all workers have ended.

    `environ` is added to the environment, from which the workers read their settings.

    Raises:
        CannotListen: the port is taken, or the host is not one of this machine's.
        SystemExit: a worker could not start, or crashed again and again.
    """
    os.environ.update(environ)
    address, port = check_address(settings.host, settings.port)
    _allow_open_files(CONNECTIONS_PER_WORKER + SPARE_FILES)
    flag = stop_flag.share()
    server = _Server(
        target,
        address,
        port,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop if importlib.util.find_spec("uvloop") else Loops.asyncio,  # its "auto" does not look for it
        workers=settings.workers,
        http=HTTPModes.http1,
        websockets=False,
        backlog=BACKLOG,
        backpressure=CONNECTIONS_PER_WORKER,
        http1_settings=HTTP1Settings(
            header_read_timeout=round(HEADER_READ_TIMEOUT.total_seconds() * 1000),
            max_buffer_size=READ_BUFFER_BYTES,
        ),
        log_dictconfig=LOGGING,
        log_level=LogLevels(settings.log_level),
        respawn_failed_workers=True,
        workers_kill_timeout=round(KILL_AFTER.total_seconds()),
        process_name="leadconnect" if importlib.util.find_spec("setproctitle") else None,
    )
    server.drain, server.main_pid = drain, os.getpid()
    logs.configure(settings)  # after Granian's constructor, which arranges logging too
    server.serve(target_loader=partial(_load, target, settings, flag, os.getpid()), wrap_loader=False)


class _Server(MPServer):
    """Granian, but it announces its stop before it closes the door."""

    drain = DRAIN
    main_pid = 0

    def signal_handler_interrupt(self, signum: int = signal.SIGTERM, frame: FrameType | None = None) -> None:
        """On SIGTERM announce the stop and stop after the drain; on SIGINT, or when asked again, stop now.

        The stop comes from a thread: the signal may have interrupted the very wait whose lock the stop needs.
        """
        if os.getpid() != self.main_pid:  # a worker that has not taken over its signals yet; nothing to finish
            os._exit(0)
        for worker in self.wrks:
            worker.interrupt_by_parent = True  # one that a signal to the whole group ends now is no failure
        at_once = stopping() or signum == signal.SIGINT
        stop_flag.announce()
        timer = threading.Timer(0 if at_once else self.drain.total_seconds(), super().signal_handler_interrupt)
        timer.daemon = True
        timer.start()

    def _respawn_workers(self, *args: Any, **options: Any) -> None:
        if not stopping():
            super()._respawn_workers(*args, **options)

    def shutdown(self, exit_code: int = 0) -> None:
        """End the workers. One that a signal to the whole group has ended before is no failure."""
        if stopping():
            self.interrupt_children.clear()
        threading.Thread(target=self._insist, args=(list(self.wrks),), name="insist", daemon=True).start()
        super().shutdown(exit_code)  # type: ignore[no-untyped-call]  # Granian leaves it without annotations

    def _insist(self, workers: list[Any]) -> None:
        """Tell `workers` to end until they do: one that has just started loses signals between two runs of its loop."""
        while any(worker.is_alive() for worker in workers):
            time.sleep(INSIST_SECONDS)
            for worker in workers:
                if worker.is_alive():
                    worker.terminate()


def _load(target: str, settings: Settings, flag: stop_flag.Flag, main_pid: int) -> Any:
    """Prepare a worker process, and make the application in it."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)  # until Granian takes them: without this, the main process's handlers
    stop_flag.leave_group()
    stop_flag.adopt(flag)
    stop_flag.end_with(main_pid)
    logs.configure(settings)
    module, _, factory = target.partition(":")
    return getattr(importlib.import_module(module), factory)()


def check_address(host: str, port: int) -> tuple[str, int]:
    """Return the numeric address of `host` and `port`, or a free port if that is 0, when nobody listens there.

    Raises:
        CannotListen: the port is taken, or the host is not one of this machine's.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[
            0
        ]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            bound = probe.getsockname()
    except OSError as error:
        raise CannotListen(f"cannot listen on {host}, port {port}: {error.strerror or error}") from None
    return bound[0], bound[1]


def _allow_open_files(wanted_count: int) -> None:
    """Raise the soft limit of open files, often 1,024, as far as the hard limit lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted_count:
        allowed = wanted_count if hard == resource.RLIM_INFINITY else min(wanted_count, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, allowed), hard))
