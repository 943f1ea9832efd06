"""What decides something about the caller's own profile and password."""

from datetime import timedelta
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from leadconnect.accounts import face as accounts
from leadconnect.accounts.choices import Choice, chosen
from leadconnect.accounts.locales import locale_of
from leadconnect.accounts.models import Profile, UserRow, normal_email, profile
from leadconnect.accounts.regions import REGION_CHANGED, default_region
from leadconnect.auth import face as auth
from leadconnect.auth import throttles
from leadconnect.auth.credentials.passwords import password_problems
from leadconnect.auth.principal import Principal
from leadconnect.auth.proof import WrongPassword, prove_password, store_new_password
from leadconnect.auth.services import Client, Services
from leadconnect.database.pool import Connection
from leadconnect.database.transaction import directory, tenant
from leadconnect.errors import FieldError, Forbidden, NotSignedIn, ValidationFailed
from leadconnect.logs import security_event
from leadconnect.profile import queries
from leadconnect.profile.email_change import change_email
from leadconnect.profile.fields import INDUSTRIES, ROLES, PasswordChange, ProfilePatch, website_address
from leadconnect.profile.models import ChangedProfile
from leadconnect.queue.actions import enqueue

OF_THE_PERSON = ("full_name", "role", "custom_role", "phone_number")
OF_THE_ACCOUNT = ("company_name", "company_size", "time_zone", "locale")
"""What only its owner may change, beside role and industry."""
OF_THE_COMPANY = (*OF_THE_ACCOUNT, "industry", "custom_industry", "website")
LATECOMERS = timedelta(minutes=10)
"""After which leads are there that were being added while the account moved to another region: with keys of the former
one, and not to be seen by the job that follows at once. An import of a million rows takes less.
"""
OMITTED_WHEN_EMPTY = ("company_name", "company_size", "industry", "website", "phone_number")


async def read(connection: Connection, principal: Principal) -> Profile:
    """Return the caller's profile."""
    row = await accounts.user_by_id(connection, principal.account_id, principal.user_id)
    if row is None:
        raise NotSignedIn
    pending = await queries.open_email_change(connection, principal.account_id, principal.user_id)
    return profile(row, pending.email if pending else None)


async def change(services: Services, principal: Principal, patch: ProfilePatch, client: Client) -> ChangedProfile:
    """Set what `patch` has and leave the rest.

    Raises:
        Forbidden: a sub-user changes what is the owner's.
        SessionNeeded: the address is to change, and an API key calls.
        ValidationFailed: a role, an industry, a website or a time zone is none.
        EmailTaken: the new address belongs to a user, of whatever account.
        WrongPassword: a current password was sent, and is another one.
        TooManyRequests: too many wrong passwords, or changes of the address.
    """
    is_proven = False
    if patch.email is not UNSET and patch.current_password is not UNSET:
        _ = principal.session  # an API key is no way to guess at the password
        await prove_password(services, principal, patch.current_password, client)
        is_proven = True
    if patch.email is not UNSET:
        await _count_question(services, principal, patch.email)
    async with tenant(services.database, principal.account_id) as connection:
        before = await accounts.lock_user(connection, principal.account_id, principal.user_id)
        if before is None:
            raise NotSignedIn
        after = _permitted(principal, before, patch)
        await _store(connection, principal, before, after)
        if patch.email is not UNSET:
            await change_email(services, connection, principal, before, patch.email, is_proven=is_proven)
        now = await read(connection, principal)
    return _answer(now)


async def change_password(services: Services, principal: Principal, wanted: PasswordChange, client: Client) -> None:
    """Set another password for the caller, who knows the current one. All their other sessions end.

    Raises:
        WrongPassword: the current password is another one, or has just been changed.
        ValidationFailed: the new password is the person's address or the company's name.
        TooManyRequests: too many wrong ones, here or at log-in.
        ServiceBusy: too many passwords are waiting to be compared or hashed.
    """
    account_id, user_id = principal.account_id, principal.user_id
    async with tenant(services.database, account_id) as connection:
        user = await accounts.user_by_id(connection, account_id, user_id)
        candidate = await auth.log_in_candidate(connection, normal_email(user.email)) if user else None
    if user is None or candidate is None:
        raise NotSignedIn
    if problems := password_problems(wanted.new_password, email=user.email, company=user.company_name):
        raise ValidationFailed(problems)
    await prove_password(services, principal, wanted.current_password, client)
    password = await services.hasher.hash(wanted.new_password)
    async with tenant(services.database, account_id) as connection:
        held = await auth.hold_user(connection, account_id, user_id)
        if held is None or held.chosen_at != candidate.chosen_at:
            raise WrongPassword
        session_id = principal.session
        await store_new_password(
            services, connection, account_id, user_id, password, reason="password change", but=session_id
        )
    security_event("password_change", outcome="ok", account_id=str(account_id), user_id=str(user_id))


