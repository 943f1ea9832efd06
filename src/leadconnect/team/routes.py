"""The people of one's own account. Sub-users see of each other no more than id, name and role."""

from litestar import Response, Router
from litestar.params import FromPath, JSONBody

from leadconnect.accounts import face as accounts
from leadconnect.accounts.models import UserOut, UserRow, user_in_brief, user_out
from leadconnect.accounts.permissions import Right
from leadconnect.auth.actions import EmailTaken
from leadconnect.auth.models import Message
from leadconnect.auth.principal import Principal
from leadconnect.auth.services import Services
from leadconnect.database.pool import Connection
from leadconnect.database.transaction import Begin
from leadconnect.errors import NotFound, TooManyRequests
from leadconnect.identifiers import parse_id
from leadconnect.team import actions
from leadconnect.team.models import Me, NewSubUser, PermissionChanges, SubUser, SubUserPassword, SubUserPatch, me
from leadconnect.web import CREATED, Given, delete, get, patch, post, post_once


@get("/")
async def list_users(principal: Given[Principal], connection: Given[Connection]) -> list[UserOut]:
    """List the users of the account, newest first."""
    return [_shown(row, principal) for row in await accounts.users_of(connection, principal.account_id)]


@get("/me")
async def read_me(principal: Given[Principal], connection: Given[Connection]) -> Me:
    """Read the caller and their rights."""
    return me(await _one(connection, principal, str(principal.user_id)), principal)


@get("/{user_id:str}")
async def read_user(user_id: FromPath[str], principal: Given[Principal], connection: Given[Connection]) -> UserOut:
    """Read one user of the account."""
    return _shown(await _one(connection, principal, user_id), principal)


async def _one(connection: Connection, principal: Principal, user_id: str) -> UserRow:
    row = await accounts.user_by_id(connection, principal.account_id, parse_id(user_id))
    if row is None:
        raise NotFound("There is no such user")
    return row


def _shown(row: UserRow, principal: Principal) -> UserOut:
    sees_all = principal.is_owner or row.id == principal.user_id
    return user_out(row) if sees_all else user_in_brief(row)


@get("/", right=Right.MANAGE_TEAM, session_only=True)
async def list_sub_users(principal: Given[Principal], connection: Given[Connection]) -> list[SubUser]:
    """List the account's sub-users, newest first."""
    return await actions.sub_users(connection, principal)


@post_once(
    "/", right=Right.MANAGE_TEAM, refuses=(EmailTaken, TooManyRequests), session_only=True, answer_headers=CREATED
)
async def add_sub_user(
    data: JSONBody[NewSubUser], principal: Given[Principal], begin: Given[Begin], services: Given[Services]
) -> Response[SubUser]:
    """Add a sub-user and mail them a link to choose a password. With a password they may log in directly, too."""
    added = await actions.add(services, begin, principal, data)
    return Response(added, headers={"location": f"/api/users/{added.id}"})


@patch("/{user_id:str}", right=Right.MANAGE_TEAM, session_only=True)
async def change_sub_user(
    user_id: FromPath[str],
    data: JSONBody[SubUserPatch],
    principal: Given[Principal],
    connection: Given[Connection],
) -> SubUser:
    """Change a sub-user: only the keys that are sent. Who is deactivated is out at once."""
    return await actions.change(connection, principal, parse_id(user_id), data)


@patch("/{user_id:str}/permissions", right=Right.MANAGE_TEAM, session_only=True)
async def change_permissions(
    user_id: FromPath[str],
    data: JSONBody[PermissionChanges],
    principal: Given[Principal],
    connection: Given[Connection],
) -> SubUser:
    """Change what a sub-user may do: only the keys that are sent. It counts from their next request on."""
    return await actions.change_permissions(connection, principal, parse_id(user_id), data)


@post(
    "/{user_id:str}/reset-password",
    status_code=200,
    right=Right.MANAGE_TEAM,
    refuses=(TooManyRequests,),
    session_only=True,
)
async def reset_sub_user_password(
    user_id: FromPath[str],
    data: JSONBody[SubUserPassword],
    principal: Given[Principal],
    services: Given[Services],
) -> Message:
    """Set a sub-user's password, which ends their sessions. Without one, mail them a link to choose it."""
    return Message(message=await actions.reset_password(services, principal, parse_id(user_id), data))


@delete("/{user_id:str}", status_code=200, right=Right.MANAGE_TEAM, session_only=True)
async def delete_sub_user(
    user_id: FromPath[str], principal: Given[Principal], connection: Given[Connection]
) -> Message:
    """Delete a sub-user. Their leads stay with the account."""
    await actions.remove(connection, principal, parse_id(user_id))
    return Message(message="The sub-user is deleted")


router = Router(path="/users", tags=["Users"], route_handlers=[list_users, read_me, read_user])
sub_users_router = Router(
    path="/profile/sub-users",
    tags=["Team"],
    route_handlers=[
        list_sub_users,
        add_sub_user,
        change_sub_user,
        change_permissions,
        reset_sub_user_password,
        delete_sub_user,
    ],
)
