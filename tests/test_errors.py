"""Every refusal can be told in the one envelope."""

import importlib
import json
import pkgutil
from datetime import timedelta
from http import HTTPStatus

import pytest

import leadconnect
from leadconnect.auth.actions import EmailTaken
from leadconnect.errors import (
    FieldCode,
    FieldError,
    LeadConnectError,
    NotSignedIn,
    TooManyRequests,
    ValidationFailed,
    envelope,
    headers,
    problem,
)

for module in pkgutil.walk_packages(leadconnect.__path__, "leadconnect."):
    importlib.import_module(module.name)


def refusals(base: type[LeadConnectError] = LeadConnectError) -> list[type[LeadConnectError]]:
    """Return every refusal there is."""
    return [base, *(found for child in base.__subclasses__() for found in refusals(child))]


TWO = [
    FieldError.of("name", FieldCode.REQUIRED, "is required"),
    FieldError.of("columns.0.target", FieldCode.TYPE, "must be text"),
]


@pytest.mark.parametrize("kind", refusals(), ids=lambda kind: kind.__name__)
def test_a_refusal_has_a_status_a_code_and_a_message_for_people(kind: type[LeadConnectError]) -> None:
    error = kind(TWO) if kind is ValidationFailed else kind()
    assert HTTPStatus(error.status).phrase
    assert error.code.replace("_", "").isalpha()
    assert error.message
    assert "Raises" not in str(error.message)


def test_codes_tell_refusals_of_different_kinds_apart() -> None:
    codes = [kind.code for kind in refusals()]
    assert len(codes) == len(set(codes))


def test_the_envelope_of_invalid_values_names_every_field() -> None:
    assert envelope(ValidationFailed(TWO)) == {
        "message": ["name is required", "columns.0.target must be text"],
        "error": "Bad Request",
        "statusCode": 400,
        "code": "validation_failed",
        "errors": [
            {"field": "name", "code": "required", "message": "name is required"},
            {"field": "columns.0.target", "code": "type", "message": "columns.0.target must be text"},
        ],
    }


def test_the_envelope_of_an_error_about_no_field_has_no_errors() -> None:
    assert envelope(NotSignedIn("a")) == {
        "message": "a",
        "error": "Unauthorized",
        "statusCode": 401,
        "code": "not_signed_in",
    }


def test_an_error_about_one_field_names_it_under_its_own_code() -> None:
    body = envelope(EmailTaken())
    assert body["errors"] == [{"field": "email", "code": "email_taken", "message": body["message"]}]


def test_a_list_of_messages_is_one_line_where_there_is_room_for_one() -> None:
    error = ValidationFailed(TWO)
    assert error.text == problem(error, "/")["detail"] == "name is required; columns.0.target must be text"
    assert NotSignedIn("a").text == "a"


def test_problem_details_hold_the_envelope_too() -> None:
    told = problem(NotSignedIn(), "/api/leads")
    assert told["type"] == "urn:leadconnect:error:not_signed_in"
    assert told["status"] == told["statusCode"] == 401
    assert told["detail"] == told["message"]
    assert told["instance"] == "/api/leads"
    json.dumps(told)


@pytest.mark.parametrize(("wait", "seconds"), [(0.01, "1"), (1.2, "2"), (60, "60")])
def test_retry_after_is_whole_seconds_and_at_least_one(wait: float, seconds: str) -> None:
    assert headers(TooManyRequests(retry_after=timedelta(seconds=wait)))["retry-after"] == seconds


def test_a_401_says_how_to_sign_in() -> None:
    assert headers(NotSignedIn())["www-authenticate"] == "Bearer"
