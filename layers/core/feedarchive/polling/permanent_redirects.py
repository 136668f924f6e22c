"""Where a feed is polled: permanent redirects are believed only when proven. Pure.

Publishers have redirected feeds for good to a page about maintenance, and readers have followed them there for ever.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from feedarchive.feeds.feed import Feed
from feedarchive.polling.feed_state import FeedState, address_of
from feedarchive.urls import without_credentials

_PROVEN_AFTER = timedelta(days=7)
_TRUSTED_FOR = timedelta(days=3)  # failing this long, the new address was none


def after_feed_at(feed: Feed, state: FeedState, url: str, permanent: bool, now: datetime) -> FeedState:
    """The poll found the feed at ``url``; ``permanent`` tells that every redirect there (one at least) was."""
    if not permanent:
        return replace(state, moved_to="", moved_since=None)
    target = without_credentials(url)
    since = state.moved_since if target == state.moved_to and state.moved_since else now
    moving = replace(state, moved_to=target, moved_since=since)
    if _has_secrets(feed):
        return moving  # they were given for this address: only a person may send them to another
    if now - since < _PROVEN_AFTER and not _only_secured(address_of(feed, state), target):
        return moving
    own = target == without_credentials(feed.url)
    return replace(state, address="" if own else target, moved_to="", moved_since=None)


def after_other_document(state: FeedState, url: str) -> FeedState:
    """What was found at ``url`` is no feed: if the redirect leads elsewhere than before, it starts anew."""
    return state if without_credentials(url) == state.moved_to else replace(state, moved_to="", moved_since=None)


def after_failure(state: FeedState, now: datetime) -> FeedState:
    """A moved feed that is gone, or fails for days, is looked for where it was subscribed."""
    failing = state.failing_since is not None and now - state.failing_since >= _TRUSTED_FOR
    if state.address and (state.gone or failing):
        return replace(
            state, address="", moved_to="", moved_since=None, gone=None, etag="", last_modified="", body_hash=""
        )
    return state


def _only_secured(before: str, after: str) -> bool:
    """http to https, and nothing else?"""
    return before.startswith("http://") and after == "https" + before.removeprefix("http")


def _has_secrets(feed: Feed) -> bool:
    return bool(feed.headers) or "@" in urlsplit(feed.url).netloc
