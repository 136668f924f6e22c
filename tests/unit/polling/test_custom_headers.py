"""What is sent: our headers, custom headers with their secrets, a login; and nothing else."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from feedarchive import __version__
from feedarchive.feeds.feed import Feed
from feedarchive.polling.fetcher import Fetcher
from feedarchive.polling.results import FetchFailed
from feedarchive.problems import FeedError
from tests.harness.feed_server import FeedServer, Response
from tests.harness.raw_server import http_response, raw_server
from tests.unit.polling.fetching import DOCUMENT, failed, fetch, fetch_environment, fetched, local_fetcher


def test_the_headers_of_a_request() -> None:
    with raw_server(http_response(DOCUMENT)) as server:
        with closing(Fetcher("https://example.org/me", True, environment=fetch_environment())) as fetcher:
            fetched(fetcher.fetch(Feed(server.url("/a?b=c"), "f")))
        (request,) = server.requests
    assert request.decode() == (
        "GET /a?b=c HTTP/1.1\r\n"
        f"Host: 127.0.0.1:{server.port}\r\n"
        f"User-Agent: Feedarchive/{__version__} (+https://example.org/me)\r\n"
        "Accept: application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, */*;q=0.5\r\n"
        "Accept-Encoding: gzip, deflate, br, zstd\r\n\r\n"
    )


def test_a_feed_may_have_its_own_user_agent(server: FeedServer, url: str) -> None:
    fetched(fetch(url, user_agent="Reader/1 (mine)"))
    assert server.requests[0].headers["User-Agent"] == "Reader/1 (mine)"


def test_custom_headers_replace_ours(server: FeedServer, url: str) -> None:
    fetched(fetch(url, headers={"user-agent": "Mine", "ACCEPT": "text/xml", "X-Key": "k"}))
    sent = server.requests[0].headers
    assert (sent["user-agent"], sent["ACCEPT"], sent["X-Key"]) == ("Mine", "text/xml", "k")
    assert not {"User-Agent", "Accept"} & set(sent)


def test_a_secret_comes_from_the_environment(server: FeedServer, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWS_TOKEN", " gold \n")
    fetched(fetch(url, headers={"Authorization": "Bearer env:NEWS_TOKEN", "X-Key": "env:NEWS_TOKEN"}))
    sent = server.requests[0].headers
    assert (sent["Authorization"], sent["X-Key"]) == ("Bearer gold", "gold")


@pytest.mark.parametrize("secret", ["", "  ", "two\nlines", "gülden", "x\x7fy"])
def test_a_secret_that_cannot_be_sent_is_not_shown(url: str, secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWS_TOKEN", secret)
    result = failed(fetch(url, headers={"X-Key": "env:NEWS_TOKEN"}))
    assert result.kind == FeedError.SECRET
    assert result.detail == (
        "headers.X-Key: env:NEWS_TOKEN is empty or cannot be sent: set it to one line of ASCII characters"
    )


def test_a_missing_secret_is_an_error_and_nothing_is_requested(server: FeedServer, url: str) -> None:
    result = failed(fetch(url, headers={"X-Key": "env:NO_SUCH_TOKEN"}))
    assert result == FetchFailed(FeedError.SECRET, "headers.X-Key: the environment variable NO_SUCH_TOKEN is not set")
    assert server.requests == []


def test_a_secret_comes_from_the_parameter_store(server: FeedServer, url: str, aws: str) -> None:
    import boto3

    ssm: Any = boto3.client("ssm")
    ssm.put_parameter(Name="/feedarchive/news", Value="gold", Type="SecureString")
    feed = Feed(url, "f", headers={"Authorization": "Bearer ssm:/feedarchive/news"})
    with closing(local_fetcher()) as fetcher:
        fetched(fetcher.fetch(feed))
        ssm.delete_parameter(Name="/feedarchive/news")
        fetched(fetcher.fetch(feed))  # the fetcher has kept the secret
    assert [request.headers["Authorization"] for request in server.requests] == ["Bearer gold", "Bearer gold"]
    result = failed(fetch(url, headers=feed.headers))
    detail = "headers.Authorization: the SSM parameter /feedarchive/news does not exist"
    assert result == FetchFailed(FeedError.SECRET, detail)


def test_an_unavailable_parameter_store_is_an_error(url: str) -> None:
    result = failed(fetch(url, headers={"X-Key": "ssm:/feedarchive/news"}))
    assert result.kind == FeedError.SECRET
    assert result.detail.startswith("headers.X-Key: the SSM parameter /feedarchive/news cannot be read (No")


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
    result = fetched(fetch(url.replace("//", f"//{login}@")))
    assert base64.b64decode(server.requests[0].headers["Authorization"].removeprefix("Basic ")).decode() == sent
    assert result.url == url
    assert "@" not in server.requests[0].headers["Host"]


def test_a_header_replaces_the_login_of_the_url(server: FeedServer, url: str) -> None:
    fetched(fetch(url.replace("//", "//alice:secret@"), headers={"authorization": "Bearer k"}))
    assert server.requests[0].headers["authorization"] == "Bearer k"
    assert "Authorization" not in server.requests[0].headers


def test_a_rejected_login_has_its_own_message(server: FeedServer) -> None:
    server.responses["/feed"] = Response(status=401)
    result = failed(fetch(server.url("/feed").replace("//", "//alice:secret@")))
    assert result.detail == "HTTP 401 Unauthorized: the login was rejected"


def test_a_message_does_not_repeat_what_the_server_repeats(server: FeedServer) -> None:
    url = server.url("/feed?token=swordfish")
    headers = {"Location": "gopher://example.org/?from=token=swordfish&auth=open-sesame"}
    server.responses["/feed?token=swordfish"] = Response(status=302, headers=headers)
    result = failed(fetch(url, headers={"Authorization": "Bearer open-sesame"}))
    assert result.detail.startswith("redirect to gopher://example.org/?from=token=")
    assert "swordfish" not in result.detail + repr(Feed(url, "f", headers={"X-Key": "swordfish"}))
    assert "sesame" not in result.detail


@pytest.mark.parametrize(
    ("challenge", "detail"),
    [
        ('Basic realm="x"', "the login was rejected"),
        ('Digest realm="x, Basic", qop="auth", nonce="n", Basic realm="y"', "the login was rejected"),
        (
            'Digest realm="x", qop="auth", nonce="n"',
            "the server wants Digest authentication, which is not supported: ask the publisher for another login",
        ),
    ],
)
def test_digest_authentication_is_named(server: FeedServer, challenge: str, detail: str) -> None:
    server.responses["/feed"] = Response(status=401, headers={"WWW-Authenticate": challenge})
    result = failed(fetch(server.url("/feed").replace("//", "//alice:secret@")))
    assert result.detail == f"HTTP 401 Unauthorized: {detail}"


def test_a_login_that_is_not_sent_to_another_host_is_named(server: FeedServer) -> None:
    www = f"http://www.feed.example:{server.port}/feed"
    server.responses["/feed"] = lambda request: (
        Response(status=401) if request.headers["Host"].startswith("www.") else Response(b"", 301, {"Location": www})
    )
    result = failed(fetch(f"http://alice:secret@feed.example:{server.port}/feed"))
    assert result.detail == (
        "HTTP 401 Unauthorized: the login is for feed.example and is not sent to www.feed.example: "
        "if www.feed.example is the right host, replace feed.example with www.feed.example in the feed's URL"
    )
    assert "Authorization" not in server.requests[1].headers


def test_no_cookies_are_kept_and_netrc_is_not_read(
    server: FeedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login alice password secret\n")
    url = server.serve("/feed", DOCUMENT, **{"Set-Cookie": "session=1; Path=/"})
    with closing(local_fetcher()) as fetcher:
        for _ in range(2):
            fetched(fetcher.fetch(Feed(url, "f")))
    for request in server.requests:
        assert not {"Cookie", "Authorization", "Referer"} & set(request.headers)


def test_a_fetcher_is_thread_safe(server: FeedServer) -> None:
    feeds = [Feed(server.serve(f"/{n}", DOCUMENT, ETag=f'"{n}"'), str(n), headers={"X-Key": str(n)}) for n in range(64)]
    with (
        closing(local_fetcher()) as fetcher,
        ThreadPoolExecutor(32) as threads,
    ):
        results = list(threads.map(fetcher.fetch, feeds))
    assert [fetched(result).etag for result in results] == [f'"{n}"' for n in range(64)]
    assert all(request.headers["X-Key"] == request.path[1:] for request in server.requests)
