"""Setting a password with a link: the page that the link opens, and what it calls."""

import base64
import hashlib
from functools import cache
from importlib import resources

import jinja2
from litestar import MediaType, Response, Router
from litestar.params import JSONBody

from leadconnect.auth.models import Message
from leadconnect.auth.password_links import actions
from leadconnect.auth.password_links.actions import InvalidLink
from leadconnect.auth.password_links.models import LinkedPassword, LinkToken, LinkUser
from leadconnect.auth.services import Client, Services
from leadconnect.web import Given, get, post


@get("/set-password", public=True, answers={"text/html": {"schema": {"type": "string"}}})
async def read_password_page(services: Given[Services]) -> Response[bytes]:
    """Read the page that a mailed link opens."""
    page, policy = _page(services.settings.public_url)
    return Response(page, media_type=MediaType.HTML, headers={"content-security-policy": policy})


@post("/set-password", status_code=200, public=True, refuses=(InvalidLink,))
async def set_password(data: JSONBody[LinkedPassword], services: Given[Services], client: Given[Client]) -> Message:
    """Set a password with the token of a mailed link. All sessions end."""
    await actions.set_password(services, data, client)
    return Message(message="Your password is set. Please sign in")


@post("/set-password/user", status_code=200, public=True, refuses=(InvalidLink,))
async def read_link_user(data: JSONBody[LinkToken], services: Given[Services]) -> LinkUser:
    """Read whose password a mailed link sets, without using the link."""
    return LinkUser(email=await actions.link_email(services, data.token))


@cache
def _page(sign_in_url: str) -> tuple[bytes, str]:
    """Return the page, and a policy that lets it use its own script and style sheet, call us, and nothing else.

    In the end it offers a link to `sign_in_url`, unless that is empty.
    """
    folder = resources.files("leadconnect.auth.password_links")
    script, style = (folder.joinpath(f"page.{kind}").read_text("utf-8") for kind in ("js", "css"))
    template = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(
        folder.joinpath("page.html").read_text("utf-8")
    )
    policy = (
        f"default-src 'none'; script-src '{_source(script)}'; style-src '{_source(style)}'; connect-src 'self'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    )
    return template.render(script=script, style=style, sign_in_url=sign_in_url).encode(), policy


def _source(content: str) -> str:
    """Return `content` as a policy names it (Content Security Policy Level 3 §2.3.1)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


router = Router(path="/auth", tags=["Sign-in"], route_handlers=[read_password_page, set_password, read_link_user])
