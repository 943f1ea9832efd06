"""The embedded PostgreSQL 18: our own child process on a unix socket, for a start without any set-up."""

from leadconnect.database.embedded.programs import EmbeddedPostgresError, binaries
from leadconnect.database.embedded.server import EmbeddedPostgres, running_url

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError", "binaries", "running_url"]
