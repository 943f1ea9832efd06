"""Errors on the wire."""

import json
from datetime import timedelta

import pytest

from leadconnect.edge.render import prefers_problem, render_error
from leadconnect.errors import (
    FieldCode,
    FieldError,
    LeadConnectError,
    NotFound,
    NotSignedIn,
    PayloadTooLarge,
    RequestTimeout,
    TooManyRequests,
    ValidationFailed,
)

ENVELOPE = {"message", "error", "statusCode", "code", "errors"}
TWO = [FieldError.of(field, FieldCode.INVALID, "is wrong") for field in ("a", "b")]


def test_an_error_is_the_envelope() -> None:
    status, headers, body = render_error(NotFound("no such lead"), accept="", path="/api/leads/1")
    assert (status, headers) == (404, {"content-type": "application/json"})
    assert json.loads(body) == {"message": "no such lead", "error": "Not Found", "statusCode": 404, "code": "not_found"}


def test_validation_messages_stay_a_list() -> None:
    _, _, body = render_error(ValidationFailed(TWO), accept="*/*", path="/api/leads")
    assert json.loads(body)["message"] == ["a is wrong", "b is wrong"]


def test_problem_details_have_the_envelope_beside_them() -> None:
    error = ValidationFailed(TWO)
    status, headers, body = render_error(error, accept="application/problem+json", path="/api/leads")
    told = json.loads(body)
    assert (status, headers["content-type"]) == (400, "application/problem+json")
    assert set(told) == ENVELOPE | {"type", "title", "status", "detail", "instance"}
    assert (told["instance"], told["detail"]) == ("/api/leads", "a is wrong; b is wrong")


@pytest.mark.parametrize(
    "accept",
    [
        "application/problem+json",
        "Application/Problem+JSON",
        "application/problem+json, */*",
        "application/json, application/problem+json",
        "application/json;q=0.9, application/problem+json",
        "text/html, application/problem+json;q=0.5, application/json;q=0.5",
        "application/problem+json;charset=utf-8;q=0.9,application/*;q=0.8",
    ],
)
def test_problem_details_are_preferred(accept: str) -> None:
    assert prefers_problem(accept)


@pytest.mark.parametrize(
    "accept",
    [
        "",
        "*/*",
        "application/*",
        "application/json, text/plain, */*",
        "application/json, application/problem+json;q=0.9",
        "application/problem+json;q=0",
        "application/problem+json;q=0, */*",
        "application/problem+json;q=2, application/json",
        "application/problem+json;q=abc, application/json",
        "application/problem+json;q=-1",
        "application/problem+jsonx",
        ";;;,,,q=1",
    ],
)
def test_the_envelope_is_preferred(accept: str) -> None:
    assert not prefers_problem(accept)


@pytest.mark.parametrize("error", [RequestTimeout(), PayloadTooLarge()])
def test_a_body_that_was_not_read_ends_the_connection(error: LeadConnectError) -> None:
    assert render_error(error, accept="", path="/")[1]["connection"] == "close"


def test_waiting_times_and_the_way_to_sign_in_are_told() -> None:
    assert render_error(TooManyRequests(retry_after=timedelta(seconds=7)), accept="", path="/")[1]["retry-after"] == "7"
    assert render_error(NotSignedIn(), accept="", path="/")[1]["www-authenticate"] == "Bearer"
