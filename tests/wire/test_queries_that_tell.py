"""Every query of every route refuses what is unknown, and says what is allowed."""

from typing import Any

import pytest
from litestar.routes import HTTPRoute
from msgspec import inspect

from leadconnect.app import ROUTERS
from leadconnect.errors import ValidationFailed
from leadconnect.web import declaration_of
from leadconnect.wire import decode_query
from leadconnect.wire.decoding import fields_of


def queries() -> list[Any]:
    """The structs of all queries, by the routes that have one."""
    handlers = (
        handler
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if "OPTIONS" not in handler.http_methods
    )
    kinds = {kind for handler in handlers if (kind := declaration_of(handler).query)}
    return sorted(kinds, key=lambda kind: kind.__name__)


def choices() -> list[tuple[Any, str]]:
    """The queries with their keys that are one of several values."""
    return [
        (kind, field.key)
        for kind in queries()
        for field in fields_of(kind).values()
        if isinstance(field.plain, inspect.EnumType) or (field.check is not None and "enum" in str(field.annotation))
    ]


def test_the_queries_of_routes_and_their_choices_are_found() -> None:
    assert len(list(queries())) >= 8
    assert len(list(choices())) >= 8


@pytest.mark.parametrize(("kind", "key"), choices())
def test_an_unknown_value_is_refused_with_those_that_are_allowed(kind: Any, key: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        decode_query(f"{key}=bogus".encode(), kind)
    (message,) = list(refused.value.message)
    assert message.startswith((f"{key} must be one of: ", f"{key} must be some of: "))


@pytest.mark.parametrize("kind", queries())
def test_an_unknown_key_is_refused(kind: Any) -> None:
    with pytest.raises(ValidationFailed, match="property bogus should not exist"):
        decode_query(b"bogus=1", kind)


@pytest.mark.parametrize(
    ("kind", "key"), [(kind, field.key) for kind in queries() for field in fields_of(kind).values() if field.is_list]
)
def test_lists_may_have_keys_with_brackets(kind: Any, key: str) -> None:
    value = "hot" if key == "status" else "referral" if key == "leadSource" else "id"
    expected = decode_query(f"{key}={value}&{key}={value}".encode(), kind)
    for query in (
        f"{key}[]={value}&{key}[]={value}",
        f"{key}[0]={value}&{key}[1]={value}",
        f"{key}%5B%5D={value},{value}",
    ):
        assert decode_query(query.encode(), kind) == expected
