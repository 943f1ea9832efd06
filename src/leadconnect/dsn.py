"""Parse a DATABASE_URL into arguments of asyncpg, and decide about TLS.

asyncpg is given hosts, ports and TLS explicitly and no URL: it fills the gaps of one from the environment, so the host
that was checked might not be the host that is dialled.

========================================  ==========================  =============
`sslmode`                                 loopback (TCP)              any other host
========================================  ==========================  =============
absent, ``allow``, ``prefer``             plain                       verify-full
``require``, ``verify-ca``,               verify-full                 verify-full
``verify-full``
``disable``                               plain                       refused
========================================  ==========================  =============

Unix sockets are always plain. verify-full means: chain and host name checked (RFC 9525), TLS 1.2 or later.
"""

import ipaddress
import re
import ssl
from pathlib import Path
from typing import Any
from urllib.parse import unquote

DEFAULT_PORT = "5432"
DEFAULT_SOCKET_FOLDERS = "/run/postgresql,/var/run/postgresql"
"""Where a URL without a host looks for a server, as libpq does on Debian and Red Hat."""
CHOICES = {
    "sslmode": ("allow", "disable", "prefer", "require", "verify-ca", "verify-full"),
    "sslnegotiation": ("direct", "postgres"),
    "target_session_attrs": ("any", "prefer-standby", "primary", "read-only", "read-write", "standby"),
}
FREE = {"host", "port", "user", "password", "dbname", "sslrootcert", "sslcert", "sslkey", "sslpassword"}
SERVER_SETTINGS = {"application_name", "options", "search_path"}
# Hosting companies put these into URLs; the driver has no such choice, and with a verified certificate none of them
# makes the connection less safe.
WITHOUT_EFFECT = {"channel_binding", "connect_timeout", "gssencmode", "keepalives", "keepalives_idle", "sslsni"}

_URL = re.compile(r"postgres(?:ql)?://(?:([^@/?]*)@)?([^/?]*)(?:/([^?]*))?(?:\?(.*))?")
_HOST = re.compile(r"(?:\[([^\]]+)\]|([^:\[\]]*))(?::([0-9]*))?")


class InvalidDatabaseUrl(Exception):
    """The database URL is invalid. The message says what to change, without the password."""


def check_database_url(url: str) -> None:
    """Check that `url` can be used, without reading a file or opening a connection.

    Raises:
        InvalidDatabaseUrl: it is no PostgreSQL URL, or asks for an unencrypted connection to another machine.
    """
    _parse(url)


def connect_arguments(url: str, *, ca_file: str = "") -> dict[str, Any]:
    """Return the keyword arguments of `asyncpg.connect` and `asyncpg.create_pool` for `url`.

    ``host`` and ``port`` are lists; ``ssl`` is a verifying context or False; ``server_settings`` is always there.
    Certificates are checked with `ca_file`, else with the URL's ``sslrootcert``, else with the system's authorities.

    Raises:
        InvalidDatabaseUrl: see `check_database_url`, or a certificate file cannot be read.
    """
    arguments, options = _parse(url)
    if arguments["ssl"]:
        arguments["ssl"] = _context(options, ca_file)
    return arguments


