"""What decides something about an account's team: its sub-users, and what they may do."""

import secrets
from uuid import UUID

import asyncpg
import msgspec
from msgspec import UNSET

from leadconnect.accounts import face as accounts
from leadconnect.accounts.choices import Choice, chosen
from leadconnect.accounts.models import UserRole, UserRow, normal_email
from leadconnect.auth import face as auth
from leadconnect.auth import throttles
from leadconnect.auth.actions import EmailTaken
from leadconnect.auth.credentials.passwords import password_problems
from leadconnect.auth.password_links.actions import mail_link
from leadconnect.auth.principal import Principal
from leadconnect.auth.proof import store_new_password, void_open_entries
from leadconnect.auth.services import Services
from leadconnect.database.pool import Connection
from leadconnect.database.transaction import Begin, directory, tenant
from leadconnect.errors import Conflict, NotFound, TooManyRequests, ValidationFailed
from leadconnect.identifiers import new_id
from leadconnect.logs import security_event
from leadconnect.team import queries
from leadconnect.team.models import (
    ROLES,
    NewSubUser,
    PermissionChanges,
    SubUser,
    SubUserPassword,
    SubUserPatch,
    sub_user,
)


class NoSuchSubUser(NotFound):
    """There is no such sub-user."""

    code = "no_such_sub_user"


class TooManyUsers(Conflict):
    """Your account has as many users as it may have. Delete one who is no longer needed."""

    code = "too_many_users"


class InvitationPending(TooManyRequests):
    """An invitation was mailed to this address already. Set a password, or wait until its link expires."""

    code = "invitation_pending"


async def sub_users(connection: Connection, principal: Principal) -> list[SubUser]:
    """Return the account's sub-users, newest first."""
    rows = await accounts.sub_users_of(connection, principal.account_id)
    return [sub_user(row) for row in rows]


async def add(services: Services, begin: Begin, principal: Principal, wanted: NewSubUser) -> SubUser:
    """Add a sub-user, and mail them a link to choose a password of their own. Given one, they may log in with it
    directly, and are not mailed another invitation while the link of an earlier one can be used.

    Raises:
        EmailTaken: the address belongs to a user, of whatever account.
        TooManyUsers: the account is full.
        ValidationFailed: the password is the company's name.
        InvitationPending: no password was given, and the address was mailed an invitation already.
        TooManyRequests: too many links were mailed from this account, or addresses tried.
        ServiceBusy: too many passwords are waiting to be hashed.
    """
    given = wanted.password or None
    if given is not None:
        _check_password(given, "password", wanted.email, principal.owner.company_name)
    account_id, user_id = principal.account_id, new_id()
    async with directory(services.database) as counting:  # it stays counted when the address is taken
        await throttles.take(counting, services.limits.sub_users(account_id))
    password = await services.hasher.hash(given if given is not None else secrets.token_urlsafe(32))
    connection = await begin()
    await queries.lock_account(connection, account_id)
    if await queries.user_count(connection, account_id) >= services.settings.users_per_account:
        raise TooManyUsers
    await _insert(connection, principal, user_id, wanted, password)
    user = await _locked(connection, principal, user_id)
    try:
        await _mail_link(services, connection, principal, user, "welcome", has_password=given is not None)
    except InvitationPending:
        if given is None:
            raise
    _event("sub_user_added", principal, user_id)
    return sub_user(user)


async def _insert(
    connection: Connection, principal: Principal, user_id: UUID, wanted: NewSubUser, password: str
) -> None:
    """Add an invited user with what they may do; `password` is in its hashed form."""
    account_id = principal.account_id
    try:
        await accounts.insert_user(
            connection,
            account_id,
            user_id,
            email=wanted.email,
            email_normal=normal_email(wanted.email),
            full_name=wanted.full_name,
            password=password,
            role=UserRole(wanted.role),
            custom_role=wanted.custom_role if wanted.role == "other" else None,
        )
    except asyncpg.UniqueViolationError:
        raise EmailTaken from None
    await queries.insert_permissions(connection, account_id, user_id, principal.user_id, wanted.granted())
    await accounts.set_invited(connection, account_id, user_id)


async def change_permissions(
    connection: Connection, principal: Principal, user_id: UUID, changes: PermissionChanges
) -> SubUser:
    """Set what a sub-user may do from their next request on.

    Raises:
        NoSuchSubUser: not in this account.
    """
    if not await queries.change_permissions(connection, principal.account_id, user_id, changes):
        raise NoSuchSubUser
    _event("sub_user_permissions", principal, user_id)
    return sub_user(await _locked(connection, principal, user_id))


