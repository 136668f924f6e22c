"""Feeds with secrets in their URLs: they stay the same feeds, and no redirect makes the program send a secret."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from feedarchive.feeds.feed import Feed, former_default_id
from feedarchive.feeds.feeds_file import parse_feeds_file
from tests.harness.feed_archiver import articles
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import FeedServer, Response
from tests.harness.simulation import HOURS, Simulation

PATH = "/feed?token=swordfish"
ITEMS = (
    Item("A guid alone", guid="tag:1", text="The first story of today, told at length."),
    Item("Elsewhere", link="https://example.net/2", guid="tag:2", text="The second story, which is on another site."),
    Item("Words alone", text="The third story has neither a guid nor a link."),
    Item("At home", link="/4", guid="tag:4", text="The fourth story has a page of its own here."),
)


@pytest.fixture
def server(simulation: Simulation) -> FeedServer:
    return simulation.server()


def from_feeds_file(url: str) -> Feed:
    return parse_feeds_file(f'[[feeds]]\nurl = "{url}"', "feeds.toml").feeds[0]


def archived_by_0_1_0(simulation: Simulation, server: FeedServer) -> Feed:
    """Archive a feed under the id that release 0.1.0 gave it. Return the feed with its present id."""
    url = server.serve(PATH, rss(*ITEMS))
    simulation.subscribe(url, former_default_id(url))
    simulation.run()
    simulation.clock.now += 3 * HOURS
    feed = from_feeds_file(url)
    simulation.feeds = [feed]
    return feed


@pytest.mark.parametrize("lost_state", [False, True])
def test_an_archive_of_0_1_0_continues_under_the_new_id(
    simulation: Simulation, server: FeedServer, lost_state: bool
) -> None:
    feed = archived_by_0_1_0(simulation, server)
    before = articles(simulation.store)
    assert "swordfish" in feed.former_id
    assert "swordfish" not in feed.id
    if lost_state:
        simulation.store.delete("state/all.json")
    edited = (replace(ITEMS[0], text="The first story, with a correction at its end."), ITEMS[1], ITEMS[2])
    moved = replace(ITEMS[3], link="/4-at-a-new-address")
    server.serve(PATH, rss(Item("New", guid="tag:5", text="A new story altogether."), *edited, moved))
    report = simulation.run().reports[0]
    assert (report.new, report.known, report.revised) == (1, 3, 1)
    after = articles(simulation.store)
    assert {key: after[key] for key in before} == before
    assert len(after) == len(before) + 2
    state = simulation.store.read("state/all.json")
    assert state is not None
    assert b"swordfish" not in state.data


def test_a_feed_that_is_not_due_keeps_its_state_under_the_new_id(simulation: Simulation, server: FeedServer) -> None:
    feed = archived_by_0_1_0(simulation, server)
    simulation.clock.now -= 3 * HOURS - timedelta(minutes=1)
    other = simulation.server()
    simulation.feeds = [feed, Feed(other.serve("/other", rss(Item())), "other")]
    report = simulation.run()
    assert [each.feed for each in report.reports] == ["other"]
    assert simulation.state(feed.id).known_entries
    state = simulation.store.read("state/all.json")
    assert state is not None
    assert b"swordfish" not in state.data


def test_a_new_token_makes_no_new_feed(simulation: Simulation, server: FeedServer) -> None:
    simulation.feeds = [from_feeds_file(server.serve(PATH, rss(*ITEMS)))]
    simulation.run()
    before = articles(simulation.store)
    url = server.serve("/feed?token=changed", rss(replace(ITEMS[0], text="The first story, corrected."), *ITEMS[1:]))
    simulation.feeds = [from_feeds_file(url)]
    simulation.clock.now += HOURS
    report = simulation.run().reports[0]
    assert (report.new, report.revised, report.known) == (0, 1, 3)
    assert len(articles(simulation.store)) == len(before) + 1


def test_a_permanent_redirect_with_a_secret_never_moves_the_feed(simulation: Simulation, server: FeedServer) -> None:
    server.responses["/feed"] = Response(status=301, headers={"Location": server.serve(PATH, rss(*ITEMS))})
    simulation.subscribe(server.url("/feed"))
    simulation.run_for(timedelta(days=9), every=6 * HOURS)
    assert simulation.state().new_url == ""
    assert simulation.state().redirect_url == server.url("/feed?token=***")
    assert {request.path for request in server.requests} == {"/feed", PATH}


def test_a_server_cannot_make_the_feed_send_a_secret(
    simulation: Simulation, server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the user's own feeds file may refer to secrets, not the URL to which a feed moves."""
    monkeypatch.setenv("TOP_SECRET", "swordfish")
    target = "/{env:TOP_SECRET}/feed?x={env:TOP_SECRET}"
    server.responses["/feed"] = Response(status=301, headers={"Location": target})
    server.responses["/%7Benv:TOP_SECRET%7D/feed?x=%7Benv:TOP_SECRET%7D"] = Response(rss(*ITEMS))
    simulation.subscribe(server.url("/feed"))
    simulation.run_for(timedelta(days=9), every=6 * HOURS)
    assert len(articles(simulation.store)) == 4
    assert not [request for request in server.requests if "swordfish" in request.path]


def test_without_its_secret_a_feed_is_not_requested_and_waits_no_longer_than_usual(
    simulation: Simulation, server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulation.feeds = [feed] = [from_feeds_file(f"{server.url('/feed')}?token=env:TOP_SECRET")]
    simulation.run_for(timedelta(days=4), every=HOURS)
    assert server.requests == []
    assert simulation.state(feed.id).error == "the environment variable TOP_SECRET is not set"
    monkeypatch.setenv("TOP_SECRET", "swordfish")
    server.serve(PATH, rss(*ITEMS))
    simulation.run()
    assert [request.path for request in server.requests] == [PATH]
    assert all(b"token=***" in article for article in articles(simulation.store).values())
