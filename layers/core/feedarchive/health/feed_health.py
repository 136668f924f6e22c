"""One feed's health, judged from its state. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from feedarchive.feeds.feed import Feed
from feedarchive.feeds.values import without_credentials
from feedarchive.polling.state import NEVER, FeedState

# A feed that fails this long does not come back by itself: somebody should look.
_NEEDS_A_PERSON_AFTER = timedelta(days=3)
_STATUS = re.compile(r"answers (\d{3})")
_BY_STATUS = {
    "401": "it wants a login: give it one under headers in feeds.toml",
    "403": "it may block data centres or programs: ask the publisher, or send other headers",
    "404": "it may have moved: look for its new address on its site",
    "429": "it is asked too often: give it a longer interval in feeds.toml",
}
_BY_KIND = {
    "gone": "it will not come back: remove it from feeds.toml, what is archived stays",
    "not-a-feed": "open its address in a browser: it may have moved, or want a login",
    "too-large": "it shows too much at once: perhaps the site has a smaller feed",
    "refused": "allow_private_addresses in feeds.toml permits a home network",
    "tls": "its certificate is wrong: only its publisher can mend that",
    "unreachable": "check its address; its server may be down",
    "timeout": "its server is slow or down: it is tried again",
    "redirects": "check its address in a browser",
}


@dataclass(frozen=True)
class FeedHealth:
    """What a person wants to know of a feed. Times are None where nothing happened yet.

    ``problem`` says what is wrong, ``advice`` what to do; "" when all is well.
    """

    feed: str
    title: str
    url: str
    last_success: datetime | None
    failing_since: datetime | None
    next_poll: datetime | None
    new_in_30_days: int
    problem: str = ""
    advice: str = ""
    moved_to: str = ""
    gone_since: datetime | None = None
    noisy: bool = False
    possible_gap: datetime | None = None
    needs_a_person: bool = False

    @property
    def word(self) -> str:
        """The health in one word."""
        if self.gone_since:
            return "gone"
        if self.failing_since:
            return "failing"
        if self.last_success is None:
            return "new"
        return "moved" if self.moved_to else "noisy" if self.noisy else "gap" if self.possible_gap else "well"


def health_of(feed: Feed, state: FeedState | None, new_in_30_days: int, now: datetime) -> FeedHealth:
    """Judge a feed at a moment."""
    known = state or FeedState()
    failing = bool(known.failing_since and now - known.failing_since >= _NEEDS_A_PERSON_AFTER)
    return FeedHealth(
        feed=feed.id,
        title=feed.title,
        url=without_credentials(feed.url),
        last_success=None if known.succeeded == NEVER else known.succeeded,
        failing_since=known.failing_since,
        next_poll=None if known.tried == NEVER else known.tried + feed.interval,
        new_in_30_days=new_in_30_days,
        problem=_problem(known),
        advice=_advice(known),
        moved_to=known.moved_to,
        gone_since=known.gone,
        noisy=known.noisy,
        possible_gap=known.gap,
        needs_a_person=failing or bool(known.gone or known.moved_to),
    )


def _problem(state: FeedState) -> str:
    if state.failing_since:
        return state.error
    if state.moved_to:
        return f"it has moved for good to {state.moved_to}"
    if state.noisy:
        return "most of its entries change at every poll, so no revisions are kept"
    if state.gap:
        return f"at a poll after {state.gap:%Y-%m-%d %H:%M} UTC nothing known was left: entries may have been missed"
    return ""


def _advice(state: FeedState) -> str:
    if state.failing_since:
        status = _STATUS.search(state.error)
        if status and status.group(1) in _BY_STATUS:
            return _BY_STATUS[status.group(1)]
        if status and status.group(1).startswith("5"):
            return "its server has trouble: it is tried again"
        return _BY_KIND.get(state.error_kind, "it is tried again")
    if state.moved_to:
        return "change its url in feeds.toml, and keep its id by writing it there"
    if state.noisy:
        return "a clock or counter in its text does that: revisions = false in feeds.toml turns them off"
    return "give it a shorter interval in feeds.toml" if state.gap else ""
