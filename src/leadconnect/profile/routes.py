"""The caller's profile and settings."""

from litestar import Router, get, put
from litestar.params import JSONBody

from leadconnect.accounts import queries as accounts
from leadconnect.accounts.models import Profile, profile
from leadconnect.auth.parameters import Given
from leadconnect.auth.principal import Principal
from leadconnect.auth.second_factor import switching
from leadconnect.auth.second_factor.models import SecurityChanges
from leadconnect.auth.services import Services
from leadconnect.database.pool import Connection
from leadconnect.errors import NotFound, TooManyRequests
from leadconnect.profile import queries
from leadconnect.profile.models import Preferences, SecuritySettings


@get("/")
async def read_profile(principal: Given[Principal], connection: Given[Connection]) -> Profile:
    """Read the caller's profile; permissions and parent are there for sub-users only."""
    row = await accounts.user_by_id(connection, principal.account_id, principal.user_id)
    if row is None:
        raise NotFound
    return profile(row)


@get("/preferences")
async def read_preferences(principal: Given[Principal], connection: Given[Connection]) -> Preferences:
    """Read all settings of the caller."""
    found = await queries.preferences_of(connection, principal.account_id, principal.user_id)
    if found is None:
        raise NotFound
    return found


@put("/preferences/security", refuses=(TooManyRequests,))
async def change_security(
    data: JSONBody[SecurityChanges],
    services: Given[Services],
    principal: Given[Principal],
    connection: Given[Connection],
) -> SecuritySettings:
    """Change the caller's security settings: only the keys that are sent. The second factor goes off in a session
    whose log-in is less than fifteen minutes old; otherwise a code is mailed, and it stays on until the code is sent to
    `/api/auth/2fa/disable`.
    """
    await switching.change_security(services, connection, principal, data)
    found = await queries.security_of(connection, principal.account_id, principal.user_id)
    if found is None:
        raise NotFound
    return found


router = Router(path="/profile", tags=["Profile"], route_handlers=[read_profile, read_preferences, change_security])
