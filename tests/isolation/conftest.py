"""Taking the application's own filter away, to find what holds below it."""

import importlib
import pkgutil
import re

import pytest

import leadconnect

FILTER = re.compile(r"\b((?:\w+\.)?account_id) = \$1\b")


@pytest.fixture
def without_filters(monkeypatch: pytest.MonkeyPatch) -> int:
    """Take `account_id = $1` out of every statement and return how often it stood there."""
    removed = 0
    for module in pkgutil.walk_packages(leadconnect.__path__, "leadconnect."):
        if module.name.rpartition(".")[2] not in ("queries", "search"):
            continue
        loaded = importlib.import_module(module.name)
        for name, value in list(vars(loaded).items()):
            if isinstance(value, str) and name.isupper():
                changed, count = FILTER.subn(r"(\1 is not null and $1::uuid is not null)", value)
                removed += count
                if count:
                    monkeypatch.setattr(loaded, name, changed)
    return removed
