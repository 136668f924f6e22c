"""Kept documents, read with another WARC library than the one that the program writes them with."""

from __future__ import annotations

import gzip
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from feedarchive.document.model import NotAFeed
from feedarchive.documents.stored_documents import StoredDocuments
from feedarchive.parsing.convert_document import parse_and_convert
from feedarchive.parsing.model import ParseRequest
from tests.harness.feed_archiver import everything
from tests.harness.feed_documents import Item, news, rss
from tests.harness.feed_server import FeedServer, Response
from tests.harness.raw_server import Conversation, raw_server
from tests.harness.simulation import DAYS, HOURS, Simulation, conditional, sequence

FILE = "documents/feed/2025-12.warc.gz"
KINDS = [WarcRecordType.request, WarcRecordType.response]
TOKEN, PASSWORD, KEY, AGENT = "sword/fish+7", "open sesame", "Bearer 0123456789", "X-ray of everything"


@pytest.fixture
def server(simulation: Simulation) -> FeedServer:
    return simulation.server()


def records(path: Path) -> list[WarcRecord]:
    """All records of a file. Their digests are checked."""
    found = []
    with path.open("rb") as file:
        for record in ArchiveIterator(file, parse_http=False):
            assert record.verify_block_digest(consume=False)
            record.parse_http()
            if record.record_type in KINDS:
                assert record.verify_payload_digest(consume=False)
            record.freeze()
            found.append(record)
    return found


def bodies(simulation: Simulation, key: str = FILE) -> list[bytes]:
    return [
        record.reader.read()
        for record in records(simulation.folder / key)
        if record.record_type is WarcRecordType.response
    ]


def test_each_document_is_kept_once(simulation: Simulation, server: FeedServer) -> None:
    first, second = news(1, 2), news(2, 3)
    server.responses["/feed"] = conditional(lambda: first if simulation.clock().hour < 13 else second)
    simulation.subscribe(server.url("/feed"), keep_documents=True)
    simulation.run_for(12 * HOURS)
    found = records(simulation.folder / FILE)
    assert [record.record_type for record in found] == [WarcRecordType.warcinfo, *KINDS, *KINDS]
    assert bodies(simulation) == [first, second]
    assert {record.headers["WARC-Target-URI"] for record in found[1:]} == {server.url("/feed")}
    assert [record.record_date for record in found[1::2]] == [
        datetime(2025, 12, 25, 10, tzinfo=UTC),
        datetime(2025, 12, 25, 13, tzinfo=UTC),
    ]


def test_a_record_says_what_was_requested_and_received(simulation: Simulation, server: FeedServer) -> None:
    body = news(1)
    packed = gzip.compress(body)
    headers = {"Content-Type": "text/xml", "Content-Encoding": "gzip", "ETag": '"7"', "X-Twice": "yes"}
    server.responses["/feed"] = Response(packed, headers=headers)
    simulation.subscribe(server.url("/feed"), keep_documents=True)
    simulation.run()
    _, request, response = records(simulation.folder / FILE)
    assert request.http_headers.status_line == "GET /feed HTTP/1.1"
    sent = dict(request.http_headers.items())
    assert sent["Host"] == server.url("").removeprefix("http://")
    assert sent["User-Agent"].startswith("Feedarchive/")
    assert response.http_headers.status_line == "HTTP/1.1 200 OK"
    received = dict(response.http_headers.items())
    assert received["Content-Type"] == "text/xml"
    assert received["ETag"] == '"7"'
    assert received["Content-Length"] == str(len(body))
    assert received["X-Archive-Orig-Content-Encoding"] == "gzip"
    assert received["X-Archive-Orig-Content-Length"] == str(len(packed))
    assert "Content-Encoding" not in received
    assert response.reader.read() == body
    assert request.headers["WARC-Concurrent-To"] == response.headers["WARC-Record-ID"]


