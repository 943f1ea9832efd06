"""The files of the embedded PostgreSQL: where they lie, who owns them, how a cluster is made and configured.

In the data folder's ``postgres``, which stays ours so that nobody can put links in our way, lie

- ``cluster``: PostgreSQL's own folder; ``socket``: readable by the server's user alone; ``log``: its log files;
- ``lock``: held by the process that runs the server; ``start.log``: what the last start said.

The server's working folder is the cluster and it knows its files by ``/proc/self/cwd`` and ``../``. So it needs no
access to the folders above (a data folder below /root, say), and no path is ever quoted for a shell.
"""

import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from leadconnect.database.embedded.programs import EmbeddedPostgresError, ServerUser, run

ROLE = "leadconnect"
DATABASE = "leadconnect"
SUPERUSER = "postgres"
MAJOR_VERSION = "18"
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT_BYTES = 103
"""sockaddr_un holds 108 bytes with the closing zero on Linux, 104 on macOS and the BSDs."""
LOG_FILES_KEPT = 10
_HERE = Path("/proc/self/cwd")

# peer: the kernel says who is at the other end, so there is no password to keep and none to steal.
_HBA = "local all all peer map=leadconnect\n"
_SET_UP = f"""
create role {ROLE} login nosuperuser createrole createdb nobypassrls
create database {DATABASE} owner {ROLE}
"""
_CONFIGURATION = """# Written by LeadConnect at every start; ALTER SYSTEM (postgresql.auto.conf) wins over it.
listen_addresses = ''
port = 5432
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 200

fsync = on
full_page_writes = on
synchronous_commit = on
shared_buffers = 128MB
effective_cache_size = 1GB
work_mem = 8MB
maintenance_work_mem = 64MB
max_wal_size = 1GB
random_page_cost = 1.1
jit = off

autovacuum_naptime = 30s
autovacuum_vacuum_scale_factor = 0.05
autovacuum_vacuum_insert_scale_factor = 0.05
autovacuum_analyze_scale_factor = 0.02

timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = on
log_directory = '../log'
log_filename = 'postgresql-%Y%m%d-%H%M%S.log'
log_rotation_age = 1d
log_rotation_size = 10MB
log_checkpoints = off
# terse: the details of an error hold values, such as a person's address
log_error_verbosity = terse
"""


@dataclass(frozen=True)
class Folder:
    """The folder ``postgres`` of a data folder."""

    path: Path

    @property
    def cluster(self) -> Path:
        """PGDATA."""
        return self.path / "cluster"

    @property
    def log(self) -> Path:
        """The folder of the log files."""
        return self.path / "log"

    @property
    def lock(self) -> Path:
        """The file whose lock means: I run this server."""
        return self.path / "lock"

    @property
    def pid_file(self) -> Path:
        """PostgreSQL's own lock file (manual §66.1)."""
        return self.cluster / "postmaster.pid"

    @property
    def socket(self) -> Path:
        """The folder of the socket: ``socket``, or what it links to where the path is too long for a socket."""
        plain = self.path / "socket"
        return plain.readlink() if plain.is_symlink() else plain

    def url(self, role: str = ROLE, database: str = DATABASE) -> str:
        """Return the URL of `database` for `role` over the socket."""
        path = "".join(c if (c.isalnum() and c.isascii()) or c in "/._-" else _encoded(c) for c in str(self.socket))
        return f"postgresql://{role}@/{database}?host={path}"


def _encoded(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in os.fsencode(character))


def make_folder(folder: Folder) -> None:
    """Make the folder ``postgres`` of the data folder; for root passable by the server's user, else closed.

    Raises:
        EmbeddedPostgresError: it cannot be made or is not ours.
    """
    try:
        folder.path.mkdir(parents=True, exist_ok=True)
        if folder.path.stat().st_uid != os.geteuid():
            raise PermissionError(13, "it belongs to another user")
        folder.path.chmod(0o711 if os.geteuid() == 0 else 0o700)
    except OSError as error:
        raise EmbeddedPostgresError(
            f"the folder {folder.path} cannot be used ({error.strerror}): start as the user who made it, or set"
            " LEADCONNECT_DATA_DIR to a folder that you may write"
        ) from None


