"""What a request carries: our headers, the user's, secrets from elsewhere, a login; and nothing else."""

from __future__ import annotations

import base64
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fetching import DOCUMENT, edges, failed, fetch, fetched

from feedarchive import __version__
from feedarchive.feeds.feed import Feed
from feedarchive.polling.fetcher import Fetcher
from feedarchive.polling.results import FetchFailed
from loopback import Answer, FeedServer
from raw_server import http_answer, raw_server


@pytest.fixture
def url(server: FeedServer) -> str:
    return server.serve("/feed", DOCUMENT)


def test_a_request_is_short_and_honest() -> None:
    with raw_server(http_answer(DOCUMENT)) as server:
        with Fetcher("https://example.org/me", True, edges=edges()) as fetcher:
            fetched(fetcher.fetch(Feed(server.url("/a?b=c"), "f")))
        (request,) = server.asked
    assert request.decode() == (
        "GET /a?b=c HTTP/1.1\r\n"
        f"Host: 127.0.0.1:{server.port}\r\n"
        f"User-Agent: Feedarchive/{__version__} (+https://example.org/me)\r\n"
        "Accept: application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, */*;q=0.5\r\n"
        "Accept-Encoding: gzip, deflate, br, zstd\r\n\r\n"
    )


def test_a_feed_may_have_a_user_agent_of_its_own(server: FeedServer, url: str) -> None:
    fetched(fetch(url, user_agent="Reader/1 (mine)"))
    assert server.asked[0].headers["User-Agent"] == "Reader/1 (mine)"


def test_headers_of_the_feed_stand_in_place_of_ours(server: FeedServer, url: str) -> None:
    fetched(fetch(url, headers={"user-agent": "Mine", "ACCEPT": "text/xml", "X-Key": "k"}))
    sent = server.asked[0].headers
    assert (sent["user-agent"], sent["ACCEPT"], sent["X-Key"]) == ("Mine", "text/xml", "k")
    assert not {"User-Agent", "Accept"} & set(sent)


