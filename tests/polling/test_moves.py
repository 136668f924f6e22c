"""Feeds that move: a permanent redirect is believed when it has held, everything else is followed for one poll."""

from __future__ import annotations

import pytest

from loopback import Answer, FeedServer, Script
from press import articles
from world import DAYS, HOURS, MINUTES, World, conditional, news, sequence, times

PAGE = Answer(b"<!doctype html><html><p>We will be back soon", headers={"Content-Type": "text/html"})


def to(url: str, status: int = 301) -> Answer:
    return Answer(b"", status, {"Location": url})


@pytest.fixture
def old(world: World) -> FeedServer:
    return world.server()


@pytest.fixture
def new(world: World) -> FeedServer:
    """Where the feed has gone: it has two articles."""
    server = world.server()
    server.answers["/feed"] = conditional(lambda: news(1, 2))
    return server


@pytest.mark.parametrize("status", [301, 308])
def test_a_permanent_redirect_is_believed_after_a_week(
    world: World, old: FeedServer, new: FeedServer, status: int
) -> None:
    """And the feed stays what it was: its id, its source, its articles."""
    old.answers["/feed"] = Answer(news(1))
    feed = world.subscribe(old.url("/feed"))
    world.run()
    before = articles(world.store)
    old.answers["/feed"] = to(new.url("/feed"), status)
    world.live(14 * DAYS)
    seen = times(old)[1:]
    assert 7 * DAYS <= seen[-1] - seen[0] <= 7 * DAYS + 6 * HOURS
    assert times(new)[-1] > seen[-1]
    assert (world.state().address, world.health().word) == (new.url("/feed"), "moved")
    assert world.state().failing_since is None
    after = articles(world.store)
    assert {key: after[key] for key in before} == before
    assert len(after) == 2
    assert all(f'source: "{feed.url}"'.encode() in text for text in after.values())


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_temporary_redirect_is_followed_and_never_believed(
    world: World, old: FeedServer, new: FeedServer, status: int
) -> None:
    old.answers["/feed"] = to(new.url("/feed"), status)
    world.subscribe(old.url("/feed"))
    world.live(21 * DAYS, every=HOURS)
    assert times(old) == times(new)
    assert (world.state().moved_to, world.health().word) == ("", "well")


@pytest.mark.parametrize("hops", [(302, 301), (301, 302)], ids=str)
def test_one_temporary_hop_makes_the_whole_way_temporary(
    world: World, old: FeedServer, new: FeedServer, hops: tuple[int, int]
) -> None:
    old.answers["/feed"] = to(old.url("/middle"), hops[0])
    old.answers["/middle"] = to(new.url("/feed"), hops[1])
    world.subscribe(old.url("/feed"))
    world.live(10 * DAYS, every=HOURS)
    assert times(old) == times(new)
    assert world.state().address == ""


def test_permanent_hops_are_believed_together(world: World, old: FeedServer, new: FeedServer) -> None:
    old.answers["/feed"] = to(old.url("/middle"), 308)
    old.answers["/middle"] = to(new.url("/feed"), 301)
    world.subscribe(old.url("/feed"))
    world.live(10 * DAYS, every=HOURS)
    assert world.state().address == new.url("/feed")


def test_a_permanent_redirect_to_a_page_never_moves_a_feed(world: World, old: FeedServer, new: FeedServer) -> None:
    """Publishers have done that for an evening of maintenance; the feed is back, and nothing has happened."""
    old.answers["/feed"] = to(new.url("/sorry"))
    new.answers["/sorry"] = PAGE
    world.subscribe(old.url("/feed"))
    world.live(20 * DAYS, every=HOURS)
    assert (world.state().address, world.state().moved_to) == ("", "")
    assert world.health().problem == "the server sent an HTML page, not a feed"
    old.answers["/feed"] = Answer(news(1, 2, 3))
    world.live(2 * DAYS, every=HOURS)
    assert world.health().word == "well"


def test_a_redirect_to_somewhere_else_starts_the_week_again(world: World, old: FeedServer, new: FeedServer) -> None:
    new.answers["/elsewhere"] = Answer(news(1, 2))
    old.answers["/feed"] = to(new.url("/feed"))
    world.subscribe(old.url("/feed"))
    world.live(6 * DAYS)
    old.answers["/feed"] = to(new.url("/elsewhere"))
    changed = world.clock()
    world.live(6 * DAYS)
    assert world.state().address == ""
    assert world.state().moved_to == new.url("/elsewhere")
    world.live(2 * DAYS)
    assert world.state().address == new.url("/elsewhere")
    assert times(old)[-1] - changed >= 7 * DAYS


