"""What went wrong, in words a person can act on, and one word for programs."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from datetime import timedelta

import brotli
import pytest
from fetching import DOCUMENT, edges, failed, fetch, fetched

from clock import CHRISTMAS
from feedarchive.polling.dialer import system_resolver
from feedarchive.polling.http_errors import http_error
from feedarchive.polling.results import FetchFailed
from feedarchive.polling.transport_errors import Timeouts
from raw_server import Conversation, http_answer, raw_server

IN_AN_HOUR = "Thu, 25 Dec 2025 11:00:00 GMT"


@pytest.mark.parametrize(
    ("status", "kind", "detail"),
    [
        (401, "login", "the server answers 401 Unauthorized: it wants a login"),
        (403, "forbidden", "the server answers 403 Forbidden"),
        (404, "not-found", "the server answers 404 Not Found"),
        (410, "gone", "the server answers 410: the feed is gone for good"),
        (429, "too-often", "the server answers 429 Too Many Requests"),
        (500, "server-error", "the server answers 500 Internal Server Error"),
        (503, "server-error", "the server answers 503 Service Unavailable"),
        (204, "empty", "the server answers 204 No Content: there is no document"),
        (205, "empty", "the server answers 205 Reset Content: there is no document"),
        (206, "http", "the server answers 206 Partial Content"),
        (300, "http", "the server answers 300 Multiple Choices"),
        (304, "http", "the server answers 304 Not Modified"),
        (400, "http", "the server answers 400 Bad Request"),
        (520, "server-error", "the server answers 520 Its Own Word"),
        (999, "http", "the server answers 999 Its Own Word"),
    ],
)
def test_each_status_has_its_words(status: int, kind: str, detail: str) -> None:
    with raw_server(http_answer(b"", f"{status} Its Own Word", Content_Type="text/html")) as server:
        assert failed(fetch(server.url())) == FetchFailed(kind, detail, status)


def test_words_of_the_server_are_not_trusted() -> None:
    with raw_server(b"HTTP/1.1 520 \x1b[31mRed\xe4 " + b"x" * 500 + b"\r\n\r\n") as server:
        assert failed(fetch(server.url())).detail == f"the server answers 520 [31mRed {'x' * 32}"


@pytest.mark.parametrize(
    ("status", "kind"), [("429 X", "too-often"), ("503 X", "server-error"), ("403 X", "forbidden")]
)
@pytest.mark.parametrize(
    ("written", "wait", "until"),
    [
        ("120", timedelta(minutes=2), "2025-12-25 10:02"),
        (IN_AN_HOUR, timedelta(hours=1), "2025-12-25 11:00"),
        ("99999999999", timedelta(seconds=2**31), "2094-01-12 13:14"),
    ],
)
def test_until_when_it_wants_to_be_left_alone_is_told(
    status: str, kind: str, written: str, wait: timedelta, until: str
) -> None:
    # The server's clock is a year behind; only the difference counts.
    date = "Wed, 25 Dec 2024 10:00:00 GMT"
    written = written.replace("Thu, 25 Dec 2025", "Wed, 25 Dec 2024")
    with raw_server(http_answer(status=status, Retry_After=written, Date=date)) as server:
        answer = failed(fetch(server.url()))
    assert (answer.kind, answer.retry_after) == (kind, wait)
    assert answer.detail.endswith(f": it wants to be left alone until {until} UTC")


def test_a_wait_to_the_end_of_time_can_be_told() -> None:
    far = http_error(429, "", "", timedelta(days=2_000_000), CHRISTMAS.replace(year=9000))
    assert far.detail.endswith("until the end of time, UTC")


@pytest.mark.parametrize(
    ("status", "headers", "page", "who"),
    [
        ("403 Forbidden", {"Cf_Mitigated": "challenge"}, b"<title>Just a moment...</title>", "Cloudflare"),
        ("503 Service Unavailable", {}, b'<script src="/cdn-cgi/challenge-platform/h/b/x.js">', "Cloudflare"),
        ("202 Accepted", {"x_amzn_waf_action": "challenge"}, b"", "AWS WAF"),
        ("405 Method Not Allowed", {"x_amzn_waf_action": "captcha"}, b"", "AWS WAF"),
        ("429 Too Many Requests", {"x_vercel_mitigated": "challenge"}, b"", "Vercel"),
        ("403 Forbidden", {"X_DataDome": "protected"}, b"", "DataDome"),
        ("403 Forbidden", {}, b'<iframe src="/_Incapsula_Resource?SWUDNSAI=31">', "Imperva"),
        ("403 Forbidden", {"Server": "ddos-guard"}, b"<title>DDoS-Guard</title>", "DDoS-Guard"),
        ("403 Forbidden", {}, b'<div class="h-captcha">', "hCaptcha"),
    ],
)
def test_a_challenge_page_is_told_from_a_refusal(status: str, headers: dict[str, str], page: bytes, who: str) -> None:
    with raw_server(http_answer(page, status, Content_Type="text/html", **headers)) as server:
        answer = failed(fetch(server.url()))
    assert answer.kind == "challenge"
    assert answer.detail == f"the server answers {status} with a challenge page of {who}, which only a browser passes"


def test_a_challenge_page_is_seen_though_it_is_compressed() -> None:
    page = brotli.compress(b"<html>" + b"<p>text</p>" * 2000 + b"/cdn-cgi/challenge-platform/")
    with raw_server(http_answer(page, "403 Forbidden", Content_Encoding="br")) as server:
        assert failed(fetch(server.url())).kind == "challenge"


def test_a_page_that_only_speaks_of_cloudflare_is_no_challenge() -> None:
    with raw_server(http_answer(b"<p>Hosted with Cloudflare</p>", "403 Forbidden", Cf_Ray="1")) as server:
        assert failed(fetch(server.url())).kind == "forbidden"


@pytest.mark.parametrize("body", [b"", b" \r\n\t\n"])
def test_200_with_nothing_is_empty(body: bytes) -> None:
    with raw_server(http_answer(body)) as server:
        assert failed(fetch(server.url())) == FetchFailed("empty", "the server answers with an empty document", 200)


def test_203_is_a_document() -> None:
    with raw_server(http_answer(DOCUMENT, "203 Non-Authoritative Information")) as server:
        assert fetched(fetch(server.url())).body == DOCUMENT


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (socket.EAI_NONAME, "the name no.example does not exist"),
        (socket.EAI_AGAIN, "the name no.example cannot be looked up now: the name servers do not answer"),
    ],
)
def test_a_name_that_cannot_be_looked_up(code: int, told: str) -> None:
    def resolver(name: str) -> Sequence[str]:
        raise socket.gaierror(code, "as the system has it")

    assert failed(fetch("http://no.example/", given=edges(resolver=resolver))) == FetchFailed("dns", told)


def test_a_name_without_an_address_does_not_exist() -> None:
    assert failed(fetch("http://no.example/", given=edges(resolver=lambda name: []))).kind == "dns"


def test_a_closed_port_is_unreachable() -> None:
    with raw_server(b"") as server:
        url = server.url(host="closed.example")
    answer = failed(fetch(url))
    assert answer == FetchFailed("unreachable", "no connection to closed.example: Connection refused")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n", "what a.example sends is not HTTP"),
        (b"<rss><channel></channel></rss>", "what a.example sends is not HTTP"),  # HTTP/0.9
        (b"HTTP/1.1 two-hundred OK\r\n\r\n", "what a.example sends is not HTTP"),
        (b"HTTP/1.1 20 OK\r\n\r\n", "what a.example sends is not HTTP"),
        (b"HTTP/2.0 200 OK\r\n\r\n", "what a.example sends is not HTTP"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n", "a.example sends headers that are too long"),
        (b"HTTP/1.1 200 " + b"x" * 70_000 + b"\r\n\r\n", "a.example sends headers that are too long"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 200 + b"\r\n", "a.example sends too many headers"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\n<rss/>", "what a.example sends is not HTTP"),
    ],
)
def test_what_is_no_http_is_told(said: bytes, told: str) -> None:
    with raw_server(said) as server:
        assert failed(fetch(server.url(host="a.example"))) == FetchFailed("connection", told)


@pytest.mark.parametrize(
    "poured", [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"]
)
def test_1xx_answers_without_end_are_left_soon(poured: bytes) -> None:
    def script(conversation: Conversation) -> None:
        conversation.hear()
        conversation.pour(poured * 1000)

    with raw_server(script) as server:
        answer = failed(fetch(server.url(host="a.example")))
    assert answer == FetchFailed("connection", "a.example sends headers without end")


def test_1xx_answers_are_passed_over() -> None:
    said = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + http_answer(DOCUMENT)
    with raw_server(said) as server:
        assert fetched(fetch(server.url())).body == DOCUMENT


@pytest.mark.parametrize("how", [lambda c: c.hear() and None, lambda c: c.hear() and c.reset()])
def test_a_connection_closed_without_an_answer(how: object) -> None:
    with raw_server(how) as server:  # type: ignore[arg-type]
        answer = failed(fetch(server.url(host="a.example")))
        assert server.connections == 1
    assert answer == FetchFailed("connection", "a.example closed the connection without an answer")


@pytest.mark.parametrize(
    "url", [f"http://{'a' * 64}.example/", "http://a..example/", "http://[::1/", "http://a:99999/", "http://exa mple/"]
)
def test_an_address_that_is_none_is_the_feeds_problem(url: str) -> None:
    answer = failed(fetch(url, given=edges(resolver=system_resolver)))
    assert answer.kind in ("dns", "refused", "connection"), answer


def test_a_body_that_is_cut_off_is_told_and_kept() -> None:
    with raw_server(http_answer(DOCUMENT, Content_Length="1000")) as server:
        answer = fetched(fetch(server.url()))
    assert (answer.body, answer.incomplete) == (DOCUMENT, f"the connection broke after {len(DOCUMENT)} bytes")


def test_a_length_that_is_too_short_cuts_the_document() -> None:
    with raw_server(http_answer(DOCUMENT, Content_Length="10")) as server:
        assert fetched(fetch(server.url())).body == DOCUMENT[:10]


@pytest.mark.parametrize("length", ["", "-1", "many", "1e3", "9" * 5000])
def test_a_length_that_is_none_does_not_count(length: str) -> None:
    with raw_server(http_answer(DOCUMENT, Content_Length=length)) as server:
        assert fetched(fetch(server.url())).body == DOCUMENT


@pytest.mark.parametrize("chunks", [b"zz\r\n", b"5\r\n<rss>\r\n-1\r\n", b"5\r\n<rss>\r\n\r\n", b"5\r\n<rss>", b"5"])
def test_chunks_that_are_none_leave_what_came_before(chunks: bytes) -> None:
    with raw_server(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks) as server:
        answer = fetch(server.url())
    if b"<rss>" in chunks:
        assert fetched(answer).body == b"<rss>"
        assert fetched(answer).incomplete == "the connection broke after 5 bytes"
    else:
        assert failed(answer).detail == "the connection broke after 0 bytes"


@pytest.mark.parametrize(
    "poured", [b"1\r\n \r\n" * 1000, b"1;" + b"e" * 60_000 + b"\r\n \r\n", b"0\r\n" + b"A: b\r\n" * 10_000]
)
def test_chunks_without_end_are_too_large(poured: bytes) -> None:
    def script(conversation: Conversation) -> None:
        conversation.hear()
        conversation.say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        conversation.pour(poured)

    with raw_server(script) as server:
        answer = failed(fetch(server.url(), given=edges(Timeouts(total=60.0))))
    assert answer.detail in ("the document is larger than 10 MiB", "the connection broke after 0 bytes")


def test_a_document_without_end_is_too_large() -> None:
    def script(conversation: Conversation) -> None:
        conversation.hear()
        conversation.say(b"HTTP/1.1 200 OK\r\n\r\n<rss>")
        conversation.pour(b" " * 65536)

    with raw_server(script) as server:
        assert failed(fetch(server.url())).detail == "the document is larger than 10 MiB"