async def _count_question(services: Services, principal: Principal, email: str) -> None:
    """Count that the caller asks for another address, in a transaction that stays when they are told that it is taken.

    Raises:
        TooManyRequests: they asked for too many.
    """
    async with tenant(services.database, principal.account_id) as connection:
        user = await accounts.user_by_id(connection, principal.account_id, principal.user_id)
    if user is not None and normal_email(user.email) != normal_email(email):
        async with directory(services.database) as connection:
            await throttles.take(connection, services.limits.email_questions(principal.user_id))


def _permitted(principal: Principal, before: UserRow, patch: ProfilePatch) -> UserRow:
    try:
        return changed(before, patch, is_owner=principal.is_owner)
    except Forbidden:
        principal.note_refusal()
        raise


def changed(before: UserRow, patch: ProfilePatch, *, is_owner: bool) -> UserRow:
    """Return the user `before` as `patch` makes them, but for the address.

    Raises:
        Forbidden: a sub-user changes what is the owner's. Sending back what they were shown is no change.
        ValidationFailed: a role, an industry or a website is none; a message each.
    """
    faults: list[FieldError] = []
    after = {field: value for field in OF_THE_ACCOUNT if (value := getattr(patch, field)) is not UNSET}
    if patch.locale is not UNSET:
        after["locale"] = locale_of(patch.locale)
    after |= _choices(before, patch, faults)
    if not is_owner and (faults or any(getattr(before, field) != value for field, value in after.items())):
        raise Forbidden("Only the owner of the account may change this")
    after["full_name"] = before.full_name if patch.full_name is UNSET else patch.full_name
    after["phone_number"] = _text(patch.phone_number, before.phone_number)
    after["website"] = _text(patch.website, before.website)
    if after["website"] not in (None, before.website) and (refusal := website_address(after["website"])):
        faults.append(FieldError.of("website", *refusal))
    if faults:
        raise ValidationFailed(faults)
    return msgspec.structs.replace(before, **after)


def _choices(before: UserRow, patch: ProfilePatch, faults: list[FieldError]) -> dict[str, Any]:
    """Return role and industry as `patch` chooses them, and add to `faults` what is none."""
    found: dict[str, Any] = {}
    for field, custom, options in (("role", "customRole", ROLES), ("industry", "customIndustry", INDUSTRIES)):
        stored = Choice(getattr(before, field), getattr(before, f"custom_{field}"))
        sent = getattr(patch, field), getattr(patch, f"custom_{field}")
        try:
            stored = chosen(stored, *sent, names=(field, custom), options=options)
        except ValidationFailed as error:
            faults += error.errors
        found |= {field: stored.value, f"custom_{field}": stored.custom}
    return found


async def _store(connection: Connection, principal: Principal, before: UserRow, after: UserRow) -> None:
    if after.time_zone != before.time_zone:
        await accounts.check_time_zone(connection, after.time_zone)
    if any(getattr(after, field) != getattr(before, field) for field in OF_THE_PERSON):
        await accounts.update_user(connection, principal.account_id, after)
    if not principal.is_owner and after.website != before.website:
        await accounts.set_website(connection, principal.account_id, after.id, after.website)
    if principal.is_owner and any(getattr(after, field) != getattr(before, field) for field in OF_THE_COMPANY):
        await accounts.update_account(connection, principal.account_id, after)
        if default_region(after.locale, after.time_zone) != default_region(before.locale, before.time_zone):
            for delay in (timedelta(0), LATECOMERS):
                await enqueue(connection, REGION_CHANGED, str(principal.account_id).encode(), delay=delay)


def _text(sent: str | UnsetType | None, stored: str | None) -> str | None:
    """Return a text as it is stored: without outer blanks, and none where it is empty."""
    return stored if isinstance(sent, UnsetType) else (sent or "").strip() or None


def _answer(now: Profile) -> ChangedProfile:
    values = {field: getattr(now, field) for field in ChangedProfile.__struct_fields__}
    return ChangedProfile(**values | {field: values[field] or UNSET for field in OMITTED_WHEN_EMPTY})
