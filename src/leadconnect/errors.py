"""Everything that can go wrong, and the one envelope it is told in.

A refusal is an exception with an HTTP status, a stable `code` for programs and a docstring that is the message for
people. Routes and actions raise them; `leadconnect.app` renders them. Nothing else in the tree builds an error body.

The envelope is ``{"message": str | list[str], "error": reason phrase, "statusCode": int}``, always these three keys;
a client that asks for ``application/problem+json`` gets the members of RFC 9457 beside them.
"""

from datetime import timedelta
from http import HTTPStatus
from math import ceil
from typing import Any, ClassVar


class LeadConnectError(Exception):
    """Something went wrong on our side. Please try again."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    keeps_writes: ClassVar[bool] = False
    """True when the transaction that raises it must commit all the same, such as a counted wrong guess."""

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

    def __init__(self, messages: list[str]) -> None:
        super().__init__(list(messages))


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
    """Return the body of `error`: message, reason phrase and status code, and nothing internal."""
    return {"message": error.message, "error": HTTPStatus(error.status).phrase, "statusCode": error.status}


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
