"""Feeds that move to the URL of another subscribed feed, or together to a new one: only one of them is polled."""

from __future__ import annotations

import pytest

from feedarchive.feeds.feeds_file import parse_feeds_file
from tests.harness.feed_archiver import articles
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import FeedServer
from tests.harness.simulation import DAYS, HOURS, Simulation, times
from tests.polling.test_moves import redirect

# The entries are about pages of other sites, so their ids depend on the feed: each feed would archive them.
ITEMS = [Item(f"About {n}", link=f"https://example.net/{n}", guid=f"tag:{n}") for n in range(3)]


@pytest.fixture
def old(simulation: Simulation) -> FeedServer:
    return simulation.server()


@pytest.fixture
def kept(simulation: Simulation) -> FeedServer:
    server = simulation.server()
    server.serve("/feed", rss(*ITEMS))
    return server


def subscribe_moved_feed(simulation: Simulation, old: FeedServer, kept: FeedServer) -> None:
    """Subscribe two feeds, of which ``old`` has moved to the URL of ``kept``."""
    old.responses["/feed"] = redirect(kept.url("/feed"))
    simulation.subscribe(old.url("/feed"), "old")
    simulation.subscribe(kept.url("/feed"), "kept")


def test_one_of_two_feeds_is_polled_when_one_moves_to_the_other(
    simulation: Simulation, old: FeedServer, kept: FeedServer
) -> None:
    subscribe_moved_feed(simulation, old, kept)
    simulation.run_for(22 * DAYS, every=6 * HOURS)
    assert len(articles(simulation.store)) == len(ITEMS)
    first, *later = times(old)
    assert [time - first for time in later] == [7 * DAYS, 14 * DAYS, 21 * DAYS]
    assert len(times(kept)) > 50
    (problem,) = simulation.problems("same-feed")
    moved = f"it has moved to {kept.url('/feed')}, which is already subscribed as kept: only kept is polled"
    assert problem.detail == f"{moved}; run feedarchive remove old"
    health = simulation.health("old")
    assert (health.health, health.problem, health.advice) == (
        "moved",
        f"it has moved to {kept.url('/feed')}, which is already subscribed as kept: only kept is polled",
        "run feedarchive remove old: its articles stay in the archive",
    )
    assert simulation.health("kept").health == "well"


def test_a_feed_whose_other_feed_was_removed_is_polled_at_once(
    simulation: Simulation, old: FeedServer, kept: FeedServer
) -> None:
    subscribe_moved_feed(simulation, old, kept)
    simulation.run()
    kept.serve("/feed", rss(*ITEMS, Item("New", link="https://example.net/new", guid="tag:new")))
    simulation.feeds = [feed for feed in simulation.feeds if feed.id == "old"]
    simulation.clock.move(hours=1)
    simulation.run()
    assert "/new-" in " ".join(articles(simulation.store))
    assert simulation.state("old").same_as == ""


def test_a_feed_that_ends_its_redirect_is_polled_again(
    simulation: Simulation, old: FeedServer, kept: FeedServer
) -> None:
    subscribe_moved_feed(simulation, old, kept)
    simulation.run()
    old.serve("/feed", rss(Item("Back", link="https://example.net/back", guid="tag:back")))
    simulation.run_for(8 * DAYS, every=6 * HOURS)
    assert "/back-" in " ".join(articles(simulation.store))
    assert (simulation.state("old").same_as, simulation.health("old").health) == ("", "well")


@pytest.mark.parametrize("days", [2, 20])
def test_the_advice_makes_no_feeds_file_that_is_refused(
    simulation: Simulation, old: FeedServer, kept: FeedServer, days: int
) -> None:
    """Two feeds move to the same new URL. The advice is to set this URL for one feed and to remove the other."""
    other = simulation.server()
    for server, name in ((old, "one"), (other, "two")):
        server.responses["/feed"] = redirect(kept.url("/feed"))
        simulation.subscribe(server.url("/feed"), name)
    simulation.run_for(days * DAYS, every=12 * HOURS)
    assert len(articles(simulation.store)) == len(ITEMS)
    texts = [
        f'[[feeds]]\nurl = "{server.url("/feed")}"\nid = "{name}"\n' for server, name in ((old, "one"), (other, "two"))
    ]
    advice = [simulation.health(name).advice for name in ("one", "two")]
    (stays,) = [number for number, each in enumerate(advice) if " set url = " in each]
    name, removed = ("one", "two")[stays], ("two", "one")[stays]
    assert advice[stays].endswith(f'in feeds.toml, set url = "{kept.url("/feed")}" and id = "{name}"')
    assert advice[1 - stays] == f"run feedarchive remove {removed}: its articles stay in the archive"
    texts[stays] = f'[[feeds]]\nurl = "{kept.url("/feed")}"\nid = "{name}"\n'
    assert len(parse_feeds_file("".join(texts), "feeds.toml").feeds) == 2
