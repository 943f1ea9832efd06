"""What one process makes at its start and every request shares."""

import msgspec

from leadconnect.auth.credentials.codes import CodeSealer
from leadconnect.auth.credentials.passwords import PasswordHasher
from leadconnect.auth.throttles import Limits
from leadconnect.database.pool import Database
from leadconnect.mail.outbox import Outbox
from leadconnect.settings import Settings


class Services(msgspec.Struct, frozen=True):
    """The settings and what holds connections, threads or keys made from them."""

    settings: Settings
    database: Database
    outbox: Outbox
    hasher: PasswordHasher
    codes: CodeSealer
    limits: Limits

    async def close(self) -> None:
        """End threads and connections."""
        self.hasher.close()
        await self.database.close()


async def open_services(settings: Settings, application_name: str) -> Services:
    """Make the services; `application_name` is what the database's views show."""
    return Services(
        settings=settings,
        database=await Database.connect(settings, application_name),
        outbox=Outbox(settings.secret),
        hasher=PasswordHasher(settings),
        codes=CodeSealer(settings.secret),
        limits=Limits(settings),
    )


class Client(msgspec.Struct, frozen=True):
    """Where a request came from: the believed network address, and what the client calls itself."""

    address: str
    user_agent: str | None
