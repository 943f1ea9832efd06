"""Who may call what: every route with what it needs, and every kind of caller with what they have.

This is written down beside the routes and not read from them, so that a route whose right is wrong is found.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import msgspec

from tests import make


class Needs(StrEnum):
    """What a route needs of its caller."""

    NOTHING = "nothing"
    CALLER = "a caller"
    VIEW = "view"
    EDIT = "edit"
    ADD = "add"
    EXPORT = "export"
    OWNER = "the owner"
    TEAM = "the owner in the role Management"


class Target(StrEnum):
    """Whose id is in the address: always one of the victim's account."""

    LEAD = "a lead"
    DELETED_LEAD = "a deleted lead"
    USER = "a user"
    SUB_USER = "a sub-user"
    SESSION = "a session of the owner"
    CHANGE_SET = "a bulk change of a lead"
    IMPORT = "an import that is planned"


Body = dict[str, Any] | Callable[[], dict[str, Any]] | None


class Entry(msgspec.Struct, frozen=True):
    """A route: what it needs, whose id it takes, a body, and the statuses that mean that the caller got through; and
    whether the caller signs in in another way then, or not at all.
    """

    needs: Needs
    target: Target | None = None
    body: Body = None
    through: frozenset[int] = frozenset({200})
    query: str = ""
    changes_caller: bool = False
    session: bool = False
    """Whether it refuses API keys."""


def _through(*statuses: int) -> frozenset[int]:
    return frozenset(statuses)


def _sub_user() -> dict[str, Any]:
    return {
        "fullName": "Nils New",
        "email": make.email("new"),
        "password": make.PASSWORD,
        "confirmPassword": make.PASSWORD,
        "role": "Sales Representative",
        "companyName": "Ignored",
    }


_CREATED, _REFUSED = _through(201), _through(400)
_MERGE = {"leadIds": ["01a2159a-0000-7000-8000-000000000001"], "take": {"city": "01a2159a-0000-7000-8000-000000000002"}}
_ALL_OF_THEM = {"action": "update", "filter": {"search": "victim"}, "set": {"city": "Ulm"}}
_DUE_LEAD = make.lead(nextFollowupDate="2031-03-04", name="Row of the matrix")

