"""What a DATABASE_URL means: a libpq connection URI (PostgreSQL manual §34.1.1.2) as arguments of asyncpg.

The one place that decides about TLS. It takes the URL apart itself and names host, port, user, database and TLS
explicitly, because asyncpg reads two addresses in one URL in another order than libpq does and fills gaps from the
environment, so that the host that was judged might not be the host that is dialled.

========================================  ==========================  =============
`sslmode`                                 loopback (TCP)              any other host
========================================  ==========================  =============
absent, ``allow``, ``prefer``             plain                       verify-full
``require``, ``verify-ca``,               verify-full                 verify-full
``verify-full``, and ``ssl=true``
``disable``                               plain                       refused
========================================  ==========================  =============

Unix sockets are always plain. verify-full means: chain and host name checked (RFC 9525), TLS 1.2 or later.
"""

import ipaddress
import re
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

DEFAULT_PORT = 5432
DEFAULT_SOCKET_FOLDERS = ("/run/postgresql", "/var/run/postgresql")
"""Where a URL without a host looks for a server, as Debian's and Red Hat's libpq do."""

_URL = re.compile(
    r"postgres(?:ql)?://(?:(?P<userinfo>[^@/?]*)@)?(?P<hosts>[^/?]*)(?:/(?P<path>[^?]*))?(?:\?(?P<query>.*))?"
)
_HOST = re.compile(r"(?:\[(?P<six>[^\]]+)\]|(?P<name>[^:\[\]]*))(?::(?P<port>[0-9]*))?")
_MODES = frozenset({"disable", "allow", "prefer", "require", "verify-ca", "verify-full"})
_MODES_WITH_TLS = frozenset({"require", "verify-ca", "verify-full"})
_SESSION_ATTRIBUTES = frozenset({"any", "read-write", "read-only", "primary", "standby", "prefer-standby"})

_WITHOUT_EFFECT = frozenset(
    {"channel_binding", "gssencmode", "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count",
     "tcp_user_timeout", "sslcompression", "sslsni", "client_encoding", "connect_timeout"}
)  # fmt: skip
"""libpq options that hosting companies put in URLs and that are dropped: the driver has no such choice, and with a
verified certificate none of them makes the connection less safe. How long to wait for a connection is a setting.
"""

_NOT_OFFERED = frozenset(
    {"hostaddr", "service", "servicefile", "passfile", "sslcrl", "sslcrldir", "ssl_min_protocol_version",
     "ssl_max_protocol_version", "krbsrvname", "gsslib", "requirepeer", "require_auth", "replication",
     "load_balance_hosts", "sslcertmode"}
)  # fmt: skip
"""libpq options that would change where or how safely we connect and are not offered, so they are refused."""


class InvalidDatabaseUrl(Exception):
    """The database URL cannot be used; the message says what to change and never repeats a password."""


@dataclass(frozen=True)
class _Target:
    """A URL taken apart: everything that is known before a file is read or a socket opened."""

    hosts: tuple[str, ...]
    ports: tuple[int, ...]
    user: str | None
    password: str | None
    database: str | None
    with_tls: bool
    options: dict[str, str]
    server_settings: dict[str, str]


def check_database_url(url: str) -> None:
    """Check that `url` can be used, without reading a file or opening a connection.

    Raises:
        InvalidDatabaseUrl: it is no PostgreSQL URL, or asks for an unencrypted connection to another machine.
    """
    _parse(url)


def connect_arguments(url: str, *, ca_file: str = "") -> dict[str, Any]:
    """Return the keyword arguments of `asyncpg.connect` and `asyncpg.create_pool` for `url`.

    ``host`` and ``port`` are lists; ``ssl`` is a verifying context or False; ``server_settings`` is always there
    (maybe empty) and holds the run-time parameters of the URL. Certificates are checked with `ca_file`, else with
    the URL's ``sslrootcert``, else with the system's authorities.

    Raises:
        InvalidDatabaseUrl: see `check_database_url`, or a certificate file cannot be read.
    """
    target = _parse(url)
    found: dict[str, Any] = {
        "host": list(target.hosts),
        "port": list(target.ports),
        "ssl": _context(target.options, ca_file) if target.with_tls else False,
        "direct_tls": target.with_tls and target.options.get("sslnegotiation") == "direct",
        "server_settings": dict(target.server_settings),
    }
    for name in ("user", "password", "database"):
        if getattr(target, name) is not None:
            found[name] = getattr(target, name)
    if "target_session_attrs" in target.options:
        found["target_session_attrs"] = target.options["target_session_attrs"]
    return found


def _parse(url: str) -> _Target:
    if re.search(r"[\x00-\x20\x7f#]", url):
        raise InvalidDatabaseUrl("write spaces, '#' and control characters percent-encoded, such as %23 for '#'")
    found = _URL.fullmatch(url)
    if found is None:
        raise InvalidDatabaseUrl("it must look like postgresql://user:password@host:5432/database")
    if "@" in found["hosts"]:
        raise InvalidDatabaseUrl("write an '@' within the user name or the password as %40, and a '/' as %2F")
    user, colon, password = (found["userinfo"] or "").partition(":")
    given = _query(found["query"] or "")
    hosts, ports = _addresses(found["hosts"], given.pop("host", ""), given.pop("port", ""))
    with_tls = _wants_tls(hosts, given)
    options, server_settings = _sorted_options(given)
    return _Target(
        hosts=hosts,
        ports=ports,
        user=options.pop("user", None) or _decoded(user) or None,
        password=options.pop("password", None) or (_decoded(password) if colon else None),
        database=options.pop("dbname", None) or _decoded(found["path"] or "") or None,
        with_tls=with_tls,
        options=options,
        server_settings=server_settings,
    )


