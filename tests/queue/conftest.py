"""The queue is tested where the worker is: a fresh database for each test, and its settings."""

from tests.worker.conftest import cluster, database, database_url, mail_server, settings

__all__ = ["cluster", "database", "database_url", "mail_server", "settings"]
