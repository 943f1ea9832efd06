"""A link and the password that it entitles to set."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from leadconnect.auth.models import ChosenPassword, Password, confirmed
from leadconnect.errors import FieldError
from leadconnect.wire import Answer, Input


class LinkToken(Input):
    """The token of a link."""

    token: Annotated[str, Meta(min_length=1, max_length=255)]


class LinkUser(Answer):
    """The address of the user whose password a link sets."""

    email: str


class LinkedPassword(Input):
    """The token of a link, and the password that it entitles to set."""

    token: Annotated[str, Meta(min_length=1, max_length=255)]
    new_password: ChosenPassword
    confirm_password: Password

    def problems(self) -> list[FieldError]:
        """The password's rules."""
        return confirmed(self.new_password, self.confirm_password)


class OpenLink(Answer):
    """A link that can be used, and whose password it sets. Never sent."""

    account_id: UUID
    user_id: UUID
    link_id: UUID
    email: str
    company_name: str
