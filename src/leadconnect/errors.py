"""Everything that can go wrong, and the one envelope it is returned in.

A refusal is an exception with an HTTP status, a stable `code` for programs and a docstring that is the message for
people. Routes and actions raise them; `leadconnect.app` renders them. Nothing else in the tree builds an error body.

The envelope is ``{"message": str | list[str], "error": reason phrase, "statusCode": int, "code": str}``, and where
fields are at fault ``"errors": [{"field", "code", "message"}]``; a client that asks for ``application/problem+json``
gets the members of RFC 9457 too. `docs/guides/errors.md` lists the codes.
"""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from http import HTTPStatus
from math import ceil
from typing import Any, ClassVar, Self

import msgspec


class FieldCode(StrEnum):
    """What is wrong with one field. Clients depend on the values: add codes, never rename one."""

    REQUIRED = "required"
    TYPE = "type"
    FORMAT = "format"
    ENUM = "enum"
    MIN_LENGTH = "min_length"
    MAX_LENGTH = "max_length"
    PATTERN = "pattern"
    RANGE = "range"
    UNKNOWN_FIELD = "unknown_field"
    REPEATED = "repeated"
    CONTROL_CHARACTERS = "control_characters"
    BLANK = "blank"
    CONFLICTING = "conflicting"
    NOT_ALLOWED = "not_allowed"
    PASSWORD_TOO_COMMON = "password_too_common"
    PASSWORD_IS_NAME = "password_is_name"
    PASSWORD_MISMATCH = "password_mismatch"
    PASSWORD_UNCHANGED = "password_unchanged"
    SAME_LEAD = "same_lead"
    NOT_MERGED = "not_merged"
    INVALID = "invalid"


class FieldError(msgspec.Struct, frozen=True):
    """What is wrong with one field.

    `field` is a path of wire names (``columns.0.target``), empty for the whole body; `code` a `FieldCode` or the code
    of an error class; `requirement` the message without the name of the field; `limit` the bound that is broken.
    """

    field: str
    code: str
    message: str
    requirement: str = ""
    limit: int | None = None

    @classmethod
    def of(cls, field: str, code: str, requirement: str, limit: int | None = None) -> Self:
        """Return the error of `field` whose message is its name and `requirement`."""
        return cls(field, code, f"{field or 'the body'} {requirement}", requirement, limit)

    def within(self, prefix: str) -> "FieldError":
        """Return the error with `prefix`, such as ``columns.0.``, before the path and the message."""
        if not prefix:
            return self
        return msgspec.structs.replace(self, field=prefix + self.field, message=prefix + self.message)


class LeadConnectError(Exception):
    """Something went wrong on our side. Please try again."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    keeps_writes: ClassVar[bool] = False
    """True when the transaction that raises it must commit all the same, such as a counted wrong guess."""

    field: str | None = None
    """The field of the request that the error concerns, in wire names, if it is about one."""

    location: str | None = None
    """Where it is to be found instead, as a reference that is relative to the request (RFC 9110 §10.2.2)."""

    def __init__(self, message: str | list[str] | None = None, *, retry_after: timedelta | None = None) -> None:
        self.message = message if message is not None else (type(self).__doc__ or "").strip()
        self.retry_after = retry_after
        super().__init__(self.message)

    @property
    def text(self) -> str:
        """The message in one line."""
        return self.message if isinstance(self.message, str) else "; ".join(self.message)

    @property
    def errors(self) -> tuple[FieldError, ...]:
        """The fields at fault; none where the error is not about a field."""
        return (FieldError(self.field, self.code, self.text),) if self.field else ()


class MovedPermanently(LeadConnectError):
    """This is to be found at another address."""

    status = 308
    code = "moved_permanently"


class MalformedRequest(LeadConnectError):
    """The request could not be understood."""

    status = 400
    code = "malformed_request"


class ValidationFailed(LeadConnectError):
    """The request has invalid values."""

    status = 400
    code = "validation_failed"

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__([error.message for error in errors])
        self._errors = tuple(errors)

    @property
    def errors(self) -> tuple[FieldError, ...]:
        """The fields at fault, in the order of the messages."""
        return self._errors


class NotSignedIn(LeadConnectError):
    """Please sign in: the access token is missing, unknown or expired."""

    status = 401
    code = "not_signed_in"


class Forbidden(LeadConnectError):
    """You do not have the permission to do this."""

    status = 403
    code = "forbidden"


class NotFound(LeadConnectError):
    """There is nothing here."""

    status = 404
    code = "not_found"


class MethodNotAllowed(LeadConnectError):
    """This address does not take this method."""

    status = 405
    code = "method_not_allowed"


class RequestTimeout(LeadConnectError):
    """The request did not arrive in time."""

    status = 408
    code = "request_timeout"


class Conflict(LeadConnectError):
    """This conflicts with something that exists already."""

    status = 409
    code = "conflict"


class PreconditionFailed(LeadConnectError):
    """It has been changed since you read it. Read it again, then repeat your change."""

    status = 412
    code = "precondition_failed"


class PayloadTooLarge(LeadConnectError):
    """The request body is too large."""

    status = 413
    code = "payload_too_large"


class AddressTooLong(LeadConnectError):
    """The address of the request is too long."""

    status = 414
    code = "address_too_long"


class UnsupportedMediaType(LeadConnectError):
    """The request body has a media type that is not understood here."""

    status = 415
    code = "unsupported_media_type"


class TooManyRequests(LeadConnectError):
    """Too many attempts. Please wait a while, then try again."""

    status = 429
    code = "too_many_requests"


class HeadersTooLarge(LeadConnectError):
    """The request headers are too large."""

    status = 431
    code = "headers_too_large"


class ServiceBusy(LeadConnectError):
    """The service is busy. Please try again in a moment."""

    status = 503
    code = "service_busy"

    def __init__(self, message: str | None = None, *, retry_after: timedelta = timedelta(seconds=1)) -> None:
        super().__init__(message, retry_after=retry_after)


class TransactionConflict(ServiceBusy):
    """Somebody changed the same at this very moment. Please try again."""

    code = "transaction_conflict"


def envelope(error: LeadConnectError) -> dict[str, Any]:
    """Return the body of `error`: message, reason phrase, status, code and the fields at fault; nothing internal."""
    body: dict[str, Any] = {
        "message": error.message,
        "error": HTTPStatus(error.status).phrase,
        "statusCode": error.status,
        "code": error.code,
    }
    if error.errors:
        body["errors"] = [{"field": each.field, "code": each.code, "message": each.message} for each in error.errors]
    return body


def problem(error: LeadConnectError, instance: str) -> dict[str, Any]:
    """Return `error` as problem details (RFC 9457 §3.1) about the request path `instance`, with the envelope's keys."""
    return {
        "type": f"urn:leadconnect:error:{error.code}",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "detail": error.text,
        "instance": instance,
        **envelope(error),
    }


def headers(error: LeadConnectError) -> dict[str, str]:
    """Return the header fields that belong to `error`: ``Retry-After`` in whole seconds (RFC 9110 §10.2.3), at least 1,
    ``Location`` where it says so, and ``WWW-Authenticate`` with every 401 (RFC 9110 §11.6.1).
    """
    found: dict[str, str] = {}
    if error.location is not None:
        found["location"] = error.location
    if error.retry_after is not None:
        found["retry-after"] = str(max(1, ceil(error.retry_after.total_seconds())))
    if error.status == HTTPStatus.UNAUTHORIZED:
        found["www-authenticate"] = "Bearer"
    return found
