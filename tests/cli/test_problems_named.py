"""Whatever goes wrong with a feed is told in words, and stops no other feed."""

from __future__ import annotations

import gzip
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from command import Desk, Ran

from loopback import Answer, FeedServer, feed_server
from press import Item, rss

PERMITS = "allow_private_addresses = true below [fetch] in feeds.toml permits a home network"
ITEMS = [Item(f"Number {n}", f"https://example.org/{n}", text=f"Words of number {n}.") for n in range(5)]
COMPLETE = rss(*ITEMS)
HALF = COMPLETE[: COMPLETE.index(b"Words of number 3")]
PAGE = b"<!doctype html><html><head><title>Moved</title></head><body>We have a new look!</body></html>"
XML = {"Content-Type": "application/xml"}
ONE_BAD_BYTE = COMPLETE.replace(b"<rss", "<!-- ä ö ü ß é è -->".encode() + b"<rss").replace(b"number 2", b"num\xe9ro 2")


def _answers(server: FeedServer) -> dict[str, Answer]:
    big = gzip.compress(COMPLETE + b" " * (10 * 2**20))
    return {
        "good": Answer(COMPLETE, headers=XML),
        "missing": Answer(b"nothing here", 404),
        "gone": Answer(b"", 410),
        "broken": Answer(b"oops", 503),
        "page": Answer(PAGE, headers={"Content-Type": "text/html"}),
        "nothing": Answer(b"", headers=XML),
        "other-xml": Answer(b"<?xml version='1.0'?><svg/>", headers=XML),
        "other-json": Answer(b'{"items": 7}', headers={"Content-Type": "application/json"}),
        "too-large": Answer(big, headers={**XML, "Content-Encoding": "gzip"}),
        "bad-gzip": Answer(b"\x1f\x8b" + b"x" * 100, headers={**XML, "Content-Encoding": "gzip"}),
        "in-circles": Answer(status=302, headers={"Location": "/in-circles"}),
        "elsewhere": Answer(status=302, headers={"Location": "file:///etc/passwd"}),
        "half": Answer(HALF, headers=XML),
        "broken-off": Answer(HALF, headers={**XML, "Content-Length": str(len(COMPLETE))}),
        "ampersand": Answer(COMPLETE.replace(b"Words of", b"Words & of"), headers=XML),
        "one-bad-byte": Answer(ONE_BAD_BYTE, headers=XML),
    }


@dataclass(frozen=True)
class Told:
    """One run over feeds with every kind of trouble, and what it said."""

    ran: Ran
    desk: Desk

    def of(self, feed: str) -> list[tuple[str, str]]:
        return [(p["kind"], p["detail"]) for p in self.ran.report["problems"] if p["feed"] == feed]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    desk = Desk(tmp_path_factory.mktemp("desk"))
    with feed_server() as server, socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and never listens
        answers = _answers(server)
        server.answers.update({f"/{name}": answer for name, answer in answers.items()})
        urls = {name: server.url(f"/{name}") for name in answers}
        urls["refused"] = f"http://127.0.0.1:{taken.getsockname()[1]}/feed"
        urls["no-such-host"] = "http://no-such-host.invalid/feed"
        urls["no-tls"] = server.url("/good").replace("http:", "https:") + "-in-tls"
        # A site of its own for each: the same article in two of a site's feeds would be known the second time.
        desk.write_feeds(*(f'id = "{n}"\nurl = "{u}"' for n, u in urls.items()))
        yield Told(desk.run("fetch", "--json"), desk)


