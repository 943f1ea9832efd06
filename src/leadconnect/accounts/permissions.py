"""Who may do what, on one screen.

Rights follow from ownership, the enumerated role and the grants of a sub-user, and never from a text such as the custom
role or the company's name.

====================  ==========================================================================
owner                 everything with leads, deleted ones too; the team only in the role Management
sub-user              what is granted; changing and exporting leads need the right to view them
sub-user without an   nothing
active owner
====================  ==========================================================================
"""

from enum import Flag, auto
from functools import cache

from leadconnect.accounts.models import UserRole
from leadconnect.wire import Answer


class Right(Flag):
    """What a route may ask for. Deleting a lead is a change of it: EDIT_LEADS. Deleted ones are RESTORE_LEADS's."""

    NONE = 0
    VIEW_LEADS = auto()
    EDIT_LEADS = auto()
    ADD_LEADS = auto()
    EXPORT_LEADS = auto()
    RESTORE_LEADS = auto()
    MANAGE_TEAM = auto()


class Rights(Answer):
    """What the caller may do, whether by ownership or by grants."""

    is_owner: bool
    can_view_leads: bool
    can_edit_leads: bool
    can_add_leads: bool
    can_export_leads: bool
    can_restore_leads: bool
    can_manage_team: bool


ALL_LEAD_RIGHTS = Right.VIEW_LEADS | Right.EDIT_LEADS | Right.ADD_LEADS | Right.EXPORT_LEADS

OWNERS_RIGHTS = ALL_LEAD_RIGHTS | Right.RESTORE_LEADS


@cache  # of few answers, and asked for with every request
def rights_of(
    *, role: str, is_owner: bool, owner_is_active: bool, view: bool, edit: bool, add: bool, export: bool
) -> Right:
    """Return the rights of a user whose own log-in is active."""
    if is_owner:
        return OWNERS_RIGHTS | (Right.MANAGE_TEAM if role == UserRole.MANAGEMENT else Right.NONE)
    if not owner_is_active:
        return Right.NONE
    granted = Right.ADD_LEADS if add else Right.NONE
    if view:
        granted |= Right.VIEW_LEADS
        granted |= Right.EDIT_LEADS if edit else Right.NONE
        granted |= Right.EXPORT_LEADS if export else Right.NONE
    return granted


def views_leads(role: str, is_owner: bool, owner_is_active: bool, view: bool) -> bool:
    """Tell whether a user whose own log-in is active may view leads; `view` is their grant."""
    rights = rights_of(
        role=role, is_owner=is_owner, owner_is_active=owner_is_active, view=view, edit=False, add=False, export=False
    )
    return Right.VIEW_LEADS in rights


def rights_answer(rights: Right, *, is_owner: bool) -> Rights:
    """Return `rights` as the wire has them: one flag for each."""
    return Rights(is_owner=is_owner, **{f"can_{str(right.name).lower()}": right in rights for right in Right if right})