def test_a_redirect_that_was_taken_back_is_forgotten(world: World, old: FeedServer, new: FeedServer) -> None:
    old.answers["/feed"] = to(new.url("/feed"))
    world.subscribe(old.url("/feed"))
    world.live(6 * DAYS)
    old.answers["/feed"] = Answer(news(1))
    world.live(DAYS)
    old.answers["/feed"] = to(new.url("/feed"))
    world.live(6 * DAYS)
    assert world.state().address == ""


def test_a_maintenance_page_in_between_starts_the_week_again(world: World, old: FeedServer, new: FeedServer) -> None:
    new.answers["/sorry"] = PAGE
    old.answers["/feed"] = to(new.url("/feed"))
    world.subscribe(old.url("/feed"))
    world.live(5 * DAYS)
    old.answers["/feed"] = to(new.url("/sorry"))
    world.live(DAYS)
    old.answers["/feed"] = to(new.url("/feed"))
    world.live(4 * DAYS)
    assert world.state().address == ""
    world.live(5 * DAYS)
    assert world.state().address == new.url("/feed")


def test_the_new_address_may_move_again(world: World, old: FeedServer, new: FeedServer) -> None:
    newest = world.server()
    newest.answers["/feed"] = conditional(lambda: news(1, 2, 3))
    old.answers["/feed"] = to(new.url("/feed"))
    world.subscribe(old.url("/feed"))
    world.live(8 * DAYS)
    new.answers["/feed"] = to(newest.url("/feed"))
    world.live(8 * DAYS)
    assert world.state().address == newest.url("/feed")
    assert len(articles(world.store)) == 3


@pytest.mark.parametrize("end", [Answer(b"", 500), Answer(b"", 410), PAGE], ids=["fails", "gone", "page"])
def test_when_the_new_address_was_none_the_old_one_is_asked_again(
    world: World, old: FeedServer, new: FeedServer, end: Answer
) -> None:
    old.answers["/feed"] = to(new.url("/feed"))
    world.subscribe(old.url("/feed"))
    world.live(8 * DAYS)
    old.answers["/feed"] = Answer(news(1, 2, 3))
    new.answers["/feed"] = end
    world.live(8 * DAYS)
    assert world.state().address == ""
    assert world.health().word == "well"
    assert len(articles(world.store)) == 3
    fallen_back = next(asked for asked in old.asked if asked.at and asked.at > times(new)[-1])
    assert "If-None-Match" not in fallen_back.headers  # the validators were another server's


def test_a_hand_written_address_goes_before_what_was_learnt(world: World, old: FeedServer, new: FeedServer) -> None:
    old.answers["/feed"] = to(new.url("/feed"))
    world.subscribe(old.url("/feed"))
    world.live(8 * DAYS)
    third = world.server()
    third.answers["/feed"] = Answer(news(1, 2, 3))
    world.subscribe(third.url("/feed"))
    asked = len(new.asked)
    assert world.run().articles() == {"new": 1, "known": 2, "revised": 0, "rejected": 0}
    assert len(new.asked) == asked


def test_a_feed_with_a_secret_stays_where_it_was_given(world: World, old: FeedServer, new: FeedServer) -> None:
    old.answers["/feed"] = to(new.url("/feed"))
    world.subscribe(old.url("/feed"), headers={"X-Token": "secret"})
    world.live(9 * DAYS, every=HOURS)
    assert world.state().address == ""
    assert world.health().word == "moved"
    assert all("X-Token" in asked.headers for asked in old.asked)
    assert not any("X-Token" in asked.headers for asked in new.asked)


def test_feeds_that_moved_to_one_host_take_turns_there(world: World, old: FeedServer, new: FeedServer) -> None:
    """Their state may be in different shards: one refusal there holds the others back all the same."""
    other = world.server()
    for number, server in enumerate((old, other)):
        server.answers["/feed"] = to(new.url(f"/{number}"))
        new.answers[f"/{number}"] = Answer(news(number))
        world.subscribe(server.url("/feed"), f"feed{number}")
    for number in range(60):  # so many feeds that there are two shards
        world.subscribe(f"http://127.0.8.{number}:9/feed", f"down{number}", interval=30 * DAYS)
    world.live(8 * DAYS, every=2 * HOURS)
    assert all(world.state(f"feed{number}").address == new.url(f"/{number}") for number in range(2))
    http_error: Script = sequence(Answer(b"", 429, {"Retry-After": "86400"}))
    new.answers.update({"/0": http_error, "/1": http_error})
    del new.asked[:]
    world.live(20 * HOURS, every=15 * MINUTES)
    assert len(new.asked) == 1
