"""The users of one's own account. Sub-users see of each other no more than id, name and role."""

from litestar import Router, get
from litestar.params import FromPath

from leadconnect.accounts import queries
from leadconnect.accounts.models import UserOut, UserRow, user_in_brief, user_out
from leadconnect.auth.parameters import Given
from leadconnect.auth.principal import Principal
from leadconnect.database.pool import Connection
from leadconnect.errors import NotFound
from leadconnect.identifiers import parse_id


@get("/")
async def list_users(principal: Given[Principal], connection: Given[Connection]) -> list[UserOut]:
    """List the users of the account, newest first."""
    return [_shown(row, principal) for row in await queries.users_of(connection, principal.account_id)]


@get("/me")
async def read_me(principal: Given[Principal], connection: Given[Connection]) -> UserOut:
    """Read the caller."""
    return _shown(await _one(connection, principal, str(principal.user_id)), principal)


@get("/{user_id:str}")
async def read_user(user_id: FromPath[str], principal: Given[Principal], connection: Given[Connection]) -> UserOut:
    """Read one user of the account."""
    return _shown(await _one(connection, principal, user_id), principal)


async def _one(connection: Connection, principal: Principal, user_id: str) -> UserRow:
    row = await queries.user_by_id(connection, principal.account_id, parse_id(user_id))
    if row is None:
        raise NotFound("There is no such user")
    return row


def _shown(row: UserRow, principal: Principal) -> UserOut:
    sees_all = principal.is_owner or row.id == principal.user_id
    return user_out(row) if sees_all else user_in_brief(row)


router = Router(path="/users", tags=["Users"], route_handlers=[list_users, read_me, read_user])
