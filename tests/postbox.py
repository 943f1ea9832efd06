"""The mail of a test: a real worker that writes it into the data folder, and what is found there."""

import email
import email.policy
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from pathlib import Path

from leadconnect.database.pool import Database
from leadconnect.settings import Settings
from tests.worker.running import until, worker

CODE = re.compile(r"^ {4}(\d{6})$", re.MULTILINE)
FORGET = "delete from pgqueuer"
WAITING = """
    select count(*) from pgqueuer
    where status in ('queued', 'picked') and execute_after < now() + interval '1 minute'
"""


class Postbox:
    """Reads the mails in `folder` once the worker has done all that is in the queue of `database`."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder

    async def settled(self) -> None:
        """Wait until the worker has done all in the queue that is due within a minute."""
        await until(self._is_done)

    async def mails_to(self, address: str) -> list[str]:
        """Return the texts of all mails to `address`, in the order of their posting."""
        await self.settled()
        return [_text(mail) for mail in self._mails() if address in str(mail["To"])]

    async def codes_for(self, address: str) -> list[str]:
        """Return the codes that were mailed to `address`, the newest last."""
        return [code for text in await self.mails_to(address) for code in CODE.findall(text)]

    async def code_for(self, address: str) -> str:
        """Return the newest code that was mailed to `address`."""
        return (await self.codes_for(address))[-1]

    async def _is_done(self) -> bool:
        async with self._database.acquire() as connection:
            return bool(await connection.fetchval(WAITING) == 0)

    def _mails(self) -> list[EmailMessage]:
        paths = sorted(self._folder.glob("*.eml"))
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in paths]


@asynccontextmanager
async def working_postbox(settings: Settings, database: Database) -> AsyncIterator[Postbox]:
    """Drop what earlier tests left in the queue, run a worker in the block, and give the postbox that it fills."""
    async with database.acquire() as connection:
        await connection.execute(FORGET)
    async with worker(settings):
        yield Postbox(database, settings.data_dir / "mail")


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    content: str = body.get_content()
    return content.replace("\r\n", "\n")
