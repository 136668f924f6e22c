"""Feeds that have moved to the URL of another subscribed feed: only one of the two is polled. Pure.

Otherwise every article of that URL would be archived once for each feed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping, Set
from dataclasses import replace
from datetime import timedelta

from feedarchive.feeds.feed import Feed, comparable_url
from feedarchive.polling.feed_state import FeedState
from feedarchive.url_secrets import MASK

SAME_FEED_INTERVAL = timedelta(days=7)
"""The time between two polls of a feed that is only polled to find out whether it still redirects."""

FindSubscription = Callable[[str], str]
"""Returns the id of the feed that is subscribed by a URL, "" if there is none. It is asked about feeds of other shards
than those of the run. Raises StoreError."""


def in_no_other_shard(_: str) -> str:
    """For a run that has all feeds of the archive."""
    return ""


def owners_of_urls(feeds: Iterable[Feed], states: Mapping[str, FeedState]) -> dict[str, str]:
    """The id of the feed that is polled at a URL, by the comparable form of the URL.

    A subscribed URL belongs to its feed; a URL to which several feeds have moved, to the first of them in the list.
    ``states`` are those that are known, by feed id.
    """
    listed = list(feeds)
    owners = {comparable_url(feed.public_url): feed.id for feed in listed if MASK not in feed.public_url}
    for feed in listed:
        state = states.get(feed.id)
        if state and not state.same_as and (moved_to := state.new_url or state.redirect_url):
            owners.setdefault(comparable_url(moved_to), feed.id)
    return owners


def without_lost_owner(state: FeedState, ids: Set[str], find: FindSubscription) -> FeedState:
    """The state without ``same_as`` if that feed is not subscribed to any more. ``ids`` are feeds that are."""
    if not state.same_as or state.same_as in ids or find(state.redirect_url):
        return state
    return replace(state, same_as="")


def other_owner(
    feed: Feed, url: str, owners: MutableMapping[str, str], find: FindSubscription = in_no_other_shard
) -> str:
    """The id of the other feed that is polled at this URL, to which this feed has moved.

    If there is none, "": the URL belongs to this feed from now on. Several threads may call this.
    """
    if MASK in url:
        return ""
    owner = owners.setdefault(comparable_url(url), feed.id)
    if owner == feed.id and (subscribed := find(url)):
        owner = owners[comparable_url(url)] = subscribed
    return "" if owner == feed.id else owner
