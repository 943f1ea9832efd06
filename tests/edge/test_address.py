"""Which address is believed."""

import ipaddress
from typing import Any

import pytest

from leadconnect.edge.address import believed_address, believed_scheme, network_prefix

PROXY = "10.0.0.1"
NETWORKS = (ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("fd00::/8"))


def scope(peer: str, *forwarded: str, proto: str | None = None) -> dict[str, Any]:
    headers = [(b"x-forwarded-for", line.encode("latin-1")) for line in forwarded]
    if proto is not None:
        headers.append((b"x-forwarded-proto", proto.encode()))
    return {"client": (peer, 1), "headers": headers, "scheme": "http"}


@pytest.mark.parametrize("forwarded", ["198.51.100.9", "10.0.0.2, 198.51.100.9", "127.0.0.1", "nonsense"])
def test_a_direct_client_cannot_choose_its_address(forwarded: str) -> None:
    assert believed_address(scope("203.0.113.7", forwarded), NETWORKS) == "203.0.113.7"
    assert believed_address(scope(PROXY, forwarded), ()) == PROXY


@pytest.mark.parametrize(
    ("forwarded", "believed"),
    [
        (["198.51.100.9"], "198.51.100.9"),
        (["1.1.1.1, 198.51.100.9"], "198.51.100.9"),
        (["1.1.1.1", "198.51.100.9"], "198.51.100.9"),
        (["198.51.100.9, 10.0.0.2"], "198.51.100.9"),
        (["127.0.0.1, 198.51.100.9, 10.0.0.2,10.0.0.3"], "198.51.100.9"),
        (["10.0.0.2, 10.0.0.3"], "10.0.0.2"),
        (["198.51.100.9:4711"], "198.51.100.9"),
        (["[2001:db8::1]:443"], "2001:db8::1"),
        (["2001:DB8:0:0::1"], "2001:db8::1"),
        (["::ffff:198.51.100.9"], "198.51.100.9"),
        (["198.51.100.9, fd00::2"], "198.51.100.9"),
    ],
)
def test_behind_proxies_the_rightmost_address_that_is_not_theirs_is_believed(
    forwarded: list[str], believed: str
) -> None:
    assert believed_address(scope(PROXY, *forwarded), NETWORKS) == believed


@pytest.mark.parametrize(
    "forwarded", ["", "unknown", "_hidden", "1.2.3", "1.2.3.4.5", "999.1.1.1", "fe80::1%<script>", "a" * 9000, "\xff"]
)
def test_a_malformed_address_is_ignored(forwarded: str) -> None:
    assert believed_address(scope(PROXY, forwarded), NETWORKS) == PROXY
    assert believed_address(scope(PROXY, f"1.1.1.1, {forwarded}, 10.0.0.2"), NETWORKS) == "10.0.0.2"


def test_an_ipv4_peer_in_ipv6_form_is_recognised_as_the_proxy() -> None:
    assert believed_address(scope("::ffff:10.0.0.1", "198.51.100.9"), NETWORKS) == "198.51.100.9"


def test_a_client_that_the_server_does_not_know_has_no_address() -> None:
    assert believed_address({"client": None, "headers": []}, NETWORKS) == ""


@pytest.mark.parametrize(
    ("proto", "scheme"),
    [
        (None, "http"),
        ("https", "https"),
        ("HTTPS", "https"),
        ("https, http", "http"),
        ("javascript", "http"),
        ("", "http"),
    ],
)
def test_the_scheme_is_the_nearest_proxys(proto: str | None, scheme: str) -> None:
    assert believed_scheme(scope(PROXY, proto=proto), NETWORKS) == scheme
    assert believed_scheme(scope("203.0.113.7", proto=proto), NETWORKS) == "http"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_an_address_stands_for_its_network(address: str, network: str) -> None:
    assert network_prefix(address) == network
