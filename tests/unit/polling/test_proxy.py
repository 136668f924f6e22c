"""Requests through a proxy. The proxy of the environment is used only if the configuration says so."""

from __future__ import annotations

import base64
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest

from feedarchive.feeds.feed import Feed
from feedarchive.polling.fetcher import Fetcher
from feedarchive.polling.results import FetchFailed
from feedarchive.problems import FeedError
from tests.harness.feed_server import FeedServer, RecordedRequest, Response
from tests.harness.raw_server import http_response, raw_server
from tests.unit.polling.fetching import DOCUMENT, failed, fetch, fetch_environment, fetched


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "all_proxy"])
def test_the_proxy_of_the_environment_is_not_used_by_default(
    url: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    fetched(fetch(url))


def test_a_proxy_gets_the_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    feed = Feed("http://somewhere.example/feed", "f")
    with raw_server(http_response(DOCUMENT, Connection="close")) as proxy:
        address = proxy.url("").replace("//", "//al%40ice:secret@")
        monkeypatch.setenv("http_proxy", address)
        for setting in (address, "environment"):
            with closing(Fetcher(proxy=setting, environment=fetch_environment(resolver=lambda name: []))) as fetcher:
                fetched(fetcher.fetch(feed))
        assert len(proxy.requests) == 2
    login = base64.b64encode(b"al@ice:secret").decode()
    for request in proxy.requests:
        assert request.startswith(b"GET http://somewhere.example/feed HTTP/1.1\r\n")
        assert b"\r\nHost: somewhere.example\r\n" in request
        assert f"Proxy-Authorization: Basic {login}\r\n".lower() in request.decode().lower()


def test_many_requests_through_a_proxy_at_once_log_nothing(
    server: FeedServer, caplog: pytest.LogCaptureFixture
) -> None:
    """urllib3 would log a warning for each connection that does not fit into its pool."""
    all_are_there = threading.Barrier(8)

    def respond(request: RecordedRequest) -> Response:
        all_are_there.wait(60)
        return Response(DOCUMENT)

    urls = [f"http://feed{n}.example/feed" for n in range(8)]
    server.responses = dict.fromkeys(urls, respond)
    with (
        closing(Fetcher(proxy=server.url(""), environment=fetch_environment())) as fetcher,
        ThreadPoolExecutor(8) as pool,
    ):
        for _ in range(2):
            for result in pool.map(fetcher.fetch, [Feed(url, "f") for url in urls]):
                fetched(result)
    assert caplog.messages == []


def test_https_goes_through_a_tunnel_of_the_proxy() -> None:
    with (
        raw_server(b"HTTP/1.1 403 Forbidden\r\n\r\n") as proxy,
        closing(Fetcher(proxy=proxy.url(""), environment=fetch_environment())) as fetcher,
    ):
        result = failed(fetcher.fetch(Feed("https://somewhere.example/feed", "f")))
        assert proxy.requests[0].startswith(b"CONNECT somewhere.example:443 HTTP/1.")
    assert result.kind == FeedError.UNREACHABLE
    assert "proxy" in result.detail


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "[::1]", "localhost", "169.254.169.254"])
def test_private_addresses_are_not_requested_from_a_proxy(host: str) -> None:
    with (
        raw_server(http_response(DOCUMENT)) as proxy,
        closing(Fetcher(proxy=proxy.url(""), environment=fetch_environment())) as fetcher,
    ):
        assert failed(fetcher.fetch(Feed(f"http://{host}/feed", "f"))).kind == FeedError.PRIVATE_ADDRESS
        assert proxy.connections == 0


def test_the_error_of_an_unreachable_proxy_has_no_password() -> None:
    with raw_server(b"") as server:
        address = server.url("").replace("//", "//alice:secret@")
    with closing(Fetcher(proxy=address, environment=fetch_environment())) as fetcher:
        results = [
            failed(fetcher.fetch(Feed(f"{scheme}://somewhere.example/feed", "f"))) for scheme in ("http", "https")
        ]
    assert results == [FetchFailed(FeedError.PROXY, "cannot connect to the proxy: Connection refused")] * 2


def no_such_host(name: str) -> list[Any]:
    raise socket.gaierror(socket.EAI_NONAME, f"{name} is unknown")


def test_a_proxy_whose_host_does_not_exist() -> None:
    with closing(
        Fetcher(proxy="http://proxy.example:3128", environment=fetch_environment(resolver=no_such_host))
    ) as fetcher:
        result = failed(fetcher.fetch(Feed("https://somewhere.example/feed", "f")))
    assert result == FetchFailed(FeedError.PROXY, "the proxy's host name does not exist")
