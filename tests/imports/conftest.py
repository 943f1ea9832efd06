"""A worker beside the tests of imports."""

import pytest

from tests.postbox import Postbox


@pytest.fixture(autouse=True)
def worker(postbox: Postbox) -> Postbox:
    """Plans and applies what the tests upload."""
    return postbox
