"""Conditional GET: what servers send is sent back to them byte for byte, poll after poll."""

from __future__ import annotations

import pytest

from feedarchive import __version__
from loopback import Answer, FeedServer
from press import articles
from world import DAYS, HOURS, World, news, sequence


def sent(server: FeedServer) -> list[tuple[str | None, str | None]]:
    """If-None-Match and If-Modified-Since of every request, None where one was not sent."""
    return [(a.headers.get("If-None-Match"), a.headers.get("If-Modified-Since")) for a in server.asked]


def polls(world: World, server: FeedServer, *answers: Answer, **wishes: object) -> None:
    server.answers["/feed"] = sequence(*answers)
    world.subscribe(server.url("/feed"), "feed", **wishes)
    for _ in range(len(answers) + 1):
        world.run()
        world.clock.move(days=1)


@pytest.mark.parametrize(
    ("etag", "last_modified"),
    [
        ('W/"a b,c"', "Thu, 25 dec 2025 1:02:03 UTC"),
        ("unquoted", "yesterday, I think"),
        ('""', "0"),
        ('"ümläut"', "Thu, 01 Jan 1970 00:00:00 GMT"),
        ('"a"; "b"', "2025-12-25T10:00:00Z"),
        ('"abc-gzip"', "Thu, 25 Dec 2025 10:00:00 GMT, Thu, 25 Dec 2025 10:00:00 GMT"),
    ],
)
def test_validators_are_sent_back_byte_for_byte_for_weeks(world: World, etag: str, last_modified: str) -> None:
    server = world.server()
    validators = {"ETag": etag, "Last-Modified": last_modified}
    server.answers["/feed"] = sequence(Answer(news(1), headers=validators), Answer(status=304, headers=validators))
    world.subscribe(server.url("/feed"))
    world.live(14 * DAYS, every=HOURS)
    assert len(server.asked) > 50
    assert sent(server)[0] == (None, None)
    assert set(sent(server)[1:]) == {(etag, last_modified)}


def test_both_are_replaced_by_a_200_also_by_none(world: World) -> None:
    server = world.server()
    polls(
        world,
        server,
        Answer(news(1), headers={"ETag": '"1"', "Last-Modified": "then"}),
        Answer(news(1, 2), headers={"ETag": '"2"'}),
        Answer(news(1, 2, 3), headers={"Last-Modified": "now"}),
        Answer(news(1, 2, 3, 4)),
    )
    assert sent(server) == [(None, None), ('"1"', "then"), ('"2"', None), (None, "now"), (None, None)]


def test_a_304_with_only_a_new_etag_replaces_only_that(world: World) -> None:
    server = world.server()
    polls(
        world,
        server,
        Answer(news(1), headers={"ETag": '"1"', "Last-Modified": "then"}),
        Answer(status=304, headers={"ETag": '"2"'}),
        Answer(status=304, headers={"Last-Modified": "later"}),
        Answer(status=304),
    )
    assert sent(server) == [(None, None), ('"1"', "then"), ('"2"', "then"), ('"2"', "later"), ('"2"', "later")]


def test_a_200_with_the_same_body_ends_there_and_its_new_etag_is_kept(world: World) -> None:
    server = world.server()
    polls(
        world,
        server,
        Answer(news(1), headers={"ETag": '"1"'}),
        Answer(news(1), headers={"ETag": '"2"'}),
        Answer(news(1)),
    )
    assert sent(server) == [(None, None), ('"1"', None), ('"2"', None), (None, None)]
    assert [report.outcome for report in world.reports] == ["polled", "unchanged", "unchanged", "unchanged"]
    assert len(articles(world.store)) == 1


def test_a_failure_keeps_the_validators_of_the_last_document(world: World) -> None:
    server = world.server()
    polls(
        world,
        server,
        Answer(news(1), headers={"ETag": '"1"'}),
        Answer(b"", 500, headers={"ETag": '"error"'}),
        Answer(b"<html>sorry", headers={"ETag": '"page"', "Content-Type": "text/html"}),
        Answer(status=304),
    )
    assert sent(server)[1:] == [('"1"', None)] * 4
    assert world.state().failing_since is None


def test_a_feed_may_be_asked_without_validators(world: World) -> None:
    server = world.server()
    validators = {"ETag": '"1"', "Last-Modified": "then"}
    polls(world, server, *[Answer(news(*range(n)), headers=validators) for n in (1, 2, 3)], ignore_validators=True)
    assert set(sent(server)) == {(None, None)}
    assert len(articles(world.store)) == 3


def test_what_else_is_sent(world: World) -> None:
    """Who we are, what we take, and nothing that tells one reader from another."""
    server = world.server()
    server.answers["/feed"] = Answer(news(1), headers={"Set-Cookie": "id=1; Path=/", "ETag": '"1"'})
    world.subscribe(server.url("/feed"))
    world.live(DAYS, every=HOURS)
    for asked in server.asked:
        assert set(asked.headers) <= {"Host", "User-Agent", "Accept", "Accept-Encoding", "If-None-Match", "Connection"}
        assert asked.headers["User-Agent"].startswith(f"Feedarchive/{__version__}")
        assert "gzip" in asked.headers["Accept-Encoding"]
        assert asked.path == "/feed"


def test_a_feed_may_be_told_another_user_agent(world: World) -> None:
    server = world.server()
    polls(world, server, Answer(news(1)), user_agent="Reader/1.0")
    assert {asked.headers["User-Agent"] for asked in server.asked} == {"Reader/1.0"}
