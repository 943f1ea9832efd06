"""A form can put each error next to its input: errors name the field, as a path, with a stable code."""

from typing import Any

import httpx
import pytest

from tests import make
from tests.cast import Actor, Cast

NO_ID = "01890a5d-ac96-774b-bcce-b302099a8057"

Named = list[tuple[str, str]]

INVALID: list[tuple[str, str, dict[str, Any], Named]] = [
    ("GET", "/api/leads?page=0&limit=x&order=name", {},
     [("order", "unknown_field"), ("page", "range"), ("limit", "type")]),
    ("GET", "/api/leads?page=1&page=2", {}, [("page", "repeated")]),
    ("GET", "/api/leads?status=warm", {}, [("status", "enum")]),
    ("POST", "/api/leads", {"json": []}, [("name", "required")]),
    ("POST", "/api/leads", {"json": [1]}, [("", "type")]),
    ("POST", "/api/leads", {"json": make.lead(name="A" * 256, city="a\u0000b", email="none", score=1)},
     [("score", "unknown_field"), ("name", "max_length"), ("email", "format"), ("city", "control_characters")]),
    ("POST", "/api/leads", {"json": make.lead(leadSource="other")}, [("customLeadSource", "required")]),
    ("POST", "/api/leads/bulk", {"json": {"action": "update", "ids": [NO_ID], "set": {"email": "none"}}},
     [("set.email", "format")]),
    ("PATCH", f"/api/imports/{NO_ID}",
     {"json": {"columns": [{"position": 0, "target": "name"}, {"position": 1, "target": "shoes", "region": "in"}]}},
     [("columns.1.target", "enum"), ("columns.1.region", "pattern")]),
    ("PATCH", "/api/profile", {"json": {"website": "no address", "role": "none"}},
     [("role", "enum"), ("website", "format")]),
    ("POST", "/api/profile/change-password",
     {"json": {"currentPassword": "x", "newPassword": "password", "confirmPassword": "other"}},
     [("newPassword", "password_too_common"), ("confirmPassword", "password_mismatch")]),
    ("POST", "/api/profile/change-password",
     {"json": {"currentPassword": "wrong", "newPassword": make.PASSWORD, "confirmPassword": make.PASSWORD}},
     [("currentPassword", "wrong_password")]),
    ("POST", "/api/profile/api-key", {"json": {"password": "wrong"}}, [("password", "wrong_password")]),
    ("POST", "/api/leads/bulk",
     {"json": {"action": "delete", "filter": {}, "expectedCount": 7}}, [("expectedCount", "count_changed")]),
]  # fmt: skip


@pytest.mark.parametrize("accept", ["application/json", "application/problem+json"])
@pytest.mark.parametrize(("method", "path", "request_parts", "named"), INVALID)
async def test_errors_name_their_field_and_what_is_wrong(
    client: httpx.AsyncClient,
    owner: Actor,
    method: str,
    path: str,
    request_parts: dict[str, Any],
    named: Named,
    accept: str,
) -> None:
    answer = await client.request(method, path, headers=owner.headers | {"Accept": accept}, **request_parts)
    body = answer.json()
    assert answer.headers["content-type"] == accept
    found = [(error["field"], error["code"]) for error in body["errors"]]
    assert found[: len(named)] == named
    if len(named) == 1:
        assert body["code"] in ("validation_failed", named[0][1])


async def test_a_taken_address_is_an_error_of_the_field_email(
    cast: Cast, client: httpx.AsyncClient, owner: Actor
) -> None:
    other = await cast.owner()
    wanted = {"email": other.email, "currentPassword": owner.password}
    answer = await client.patch("/api/profile", json=wanted, headers=owner.headers)
    assert answer.status_code == 409
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [("email", "email_taken")]


async def test_a_refused_row_of_a_direct_import_has_its_errors_by_field(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    rows = [make.lead(), make.lead(name="", leadStatus="warm")]
    answer = await client.post("/api/leads/import", json={"leads": rows}, headers=owner.headers)
    good, bad = answer.json()["results"]
    assert "errors" not in good
    assert bad["error"] == "; ".join(error["message"] for error in bad["errors"])
    assert [(error["field"], error["code"]) for error in bad["errors"]] == [
        ("name", "min_length"),
        ("leadStatus", "enum"),
    ]
