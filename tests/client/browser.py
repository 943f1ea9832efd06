"""A stand-in of the browser client's HTTP layer, with its habits and without our own ideas of better ones.

It sends the access token with every call, even to sign in. Any 401 makes it refresh, as often as there are calls at
once, and try the call once more. A refresh token that is refused is thrown away with the access token. Some calls take
401 and 403 for the end of the session and forget everything. Five answers in a row that are 404 or missing make it take
the server for gone for half a minute.
"""

import asyncio
import json
import time
from datetime import timedelta
from typing import Any

import httpx
import msgspec

ORIGIN = "https://app.example.com"
"""Where the client is served from; the API is elsewhere, so the browser asks before it calls (Fetch standard, CORS)."""
API = "/api"
PATIENCE = timedelta(seconds=10)
BREAKING_COUNT = 5
PAUSE = timedelta(seconds=30)
NO_ANSWER = 0
"""The status of a call that got no answer, or one that the browser may not show to the page."""
SIMPLE_METHODS = ("GET", "HEAD", "POST")


class Exchange(msgspec.Struct, frozen=True):
    """A call as it went over the wire."""

    method: str
    path: str
    sent: Any
    status: int


class Rejected(Exception):
    """A call that failed, as a screen sees it."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body

    @property
    def text(self) -> str:
        """What the client shows: the message, or the first of a list of them, else the error."""
        message = self.body.get("message") or self.body.get("error") if isinstance(self.body, dict) else None
        return str(message[0] if isinstance(message, list) else message)


class SignedOut(Exception):
    """The client took an answer for the end of the session, and forgot everything."""


class Browser:
    """One browser: its local storage, where its page is, and what went over the wire."""

    def __init__(self, http: httpx.AsyncClient, origin: str = ORIGIN) -> None:
        self._http = http
        self._origin = origin
        self._allowed: set[tuple[str, str]] = set()
        self._missing_in_a_row = 0
        self._paused_until = 0.0
        self.storage: dict[str, str] = {}
        self.page = "/login"
        self.wire: list[Exchange] = []
        self.pauses = 0

    @property
    def user(self) -> dict[str, Any]:
        """The cached user; empty when nobody is logged in, for tokens are not asked about that."""
        found: dict[str, Any] = json.loads(self.storage.get("user", "{}"))
        return found

    def keep_user(self, user: dict[str, Any]) -> None:
        """Cache the user."""
        self.storage["user"] = json.dumps(user)

    def sent_to(self, path: str) -> list[Exchange]:
        """Return the calls of a path."""
        return [each for each in self.wire if each.path == path]

    async def call(self, method: str, path: str, body: Any = None, query: list[tuple[str, Any]] | None = None) -> Any:
        """Make a call as all screens do, and return what it answers: JSON, else text.

        Raises:
            Rejected: it was refused, or nothing came.
        """
        status, answer = await self._send(method, path, body, query)
        if status == 401 and "refreshToken" in self.storage and await self._refresh():
            self._judge(401)
            status, answer = await self._send(method, path, body, query)
        self._judge(status)
        if not 200 <= status < 300:
            raise Rejected(status, answer)
        return answer

    async def call_signed_in(self, method: str, path: str, body: Any = None, query: Any = None) -> Any:
        """Make one of the calls that take 401 and 403 for the end of the session.

        Raises:
            SignedOut: it is refused like that.
            Rejected: it is refused otherwise.
        """
        try:
            return await self.call(method, path, body, query)
        except Rejected as refusal:
            if refusal.status not in (401, 403):
                raise
            self.storage.clear()
            self.page = "/login"
            raise SignedOut(f"{method} {path}: {refusal.status}") from None

    def log_out(self) -> None:
        """Press the button in the header: the server learns nothing of it, and the tokens stay."""
        self.storage.pop("user", None)
        self.page = "/login"

    async def _refresh(self) -> bool:
        """Get another access token with the cached refresh token, whoever else is doing that just now."""
        body = {"refreshToken": self.storage["refreshToken"]}
        status, answer = await self._send("POST", "/auth/refresh", body, None, bearer=False)
        if status == 200:
            self.storage["accessToken"] = answer["accessToken"]
            return True
        self.storage.pop("accessToken", None)
        self.storage.pop("refreshToken", None)
        self.page = "/dashboard" if self.user.get("id") else "/login"
        return False

    def _judge(self, status: int) -> None:
        """Count what looks as if the server were gone."""
        if status not in (NO_ANSWER, 404):
            self._missing_in_a_row = 0
            return
        self._missing_in_a_row += 1
        if self._missing_in_a_row >= BREAKING_COUNT and time.monotonic() > self._paused_until:
            self._paused_until = time.monotonic() + PAUSE.total_seconds()
            self.pauses += 1
        if time.monotonic() < self._paused_until:
            raise Rejected(NO_ANSWER, {"message": "server not found"})

    async def _send(
        self, method: str, path: str, body: Any, query: list[tuple[str, Any]] | None, *, bearer: bool = True
    ) -> tuple[int, Any]:
        """Send a request and return status and content, as far as the browser lets the page have them."""
        headers = {"Origin": self._origin}
        if bearer and "accessToken" in self.storage:
            headers["Authorization"] = f"Bearer {self.storage['accessToken']}"
        content = None if body is None else json.dumps(body).encode()
        if content is not None:
            headers["Content-Type"] = "application/json"
        status, answer = NO_ANSWER, None
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                if await self._may_send(method, path, headers):
                    found = await self._http.request(method, API + path, params=query, content=content, headers=headers)
                    if found.headers.get("access-control-allow-origin") == self._origin:
                        status, answer = found.status_code, _content(found)
        except (httpx.TransportError, TimeoutError):
            pass
        self.wire.append(Exchange(method, path, body, status))
        return status, answer

    async def _may_send(self, method: str, path: str, headers: dict[str, str]) -> bool:
        """Ask the server first where the Fetch standard says so, and remember that it agreed."""
        unsafe = [name for name in headers if name != "Origin"]
        if (method in SIMPLE_METHODS and not unsafe) or (method, path) in self._allowed:
            return True
        asked = {"Origin": self._origin, "Access-Control-Request-Method": method}
        if unsafe:
            asked["Access-Control-Request-Headers"] = ",".join(sorted(name.lower() for name in unsafe))
        answer = await self._http.options(API + path, headers=asked)
        methods, allowed = (
            {part.strip().lower() for part in answer.headers.get(f"access-control-allow-{what}", "").split(",")}
            for what in ("methods", "headers")
        )
        agrees = (
            200 <= answer.status_code < 300
            and answer.headers.get("access-control-allow-origin") == self._origin
            and (method in SIMPLE_METHODS or method.lower() in methods)
            and {name.lower() for name in unsafe} <= allowed
        )
        if agrees:
            self._allowed.add((method, path))
        return agrees


def _content(answer: httpx.Response) -> Any:
    is_json = answer.headers.get("content-type", "").startswith("application/json")
    return answer.json() if is_json else answer.text
