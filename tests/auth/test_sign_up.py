"""Signing up makes an account with its owner, once per address of mail."""

import asyncio
import re
import unicodedata
from collections import Counter
from typing import Any

import httpx
import pytest

from leadconnect.edge.middleware import Edge
from leadconnect.settings import Settings
from tests import make
from tests.auth.counting import services_of
from tests.cast import Cast
from tests.conftest import changed, client_of, running_app

SIGN_UP = "/api/auth/signup"
TOKEN = re.compile(r"[0-9a-f]{256}")


async def test_sign_up_answers_201_with_both_tokens_and_the_user(client: httpx.AsyncClient) -> None:
    body = make.signup(fullName="Zoë O'Neil-李", companyName="Rao & Söhne")
    answer = await client.post(SIGN_UP, json=body)
    assert answer.status_code == 201
    signed_in = answer.json()
    assert set(signed_in) == {"accessToken", "refreshToken", "expiresIn", "user"}
    assert signed_in["expiresIn"] == 3600
    assert TOKEN.fullmatch(signed_in["accessToken"])
    assert TOKEN.fullmatch(signed_in["refreshToken"])
    user_id = signed_in["user"].pop("id")
    assert signed_in["user"] == {
        "email": body["email"],
        "fullName": "Zoë O'Neil-李",
        "role": "Management",
        "companyName": "Rao & Söhne",
    }
    profile = await client.get("/api/profile", headers={"Authorization": f"Bearer {signed_in['accessToken']}"})
    assert profile.json()["id"] == user_id


async def test_white_space_around_the_address_is_no_part_of_it(client: httpx.AsyncClient) -> None:
    body = make.signup()
    answer = await client.post(SIGN_UP, json=body | {"email": f"\t{body['email']} \n"})
    assert answer.status_code == 201
    assert answer.json()["user"]["email"] == body["email"]
    assert (await client.post(SIGN_UP, json=body)).status_code == 409


async def test_both_tokens_work(cast: Cast, client: httpx.AsyncClient) -> None:
    owner = await cast.owner()
    assert (await client.get("/api/users/me", headers=owner.headers)).status_code == 200
    assert (await client.post("/api/auth/refresh", json={"refreshToken": owner.refresh_token})).status_code == 200


async def test_the_custom_role_and_industry_are_shown_and_kept_only_with_the_choice_other(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    other = {"role": "other", "customRole": "Buyer", "industry": "other", "customIndustry": "Bees"}
    chosen = await cast.owner(**other)
    not_chosen = await cast.owner(customRole="Management", customIndustry="Bees", role="Sales Manager")
    profile = (await client.get("/api/profile", headers=chosen.headers)).json()
    assert (profile["role"], profile["customRole"]) == ("Buyer", "Buyer")
    assert (profile["industry"], profile["customIndustry"]) == ("Bees", "Bees")
    profile = (await client.get("/api/profile", headers=not_chosen.headers)).json()
    assert (profile["role"], profile["customRole"]) == ("Sales Manager", None)
    assert (profile["industry"], profile["customIndustry"]) == ("textile", None)


async def test_the_industries_that_clients_offer_are_taken(client: httpx.AsyncClient) -> None:
    for industry in ("technology", "finance", "consulting", "real_estate", "real-estate"):
        answer = await client.post(SIGN_UP, json=make.signup(industry=industry))
        assert answer.status_code == 201, answer.text


async def test_every_fault_is_named_at_once(client: httpx.AsyncClient) -> None:
    body = make.signup(
        email="nobody", role="admin", industry="other", password="short", confirmPassword="other", phoneNumber="1"
    )
    del body["companySize"]
    answer = await client.post(SIGN_UP, json=body)
    assert answer.status_code == 400
    assert set(answer.json()) == {"message", "error", "statusCode", "code", "errors"}
    assert (answer.json()["error"], answer.json()["statusCode"]) == ("Bad Request", 400)
    messages = "\n".join(answer.json()["message"])
    for part in (
        "property phoneNumber should not exist",
        "email must be an e-mail address",
        "role must be one of: Sales Representative, Sales Manager, Management, other",
        "companySize is required",
        "customIndustry is required when industry is other",
        "confirmPassword must equal the password",
        "at least 8 characters",
    ):
        assert part in messages
    assert len(answer.json()["message"]) == 7


@pytest.mark.parametrize(
    "change",
    [
        {"password": 12345678, "confirmPassword": 12345678},
        {"fullName": "   "},
        {"fullName": "A\u0000B"},
        {"fullName": "A\r\nBcc: eve@example.com"},
        {"fullName": None},
        {"fullName": {"first": "Asha"}},
        {"email": "asha@example.com\r\nBcc: eve@example.com"},
        {"email": "asha@example.com,eve@example.com"},
        {"email": "a" * 250 + "@example.com"},
        {"companyName": ""},
        {"role": "other"},
        {"role": "other", "customRole": "  "},
        {"id": "1"},
        {"subscriptionPlan": "enterprise"},
        {"isActive": True},
    ],
)
async def test_what_is_not_right_is_refused_with_a_list(client: httpx.AsyncClient, change: dict[str, Any]) -> None:
    answer = await client.post(SIGN_UP, json=make.signup(**change))
    assert answer.status_code == 400
    assert isinstance(answer.json()["message"], list)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"null"])
