"""The SQL of accounts and users."""

from uuid import UUID

import asyncpg

from leadconnect.accounts.models import CompanySize, Industry, Locale, UserRole, UserRow
from leadconnect.accounts.regions import default_region
from leadconnect.database.pool import Connection
from leadconnect.errors import FieldCode, FieldError, ValidationFailed

USER = """
    select u.id, u.email, u.full_name, u.role, u.custom_role, a.company_name, a.company_size, a.industry,
        a.custom_industry, coalesce(u.website, a.website) as website, u.phone_number, a.subscription_status,
        a.subscription_plan, u.is_active, u.created_at, u.updated_at, a.time_zone, a.locale, p.can_view_leads,
        p.can_edit_leads, p.can_add_leads, p.can_export_leads, p.parent_user_id, u.invited_at, u.mail_problem,
        u.mail_problem_at
    from users u
    join accounts a on a.id = u.account_id
    left join user_permissions p on p.account_id = u.account_id and p.user_id = u.id
    where u.account_id = $1 and u.deleted_at is null
"""
ONE_USER = USER + " and u.id = $2"
LOCK_USER = ONE_USER + " for no key update of u, a"
ALL_USERS = USER + " order by u.created_at desc, u.id desc"
ALL_SUB_USERS = USER + " and p.parent_user_id is not null order by u.created_at desc, u.id desc"
TIME_ZONE = "select time_zone from accounts where id = $1"
PLACE = "select locale, time_zone from accounts where id = $1"

INSERT_ACCOUNT = """
    insert into accounts (id, owner_id, company_name, company_size, industry, custom_industry, website, time_zone,
        locale)
    values ($1, $2, $3, $4, $5, $6, $7, coalesce($8, 'UTC'), coalesce($9, 'en'))
"""
KNOWS_TIME_ZONE = "select now() at time zone $1"
INSERT_USER = """
    insert into users (account_id, id, email, email_normal, full_name, password, role, custom_role, phone_number)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
INSERT_SETTINGS = """
    with notifications as (insert into notification_settings (account_id, user_id) values ($1, $2)),
        security as (insert into security_settings (account_id, user_id) values ($1, $2))
    insert into user_preferences (account_id, user_id) values ($1, $2)
"""
SET_PASSWORD = "update users set password = $3, updated_at = now() where account_id = $1 and id = $2"
SET_EMAIL = """
    update users set email = $3, email_normal = $4, mail_problem = null, mail_problem_reply = null,
        mail_problem_at = null, updated_at = now()
    where account_id = $1 and id = $2
"""
SET_MAIL_PROBLEM = """
    update users set mail_problem = $4, mail_problem_reply = $5, mail_problem_at = now()
    where account_id = $1 and id = $2 and email = $3
"""
CLEAR_MAIL_PROBLEM = """
    update users set mail_problem = null, mail_problem_reply = null, mail_problem_at = null
    where account_id = $1 and id = $2 and mail_problem is not null
"""
SET_INVITED = "update users set invited_at = now() where account_id = $1 and id = $2"
ACCEPT_INVITATION = """
    update users set invited_at = null where account_id = $1 and id = $2 and invited_at is not null
"""
UPDATE_USER = """
    update users set full_name = $3, role = $4, custom_role = $5, phone_number = $6, updated_at = now()
    where account_id = $1 and id = $2
"""
SET_WEBSITE = "update users set website = $3, updated_at = now() where account_id = $1 and id = $2"
UPDATE_ACCOUNT = """
    update accounts set company_name = $2, company_size = $3, industry = $4, custom_industry = $5, website = $6,
        time_zone = $7, locale = $8, updated_at = now()
    where id = $1
"""
NOTE_PASSWORD_CHANGE = """
    update security_settings set last_password_change = now(), updated_at = now() where account_id = $1 and user_id = $2
"""


async def user_by_id(connection: Connection, account_id: UUID, user_id: UUID) -> UserRow | None:
    """Return one user of the account."""
    row = await connection.fetchrow(ONE_USER, account_id, user_id)
    return UserRow(**row) if row else None


async def lock_user(connection: Connection, account_id: UUID, user_id: UUID) -> UserRow | None:
    """Return one user of the account, and hold them and the account until commit."""
    row = await connection.fetchrow(LOCK_USER, account_id, user_id)
    return UserRow(**row) if row else None


async def users_of(connection: Connection, account_id: UUID) -> list[UserRow]:
    """Return the account's users, newest first."""
    return [UserRow(**row) for row in await connection.fetch(ALL_USERS, account_id)]


async def sub_users_of(connection: Connection, account_id: UUID) -> list[UserRow]:
    """Return the account's users but its owner, newest first."""
    return [UserRow(**row) for row in await connection.fetch(ALL_SUB_USERS, account_id)]


async def time_zone_of(connection: Connection, account_id: UUID) -> str:
    """Return the name of the account's time zone in the IANA database."""
    zone: str | None = await connection.fetchval(TIME_ZONE, account_id)
    return zone or "UTC"


