"""A bad page or host is reported with a reason and delays nothing. The article from the feed is always archived."""

from __future__ import annotations

import gzip
from datetime import timedelta

import pytest

from feedarchive.completion.job import DoneKind, JobKind
from feedarchive.feeds.feed import Feed
from feedarchive.parsing.pool import ParserPool
from feedarchive.parsing.protocol import Limits
from feedarchive.polling.transport_errors import Timeouts
from tests.harness.completing import World, article_page, reasons, story
from tests.harness.feed_archiver import first_versions
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import RecordedRequest, Response
from tests.harness.raw_server import Conversation, RawServer, http_response, raw_server

LOGIN = b"<html><body><form action=/login><input name=user><input type=password name=word></form></body></html>"


def result_of_page(world: World) -> list[str]:
    """Poll two stories and fetch their pages. Only the second page is a good one. Return the reasons that are reported.

    Check that both articles and the full text of the good page are archived.
    """
    world.poll()
    report = world.complete()
    assert len(first_versions(world.store)) == 2
    assert report.count(DoneKind.STORED, JobKind.PAGE) == 1
    assert len(world.full_texts()) == 1
    return reasons(report)


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"%PDF-1.7\n" + b"0 0 obj " * 1000, "application/pdf", "not-html"),
        (b"%PDF-1.7\n" + b"0 0 obj " * 1000, "text/html", "not-html"),
        (b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 10_000, "video/mp4", "not-html"),
        (LOGIN, "text/html", "login"),
        (b"<p>" + b"<span>" * 20_000 + b"deep" + b"</span>" * 20_000, "text/html", "too-short"),
        (b"<html><body><p>Story 1 in a sentence.</p></body></html>", "text/html", "too-short"),
        (b"<html><body><script src=/cdn-cgi/challenge-platform/x></script></body></html>", "text/html", "challenge"),
        (b"", "text/html", "empty"),
        (b"\xff\xfe\x00" * 10_000, "text/html", "not-html"),
    ],
    ids=["PDF", "PDF as HTML", "video", "login", "deep", "one sentence", "challenge", "nothing", "binary"],
)
def test_a_page_that_is_no_article(world: World, body: bytes, content_type: str, reason: str) -> None:
    world.publish(story(1), story(2))
    world.serve_page(1, body, content_type)
    assert result_of_page(world) == [reason]


def test_a_redirect_to_a_login_at_another_address(world: World) -> None:
    world.publish(story(1), story(2))
    world.server.responses["/1"] = Response(status=302, headers={"Location": "/login?next=/1"})
    world.server.responses["/login?next=/1"] = Response(LOGIN, headers={"Content-Type": "text/html"})
    assert result_of_page(world) == ["login"]


def test_a_redirect_to_the_front_page_of_the_site(world: World) -> None:
    """The front page has enough text, but it is not the text of the article."""
    world.publish(story(1), story(2))
    world.server.responses["/1"] = Response(status=301, headers={"Location": "/"})
    world.server.serve("/", article_page(7), "text/html")
    assert result_of_page(world) == ["gone"]


def test_a_link_to_a_front_page_is_what_the_publisher_wrote(world: World) -> None:
    link = f"http://news.example:{world.server.port}/"
    world.server.serve("/feed.xml", rss(Item("The site is new", link, "new", "One sentence.")))
    world.server.serve("/", article_page(7), "text/html")
    world.poll()
    world.complete()
    assert len(world.full_texts()) == 1


def test_redirects_without_end(world: World) -> None:
    def onwards(request: RecordedRequest) -> Response:
        return Response(status=302, headers={"Location": f"{request.path}x"})

    world.publish(story(1), story(2))
    world.server.responses |= {"/1" + "x" * length: onwards for length in range(20)}
    assert result_of_page(world) == ["redirects"]


@pytest.mark.parametrize("target", ["http://10.0.0.1/admin", "http://169.254.169.254/latest/meta-data/"])
def test_a_redirect_to_a_private_address(world: World, target: str) -> None:
    world.publish(story(1), story(2))
    world.server.responses["/1"] = Response(status=302, headers={"Location": target})
    assert result_of_page(world) == ["private-address"]


def test_a_link_to_a_private_address(world: World) -> None:
    world.publish(story(1, host="10.0.0.1"), story(2))
    assert result_of_page(world) == ["private-address"]


def test_what_robots_txt_forbids(world: World) -> None:
    world.publish(story(1), story(2))
    world.server.serve("/robots.txt", b"User-agent: Feedarchive\nDisallow: /1\n", "text/plain")
    assert result_of_page(world) == ["robots"]
    assert world.pages_requested() == ["/2"]


