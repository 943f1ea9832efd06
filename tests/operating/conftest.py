"""A PostgreSQL as an operator has one, for the tests of this folder."""

import asyncio
from collections.abc import Iterator

import pytest

from leadconnect.database.migrate import migrate
from tests.clusters import ServerCluster, server_cluster


@pytest.fixture(scope="session")
def cluster() -> Iterator[ServerCluster]:
    """A cluster that listens on loopback, with the role and the database of the guide."""
    with server_cluster() as started:
        asyncio.run(migrate(started.url()))  # first by this role, which then owns the roles that all databases share
        yield started
