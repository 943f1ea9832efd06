"""The caller, as routes see them."""

from datetime import datetime
from uuid import UUID

import msgspec

from leadconnect.accounts.permissions import Right
from leadconnect.errors import Forbidden
from leadconnect.logs import security_event


class SessionNeeded(Forbidden):
    """This needs a sign-in: an API key is not enough."""

    code = "session_needed"


class Owner(msgspec.Struct, frozen=True):
    """The owner of the caller's account with its company, whom every lead shows."""

    id: UUID
    email: str
    full_name: str
    role: str
    custom_role: str | None
    company_name: str
    company_size: str
    industry: str
    website: str | None
    phone_number: str | None
    subscription_status: str
    subscription_plan: str
    created_at: datetime
    updated_at: datetime


class Idled(msgspec.Struct, frozen=True):
    """A session that has just ended, because its user was silent for too long. Nobody calls."""

    account_id: UUID
    user_id: UUID
    session_id: UUID


class Principal(msgspec.Struct, frozen=True):
    """A user of one account who calls, what they may do at this moment, and the account's owner. `session_id` is None
    where a program calls for them, with their API key.
    """

    account_id: UUID
    user_id: UUID
    session_id: UUID | None
    role: str
    is_owner: bool
    rights: Right
    owner: Owner

    @property
    def session(self) -> UUID:
        """The session in which the caller is.

        Raises:
            SessionNeeded: in none, for they have an API key.
        """
        if self.session_id is None:
            raise SessionNeeded
        return self.session_id

    def may(self, right: Right) -> bool:
        """Tell whether the caller has all of `right`."""
        return right in self.rights

    def require(self, right: Right) -> None:
        """Let the caller pass who has all of `right`; who has not leaves a security event.

        Raises:
            Forbidden: they have not.
        """
        if right not in self.rights:
            self.note_refusal()
            raise Forbidden

    def note_refusal(self) -> None:
        """Leave the security event of a caller who wanted what they may not."""
        ids = {"account_id": str(self.account_id), "user_id": str(self.user_id)}
        security_event("forbidden", outcome="refused", **ids)