def test_a_secret_comes_from_the_environment(server: FeedServer, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWS_TOKEN", " gold \n")
    fetched(fetch(url, headers={"Authorization": "Bearer env:NEWS_TOKEN", "X-Key": "env:NEWS_TOKEN"}))
    sent = server.asked[0].headers
    assert (sent["Authorization"], sent["X-Key"]) == ("Bearer gold", "gold")


@pytest.mark.parametrize("secret", ["", "  ", "two\nlines", "gülden", "x\x7fy"])
def test_a_secret_that_cannot_be_sent_is_not_shown(url: str, secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWS_TOKEN", secret)
    answer = failed(fetch(url, headers={"X-Key": "env:NEWS_TOKEN"}))
    assert answer.kind == "secret"
    assert answer.detail == (
        "headers.X-Key: env:NEWS_TOKEN is empty or cannot be sent in a header (expected one line of plain ASCII)"
    )


def test_a_secret_that_is_missing_is_named_and_nothing_is_asked(server: FeedServer, url: str) -> None:
    answer = failed(fetch(url, headers={"X-Key": "env:NO_SUCH_TOKEN"}))
    assert answer == FetchFailed("secret", "headers.X-Key: the environment variable NO_SUCH_TOKEN is not set")
    assert server.asked == []


def test_a_secret_comes_from_the_parameter_store(server: FeedServer, url: str, aws: str) -> None:
    import boto3

    ssm: Any = boto3.client("ssm")
    ssm.put_parameter(Name="/feedarchive/news", Value="gold", Type="SecureString")
    feed = Feed(url, "f", headers={"Authorization": "Bearer ssm:/feedarchive/news"})
    with Fetcher(allow_private_addresses=True, edges=edges()) as fetcher:
        fetched(fetcher.fetch(feed))
        ssm.delete_parameter(Name="/feedarchive/news")
        fetched(fetcher.fetch(feed))  # asked for once in a run
    assert [asked.headers["Authorization"] for asked in server.asked] == ["Bearer gold", "Bearer gold"]
    answer = failed(fetch(url, headers=feed.headers))
    told = "headers.Authorization: the SSM parameter /feedarchive/news does not exist"
    assert answer == FetchFailed("secret", told)


def test_a_parameter_store_that_is_not_to_be_had_is_named(url: str) -> None:
    answer = failed(fetch(url, headers={"X-Key": "ssm:/feedarchive/news"}))
    assert answer.kind == "secret"
    assert answer.detail.startswith("headers.X-Key: the SSM parameter /feedarchive/news cannot be read (No")


@pytest.mark.parametrize(
    ("login", "sent"),
    [
        ("alice:secret", "alice:secret"),
        ("alice:s%40:c", "alice:s@:c"),
        ("alice", "alice:"),
        ("%C3%A4:%E6%BC%A2", "ä:漢"),
    ],
)
def test_a_login_in_the_url_is_basic_authentication(server: FeedServer, url: str, login: str, sent: str) -> None:
    answer = fetched(fetch(url.replace("//", f"//{login}@")))
    assert base64.b64decode(server.asked[0].headers["Authorization"].removeprefix("Basic ")).decode() == sent
    assert answer.url == url
    assert "@" not in server.asked[0].headers["Host"]


def test_a_header_beats_the_login_in_the_url(server: FeedServer, url: str) -> None:
    fetched(fetch(url.replace("//", "//alice:secret@"), headers={"authorization": "Bearer k"}))
    assert server.asked[0].headers["authorization"] == "Bearer k"
    assert "Authorization" not in server.asked[0].headers


def test_a_login_that_is_not_taken_is_told(server: FeedServer) -> None:
    server.answers["/feed"] = Answer(status=401)
    answer = failed(fetch(server.url("/feed").replace("//", "//alice:secret@")))
    assert answer.detail == "the server answers 401 Unauthorized: it does not take the login it is given"


def test_no_cookie_is_kept_and_no_netrc_read(
    server: FeedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login alice password secret\n")
    url = server.serve("/feed", DOCUMENT, **{"Set-Cookie": "session=1; Path=/"})
    with Fetcher(allow_private_addresses=True, edges=edges()) as fetcher:
        for _ in range(2):
            fetched(fetcher.fetch(Feed(url, "f")))
    for asked in server.asked:
        assert not {"Cookie", "Authorization", "Referer"} & set(asked.headers)


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "all_proxy"])
def test_no_proxy_of_the_environment_unless_asked_for(url: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    fetched(fetch(url))


def test_a_proxy_that_is_asked_for_gets_the_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    feed = Feed("http://somewhere.example/feed", "f")
    with raw_server(http_answer(DOCUMENT, Connection="close")) as proxy:
        address = proxy.url("").replace("//", "//al%40ice:secret@")
        monkeypatch.setenv("http_proxy", address)
        for asked_for in (address, "environment"):
            with Fetcher(proxy=asked_for, edges=edges(resolver=lambda name: [])) as fetcher:
                fetched(fetcher.fetch(feed))
        assert len(proxy.asked) == 2
    login = base64.b64encode(b"al@ice:secret").decode()
    for request in proxy.asked:
        assert request.startswith(b"GET http://somewhere.example/feed HTTP/1.1\r\n")
        assert b"\r\nHost: somewhere.example\r\n" in request
        assert f"Proxy-Authorization: Basic {login}\r\n".lower() in request.decode().lower()


def test_a_proxy_is_asked_to_connect_for_https() -> None:
    with raw_server(b"HTTP/1.1 403 Forbidden\r\n\r\n") as proxy, Fetcher(proxy=proxy.url(""), edges=edges()) as fetcher:
        answer = failed(fetcher.fetch(Feed("https://somewhere.example/feed", "f")))
        assert proxy.asked[0].startswith(b"CONNECT somewhere.example:443 HTTP/1.")
    assert answer.kind == "unreachable"
    assert "proxy" in answer.detail


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "[::1]", "localhost", "169.254.169.254"])
def test_no_proxy_is_asked_for_a_private_address(host: str) -> None:
    with raw_server(http_answer(DOCUMENT)) as proxy, Fetcher(proxy=proxy.url(""), edges=edges()) as fetcher:
        assert failed(fetcher.fetch(Feed(f"http://{host}/feed", "f"))).kind == "refused"
        assert proxy.connections == 0


def test_a_proxy_that_is_down_is_told_without_its_password() -> None:
    with raw_server(b"") as server:
        address = server.url("").replace("//", "//alice:secret@")
    with Fetcher(proxy=address, edges=edges()) as fetcher:
        answers = [
            failed(fetcher.fetch(Feed(f"{scheme}://somewhere.example/feed", "f"))) for scheme in ("http", "https")
        ]
    assert answers == [FetchFailed("proxy", "no connection to the proxy: Connection refused")] * 2


def no_such_name(name: str) -> list[Any]:
    raise socket.gaierror(socket.EAI_NONAME, f"{name} is unknown")


def test_a_proxy_whose_name_leads_nowhere_is_told() -> None:
    with Fetcher(proxy="http://proxy.example:3128", edges=edges(resolver=no_such_name)) as fetcher:
        answer = failed(fetcher.fetch(Feed("https://somewhere.example/feed", "f")))
    assert answer == FetchFailed("proxy", "the name of the proxy does not exist")


def test_one_fetcher_serves_many_threads(server: FeedServer) -> None:
    feeds = [Feed(server.serve(f"/{n}", DOCUMENT, ETag=f'"{n}"'), str(n), headers={"X-Key": str(n)}) for n in range(64)]
    with Fetcher(allow_private_addresses=True, edges=edges()) as fetcher, ThreadPoolExecutor(32) as threads:
        answers = list(threads.map(fetcher.fetch, feeds))
    assert [fetched(answer).etag for answer in answers] == [f'"{n}"' for n in range(64)]
    assert all(asked.headers["X-Key"] == asked.path[1:] for asked in server.asked)
