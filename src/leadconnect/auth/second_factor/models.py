"""The second factor as nouns: what is sent to its routes, and what comes back."""

from typing import Literal

from msgspec import UNSET, UnsetType

from leadconnect.auth.models import AuthUser, Code, Password
from leadconnect.wire import Answer, Email, Input


class SecondFactorEntry(Input):
    """The code that was mailed after the password, and whose."""

    email: Email
    otp: Code


class CodeAgain(Input):
    """Who waits for a code."""

    email: Email


class SwitchOff(Input):
    """A proof that it is the user who switches the second factor off: their password, or the code mailed for it."""

    password: Password | None = None
    otp: Code | None = None


class SecurityChanges(Input, kw_only=True):
    """A change of the security settings: only the keys that are sent."""

    two_factor_enabled: bool | UnsetType = UNSET
    login_notifications: bool | UnsetType = UNSET
    session_timeout: Literal["15", "30", "60", "120", "240", 15, 30, 60, 120, 240] | UnsetType = UNSET


class SecondFactorNeeded(Answer):
    """The password was right; the session begins once the code that was mailed is sent too."""

    requires_two_factor: bool
    message: str
    email: str


class SecondFactorVerdict(Answer):
    """Whether a code was right, which uses it up, and then whose it was."""

    valid: bool
    message: str
    user: AuthUser | UnsetType = UNSET


class SecondFactorStatus(Answer):
    """Whether a second factor is asked for, and where its codes go."""

    enabled: bool
    email: str