async def region_of(connection: Connection, account_id: UUID) -> str | None:
    """Return where the account's national phone numbers are dialled (ISO 3166-1), if its locale or time zone tell."""
    row = await connection.fetchrow(PLACE, account_id)
    return default_region(row["locale"], row["time_zone"]) if row else None


async def insert_account(
    connection: Connection,
    account_id: UUID,
    owner_id: UUID,
    *,
    company_name: str,
    company_size: CompanySize,
    industry: Industry,
    custom_industry: str | None,
    website: str | None,
    time_zone: str | None = None,
    locale: Locale | None = None,
) -> None:
    """Add an account whose owner is to be added in the same transaction.

    Raises:
        ValidationFailed: see `check_time_zone`.
    """
    if time_zone is not None:
        await check_time_zone(connection, time_zone)
    company = company_name, company_size, industry, custom_industry, website
    await connection.execute(INSERT_ACCOUNT, account_id, owner_id, *company, time_zone, locale)


async def check_time_zone(connection: Connection, time_zone: str) -> None:
    """Check that PostgreSQL knows a time zone.

    Raises:
        ValidationFailed: it does not; the transaction can only be rolled back.
    """
    try:
        await connection.execute(KNOWS_TIME_ZONE, time_zone)
    except asyncpg.InvalidParameterValueError:
        refusal = FieldError.of("timeZone", FieldCode.FORMAT, "must be the name of a time zone such as Asia/Kolkata")
        raise ValidationFailed([refusal]) from None


async def insert_user(
    connection: Connection,
    account_id: UUID,
    user_id: UUID,
    *,
    email: str,
    email_normal: str,
    full_name: str,
    password: str,
    role: UserRole,
    custom_role: str | None,
    phone_number: str | None = None,
) -> None:
    """Add a user, with the settings that every user has. `password` is the stored form.

    Raises:
        asyncpg.UniqueViolationError: the address is taken, in whatever account.
    """
    await connection.execute(
        INSERT_USER, account_id, user_id, email, email_normal, full_name, password, role, custom_role, phone_number
    )
    await insert_settings(connection, account_id, user_id)


async def insert_settings(connection: Connection, account_id: UUID, user_id: UUID) -> None:
    """Add the settings of a new user."""
    await connection.execute(INSERT_SETTINGS, account_id, user_id)


async def set_password(connection: Connection, account_id: UUID, user_id: UUID, password: str) -> None:
    """Store another form of a user's password, such as one made at a higher cost."""
    await connection.execute(SET_PASSWORD, account_id, user_id, password)


async def set_email(connection: Connection, account_id: UUID, user_id: UUID, email: str, email_normal: str) -> None:
    """Give a user another address.

    Raises:
        asyncpg.UniqueViolationError: it is taken, in whatever account.
    """
    await connection.execute(SET_EMAIL, account_id, user_id, email, email_normal)


async def set_mail_problem(
    connection: Connection, account_id: UUID, user_id: UUID, email: str, problem: str, reply: str
) -> None:
    """Keep why mail to a user's address is refused, while it is still `email`."""
    await connection.execute(SET_MAIL_PROBLEM, account_id, user_id, email, problem, reply)


async def clear_mail_problem(connection: Connection, account_id: UUID, user_id: UUID) -> None:
    """Keep that a user's address takes mail."""
    await connection.execute(CLEAR_MAIL_PROBLEM, account_id, user_id)


async def set_invited(connection: Connection, account_id: UUID, user_id: UUID) -> None:
    """Keep that a user was invited now and has not accepted."""
    await connection.execute(SET_INVITED, account_id, user_id)


async def accept_invitation(connection: Connection, account_id: UUID, user_id: UUID) -> None:
    """Keep that a user has accepted the invitation, if there was one."""
    await connection.execute(ACCEPT_INVITATION, account_id, user_id)


async def update_user(connection: Connection, account_id: UUID, user: UserRow) -> None:
    """Write name, role and phone number of a user as `user`, which `lock_user` returned, has them now."""
    columns = (user.full_name, user.role, user.custom_role, user.phone_number)
    await connection.execute(UPDATE_USER, account_id, user.id, *columns)


async def set_website(connection: Connection, account_id: UUID, user_id: UUID, website: str | None) -> None:
    """Give a sub-user a website of their own; without one, the account's is shown."""
    await connection.execute(SET_WEBSITE, account_id, user_id, website)


async def update_account(connection: Connection, account_id: UUID, owner: UserRow) -> None:
    """Write the company, time zone and locale as `owner`, whom `lock_user` returned, has them now."""
    company = (owner.company_name, owner.company_size, owner.industry, owner.custom_industry, owner.website)
    await connection.execute(UPDATE_ACCOUNT, account_id, *company, owner.time_zone, owner.locale)


async def note_password_change(connection: Connection, account_id: UUID, user_id: UUID) -> None:
    """Keep when the user last chose a password."""
    await connection.execute(NOTE_PASSWORD_CHANGE, account_id, user_id)
