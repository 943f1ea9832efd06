"""Sending: encrypted for the one browser, signed by us, to the address that was checked, and with an end."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from aiohttp import web

from leadconnect.mail.announcements import Kind
from leadconnect.notifications.push.keys import vapid_key
from leadconnect.notifications.push.message import TEST_PUSH, page, push_of
from leadconnect.notifications.push.sender import Device, DeviceGone, PushFailed, PushRefused, PushSender, check_status
from leadconnect.settings import Settings
from tests.conftest import changed
from tests.notifications.push.service import Browser, PushService, claims_of, status

LEAD = UUID("01920000-0000-7000-8000-000000000001")
LIFE = timedelta(hours=1)
PUSH = push_of(Kind.HOT_LEAD, "Hot lead: Ravi", "Ravi is a hot lead now.", LEAD, "hot_lead:1")


def device(browser: Browser) -> Device:
    subscription = browser.subscription
    return Device(subscription["endpoint"], subscription["keys"]["p256dh"], subscription["keys"]["auth"])


def answers(*found: str) -> tuple[Callable[[str, int], Awaitable[list[str]]], list[str]]:
    """Return a resolver that knows one address after the other, and the names it was asked for."""
    asked: list[str] = []

    async def lookup(host: str, port: int) -> list[str]:
        asked.append(host)
        return [found[min(len(asked), len(found)) - 1]]

    return lookup, asked


async def test_only_the_browser_can_read_what_is_sent(settings: Settings, push_service: PushService) -> None:
    browser = push_service.browser()
    await PushSender(settings).send(device(browser), PUSH, life=LIFE)
    (received,) = push_service.of(browser)
    assert browser.read(received) == {
        "title": "Hot lead: Ravi",
        "body": "Ravi is a hot lead now.",
        "icon": "https://leads.example.com/favicon.ico",
        "badge": "https://leads.example.com/favicon.ico",
        "tag": f"lead-{LEAD}",
        "requireInteraction": True,
        "data": {
            "url": f"https://leads.example.com/dashboard?lead={LEAD}",
            "type": "hot_lead",
            "leadId": str(LEAD),
        },
    }
    assert b"Ravi" not in received.body
    assert len(received.body) < 4096


async def test_what_is_sent_is_signed_by_us_for_this_push_service(
    settings: Settings, push_service: PushService
) -> None:
    browser = push_service.browser()
    await PushSender(settings).send(device(browser), PUSH, life=LIFE)
    (received,) = push_service.of(browser)
    claims, key = claims_of(received)
    assert key == vapid_key(settings).public_key
    assert claims["aud"] == f"https://{push_service.host}"
    assert claims["sub"] == "mailto:operator@example.com"
    assert datetime.now(UTC).timestamp() < claims["exp"] <= datetime.now(UTC).timestamp() + 86_400
    assert received.headers["TTL"] == "3600"
    assert received.headers["Urgency"] == "high"
    assert len(received.headers["Topic"]) == 32


def test_what_concerns_a_lead_shares_its_place_on_the_screen_and_nothing_else_does() -> None:
    other = push_of(Kind.CONVERSION, "t", "b", LEAD, "conversion:2")
    digest = push_of(Kind.FOLLOW_UP, "t", "b", None, "follow_up:2031-03-04")
    summary = push_of(Kind.DAILY_SUMMARY, "t", "b", None, "daily_summary:2031-03-04")
    assert PUSH.tag == other.tag
    assert len({PUSH.topic, digest.topic, summary.topic, TEST_PUSH.topic}) == 4
    imported = push_of(Kind.LEADS_IMPORTED, "t", "b", None, "leads_imported:3")
    assert [each.type for each in (other, digest, summary, imported, TEST_PUSH)] == [
        "conversion", "follow_up", "daily_summary", "new_lead", "test",
    ]  # fmt: skip


def test_links_lead_to_the_public_address_or_stay_where_they_are() -> None:
    assert page("https://leads.example.com/", None) == "https://leads.example.com"
    assert page("", LEAD) == f"/dashboard?lead={LEAD}"
    assert b'"url":"/"' in TEST_PUSH.payload("")


@pytest.mark.parametrize(
    ("code", "error", "reason"),
    [
        (404, DeviceGone, ""),
        (410, DeviceGone, ""),
        (408, PushFailed, "http_408"),
        (429, PushFailed, "http_429"),
        (500, PushFailed, "http_500"),
        (503, PushFailed, "http_503"),
        (400, PushRefused, "http_400"),
        (401, PushRefused, "http_401"),
        (403, PushRefused, "http_403"),
        (413, PushRefused, "http_413"),
        (301, PushRefused, "http_301"),
        (307, PushRefused, "http_307"),
    ],
)
async def test_what_the_push_service_says_is_understood(
    settings: Settings, push_service: PushService, code: int, error: type[Exception], reason: str
) -> None:
    browser = push_service.browser()
    push_service.answers[browser.path] = [status(code)]
    with pytest.raises(error, match=f"^{reason}$"):
        await PushSender(settings).send(device(browser), PUSH, life=LIFE)


@pytest.mark.parametrize("code", [200, 201, 202, 204])
def test_every_kind_of_yes_is_taken_for_one(code: int) -> None:
    check_status(code)


async def test_no_redirect_is_followed(settings: Settings, push_service: PushService) -> None:
    browser, inside = push_service.browser(), push_service.browser()
    push_service.answers[browser.path] = [status(302, Location=inside.endpoint)]
    with pytest.raises(PushRefused, match="http_302"):
        await PushSender(settings).send(device(browser), PUSH, life=LIFE)
    assert push_service.of(inside) == []


async def test_a_long_answer_is_not_read_to_its_end(settings: Settings, push_service: PushService) -> None:
    written = 0

    class Endless(web.StreamResponse):
        async def prepare(self, request: web.BaseRequest) -> object:  # type: ignore[override]
            nonlocal written
            await super().prepare(request)
            try:
                while True:
                    await self.write(b"x" * 16_384)
                    written += 16_384
            except (ConnectionError, asyncio.CancelledError):
                return None

    browser = push_service.browser()
    push_service.answers[browser.path] = [lambda request: Endless(status=201)]
    await PushSender(settings).send(device(browser), PUSH, life=LIFE)
    assert written < 16_777_216


async def test_a_push_service_that_does_not_answer_is_left(settings: Settings, push_service: PushService) -> None:
    class Silent(web.StreamResponse):
        async def prepare(self, request: web.BaseRequest) -> object:  # type: ignore[override]
            await asyncio.Event().wait()
            return None

    browser = push_service.browser()
    push_service.answers[browser.path] = [lambda request: Silent()]
    with pytest.raises(PushFailed, match=r"^timeout$"):
        await PushSender(settings, time_limit=timedelta(milliseconds=200)).send(device(browser), PUSH, life=LIFE)


async def test_a_name_that_leads_inside_is_not_called(settings: Settings, push_service: PushService) -> None:
    for address in ("127.0.0.1", "::1", "10.0.0.5", "169.254.169.254", "::ffff:127.0.0.1"):
        lookup, asked = answers(address)
        browser = push_service.browser("push.example.com")
        with pytest.raises(PushRefused, match=r"^address_refused$"):
            await PushSender(settings, lookup=lookup).send(device(browser), PUSH, life=LIFE)
        assert asked == ["push.example.com"]
        assert push_service.of(browser) == []


async def test_an_endpoint_that_was_stored_before_the_rules_is_not_even_looked_up(
    settings: Settings, push_service: PushService
) -> None:
    lookup, asked = answers("127.0.0.1")
    for endpoint in (f"https://127.0.0.1:{push_service.port}/x", f"https://2130706433:{push_service.port}/x"):
        with pytest.raises(PushRefused, match=r"^address_refused$"):
            await PushSender(settings, lookup=lookup).send(device(Browser(endpoint)), PUSH, life=LIFE)
    assert asked == []


async def test_the_address_that_was_checked_is_the_one_that_is_called(
    settings: Settings, push_service: PushService
) -> None:
    """The name is looked up once. A second lookup could return another address."""
    host = f"push.example.com:{push_service.port}"
    trusting = changed(settings, push_inner_hosts=(host,))
    lookup, asked = answers("127.0.0.1", "192.0.2.1")
    browser = push_service.browser(host)
    await PushSender(trusting, lookup=lookup).send(device(browser), PUSH, life=LIFE)
    assert asked == ["push.example.com"]
    assert len(push_service.of(browser)) == 1


async def test_a_name_that_changes_its_mind_is_checked_each_time(settings: Settings, push_service: PushService) -> None:
    """At first it leads nowhere, then inside."""

    async def lookup(host: str, port: int) -> list[str]:
        asked.append(host)
        if len(asked) == 1:
            raise OSError
        return ["127.0.0.1"]

    asked: list[str] = []
    sender, browser = PushSender(settings, lookup=lookup), push_service.browser("push.example.com")
    with pytest.raises(PushFailed, match=r"^unreachable$"):
        await sender.send(device(browser), PUSH, life=LIFE)
    with pytest.raises(PushRefused, match=r"^address_refused$"):
        await sender.send(device(browser), PUSH, life=LIFE)
    assert len(asked) == 2


async def test_a_certificate_of_an_unknown_authority_is_refused(settings: Settings, push_service: PushService) -> None:
    browser = push_service.browser()
    with pytest.raises(PushFailed, match=r"^certificate_not_trusted$"):
        await PushSender(changed(settings, push_ca_file="")).send(device(browser), PUSH, life=LIFE)
    assert push_service.of(browser) == []


async def test_a_push_service_that_is_away_is_tried_again(settings: Settings, tmp_path: Path) -> None:
    async with PushService(tmp_path) as service:
        browser, host = service.browser(), service.host
    away = changed(settings, push_inner_hosts=(host,))
    with pytest.raises(PushFailed, match=r"^unreachable$"):
        await PushSender(away).send(device(browser), PUSH, life=LIFE)


async def test_a_failure_does_not_contain_the_endpoint(settings: Settings, push_service: PushService) -> None:
    browser = push_service.browser("push.example.com")
    lookup, _ = answers("127.0.0.1")
    with pytest.raises(PushRefused) as caught:
        await PushSender(settings, lookup=lookup).send(device(browser), PUSH, life=LIFE)
    assert caught.value.__context__ is None
    assert browser.path not in str(caught.value)
