"""TLS: which of its many failures it is, by real handshakes with certificates made here."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
import trustme
from fetching import DOCUMENT, QUICK, edges, failed, fetch, fetched
from self_signed import self_signed_certificate

from feedarchive.feeds.feed import Feed
from feedarchive.polling.fetcher import FetchEnvironment, Fetcher
from feedarchive.polling.results import FetchFailed, FetchResult
from feedarchive.polling.transport_errors import Timeouts
from raw_server import Conversation, RawServer, http_answer, raw_server

HOST = "feed.example"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def trusting(authority: trustme.CA) -> FetchEnvironment:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return edges(tls=context)


@contextmanager
def secure_server(certificate: trustme.LeafCert, script: object = http_answer(DOCUMENT)) -> Iterator[RawServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    with raw_server(script, context) as server:  # type: ignore[arg-type]
        yield server


def asked(certificate: trustme.LeafCert, given: FetchEnvironment, host: str = HOST) -> FetchResult:
    with secure_server(certificate) as server:
        return fetch(server.url(host=host, scheme="https"), given=given)


def test_a_feed_comes_over_tls(authority: trustme.CA) -> None:
    assert fetched(asked(authority.issue_cert(HOST), trusting(authority))).body == DOCUMENT


def test_a_certificate_for_an_address_counts(authority: trustme.CA) -> None:
    assert fetched(asked(authority.issue_cert("127.0.0.1"), trusting(authority), "127.0.0.1")).body == DOCUMENT


def test_a_dot_behind_the_name_does_not_count(authority: trustme.CA) -> None:
    assert fetched(asked(authority.issue_cert(HOST), trusting(authority), f"{HOST}.")).body == DOCUMENT


def test_what_is_wrong_with_a_certificate_is_told(authority: trustme.CA) -> None:
    long_ago, far_off = datetime(2001, 1, 1, tzinfo=UTC), datetime(2094, 1, 1, tzinfo=UTC)
    expired = authority.issue_cert(HOST, not_before=long_ago, not_after=datetime(2002, 1, 1, tzinfo=UTC))
    early = authority.issue_cert(HOST, not_before=far_off, not_after=datetime(2095, 1, 1, tzinfo=UTC))
    wrong_host = authority.issue_cert("other.example")
    stranger = trustme.CA().issue_cert(HOST)
    ours = trusting(authority)
    assert failed(asked(expired, ours)) == told("its certificate has expired")
    assert failed(asked(early, ours)) == told("its certificate is not valid yet")
    assert failed(asked(wrong_host, ours)) == told("its certificate is for another name")
    assert failed(asked(wrong_host, ours, "127.0.0.1")).detail.endswith("its certificate is for another name")
    assert failed(asked(stranger, ours)).detail.startswith(
        told("its certificate comes from an authority nobody").detail
    )


def test_a_self_signed_certificate_is_told(authority: trustme.CA) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    self_signed_certificate(HOST).configure_cert(context)
    with raw_server(http_answer(DOCUMENT), context) as server:
        answer = failed(fetch(server.url(host=HOST, scheme="https"), given=trusting(authority)))
    assert answer == told("its certificate is self-signed")


def test_the_systems_authorities_do_not_know_a_test(authority: trustme.CA) -> None:
    answer = failed(asked(authority.issue_cert(HOST), edges()))
    assert answer.kind == "tls"
    assert "an authority nobody knows" in answer.detail


def told(what: str) -> FetchFailed:
    return FetchFailed("tls", f"no secure connection to {HOST}: {what}")


def test_a_server_without_tls_is_told(authority: trustme.CA) -> None:
    def plain(conversation: Conversation) -> None:
        conversation.say(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        conversation.wait()

    with raw_server(plain) as server:
        answer = failed(fetch(server.url(host=HOST, scheme="https"), given=trusting(authority)))
    assert answer == told("the server speaks no TLS there (is it http://?)")


def test_an_old_protocol_is_told(authority: trustme.CA) -> None:
    alert = b"\x15\x03\x01\x00\x02\x02\x46"  # protocol_version, as servers of TLS 1.0 answer

    def old(conversation: Conversation) -> None:
        conversation.say(alert)
        conversation.wait()

    with raw_server(old) as server:
        answer = failed(fetch(server.url(host=HOST, scheme="https"), given=trusting(authority)))
    assert answer == told("the server knows only versions of TLS that are no longer safe")


def test_a_server_that_hangs_up_in_the_handshake_is_told(authority: trustme.CA) -> None:
    with raw_server(lambda conversation: None) as server:
        answer = failed(fetch(server.url(host=HOST, scheme="https"), given=trusting(authority)))
    assert answer.kind in ("tls", "connection")


def test_total_time_holds_over_tls(authority: trustme.CA) -> None:
    def drip(conversation: Conversation) -> None:
        conversation.hear()
        conversation.say(b"HTTP/1.1 200 OK\r\n\r\n<rss>")
        conversation.drip()

    with secure_server(authority.issue_cert(HOST), drip) as server:
        given = edges(Timeouts(0.6, 0.5, 0.5), tls=trusting(authority).tls)
        answer = failed(fetch(server.url(host=HOST, scheme="https"), given=given))
    assert (answer.kind, answer.detail) == ("timeout", "it took longer than 0.6 seconds in all")


def test_feeds_of_a_host_share_its_connection(authority: trustme.CA) -> None:
    def keeps_open(conversation: Conversation) -> None:
        while conversation.hear():
            conversation.say(http_answer(DOCUMENT))

    with secure_server(authority.issue_cert(HOST), keeps_open) as server:
        with Fetcher("", True, edges=trusting(authority)) as fetcher:
            for number in range(3):
                fetched(fetcher.fetch(Feed(server.url(f"/{number}", HOST, "https"), "f")))
        assert (server.connections, len(server.asked)) == (1, 3)


def test_a_connection_that_was_closed_meanwhile_is_opened_again_without_a_word() -> None:
    """The server hangs up when the second request is on its way."""

    def hangs_up(conversation: Conversation) -> None:
        if conversation.hear():
            conversation.say(http_answer(DOCUMENT))
        conversation.hear()

    with raw_server(hangs_up) as server, Fetcher("", True, edges=edges(QUICK)) as fetcher:
        for number in range(3):
            fetched(fetcher.fetch(Feed(server.url(f"/{number}"), "f")))
        assert (server.connections, len(server.asked)) == (3, 5)
