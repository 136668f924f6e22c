"""Every problem of a feed is reported with its reason, and stops no other feed."""

from __future__ import annotations

import gzip
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.command import CommandResult, Workspace
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import FeedServer, Response, feed_server

PERMITS = "to allow it, set allow_private_addresses = true under [fetch] in feeds.toml"
ITEMS = [Item(f"Number {n}", f"https://example.org/{n}", text=f"Words of number {n}.") for n in range(5)]
COMPLETE = rss(*ITEMS)
HALF = COMPLETE[: COMPLETE.index(b"Words of number 3")]
PAGE = b"<!doctype html><html><head><title>Moved</title></head><body>We have a new look!</body></html>"
XML = {"Content-Type": "application/xml"}
ONE_BAD_BYTE = COMPLETE.replace(b"<rss", "<!-- ä ö ü ß é è -->".encode() + b"<rss").replace(b"number 2", b"num\xe9ro 2")


def _responses(server: FeedServer) -> dict[str, Response]:
    big = gzip.compress(COMPLETE + b" " * (10 * 2**20))
    return {
        "good": Response(COMPLETE, headers=XML),
        "missing": Response(b"nothing here", 404),
        "gone": Response(b"", 410),
        "broken": Response(b"oops", 503),
        "page": Response(PAGE, headers={"Content-Type": "text/html"}),
        "nothing": Response(b"", headers=XML),
        "other-xml": Response(b"<?xml version='1.0'?><svg/>", headers=XML),
        "other-json": Response(b'{"items": 7}', headers={"Content-Type": "application/json"}),
        "too-large": Response(big, headers={**XML, "Content-Encoding": "gzip"}),
        "bad-gzip": Response(b"\x1f\x8b" + b"x" * 100, headers={**XML, "Content-Encoding": "gzip"}),
        "in-circles": Response(status=302, headers={"Location": "/in-circles"}),
        "elsewhere": Response(status=302, headers={"Location": "file:///etc/passwd"}),
        "half": Response(HALF, headers=XML),
        "broken-off": Response(HALF, headers={**XML, "Content-Length": str(len(COMPLETE))}),
        "ampersand": Response(COMPLETE.replace(b"Words of", b"Words & of"), headers=XML),
        "one-bad-byte": Response(ONE_BAD_BYTE, headers=XML),
    }


@dataclass(frozen=True)
class Fetched:
    """The result of one run. Each of its feeds has another kind of problem."""

    result: CommandResult
    workspace: Workspace

    def of(self, feed: str) -> list[tuple[str, str]]:
        return [(p["kind"], p["detail"]) for p in self.result.report["problems"] if p["feed"] == feed]


@pytest.fixture(scope="module")
def fetched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fetched]:
    workspace = Workspace(tmp_path_factory.mktemp("desk"))
    with feed_server() as server, socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # does not listen, so connections are refused
        responses = _responses(server)
        server.responses.update({f"/{name}": response for name, response in responses.items()})
        urls = {name: server.url(f"/{name}") for name in responses}
        urls["refused"] = f"http://127.0.0.1:{taken.getsockname()[1]}/feed"
        urls["no-such-host"] = "http://no-such-host.invalid/feed"
        urls["no-tls"] = server.url("/good").replace("http:", "https:") + "-in-tls"
        workspace.write_feeds(*(f'id = "{n}"\nurl = "{u}"' for n, u in urls.items()))
        yield Fetched(workspace.run("fetch", "--json"), workspace)


