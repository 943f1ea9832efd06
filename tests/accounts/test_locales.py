"""Locales and time zones as browsers send them."""

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.accounts.locales import known_locale, locale_of, time_zone
from leadconnect.accounts.models import Locale
from tests import make
from tests.cast import Actor

SIGN_UP, PROFILE = "/api/auth/signup", "/api/profile"


@pytest.mark.parametrize(
    ("tag", "locale"),
    [
        ("de-DE", "de"), ("de-AT", "de-AT"), ("DE-ch", "de-CH"), ("pt-BR", "pt-BR"), ("pt-PT", "pt"), ("en-NZ", "en"),
        ("en_IN", "en-IN"), ("zh-Hans-CN", "zh"), ("zh-CN", "zh"), ("zh-Hant-HK", "zh-TW"), ("zh-TW", "zh-TW"),
        ("zh-Hans-HK", "zh"), ("es-419", "es"), ("es-MX", "es-MX"), ("no", "nb"), ("nn-NO", "nb"), ("iw", "he"),
        ("pa-Guru-IN", "pa"), ("en-US-u-hc-h12", "en-US"), ("de-u-ca-gregory-at", "de"), ("fr-CA-x-private", "fr-CA"),
    ],
)  # fmt: skip
def test_a_tag_of_a_browser_stands_for_a_locale(tag: str, locale: str) -> None:
    assert locale_of(tag) == locale
    assert known_locale(tag) is None


@pytest.mark.parametrize("tag", ["", "-", "xx", "xx-DE", "d", "deutsch", "C", "tlh", "-de", "x-de"])
def test_another_tag_is_refused(tag: str) -> None:
    assert locale_of(tag) is None
    refusal = known_locale(tag)
    assert refusal is not None
    assert refusal.requirement.startswith("must be one of: en, ")


@given(st.sampled_from(list(Locale)), st.text("abcXYZ019-_", max_size=12))
def test_a_locale_stands_for_itself_and_keeps_its_language(locale: Locale, more: str) -> None:
    assert locale_of(locale) is locale_of(locale.upper()) is locale
    found = locale_of(f"{locale}-{more}")
    assert found is not None
    assert found.partition("-")[0] == locale.partition("-")[0]


@pytest.mark.parametrize("name", ["Asia/Calcutta", "Europe/Kiev", "America/Buenos_Aires", "UTC", "Etc/UTC"])
def test_a_former_name_of_a_time_zone_is_known(name: str) -> None:
    assert time_zone(name) is None


async def test_an_account_begins_in_the_zone_and_the_language_of_its_form(client: httpx.AsyncClient) -> None:
    for given_, stored in (
        ({"timeZone": "Asia/Calcutta", "locale": "pt-BR"}, ("Asia/Calcutta", "pt-BR")),
        ({"timeZone": "Europe/Berlin", "locale": "de-DE"}, ("Europe/Berlin", "de")),
        ({"timeZone": None, "locale": None}, ("UTC", "en")),
        ({}, ("UTC", "en")),
    ):
        made = await client.post(SIGN_UP, json=make.signup(**given_))
        assert made.status_code == 201, made.text
        bearer = {"Authorization": f"Bearer {made.json()['accessToken']}"}
        profile = (await client.get(PROFILE, headers=bearer)).json()
        assert (profile["timeZone"], profile["locale"]) == stored


@pytest.mark.parametrize(
    ("given_", "field"),
    [({"timeZone": "Mars/Olympus"}, "timeZone"), ({"locale": "tlh"}, "locale"), ({"locale": 1}, "locale")],
)
async def test_sign_up_refuses_an_unknown_one(client: httpx.AsyncClient, given_: dict[str, Any], field: str) -> None:
    answer = await client.post(SIGN_UP, json=make.signup(**given_))
    assert answer.status_code == 400
    assert [message.split()[0] for message in answer.json()["message"]] == [field]


async def test_a_profile_takes_the_locale_of_a_browser(client: httpx.AsyncClient, owner: Actor) -> None:
    answer = await client.patch(PROFILE, json={"locale": "de-DE"}, headers=owner.headers)
    assert (answer.status_code, answer.json()["locale"]) == (200, "de")
    assert (await client.get(PROFILE, headers=owner.headers)).json()["locale"] == "de"
