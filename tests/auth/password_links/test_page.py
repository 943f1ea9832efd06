"""The page that a link opens: it carries all it needs, and its script does what a person expects of it."""

import base64
import hashlib
import re
import shutil

import httpx

PAGE = "/api/auth/set-password"
NODE = shutil.which("node")


def source(content: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode() + "'"


async def test_the_page_may_use_its_own_script_and_style_call_us_and_nothing_else(client: httpx.AsyncClient) -> None:
    answer = await client.get(PAGE)
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, "text/html")
    (style,) = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    (script,) = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)
    assert answer.headers["content-security-policy"] == (
        f"default-src 'none'; script-src {source(script)}; style-src {source(style)}; connect-src 'self'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert not re.findall(r"\b(?:src|href|action)=|\bon\w+=|style=\"|url\(|https?:", answer.text)


async def test_the_page_is_kept_nowhere_and_tells_nobody_where_it_was_opened(client: httpx.AsyncClient) -> None:
    answer = await client.get(PAGE)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"


async def test_the_form_is_one_that_password_managers_and_screen_readers_know(client: httpx.AsyncClient) -> None:
    page = (await client.get(PAGE)).text
    assert page.count('autocomplete="new-password"') == 2
    labels, fields = re.findall(r'<label for="(\w+)"', page), re.findall(r'<input id="(\w+)"', page)
    assert labels == fields == ["username", "password", "confirmation"]
    assert re.search(r'<input id="username" type="email" autocomplete="username" readonly>', page)
    assert 'role="status"' in page
    assert "<noscript>" in page