def _parse(url: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the arguments, with ``ssl`` a bool, and the options of the query."""
    if re.search(r"[\x00-\x20\x7f#]", url):
        raise InvalidDatabaseUrl("write spaces, '#' and control characters percent-encoded, such as %23 for '#'")
    if (parts := _URL.fullmatch(url)) is None:
        raise InvalidDatabaseUrl("it must look like postgresql://user:password@host:5432/database")
    credentials, authority, path, query = (part or "" for part in parts.groups())
    if "@" in authority:
        raise InvalidDatabaseUrl("write an '@' within the user name or the password as %40, and a '/' as %2F")
    user, colon, password = credentials.partition(":")
    options = _options(query)
    hosts, ports = _addresses(authority, options)
    with_tls = _wants_tls(hosts, options.get("sslmode", "prefer"))
    arguments = {
        "host": hosts,
        "port": ports,
        "ssl": with_tls,
        "direct_tls": with_tls and options.get("sslnegotiation") == "direct",
        "server_settings": {name: value for name, value in options.items() if name in SERVER_SETTINGS},
        "user": options.get("user") or _decoded(user) or None,
        "password": options.get("password") or (_decoded(password) if colon else None),
        "database": options.get("dbname") or _decoded(path) or None,
        "target_session_attrs": options.get("target_session_attrs"),
    }
    return {name: value for name, value in arguments.items() if value is not None}, options


def _decoded(text: str) -> str:
    if re.search(r"%(?![0-9A-Fa-f]{2})|%00", text):
        raise InvalidDatabaseUrl("a '%' must be written as %25")
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        raise InvalidDatabaseUrl("percent-encoded characters must be UTF-8") from None


def _options(query: str) -> dict[str, str]:
    """Return the options that have a value; the last of equal names counts, as in libpq."""
    options: dict[str, str] = {}
    for part in query.split("&") if query else []:
        name, equals, value = part.partition("=")
        if not name or not equals:
            raise InvalidDatabaseUrl("options after the '?' are written name=value and joined with '&'")
        name, value = _decoded(name), _decoded(value)
        if name not in {*CHOICES, *FREE, *SERVER_SETTINGS, *WITHOUT_EFFECT}:
            raise InvalidDatabaseUrl(
                f"the option {name} is not offered; a run-time parameter is set with options=-c%20name%3Dvalue"
            )
        if value and value not in CHOICES.get(name, (value,)):
            raise InvalidDatabaseUrl(f"{name} is one of {', '.join(CHOICES[name])}")
        options[name] = value
    return {name: value for name, value in options.items() if value}


def _addresses(authority: str, options: dict[str, str]) -> tuple[list[str], list[int]]:
    """Return hosts and their ports; `?host=` and `?port=` take precedence, as in libpq."""
    hosts, ports = [], []
    for part in authority.split(",") if authority else []:
        if (found := _HOST.fullmatch(part)) is None:
            raise InvalidDatabaseUrl("a host is written name, name:port or [IPv6 address]:port")
        hosts.append(_decoded(found[1] or found[2]))
        ports.append(found[3] or DEFAULT_PORT)
    if "host" in options or not hosts:
        hosts = [host.strip() for host in options.get("host", DEFAULT_SOCKET_FOLDERS).split(",")]
        ports = ports if len(ports) == len(hosts) else [DEFAULT_PORT] * len(hosts)
    if "port" in options:
        ports = [port or DEFAULT_PORT for port in options["port"].split(",")]
        ports = ports * len(hosts) if len(ports) == 1 else ports
    if len(ports) != len(hosts):
        raise InvalidDatabaseUrl("there must be one port, or as many ports as hosts")
    if not all(hosts):
        raise InvalidDatabaseUrl("a host is missing")
    if not all(re.fullmatch("[0-9]{1,5}", port) and 0 < int(port) < 65536 for port in ports):
        raise InvalidDatabaseUrl("a port is a number from 1 to 65535")
    return hosts, [int(port) for port in ports]


def _is_loopback(host: str) -> bool:
    """Return whether `host` is ``localhost`` or a canonical loopback address.

    Other spellings count as remote.
    """
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _wants_tls(hosts: list[str], mode: str) -> bool:
    networked = [host for host in hosts if not host.startswith("/")]
    remote = [host for host in networked if not _is_loopback(host)]
    if remote and mode == "disable":
        raise InvalidDatabaseUrl(
            f"sslmode=disable would send passwords and data in clear to {remote[0]}; leave sslmode out, and name the"
            " authority of a private certificate with DATABASE_CA_FILE"
        )
    return bool(remote) or (bool(networked) and mode in ("require", "verify-ca", "verify-full"))


def _context(options: dict[str, str], ca_file: str) -> ssl.SSLContext:
    authority = ca_file or options.get("sslrootcert", "")
    path = str(Path(authority).expanduser()) if authority not in ("", "system") else None
    try:
        context = ssl.create_default_context(cafile=path)
        if "sslcert" in options:
            # A password is always given: OpenSSL would ask for one on the terminal.
            password = options.get("sslpassword", "")
            context.load_cert_chain(options["sslcert"], options.get("sslkey"), password=lambda: password)
    except (OSError, RuntimeError) as error:
        raise InvalidDatabaseUrl(f"a certificate file cannot be used: {error}") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["postgresql"])  # PostgreSQL 17 and later insist on it for direct TLS
    return context
