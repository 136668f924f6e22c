"""Feeds that move: a permanent redirect is confirmed after a week. Any other redirect is followed for one poll only."""

from __future__ import annotations

import pytest

from tests.harness.feed_archiver import articles
from tests.harness.feed_documents import news
from tests.harness.feed_server import FeedServer, Response, Script
from tests.harness.simulation import DAYS, HOURS, Simulation, conditional, sequence, times

PAGE = Response(b"<!doctype html><html><p>We will be back soon", headers={"Content-Type": "text/html"})


def redirect(url: str, status: int = 301) -> Response:
    return Response(b"", status, {"Location": url})


@pytest.fixture
def old(simulation: Simulation) -> FeedServer:
    return simulation.server()


@pytest.fixture
def new(simulation: Simulation) -> FeedServer:
    """Where the feed moved to: it has two articles there."""
    server = simulation.server()
    server.responses["/feed"] = conditional(lambda: news(1, 2))
    return server


@pytest.mark.parametrize("status", [301, 308])
def test_a_permanent_redirect_is_confirmed_after_a_week(
    simulation: Simulation, old: FeedServer, new: FeedServer, status: int
) -> None:
    """The id, the source and the articles of the feed stay the same."""
    old.responses["/feed"] = Response(news(1))
    feed = simulation.subscribe(old.url("/feed"))
    simulation.run()
    before = articles(simulation.store)
    old.responses["/feed"] = redirect(new.url("/feed"), status)
    simulation.run_for(14 * DAYS, every=3 * HOURS)
    before_move = times(old)[1:]
    assert 7 * DAYS <= before_move[-1] - before_move[0] <= 7 * DAYS + 6 * HOURS
    assert times(new)[-1] > before_move[-1]
    assert (simulation.state().new_url, simulation.health().health) == (new.url("/feed"), "moved")
    assert simulation.state().failing_since is None
    after = articles(simulation.store)
    assert {key: after[key] for key in before} == before
    assert len(after) == 2
    assert all(f'source: "{feed.url}"'.encode() in text for text in after.values())


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_temporary_redirect_is_followed_but_never_moves_a_feed(
    simulation: Simulation, old: FeedServer, new: FeedServer, status: int
) -> None:
    old.responses["/feed"] = redirect(new.url("/feed"), status)
    simulation.subscribe(old.url("/feed"))
    simulation.run_for(9 * DAYS, every=12 * HOURS)
    assert times(old) == times(new)
    assert (simulation.state().redirect_url, simulation.health().health) == ("", "well")


@pytest.mark.parametrize("hops", [(302, 301), (301, 302)], ids=str)
def test_one_temporary_redirect_makes_the_chain_temporary(
    simulation: Simulation, old: FeedServer, new: FeedServer, hops: tuple[int, int]
) -> None:
    old.responses["/feed"] = redirect(old.url("/middle"), hops[0])
    old.responses["/middle"] = redirect(new.url("/feed"), hops[1])
    simulation.subscribe(old.url("/feed"))
    simulation.run_for(10 * DAYS, every=12 * HOURS)
    assert times(old) == times(new)
    assert simulation.state().new_url == ""


def test_a_chain_of_permanent_redirects_is_permanent(simulation: Simulation, old: FeedServer, new: FeedServer) -> None:
    old.responses["/feed"] = redirect(old.url("/middle"), 308)
    old.responses["/middle"] = redirect(new.url("/feed"), 301)
    simulation.subscribe(old.url("/feed"))
    simulation.run_for(10 * DAYS, every=12 * HOURS)
    assert simulation.state().new_url == new.url("/feed")


def test_a_permanent_redirect_to_a_page_never_moves_a_feed(
    simulation: Simulation, old: FeedServer, new: FeedServer
) -> None:
    """During maintenance, publishers sometimes redirect a feed to a page."""
    old.responses["/feed"] = redirect(new.url("/sorry"))
    new.responses["/sorry"] = PAGE
    simulation.subscribe(old.url("/feed"))
    simulation.run_for(20 * DAYS, every=12 * HOURS)
    assert (simulation.state().new_url, simulation.state().redirect_url) == ("", "")
    assert simulation.health().problem == "the server sent an HTML page, not a feed"
    old.responses["/feed"] = Response(news(1, 2, 3))
    simulation.run_for(2 * DAYS, every=12 * HOURS)
    assert simulation.health().health == "well"


def test_a_redirect_to_another_target_starts_the_week_again(
    simulation: Simulation, old: FeedServer, new: FeedServer
) -> None:
    new.responses["/elsewhere"] = Response(news(1, 2))
    old.responses["/feed"] = redirect(new.url("/feed"))
    simulation.subscribe(old.url("/feed"))
    simulation.run_for(6 * DAYS, every=12 * HOURS)
    old.responses["/feed"] = redirect(new.url("/elsewhere"))
    changed = simulation.clock()
    simulation.run_for(6 * DAYS, every=12 * HOURS)
    assert simulation.state().new_url == ""
    assert simulation.state().redirect_url == new.url("/elsewhere")
    simulation.run_for(2 * DAYS, every=12 * HOURS)
    assert simulation.state().new_url == new.url("/elsewhere")
    assert times(old)[-1] - changed >= 7 * DAYS


