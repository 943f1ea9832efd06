"""The examples on the pages of the API: requests that are sent, and answers that are written down as they came.

A page shows a request as a fenced block ``http as WHO``, with headers if any, and a body after an empty line. WHO is
``nobody`` or a name from `PEOPLE`; ``keep NAME`` keeps the answer, so that ``<NAME.id>`` further down stands for what
came. The block ``jsonc`` below it is the answer. Ids, instants and tokens differ with every run, so they are written as
ones that stay. ``<today>`` is the present day in UTC, which stays as well; of the months up to it only the last is
shown, for how many there are depends on it.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import httpx
import msgspec

from tests.cast import Actor

BLOCK = re.compile(
    r"^```http as (?P<who>\w+)(?: keep (?P<keep>\w+))?\n(?P<request>.*?)^```\n(?:\n```(?:jsonc|text)\n.*?^```\n)?",
    re.MULTILINE | re.DOTALL,
)
VOLATILE = re.compile(
    r"(?P<id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
    r"|(?P<version>\b[0-9a-f]{32}-[0-9a-f]{13,14}\b)"
    r"|(?P<instant>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"
    r"|(?P<token>\b[0-9a-f]{256}\b)"
    r"|(?P<event_id>(?<=^id: )[0-9a-f]{16}$)"
    r"|(?P<key>\blc_live_[0-9a-f]{72}\b)"
    r"|(?P<shown_key>\blc_live_…[0-9a-f]{4}\b)"
    r"|(?P<mail>\b[a-z]+\.\d+\.\d+@example\.com)"
    r'|"publicKey": "(?P<public_key>[^"]+)"'
    r'|"(?P<date>startDate|endDate|month)": "[\d-]+"',
    re.MULTILINE,
)
MONTHS = re.compile(r'("monthlyTrends": \[\n).*?(?= *\{[^{}]*\}\s*\])', re.DOTALL)
PLACE = re.compile(r"<(\w+)((?:\.\w+)+)>")
SHOWN_VERSION = "0190b7a54c2d70008000000000000001-6dc2b9d5d1390"
SHOWN_EVENT_ID = "8c1f0e5d2b7a9634"
SHOWN_INSTANT = "2031-03-04T05:06:07.890Z"
SHOWN_DAYS = {"startDate": "2031-02-25", "endDate": "2031-03-04", "month": "2031-03"}
"""A week up to the day of `SHOWN_INSTANT`."""
LONGEST_ANSWER_LINES = 70
BINARY = ("application/pdf", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


class Request(msgspec.Struct):
    """A request as a page shows it."""

    who: str
    keep: str | None
    method: str
    path: str
    headers: dict[str, str]
    body: str


class Stable:
    """Writes what differs with every run as something that stays, the same for the same."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}

    def text(self, text: str) -> str:
        """Return `text` with ids, instants, days, tokens and addresses that stay."""
        today = f"{datetime.now(UTC):%Y-%m-%d}"
        return VOLATILE.sub(self._stay, MONTHS.sub(r"\1", text)).replace(today, SHOWN_DAYS["endDate"])

    def _stay(self, match: re.Match[str]) -> str:
        if match["id"]:
            return self._ids.setdefault(match["id"], f"0190b7a5-4c2d-7000-8000-{len(self._ids) + 1:012x}")
        if match["version"]:
            return SHOWN_VERSION
        if match["instant"]:
            return SHOWN_INSTANT
        if match["token"]:
            return f"{match['token'][:8]}…"
        if match["event_id"]:
            return SHOWN_EVENT_ID
        if match["key"]:
            return "lc_live_…"
        if match["shown_key"]:
            return "lc_live_…0a1b"
        if match["public_key"]:
            return f'"publicKey": "{match["public_key"][:1]}…"'
        if match["date"]:
            return f'"{match["date"]}": "{SHOWN_DAYS[match["date"]]}"'
        return f"{match['mail'].partition('.')[0]}@example.com"


def read(match: re.Match[str]) -> Request:
    """Return the request in a block."""
    head, _, body = match["request"].partition("\n\n")
    first, *lines = head.strip().splitlines()
    method, path = first.split(" ", 1)
    headers = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Request(match["who"], match["keep"], method, path, headers, body.strip("\n"))


def filled(text: str, kept: dict[str, Any]) -> str:
    """Return `text` with what was kept in its places."""

    def value(match: re.Match[str]) -> str:
        found = kept[match[1]]
        for key in match[2][1:].split("."):
            found = found[int(key)] if key.isdigit() else found[key]
        return str(found)

    return PLACE.sub(value, text).replace("<today>", f"{datetime.now(UTC):%Y-%m-%d}")


async def send(
    client: httpx.AsyncClient, request: Request, actor: Actor | None, kept: dict[str, Any]
) -> httpx.Response:
    """Send a request as `actor`."""
    headers = dict(request.headers) | (actor.headers if actor else {})
    path, body = filled(request.path, kept), filled(request.body, kept)
    if headers.get("Content-Type") == "multipart/form-data":
        del headers["Content-Type"]
        return await client.request(
            request.method, path, headers=headers, files={"file": ("leads.csv", body.encode(), "text/csv")}
        )
    if body:
        headers.setdefault("Content-Type", "application/json")
    return await client.request(request.method, path, headers=headers, content=body.encode() or None)


def shown(answer: httpx.Response, stable: Stable) -> str:
    """Return the block that shows an answer: JSON with its status, the text of a file, of a page its title, and of a
    file that is no text the fields of its header.
    """
    status, media = HTTPStatus(answer.status_code), answer.headers.get("content-type", "").partition(";")[0]
    if media in BINARY:
        fields = (f"{name}: {answer.headers[name]}" for name in ("Content-Type", "Content-Disposition"))
        return "```text\n" + stable.text("\n".join(fields)) + "\n```\n"
    if not media.endswith(("/json", "+json")):
        is_page = "html" in media
        lines = [line for line in answer.text.splitlines() if not is_page or line.startswith("<title>")]
        return "```text\n" + stable.text("\n".join(lines[:LONGEST_ANSWER_LINES])) + "\n```\n"
    written = json.dumps(answer.json(), indent=2, ensure_ascii=False)
    return f"```jsonc\n// {status.value} {status.phrase}\n{stable.text(written)}\n```\n"


def requests(page: str) -> Iterator[Request]:
    """Yield every request on a page."""
    return map(read, BLOCK.finditer(page))
