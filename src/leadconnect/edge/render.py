"""An error as bytes: the envelope, or problem details for the clients that prefer them."""

from functools import lru_cache

import msgspec

from leadconnect.errors import LeadConnectError, envelope, headers, problem

JSON = "application/json"
PROBLEM_JSON = "application/problem+json"

CLOSING_STATUSES = frozenset({408, 413})
"""Refusals of a body that has not been read: the connection ends with them (RFC 9110 §15.5.9, §15.5.14)."""

LONGEST_ACCEPT = 1_000


def render_error(error: LeadConnectError, *, accept: str, path: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, header fields and body of `error` for a request of `path` with the header ``Accept: accept``."""
    fields = headers(error)
    if error.status in CLOSING_STATUSES:
        fields["connection"] = "close"
    if prefers_problem(accept[:LONGEST_ACCEPT]):
        fields["content-type"] = PROBLEM_JSON
        return error.status, fields, msgspec.json.encode(problem(error, path))
    fields["content-type"] = JSON
    return error.status, fields, msgspec.json.encode(envelope(error))


@lru_cache(maxsize=256)
def prefers_problem(accept: str) -> bool:
    """Tell whether `accept` names ``application/problem+json`` and wants JSON no more than that.

    A wildcard does not name it: a client that takes anything gets the envelope.
    """
    if "problem+json" not in accept.lower():
        return False
    weights = dict(_weights(accept))
    wanted = weights.get(PROBLEM_JSON, 0.0)
    plain = weights.get(JSON, weights.get("application/*", weights.get("*/*", 0.0)))
    return wanted > 0 and wanted >= plain


def _weights(accept: str) -> list[tuple[str, float]]:
    """Return the media ranges of an Accept header and their weights (RFC 9110 §12.4.2, §12.5.1).

    A weight that is not between 0 and 1 counts as 0, so that a broken range is never preferred.
    """
    found: list[tuple[str, float]] = []
    for item in accept.split(","):
        name, *parameters = (part.strip().lower() for part in item.split(";"))
        weight = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() == "q":
                weight = _weight(value.strip())
        if name:
            found.append((name, weight))
    return found


def _weight(text: str) -> float:
    digits = text.replace(".", "", 1)
    if not (digits.isascii() and digits.isdigit()) or len(text) > 5:
        return 0.0
    weight = float(text)
    return weight if weight <= 1 else 0.0
