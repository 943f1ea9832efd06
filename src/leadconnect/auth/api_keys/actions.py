"""Making and revoking API keys, and finding whose one is."""

from leadconnect.auth import queries as auth_queries
from leadconnect.auth.api_keys import queries
from leadconnect.auth.api_keys.models import ApiKeyRequest, NewApiKey
from leadconnect.auth.credentials.api_keys import new_api_key
from leadconnect.auth.principal import Principal
from leadconnect.auth.proof import is_fresh, prove_password, require_live
from leadconnect.auth.services import Client, Services
from leadconnect.database.pool import Connection
from leadconnect.database.transaction import tenant
from leadconnect.errors import Forbidden
from leadconnect.logs import security_event
from leadconnect.wire import instant


class ProofNeeded(Forbidden):
    """Please send your password: your sign-in is older than fifteen minutes."""

    code = "proof_needed"
    field = "password"


async def find_caller(services: Services, digest: str) -> Principal | None:
    """Return whose API key has this digest, if they may call at this moment."""
    async with services.database.acquire() as connection:
        return await queries.caller(connection, digest)


async def create(services: Services, caller: Principal, given: ApiKeyRequest, client: Client) -> NewApiKey:
    """Give the caller a key, in the place of the one they have, which is void at once.

    Raises:
        ProofNeeded: there is no password, and the session's own is too old.
        WrongPassword: it is another one.
        TooManyRequests: too many wrong ones, here or at log-in.
        ServiceBusy: too many passwords are waiting to be compared.
    """
    account_id, user_id = caller.account_id, caller.user_id
    if given.password is not None:
        await prove_password(services, caller, given.password, client, field="password")
    key = new_api_key()
    async with tenant(services.database, account_id) as connection:
        await auth_queries.hold_user(connection, account_id, user_id)
        await require_live(connection, caller)
        if given.password is None and not await is_fresh(connection, caller):
            raise ProofNeeded
        created_at = await queries.replace(connection, account_id, user_id, key)
    security_event("api_key_created", outcome="ok", account_id=str(account_id), user_id=str(user_id))
    return NewApiKey(api_key=key.value, created_at=instant(created_at))


async def revoke(connection: Connection, caller: Principal) -> None:
    """Take the caller's key back, if they have one."""
    if await auth_queries.revoke_api_key(connection, caller.account_id, caller.user_id):
        ids = {"account_id": str(caller.account_id), "user_id": str(caller.user_id)}
        security_event("api_key_revoked", outcome="ok", **ids)
