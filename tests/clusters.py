"""A PostgreSQL that listens on loopback with passwords, as an operator's own does, and a PgBouncer in front of it."""

import asyncio
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg

from leadconnect.database.embedded.programs import ServerUser, choose_user, launch, reachable_programs, run
from leadconnect.dsn import connect_arguments
from tests.live import free_port, wait_for
from tests.patience import PATIENCE_SECONDS

PASSWORD = "a password of the tests"
ENCODED = PASSWORD.replace(" ", "%20")
PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
NO_PGBOUNCER = "PgBouncer is not installed: apt-get install pgbouncer"

CONFIGURATION = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
max_connections = 100
fsync = on
"""


class ServerCluster:
    """A PostgreSQL with the superuser ``admin``; `roles` are made with the password `PASSWORD`."""

    def __init__(self, folder: Path, user: ServerUser, programs: Path) -> None:
        self.folder, self.user, self.programs = folder, user, programs
        self.port = free_port()
        self.data = folder / "data"
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, role: str = "leadconnect", database: str = "leadconnect", *, port: int | None = None) -> str:
        """Return the URL of `database` for `role`."""
        return f"postgresql://{role}:{ENCODED}@127.0.0.1:{port or self.port}/{database}"

    def make(self) -> None:
        """Make the cluster, and start it."""
        (self.folder / "password").write_text(PASSWORD)
        os.chown(self.folder / "password", self.user.uid, self.user.gid)
        run(self.user, self.folder, [
            str(self.programs / "initdb"), "-D", str(self.data), "-U", "admin", "--encoding=UTF8", "--locale=C",
            "--auth=scram-sha-256", f"--pwfile={self.folder / 'password'}", "--no-sync",
        ])  # fmt: skip
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(CONFIGURATION.format(port=self.port))
        self.start()

    def make_role(self) -> None:
        """Make the role and the database as docs/guides/operating.md says."""
        sql(
            self.url("admin", "postgres"),
            f"create role leadconnect login createrole password '{PASSWORD}'",
            "create database leadconnect owner leadconnect",
        )

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self.launch()
        wait_for(self.answers, what="a PostgreSQL that answers")

    def launch(self) -> None:
        """Start the server without waiting for it."""
        with (self.folder / "log").open("ab") as log:
            self._process = launch(
                self.user, self.folder, [str(self.programs / "postgres"), "-D", str(self.data)], output=log
            )

    def answers(self) -> bool:
        """Return whether the server takes connections."""
        try:
            sql(self.url("admin", "postgres"), "select 1")
        except (OSError, asyncpg.PostgresError):
            return False
        return True

    @contextmanager
    def locked(self, table: str, database: str = "leadconnect") -> Iterator[None]:
        """Keep `table` locked against all in the block."""
        loop = asyncio.new_event_loop()
        connection = loop.run_until_complete(asyncpg.connect(**connect_arguments(self.url("admin", database))))
        try:
            loop.run_until_complete(connection.execute(f"begin; lock table {table} in access exclusive mode"))
            yield
            loop.run_until_complete(connection.execute("rollback"))
        finally:
            loop.run_until_complete(connection.close())
            loop.close()

    def stop(self) -> None:
        """Stop the server, ending its connections."""
        if self._process is not None:
            self._process.terminate()
            self._process.send_signal(2)
            self._process.wait(60)
            self._process = None


def sql(url: str, *statements: str) -> Any:
    """Run `statements`, each by itself; return the first value of the last one."""

    async def run_all() -> Any:
        connection = await asyncpg.connect(**connect_arguments(url), timeout=PATIENCE_SECONDS, statement_cache_size=0)
        try:
            for statement in statements[:-1]:
                await connection.execute(statement)
            return await connection.fetchval(statements[-1])
        finally:
            await connection.close()

    return asyncio.run(run_all())


@contextmanager
def server_cluster(*, is_empty: bool = False) -> Iterator[ServerCluster]:
    """Run a cluster in a folder of its own, with the role and the database of the guide unless `is_empty`."""
    folder = Path(tempfile.mkdtemp(prefix="leadconnect-tests-"))
    try:
        user = choose_user(folder / "data")
        os.chown(folder, user.uid, user.gid)
        folder.chmod(0o755)
        cluster = ServerCluster(folder, user, reachable_programs(user, folder))
        cluster.make()
        try:
            if not is_empty:
                cluster.make_role()
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def pgbouncer(cluster: ServerCluster, **options: str) -> Iterator[int]:
    """Run a PgBouncer in transaction mode before `cluster`, and yield its port."""
    assert PGBOUNCER is not None
    port = free_port()
    folder = Path(tempfile.mkdtemp(prefix="pgbouncer-", dir=cluster.folder))
    users = folder / "users"
    users.write_text(f'"leadconnect" "{PASSWORD}"\n"admin" "{PASSWORD}"\n')
    lines = {
        "listen_addr": "127.0.0.1", "listen_port": str(port), "unix_socket_dir": "", "auth_type": "scram-sha-256",
        "auth_file": str(users), "pool_mode": "transaction", "default_pool_size": "10", "max_client_conn": "200",
        **options,
    }  # fmt: skip
    settings = "\n".join(f"{name} = {value}" for name, value in lines.items())
    file = folder / "pgbouncer.ini"
    file.write_text(f"[databases]\n* = host=127.0.0.1 port={cluster.port}\n[pgbouncer]\n{settings}\n")
    for path in (folder, users, file):
        os.chown(path, cluster.user.uid, cluster.user.gid)
    with (cluster.folder / "pgbouncer.log").open("ab") as log:
        process = launch(cluster.user, folder, [PGBOUNCER, str(file)], output=log)
    try:
        wait_for(lambda: _is_open(cluster.url(port=port)), what="a PgBouncer that answers")
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _is_open(url: str) -> bool:
    try:
        sql(url, "select 1")
    except (OSError, asyncpg.PostgresError):
        return False
    return True
