"""The description of the API says what the server does: all routes, whole references, the rules of texts."""

import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from litestar.routes import HTTPRoute

from leadconnect.app import litestar_app
from leadconnect.leads.fields import LeadInput, person_name
from leadconnect.profile.fields import PHONE_PATTERN, phone_number
from leadconnect.reference.describe import describe
from leadconnect.settings import Settings
from leadconnect.web import declaration_of
from leadconnect.wire import decode, encode, lines_of_text, not_blank, plain_text
from leadconnect.wire.types import LINES_PATTERN, NAME_PATTERN, PLAIN_PATTERN, VISIBLE_PATTERN, Check
from tests import make

APP = litestar_app(Settings(secret="a secret that only the tests know, 0123456789"))
DOCUMENT = describe(APP)
OPERATIONS = [
    (method, path, operation) for path, methods in DOCUMENT["paths"].items() for method, operation in methods.items()
]
CHARACTERS = st.characters(codec="utf-8", exclude_categories=("Cn", "Cs")) | st.sampled_from(
    "\x00\t\n\r\x1f\x7f\x85\x9f\xa0\u2028\u3000٣Ⅷ²李 -_"
)


def everything_in(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield every key and its value, at any depth."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in entries:
        yield str(key), part
        yield from everything_in(part)


def test_every_route_is_described_once() -> None:
    routes = {
        (method.lower(), re.sub(r":\w+}", "}", route.path_format))
        for route in APP.routes
        if isinstance(route, HTTPRoute)
        for method, (handler, _) in route.route_handler_map.items()
        if method != "OPTIONS" and not declaration_of(handler).undocumented
    }
    assert {(method, path) for method, path, _ in OPERATIONS} == routes
    names = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(set(names)) == len(names)


def test_every_reference_leads_somewhere() -> None:
    references = {value for key, value in everything_in(DOCUMENT) if key == "$ref"}
    schemas = DOCUMENT["components"]["schemas"]
    assert references
    assert {f"#/components/schemas/{name}" for name in schemas} >= references
    links = [link for key, part in everything_in(DOCUMENT) if key == "links" for link in part.values()]
    assert {link["operationId"] for link in links} >= {
        "read_lead", "change_lead", "delete_lead", "end_session", "change_sub_user", "change_permissions",
    }  # fmt: skip


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_an_operation_says_who_may_call_it_and_what_it_refuses(method: str, path: str, operation: Any) -> None:
    assert operation["summary"]
    assert operation["tags"]
    responses = operation["responses"]
    assert ("401" in responses) or operation["security"] == []
    assert "503" in responses
    assert ("404" in responses) == ("{" in path)
    assert any(status < "300" for status in responses)
    assert ("400" in responses) or (method == "get" and not operation["parameters"]) or "{" in path
    for status in ("429", "503"):
        if status in responses:
            assert responses[status]["headers"]["Retry-After"]["required"]


def test_an_operation_that_refuses_api_keys_says_so() -> None:
    refusing = {
        (path, method)
        for method, path, operation in OPERATIONS
        if "Needs a session: an API key is refused." in operation["description"]
    }
    assert {("/api/auth/sessions", "get"), ("/api/profile/sub-users", "post")} <= refusing
    assert ("/api/leads", "get") not in refusing
    for path, method in refusing:
        assert "403" in DOCUMENT["paths"][path][method]["responses"]


@pytest.mark.parametrize(
    ("pattern", "check"),
    [
        (PLAIN_PATTERN, plain_text),
        (LINES_PATTERN, lines_of_text),
        (VISIBLE_PATTERN, not_blank),
        (NAME_PATTERN, person_name),
        (PHONE_PATTERN, phone_number),
    ],
)
def test_the_pattern_of_a_text_is_its_rule(pattern: str, check: Check) -> None:
    validator = jsonschema_rs.validator_for({"type": "string", "pattern": pattern})

    @settings(max_examples=300, deadline=None)
    @given(st.text(CHARACTERS, max_size=5))
    @example("")
    @example(" ")
    @example("a\n")
    @example("\u3000")
    @example("\ufeff")
    @example("²")
    def agree(value: str) -> None:
        assert validator.is_valid(value) == (check(value) is None)

    agree()


@pytest.mark.parametrize(
    ("path", "names"),
    [("/api/auth/login", ["SignedIn", "SecondFactorNeeded"]), ("/api/auth/refresh", ["AccessToken", "RotatedTokens"])],
)
def test_an_operation_with_two_answers_names_both(path: str, names: list[str]) -> None:
    answer = DOCUMENT["paths"][path]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert answer == {"anyOf": [{"$ref": f"#/components/schemas/{name}"} for name in names]}
    headers = [parameter["name"] for parameter in DOCUMENT["paths"][path]["post"]["parameters"]]
    assert headers == ["X-Token-Rotation"]


def test_a_source_that_is_other_must_be_named_and_the_schema_says_so() -> None:
    schema = DOCUMENT["components"] | {"$ref": "#/schemas/LeadInput"}
    as_text = encode(schema).decode().replace("#/components/schemas/", "#/schemas/")
    validator = jsonschema_rs.validator_for(as_text)
    other = make.lead(leadSource="other")
    assert validator.is_valid(make.lead())
    assert not validator.is_valid(other)
    assert not validator.is_valid(other | {"customLeadSource": " "})
    assert validator.is_valid(other | {"customLeadSource": "Fair"})
    for lead in DOCUMENT["components"]["schemas"]["LeadInput"]["examples"]:
        assert validator.is_valid(lead)
        assert decode(encode(lead), LeadInput).name == lead["name"]
