"""An error as bytes: the envelope, or problem details for the clients that prefer them."""

from functools import lru_cache

import msgspec

from leadconnect.edge.weights import weights
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
    ranges = dict(weights(accept))
    wanted = ranges.get(PROBLEM_JSON, 0.0)
    plain = ranges.get(JSON, ranges.get("application/*", ranges.get("*/*", 0.0)))
    return wanted > 0 and wanted >= plain
