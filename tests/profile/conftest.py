"""A worker that mails what the tests cause."""

from collections.abc import AsyncIterator

import pytest

from leadconnect.auth.services import Services
from leadconnect.settings import Settings
from tests.postbox import Postbox, working_postbox


@pytest.fixture(scope="session")
async def postbox(settings: Settings, services: Services) -> AsyncIterator[Postbox]:
    """The mail of all tests here."""
    async with working_postbox(settings, services.database) as opened:
        yield opened
