"""What other packages may ask of sessions, tokens and throttles."""

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