async def test_an_empty_body_lacks_every_field(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post(SIGN_UP, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400


async def test_a_password_needs_eight_characters(client: httpx.AsyncClient) -> None:
    assert (await client.post(SIGN_UP, json=make.signup(password="7 chars"))).status_code == 400
    assert (await client.post(SIGN_UP, json=make.signup(password="8 chars!"))).status_code == 201


@pytest.mark.parametrize("password", ["password1", "QWERTYUIOP", "iloveyou", "leadconnect", "Rao Traders 2031"])
async def test_a_common_password_or_ones_own_name_is_refused(client: httpx.AsyncClient, password: str) -> None:
    answer = await client.post(SIGN_UP, json=make.signup(password=password))
    assert answer.status_code == 400, password
    assert len(answer.json()["message"]) == 1


async def test_ones_own_address_is_no_password(client: httpx.AsyncClient) -> None:
    email = make.email("somebody")
    for password in (email, email.upper(), email.partition("@")[0]):
        assert (await client.post(SIGN_UP, json=make.signup(email=email, password=password))).status_code == 400


async def test_a_long_phrase_with_blanks_is_a_password(client: httpx.AsyncClient) -> None:
    phrase = "four words and then some more words until there are sixty-four !"
    assert len(phrase) == 64
    assert (await client.post(SIGN_UP, json=make.signup(password=phrase))).status_code == 201


async def test_a_password_of_more_than_1024_characters_is_refused_before_it_is_hashed(
    app: Edge, client: httpx.AsyncClient
) -> None:
    before = services_of(app).hasher.hashes_computed
    answer = await client.post(SIGN_UP, json=make.signup(password="ab cd " * 171))
    assert answer.status_code == 400
    assert services_of(app).hasher.hashes_computed == before


async def test_an_address_that_is_taken_conflicts(cast: Cast, client: httpx.AsyncClient) -> None:
    owner = await cast.owner()
    answer = await client.post(SIGN_UP, json=make.signup(email=owner.email))
    assert answer.status_code == 409
    assert set(answer.json()) == {"message", "error", "statusCode", "code", "errors"}
    message = answer.json()["message"]
    assert answer.json()["errors"] == [{"field": "email", "code": "email_taken", "message": message}]


async def test_case_and_unicode_form_of_an_address_make_no_second_user(client: httpx.AsyncClient) -> None:
    number = make.email("x").split(".")[2].partition("@")[0]
    email = f"jürgen.{number}@exämple.com"
    local, _, domain = email.partition("@")
    decomposed = f"{unicodedata.normalize('NFD', local)}@{domain}"
    assert decomposed != email
    assert (await client.post(SIGN_UP, json=make.signup(email=email))).status_code == 201
    for variant in (email.upper(), decomposed, decomposed.title(), email.replace("e", "ｅ")):
        answer = await client.post(SIGN_UP, json=make.signup(email=variant))
        assert answer.status_code == 409, variant
    for variant in (email, email.upper(), decomposed):
        answer = await client.post("/api/auth/login", json={"email": variant, "password": make.PASSWORD})
        assert answer.status_code == 200, variant
        assert answer.json()["user"]["email"] == email


async def test_of_forty_sign_ups_at_once_one_is_made_and_the_others_conflict(
    app: Edge, address: str, client: httpx.AsyncClient
) -> None:
    email = make.email("race")
    variants = [email, email.upper(), email.title(), email.replace("example", "EXAMPLE")] * 10
    async with client_of(app, address) as crowd:
        answers = await asyncio.gather(*(crowd.post(SIGN_UP, json=make.signup(email=one)) for one in variants))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 39}
    assert len({answer.content for answer in answers if answer.status_code == 409}) == 1
    (made,) = (answer.json() for answer in answers if answer.status_code == 201)
    me = await client.get("/api/users/me", headers={"Authorization": f"Bearer {made['accessToken']}"})
    assert me.json()["id"] == made["user"]["id"]


async def test_sign_ups_from_one_address_are_limited(settings: Settings, address: str) -> None:
    async with running_app(changed(settings, sign_ups_per_address=3)) as app, client_of(app, address) as office:
        for _ in range(3):
            assert (await office.post(SIGN_UP, json=make.signup())).status_code == 201
        refused = await office.post(SIGN_UP, json=make.signup())
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        async with client_of(app, "198.51.100.77") as elsewhere:
            assert (await elsewhere.post(SIGN_UP, json=make.signup())).status_code == 201
