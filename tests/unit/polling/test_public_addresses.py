"""Connections go to public addresses only, whatever form an address is in and whoever names it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from fetching import QUICK, failed, fetched

from feedarchive.feeds.feed import Feed
from feedarchive.polling.fetcher import FetchEnvironment, Fetcher
from feedarchive.polling.private_addresses import is_public
from feedarchive.polling.results import FetchResult
from raw_server import http_answer, raw_server

PERMITS = "allow_private_addresses = true below [fetch] in feeds.toml permits a home network"
PUBLIC = [
    "93.184.216.34", "1.1.1.1", "172.15.0.1", "172.32.0.1", "100.63.255.255", "100.128.0.1", "223.255.255.255",
    "2606:4700::1111", "2a00:1450:4001::200e", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8",
]  # fmt: skip
NOT_PUBLIC = [
    # loopback, private, link-local, shared (CGNAT), reserved, multicast, broadcast, documentation, benchmarks
    "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.1.1",
    "100.64.0.1", "100.100.100.200", "100.127.255.255", "0.0.0.0", "0.1.2.3", "240.0.0.1", "255.255.255.255",
    "224.0.0.1", "239.255.255.255", "192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "192.0.0.192",
    "192.88.99.1",
    # metadata of clouds
    "169.254.169.254", "169.254.170.2", "169.254.169.123", "fd00:ec2::254", "fd20:ce::254",
    # IPv6 of the same kinds
    "::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1", "ff0e::1", "100::1",
    "2001:db8::1", "3fff::1", "5f00::1", "4000::1", "2001:2::1", "2001:10::1",
    # IPv4 in it
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
def test_an_address_that_is_not_public_is_not_in_any_form(address: str) -> None:
    assert not is_public(address)


def fetch_publicly(url: str, resolver: dict[str, Sequence[str]] | None = None) -> FetchResult:
    found = resolver or {}
    with Fetcher(edges=FetchEnvironment(QUICK, lambda name: found.get(name.rstrip("."), ()))) as fetcher:
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
def test_no_connection_to_an_address_written_in_the_url(host: str) -> None:
    with raw_server(http_answer(b"<rss/>")) as server:
        answer = failed(fetch_publicly(server.url(host=host)))
        assert server.connections == 0
    assert answer.kind in ("refused", "dns"), answer
    assert "not at a public address" in answer.detail or "does not exist" in answer.detail


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "10.0.0.1", "169.254.169.254"])
@pytest.mark.parametrize("host", ["inside.example", "inside.example."])
def test_no_connection_to_what_a_name_leads_to(host: str, address: str) -> None:
    with raw_server(http_answer(b"<rss/>")) as server:
        answer = failed(fetch_publicly(server.url(host=host), {"inside.example": [address]}))
        assert server.connections == 0
    assert answer.kind == "refused"
    assert answer.detail == f"{host} is not at a public address ({PERMITS})"


@pytest.mark.parametrize("host", ["localhost", "localhost.", "LOCALHOST"])
def test_no_connection_to_this_machine_by_its_name(host: str) -> None:
    with raw_server(http_answer(b"<rss/>")) as server, Fetcher() as fetcher:
        # Not every resolver knows the name with a dot behind it.
        assert failed(fetcher.fetch(Feed(server.url(host=host), "f"))).kind in ("refused", "dns")
        assert server.connections == 0


def test_what_is_not_public_among_public_addresses_is_passed_over() -> None:
    # 192.0.2.1 and its like are for documents, so nothing here is ever connected to.
    with raw_server(http_answer(b"<rss/>")) as server:
        answer = failed(fetch_publicly(server.url(host="mixed.example"), {"mixed.example": ["127.0.0.1", "192.0.2.1"]}))
        assert server.connections == 0
    assert answer.kind == "refused"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_redirect_leads_to_no_private_address(scheme: str) -> None:
    """The first host is allowed for the test's sake; where it sends us is looked at anew."""
    with raw_server(http_answer(b"<rss/>")) as inside:
        to = f"{scheme}://127.0.0.2:{inside.port}/latest/meta-data/"
        with raw_server(http_answer(status="302 Found", Location=to)) as outside, allowing("127.0.0.1") as fetcher:
            answer = failed(fetcher.fetch(Feed(outside.url(), "f")))
            assert (outside.connections, inside.connections) == (1, 0)
    assert answer.detail == f"127.0.0.2 is not at a public address ({PERMITS})"


def test_a_name_that_changes_its_address_is_looked_at_each_time() -> None:
    """DNS rebinding: the first answer is harmless, the second is not."""
    answers = [["127.0.0.1"], ["127.0.0.2"]]
    with (
        raw_server(http_answer(b"<rss/>", Connection="close")) as server,
        allowing("127.0.0.1", lambda name: answers.pop(0)) as fetcher,
    ):
        fetched(fetcher.fetch(Feed(server.url(host="twofaced.example"), "f")))
        answer = failed(fetcher.fetch(Feed(server.url(host="twofaced.example"), "f")))
        assert server.connections == 1
    assert answer.kind == "refused"
    assert answers == []


def test_a_name_is_asked_for_once_and_that_answer_is_connected_to() -> None:
    asked: list[str] = []

    def resolver(name: str) -> Sequence[str]:
        asked.append(name)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    with raw_server(http_answer(b"<rss/>")) as server, allowing("127.0.0.1", resolver) as fetcher:
        fetched(fetcher.fetch(Feed(server.url(host="once.example"), "f")))
    assert asked == ["once.example"]


def test_addresses_that_do_not_answer_do_not_keep_from_those_that_do() -> None:
    with raw_server(http_answer(b"<rss/>")) as server:
        edges = FetchEnvironment(QUICK, lambda name: ["::1", "127.0.0.9", "127.0.0.1"])
        with Fetcher(allow_private_addresses=True, edges=edges) as fetcher:
            fetched(fetcher.fetch(Feed(server.url(host="several.example"), "f")))


@pytest.mark.parametrize(
    "to", ["file:///etc/passwd", "ftp://127.0.0.1/feed", "data:text/xml,<rss/>", "gopher://127.0.0.1/", "javascript:1"]
)
def test_no_scheme_but_http_and_https(to: str) -> None:
    with (
        raw_server(http_answer(status="301 Moved Permanently", Location=to)) as server,
        allowing("127.0.0.1") as fetcher,
    ):
        answer = failed(fetcher.fetch(Feed(server.url(), "f")))
    assert answer.kind == "redirects"
    assert answer.detail.endswith("which is not http(s)")


def allowing(address: str, resolver: Callable[[str], Sequence[str]] = lambda name: [name]) -> Fetcher:
    """A Fetcher for which one address of this machine counts as public."""
    return Fetcher(edges=FetchEnvironment(QUICK, resolver, public=lambda found: found == address))
