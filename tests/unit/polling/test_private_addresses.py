"""Connections are made only to public IP addresses, in any notation, from any source: URL, DNS, redirect, proxy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing

import pytest

from feedarchive.feeds.feed import Feed
from feedarchive.polling.fetcher import Fetcher
from feedarchive.polling.private_addresses import is_public
from feedarchive.polling.requester import FetchEnvironment
from feedarchive.polling.results import FetchResult
from feedarchive.problems import FeedError
from tests.harness.raw_server import http_response, raw_server
from tests.unit.polling.fetching import PATIENT, failed, fetched

HINT = "to allow it, set allow_private_addresses = true under [fetch] in feeds.toml"
PUBLIC = [
    "93.184.216.34", "1.1.1.1", "172.15.0.1", "172.32.0.1", "100.63.255.255", "100.128.0.1", "223.255.255.255",
    "2606:4700::1111", "2a00:1450:4001::200e", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8",
]  # fmt: skip
NOT_PUBLIC = [
    # loopback, private, link-local, shared (CGNAT), reserved, multicast, broadcast, documentation, benchmarks
    "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.1.1",
    "100.64.0.1", "100.100.100.200", "100.127.255.255", "0.0.0.0", "0.1.2.3", "240.0.0.1", "255.255.255.255",
    "224.0.0.1", "239.255.255.255", "192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "192.0.0.192",
    "192.88.99.1", "168.63.129.16",
    # metadata of clouds
    "169.254.169.254", "169.254.170.2", "169.254.169.123", "fd00:ec2::254", "fd20:ce::254",
    # the same kinds in IPv6
    "::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1", "ff0e::1", "100::1",
    "2001:db8::1", "3fff::1", "5f00::1", "4000::1", "2001:2::1", "2001:10::1",
    # IPv6 addresses that contain an IPv4 address
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:100.64.0.1", "::ffff:0.0.0.0",
    "::127.0.0.1", "::8.8.8.8", "::ffff:0:127.0.0.1", "::ffff:0:8.8.8.8",
    "64:ff9b::127.0.0.1", "64:ff9b::169.254.169.254", "64:ff9b::10.0.0.1",
    "64:ff9b:1::8.8.8.8", "64:ff9b:1::a9fe:a9fe", "64:ff9b:1:ffff::1",
    "2002:7f00:1::", "2002:a00:1::1", "2002:808:808::1", "2001:0:5ef5:79fd:0:0:80ff:fffe", "2001::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_a_private_address_is_not_public_in_any_notation(address: str) -> None:
    assert not is_public(address)


def fetch_publicly(url: str, resolver: dict[str, Sequence[str]] | None = None) -> FetchResult:
    found = resolver or {}
    with closing(
        Fetcher(environment=FetchEnvironment(PATIENT, lambda name: found.get(name.rstrip("."), ())))
    ) as fetcher:
        return fetcher.fetch(Feed(url, "f"))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001",
        "127.0.0.1.", "0", "0.0.0.0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]",
        "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[::1%251]", "[fe80::1%25lo]",
        "169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "[::ffff:a9fe:a9fe]", "[fd00:ec2::254]",
    ],
)  # fmt: skip
def test_no_connection_to_a_private_address_in_the_url(host: str) -> None:
    with raw_server(http_response(b"<rss/>")) as server:
        result = failed(fetch_publicly(server.url(host=host)))
        assert server.connections == 0
    assert result.kind in (FeedError.PRIVATE_ADDRESS, FeedError.DNS), result
    assert (
        "has no public IP address" in result.detail
        or "does not exist" in result.detail
        or "not a valid" in result.detail
    )


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "10.0.0.1", "169.254.169.254"])
@pytest.mark.parametrize("host", ["inside.example", "inside.example."])
def test_no_connection_to_a_host_with_a_private_address(host: str, address: str) -> None:
    with raw_server(http_response(b"<rss/>")) as server:
        result = failed(fetch_publicly(server.url(host=host), {"inside.example": [address]}))
        assert server.connections == 0
    assert result.kind == FeedError.PRIVATE_ADDRESS
    assert result.detail == f"{host} has no public IP address; {HINT}"


@pytest.mark.parametrize("host", ["localhost", "localhost.", "LOCALHOST"])
def test_no_connection_to_localhost(host: str) -> None:
    with raw_server(http_response(b"<rss/>")) as server, closing(Fetcher()) as fetcher:
        # Not every resolver accepts a dot after the host.
        assert failed(fetcher.fetch(Feed(server.url(host=host), "f"))).kind in (
            FeedError.PRIVATE_ADDRESS,
            FeedError.DNS,
        )
        assert server.connections == 0


def test_private_addresses_among_public_ones_are_skipped() -> None:
    """The server listens on the private address only, so the request fails at the public one."""
    with (
        raw_server(http_response(b"<rss/>")) as server,
        closing(allowing("127.0.0.2", lambda name: ["127.0.0.1", "127.0.0.2"])) as fetcher,
    ):
        result = failed(fetcher.fetch(Feed(server.url(host="mixed.example"), "f")))
        assert server.connections == 0
    assert result.kind == FeedError.UNREACHABLE


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_redirect_to_a_private_address_is_not_followed(scheme: str) -> None:
    """The test allows the address of the first host. The address of the redirect's target is checked, too."""
    with raw_server(http_response(b"<rss/>")) as inside:
        to = f"{scheme}://127.0.0.2:{inside.port}/latest/meta-data/"
        with (
            raw_server(http_response(status="302 Found", Location=to)) as outside,
            closing(allowing("127.0.0.1")) as fetcher,
        ):
            result = failed(fetcher.fetch(Feed(outside.url(), "f")))
            assert (outside.connections, inside.connections) == (1, 0)
    assert result.detail == f"127.0.0.2 has no public IP address; {HINT}"


