"""Work for a client that may go away meanwhile."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from leadconnect.edge.exchange import Receive
from leadconnect.errors import MalformedRequest

T = TypeVar("T")


class ClientGone(MalformedRequest):
    """The client went away before the answer."""

    code = "client_gone"


async def while_connected(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """Return what `work` returns; cancel it when the client goes away. `receive` is the request's, whose body was read
    or is empty.

    Raises:
        ClientGone: it has; nobody reads the answer.
    """
    working, leaving = asyncio.ensure_future(work), asyncio.ensure_future(_until_gone(receive))
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientGone
        return working.result()
    finally:
        working.cancel()
        leaving.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
