"""The people of a test: owners with accounts of their own, and their sub-users, all with real tokens."""

from typing import Any
from uuid import UUID

import httpx
import msgspec

from leadconnect.accounts import queries as accounts
from leadconnect.accounts.models import UserRole, normal_email
from leadconnect.accounts.permissions import OWNERS_RIGHTS
from leadconnect.auth.principal import Owner, Principal
from leadconnect.auth.services import Services
from leadconnect.clock import now
from leadconnect.database.transaction import tenant
from leadconnect.identifiers import new_id
from tests import make


class Actor(msgspec.Struct):
    """Somebody who is signed in."""

    email: str
    password: str
    token: str
    refresh_token: str
    user_id: UUID
    account_id: UUID

    @property
    def headers(self) -> dict[str, str]:
        """The header that says who calls."""
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def principal(self) -> Principal:
        """The owner of an account as the gate makes them, in a session that does not exist."""
        return self.principal_in(new_id())

    def principal_in(self, session_id: UUID) -> Principal:
        """The owner of an account as the gate makes them, in the session of this id."""
        company = ("Rao Traders", "11-50", "textile", None, None, "trial", "basic", now(), now())
        owner = Owner(self.user_id, self.email, "Asha Rao", UserRole.MANAGEMENT, None, *company)
        return Principal(self.account_id, self.user_id, session_id, UserRole.MANAGEMENT, True, OWNERS_RIGHTS, owner)


class Cast:
    """Makes people through `client`, an HTTP client of the application, and through `services` what has no route."""

    def __init__(self, client: httpx.AsyncClient, services: Services) -> None:
        self._client = client
        self._services = services

    async def owner(self, **changes: Any) -> Actor:
        """Sign somebody up; `changes` go into the body, `company` being short for companyName."""
        if "company" in changes:
            changes["companyName"] = changes.pop("company")
        body = make.signup(**changes)
        answer = await self._client.post("/api/auth/signup", json=body)
        assert answer.status_code == 201, answer.text
        return await self._actor(body["email"], body["password"], answer.json())

    async def log_in(self, actor: Actor) -> Actor:
        """Begin another session of somebody."""
        answer = await self._client.post("/api/auth/login", json={"email": actor.email, "password": actor.password})
        assert answer.status_code == 200, answer.text
        return await self._actor(actor.email, actor.password, answer.json())

    async def sub_user(
        self, owner: Actor, *, view: bool = True, edit: bool = False, add: bool = False, export: bool = False
    ) -> Actor:
        """Add a sub-user with these permissions and sign them in."""
        address, user_id = make.email("sub"), new_id()
        password = await self._services.hasher.hash(make.PASSWORD)
        async with tenant(self._services.database, owner.account_id) as connection:
            await accounts.insert_user(
                connection,
                owner.account_id,
                user_id,
                email=address,
                email_normal=normal_email(address),
                full_name="Sam Sub",
                password=password,
                role=UserRole.SALES_REPRESENTATIVE,
                custom_role=None,
            )
            await connection.execute(
                """
                insert into user_permissions (account_id, user_id, parent_user_id, can_view_leads, can_edit_leads,
                    can_add_leads, can_export_leads)
                values ($1, $2, $3, $4, $5, $6, $7)
                """,
                owner.account_id, user_id, owner.user_id, view, edit, add, export,
            )  # fmt: skip
        stranger = Actor(address, make.PASSWORD, "", "", user_id, owner.account_id)
        return await self.log_in(stranger)

    async def api_key(self, actor: Actor) -> str:
        """Make an API key for somebody who has just signed in."""
        answer = await self._client.post("/api/profile/api-key", json={}, headers=actor.headers)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["apiKey"])

    async def deactivate(self, actor: Actor) -> None:
        """Deactivate a user."""
        async with tenant(self._services.database, actor.account_id) as connection:
            await connection.execute(
                "update users set is_active = false where account_id = $1 and id = $2", actor.account_id, actor.user_id
            )

    async def _actor(self, email: str, password: str, signed_in: dict[str, Any]) -> Actor:
        async with self._services.database.acquire() as connection:
            account_id = await connection.fetchval("select account_id from log_in_candidate($1)", normal_email(email))
        user_id = UUID(signed_in["user"]["id"])
        return Actor(email, password, signed_in["accessToken"], signed_in["refreshToken"], user_id, account_id)