def test_every_record_is_a_gzip_member(simulation: Simulation, server: FeedServer) -> None:
    simulation.subscribe(server.serve("/feed", news(1)), keep_documents=True)
    simulation.run()
    data = (simulation.folder / FILE).read_bytes()
    starts = []
    while data:
        stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
        starts.append(stream.decompress(data).partition(b"\r\n")[0])
        data = stream.unused_data
    assert starts == [b"WARC/1.1"] * 3


def test_without_the_option_nothing_is_kept(simulation: Simulation, server: FeedServer) -> None:
    simulation.subscribe(server.serve("/feed", news(1)))
    simulation.run()
    assert not [key for key in everything(simulation.store) if key.startswith("documents/")]


def test_a_document_that_is_not_a_feed_is_kept(simulation: Simulation, server: FeedServer) -> None:
    """A later release may be able to parse the document."""
    simulation.subscribe(server.serve("/feed", b"<html>What is this?</html>", "text/html"), keep_documents=True)
    simulation.run()
    assert bodies(simulation) == [b"<html>What is this?</html>"]


def test_the_same_document_parsed_again_is_a_revisit(simulation: Simulation, server: FeedServer) -> None:
    """Without its state, the program parses the document again. Its body is not stored again."""
    simulation.subscribe(server.serve("/feed", news(1)), keep_documents=True)
    simulation.run()
    simulation.store.delete("state/all.json")
    simulation.clock.now += 3 * HOURS
    simulation.run()
    found = records(simulation.folder / FILE)
    assert [record.record_type for record in found] == [
        WarcRecordType.warcinfo,
        *KINDS,
        KINDS[0],
        WarcRecordType.revisit,
    ]
    revisit = found[-1]
    assert revisit.headers["WARC-Profile"].endswith("/warc/1.1/revisit/identical-payload-digest")
    assert revisit.headers["WARC-Refers-To-Date"] == "2025-12-25T10:00:00Z"
    assert revisit.headers["WARC-Payload-Digest"] == found[2].headers["WARC-Payload-Digest"]


def test_every_month_starts_with_a_complete_document(simulation: Simulation, server: FeedServer) -> None:
    simulation.subscribe(server.serve("/feed", news(1)), keep_documents=True)
    simulation.run()
    simulation.store.delete("state/all.json")
    simulation.clock.now += 10 * DAYS
    simulation.run()
    assert bodies(simulation) == bodies(simulation, "documents/feed/2026-01.warc.gz") == [news(1)]


def test_a_transfer_that_broke_off_is_named(simulation: Simulation, server: FeedServer) -> None:
    server.responses["/feed"] = Response(news(1)[:-20], headers={"Content-Length": "9999"})
    simulation.subscribe(server.url("/feed"), keep_documents=True)
    simulation.run()
    assert records(simulation.folder / FILE)[2].headers["WARC-Truncated"] == "disconnect"


def test_no_secret_is_kept(simulation: Simulation, server: FeedServer) -> None:
    """Secrets are masked where they are sent and where the server repeats them, in headers and in the document."""
    path = "/feed?token=sword%2Ffish%2B7&page=1"

    def repeat(request: object) -> Response:
        text = f"{KEY} token={TOKEN} token=sword%2Ffish%2B7"
        headers = {"Set-Cookie": "session=abcdef", "Link": f"<{path}>; rel=self", "X-Echo": KEY}
        return Response(rss(Item("One", text=text)), headers=headers)

    server.responses[path] = repeat
    url = server.url(path).replace("http://", f"http://me:{PASSWORD.replace(' ', '%20')}@")
    simulation.subscribe(url, keep_documents=True, headers={"X-Api-Key": KEY, "User-Agent": AGENT, "Accept": "text/x"})
    simulation.run()
    (sent,) = server.requests
    assert sent.headers["X-Api-Key"] == KEY
    assert sent.headers["Authorization"]
    found = records(simulation.folder / FILE)
    assert found[1].headers["WARC-Target-URI"] == server.url("/feed?token=***&page=1")
    assert found[1].http_headers.status_line == "GET /feed?token=***&page=1 HTTP/1.1"
    masked = {name for name, value in found[1].http_headers.items() if value == "***"}
    assert masked == {"X-Api-Key", "User-Agent", "Accept", "Authorization"}
    stored = gzip.decompress((simulation.folder / FILE).read_bytes())
    for secret in (TOKEN, "sword%2Ffish", "0123456789", sent.headers["Authorization"][6:], AGENT, "abcdef", "sesame"):
        assert secret.encode() not in stored
    assert found[2].headers["Feedarchive-Masked"] == "body"
    assert b"*** token=*** token=***" in stored


