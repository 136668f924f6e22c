"""Recognize feeds that have moved to the same URL. Only one of them is polled at this URL. Pure functions.

If two feeds were polled at the same URL, every article would be archived twice, once for each feed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping, Set
from dataclasses import replace
from datetime import timedelta

from feedarchive.feeds.feed import Feed, comparable_url
from feedarchive.polling.feed_state import FeedState
from feedarchive.url_secrets import MASK

SAME_FEED_INTERVAL = timedelta(days=7)
"""A feed that redirects to another feed is polled only this often, to check whether it still redirects."""

FindSubscription = Callable[[str], str]
"""A function that returns the id of the feed that is subscribed with a URL; "" if there is no such feed.

It searches all feeds of the archive, not only the feeds that this run polls. It may raise StoreError.
"""


def in_no_other_shard(_: str) -> str:
    """The FindSubscription of a run that polls all feeds. There are no other feeds to search."""
    return ""


def owners_of_urls(feeds: Iterable[Feed], states: Mapping[str, FeedState]) -> dict[str, str]:
    """Map each URL (as ``comparable_url``) to the id of its owner: the only feed that is polled at this URL.

    - The owner of a subscribed URL is the feed that is subscribed with it.
    - The owner of any other URL is the first feed in ``feeds`` that has moved to it.

    ``states``: the known states of feeds, by feed id.
    """
    listed = list(feeds)
    owners = {comparable_url(feed.public_url): feed.id for feed in listed if MASK not in feed.public_url}
    for feed in listed:
        state = states.get(feed.id)
        if state and not state.same_as and (moved_to := state.new_url or state.redirect_url):
            owners.setdefault(comparable_url(moved_to), feed.id)
    return owners


def without_lost_owner(state: FeedState, ids: Set[str], find: FindSubscription) -> FeedState:
    """Clear ``same_as`` in the state of a feed if it names a feed that is no longer subscribed.

    - ``ids``: the ids of the subscribed feeds that this process knows.
    - ``find``: searches all feeds of the archive.
    """
    if not state.same_as or state.same_as in ids or find(state.redirect_url):
        return state
    return replace(state, same_as="")


def other_owner(
    feed: Feed, url: str, owners: MutableMapping[str, str], find: FindSubscription = in_no_other_shard
) -> str:
    """Return the id of the owner of a URL to which ``feed`` has moved; "" if ``feed`` itself is the owner.

    If the URL has no owner yet, ``feed`` becomes its owner in ``owners``. Thread-safe.
    """
    if MASK in url:
        return ""
    owner = owners.setdefault(comparable_url(url), feed.id)
    if owner == feed.id and (subscribed := find(url)):
        owner = owners[comparable_url(url)] = subscribed
    return "" if owner == feed.id else owner