def prepare(folder: Folder, user: ServerUser, programs: Path) -> None:
    """Make what is missing: cluster, socket and log folder; write the configuration. The lock must be held.

    Raises:
        EmbeddedPostgresError: a file cannot be made, or the cluster is of another version of PostgreSQL.
    """
    for left_over in folder.path.glob("new-*"):  # of a first start that was interrupted
        shutil.rmtree(left_over, ignore_errors=True)
    _owned_folder(folder.log, user)
    _socket_folder(folder, user)
    if not folder.cluster.exists():
        _make_cluster(folder, user, programs)
    found = (folder.cluster / "PG_VERSION").read_text().strip()
    if found != MAJOR_VERSION:
        raise EmbeddedPostgresError(
            f"{folder.cluster} was made by PostgreSQL {found}, and this is PostgreSQL {MAJOR_VERSION}: dump it with the"
            " release that made it, and restore the dump into an empty data folder"
        )
    socket = str(folder.socket) if (folder.path / "socket").is_symlink() else "../socket"
    me = pwd.getpwuid(os.geteuid()).pw_name
    _write(folder.cluster / "postgresql.conf", _CONFIGURATION.format(socket=socket), user)
    _write(folder.cluster / "pg_hba.conf", _HBA, user)
    _write(folder.cluster / "pg_ident.conf", f'leadconnect "{me}" {ROLE}\nleadconnect "{me}" {SUPERUSER}\n', user)
    drop_old_logs(folder)


def data_argument(cluster: Path) -> str:
    """Return how a server that works in `cluster` names it."""
    return str(_HERE if _HERE.exists() else cluster)


def drop_old_logs(folder: Folder) -> None:
    """Delete all log files but the newest `LOG_FILES_KEPT`; each is at most 10 MB."""
    for path in sorted(folder.log.glob("postgresql-*.log"))[:-LOG_FILES_KEPT]:
        path.unlink(missing_ok=True)


def drop_private_socket(folder: Folder) -> None:
    """Delete the private folder of a socket whose own path would be too long; a start after a crash takes it again."""
    link = folder.path / "socket"
    if link.is_symlink():
        shutil.rmtree(link.readlink(), ignore_errors=True)
        link.unlink()


def _make_cluster(folder: Folder, user: ServerUser, programs: Path) -> None:
    """Make a cluster with its role and database elsewhere, then rename it: it exists whole or not at all."""
    draft = Path(tempfile.mkdtemp(prefix="new-", dir=folder.path))
    os.chown(draft, user.uid, user.gid)
    here = data_argument(draft)
    run(user, draft, [
        str(programs / "initdb"), "-D", here, "-U", SUPERUSER, "--encoding=UTF8", "--locale=C",
        "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--data-checksums",
        "--auth-local=peer", "--auth-host=reject", "--no-instructions",
    ])  # fmt: skip
    run(user, draft, [
        str(programs / "postgres"), "--single", "-D", here, "-c", "exit_on_error=on",
        "-c", "log_checkpoints=off", "template1",
    ], text=_SET_UP)  # fmt: skip
    draft.rename(folder.cluster)
    descriptor = os.open(folder.path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _owned_folder(path: Path, user: ServerUser) -> None:
    path.mkdir(mode=0o700, exist_ok=True)
    if path.stat().st_uid != user.uid:
        os.chown(path, user.uid, user.gid)
    path.chmod(0o700)


def _socket_folder(folder: Folder, user: ServerUser) -> None:
    """Make the socket's folder: in ours, or where its path would be too long, a private one for temporary files."""
    plain = folder.path / "socket"
    if len(os.fsencode(plain / SOCKET_NAME)) <= SOCKET_PATH_LIMIT_BYTES:
        if plain.is_symlink():
            plain.unlink()
        return _owned_folder(plain, user)
    if plain.is_symlink() and _is_private(plain.readlink(), user):
        return None
    if plain.is_symlink():
        plain.unlink()
    elif plain.exists():
        shutil.rmtree(plain)
    parent = tempfile.gettempdir()
    if len(os.fsencode(parent)) > 60:
        parent = "/tmp"  # noqa: S108  mkdtemp makes an unguessable name of mode 0700 in it
    private = Path(tempfile.mkdtemp(prefix="leadconnect-", dir=parent))
    os.chown(private, user.uid, user.gid)
    plain.symlink_to(private)
    return None


def _is_private(path: Path, user: ServerUser) -> bool:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == user.uid and stat.S_IMODE(found.st_mode) == 0o700


def _write(path: Path, text: str, user: ServerUser) -> None:
    """Replace the file `path` in a folder of `user`; never through a link that stands there."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        os.fchown(file.fileno(), user.uid, user.gid)
    draft.replace(path)