def _decoded(text: str) -> str:
    if re.search(r"%(?![0-9A-Fa-f]{2})|%00", text):
        raise InvalidDatabaseUrl("a '%' must be written as %25")
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        raise InvalidDatabaseUrl("percent-encoded characters must be UTF-8") from None


def _query(text: str) -> dict[str, str]:
    """Return the options of a query; a '+' is itself, as in libpq, and the last of two equal names counts."""
    found: dict[str, str] = {}
    for part in text.split("&") if text else []:
        name, equals, value = part.partition("=")
        if not name or not equals:
            raise InvalidDatabaseUrl("options after the '?' are written name=value and joined with '&'")
        found[_decoded(name)] = _decoded(value)
    return found


def _addresses(authority: str, hosts_option: str, ports_option: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return hosts and their ports; `?host=` and `?port=` win over the part before the path, as in libpq."""
    pairs = [_host_and_port(part) for part in authority.split(",")] if authority else []
    hosts = tuple(host for host, _ in pairs)
    ports = tuple(port for _, port in pairs)
    if hosts_option:
        hosts = tuple(part.strip() for part in hosts_option.split(","))
        ports = ports if len(ports) == len(hosts) else (DEFAULT_PORT,) * len(hosts)
    if not hosts:
        hosts, ports = DEFAULT_SOCKET_FOLDERS, (DEFAULT_PORT,) * len(DEFAULT_SOCKET_FOLDERS)
    if ports_option:
        ports = tuple(_port(part) for part in ports_option.split(","))
        ports = ports * len(hosts) if len(ports) == 1 else ports
    if len(ports) != len(hosts):
        raise InvalidDatabaseUrl("there must be one port, or as many ports as hosts")
    if not all(hosts):
        raise InvalidDatabaseUrl("a host is missing")
    return hosts, ports


def _host_and_port(text: str) -> tuple[str, int]:
    found = _HOST.fullmatch(text)
    if found is None:
        raise InvalidDatabaseUrl("a host is written name, name:port or [IPv6 address]:port")
    return _decoded(found["six"] or found["name"] or ""), _port(found["port"] or "")


def _port(text: str) -> int:
    if text and not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise InvalidDatabaseUrl("a port is a number from 1 to 65535")
    return int(text) if text else DEFAULT_PORT


def _is_socket(host: str) -> bool:
    return host.startswith("/")


def _is_loopback(host: str) -> bool:
    """True for ``localhost`` and loopback addresses in their canonical form; every other spelling counts as remote."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _wants_tls(hosts: tuple[str, ...], given: dict[str, str]) -> bool:
    mode = given.pop("sslmode", "") or ("require" if given.get("ssl") == "true" else "prefer")
    given.pop("ssl", None)
    if mode not in _MODES:
        raise InvalidDatabaseUrl(f"sslmode is one of {', '.join(sorted(_MODES))}")
    remote = [host for host in hosts if not _is_socket(host) and not _is_loopback(host)]
    if remote and mode == "disable":
        raise InvalidDatabaseUrl(
            f"sslmode=disable would send passwords and data in clear to {remote[0]}; leave sslmode out, and name the"
            " authority of a private certificate with DATABASE_CA_FILE"
        )
    return bool(remote) or (mode in _MODES_WITH_TLS and not all(_is_socket(host) for host in hosts))


def _sorted_options(given: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Part `given` into the options that are ours to act on and the parameters that go to the server."""
    ours = {"user", "password", "dbname", "target_session_attrs", "sslnegotiation"} | {
        "sslrootcert", "sslcert", "sslkey", "sslpassword"
    }  # fmt: skip
    refused = sorted(_NOT_OFFERED & given.keys())
    if refused:
        raise InvalidDatabaseUrl(f"the option {refused[0]} is not offered")
    options = {name: value for name, value in given.items() if name in ours and value}
    if options.get("target_session_attrs", "any") not in _SESSION_ATTRIBUTES:
        raise InvalidDatabaseUrl(f"target_session_attrs is one of {', '.join(sorted(_SESSION_ATTRIBUTES))}")
    if options.get("sslnegotiation", "postgres") not in ("postgres", "direct"):
        raise InvalidDatabaseUrl("sslnegotiation is postgres or direct")
    server_settings = {
        "application_name" if name == "fallback_application_name" else name: value
        for name, value in given.items()
        if name not in ours and name not in _WITHOUT_EFFECT
    }
    return options, server_settings


def _context(options: dict[str, str], ca_file: str) -> ssl.SSLContext:
    authority = ca_file or options.get("sslrootcert", "")
    if authority == "system":
        authority = ""
    try:
        context = ssl.create_default_context(cafile=str(Path(authority).expanduser()) if authority else None)
        if "sslcert" in options:
            password = options.get("sslpassword", "")
            context.load_cert_chain(options["sslcert"], options.get("sslkey"), password=lambda: password)
    except (OSError, RuntimeError) as error:
        raise InvalidDatabaseUrl(f"a certificate file cannot be used: {error}") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["postgresql"])  # PostgreSQL 17 and later insist on it for direct TLS
    return context
