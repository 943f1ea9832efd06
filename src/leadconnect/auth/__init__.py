"""Authenticate callers and decide what they may do: log-in, sessions, tokens, codes, throttles and permissions.

Other packages call the functions of this module, and the actions of its parts.
"""

from leadconnect.auth.queries import (
    LookUp,
    caller,
    caller_of,
    hold_user,
    log_in_candidate,
    purge,
    release,
    revoke_api_key,
    revoke_sessions,
    take,
)

__all__ = [
    "LookUp",
    "caller",
    "caller_of",
    "hold_user",
    "log_in_candidate",
    "purge",
    "release",
    "revoke_api_key",
    "revoke_sessions",
    "take",
]