@pytest.mark.parametrize(
    ("feed", "kind", "words"),
    [
        ("missing", "not-found", "HTTP 404 Not Found"),
        ("gone", "gone", "HTTP 410 Gone"),
        ("broken", "server-error", "HTTP 503 Service Unavailable"),
        ("page", "not-a-feed", "the server sent an HTML page, not a feed"),
        ("nothing", "empty", "the server sent an empty document"),
        ("other-xml", "not-a-feed", "the server sent neither RSS, RDF, Atom nor JSON Feed"),
        ("other-json", "not-a-feed", "the server sent JSON, but not a JSON Feed: it has no list of items"),
        ("too-large", "too-large", "the document is larger than 10 MiB"),
        ("bad-gzip", "connection", "the compressed data is corrupt"),
        ("in-circles", "redirects", "redirect loop: http://127.0.0.1:"),
        ("elsewhere", "redirects", "redirect to file:///etc/passwd, which is not an http(s) URL"),
        ("refused", "unreachable", "cannot connect to 127.0.0.1: Connection refused"),
        ("no-such-host", "dns", "the host name no-such-host.invalid does not exist"),
        ("no-tls", "tls", "cannot make a TLS connection to 127.0.0.1: "),
    ],
)
def test_the_reason_of_a_failure_is_reported(fetched: Fetched, feed: str, kind: str, words: str) -> None:
    ((found_kind, detail),) = fetched.of(feed)
    assert found_kind == kind
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
def test_the_readable_part_of_a_damaged_document_is_archived_and_the_rest_reported(
    fetched: Fetched, feed: str, problems: list[tuple[str, str]]
) -> None:
    assert [kind for kind, _ in fetched.of(feed)] == [kind for kind, _ in problems]
    for (_, detail), (_, words) in zip(fetched.of(feed), problems, strict=True):
        assert words in detail


def test_no_problem_stops_another_feed(fetched: Fetched) -> None:
    assert fetched.result.status == 0
    assert fetched.of("good") == []
    report = fetched.result.report
    assert (report["polled"], report["failed"]) == (report["feeds"], 14)
    assert len(fetched.workspace.articles()) == 5


def test_the_log_has_a_line_for_every_problem(fetched: Fetched) -> None:
    # After the id comes the feed's title, if it is known.
    warnings = (line.partition(" WARNING ")[2] for line in fetched.result.stderr.splitlines())
    logged = {re.sub(r"^(\S+) \([^)]*\):", r"\1:", line) for line in warnings}
    problems = fetched.result.report["problems"]
    assert {f"{problem['feed']}: {problem['kind']}: {problem['detail']}" for problem in problems} <= logged


def test_a_private_address_is_refused_unless_it_is_allowed(tmp_path: Path, server: FeedServer) -> None:
    workspace = Workspace(tmp_path)
    url = server.serve("/feed", rss(*ITEMS))
    by_name = url.replace("127.0.0.1", "localhost")
    workspace.write_feeds(f'id = "address"\nurl = "{url}"', f'id = "name"\nurl = "{by_name}"', head="")
    result = workspace.run("fetch", "--json")
    assert result.status == 1
    assert sorted((p["feed"], p["kind"], p["detail"]) for p in result.report["problems"]) == [
        (feed, "refused", f"{host} has no public IP address; {PERMITS}")
        for feed, host in (("address", "127.0.0.1"), ("name", "localhost"))
    ]
    assert server.requests == []


def test_an_invalid_url_is_a_problem_of_its_own_feed_only(tmp_path: Path, server: FeedServer) -> None:
    workspace = Workspace(tmp_path)
    locations = ["http://[::1", "http://exa\xffmple/", "http://a:b:c/", "https://", f"http://{'a' * 64}.example/"]
    for number, location in enumerate(locations):
        server.responses[f"/{number}"] = Response(status=302, headers={"Location": location})
    urls = [*(server.url(f"/{number}") for number in range(len(locations))), f"https://{'b' * 64}.example/"]
    urls.append("https://no-such-host.invalid:0/")
    feeds = [f'id = "lost-{number}"\nurl = "{url}"' for number, url in enumerate(urls)]
    workspace.write_feeds(*feeds, f'id = "good"\nurl = "{server.serve("/good", COMPLETE)}"')
    result = workspace.run("fetch", "--json")
    assert (result.status, result.report["articles"]["new"]) == (0, 5)
    assert sorted(feed for feed, _ in result.problems) == [f"lost-{number}" for number in range(len(urls))]
