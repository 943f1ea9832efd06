"""Where a mailed link leads, and whose password it sets."""

import httpx
import pytest

from leadconnect.auth.password_links.actions import link_url
from leadconnect.settings import InvalidSettings, Settings, load_settings
from tests.cast import Actor, Cast
from tests.postbox import Postbox
from tests.team.managing import added, links_for, set_password

USER = "/api/auth/set-password/user"


@pytest.mark.parametrize(
    ("page", "link"),
    [
        ("", "https://leads.example.com/api/auth/set-password#TOKEN"),
        ("https://app.example.com/set-password", "https://app.example.com/set-password#TOKEN"),
        ("http://localhost:5173/#/password/{token}", "http://localhost:5173/#/password/TOKEN"),
        ("https://app.example.com/password?token={token}", "https://app.example.com/password?token=TOKEN"),
    ],
)
def test_a_link_leads_to_the_page_of_the_settings(page: str, link: str) -> None:
    assert link_url(Settings(public_url="https://leads.example.com/", set_password_url=page), "TOKEN") == link


@pytest.mark.parametrize(
    "page", ["app.example.com/x", "javascript:alert(1)", "ftp://x.example", "https://", "https://a b"]
)
def test_what_is_no_url_of_the_web_is_refused(page: str) -> None:
    with pytest.raises(InvalidSettings, match="LEADCONNECT_SET_PASSWORD_URL"):
        load_settings({"LEADCONNECT_SET_PASSWORD_URL": page, "LEADCONNECT_SECRET": "s" * 40}, dotenv=None)


async def test_a_link_tells_whose_password_it_sets_until_it_is_used(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    made = await added(client, owner)
    (token,) = await links_for(postbox, made["email"])
    for _ in range(2):
        answer = await client.post(USER, json={"token": token})
        assert (answer.status_code, answer.json()) == (200, {"email": made["email"]})
    assert (await set_password(client, token, "a passphrase of my own")).status_code == 200
    for used in (token, "A" * 43, "x"):
        answer = await client.post(USER, json={"token": used})
        assert answer.status_code == 400
        assert answer.json()["message"].startswith("The link is unknown, used or expired")


async def test_the_link_of_a_user_who_was_deactivated_tells_nothing(
    client: httpx.AsyncClient, cast: Cast, postbox: Postbox, owner: Actor
) -> None:
    made = await added(client, owner)
    (token,) = await links_for(postbox, made["email"])
    url = f"/api/profile/sub-users/{made['id']}"
    assert (await client.patch(url, json={"isActive": False}, headers=owner.headers)).status_code == 200
    assert (await client.post(USER, json={"token": token})).status_code == 400
