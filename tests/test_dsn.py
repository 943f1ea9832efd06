"""Database URLs: what they mean, and when a connection is encrypted."""

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
import trustme

from leadconnect.dsn import InvalidDatabaseUrl, check_database_url, connect_arguments

REMOTE = "0.0.0.0"  # reaches this machine, and is no loopback address
SSL_REQUEST_CODE = 80877103  # PostgreSQL manual §54.7


def encrypts(url: str) -> bool:
    context = connect_arguments(url)["ssl"]
    if context is not False:
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert context.check_hostname
        assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    return context is not False


def test_every_part_of_a_url_arrives_decoded() -> None:
    found = connect_arguments("postgresql://us%40er:p%3A%2F%23w@db.example:6543/my%20db?application_name=a%20b+c")
    assert (found["host"], found["port"]) == (["db.example"], [6543])
    assert (found["user"], found["password"], found["database"]) == ("us@er", "p:/#w", "my db")
    assert found["server_settings"] == {"application_name": "a b+c"}


def test_run_time_parameters_are_passed_on_and_what_hosting_companies_add_is_not() -> None:
    url = "postgresql://db.example/x?options=-c%20geqo%3Doff&search_path=s&channel_binding=require&connect_timeout=5"
    assert connect_arguments(url)["server_settings"] == {"options": "-c geqo=off", "search_path": "s"}


@pytest.mark.parametrize(
    ("url", "hosts", "ports"),
    [
        ("postgres://h/d", ["h"], [5432]),
        ("postgresql:///d?host=/tmp/s", ["/tmp/s"], [5432]),
        ("postgresql:///d?host=/tmp/s&port=77", ["/tmp/s"], [77]),
        ("postgresql://%2Ftmp%2Fs:77/d", ["/tmp/s"], [77]),
        ("postgresql://u@/d", ["/run/postgresql", "/var/run/postgresql"], [5432, 5432]),
        ("postgresql://[::1]:6000/d", ["::1"], [6000]),
        ("postgresql://a:1,b:2,[2001:db8::1]/d", ["a", "b", "2001:db8::1"], [1, 2, 5432]),
        ("postgresql://a,b/d?port=9", ["a", "b"], [9, 9]),
        ("postgresql://localhost/d?host=db.example", ["db.example"], [5432]),
    ],
)
def test_hosts_and_ports_are_read_as_libpq_reads_them(url: str, hosts: list[str], ports: list[int]) -> None:
    found = connect_arguments(url)
    assert (found["host"], found["port"]) == (hosts, ports)


@pytest.mark.parametrize("mode", ["", "?sslmode=allow", "?sslmode=prefer", "?sslmode=require", "?sslmode=verify-ca"])
@pytest.mark.parametrize(
    "host", ["db.example", "10.0.0.5", "[2001:db8::1]", "127.1", "0x7f.1", "localhost.example", "localhost,db.example"]
)
def test_another_machine_is_always_verified_in_full(host: str, mode: str) -> None:
    assert encrypts(f"postgresql://u:p@{host}/d{mode}")


@pytest.mark.parametrize("host", ["db.example", "localhost,db.example", "0.0.0.0"])
def test_an_unencrypted_connection_to_another_machine_is_refused(host: str) -> None:
    with pytest.raises(InvalidDatabaseUrl, match="in clear to"):
        check_database_url(f"postgresql://u:secret@{host}/d?sslmode=disable")


def test_a_host_option_that_points_elsewhere_decides_about_encryption() -> None:
    assert encrypts("postgresql://u:p@localhost/d?host=db.example")
    with pytest.raises(InvalidDatabaseUrl, match=r"in clear to db\.example"):
        check_database_url("postgresql://u:p@localhost/d?sslmode=disable&host=db.example")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "[::1]"])
@pytest.mark.parametrize(
    ("mode", "expected"),
    [("", False), ("disable", False), ("prefer", False), ("require", True), ("verify-full", True)],
)
def test_loopback_is_plain_unless_tls_is_asked_for(host: str, mode: str, expected: bool) -> None:
    assert encrypts(f"postgresql://{host}/d" + (f"?sslmode={mode}" if mode else "")) is expected


