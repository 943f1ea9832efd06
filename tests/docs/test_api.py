"""Every request on the pages of the API works, and every answer shown there is the one that comes.

LEADCONNECT_WRITE_PAGES=1 (`make pages`) writes the answers anew.
"""

import os
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from leadconnect.app import litestar_app
from leadconnect.reference.describe import describe
from leadconnect.settings import Settings
from tests.cast import Actor, Cast
from tests.docs import examples
from tests.postbox import CODE, Postbox

FOLDER = Path(__file__).parents[2] / "docs" / "api"
PAGES = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
MAILED = re.compile(r"<(code|token) of (\w+)>")
IN_A_MAIL = {"code": CODE, "token": re.compile(r"#([\w-]{43})$", re.MULTILINE)}


def read(path: Path) -> str:
    """Return the text of a page."""
    return path.read_text("utf-8")


def write(path: Path, page: str) -> None:
    """Put a page in the place of the old one."""
    path.write_text(page, "utf-8")


async def people(cast: Cast) -> dict[str, Actor]:
    """Return those who act on the pages: an owner, a colleague who may only look, and somebody of another account."""
    owner = await cast.owner(company="Rao Traders")
    return {"owner": owner, "helper": await cast.sub_user(owner), "stranger": await cast.owner(company="Elsewhere")}


async def answered(page: str, client: httpx.AsyncClient, actors: dict[str, Actor], postbox: Postbox) -> str:
    """Return the page with the answers that come now."""
    stable, kept = examples.Stable(), dict[str, Any]()
    for name, actor in actors.items():
        kept[name] = {"email": actor.email, "password": actor.password, "refreshToken": actor.refresh_token}
    parts, end = [], 0
    for match in examples.BLOCK.finditer(page):
        request = examples.read(match)
        for kind, name in MAILED.findall(request.body):
            mails = await postbox.mails_to(actors[name].email)
            newest = [found for mail in mails for found in IN_A_MAIL[kind].findall(mail)][-1]
            request.body = request.body.replace(f"<{kind} of {name}>", newest)
        if request.method == "GET":
            await postbox.settled()  # what was told before is in the inbox
        answer = await examples.send(client, request, actors.get(request.who), kept)
        if request.keep:
            kept[request.keep] = answer.json()
        block = f"```http as {match['who']}" + (f" keep {match['keep']}" if match["keep"] else "")
        parts += [page[end : match.start()], f"{block}\n{match['request']}```\n\n", examples.shown(answer, stable)]
        end = match.end()
    return "".join([*parts, page[end:]])


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
async def test_the_answers_on_a_page_are_those_that_come(
    path: Path, client: httpx.AsyncClient, cast: Cast, postbox: Postbox
) -> None:
    page = read(path)
    now = await answered(page, client, await people(cast), postbox)
    if os.environ.get("LEADCONNECT_WRITE_PAGES"):
        write(path, now)
    assert read(path) == now, "run `make pages` and look at what changed"


def test_every_operation_is_shown_on_a_page() -> None:
    paths = describe(litestar_app(Settings(secret="x" * 32)))["paths"]
    wanted = {
        (method.upper(), re.compile(re.sub(r"\{\w+\}", r"[^/?]+", path) + r"(\?.*)?"))
        for path, operations in paths.items()
        for method in operations
    }
    sent = [(request.method, request.path) for path in PAGES for request in examples.requests(read(path))]
    missing = [
        f"{method} {pattern.pattern}"
        for method, pattern in wanted
        if not any(method == m and pattern.fullmatch(p) for m, p in sent)
    ]
    assert sorted(missing) == []
