"""A server that sends a byte now and then, wherever it does, ends with the feed's total time."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

import pytest
from fetching import edges, failed, fetch

from feedarchive.feeds.feed import Feed
from feedarchive.polling.fetcher import Fetcher
from feedarchive.polling.transport_errors import Timeouts
from raw_server import Conversation, Script, raw_server

SHORT = Timeouts(total=0.5, connect=0.5, silence=0.5)
SLACK = 0.4  # seconds that two busy cores may take for nothing
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
GZIP_WITH_A_NAME = b"\x1f\x8b\x08\x08\0\0\0\0\0\0"  # and the name has no end


def dripping(before: bytes, drop: bytes = b"x") -> Script:
    def script(conversation: Conversation) -> None:
        conversation.hear()
        conversation.say(before)
        conversation.drip(drop)

    return script


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(dripping(b""), id="nothing but drops"),
        pytest.param(dripping(b"HTTP/1.1 200 O", b"K"), id="in the status line"),
        pytest.param(dripping(HEAD + b"X-Long: ", b"y"), id="in a header"),
        pytest.param(dripping(HEAD, b"X-Many: 1\r\n"), id="in header after header"),
        pytest.param(dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), id="in 1xx answers"),
        pytest.param(dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"0"), id="in a chunk's size"),
        pytest.param(dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;", b"e"), id="in a chunk's extension"),
        pytest.param(dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"), id="in chunks of one byte"),
        pytest.param(dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"A: b\r\n"), id="in trailers"),
        pytest.param(dripping(HEAD + b"\r\n<rss>"), id="in the body"),
        pytest.param(dripping(HEAD + b"Content-Length: 99999\r\n\r\n<rss>"), id="in a body with a length"),
        pytest.param(dripping(HEAD + b"Content-Encoding: gzip\r\n\r\n" + GZIP_WITH_A_NAME), id="in a compressed body"),
    ],
)
def test_a_server_that_drips_is_left_in_time(script: Script) -> None:
    with raw_server(script) as server:
        started = time.monotonic()
        answer = failed(fetch(server.url(), given=edges(SHORT)))
        assert time.monotonic() - started < SHORT.total + SLACK
    assert (answer.kind, answer.detail) == ("timeout", "it took longer than 0.5 seconds in all")


def test_a_page_that_drips_behind_a_refusal_does_not_take_longer() -> None:
    with raw_server(dripping(b"HTTP/1.1 403 Forbidden\r\n\r\n<html>")) as server:
        started = time.monotonic()
        answer = failed(fetch(server.url(), given=edges(SHORT)))
        assert time.monotonic() - started < SHORT.total + SLACK
    assert (answer.kind, answer.status) == ("forbidden", 403)


def test_the_time_is_one_for_a_whole_chain_of_redirects() -> None:
    def script(conversation: Conversation) -> None:
        request = conversation.hear()
        threading.Event().wait(0.15)
        path = request.split()[1].decode()
        conversation.say(f"HTTP/1.1 302 Found\r\nLocation: {path}x\r\nContent-Length: 0\r\n\r\n".encode())

    with raw_server(script) as server:
        started = time.monotonic()
        answer = failed(fetch(server.url(), given=edges(SHORT)))
        assert time.monotonic() - started < SHORT.total + SLACK
        assert 2 <= len(server.asked) <= 4
    assert (answer.kind, answer.detail) == ("timeout", "it took longer than 0.5 seconds in all")


def test_a_handshake_that_drips_is_left_in_time() -> None:
    def script(conversation: Conversation) -> None:
        conversation.say(b"\x16\x03\x03\x40\x00")  # a TLS record of 16 KiB is announced
        conversation.drip(b"\x02")

    with raw_server(script) as server:
        started = time.monotonic()
        answer = failed(fetch(server.url(scheme="https"), given=edges(Timeouts(5.0, 0.3, 5.0))))
        assert time.monotonic() - started < 0.3 + SLACK
    assert answer.kind == "timeout"
    assert answer.detail == "a connection to 127.0.0.1 was not to be had within 0.3 seconds"


def test_a_name_server_that_does_not_answer_is_left_in_time() -> None:
    answers_at_last = threading.Event()

    def resolver(name: str) -> Sequence[str]:
        answers_at_last.wait(10)
        return ["127.0.0.1"]

    started = time.monotonic()
    answer = failed(fetch("http://slow.example/feed", given=edges(Timeouts(5.0, 0.2, 5.0), resolver)))
    assert time.monotonic() - started < 0.2 + SLACK
    assert answer.kind == "timeout"
    assert answer.detail == "the name of slow.example was not to be had within 0.2 seconds"
    answers_at_last.set()


def test_a_server_that_says_nothing_is_left_sooner() -> None:
    with raw_server(Conversation.wait) as server:
        answer = failed(fetch(server.url(), given=edges(Timeouts(5.0, 5.0, 0.2))))
    assert (answer.kind, answer.detail) == ("timeout", "127.0.0.1 sent nothing for 0.2 seconds")


def test_time_that_one_feed_used_is_not_missed_by_the_next_on_the_same_connection() -> None:
    def script(conversation: Conversation) -> None:
        while conversation.hear():
            threading.Event().wait(0.2)
            conversation.say(b"HTTP/1.1 304 Not Modified\r\n\r\n")

    with raw_server(script) as server, Fetcher("", True, edges=edges(SHORT)) as fetcher:
        for _ in range(4):
            answer = fetcher.fetch(Feed(server.url(), "f"), '"a"')
            assert type(answer).__name__ == "NotModified", answer
        assert server.connections == 1


@pytest.mark.parametrize("before", [b"", HEAD, HEAD + b"\r\n<rss>"], ids=["at once", "in the headers", "in the body"])
def test_a_silence_does_not_outlast_the_total_time(before: bytes) -> None:
    def script(conversation: Conversation) -> None:
        conversation.hear()
        conversation.say(before)
        conversation.wait()

    with raw_server(script) as server:
        started = time.monotonic()
        answer = failed(fetch(server.url(), given=edges(Timeouts(0.4, 0.4, 5.0))))
        assert time.monotonic() - started < 0.4 + SLACK
    assert answer.kind == "timeout"
