"""Users of an account as nouns: the caller, and what is sent and returned about sub-users."""

from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from leadconnect.accounts.models import (
    EmailProblem,
    Permissions,
    UserOut,
    UserRole,
    UserRow,
    email_problem,
    permissions,
    shown,
)
from leadconnect.accounts.permissions import Rights, rights_answer
from leadconnect.auth.models import ChosenPassword, Password, confirmed
from leadconnect.auth.principal import Principal
from leadconnect.errors import FieldCode, FieldError
from leadconnect.wire import Answer, Email, Input, Instant, Label, Text255, named_if_other, plain_text, unnamed

ROLES = (UserRole.SALES_REPRESENTATIVE.value, UserRole.SALES_MANAGER.value, UserRole.OTHER.value)
"""What a sub-user may be. The team is managed by the owner alone."""
NAMED_ROLE = named_if_other("role", "customRole")


class Me(UserOut):
    """The caller, with what they may do now; `email_problem` only while there is one."""

    rights: Rights
    email_problem: EmailProblem | UnsetType = UNSET


class SubUser(Answer):
    """A sub-user as the owner sees them, with the account's company. `role` shows the custom text if there is one.
    `is_invited` until they log in or choose a password of their own; `email_problem` only while there is one.
    """

    id: UUID
    email: str
    full_name: str
    role: str
    custom_role: str | None
    company_name: str
    company_size: str
    industry: str
    custom_industry: str | None
    website: str | None
    phone_number: str | None
    subscription_status: str
    subscription_plan: str
    is_active: bool
    created_at: Instant
    permissions: Permissions
    parent_user_id: UUID
    is_invited: bool
    email_problem: EmailProblem | UnsetType = UNSET


class PermissionChanges(Input, kw_only=True):
    """What a sub-user may do from now on: only the keys that are sent."""

    can_view_leads: bool | UnsetType = UNSET
    can_edit_leads: bool | UnsetType = UNSET
    can_add_leads: bool | UnsetType = UNSET
    can_export_leads: bool | UnsetType = UNSET


PERMISSIONS = dict(zip(PermissionChanges.__struct_fields__, PermissionChanges.__struct_encode_fields__, strict=True))
"""The permissions, each with its key on the wire."""


class NewSubUser(Input, kw_only=True):
    """A new sub-user. Permissions stand beside the rest, in `permissions`, or in both; without any, leads are seen and
    nothing else. `companyName` is taken and means nothing: the company is the account's. Without a password the user
    cannot log in until they choose one with the mailed link.
    """

    rules: ClassVar[dict[str, Any]] = NAMED_ROLE | {
        "dependentRequired": {"password": ["confirmPassword"], "confirmPassword": ["password"]},
        "examples": [
            {
                "fullName": "Ravi Nair",
                "email": "ravi@example.com",
                "password": "a long enough passphrase",
                "confirmPassword": "a long enough passphrase",
                "role": "Sales Representative",
                "canAddLeads": True,
            }
        ],
    }

    full_name: Label
    email: Email
    password: ChosenPassword | UnsetType = UNSET
    confirm_password: Password | UnsetType = UNSET
    role: Literal["Sales Representative", "Sales Manager", "other"]
    custom_role: Text255 | None = None
    company_name: Text255 | None = None
    can_view_leads: bool | UnsetType = UNSET
    can_edit_leads: bool | UnsetType = UNSET
    can_add_leads: bool | UnsetType = UNSET
    can_export_leads: bool | UnsetType = UNSET
    permissions: PermissionChanges | UnsetType = UNSET

    def problems(self) -> list[FieldError]:
        """The password's rules, a role `other` without a text, and permissions that contradict each other."""
        password, again = (value or None for value in (self.password, self.confirm_password))
        found = confirmed(password, again, field="password", email=self.email)
        if password is not None and again is None:
            found.append(FieldError.of("confirmPassword", FieldCode.REQUIRED, "is required with password"))
        if again is not None and password is None:
            found.append(FieldError.of("password", FieldCode.REQUIRED, "is required with confirmPassword"))
        found += unnamed("role", self.role, "customRole", self.custom_role)
        for field, name in PERMISSIONS.items():
            beside, nested = getattr(self, field), getattr(self.permissions, field, UNSET)
            if isinstance(beside, bool) and isinstance(nested, bool) and beside is not nested:
                found.append(FieldError.of(name, FieldCode.CONFLICTING, f"must not differ from permissions.{name}"))
        return found

    def granted(self) -> dict[str, bool]:
        """Return what the sub-user may do, by field."""
        sent = {
            field: value
            for source in (self, self.permissions)
            for field in PERMISSIONS
            if isinstance(value := getattr(source, field, UNSET), bool)
        }
        return {field: sent.get(field, field == "can_view_leads") for field in PERMISSIONS}


class SubUserPatch(Input, kw_only=True):
    """A change of a sub-user: only the keys that are sent. `role` takes what is shown, which may be the custom text."""

    rules: ClassVar[dict[str, Any]] = NAMED_ROLE

    full_name: Label | UnsetType = UNSET
    role: (
        Annotated[str, Meta(max_length=255, extra={"check": plain_text}, extra_json_schema={"enum": list(ROLES)})]
        | UnsetType
    ) = UNSET
    custom_role: Text255 | UnsetType | None = UNSET
    is_active: bool | UnsetType = UNSET

    def problems(self) -> list[FieldError]:
        """Refuse the role `other` without a text."""
        return unnamed("role", self.role, "customRole", self.custom_role)


class SubUserPassword(Input, kw_only=True):
    """A new password for a sub-user; none, for a link by mail with which they choose one."""

    rules: ClassVar[dict[str, Any]] = {
        "dependentRequired": {"newPassword": ["confirmPassword"], "confirmPassword": ["newPassword"]}
    }

    new_password: ChosenPassword | UnsetType = UNSET
    confirm_password: Password | UnsetType = UNSET

    def problems(self) -> list[FieldError]:
        """The password's rules, and that it is given twice."""
        new, again = (value or None for value in (self.new_password, self.confirm_password))
        found = confirmed(new, again)
        if (self.new_password is UNSET) != (self.confirm_password is UNSET):
            missing = "newPassword" if self.new_password is UNSET else "confirmPassword"
            found.append(FieldError(missing, FieldCode.REQUIRED, "newPassword and confirmPassword belong together"))
        return found


def sub_user(row: UserRow) -> SubUser:
    """Return a sub-user as the owner sees them.

    Raises:
        ValueError: the user is none.
    """
    if row.parent_user_id is None:
        raise ValueError("not a sub-user")
    values = {field: value for field, value in shown(row).items() if field in SubUser.__struct_fields__}
    return SubUser(
        **values,
        permissions=permissions(row),
        parent_user_id=row.parent_user_id,
        is_invited=row.invited_at is not None,
        email_problem=email_problem(row),
    )


def me(row: UserRow, principal: Principal) -> Me:
    """Return the caller, whose row is `row`."""
    return Me(
        **shown(row),
        rights=rights_answer(principal.rights, is_owner=principal.is_owner),
        email_problem=email_problem(row),
    )
