"""Mailing links to set a password with, and setting it.

The token is 32 bytes of the operating system's generator, written in 43 characters (RFC 4648 §5). It stands behind
the ``#`` of the link, which a browser keeps to itself, so it reaches no log and no proxy.
"""

import re
import secrets
from hashlib import sha256

from leadconnect.accounts import face as accounts
from leadconnect.accounts.models import UserRow, normal_email
from leadconnect.auth import queries as auth
from leadconnect.auth.credentials.passwords import password_problems
from leadconnect.auth.password_links import queries
from leadconnect.auth.password_links.models import LinkedPassword, OpenLink
from leadconnect.auth.principal import Principal
from leadconnect.auth.proof import store_new_password
from leadconnect.auth.services import Client, Services
from leadconnect.database.pool import Connection
from leadconnect.database.transaction import directory, tenant
from leadconnect.errors import LeadConnectError, ValidationFailed
from leadconnect.logs import security_event
from leadconnect.settings import Settings

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
PAGE = "/api/auth/set-password"


class InvalidLink(LeadConnectError):
    """The link is unknown, used or expired. Please ask for a new one."""

    status = 400
    code = "invalid_link"
    field = "token"


async def mail_link(
    services: Services,
    connection: Connection,
    principal: Principal,
    user: UserRow,
    template: str,
    *,
    has_password: bool = False,
) -> None:
    """Make a link for `user`, a user of the caller's account, and mail it to them from `template`.

    `has_password` says that they were given a password that works until then.
    """
    token = secrets.token_urlsafe(32)
    ends_at = await queries.insert_link(connection, principal.account_id, user.id, _digest(token))
    context = {
        "name": user.full_name,
        "owner": principal.owner.full_name,
        "company": user.company_name,
        "email": user.email,
        "link": link_url(services.settings, token),
        "has_password": "yes" if has_password else "",
        "hours": str(int(queries.LINK_LIFE.total_seconds() // 3600)),
    }
    await services.outbox.post(connection, template, user.email, context, expires_at=ends_at)


def base_address(settings: Settings) -> str:
    """Return where people reach this system, without a slash at the end; what a request says about it never counts."""
    return settings.public_url.rstrip("/") or f"http://127.0.0.1:{settings.port}"


def link_url(settings: Settings, token: str) -> str:
    """Return the URL of the page that sets a password with `token`: the operator's own, or the built-in one.

    The token takes the place of ``{token}`` in ``LEADCONNECT_SET_PASSWORD_URL``, or is its fragment.
    """
    page = settings.set_password_url
    if not page:
        return f"{base_address(settings)}{PAGE}#{token}"
    return page.replace("{token}", token) if "{token}" in page else f"{page.rstrip('#')}#{token}"


async def link_email(services: Services, token: str) -> str:
    """Return the address of the user whose password the link of `token` sets.

    Raises:
        InvalidLink: unknown, used, expired, or its user is not active.
    """
    link = await _open_link(services, token)
    if link is None:
        raise InvalidLink
    return link.email


async def _open_link(services: Services, token: str) -> OpenLink | None:
    if not TOKEN.fullmatch(token):
        return None
    async with directory(services.database) as connection:
        return await queries.open_link(connection, _digest(token))


async def set_password(services: Services, wanted: LinkedPassword, client: Client) -> None:
    """Set the password of whoever has the link; all their sessions end. A link does so once.

    Whoever failed to log in too often before may do so now, from the same network.

    Raises:
        InvalidLink: unknown, used, expired, or its user is not active.
        ValidationFailed: the password is the person's address or their company's name.
        ServiceBusy: too many passwords are waiting to be hashed.
    """
    link = await _open_link(services, wanted.token)
    if link is None:
        security_event("set_password", outcome="refused")
        raise InvalidLink
    if problems := password_problems(wanted.new_password, email=link.email, company=link.company_name):
        raise ValidationFailed(problems)
    password = await services.hasher.hash(wanted.new_password)
    account_id, user_id = link.account_id, link.user_id
    async with tenant(services.database, account_id) as connection:
        await auth.hold_user(connection, account_id, user_id)  # first, as everybody does who ends links
        if not await queries.use_link(connection, account_id, link.link_id):
            raise InvalidLink
        await accounts.accept_invitation(connection, account_id, user_id)
        await store_new_password(services, connection, account_id, user_id, password, reason="password set by link")
        tried = services.limits.log_in(normal_email(link.email), client.address)
        await auth.release(connection, [], cleared=[tried.key])
    security_event("set_password", outcome="ok", account_id=str(account_id), user_id=str(user_id))


def _digest(token: str) -> str:
    return sha256(token.encode("ascii")).hexdigest()
