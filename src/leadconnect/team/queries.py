"""The SQL of an account's team."""

from uuid import UUID

from msgspec import UNSET

from leadconnect.database.pool import Connection
from leadconnect.team.models import PERMISSIONS, PermissionChanges

LOCK_ACCOUNT = "select id as account_id from accounts where id = $1 for no key update"
COUNT_USERS = "select count(*) from users where account_id = $1 and deleted_at is null"
INSERT_PERMISSIONS = """
    insert into user_permissions
        (account_id, user_id, parent_user_id, can_view_leads, can_edit_leads, can_add_leads, can_export_leads)
    values ($1, $2, $3, $4, $5, $6, $7)
"""
CHANGE_PERMISSIONS = """
    update user_permissions p set can_view_leads = coalesce($3, can_view_leads),
        can_edit_leads = coalesce($4, can_edit_leads), can_add_leads = coalesce($5, can_add_leads),
        can_export_leads = coalesce($6, can_export_leads), updated_at = now()
    from users u
    where p.account_id = $1 and p.user_id = $2 and u.account_id = p.account_id and u.id = p.user_id
        and u.deleted_at is null
    returning p.user_id
"""
SET_ACTIVE = "update users set is_active = $3, updated_at = now() where account_id = $1 and id = $2"
DELETE_SUB_USER = """
    update users u set deleted_at = now(), is_active = false, updated_at = now()
    where u.account_id = $1 and u.id = $2 and u.deleted_at is null
        and exists (select from user_permissions p where p.account_id = u.account_id and p.user_id = u.id)
    returning u.id
"""


async def lock_account(connection: Connection, account_id: UUID) -> None:
    """Hold the account until commit, so that its users can be counted."""
    await connection.execute(LOCK_ACCOUNT, account_id)


async def user_count(connection: Connection, account_id: UUID) -> int:
    """Return how many users the account has, the owner included."""
    found: int = await connection.fetchval(COUNT_USERS, account_id)
    return found


async def insert_permissions(
    connection: Connection, account_id: UUID, user_id: UUID, parent_user_id: UUID, granted: dict[str, bool]
) -> None:
    """Make a user of the account a sub-user who may do what is `granted`, all of `PERMISSIONS`."""
    rights = [granted[field] for field in PERMISSIONS]
    await connection.execute(INSERT_PERMISSIONS, account_id, user_id, parent_user_id, *rights)


async def change_permissions(
    connection: Connection, account_id: UUID, user_id: UUID, changes: PermissionChanges
) -> bool:
    """Set what `changes` has and leave the rest, in one statement; False when the account has no such sub-user."""
    sent = [getattr(changes, field) for field in PERMISSIONS]
    rights = [None if value is UNSET else value for value in sent]
    return await connection.fetchval(CHANGE_PERMISSIONS, account_id, user_id, *rights) is not None


async def set_active(connection: Connection, account_id: UUID, user_id: UUID, is_active: bool) -> None:
    """Let a user in, or no longer."""
    await connection.execute(SET_ACTIVE, account_id, user_id, is_active)


async def delete_sub_user(connection: Connection, account_id: UUID, user_id: UUID) -> bool:
    """Delete a sub-user, whose row stays; False when the account has no such sub-user."""
    return await connection.fetchval(DELETE_SUB_USER, account_id, user_id) is not None