ROUTES: dict[str, Entry] = {
    "GET /": Entry(Needs.NOTHING),
    "GET /api": Entry(Needs.NOTHING),
    "GET /health/live": Entry(Needs.NOTHING),
    "GET /health/ready": Entry(Needs.NOTHING),
    "GET /api/docs": Entry(Needs.NOTHING),
    "GET /api/openapi.json": Entry(Needs.NOTHING),
    "POST /api/auth/signup": Entry(Needs.NOTHING, body=make.signup, through=_CREATED),
    "POST /api/auth/login": Entry(Needs.NOTHING, through=_REFUSED),
    "POST /api/auth/refresh": Entry(Needs.NOTHING, through=_REFUSED),
    "POST /api/auth/forgot-password": Entry(Needs.NOTHING, body={"email": "nobody@example.com"}),
    "POST /api/auth/verify-otp": Entry(Needs.NOTHING, body={"email": "nobody@example.com", "otp": "000000"}),
    "POST /api/auth/reset-password": Entry(Needs.NOTHING, through=_REFUSED),
    "GET /api/auth/set-password": Entry(Needs.NOTHING),
    "POST /api/auth/set-password": Entry(Needs.NOTHING, through=_REFUSED),
    "POST /api/auth/set-password/user": Entry(Needs.NOTHING, through=_REFUSED),
    "POST /api/auth/logout": Entry(Needs.CALLER, session=True, changes_caller=True),
    "GET /api/auth/sessions": Entry(Needs.CALLER, session=True),
    "DELETE /api/auth/sessions": Entry(Needs.CALLER, session=True),
    "DELETE /api/auth/sessions/{session_id}": Entry(Needs.CALLER, Target.SESSION, session=True),
    "POST /api/auth/login/2fa": Entry(Needs.NOTHING, through=_REFUSED),
    "POST /api/auth/2fa/send-otp": Entry(Needs.NOTHING, body={"email": "nobody@example.com"}),
    "POST /api/auth/2fa/verify-otp": Entry(Needs.NOTHING, body={"email": "nobody@example.com", "otp": "000000"}),
    "POST /api/auth/2fa/enable": Entry(Needs.CALLER, session=True, changes_caller=True),
    "POST /api/auth/2fa/disable": Entry(Needs.CALLER, through=_REFUSED, session=True),
    "GET /api/auth/2fa/status": Entry(Needs.CALLER, session=True),
    "GET /api/leads": Entry(Needs.VIEW, query="?limit=1000"),
    "POST /api/leads": Entry(Needs.ADD, body=_DUE_LEAD, through=_CREATED),
    "GET /api/leads/cities": Entry(Needs.VIEW),
    "GET /api/leads/sectors": Entry(Needs.CALLER),
    "POST /api/leads/sectors": Entry(Needs.CALLER, body={"sector": "Row of the matrix"}, through=_CREATED),
    "POST /api/leads/import": Entry(Needs.ADD, body={"leads": [_DUE_LEAD]}, through=_CREATED),
    "POST /api/imports": Entry(Needs.ADD, body={"leads": [_DUE_LEAD]}, through=_CREATED),
    "GET /api/imports": Entry(Needs.ADD),
    "GET /api/imports/template.csv": Entry(Needs.ADD),
    "GET /api/imports/template.xlsx": Entry(Needs.ADD),
    "GET /api/imports/{import_id}": Entry(Needs.ADD, Target.IMPORT),
    "PATCH /api/imports/{import_id}": Entry(Needs.ADD, Target.IMPORT, body={"remember": False}),
    "DELETE /api/imports/{import_id}": Entry(Needs.ADD, Target.IMPORT),
    "GET /api/imports/{import_id}/rows": Entry(Needs.ADD, Target.IMPORT),
    "GET /api/imports/{import_id}/rows/{row_number}": Entry(Needs.ADD, Target.IMPORT),
    "POST /api/imports/{import_id}/apply": Entry(Needs.ADD, Target.IMPORT),
    "GET /api/imports/{import_id}/rejects": Entry(Needs.ADD, Target.IMPORT),
    "GET /api/imports/{import_id}/events": Entry(Needs.ADD, Target.IMPORT),
    "GET /api/leads/export": Entry(Needs.EXPORT),
    "GET /api/leads/{lead_id}": Entry(Needs.VIEW, Target.LEAD),
    "PATCH /api/leads/{lead_id}": Entry(Needs.EDIT, Target.LEAD, body={"city": "Ulm"}),
    "DELETE /api/leads/{lead_id}": Entry(Needs.EDIT, Target.LEAD),
    "POST /api/leads/{lead_id}/restore": Entry(Needs.OWNER, Target.DELETED_LEAD),
    "GET /api/leads/{lead_id}/history": Entry(Needs.VIEW, Target.LEAD),
    "GET /api/leads/duplicates": Entry(Needs.VIEW, query="?minScore=0"),
    "GET /api/leads/{lead_id}/duplicates": Entry(Needs.VIEW, Target.LEAD, query="?minScore=0"),
    "POST /api/leads/{lead_id}/duplicates/{other_id}/dismiss": Entry(Needs.EDIT, Target.LEAD, through=_REFUSED),
    "DELETE /api/leads/{lead_id}/duplicates/{other_id}/dismiss": Entry(Needs.EDIT, Target.LEAD, through=_REFUSED),
    "POST /api/leads/{lead_id}/merge": Entry(Needs.EDIT, Target.LEAD, body=_MERGE, through=_REFUSED),
    "POST /api/leads/bulk": Entry(Needs.EDIT, body=_ALL_OF_THEM),
    "GET /api/change-sets": Entry(Needs.VIEW),
    "GET /api/change-sets/{change_set_id}": Entry(Needs.VIEW, Target.CHANGE_SET),
    "POST /api/change-sets/{change_set_id}/undo": Entry(Needs.EDIT, Target.CHANGE_SET),
    "POST /api/leads/{lead_id}/send-followup-reminder": Entry(Needs.VIEW, Target.LEAD),
    "GET /api/notifications": Entry(Needs.CALLER),
    "POST /api/notifications/read": Entry(Needs.CALLER),
    "GET /api/notifications/vapid-public-key": Entry(Needs.NOTHING),
    "POST /api/notifications/subscribe": Entry(Needs.CALLER, body=make.SUBSCRIPTION, session=True),
    "DELETE /api/notifications/unsubscribe": Entry(Needs.CALLER, session=True),
    "POST /api/notifications/test": Entry(Needs.CALLER),
    "GET /api/notifications/status": Entry(Needs.CALLER),
    "GET /api/analytics": Entry(Needs.VIEW, query="?days=365"),
    "GET /api/users": Entry(Needs.CALLER),
    "GET /api/users/me": Entry(Needs.CALLER),
    "GET /api/users/{user_id}": Entry(Needs.CALLER, Target.USER),
    "GET /api/profile": Entry(Needs.CALLER),
    "PATCH /api/profile": Entry(Needs.CALLER, body={"phoneNumber": "12 34 56"}),
    "POST /api/profile/confirm-email": Entry(Needs.CALLER, body={"otp": "000000"}, through=_REFUSED, session=True),
    "DELETE /api/profile/pending-email": Entry(Needs.CALLER, session=True),
    "POST /api/profile/change-password": Entry(Needs.CALLER, through=_REFUSED, session=True),
    "POST /api/profile/api-key": Entry(Needs.CALLER, through=_CREATED, session=True, changes_caller=True),
    "DELETE /api/profile/api-key": Entry(Needs.CALLER, session=True, changes_caller=True),
    "GET /api/profile/preferences": Entry(Needs.CALLER),
    "PUT /api/profile/preferences/security": Entry(Needs.CALLER, body={"loginNotifications": False}, session=True),
    "PUT /api/profile/preferences/notifications": Entry(Needs.CALLER, body={"newLeads": False}),
    "PUT /api/profile/preferences/app": Entry(Needs.CALLER, body={"itemsPerPage": 50}),
    "GET /api/profile/sub-users": Entry(Needs.TEAM, session=True),
    "POST /api/profile/sub-users": Entry(Needs.TEAM, body=_sub_user, through=_CREATED, session=True),
    "PATCH /api/profile/sub-users/{user_id}": Entry(
        Needs.TEAM, Target.SUB_USER, body={"fullName": "Sam"}, session=True
    ),
    "PATCH /api/profile/sub-users/{user_id}/permissions": Entry(
        Needs.TEAM, Target.SUB_USER, body={"canEditLeads": True}, session=True
    ),
    "POST /api/profile/sub-users/{user_id}/reset-password": Entry(Needs.TEAM, Target.SUB_USER, session=True),
    "DELETE /api/profile/sub-users/{user_id}": Entry(Needs.TEAM, Target.SUB_USER, session=True),
}
"""Every route there is."""

