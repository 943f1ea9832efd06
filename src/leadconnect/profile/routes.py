"""The caller's profile and settings."""

from litestar import Router, get

from leadconnect.accounts import queries as accounts
from leadconnect.accounts.models import Profile, profile
from leadconnect.auth.parameters import Given
from leadconnect.auth.principal import Principal
from leadconnect.database.pool import Connection
from leadconnect.errors import NotFound
from leadconnect.profile import queries
from leadconnect.profile.models import Preferences


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


router = Router(path="/profile", tags=["Profile"], route_handlers=[read_profile, read_preferences])