def test_a_site_that_forbids_everything_is_asked_only_for_robots_txt(world: World) -> None:
    world.publish(*(story(number) for number in range(20)), pages=False)
    world.server.serve("/robots.txt", b"User-agent: *\nDisallow: /\n", "text/plain")
    world.poll()
    report = world.complete()
    assert reasons(report) == ["robots"] * 20
    assert all(each.given_up for each in report.finished)
    assert [request.path for request in world.server.requests] == ["/feed.xml", "/robots.txt"]


def raw_page(conversation: Conversation) -> bool:
    """Serve a 404 for robots.txt; true when the page itself is requested."""
    while request := conversation.read_request():
        if b"robots.txt" not in request:
            return True
        conversation.send(http_response(b"", "404 Not Found"))
    return False


def result_of_raw_server(world: World, server: RawServer) -> list[str]:
    world.publish(story(1), story(2))
    document = world.server.responses["/feed.xml"]
    assert isinstance(document, Response)
    link = f"http://news.example:{world.server.port}/1"
    other = f"http://raw.example:{server.port}/1"
    world.server.serve("/feed.xml", document.body.replace(link.encode(), other.encode()))
    return result_of_page(world)


def test_a_page_of_a_gigabyte_is_not_read_to_its_end(world: World) -> None:
    sent = 0

    def script(conversation: Conversation) -> None:
        nonlocal sent
        if raw_page(conversation):
            conversation.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><body>")
            for _ in range(1024):
                conversation.send(b"<p>more</p>" * 95325)
                sent += 1

    with raw_server(script) as server:
        assert result_of_raw_server(world, server) == ["too-large"]
    assert sent < 64


def test_a_compressed_page_is_not_unpacked_to_its_end(world: World) -> None:
    packed = gzip.compress(b"<html>" + b" " * (64 * 2**20), 1)
    world.publish(story(1), story(2))
    headers = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
    world.server.responses["/1"] = Response(packed, headers=headers)
    assert result_of_page(world) == ["too-large"]


def test_a_page_that_never_comes(world: World) -> None:
    def script(conversation: Conversation) -> None:
        if raw_page(conversation):
            conversation.wait_for_close()

    world.timeouts = Timeouts(0.5, 0.5, 0.5)
    with raw_server(script) as server:
        assert result_of_raw_server(world, server) == ["too-slow"]


def test_a_page_that_exceeds_the_limits_of_the_parser_process(world: World) -> None:
    world.publish(story(1))
    world.poll()
    world.parsers = ParserPool(1, Limits(document=0.001))
    report = world.complete()
    world.parsers.close()
    assert (reasons(report), report.finished[0].given_up) == (["too-hard"], True)
    assert len(first_versions(world.store)) == 1


def test_a_page_in_another_language_each_time_makes_no_churn(world: World) -> None:
    number = 0

    def page(request: RecordedRequest) -> Response:
        nonlocal number
        number += 1
        body = article_page(number).replace(b"lang=en", f"lang=x{number}".encode())
        return Response(body, headers={"Content-Type": "text/html"})

    world.publish(story(1))
    world.server.responses["/1"] = page
    for _ in range(3):
        world.poll()
        world.complete()
        world.clock.move(days=1)
        world.store.delete("state/all.json")
    assert (number, len(world.full_texts()), len(first_versions(world.store))) == (1, 1, 1)


def test_hundreds_of_new_articles_of_one_host_hold_nothing_up(world: World) -> None:
    """All articles appear at once. In a minute, a run fetches eleven pages of their host and the page of another."""
    world.publish(*(story(number) for number in range(400)), pages=False)
    other = Feed(world.server.url("/other.xml"), "other", full_text=world.feed.full_text)
    link = f"http://quiet.example:{world.server.port}/9999"
    world.server.serve("/other.xml", rss(Item("Quiet", link, "quiet", "One sentence.")))
    world.server.serve("/9999", article_page(9999), "text/html")
    assert world.poll(feeds=(world.feed, other)).articles()["new"] == 401
    started = world.clock()
    report = world.complete(limit=timedelta(minutes=1), feeds=(world.feed, other))
    assert world.clock() - started <= timedelta(minutes=1)
    assert report.count(DoneKind.STORED, JobKind.PAGE) == 1
    assert 11 <= len(reasons(report)) <= 12
    assert report.left == 400 - len(reasons(report))
