"""Work for a client that may go away meanwhile."""

import asyncio
from typing import Any

import pytest

from leadconnect.exports.listening import ClientGone, while_connected
from tests.files.endless import Endless


class Connection:
    """A connection whose request has no body; `gone` is when the client leaves."""

    def __init__(self) -> None:
        self.gone = asyncio.Event()
        self._has_body = True

    async def receive(self) -> dict[str, Any]:
        """Give the next message of the client."""
        if self._has_body:
            self._has_body = False
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}


async def test_the_result_is_that_of_the_work() -> None:
    assert await while_connected(Connection().receive, asyncio.sleep(0, "done")) == "done"


async def test_a_failure_is_that_of_the_work() -> None:
    async def fail() -> None:
        raise KeyError("colour")

    with pytest.raises(KeyError, match="colour"):
        await while_connected(Connection().receive, fail())


async def test_the_work_ends_when_the_client_goes() -> None:
    connection, ended = Connection(), asyncio.Event()

    async def work() -> None:
        connection.gone.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    with pytest.raises(ClientGone):
        await while_connected(connection.receive, work())
    assert ended.is_set()


async def test_the_work_ends_when_the_request_is_cancelled() -> None:
    endless = Endless()
    request = asyncio.create_task(while_connected(Connection().receive, endless.work()))
    await endless.begun.wait()
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    assert endless.ended.is_set()
