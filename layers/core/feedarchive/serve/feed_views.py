"""The web pages of ``feedarchive serve`` about feeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from feedarchive.archive.open_archive import open_for_reading
from feedarchive.feeds.feed import Feed
from feedarchive.health.feed_health import FeedHealth
from feedarchive.health.load_states import all_health, load_states
from feedarchive.health.status_json import read_status
from feedarchive.identity.canonical_url import clean_url
from feedarchive.search.filters import Filters
from feedarchive.search.query import parse_query
from feedarchive.serve.chart import chart_of
from feedarchive.serve.html import page
from feedarchive.serve.http import Response
from feedarchive.serve.search_view import PER_PAGE, address_of_search
from feedarchive.serve.served_archive import ServedArchive


@dataclass(frozen=True)
class FeedRow:
    """A feed in the list of feeds.

    - ``source``: the URL of the feed, as in the front matter of its articles.
    - ``last_success``: the time of the last successful poll, as text for people; "" if there was none.
    - ``failing_since``: the time of the first failed poll after ``last_success``, as text for people; "" if the feed
      does not fail.
    """

    health: FeedHealth
    source: str
    title: str
    last_success: str
    failing_since: str


def feed_list(archive: ServedArchive) -> Response:
    """A list of all feeds with their health. Feeds that need attention come first."""
    return page("feeds.html", {"feeds": _health(archive)})


def feed_view(archive: ServedArchive, feed_id: str) -> Response | None:
    """A feed: its health, its newest articles, and a chart of how many articles each day has.

    Returns None if no feed with this id is subscribed.
    """
    found = next((each for each in _health(archive) if each.health.feed == feed_id), None)
    if found is None:
        return None
    by_day = {day: counts.get(found.source, 0) for day, counts in read_status(archive.store).new_by_day.items()}
    today = archive.now().astimezone(archive.time_zone).date()
    newest = archive.finder.find(parse_query(""), Filters(feeds=(found.source,)), PER_PAGE, 0)
    return page(
        "feed.html",
        {
            "feed": found,
            "chart": chart_of(by_day, today),
            "hits_of": newest.hits,
            "total": newest.total,
            "all": address_of_search({"feed": found.source}),
            "link": clean_url(found.health.url),
        },
    )


def _health(archive: ServedArchive) -> list[FeedRow]:
    feeds: Sequence[Feed] = open_for_reading(archive.store).feeds.feeds
    sources = {feed.id: feed.public_url for feed in feeds}
    health = all_health(feeds, load_states(archive.store, feeds), read_status(archive.store).new_by_day, archive.now())
    return [
        FeedRow(
            each, sources[each.feed], each.title or each.feed, archive.local_time(each.last_success),
            archive.local_time(each.failing_since),
        )
        for each in health
    ]  # fmt: skip