def test_a_redirect_that_ends_is_forgotten(simulation: Simulation, old: FeedServer, new: FeedServer) -> None:
    old.responses["/feed"] = redirect(new.url("/feed"))
    simulation.subscribe(old.url("/feed"))
    simulation.run_for(6 * DAYS, every=12 * HOURS)
    old.responses["/feed"] = Response(news(1))
    simulation.run_for(DAYS, every=6 * HOURS)
    old.responses["/feed"] = redirect(new.url("/feed"))
    simulation.run_for(6 * DAYS, every=12 * HOURS)
    assert simulation.state().new_url == ""


def test_a_maintenance_page_in_between_starts_the_week_again(
    simulation: Simulation, old: FeedServer, new: FeedServer
) -> None:
    new.responses["/sorry"] = PAGE
    old.responses["/feed"] = redirect(new.url("/feed"))
    simulation.subscribe(old.url("/feed"))
    simulation.run_for(5 * DAYS, every=12 * HOURS)
    old.responses["/feed"] = redirect(new.url("/sorry"))
    simulation.run_for(DAYS)
    old.responses["/feed"] = redirect(new.url("/feed"))
    simulation.run_for(4 * DAYS, every=12 * HOURS)
    assert simulation.state().new_url == ""
    simulation.run_for(5 * DAYS, every=12 * HOURS)
    assert simulation.state().new_url == new.url("/feed")


def test_a_moved_feed_may_move_again(simulation: Simulation, old: FeedServer, new: FeedServer) -> None:
    newest = simulation.server()
    newest.responses["/feed"] = conditional(lambda: news(1, 2, 3))
    old.responses["/feed"] = redirect(new.url("/feed"))
    simulation.subscribe(old.url("/feed"))
    simulation.run_for(8 * DAYS, every=12 * HOURS)
    new.responses["/feed"] = redirect(newest.url("/feed"))
    simulation.run_for(8 * DAYS, every=12 * HOURS)
    assert simulation.state().new_url == newest.url("/feed")
    assert len(articles(simulation.store)) == 3


@pytest.mark.parametrize("end", [Response(b"", 500), Response(b"", 410), PAGE], ids=["fails", "gone", "page"])
def test_a_new_url_that_fails_is_given_up_for_the_subscribed_one(
    simulation: Simulation, old: FeedServer, new: FeedServer, end: Response
) -> None:
    old.responses["/feed"] = redirect(new.url("/feed"))
    simulation.subscribe(old.url("/feed"))
    simulation.run_for(8 * DAYS, every=12 * HOURS)
    old.responses["/feed"] = Response(news(1, 2, 3))
    new.responses["/feed"] = end
    simulation.run_for(8 * DAYS, every=12 * HOURS)
    assert simulation.state().new_url == ""
    assert simulation.health().health == "well"
    assert len(articles(simulation.store)) == 3
    back = next(request for request in old.requests if request.at and request.at > times(new)[-1])
    assert "If-None-Match" not in back.headers  # the validators are from another server


def test_a_new_url_in_feeds_toml_replaces_a_redirect(simulation: Simulation, old: FeedServer, new: FeedServer) -> None:
    old.responses["/feed"] = redirect(new.url("/feed"))
    simulation.subscribe(old.url("/feed"))
    simulation.run_for(8 * DAYS, every=12 * HOURS)
    third = simulation.server()
    third.responses["/feed"] = Response(news(1, 2, 3))
    simulation.subscribe(third.url("/feed"))
    requested = len(new.requests)
    assert simulation.run().articles() == {"new": 1, "known": 2, "revised": 0, "rejected": 0}
    assert len(new.requests) == requested


def test_a_feed_with_a_secret_is_not_moved(simulation: Simulation, old: FeedServer, new: FeedServer) -> None:
    old.responses["/feed"] = redirect(new.url("/feed"))
    simulation.subscribe(old.url("/feed"), headers={"X-Token": "secret"})
    simulation.run_for(9 * DAYS, every=12 * HOURS)
    assert simulation.state().new_url == ""
    assert simulation.health().health == "moved"
    assert all("X-Token" in request.headers for request in old.requests)
    assert not any("X-Token" in request.headers for request in new.requests)


def test_feeds_that_moved_to_one_host_share_its_rate_limit(
    simulation: Simulation, old: FeedServer, new: FeedServer
) -> None:
    """The feeds share it even if their states are in different shards."""
    other = simulation.server()
    for number, server in enumerate((old, other)):
        server.responses["/feed"] = redirect(new.url(f"/{number}"))
        new.responses[f"/{number}"] = Response(news(number))
        simulation.subscribe(server.url("/feed"), f"feed{number}")
    for number in range(60):  # enough feeds for two shards
        simulation.subscribe(f"http://127.0.8.{number}:9/feed", f"down{number}", interval=30 * DAYS)
    simulation.run_for(8 * DAYS, every=12 * HOURS)
    assert all(simulation.state(f"feed{number}").new_url == new.url(f"/{number}") for number in range(2))
    too_many: Script = sequence(Response(b"", 429, {"Retry-After": "86400"}))
    new.responses.update({"/0": too_many, "/1": too_many})
    del new.requests[:]
    simulation.run_for(20 * HOURS, every=HOURS)
    assert len(new.requests) == 1
