"""Decide at which URL a feed with permanent redirects is polled. Pure functions.

A redirect is confirmed when the feed has been at the new URL for a week. Then the feed is polled there. The delay is
needed because some publishers have redirected all their feeds to a maintenance page "permanently". A redirect from http
to https is confirmed at once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from feedarchive.feeds.feed import Feed
from feedarchive.polling.feed_state import FeedState, url_to_poll
from feedarchive.url_secrets import MASK, public_url

_CONFIRMED_AFTER = timedelta(days=7)
# If the new URL fails for this long, the subscribed URL is polled again.
_GIVEN_UP_AFTER = timedelta(days=3)


def after_feed_at(feed: Feed, state: FeedState, url: str, permanent: bool, now: datetime) -> FeedState:
    """Return the state of a feed after its document was found at ``url``.

    ``permanent``: whether redirects led to ``url``, and all of them were permanent.
    """
    if not permanent:
        return replace(state, redirect_url="", redirect_since=None)
    url = public_url(url)
    first = state.redirect_since if url == state.redirect_url else None
    since = first if first and first <= now else now  # if ``first`` is in the future, the clock was wrong
    redirected = replace(state, redirect_url=url, redirect_since=since)
    if feed.has_secrets or MASK in url:
        # Only the user may decide to send secrets to another URL, so the redirect is never confirmed.
        return redirected
    if now - since < _CONFIRMED_AFTER and not _is_https_upgrade(url_to_poll(feed, state), url):
        return redirected
    return replace(state, new_url="" if url == feed.public_url else url, redirect_url="", redirect_since=None)


def after_other_document(state: FeedState, url: str) -> FeedState:
    """Return the state of a feed after a document that is not a feed was found at ``url``.

    An unconfirmed redirect to ``url`` is kept. An unconfirmed redirect to another URL is forgotten.
    """
    return state if public_url(url) == state.redirect_url else replace(state, redirect_url="", redirect_since=None)


def after_failure(state: FeedState, now: datetime) -> FeedState:
    """Return the state of a feed after a failure.

    If ``new_url`` is gone (HTTP 410) or has failed for three days, the subscribed URL is polled again.
    """
    given_up = state.failing_since is not None and now - state.failing_since >= _GIVEN_UP_AFTER
    if state.new_url and (state.gone_since or given_up):
        return replace(
            state, new_url="", redirect_url="", redirect_since=None, gone_since=None,
            etag="", last_modified="", body_hash="",
        )  # fmt: skip
    return state


def _is_https_upgrade(before: str, after: str) -> bool:
    return before.startswith("http://") and after == "https" + before.removeprefix("http")
