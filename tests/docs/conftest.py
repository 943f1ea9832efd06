"""The worker that mails what the pages cause."""

from collections.abc import AsyncIterator

import pytest

from leadconnect.auth.services import Services
from leadconnect.settings import Settings
from tests.postbox import Postbox, working_postbox


@pytest.fixture
async def postbox(settings: Settings, services: Services) -> AsyncIterator[Postbox]:
    """The mail of the pages."""
    async with working_postbox(settings, services.database) as opened:
        yield opened
