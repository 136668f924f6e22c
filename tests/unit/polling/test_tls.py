"""TLS: real handshakes with certificates made for the tests, and the message of each failure."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from feedarchive.feeds.feed import Feed
from feedarchive.polling.requester import FetchEnvironment
from feedarchive.polling.results import FetchFailed, FetchResult
from feedarchive.polling.transport_errors import Timeouts
from feedarchive.problems import FeedError
from tests.harness.feed_server import Response, feed_server
from tests.harness.raw_server import Conversation, RawServer, http_response, raw_server
from tests.unit.polling.fetching import DOCUMENT, failed, fetch, fetch_environment, fetched, local_fetcher
from tests.unit.polling.self_signed import self_signed_certificate

HOST = "feed.example"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def trusting(authority: trustme.CA) -> FetchEnvironment:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return fetch_environment(tls=context)


@contextmanager
def secure_server(certificate: trustme.LeafCert, script: object = http_response(DOCUMENT)) -> Iterator[RawServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    with raw_server(script, context) as server:  # type: ignore[arg-type]
        yield server


def fetch_over_tls(certificate: trustme.LeafCert, environment: FetchEnvironment, host: str = HOST) -> FetchResult:
    with secure_server(certificate) as server:
        return fetch(server.url(host=host, scheme="https"), environment=environment)


def test_a_feed_is_fetched_over_tls(authority: trustme.CA) -> None:
    assert fetched(fetch_over_tls(authority.issue_cert(HOST), trusting(authority))).body == DOCUMENT


def test_a_feed_may_have_a_certificate_authority_of_its_own(tmp_path: Path, authority: trustme.CA) -> None:
    own, unused = tmp_path / "own.pem", trustme.CA()
    authority.cert_pem.write_to_path(str(own))
    with secure_server(authority.issue_cert(HOST)) as server:
        url = server.url(host=HOST, scheme="https")
        assert fetched(fetch(url, ca=str(own))).body == DOCUMENT
        unused.cert_pem.write_to_path(str(own))
        assert failed(fetch(url, ca=str(own))).kind == FeedError.TLS
        assert failed(fetch(url)).kind == FeedError.TLS


def test_a_self_signed_certificate_may_be_trusted(tmp_path: Path) -> None:
    own, certificate = tmp_path / "own.pem", self_signed_certificate(HOST)
    certificate.cert_chain_pems[0].write_to_path(str(own))
    with secure_server(certificate) as server:
        assert fetched(fetch(server.url(host=HOST, scheme="https"), ca=str(own))).body == DOCUMENT


def test_the_authority_of_a_feed_is_not_for_other_hosts(tmp_path: Path, authority: trustme.CA) -> None:
    own = tmp_path / "own.pem"
    authority.cert_pem.write_to_path(str(own))
    with secure_server(authority.issue_cert("other.example")) as other, feed_server() as server:
        headers = {"Location": other.url(host="other.example", scheme="https")}
        server.responses["/feed"] = Response(status=302, headers=headers)
        assert failed(fetch(server.url("/feed"), ca=str(own))).kind == FeedError.TLS


@pytest.mark.parametrize(
    ("content", "problem"),
    [(None, "cannot read {}: No such file or directory"), (b"not PEM", "{} has no certificates: expected a PEM file")],
)
def test_a_file_of_authorities_that_cannot_be_used_is_named(
    tmp_path: Path, content: bytes | None, problem: str
) -> None:
    own = tmp_path / "own.pem"
    if content:
        own.write_bytes(content)
    result = failed(fetch("https://feed.example/", ca=str(own)))
    assert result == FetchFailed(FeedError.TLS, "ca: " + problem.format(own))


def test_a_certificate_may_be_for_an_ip_address(authority: trustme.CA) -> None:
    assert fetched(fetch_over_tls(authority.issue_cert("127.0.0.1"), trusting(authority), "127.0.0.1")).body == DOCUMENT


def test_a_dot_after_the_host_is_ignored(authority: trustme.CA) -> None:
    assert fetched(fetch_over_tls(authority.issue_cert(HOST), trusting(authority), f"{HOST}.")).body == DOCUMENT


def test_errors_of_certificates(authority: trustme.CA) -> None:
    long_ago, far_off = datetime(2001, 1, 1, tzinfo=UTC), datetime(2094, 1, 1, tzinfo=UTC)
    expired = authority.issue_cert(HOST, not_before=long_ago, not_after=datetime(2002, 1, 1, tzinfo=UTC))
    early = authority.issue_cert(HOST, not_before=far_off, not_after=datetime(2095, 1, 1, tzinfo=UTC))
    wrong_host = authority.issue_cert("other.example")
    stranger = trustme.CA().issue_cert(HOST)
    environment = trusting(authority)
    assert failed(fetch_over_tls(expired, environment)) == tls_error("its certificate has expired")
    assert failed(fetch_over_tls(early, environment)) == tls_error("its certificate is not valid yet")
    assert failed(fetch_over_tls(wrong_host, environment)) == tls_error("its certificate is for another host")
    assert failed(fetch_over_tls(wrong_host, environment, "127.0.0.1")).detail.endswith(
        "its certificate is for another host"
    )
    assert failed(fetch_over_tls(stranger, environment)).detail.startswith(
        tls_error("its certificate is from an unknown authority").detail
    )


def test_a_self_signed_certificate(authority: trustme.CA) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    self_signed_certificate(HOST).configure_cert(context)
    with raw_server(http_response(DOCUMENT), context) as server:
        result = failed(fetch(server.url(host=HOST, scheme="https"), environment=trusting(authority)))
    assert result == tls_error("its certificate is self-signed")


def test_the_certificate_authorities_of_the_system_are_used(authority: trustme.CA) -> None:
    result = failed(fetch_over_tls(authority.issue_cert(HOST), fetch_environment()))
    assert result.kind == FeedError.TLS
    assert "an unknown authority" in result.detail


def tls_error(problem: str) -> FetchFailed:
    return FetchFailed(FeedError.TLS, f"cannot make a TLS connection to {HOST}: {problem}")


def test_a_server_without_tls(authority: trustme.CA) -> None:
    def plain(conversation: Conversation) -> None:
        conversation.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        conversation.wait_for_close()

    with raw_server(plain) as server:
        result = failed(fetch(server.url(host=HOST, scheme="https"), environment=trusting(authority)))
    assert result == tls_error("the server does not use TLS on this port (try http:// instead of https://)")


def test_an_old_tls_version(authority: trustme.CA) -> None:
    alert = b"\x15\x03\x01\x00\x02\x02\x46"  # protocol_version, as servers that support only TLS 1.0 send it

    def old(conversation: Conversation) -> None:
        conversation.send(alert)
        conversation.wait_for_close()

    with raw_server(old) as server:
        result = failed(fetch(server.url(host=HOST, scheme="https"), environment=trusting(authority)))
    assert result == tls_error("the server supports only TLS versions that are no longer secure")


def test_a_server_that_closes_during_the_handshake(authority: trustme.CA) -> None:
    with raw_server(lambda conversation: None) as server:
        result = failed(fetch(server.url(host=HOST, scheme="https"), environment=trusting(authority)))
    assert result.kind in (FeedError.TLS, FeedError.CONNECTION)


def test_the_total_timeout_applies_over_tls(authority: trustme.CA) -> None:
    def slow(conversation: Conversation) -> None:
        conversation.read_request()
        conversation.send(b"HTTP/1.1 200 OK\r\n\r\n<rss>")
        conversation.send_slowly()

    with secure_server(authority.issue_cert(HOST), slow) as server:
        environment = fetch_environment(Timeouts(0.6, 60.0, 60.0), tls=trusting(authority).tls)
        result = failed(fetch(server.url(host=HOST, scheme="https"), environment=environment))
    assert (result.kind, result.detail) == (FeedError.TIMEOUT, "timed out after 0.6 s in total")


def test_feeds_of_a_host_share_a_connection(authority: trustme.CA) -> None:
    def keeps_open(conversation: Conversation) -> None:
        while conversation.read_request():
            conversation.send(http_response(DOCUMENT))

    with secure_server(authority.issue_cert(HOST), keeps_open) as server:
        with closing(local_fetcher(trusting(authority))) as fetcher:
            for number in range(3):
                fetched(fetcher.fetch(Feed(server.url(f"/{number}", HOST, "https"), "f")))
        assert (server.connections, len(server.requests)) == (1, 3)


def test_a_connection_that_was_closed_meanwhile_is_opened_again() -> None:
    """The server closes the connection when the second request has been sent."""

    def closes(conversation: Conversation) -> None:
        if conversation.read_request():
            conversation.send(http_response(DOCUMENT))
        conversation.read_request()

    with raw_server(closes) as server, closing(local_fetcher()) as fetcher:
        for number in range(3):
            fetched(fetcher.fetch(Feed(server.url(f"/{number}"), "f")))
        assert (server.connections, len(server.requests)) == (3, 5)