GRANTS: dict[str, frozenset[Needs]] = {
    "nothing": frozenset(),
    "view": frozenset({Needs.VIEW}),
    "view and edit": frozenset({Needs.VIEW, Needs.EDIT}),
    "view and add": frozenset({Needs.VIEW, Needs.ADD}),
    "view and export": frozenset({Needs.VIEW, Needs.EXPORT}),
    "everything": frozenset({Needs.VIEW, Needs.EDIT, Needs.ADD, Needs.EXPORT}),
}
"""Kinds of sub-users, and what they may do with leads."""


class Caller(msgspec.Struct, frozen=True):
    """A kind of caller: what they have, whether the door is closed to them, and whether the account is another one."""

    has: frozenset[Needs]
    is_out: bool = False
    is_stranger: bool = False
    is_owner: bool = False
    has_key: bool = False
    """Whether they call with an API key."""


_EVERYTHING = frozenset(Needs)
CALLERS: dict[str, Caller] = {
    **{f"a sub-user who may {name}": Caller(has | {Needs.CALLER}) for name, has in GRANTS.items()},
    "the owner of another account": Caller(_EVERYTHING, is_stranger=True),
    "a sub-user of another account": Caller(GRANTS["everything"] | {Needs.CALLER}, is_stranger=True),
    "the owner of a namesake": Caller(_EVERYTHING, is_stranger=True),
    "a sub-user of a namesake": Caller(GRANTS["everything"] | {Needs.CALLER}, is_stranger=True),
    "an inactive owner": Caller(frozenset(), is_out=True, is_stranger=True),
    "a sub-user of an inactive owner": Caller(frozenset({Needs.CALLER}), is_stranger=True),
    "a sub-user of a deleted owner": Caller(frozenset({Needs.CALLER}), is_stranger=True),
    "a removed sub-user": Caller(frozenset(), is_out=True),
    "somebody with a refresh token": Caller(frozenset(), is_out=True),
    "nobody": Caller(frozenset(), is_out=True),
    "the owner with an API key": Caller(_EVERYTHING, has_key=True),
    "a sub-user with an API key": Caller(GRANTS["view and edit"] | {Needs.CALLER}, has_key=True),
    "a removed sub-user with an API key": Caller(frozenset(), is_out=True, has_key=True),
    "the owner": Caller(_EVERYTHING, is_owner=True),  # the last one, for some routes end the owner's sessions
}


def expected(entry: Entry, caller: Caller) -> frozenset[int]:
    """Return the statuses with which a route may answer a caller."""
    if entry.needs is Needs.NOTHING:
        return entry.through
    if caller.is_out:
        return _through(401)
    if entry.needs not in caller.has or (entry.session and caller.has_key):
        return _through(403)
    if entry.target is Target.SESSION:
        return entry.through if caller.is_owner else _through(404)
    if entry.target is not None and caller.is_stranger:
        return _through(404)
    return entry.through
