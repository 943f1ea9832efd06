"""Endpoints of web push are names on the internet, and never hosts of the internal network in any spelling."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from leadconnect.notifications.push.addresses import (
    CheckedResolver,
    EndpointRefused,
    InnerAddress,
    is_allowed,
    is_outer,
    origin_of,
)

OUTER = [
    ("https://fcm.googleapis.com/fcm/send/abc:def", "https://fcm.googleapis.com"),
    ("https://updates.push.services.mozilla.com/wpush/v2/gAAA", "https://updates.push.services.mozilla.com"),
    ("https://web.push.apple.com/QOzz", "https://web.push.apple.com"),
    ("https://wns2-par02p.notify.windows.com/w/?token=BQ%3d", "https://wns2-par02p.notify.windows.com"),
    ("https://PUSH.Example.com:443/x", "https://push.example.com"),
    ("https://xn--bcher-kva.example/x", "https://xn--bcher-kva.example"),
]
INNER = [
    "http://push.example.com/x",
    "ftp://push.example.com/x",
    "//push.example.com/x",
    "https:///x",
    "https://push.example.com:8443/x",
    "https://push.example.com:22/x",
    "https://push.example.com:0/x",
    "https://push.example.com:x/x",
    "https://user@push.example.com/x",
    "https://push.example.com:443@127.0.0.1/x",
    "https://push.example.com\\@127.0.0.1/x",
    "https://localhost/x",
    "https://LOCALHOST/x",
    "https://localhost./x",
    "https://api.localhost/x",
    "https://db/x",
    "https://printer.local/x",
    "https://metadata.google.internal/computeMetadata/v1/",
    "https://router.lan/x",
    "https://nas.home.arpa/x",
    "https://127.0.0.1/x",
    "https://10.0.0.5/x",
    "https://192.168.1.1/x",
    "https://169.254.169.254/latest/meta-data/",
    "https://8.8.8.8/x",
    "https://2130706433/x",
    "https://0x7f000001/x",
    "https://0x7f.1/x",
    "https://0177.0.0.1/x",
    "https://017700000001/x",
    "https://127.1/x",
    "https://127.0.0.1./x",
    "https://push.example.1/x",
    "https://push.example.0x1/x",
    "https://[::1]/x",
    "https://[::ffff:127.0.0.1]/x",
    "https://[::ffff:7f00:1]/x",
    "https://[fd00::1]/x",
    "https://[fe80::1%25eth0]/x",
    "https://[2606:4700::1111]/x",
    "https://[::1/x",
    "https://１２７.0.0.1/x",
    "https://ⓛocalhost.example/x",
    "https://push..example.com/x",
    "https://-push.example.com/x",
    "https://push_.example.com/x",
    "https://%6c%6f%63%61%6c/x",
    "https://push.example.com%00.example.com/x",
    "https://" + "a" * 64 + ".example.com/x",
    "https://" + "a." * 127 + "example.com/x",
]


@pytest.mark.parametrize(("endpoint", "origin"), OUTER)
def test_a_push_service_on_the_internet_is_taken(endpoint: str, origin: str) -> None:
    assert origin_of(endpoint, ()) == origin
    assert not is_allowed(endpoint, ())


@pytest.mark.parametrize("endpoint", INNER)
def test_what_is_or_might_be_an_inner_host_is_refused(endpoint: str) -> None:
    with pytest.raises(EndpointRefused):
        origin_of(endpoint, ("push.internal",))


def test_an_inner_host_is_taken_where_the_settings_name_it_with_its_port() -> None:
    allowed = ("Push.internal", "localhost:8443", "10.0.0.5:8443")
    assert origin_of("https://push.internal/x", allowed) == "https://push.internal"
    assert origin_of("https://LocalHost:8443/x", allowed) == "https://localhost:8443"
    assert origin_of("https://10.0.0.5:8443/x", allowed) == "https://10.0.0.5:8443"
    for other in ("push.internal:8443", "localhost", "localhost:8444", "10.0.0.5", "x.push.internal", "10.0.0.6:8443"):
        with pytest.raises(EndpointRefused):
            origin_of(f"https://{other}/x", allowed)
    for scheme in ("http", "ftp"):
        with pytest.raises(EndpointRefused):
            origin_of(f"{scheme}://push.internal/x", allowed)


@given(st.text(max_size=60))
def test_any_text_is_either_taken_as_a_name_or_refused(text: str) -> None:
    try:
        origin = origin_of(f"https://{text}", ())
    except EndpointRefused:
        return
    host = origin.removeprefix("https://")
    assert host.isascii()
    assert host.rpartition(".")[2][0].isalpha()


PARTS = st.sampled_from(
    ["push.example.com", "127.0.0.1", "localhost", "[::1]", "@", ":", ":443", ":80", "/", "//", "?", "#", "%2f", "%40",
     ";", ".", "\\", "&", "x"]
)  # fmt: skip


@given(st.lists(PARTS, min_size=1, max_size=7).map("".join))
def test_what_is_called_is_what_was_checked(rest: str) -> None:
    """The client that calls reads addresses with a parser of its own, which must find the same host."""
    endpoint = f"https://{rest}"
    try:
        origin = origin_of(endpoint, ())
    except EndpointRefused:
        return
    assert str(URL(endpoint).origin()) == origin


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "1.1.1.1", "142.250.74.106", "2606:4700::1111", "2a00:1450:4001::1", "64:ff9b::808:808"],
)
def test_an_address_of_the_internet_is_an_outer_one(address: str) -> None:
    assert is_outer(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1",
        "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1",
        "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1", "::7f00:1",
        "::ffff:127.0.0.1", "::ffff:8.8.8.8", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1",
        "ff02::1", "2001:db8::1", "2001::1", "2002:7f00:1::", "2002:808:808::", "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "4000::1",
    ],
)  # fmt: skip
def test_an_internal_address_is_not_on_the_internet(address: str) -> None:
    assert not is_outer(address)


@given(st.ip_addresses(v=4))
def test_wrapping_an_address_in_ipv6_opens_nothing(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    for wrapped in (0xFFFF << 32 | number, number, 0x2002 << 112 | number << 80, 0x20010000 << 96 | number):
        assert not is_outer(str(ipaddress.IPv6Address(wrapped)))
    assert is_outer(str(ipaddress.IPv6Address(0x64FF9B << 96 | number))) == is_outer(str(address))


async def addresses(checks: bool, *found: str) -> list[str]:
    async def lookup(host: str, port: int) -> list[str]:
        return list(found)

    resolver = CheckedResolver(checks=checks, lookup=lookup)
    return [result["host"] for result in await resolver.resolve("push.example.com", 443)]


async def test_every_address_of_a_name_is_checked() -> None:
    assert await addresses(True, "8.8.8.8", "2606:4700::1111") == ["8.8.8.8", "2606:4700::1111"]
    for inner in ("127.0.0.1", "10.0.0.5", "fd00::1"):
        with pytest.raises(InnerAddress):
            await addresses(True, "8.8.8.8", inner)
    assert await addresses(False, "127.0.0.1") == ["127.0.0.1"]
