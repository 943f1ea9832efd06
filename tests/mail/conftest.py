"""Mail needs the same database and mail server as the jobs that send it."""

from tests.worker.conftest import cluster, database, database_url, mail_server, settings

__all__ = ["cluster", "database", "database_url", "mail_server", "settings"]