def test_a_host_that_changes_its_address_is_checked_each_time() -> None:
    """DNS rebinding: the first lookup returns a public address, the second a private one."""
    responses = [["127.0.0.1"], ["127.0.0.2"]]
    with (
        raw_server(http_response(b"<rss/>", Connection="close")) as server,
        closing(allowing("127.0.0.1", lambda name: responses.pop(0))) as fetcher,
    ):
        fetched(fetcher.fetch(Feed(server.url(host="rebinding.example"), "f")))
        result = failed(fetcher.fetch(Feed(server.url(host="rebinding.example"), "f")))
        assert server.connections == 1
    assert result.kind == FeedError.PRIVATE_ADDRESS
    assert responses == []


def test_a_host_is_looked_up_once_and_the_checked_address_is_used() -> None:
    lookups: list[str] = []

    def resolver(name: str) -> Sequence[str]:
        lookups.append(name)
        return ["127.0.0.1"] if len(lookups) == 1 else ["127.0.0.2"]

    with raw_server(http_response(b"<rss/>")) as server, closing(allowing("127.0.0.1", resolver)) as fetcher:
        fetched(fetcher.fetch(Feed(server.url(host="once.example"), "f")))
    assert lookups == ["once.example"]


def test_an_unreachable_address_is_skipped_for_the_next_one() -> None:
    with raw_server(http_response(b"<rss/>")) as server:
        environment = FetchEnvironment(PATIENT, lambda name: ["::1", "127.0.0.9", "127.0.0.1"])
        with closing(Fetcher(allow_private_addresses=True, environment=environment)) as fetcher:
            fetched(fetcher.fetch(Feed(server.url(host="several.example"), "f")))


@pytest.mark.parametrize(
    "to", ["file:///etc/passwd", "ftp://127.0.0.1/feed", "data:text/xml,<rss/>", "gopher://127.0.0.1/", "javascript:1"]
)
def test_redirects_to_other_schemes_are_not_followed(to: str) -> None:
    with (
        raw_server(http_response(status="301 Moved Permanently", Location=to)) as server,
        closing(allowing("127.0.0.1")) as fetcher,
    ):
        result = failed(fetcher.fetch(Feed(server.url(), "f")))
    assert result.kind == FeedError.REDIRECTS
    assert result.detail.endswith("which is not an http(s) URL")


def allowing(address: str, resolver: Callable[[str], Sequence[str]] = lambda name: [name]) -> Fetcher:
    """A Fetcher that may connect to one address of this machine, as if the address were public."""
    return Fetcher(environment=FetchEnvironment(PATIENT, resolver, is_allowed_address=lambda other: other == address))