@pytest.mark.parametrize(
    ("feed", "kind", "words"),
    [
        ("missing", "not-found", "the server answers 404 Not Found"),
        ("gone", "gone", "the server answers 410"),
        ("broken", "server-error", "the server answers 503 Service Unavailable"),
        ("page", "not-a-feed", "the server sent an HTML page, not a feed"),
        ("nothing", "empty", "the server answers with an empty document"),
        ("other-xml", "not-a-feed", "the server sent neither RSS, RDF, Atom nor JSON Feed"),
        ("other-json", "not-a-feed", "the server sent JSON, but no JSON Feed: it has no list of items"),
        ("too-large", "too-large", "the document is larger than 10 MiB"),
        ("bad-gzip", "connection", "its compression is damaged"),
        ("in-circles", "redirects", "it redirects in a loop, to http://127.0.0.1:"),
        ("elsewhere", "redirects", "it redirects to file:///etc/passwd, which is not http(s)"),
        ("refused", "unreachable", "no connection to 127.0.0.1: Connection refused"),
        ("no-such-host", "dns", "the name no-such-host.invalid "),
        ("no-tls", "tls", "no secure connection to 127.0.0.1: "),
    ],
)
def test_why_a_feed_could_not_be_read_is_told(told: Told, feed: str, kind: str, words: str) -> None:
    ((told_kind, detail),) = told.of(feed)
    assert told_kind == kind
    assert words in detail


@pytest.mark.parametrize(
    ("feed", "problems"),
    [
        ("half", [("damaged", "ends before its root element closes"), ("cut-off", "not archived: 'Number 3'")]),
        ("broken-off", [("damaged", f"the connection broke after {len(HALF)} bytes"), ("cut-off", "'Number 3'")]),
        ("ampersand", [("damaged", "not well-formed XML")]),
        ("one-bad-byte", [("damaged", "not utf-8")]),
    ],
)
def test_of_a_damaged_document_what_is_there_is_archived_and_the_rest_named(
    told: Told, feed: str, problems: list[tuple[str, str]]
) -> None:
    assert [kind for kind, _ in told.of(feed)] == [kind for kind, _ in problems]
    for (_, detail), (_, words) in zip(told.of(feed), problems, strict=True):
        assert words in detail


def test_no_trouble_stops_another_feed(told: Told) -> None:
    assert told.ran.status == 0
    assert told.of("good") == []
    report = told.ran.report
    assert (report["polled"], report["failed"]) == (report["feeds"], 14)
    assert len(told.desk.articles()) == 5


def test_the_log_has_a_line_for_every_problem(told: Told) -> None:
    # Behind the id is the feed's title, where one is known.
    warnings = (line.partition(" WARNING ")[2] for line in told.ran.stderr.splitlines())
    logged = {re.sub(r"^(\S+) \([^)]*\):", r"\1:", line) for line in warnings}
    problems = told.ran.report["problems"]
    assert {f"{problem['feed']}: {problem['kind']}: {problem['detail']}" for problem in problems} <= logged


def test_a_private_address_is_refused_unless_it_is_allowed(tmp_path: Path, server: FeedServer) -> None:
    desk = Desk(tmp_path)
    url = server.serve("/feed", rss(*ITEMS))
    by_name = url.replace("127.0.0.1", "localhost")
    desk.write_feeds(f'id = "address"\nurl = "{url}"', f'id = "name"\nurl = "{by_name}"', head="")
    ran = desk.run("fetch", "--json")
    assert ran.status == 1
    assert sorted((p["feed"], p["kind"], p["detail"]) for p in ran.report["problems"]) == [
        (feed, "refused", f"{host} is not at a public address ({PERMITS})")
        for feed, host in (("address", "127.0.0.1"), ("name", "localhost"))
    ]
    assert server.asked == []


def test_an_address_that_leads_nowhere_is_its_feeds_problem_alone(tmp_path: Path, server: FeedServer) -> None:
    desk = Desk(tmp_path)
    locations = ["http://[::1", "http://exa\xffmple/", "http://a:b:c/", "https://", f"http://{'a' * 64}.example/"]
    for number, location in enumerate(locations):
        server.answers[f"/{number}"] = Answer(status=302, headers={"Location": location})
    urls = [*(server.url(f"/{number}") for number in range(len(locations))), f"https://{'b' * 64}.example/"]
    urls.append("https://no-such-host.invalid:0/")
    feeds = [f'id = "lost-{number}"\nurl = "{url}"' for number, url in enumerate(urls)]
    desk.write_feeds(*feeds, f'id = "good"\nurl = "{server.serve("/good", COMPLETE)}"')
    ran = desk.run("fetch", "--json")
    assert (ran.status, ran.report["articles"]["new"]) == (0, 5)
    assert sorted(feed for feed, _ in ran.problems) == [f"lost-{number}" for number in range(len(urls))]
