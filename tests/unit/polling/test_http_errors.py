"""HTTP responses without a document: the kind and message of each status, rate limits, challenge pages."""

from __future__ import annotations

from datetime import timedelta

import brotli
import pytest

from feedarchive.polling.http_errors import http_error
from feedarchive.polling.results import FetchFailed
from feedarchive.problems import FeedError
from tests.harness.clock import CHRISTMAS
from tests.harness.raw_server import http_response, raw_server
from tests.unit.polling.fetching import DOCUMENT, failed, fetch, fetched

IN_AN_HOUR = "Thu, 25 Dec 2025 11:00:00 GMT"


@pytest.mark.parametrize(
    ("status", "kind", "detail"),
    [
        (401, FeedError.LOGIN, "HTTP 401 Unauthorized: a login is required"),
        (403, FeedError.FORBIDDEN, "HTTP 403 Forbidden"),
        (
            406,
            FeedError.HTTP,
            "HTTP 406 Not Acceptable: the server refuses this program or the formats that it asks for: in feeds.toml, "
            'give the feed another user_agent or headers = { Accept = "*/*" }',
        ),
        (404, FeedError.NOT_FOUND, "HTTP 404 Not Found"),
        (410, FeedError.GONE, "HTTP 410 Gone: the feed is gone for good"),
        (429, FeedError.RATE_LIMITED, "HTTP 429 Too Many Requests"),
        (500, FeedError.SERVER_ERROR, "HTTP 500 Internal Server Error"),
        (503, FeedError.SERVER_ERROR, "HTTP 503 Service Unavailable"),
        (204, FeedError.EMPTY, "HTTP 204 No Content: the response has no document"),
        (205, FeedError.EMPTY, "HTTP 205 Reset Content: the response has no document"),
        (206, FeedError.HTTP, "HTTP 206 Partial Content"),
        (300, FeedError.HTTP, "HTTP 300 Multiple Choices"),
        (304, FeedError.HTTP, "HTTP 304 Not Modified"),
        (400, FeedError.HTTP, "HTTP 400 Bad Request"),
        (520, FeedError.SERVER_ERROR, "HTTP 520 Its Own Word"),
        (999, FeedError.HTTP, "HTTP 999 Its Own Word"),
    ],
)
def test_the_error_of_each_status(status: int, kind: FeedError, detail: str) -> None:
    with raw_server(http_response(b"", f"{status} Its Own Word", Content_Type="text/html")) as server:
        assert failed(fetch(server.url())) == FetchFailed(kind, detail, status)


def test_a_reason_phrase_of_the_server_is_shortened_and_printable() -> None:
    with raw_server(b"HTTP/1.1 520 \x1b[31mRed\xe4 " + b"x" * 500 + b"\r\n\r\n") as server:
        assert failed(fetch(server.url())).detail == f"HTTP 520 [31mRed {'x' * 32}"


@pytest.mark.parametrize(
    ("status", "kind"),
    [("429 X", FeedError.RATE_LIMITED), ("503 X", FeedError.SERVER_ERROR), ("403 X", FeedError.FORBIDDEN)],
)
@pytest.mark.parametrize(
    ("value", "wait", "until"),
    [
        ("120", timedelta(minutes=2), "2025-12-25 10:02"),
        (IN_AN_HOUR, timedelta(hours=1), "2025-12-25 11:00"),
        ("999999999", timedelta(seconds=999999999), "2057-09-02 11:46"),
    ],
)
def test_the_message_says_until_when_the_feed_is_rate_limited(
    status: str, kind: FeedError, value: str, wait: timedelta, until: str
) -> None:
    # The server's clock is a year late. Only the difference between its Date and Retry-After counts.
    date = "Wed, 25 Dec 2024 10:00:00 GMT"
    value = value.replace("Thu, 25 Dec 2025", "Wed, 25 Dec 2024")
    with raw_server(http_response(status=status, Retry_After=value, Date=date)) as server:
        result = failed(fetch(server.url()))
    assert (result.kind, result.retry_after) == (kind, wait)
    assert result.detail.endswith(f": rate limited until {until} UTC")


def test_a_wait_beyond_the_last_year_has_a_message() -> None:
    far = http_error(429, "", "", timedelta(days=2_000_000), CHRISTMAS.replace(year=9000))
    assert far.detail.endswith("rate limited until after the year 9999")


@pytest.mark.parametrize(
    ("status", "headers", "page", "provider"),
    [
        ("403 Forbidden", {"Cf_Mitigated": FeedError.CHALLENGE}, b"<title>Just a moment...</title>", "Cloudflare"),
        ("503 Service Unavailable", {}, b'<script src="/cdn-cgi/challenge-platform/h/b/x.js">', "Cloudflare"),
        ("202 Accepted", {"x_amzn_waf_action": FeedError.CHALLENGE}, b"", "AWS WAF"),
        ("405 Method Not Allowed", {"x_amzn_waf_action": "captcha"}, b"", "AWS WAF"),
        ("429 Too Many Requests", {"x_vercel_mitigated": FeedError.CHALLENGE}, b"", "Vercel"),
        ("403 Forbidden", {"X_DataDome": "protected"}, b"", "DataDome"),
        ("403 Forbidden", {}, b'<iframe src="/_Incapsula_Resource?SWUDNSAI=31">', "Imperva"),
        ("403 Forbidden", {"Server": "ddos-guard"}, b"<title>DDoS-Guard</title>", "DDoS-Guard"),
        ("403 Forbidden", {}, b'<div class="h-captcha">', "hCaptcha"),
    ],
)
def test_a_challenge_page_is_detected(status: str, headers: dict[str, str], page: bytes, provider: str) -> None:
    with raw_server(http_response(page, status, Content_Type="text/html", **headers)) as server:
        result = failed(fetch(server.url()))
    assert result.kind == FeedError.CHALLENGE
    assert result.detail == f"HTTP {status}: a challenge page of {provider}, which only a browser can pass"


@pytest.mark.parametrize(("status", "kind"), [(404, FeedError.NOT_FOUND), (410, FeedError.GONE)])
def test_a_challenge_script_in_the_page_of_a_404_or_410_does_not_matter(status: int, kind: FeedError) -> None:
    page = b'<script src="/cdn-cgi/challenge-platform/h/b/x.js">'
    with raw_server(http_response(page, f"{status} X", Content_Type="text/html")) as server:
        assert failed(fetch(server.url())).kind == kind


def test_a_compressed_challenge_page_is_detected() -> None:
    page = brotli.compress(b"<html>" + b"<p>text</p>" * 2000 + b"/cdn-cgi/challenge-platform/")
    with raw_server(http_response(page, "403 Forbidden", Content_Encoding="br")) as server:
        assert failed(fetch(server.url())).kind == FeedError.CHALLENGE


def test_a_page_that_only_mentions_cloudflare_is_not_a_challenge() -> None:
    with raw_server(http_response(b"<p>Hosted with Cloudflare</p>", "403 Forbidden", Cf_Ray="1")) as server:
        assert failed(fetch(server.url())).kind == FeedError.FORBIDDEN


@pytest.mark.parametrize("body", [b"", b" \r\n\t\n"])
def test_200_without_content_is_an_error(body: bytes) -> None:
    with raw_server(http_response(body)) as server:
        assert failed(fetch(server.url())) == FetchFailed(FeedError.EMPTY, "the server sent an empty document", 200)


def test_203_is_a_document() -> None:
    with raw_server(http_response(DOCUMENT, "203 Non-Authoritative Information")) as server:
        assert fetched(fetch(server.url())).body == DOCUMENT
