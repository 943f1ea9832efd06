"""The description as a page: whole, without scripts, and with nothing from elsewhere."""

import base64
import hashlib
import html
import re

import httpx


async def test_the_page_has_every_operation_and_every_schema(client: httpx.AsyncClient) -> None:
    document = (await client.get("/api/openapi.json")).json()
    answer = await client.get("/api/docs")
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, "text/html")
    page = html.unescape(answer.text)
    for path, operations in document["paths"].items():
        assert f"<code>{path}</code>" in page
        for operation in operations.values():
            assert f'<details id="{operation["operationId"]}">' in page
            assert operation["summary"] in page
    for name in document["components"]["schemas"]:
        assert f'<details id="schema-{name}">' in page


async def test_the_page_may_use_its_own_style_and_nothing_else(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/docs")
    (style,) = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert answer.headers["content-security-policy"] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"
    )
    assert "<script" not in answer.text
    assert not re.findall(r"(?:src|href)=[\"'](?!#|/api/)", answer.text)


async def test_the_page_shows_bodies_that_work(client: httpx.AsyncClient) -> None:
    page = html.unescape((await client.get("/api/docs")).text)
    assert '"phoneNumber": "+49 30 1234567"' in page
    assert '"companyName": "Rao Traders"' in page
