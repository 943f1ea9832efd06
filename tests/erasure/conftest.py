"""A database without any worker, so that what was queued stays there until it is erased."""

from collections.abc import Iterator

import pytest

from leadconnect.settings import Settings
from tests.conftest import migrated_database, serving, settings_for


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """The URL of a database of these tests' own."""
    with migrated_database(tmp_path_factory.mktemp("erasure"), f"leadconnect_erasure_{worker_id}") as url:
        yield url


@pytest.fixture(scope="session")
def settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a server without a worker."""
    return settings_for(database_url, tmp_path_factory.mktemp("files"))


services, database, app = serving()
