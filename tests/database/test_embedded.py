"""The embedded PostgreSQL, with real servers and real processes."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from leadconnect.database.embedded import EmbeddedPostgres, EmbeddedPostgresError, binaries, programs, running_url
from leadconnect.database.embedded.cluster import SOCKET_PATH_LIMIT_BYTES, Folder
from leadconnect.dsn import connect_arguments
from tests.patience import PATIENCE_SECONDS

SOURCE = Path(__file__).parents[2] / "src"
IS_ROOT = os.geteuid() == 0
only_root = pytest.mark.skipif(not IS_ROOT, reason="only root can become another user")
only_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, and PR_SET_PDEATHSIG is Linux's")
CHILD = """
import sys
from pathlib import Path
from leadconnect.database.embedded import EmbeddedPostgres, EmbeddedPostgresError
server = EmbeddedPostgres(Path(sys.argv[1]))
try:
    print(server.start(), flush=True)
except EmbeddedPostgresError as error:
    sys.exit(str(error))
print(server.pid, flush=True)
sys.stdin.readline()
server.stop()
"""


@pytest.fixture(scope="module")
def prepared() -> Iterator[Path]:
    """A data folder that had its first start."""
    with tempfile.TemporaryDirectory(prefix="lc-", dir="/tmp") as folder:
        with EmbeddedPostgres(Path(folder) / "data"):
            pass
        yield Path(folder) / "data"


@pytest.fixture
def new_dir() -> Iterator[Path]:
    """A data folder to be made, whose path is short, below a folder that is closed to everybody else."""
    with tempfile.TemporaryDirectory(prefix="lc-", dir="/tmp") as folder:
        yield Path(folder) / "data"


@pytest.fixture
def data_dir(new_dir: Path, prepared: Path) -> Path:
    """The same after its first start."""
    subprocess.run(["cp", "-a", str(prepared), str(new_dir)], check=True)
    return new_dir


@pytest.fixture
def server(data_dir: Path) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(data_dir) as running:
        yield running


def query(url: str, sql: str) -> Any:
    async def fetch() -> Any:
        connection = await asyncpg.connect(**connect_arguments(url))
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    return asyncio.run(fetch())


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.02)


def is_gone(pid: int) -> bool:
    """True when the process has ended, whether or not its parent has taken note."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def start_child(
    data_dir: Path, python: str = sys.executable, path: str = str(SOURCE), **options: Any
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [python, "-c", CHILD, str(data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
        **options,
    )


def line_of(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    assert child.stderr is not None
    line = child.stdout.readline().strip()
    assert line, child.stderr.read()
    return line


@contextlib.contextmanager
def child_server(data_dir: Path, **options: Any) -> Iterator[tuple[subprocess.Popen[str], str, int]]:
    child = start_child(data_dir, **options)
    try:
        yield child, line_of(child), int(line_of(child))
    finally:
        if child.poll() is None:
            child.kill()
        child.communicate()


def test_it_starts_stops_and_starts_again_with_its_data(new_dir: Path) -> None:
    with EmbeddedPostgres(new_dir) as first:
        query(first.start(), "create table kept as select 7 as number")
    assert not first.is_running()
    with EmbeddedPostgres(new_dir) as second:
        assert query(second.start(), "select number from kept") == 7


def test_stopping_twice_or_before_a_start_does_nothing(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir)
    server.stop()
    server.start()
    server.stop()
    server.stop()
    assert not server.is_running()
    assert not Folder(data_dir / "postgres").pid_file.exists()


def test_the_login_role_owns_the_database_and_is_no_superuser(server: EmbeddedPostgres) -> None:
    role = """select array[rolname::text, rolsuper::text, rolcreaterole::text, rolbypassrls::text,
        (select pg_get_userbyid(datdba)::text from pg_database where datname = current_database())]
        from pg_roles where rolname = current_user"""
    assert query(server.start(), role) == ["leadconnect", "false", "true", "false", "leadconnect"]
    assert query(server.superuser_url(), "select rolsuper from pg_roles where rolname = current_user") is True


def test_nothing_is_traded_for_durability_and_text_is_unicode_everywhere(server: EmbeddedPostgres) -> None:
    for name in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
        assert query(server.start(), f"show {name}") == "on"
    assert query(server.start(), "show server_encoding") == "UTF8"
    assert query(server.start(), "select datlocale from pg_database where datname = 'leadconnect'") == "C.UTF-8"
    assert query(server.start(), "select lower('ÀÉ')") == "àé"


@only_linux
def test_it_listens_on_its_unix_socket_alone(server: EmbeddedPostgres) -> None:
    assert query(server.start(), "show listen_addresses") == ""
    listening = {
        line.split()[9]
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        if line.split()[3] == "0A"
    }
    mine = [
        os.readlink(descriptor)
        for entry in Path("/proc").glob("[0-9]*")
        for descriptor in descriptors(entry, Folder(Path(server.superuser_url().partition("?host=")[2]).parent))
    ]
    assert any(name.startswith("socket:") for name in mine)
    assert not {name.removeprefix("socket:[").rstrip("]") for name in mine} & listening


def descriptors(process: Path, folder: Folder) -> list[Path]:
    with contextlib.suppress(OSError):
        if os.readlink(process / "cwd") == str(folder.cluster):
            return list((process / "fd").iterdir())
    return []


@only_root
def test_another_user_cannot_connect(server: EmbeddedPostgres) -> None:
    stranger = programs.ServerUser(64_999, 64_999, "stranger")
    command = [str(binaries() / "psql"), "-X", "-c", "select 1", server.superuser_url()]
    me = programs.ServerUser(0, 0, "root")
    assert "1 row" in programs.run(me, Path("/"), command)
    folder = Path(server.superuser_url().partition("?host=")[2])
    folder.parents[2].chmod(0o755)  # so that only the socket's own folder stands in the way
    with pytest.raises(EmbeddedPostgresError, match="Permission denied"):
        programs.run(stranger, Path("/"), command)
    folder.chmod(0o777)
    (folder / ".s.PGSQL.5432").chmod(0o777)
    with pytest.raises(EmbeddedPostgresError, match=r"Peer authentication failed|could not look up local user"):
        programs.run(stranger, Path("/"), command)


@only_root
def test_a_normal_user_runs_it_as_themselves() -> None:
    user = programs.ServerUser(65_534, 65_534, "nobody")
    path = f"{SOURCE}:{binaries().parents[2]}"
    pythons = [sys.executable, "/usr/local/bin/python3", "/usr/bin/python3"]
    check = f"import sys; sys.path[:0] = {path.split(':')!r}; import leadconnect.database.embedded as e; e.binaries()"
    found = [python for python in pythons if programs._can(user, [python, "-c", check])]
    if not found:
        pytest.skip(f"an ordinary user can read neither {SOURCE} nor a Python 3.11: none of {pythons} works")
    with tempfile.TemporaryDirectory(prefix="lc-", dir="/tmp") as folder:
        os.chown(folder, user.uid, user.gid)
        become: dict[str, Any] = {"user": user.uid, "group": user.gid, "extra_groups": [], "cwd": "/"}
        with child_server(Path(folder) / "data", python=found[0], path=path, **become) as (child, _, pid):
            assert Path(f"/proc/{pid}").stat().st_uid == user.uid
            child.communicate("stop\n")
            assert child.returncode == 0
            assert is_gone(pid)


@only_root
def test_root_runs_it_as_another_user_and_leaves_the_folders_above_as_they_were(new_dir: Path) -> None:
    new_dir.mkdir(mode=0o700)
    with EmbeddedPostgres(new_dir) as server:
        assert Path(f"/proc/{server.pid}").stat().st_uid != 0
    for folder in (new_dir, new_dir.parent):
        assert folder.stat().st_mode & 0o777 == 0o700
        assert folder.stat().st_uid == 0


@only_root
@pytest.mark.parametrize("open_to_all", [True, False])
def test_programs_out_of_reach_are_copied_to_where_the_server_user_can_run_them(
    new_dir: Path, monkeypatch: pytest.MonkeyPatch, open_to_all: bool
) -> None:
    package = binaries().parents[1]
    closed = new_dir.parent / "closed"
    closed.mkdir(mode=0o700)
    for part in (binaries().parent, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, closed / part.relative_to(package.parent), symlinks=True)
    for path in closed.rglob("*"):
        path.chmod(path.stat().st_mode & 0o700)
    monkeypatch.setattr(programs, "binaries", lambda: closed / package.name / "pginstall18/bin")
    with tempfile.TemporaryDirectory(prefix="lc-", dir="/tmp") as system:
        Path(system).chmod(0o755)
        monkeypatch.setattr(programs, "SYSTEM_FOLDER", Path(system) / "leadconnect")
        if open_to_all:
            new_dir.parent.chmod(0o711)
        with EmbeddedPostgres(new_dir) as server:
            assert query(server.start(), "select 1") == 1
            place = new_dir / "postgres" if open_to_all else Path(system) / "leadconnect"
            assert place in Path(f"/proc/{server.pid}/exe").readlink().parents


@only_linux
def test_kill_9_of_the_process_that_runs_it_ends_it_cleanly(data_dir: Path) -> None:
    with child_server(data_dir) as (child, url, pid):
        query(url, "create table kept as select 7 as number")
        child.kill()
        wait_until(lambda: is_gone(pid))
    assert not Folder(data_dir / "postgres").pid_file.exists()
    with EmbeddedPostgres(data_dir) as server:
        assert query(server.start(), "select number from kept") == 7


@only_linux
def test_kill_9_of_both_at_once_does_not_hinder_the_next_start(data_dir: Path) -> None:
    with child_server(data_dir) as (child, url, pid):
        query(url, "create table kept as select 7 as number")
        os.kill(pid, signal.SIGKILL)
        child.kill()
        child.wait()
        with EmbeddedPostgres(data_dir) as server:
            assert query(server.start(), "select number from kept") == 7


@only_linux
def test_a_server_that_lost_its_keeper_is_ended_by_the_next_start(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir) as first:
        folder = Folder(data_dir / "postgres")
        url, pid = first.start(), first.pid
        query(url, "create table kept as select 7 as number")
        assert first._lock is not None
        first._lock.close()
        first._lock = None  # as on a system without PR_SET_PDEATHSIG, whose server outlives kill -9 of its keeper
        with EmbeddedPostgres(data_dir) as second:
            assert second.pid != pid
            assert folder.pid_file.read_text().startswith(f"{second.pid}\n")
            assert query(second.start(), "select number from kept") == 7
        assert not first.is_running()


def test_a_killed_server_comes_back_with_what_was_committed(server: EmbeddedPostgres) -> None:
    url, pid = server.start(), server.pid
    assert pid is not None
    query(url, "create table kept as select 7 as number")
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not server.is_running())
    assert server.pid is None
    assert server.ensure_running() == url
    assert query(url, "select number from kept") == 7
    assert server.ensure_running() == url


@pytest.mark.parametrize("whose", ["the server's user", "ourselves"])
def test_a_stale_pid_file_that_names_a_living_process_does_not_block(data_dir: Path, whose: str) -> None:
    folder = Folder(data_dir / "postgres")
    with EmbeddedPostgres(data_dir) as server:
        query(server.start(), "create table kept as select 7 as number")
        files = {path: path.read_text() for path in (folder.pid_file, folder.socket / ".s.PGSQL.5432.lock")}
    uid = folder.cluster.stat().st_uid if whose == "the server's user" else os.geteuid()
    bystander = subprocess.Popen(["sleep", "300"], user=uid if IS_ROOT else None)
    try:
        for path, text in files.items():
            path.write_text(f"{bystander.pid}\n{text.partition(chr(10))[2]}")
            shutil.chown(path, folder.cluster.stat().st_uid)
        with EmbeddedPostgres(data_dir) as server:
            assert query(server.start(), "select number from kept") == 7
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_a_second_server_on_the_same_data_folder_is_refused_with_the_reason(data_dir: Path) -> None:
    with child_server(data_dir) as (child, url, _):
        with pytest.raises(EmbeddedPostgresError, match=rf"process {child.pid}\) already runs .*LEADCONNECT_DATA_DIR"):
            EmbeddedPostgres(data_dir).start()
        assert query(url, "select 1") == 1
        child.communicate("stop\n")
        with EmbeddedPostgres(data_dir) as free_again:
            other = EmbeddedPostgres(data_dir)
            with pytest.raises(EmbeddedPostgresError, match="already runs"):
                other.start()
            other.stop()
            assert free_again.is_running()


def test_the_url_of_a_running_server_is_found_by_other_commands(data_dir: Path) -> None:
    assert running_url(data_dir) is None
    with EmbeddedPostgres(data_dir) as server:
        assert running_url(data_dir) == server.start()
    assert running_url(data_dir) is None


def test_a_first_start_that_was_cut_off_leaves_no_half_cluster(new_dir: Path) -> None:
    folder = Folder(new_dir / "postgres")
    child = start_child(new_dir)
    wait_until(lambda: any(folder.path.glob("new-*/PG_VERSION")))
    child.kill()
    child.communicate()
    assert not folder.cluster.exists()
    with EmbeddedPostgres(new_dir) as server:
        assert query(server.start(), "select current_user") == "leadconnect"
    assert not list(folder.path.glob("new-*"))


def test_a_long_path_moves_the_socket_to_a_private_temporary_folder(new_dir: Path) -> None:
    long_dir = new_dir / ("x" * SOCKET_PATH_LIMIT_BYTES) / "data"
    with child_server(long_dir) as (child, url, pid):
        assert query(url, "select 1") == 1
        private = Path(url.partition("?host=")[2])
        assert private.stat().st_mode & 0o777 == 0o700
        assert long_dir not in private.parents
        child.kill()
        wait_until(lambda: is_gone(pid))
    with EmbeddedPostgres(long_dir) as server:
        assert server.start() == url, "the folder of a run that was cut off is taken again, so none are left behind"
    assert not private.exists()


def test_any_character_in_the_path_will_do(new_dir: Path) -> None:
    odd = new_dir.with_name('it\'s 5% "ü" & $HOME;\\ #?')
    with EmbeddedPostgres(odd) as server:
        assert query(server.start(), "select 1") == 1


def test_the_server_outlives_the_thread_that_started_it(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir)
    thread = threading.Thread(target=server.start)
    thread.start()
    thread.join()
    try:
        assert query(server.start(), "select 1 from pg_sleep(0.3)") == 1
        assert server.is_running()
    finally:
        server.stop()


def test_a_cluster_of_another_version_is_refused_with_the_way_out(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir):
        pass
    (data_dir / "postgres/cluster/PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedPostgresError, match=r"made by PostgreSQL 17.*dump it"):
        EmbeddedPostgres(data_dir).start()


def test_a_server_that_cannot_start_says_why_and_frees_the_folder(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir):
        pass
    settings = data_dir / "postgres/cluster/postgresql.auto.conf"
    before = settings.read_text()
    settings.write_text("no_such_setting = 1\n")
    server = EmbeddedPostgres(data_dir)
    with pytest.raises(EmbeddedPostgresError, match="no_such_setting"):
        server.start()
    settings.write_text(before)
    with EmbeddedPostgres(data_dir) as repaired:
        assert repaired.is_running()


@only_root
def test_a_folder_of_another_user_is_refused_with_the_way_out(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir):
        pass
    os.chown(data_dir / "postgres", 65_534, 65_534)
    with pytest.raises(EmbeddedPostgresError, match=r"another user.*LEADCONNECT_DATA_DIR"):
        EmbeddedPostgres(data_dir).start()


def test_old_log_files_are_dropped(data_dir: Path) -> None:
    logs = Folder(data_dir / "postgres").log
    with EmbeddedPostgres(data_dir):
        for day in range(1, 29):
            (logs / f"postgresql-200001{day:02}-000000.log").touch()
    with EmbeddedPostgres(data_dir):
        assert len(list(logs.glob("postgresql-*.log"))) <= 11