async def change(connection: Connection, principal: Principal, user_id: UUID, patch: SubUserPatch) -> SubUser:
    """Set what `patch` has and leave the rest. Who is deactivated is out at once, on every device.

    Raises:
        NoSuchSubUser: not in this account.
        ValidationFailed: the role is none for a sub-user.
    """
    account_id = principal.account_id
    before = await _locked(connection, principal, user_id)
    stored = Choice(before.role, before.custom_role)
    role = chosen(stored, patch.role, patch.custom_role, names=("role", "customRole"), options=ROLES)
    full_name = before.full_name if patch.full_name is UNSET else patch.full_name
    after = msgspec.structs.replace(before, full_name=full_name, role=role.value, custom_role=role.custom)
    if after != before:
        await accounts.update_user(connection, account_id, after)
    if patch.is_active is not UNSET and patch.is_active is not before.is_active:
        await queries.set_active(connection, account_id, user_id, patch.is_active)
        if not patch.is_active:
            await _shut_out(connection, account_id, user_id, "deactivated")
        _event("sub_user_activated" if patch.is_active else "sub_user_deactivated", principal, user_id)
    return sub_user(await _locked(connection, principal, user_id))


async def remove(connection: Connection, principal: Principal, user_id: UUID) -> None:
    """Delete a sub-user, who is out at once. Their leads stay with the account, and their address is free again.

    Raises:
        NoSuchSubUser: not in this account.
    """
    if not await queries.delete_sub_user(connection, principal.account_id, user_id):
        raise NoSuchSubUser
    await _shut_out(connection, principal.account_id, user_id, "deleted")
    _event("sub_user_deleted", principal, user_id)


async def reset_password(services: Services, principal: Principal, user_id: UUID, wanted: SubUserPassword) -> str:
    """Set a sub-user's password, which ends their sessions; or, where none is given, mail them a link to choose one.
    Return which of the two was done, in a sentence.

    Raises:
        NoSuchSubUser: not in this account.
        ValidationFailed: the password is their address or the company's name.
        InvitationPending: they have not accepted, and were mailed an invitation already.
        TooManyRequests: too many links were mailed to them, or from this account.
        ServiceBusy: too many passwords are waiting to be hashed.
    """
    account_id, new_password = principal.account_id, wanted.new_password
    hashed = None if new_password is UNSET else await services.hasher.hash(new_password)
    async with tenant(services.database, account_id) as connection:
        user = await _locked(connection, principal, user_id)
        if new_password is UNSET or hashed is None:
            await _mail_link(services, connection, principal, user, "set_password")
        else:
            _check_password(new_password, "newPassword", user.email, user.company_name)
            reason = "password reset by the owner"
            await store_new_password(services, connection, account_id, user_id, hashed, reason=reason)
    _event("sub_user_password", principal, user_id)
    return "A link is on its way" if new_password is UNSET else "The password is set"


def _check_password(password: str, field: str, email: str, company: str) -> None:
    if problems := password_problems(password, field=field, email=email, company=company):
        raise ValidationFailed(problems)


async def _locked(connection: Connection, principal: Principal, user_id: UUID) -> UserRow:
    row = await accounts.lock_user(connection, principal.account_id, user_id)
    if row is None or row.parent_user_id is None:
        raise NoSuchSubUser
    return row


async def _mail_link(
    services: Services,
    connection: Connection,
    principal: Principal,
    user: UserRow,
    template: str,
    *,
    has_password: bool = False,
) -> None:
    if user.invited_at is not None:
        invitation = services.limits.invitations(normal_email(user.email))
        used = await auth.take(connection, [invitation.key], [invitation.window])
        count, rest = used[invitation.key]
        if count > invitation.use_count:
            raise InvitationPending(retry_after=min(rest, invitation.window))
    await throttles.take(connection, *services.limits.password_links(principal.account_id, user.id))
    await mail_link(services, connection, principal, user, template, has_password=has_password)


async def _shut_out(connection: Connection, account_id: UUID, user_id: UUID, reason: str) -> None:
    await auth.revoke_sessions(connection, account_id, user_id, reason)
    await auth.revoke_api_key(connection, account_id, user_id)
    await void_open_entries(connection, account_id, user_id)


def _event(name: str, principal: Principal, user_id: UUID) -> None:
    security_event(
        name,
        outcome="ok",
        account_id=str(principal.account_id),
        user_id=str(principal.user_id),
        sub_user_id=str(user_id),
    )