def test_a_unix_socket_is_plain_whatever_is_asked_for() -> None:
    assert not encrypts("postgresql:///d?host=/tmp/s&sslmode=verify-full")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "must look like"),
        ("mysql://h/d", "must look like"),
        ("postgresql+asyncpg://h/d", "must look like"),
        ("h=localhost dbname=d", "percent-encoded"),
        ("postgresql://u:p#w@h/d", "%23"),
        ("postgresql://u:p@w@h/d", "%40"),
        ("postgresql://u:100%@h/d", "%25"),
        ("postgresql://u:%00@h/d", "%25"),
        ("postgresql://u:%ff@h/d", "UTF-8"),
        ("postgresql://u:p/w@h/d", "host is written|port is"),
        ("postgresql://h:0/d", "port"),
        ("postgresql://h:65536/d", "port"),
        ("postgresql://h/d?port=x", "port"),
        ("postgresql://a,b/d?port=1,2,3", "as many ports"),
        ("postgresql://a,,b/d", "host is missing"),
        ("postgresql://h/d?sslmode=off", "sslmode is one of"),
        ("postgresql://h/d?sslmode", "name=value"),
        ("postgresql://h/d?service=x", "service is not offered"),
        ("postgresql://h/d?hostaddr=10.0.0.1", "hostaddr is not offered"),
        ("postgresql://h/d?ssl=true", "ssl is not offered"),
        ("postgresql://h/d?passfile=/tmp/x", "passfile is not offered"),
        ("postgresql://h/d?sslmod=disable", "sslmod is not offered"),
        ("postgresql://h/d?statement_timeout=5s", r"options=-c%20name%3Dvalue"),
        ("postgresql://h/d?target_session_attrs=x", "target_session_attrs is one of"),
        ("postgresql://h/d?sslnegotiation=x", "sslnegotiation"),
    ],
)
def test_a_url_that_cannot_be_used_is_refused_with_what_to_change(url: str, reason: str) -> None:
    with pytest.raises(InvalidDatabaseUrl, match=reason):
        check_database_url(url)


@pytest.mark.parametrize(
    "url", ["postgresql://u:topsecret@h:x/d", "postgresql://u:top@secret@h/d", "x://u:topsecret@h"]
)
def test_a_refusal_never_repeats_the_password(url: str) -> None:
    with pytest.raises(InvalidDatabaseUrl) as caught:
        check_database_url(url)
    assert "secret" not in str(caught.value)


def test_the_environment_does_not_change_where_a_url_leads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "elsewhere.example")
    monkeypatch.setenv("PGSSLMODE", "disable")
    found = connect_arguments("postgresql:///d")
    assert found["host"] == ["/run/postgresql", "/var/run/postgresql"]
    assert encrypts("postgresql://db.example/d")


def test_a_certificate_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidDatabaseUrl, match=r"certificate file.*missing\.pem|certificate file.*No such file"):
        connect_arguments("postgresql://db.example/d", ca_file=str(tmp_path / "missing.pem"))


@asynccontextmanager
async def server(context: ssl.SSLContext | None) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server up to the first message after TLS, which it keeps; without a context it has no TLS, and says so."""
    received: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            first = await reader.readexactly(8)
            if struct.unpack("!ii", first)[1] != SSL_REQUEST_CODE:
                received.append(b"clear:" + first + await reader.read(1000))
                return
            writer.write(b"S" if context else b"N")
            if context:
                await writer.start_tls(context)
            received.append(await reader.read(1000))
        except (OSError, EOFError):
            pass
        finally:
            writer.close()

    listener = await asyncio.start_server(serve, REMOTE, 0, family=socket.AF_INET)
    async with listener:
        yield listener.sockets[0].getsockname()[1], received


def context_for(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    return context


@pytest.fixture
def authority(tmp_path: Path) -> tuple[trustme.CA, str]:
    made = trustme.CA()
    path = tmp_path / "ca.pem"
    made.cert_pem.write_to_path(str(path))
    return made, str(path)


async def test_a_verified_server_gets_the_log_in_inside_tls(authority: tuple[trustme.CA, str]) -> None:
    ca, path = authority
    async with server(context_for(ca, REMOTE)) as (port, received):
        with pytest.raises((OSError, asyncpg.PostgresError)):  # it hangs up after the first message
            await asyncpg.connect(**connect_arguments(f"postgresql://known@{REMOTE}:{port}/d", ca_file=path))
        assert b"user\x00known\x00" in received[0]


@pytest.mark.parametrize("trusted", [True, False])
async def test_a_server_with_another_name_or_authority_gets_nothing(
    authority: tuple[trustme.CA, str], trusted: bool
) -> None:
    ca, path = authority
    async with server(context_for(ca, "other.example" if trusted else REMOTE)) as (port, received):
        url = f"postgresql://u:p@{REMOTE}:{port}/d?sslmode=require"
        with pytest.raises(ssl.SSLCertVerificationError):
            await asyncpg.connect(**connect_arguments(url, ca_file=path if trusted else ""))
        assert not any(received)


async def test_a_server_without_tls_gets_nothing() -> None:
    async with server(None) as (port, received):
        with pytest.raises(ConnectionError):
            await asyncpg.connect(**connect_arguments(f"postgresql://u:p@{REMOTE}:{port}/d?sslmode=prefer"))
        assert not any(received)