def test_a_header_that_is_no_secret_is_not_masked_in_the_document(simulation: Simulation, server: FeedServer) -> None:
    server.serve("/feed", rss(Item("On XMLHttpRequest")))
    simulation.subscribe(server.url("/feed"), keep_documents=True, headers={"X-Requested-With": "XMLHttpRequest"})
    simulation.run()
    assert b"On XMLHttpRequest" in bodies(simulation)[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_the_token_is_masked_in_any_encoding(simulation: Simulation, server: FeedServer, encoding: str) -> None:
    xml = '<?xml version="1.0" encoding="{}"?>' + rss(Item("It is token=swordfish")).decode()
    server.serve("/feed?token=swordfish", xml.format(encoding).encode(encoding))
    simulation.subscribe(server.url("/feed?token=swordfish"), keep_documents=True)
    simulation.run()
    (body,) = bodies(simulation)
    assert "swordfish" not in body.decode(encoding)
    parsed = parse_and_convert(ParseRequest(body, "https://example.org/feed", "", simulation.feeds[0]))
    assert not isinstance(parsed, NotAFeed)
    assert parsed.candidates[0].article.title == "It is token=***"


def test_a_feed_with_many_revisions_of_a_document(simulation: Simulation, server: FeedServer) -> None:
    """A document that returns after a different one is stored completely again."""
    served = [Response(news(1)), Response(news(2)), Response(news(1))]
    server.responses["/feed"] = sequence(*served)
    simulation.subscribe(server.url("/feed"), keep_documents=True)
    for _ in served:
        simulation.run(poll_all=True)
        simulation.clock.now += HOURS
    assert bodies(simulation) == [news(1), news(2), news(1)]


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200",
        b"HTTP/1.0 200 Pas de probl\xe8me \x00\x1b[31m",
        b'HTTP/1.1 200 OK\r\nX-Weird: \xff\x00\x1b\x85 \xe2\x80\xa8; a="\xe9"\r\nContent-Type: text/xml; x=\xe9',
        b"HTTP/1.1 200 OK\r\nno colon\r\n: no name\r\nSplit: one\r\n two\r\nWARC-Type: request\r\nEmpty:",
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"a;=\xe9" * 10_000,
        b"HTTP/1.1 200 OK\r\n" + b"X-Many: \xe9\r\n" * 90 + b"X-Last: 1",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: nonsense\r\nTransfer-Encoding: identity",
    ],
)
def test_any_head_of_a_response_is_kept(simulation: Simulation, head: bytes) -> None:
    body = news(1)

    def script(conversation: Conversation) -> None:
        conversation.read_request()
        conversation.send(head + b"\r\nContent-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body)

    with raw_server(script) as server:
        simulation.subscribe(server.url("/gr\u00fcn feed?x=\u4e2d"), keep_documents=True)
        assert simulation.run().articles()["new"] == 1
    _, request, response = records(simulation.folder / FILE)
    assert request.http_headers.status_line == "GET /gr%C3%BCn feed?x=%E4%B8%AD HTTP/1.1"
    assert response.http_headers.status_code == 200
    assert response.reader.read() == body
    with StoredDocuments(simulation.store) as documents:
        (location,) = documents.documents_of(documents.months()["2025-12"])
        record = documents.read(location)
    assert record
    assert record.body == body
