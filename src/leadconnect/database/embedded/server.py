"""The life of the embedded PostgreSQL: start, watch, restart, stop; one process a data folder."""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from leadconnect.database.embedded.cluster import (
    DATABASE,
    ROLE,
    SOCKET_NAME,
    SUPERUSER,
    Folder,
    data_argument,
    drop_old_logs,
    drop_private_socket,
    make_folder,
    prepare,
)
from leadconnect.database.embedded.programs import (
    EmbeddedPostgresError,
    choose_user,
    last_lines,
    launch,
    reachable_programs,
)

START_SECONDS = 120
"""How long a start may take: after a crash, PostgreSQL first replays its log."""
STOP_SECONDS = 30
OLD_SERVER_SECONDS = 10
_POLL_SECONDS = 0.01


class EmbeddedPostgres:
    """A PostgreSQL 18 of our own on the data folder `data_dir`, reachable over a unix socket alone.

    It ends with this process. On Linux that holds for kill -9 too; on other systems the next start stops it. Only
    the user of this process can connect (peer authentication), as the role ``leadconnect``, which owns the database
    and is no superuser. All methods block; `start` takes under a second, the first time a little more.
    """

    def __init__(self, data_dir: Path) -> None:
        self._folder = Folder(Path(data_dir).absolute() / "postgres")
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None
        self._owner_pid = os.getpid()
        self._changing = threading.Lock()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        """The process id of the server, or None where it does not run."""
        return self._process.pid if self._process is not None and self.is_running() else None

    def start(self) -> str:
        """Start the server, making its cluster first where there is none, and return its DATABASE_URL.

        Raises:
            EmbeddedPostgresError: another process runs a server on this data folder, or it does not start.
        """
        return self.ensure_running()

    def ensure_running(self) -> str:
        """Start the server unless it runs, such as after it was killed, and return its DATABASE_URL.

        Raises:
            EmbeddedPostgresError: see `start`.
        """
        with self._changing:
            if self.is_running():
                drop_old_logs(self._folder)
                return self._folder.url()
            make_folder(self._folder)
            self._take_lock()
            try:
                self._launch()
            except BaseException:
                self._stop()
                raise
            return self._folder.url()

    def is_running(self) -> bool:
        """True while the server's process lives; it may still be starting or recovering."""
        return self._process is not None and self._process.poll() is None

    def superuser_url(self) -> str:
        """Return the URL for the superuser, for those few tools that must pass row security, such as a backup."""
        return self._folder.url(SUPERUSER)

    def stop(self) -> None:
        """Stop the server, ending its connections, wait for it, and leave the data folder to others."""
        if os.getpid() != self._owner_pid:
            return  # a fork of the process that runs it
        with self._changing:
            self._stop()

    def _stop(self) -> None:
        if self._process is not None:
            for number, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
                if self._process.poll() is None:
                    self._process.send_signal(number)
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        self._process.wait(seconds)
            self._process = None
        if self._lock is not None:
            drop_private_socket(self._folder)
            self._lock.close()
            self._lock = None

    def _take_lock(self) -> None:
        if self._lock is not None:
            return
        file = open(self._folder.lock, "a+", opener=_for_owner)  # noqa: SIM115  held until `stop`
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            file.close()
            raise EmbeddedPostgresError(
                f"another LeadConnect (process {holder}) already runs the database in {self._folder.path}: stop it,"
                " or set LEADCONNECT_DATA_DIR to another folder"
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._lock = file

    def _launch(self) -> None:
        folder = self._folder
        user = choose_user(folder.cluster)
        programs = reachable_programs(user, folder.path)
        _end_old_server(folder)
        prepare(folder, user, programs)
        start_log = folder.path / "start.log"
        with open(start_log, "wb", opener=_for_owner) as output:
            self._process = launch(
                user, folder.cluster, [str(programs / "postgres"), "-D", data_argument(folder.cluster)], output=output
            )
        deadline = time.monotonic() + START_SECONDS
        while not _is_ready(folder, self._process.pid):
            if self._process.poll() is not None:
                said = last_lines(start_log.read_text(errors="replace"))
                raise EmbeddedPostgresError(f"PostgreSQL did not start: {said} (more in {folder.log})")
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(
                    f"PostgreSQL was not ready after {START_SECONDS} seconds; {folder.log} says what it is doing"
                )
            time.sleep(_POLL_SECONDS)


def running_url(data_dir: Path) -> str | None:
    """Return the URL of the server that another process runs on `data_dir`, or None where there is none.

    For commands that are to work beside a running service.
    """
    folder = Folder(Path(data_dir).absolute() / "postgres")
    try:
        with folder.lock.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return None
    except OSError:
        return folder.url(ROLE, DATABASE) if _is_ready(folder) else None
    return None


def _for_owner(path: str, flags: int) -> int:
    """Open a file that nobody else can read, nor hence lock."""
    return os.open(path, flags, 0o600)


def _pid_lines(folder: Folder) -> list[str]:
    """Return the lines of postmaster.pid: process id first, status eighth (storage/pidfile.h of PostgreSQL)."""
    try:
        return folder.pid_file.read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return []


def _is_ready(folder: Folder, pid: int | None = None) -> bool:
    lines = _pid_lines(folder)
    return len(lines) >= 8 and lines[7].strip() == "ready" and (pid is None or lines[0].strip() == str(pid))


def _end_old_server(folder: Folder) -> None:
    """Wait until no process of an earlier server works in the folder, then drop lock files that would block us.

    We hold the lock, so such a server has lost the process that ran it; it is ending, or on a system without
    PR_SET_PDEATHSIG it must be told to.

    Raises:
        EmbeddedPostgresError: it does not end within `OLD_SERVER_SECONDS`.
    """
    deadline = time.monotonic() + OLD_SERVER_SECONDS
    number = signal.SIGINT
    while left := list(_servers(folder)):
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        if time.monotonic() > deadline:
            raise EmbeddedPostgresError(
                f"an earlier PostgreSQL still works in {folder.path}: end the processes {left}, then start again"
            )
        time.sleep(0.05 if number == signal.SIGINT else 0.5)
        if time.monotonic() > deadline - OLD_SERVER_SECONDS / 2:
            number = signal.SIGQUIT
    lines = _pid_lines(folder)
    pid = int(lines[0]) if lines and lines[0].strip().isdigit() else 0
    if not lines or not _is_alive(pid):
        return  # PostgreSQL itself sees that such a file is stale, and checks more than we do
    for path in (folder.pid_file, folder.socket / SOCKET_NAME, folder.socket / f"{SOCKET_NAME}.lock"):
        path.unlink(missing_ok=True)


def _servers(folder: Folder) -> Iterator[int]:
    """Yield the process ids of PostgreSQL, or of initdb, that work in the folder; zombies do not count."""
    if sys.platform != "linux":
        lines = _pid_lines(folder)
        if lines and lines[0].strip().isdigit() and _program(int(lines[0])) == "postgres":
            yield int(lines[0])
        return
    home = folder.path.resolve()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):  # it has ended, or is another user's and so not in our folder
                works_here = Path(os.readlink(entry / "cwd")).parent == home
                if works_here and Path(os.readlink(entry / "exe")).name in ("postgres", "initdb"):
                    yield int(entry.name)


def _program(pid: int) -> str:
    """Return the name of the program that `pid` runs, on systems without /proc."""
    command = ["/bin/ps", "-p", str(pid), "-o", "comm="]
    found = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  no shell
    return Path(found.stdout.strip()).name


def _is_alive(pid: int) -> bool:
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
