"""The worker as a process: in the foreground, or beside a server, whose main process watches over it.

A mail, a push or an import must not make requests wait, and in one process they would: Python runs one of them at a
time. The first worker beside a server is forked where that is the custom of the platform, so that the pages of what is
loaded are shared; the main process does nothing else at that moment. Its successors begin anew: a thread that is in the
middle of an import when another one forks leaves the child a lock that nobody will open.
"""

import asyncio
import gc
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from multiprocessing.process import BaseProcess

import structlog

from leadconnect import logs
from leadconnect.edge.stopping import end_with, leave_group, stopping
from leadconnect.settings import Settings
from leadconnect.worker.process import run_worker

NICENESS = 10
"""How far the worker gives way to requests where both want the processor: it then gets a tenth of their share."""

COLLECTS_AFTER = (50_000, 50, 50)
"""When the garbage collector looks for cycles, which there are few of: rows by the thousand made it look for them so
often that it was a twentieth of an import.
"""

PAUSES = tuple(timedelta(seconds=s) for s in (0.5, 1, 2, 5, 10, 30))
"""Before a worker that has ended is replaced; the first one again after one that lasted longer than the last."""

STOP_LIMIT = timedelta(seconds=15)
"""For the end of a worker that was told to stop. Above `worker.handlers.Timing.stop_grace`; then it is killed."""

LOOK_SECONDS = 0.2

_log = structlog.get_logger()


def work(settings: Settings) -> None:
    """Do the background work in this process until SIGTERM or SIGINT, then finish what is in hand.

    Raises:
        InvalidSettings: the mail settings cannot be used; before any work is done.
    """
    asyncio.run(_until_signal(settings))


async def _until_signal(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await run_worker(settings, stop)


@contextmanager
def worker_beside(settings: Settings) -> Iterator[None]:
    """Keep a worker process running in the block, until a stop is announced, if the settings want one.

    It begins to stop with the announcement, so its grace and that of the requests pass at the same time.
    """
    if not settings.run_worker:
        yield
        return
    leave = threading.Event()
    is_forked = multiprocessing.get_start_method() == "fork"
    first = _start(settings, "fork" if is_forked else "spawn")
    watch = threading.Thread(target=_keep_working, args=(settings, first, leave), name="worker")
    watch.start()
    try:
        yield
    finally:
        leave.set()
        watch.join()


def _keep_working(settings: Settings, process: BaseProcess, leave: threading.Event) -> None:
    """Replace the worker whenever it ends, with growing pauses, until the stop."""
    started_at, short_lives = time.monotonic(), 0
    while True:
        while process.is_alive():
            if leave.wait(LOOK_SECONDS) or stopping():
                _stop(process)
                return
        if stopping():  # a signal to the whole group has reached it before us
            return
        short_lives = short_lives + 1 if time.monotonic() - started_at < PAUSES[-1].total_seconds() else 1
        pause = PAUSES[min(short_lives, len(PAUSES)) - 1].total_seconds()
        _log.error("worker_process_ended", pid=process.pid, exit_code=process.exitcode, pause_seconds=pause)
        if leave.wait(pause) or stopping():
            return
        started_at = time.monotonic()
        try:
            process = _start(settings, "spawn")
        except OSError as error:  # memory or processes are short: one more that lived for no time
            _log.error("worker_process_not_started", error=type(error).__name__)


def _start(settings: Settings, method: str) -> BaseProcess:
    context = multiprocessing.get_context("fork") if method == "fork" else multiprocessing.get_context("spawn")
    process = context.Process(target=_run, args=(settings, os.getpid()), name="leadconnect-worker")
    process.start()
    return process


def _run(settings: Settings, main_pid: int) -> None:
    """What the worker process does."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)  # until the loop takes them: without this, the main process's handlers
    leave_group()
    _give_way()
    gc.set_threshold(*COLLECTS_AFTER)
    end_with(main_pid)
    logs.configure(settings)
    work(settings)


def _give_way() -> None:
    """Leave the first core, where there are several, to those who answer requests, and be the last on the others. To be
    the last alone does not do: who wakes up still waits for milliseconds until a core is handed over.
    """
    os.nice(NICENESS)
    if hasattr(os, "sched_setaffinity"):  # Linux
        _, *others = sorted(os.sched_getaffinity(0))
        if others:
            with suppress(OSError):  # where the platform does not let us choose
                os.sched_setaffinity(0, others)


def _stop(process: BaseProcess) -> None:
    process.terminate()
    process.join(STOP_LIMIT.total_seconds())
    if process.is_alive():
        _log.error("worker_process_killed", pid=process.pid)
        process.kill()
        process.join()
