"""Taking the file out of a form."""

from typing import Any

import httpx
import pytest

from leadconnect.imports.file.keeping import OPTIONS_BYTES
from tests.cast import Cast

FILE = b"Name,Phone\nAsha,12345\n"


def form(*parts: tuple[str, bytes], end: bytes = b"--frontier--\r\n") -> bytes:
    """Return a form of the parts, each given by its headers and its content."""
    return b"".join(b"--frontier\r\n" + head.encode() + b"\r\n\r\n" + body + b"\r\n" for head, body in parts) + end


async def upload(client: httpx.AsyncClient, cast: Cast, body: bytes, boundary: str = "frontier") -> httpx.Response:
    owner = await cast.owner()
    content_type = f"multipart/form-data; boundary={boundary}"
    return await client.post("/api/leads/import", content=body, headers={**owner.headers, "content-type": content_type})


async def test_a_file_is_taken(client: httpx.AsyncClient, cast: Cast) -> None:
    part = 'content-disposition: form-data; name="file"; filename="leads.csv"\r\ncontent-type: text/csv'
    answer = await upload(client, cast, form((part, FILE)))
    assert (answer.status_code, answer.json()["successful"]) == (201, 1)


async def test_a_file_sent_as_text_is_taken(client: httpx.AsyncClient, cast: Cast) -> None:
    answer = await upload(client, cast, form(('content-disposition: form-data; name="file"', FILE)))
    assert (answer.status_code, answer.json()["successful"]) == (201, 1)


@pytest.mark.parametrize(
    ("parts", "messages"),
    [
        ([], ["file is required"]),
        (["leads"], ["property leads should not exist", "file is required"]),
        (["file", "file"], ["file must be given once"]),
        (["file", "mode"], ["property mode should not exist"]),
    ],
)
async def test_a_form_of_other_parts_is_refused_with_a_list(
    client: httpx.AsyncClient, cast: Cast, parts: list[str], messages: list[str]
) -> None:
    heads = [f'content-disposition: form-data; name="{name}"; filename="x.csv"' for name in parts]
    answer = await upload(client, cast, form(*((head, FILE) for head in heads)))
    assert (answer.status_code, answer.json()["message"]) == (400, messages)


async def test_options_are_read_up_to_a_size(client: httpx.AsyncClient, cast: Cast) -> None:
    file = ('content-disposition: form-data; name="file"; filename="leads.csv"', FILE)
    for blank_count, status in ((OPTIONS_BYTES - 2, 201), (OPTIONS_BYTES - 1, 413)):
        options = ('content-disposition: form-data; name="options"', b"{" + b" " * blank_count + b"}")
        answer = await upload(client, cast, form(file, options))
        assert answer.status_code == status
    assert answer.json()["message"] == "options must have at most 1,048,576 bytes"


@pytest.mark.parametrize(
    "body",
    [
        form(('content-disposition: form-data; name="file"; filename="x.csv"', FILE), end=b""),
        form(('content-disposition: form-data; name="file"; filename="x.csv"', FILE), end=b"--fron"),
        form(('content-disposition: form-data; name="file"', b"Name\xff")),
        form(("content-type: text/csv", FILE)),
        form(("no header at all", FILE)),
        b"no form at all",
        b"\r\n\r\n",
    ],
)
async def test_what_is_no_whole_form_is_refused_and_nothing_is_written(
    client: httpx.AsyncClient, cast: Cast, body: bytes
) -> None:
    owner = await cast.owner()
    headers = {**owner.headers, "content-type": "multipart/form-data; boundary=frontier"}
    answer = await client.post("/api/leads/import", content=body, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"] == "Bad Request"
    assert (await client.get("/api/leads", headers=owner.headers)).json()["meta"]["total"] == 0


@pytest.mark.parametrize(
    "content_type", ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=é"]
)
async def test_a_form_without_a_usable_boundary_is_refused(
    client: httpx.AsyncClient, cast: Cast, content_type: str
) -> None:
    owner = await cast.owner()
    headers: dict[str, Any] = {**owner.headers, "content-type": content_type.encode("latin-1")}
    answer = await client.post("/api/leads/import", content=form(("x: y", FILE)), headers=headers)
    assert answer.status_code == 400
