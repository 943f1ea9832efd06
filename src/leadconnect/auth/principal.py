"""The caller, as routes see them."""

from uuid import UUID

import msgspec

from leadconnect.auth.permissions import Right
from leadconnect.errors import Forbidden


class Principal(msgspec.Struct, frozen=True):
    """A signed-in user of one account, and what they may do at this moment."""

    account_id: UUID
    user_id: UUID
    session_id: UUID
    role: str
    is_owner: bool
    rights: Right

    def may(self, right: Right) -> bool:
        """Tell whether the caller has all of `right`."""
        return right in self.rights

    def require(self, right: Right) -> None:
        """Let the caller pass who has all of `right`.

        Raises:
            Forbidden: they have not.
        """
        if right not in self.rights:
            raise Forbidden
