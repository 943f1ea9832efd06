"""Zero bytes and lone surrogates, which PostgreSQL cannot store: refused or dropped everywhere, and never a failure."""

import json
import re
from typing import Any

import httpx
import pytest

from leadconnect.app import litestar_app
from leadconnect.imports.direct.judging import readable, storable
from leadconnect.reference.describe import describe
from leadconnect.settings import Settings
from tests import make
from tests.cast import Actor
from tests.idempotency.sending import IMPORT, LEADS, lead_count, send

DOCUMENT = describe(litestar_app(Settings(secret="x" * 32)))
OPERATIONS = [
    (method.upper(), path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]
NO_ID = "0190c0de-0000-7000-8000-000000000000"
TEXTS = ["\x00", "a\x00b", "\ud800", "a\udfffb"]
ENCODED = ["%00", "a%00b", "%ED%A0%80"]


def resolved(schema: Any) -> Any:
    """Return what a schema refers to."""
    while "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def text_fields(operation: Any) -> list[str]:
    """Return the fields of the JSON body of an operation that may be texts."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema = resolved(content.get("schema", {}))
    kinds = [resolved(kind) for kind in schema.get("anyOf", [schema])]
    return [
        name
        for kind in kinds
        for name, field in kind.get("properties", {}).items()
        if "string" in json.dumps([resolved(part) for part in field.get("anyOf", [field])])
    ]


def texts_of(method: str, path: str, operation: Any) -> Any:
    return pytest.param(method, path, text_fields(operation), id=operation["operationId"])


@pytest.mark.parametrize(("method", "path", "fields"), [texts_of(*each) for each in OPERATIONS if text_fields(each[2])])
async def test_no_text_of_a_body_is_a_failure(
    client: httpx.AsyncClient, owner: Actor, method: str, path: str, fields: list[str]
) -> None:
    address = re.sub(r"{\w+}", NO_ID, path)
    headers = owner.headers | {"Content-Type": "application/json"}
    for field in fields:
        for text in TEXTS:
            answer = await client.request(method, address, content=json.dumps({field: text}), headers=headers)
            assert answer.status_code < 500, (field, text, answer.text)
    assert (await client.get("/api/users/me", headers=owner.headers)).status_code == 200


async def test_no_text_of_a_query_a_path_or_a_header_is_a_failure(client: httpx.AsyncClient, owner: Actor) -> None:
    for method, path, operation in OPERATIONS:
        if method != "GET":
            continue
        names = [parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "query"]
        address = re.sub(r"{\w+}", NO_ID, path)
        addresses = [f"{address}?{name}={text}" for name in names for text in ENCODED]
        addresses += [re.sub(r"{\w+}", text, path) for text in ENCODED if "{" in path]
        for each in addresses:
            answer = await client.get(each, headers=owner.headers)
            assert answer.status_code in (200, 400, 404), (each, answer.text)
    for name in ("If-None-Match", "Prefer", "Accept", "Accept-Encoding", "X-Request-Id", "Idempotency-Key"):
        odd = [(name.encode(), b"\xed\xa0\x80"), *((k.encode(), v.encode()) for k, v in owner.headers.items())]
        assert (await client.get(LEADS, headers=odd)).status_code == 200, name


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (rb'{"a": "x\u0000y"}', rb'{"a": "xy"}'),
        (rb'{"a": "\ud800"}', rb'{"a": ""}'),
        (rb'{"a": "\udc00\ud83d\ude00\uD83D"}', rb'{"a": "\ud83d\ude00"}'),
        (rb'{"a": "\\u0000 \\ud800 \" \u00e9"}', rb'{"a": "\\u0000 \\ud800 \" \u00e9"}'),
        (b'{"a": "plain"}', b'{"a": "plain"}'),
    ],
)
def test_of_a_text_what_cannot_be_stored_is_dropped(given: bytes, kept: bytes) -> None:
    assert storable(readable(given)) == kept


async def test_a_row_of_an_import_loses_them_and_says_so(client: httpx.AsyncClient, owner: Actor) -> None:
    rows = [make.lead(name="As\x00ha"), make.lead(name="Ra\ud800vi"), make.lead(name="\x00"), make.lead(name="Li 😀")]
    headers = owner.headers | {"Content-Type": "application/json"}
    answer = await client.post(IMPORT, content=json.dumps({"leads": rows}), headers=headers)
    results = answer.json()["results"]
    assert [row["lead"]["name"] for row in results if row["success"]] == ["Asha", "Ravi", "Li 😀"]
    assert ["remark" in row for row in results] == [True, True, True, False]
    assert await lead_count(client, owner) == 3


async def test_a_file_with_a_name_that_cannot_be_stored_is_no_failure(client: httpx.AsyncClient, owner: Actor) -> None:
    for name in ("a\x00b.csv", "a\ud800.csv"):
        disposition = f'form-data; name="file"; filename="{name}"'.encode("utf-8", "surrogatepass")
        body = b"--b\r\nContent-Disposition: %s\r\n\r\nName,Phone\nAsha,1\n\r\n--b--\r\n" % disposition
        headers = owner.headers | {"Content-Type": "multipart/form-data; boundary=b"}
        for path in (IMPORT, "/api/imports"):
            answer = await client.post(path, content=body, headers=headers)
            assert answer.status_code in (201, 400), answer.text
    assert (await send(client, owner, LEADS, json=make.lead())).status_code == 201
