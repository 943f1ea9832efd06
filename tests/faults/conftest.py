"""Servers to be harmed: with their own database, or on a PostgreSQL that the test can stop and start."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from leadconnect.database.embedded import EmbeddedPostgres
from tests.faults.harm import Cluster
from tests.live import LiveServer


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the data of this module."""
    return tmp_path_factory.mktemp("faults")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[LiveServer]:
    """A server as a newcomer starts it, with the database that it embeds."""
    with LiveServer(folder / "data") as started:
        yield started


@pytest.fixture(scope="module")
def cluster(folder: Path) -> Iterator[Cluster]:
    """A PostgreSQL that no server watches over; each server gets a database of its own by `Cluster.database`."""
    with EmbeddedPostgres(folder / "cluster") as postgres:
        yield Cluster(postgres)
