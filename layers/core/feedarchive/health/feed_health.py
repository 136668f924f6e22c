"""One feed's health, judged from its state. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from feedarchive.feeds.feed import DEFAULT_INTERVAL, Feed
from feedarchive.polling.feed_state import NEVER, FeedState, HostState
from feedarchive.polling.schedule import next_poll, rate_limited_until
from feedarchive.urls import without_credentials

# A feed that fails this long does not come back by itself: somebody should look.
_NEEDS_A_PERSON_AFTER = timedelta(days=3)
# A gap is told for a while; a feed that is still read but says nothing may have been left by its writer.
_GAP_TOLD_FOR = timedelta(days=7)
_QUIET_AFTER = timedelta(days=60)
_NAMES = "; it names "  # as reading.advertised_feeds puts it
_ADVICE = {
    "gone": "it is not polled any more: remove it from feeds.toml (what is archived stays), or give it its new url; "
    "feedarchive fetch --all asks once more",
    "login": "give its login in feeds.toml, in its url or under headers, or correct the one that is there",
    "forbidden": "it may block data centres or programs: ask the publisher, or send other headers",
    "challenge": "it lets only browsers in: ask the publisher to let feed readers pass",
    "not-found": "it may have moved: look for its new address on its site",
    "too-often": "it is asked too often: give it a longer interval in feeds.toml",
    "server-error": "its server has trouble: it is tried again",
    "empty": "its server has trouble: it is tried again",
    "not-a-feed": "open its address in a browser: it may have moved, name another address, or want a login",
    "too-large": "it shows too much at once: perhaps the site has a smaller feed",
    "refused": "look at its address in feeds.toml",
    "secret": "its headers in feeds.toml name a secret that cannot be had",
    "tls": "check its address; where that is right, only its publisher can mend this",
    "dns": "check its address; its site may be gone",
    "proxy": "check proxy under [fetch] in feeds.toml, and that the proxy runs",
    "unreachable": "check its address; its server may be down",
    "timeout": "its server is slow or down: it is tried again",
    "redirects": "check its address in a browser",
}


@dataclass(frozen=True)
class FeedHealth:
    """What a person wants to know of a feed. Times are None where nothing happened yet.

    ``next_poll_why`` is the ``why`` of ``NextPoll``, ``error_kind`` the ``kind`` of ``FetchFailed`` while the feed
    fails. ``problem`` says what is wrong, ``advice`` what to do; "" when all is well.
    """

    feed: str
    title: str
    url: str
    last_success: datetime | None
    failing_since: datetime | None
    next_poll: datetime | None
    next_poll_why: str
    new_in_30_days: int
    word: str
    problem: str = ""
    error_kind: str = ""
    advice: str = ""
    moved_to: str = ""
    gone_since: datetime | None = None
    noisy: bool = False
    possible_gap: datetime | None = None
    needs_a_person: bool = False


def judge_feed(
    feed: Feed, state: FeedState | None, new_in_30_days: int, now: datetime, host: HostState | None = None
) -> FeedHealth:
    """Judge a feed at a moment. ``host`` is what is remembered of its host."""
    known = state or FeedState()
    word, problem, advice = _judged(feed, known, host, now)
    following = next_poll(feed, known, host)
    return FeedHealth(
        feed=feed.id,
        title=feed.title or known.title,
        url=without_credentials(feed.url),
        last_success=None if known.succeeded == NEVER else known.succeeded,
        failing_since=known.failing_since,
        next_poll=None if following.at == NEVER else following.at,
        next_poll_why=following.why,
        new_in_30_days=new_in_30_days,
        word=word,
        problem=problem,
        error_kind=known.error_kind,
        advice=advice,
        moved_to=known.address or known.moved_to,
        gone_since=known.gone,
        noisy=known.noisy,
        possible_gap=known.gap,
        needs_a_person=bool(known.gone or (known.failing_since and now - known.failing_since >= _NEEDS_A_PERSON_AFTER)),
    )


def _judged(feed: Feed, state: FeedState, host: HostState | None, now: datetime) -> tuple[str, str, str]:
    """The health in one word, what is wrong and what to do: the worst comes first."""
    until = rate_limited_until(state, host, now)
    waits = f"its server wants to be left alone until {until:%Y-%m-%d %H:%M} UTC" if until else ""
    if state.gone:
        return "gone", state.error, _ADVICE["gone"]
    if state.failing_since:
        advice = _ADVICE.get(state.error_kind, "it is tried again")
        if state.error_kind == "not-a-feed" and _NAMES in state.error:
            advice = "give it that url in feeds.toml"
        return "failing", state.error, f"{waits}; {advice}" if waits else advice
    if state.succeeded == NEVER:
        return "new", waits, ""
    told = _moved(feed, state) or _noisy(state) or _gap(feed, state, now) or _damaged(state)
    if told:
        return told
    if waits:
        return "waiting", waits, "nothing to do: another feed of its server was asked too often"
    return _quiet(state, now) or ("well", "", "")


def _moved(feed: Feed, state: FeedState) -> tuple[str, str, str] | None:
    advice = f'in feeds.toml, give it url = "{state.address or state.moved_to}" and id = "{feed.id}"'
    if state.address:
        return "moved", f"it has moved for good to {state.address} and is polled there", advice
    if state.moved_to:
        since = f" since {state.moved_since:%Y-%m-%d}" if state.moved_since else ""
        return "moved", f"it redirects for good to {state.moved_to}{since}", f"if that is right, {advice}"
    return None


def _noisy(state: FeedState) -> tuple[str, str, str] | None:
    if not state.noisy:
        return None
    problem = "most of its entries change at every poll, so no revisions are kept"
    return "noisy", problem, "a clock or counter in its text does that: revisions = false in feeds.toml turns them off"


def _gap(feed: Feed, state: FeedState, now: datetime) -> tuple[str, str, str] | None:
    if not state.gap or now - state.gap > _GAP_TOLD_FOR:
        return None
    problem = f"at the poll of {state.gap:%Y-%m-%d %H:%M} UTC nothing known was left: entries may have been missed"
    if feed.interval == DEFAULT_INTERVAL:
        return "gap", problem, "it is polled more often while it shows so much"
    return "gap", problem, "give it a shorter interval in feeds.toml, or none"


def _damaged(state: FeedState) -> tuple[str, str, str] | None:
    if not state.damage:
        return None
    problem = f"its last document was damaged ({state.damage}): entries may be missing"
    return "damaged", problem, "what can be read is archived; only its publisher can mend it"


def _quiet(state: FeedState, now: datetime) -> tuple[str, str, str] | None:
    if not state.news or now - state.news < _QUIET_AFTER:
        return None
    problem = f"it has shown nothing new since {state.news:%Y-%m-%d}"
    return "quiet", problem, "look at its site: it may be no longer written, or have another feed"
