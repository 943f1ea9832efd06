"""The routes of the caller's API key."""

from litestar import Router
from litestar.params import JSONBody

from leadconnect.auth.api_keys import actions
from leadconnect.auth.api_keys.actions import ProofNeeded
from leadconnect.auth.api_keys.models import ApiKeyRequest, NewApiKey
from leadconnect.auth.models import Message
from leadconnect.auth.principal import Principal
from leadconnect.auth.proof import WrongPassword
from leadconnect.auth.services import Client, Services
from leadconnect.database.pool import Connection
from leadconnect.errors import TooManyRequests
from leadconnect.web import Given, delete, post


@post("/", session_only=True, refuses=(ProofNeeded, WrongPassword, TooManyRequests))
async def create_api_key(
    data: JSONBody[ApiKeyRequest], principal: Given[Principal], services: Given[Services], client: Given[Client]
) -> NewApiKey:
    """Make an API key for the caller, in the place of the one they have, which is void at once. It takes the password,
    or a log-in of the last fifteen minutes. The key is in no other answer than this one.
    """
    return await actions.create(services, principal, data, client)


@delete("/", status_code=200, session_only=True)
async def revoke_api_key(principal: Given[Principal], connection: Given[Connection]) -> Message:
    """Take the caller's API key back, if there is one. It is void at once."""
    await actions.revoke(connection, principal)
    return Message(message="You have no API key any more")


router = Router(path="/profile/api-key", tags=["Profile"], route_handlers=[create_api_key, revoke_api_key])
