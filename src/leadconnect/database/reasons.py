"""Why the database cannot be used, in one line for operators that names the variable and the remedy.

A line has no host, user, password or row in it: it may end in a log that others read.
"""

import socket
import ssl

import asyncpg

from leadconnect.database.migrate import MigrationError
from leadconnect.dsn import InvalidDatabaseUrl

PASSING = (
    ConnectionError,
    TimeoutError,
    socket.gaierror,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.ConnectionDoesNotExistError,
    asyncpg.InterfaceError,
    asyncpg.ProtocolViolationError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
)
"""What a database raises that is coming up, its name or a pooler in front of it included."""

_REMEDIES: tuple[tuple[type[BaseException], str], ...] = (
    (
        asyncpg.InvalidAuthorizationSpecificationError,
        "DATABASE_URL: the server refuses the user name or the password: correct them, or let the server's pg_hba.conf"
        " admit this user from this machine",
    ),
    (
        asyncpg.InvalidCatalogNameError,
        "DATABASE_URL: the server has no such database: correct its name, or create it (create database … owner …)",
    ),
    (
        asyncpg.InsufficientPrivilegeError,
        "DATABASE_URL: the database or its tables belong to another role: connect as that role, or let a superuser run"
        " in this database: reassign owned by <that role> to <this role>",
    ),
    (
        asyncpg.TooManyConnectionsError,
        "DATABASE_URL: the server has no connection left: raise its max_connections, or lower DATABASE_POOL_SIZE and"
        " WORKERS",
    ),
    (asyncpg.DiskFullError, "DATABASE_URL: the disk of the database server is full: free some space on it"),
    (
        asyncpg.ReadOnlySQLTransactionError,
        "DATABASE_URL: the server takes no writes, as a replica: name the primary, or switch off"
        " default_transaction_read_only",
    ),
    (
        asyncpg.CannotConnectNowError,
        "DATABASE_URL: the server is still starting or already stopping: wait for it, or raise DATABASE_START_WAIT",
    ),
    (socket.gaierror, "DATABASE_URL: the name of the host is not known: correct it, or mend the name service"),
    (
        TimeoutError,
        "DATABASE_URL: the server does not answer: correct host and port, or open the way to it in the firewall",
    ),
    (
        ConnectionRefusedError,
        "DATABASE_URL: no server listens there: start it, correct host and port, or raise DATABASE_START_WAIT",
    ),
    (FileNotFoundError, "DATABASE_URL: there is no server with such a socket: start it, or correct the folder"),
)


def explain(error: BaseException) -> str | None:
    """Return the variable and the remedy for what was raised while the database was used; None where it is a fault."""
    if isinstance(error, InvalidDatabaseUrl | MigrationError):
        return f"DATABASE_URL: {error}"
    if isinstance(error, ssl.SSLCertVerificationError):
        what = error.verify_message.partition(",")[0]  # the name comes after it
        return (
            f"DATABASE_URL: the certificate of the server is not accepted ({what}): give the server a"
            " valid one for its name, or name the authority that signed it in DATABASE_CA_FILE"
        )
    if isinstance(error, ssl.SSLError):
        return f"DATABASE_URL: TLS with the server fails ({error.reason}): it must take TLS 1.2 or later"
    if isinstance(error, ConnectionError) and "SSL upgrade" in str(error):  # asyncpg has no class for it
        return "DATABASE_URL: the server offers no TLS, which another machine needs: set ssl = on in postgresql.conf"
    for kind, remedy in _REMEDIES:
        if isinstance(error, kind):
            return remedy
    if isinstance(error, asyncpg.ProtocolViolationError):
        return (
            f"DATABASE_URL: the connection pooler refuses ({error.args[0]}): see its log and docs/guides/operating.md"
        )
    if isinstance(error, asyncpg.PostgresError):
        return f"DATABASE_URL: the server refuses ({type(error).__name__}, SQLSTATE {error.sqlstate}): see its log"
    if isinstance(error, OSError):
        return f"DATABASE_URL: no connection to the server ({error.strerror or type(error).__name__})"
    if isinstance(error, asyncpg.InterfaceError):
        return f"DATABASE_URL: no connection to the server ({type(error).__name__})"
    return None
