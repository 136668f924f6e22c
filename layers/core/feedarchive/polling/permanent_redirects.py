"""The URL at which a feed is polled. It changes only when a permanent redirect is confirmed. Pure.

A redirect is confirmed when the feed was found at its target for a week; at once if only http became https. The reason:
publishers have permanently redirected all feeds to a maintenance page, and feed readers then kept polling that page.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from feedarchive.feeds.feed import Feed
from feedarchive.polling.feed_state import FeedState, url_to_poll
from feedarchive.url_secrets import MASK, public_url

_CONFIRMED_AFTER = timedelta(days=7)
_GIVEN_UP_AFTER = timedelta(days=3)  # of failures at the new URL


def after_feed_at(feed: Feed, state: FeedState, url: str, permanent: bool, now: datetime) -> FeedState:
    """The state after the feed was found at ``url``. ``permanent``: redirects led there, and all were permanent."""
    if not permanent:
        return replace(state, redirect_url="", redirect_since=None)
    url = public_url(url)
    first = state.redirect_since if url == state.redirect_url else None
    since = first if first and first <= now else now  # a time in the future is from a wrong clock
    redirected = replace(state, redirect_url=url, redirect_since=since)
    if feed.has_secrets or MASK in url:
        return redirected  # never confirmed: only the user may decide to send the secrets to another URL
    if now - since < _CONFIRMED_AFTER and not _is_https_upgrade(url_to_poll(feed, state), url):
        return redirected
    return replace(state, new_url="" if url == feed.public_url else url, redirect_url="", redirect_since=None)


def after_other_document(state: FeedState, url: str) -> FeedState:
    """The state after something that is not a feed was found at ``url``.

    If an unconfirmed redirect leads elsewhere than to ``url``, it is dropped.
    """
    return state if public_url(url) == state.redirect_url else replace(state, redirect_url="", redirect_since=None)


def after_failure(state: FeedState, now: datetime) -> FeedState:
    """The state after a failure. If ``new_url`` is gone or has failed for days, the subscribed URL is polled again."""
    given_up = state.failing_since is not None and now - state.failing_since >= _GIVEN_UP_AFTER
    if state.new_url and (state.gone_since or given_up):
        return replace(
            state, new_url="", redirect_url="", redirect_since=None, gone_since=None,
            etag="", last_modified="", body_hash="",
        )  # fmt: skip
    return state


def _is_https_upgrade(before: str, after: str) -> bool:
    """Do the URLs differ only in their scheme, which was http and became https?"""
    return before.startswith("http://") and after == "https" + before.removeprefix("http")
