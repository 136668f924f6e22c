"""Feeds that have moved to the URL of another subscribed feed. Only one of the two is polled. Pure.

If both were polled, every article at that URL would be archived twice, once for each feed.
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
"""Returns the id of the feed whose subscribed URL this is; "" if there is none. Finds feeds in the shards that the run
does not poll. Raises StoreError."""


def in_no_other_shard(_: str) -> str:
    """The FindSubscription of a run that has all feeds of the archive: returns ""."""
    return ""


def owners_of_urls(feeds: Iterable[Feed], states: Mapping[str, FeedState]) -> dict[str, str]:
    """The id of the feed that owns a URL (is polled there), by the comparable form of the URL.

    A subscribed URL belongs to its feed. A URL to which several feeds have moved belongs to the first of them in the
    list. ``states`` maps feed ids to the states that are known.
    """
    listed = list(feeds)
    owners = {comparable_url(feed.public_url): feed.id for feed in listed if MASK not in feed.public_url}
    for feed in listed:
        state = states.get(feed.id)
        if state and not state.same_as and (moved_to := state.new_url or state.redirect_url):
            owners.setdefault(comparable_url(moved_to), feed.id)
    return owners


def without_lost_owner(state: FeedState, ids: Set[str], find: FindSubscription) -> FeedState:
    """The state, without ``same_as`` if it names a feed that is no longer subscribed.

    ``ids``: the ids of the subscribed feeds that this process knows.
    ``find``: looks for a subscription with a URL among all feeds of the archive.
    """
    if not state.same_as or state.same_as in ids or find(state.redirect_url):
        return state
    return replace(state, same_as="")


def other_owner(
    feed: Feed, url: str, owners: MutableMapping[str, str], find: FindSubscription = in_no_other_shard
) -> str:
    """The id of the other feed that owns ``url``, a URL to which ``feed`` has moved.

    If no other feed owns it, returns "", and ``feed`` owns the URL from now on. Several threads may call this.
    """
    if MASK in url:
        return ""
    owner = owners.setdefault(comparable_url(url), feed.id)
    if owner == feed.id and (subscribed := find(url)):
        owner = owners[comparable_url(url)] = subscribed
    return "" if owner == feed.id else owner
