"""Judge how well a feed works, by its polling state. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from feedarchive.feeds.feed import Feed
from feedarchive.kinds import Kind
from feedarchive.polling.feed_state import NEVER, FeedState, HostState
from feedarchive.polling.full_polls import UNTRUE_304_FOR
from feedarchive.polling.retry_after import rate_limited_until
from feedarchive.polling.schedule import PollReason, next_poll
from feedarchive.problems import FeedError

# If a feed has failed for this long, it will probably not recover without a person.
_NEEDS_A_PERSON_AFTER = timedelta(days=3)
_GAP_REPORTED_FOR = timedelta(days=7)
# If a feed has had no new entry for this long, the publisher may have abandoned it, or replaced it by another feed.
_QUIET_AFTER = timedelta(days=60)


class Health(Kind):
    """How well a feed works. If several of these values apply to a feed, the first one counts."""

    GONE = "gone", "the server says that the feed is gone for good (HTTP 410): it is polled once a month"
    FAILING = "failing", "the last poll failed: `error_kind` says why"
    NEW = "new", "not polled successfully yet"
    MOVED = "moved", "it redirects permanently to another URL"
    NOISY = "noisy", "most of its entries change at every poll, so their revisions are not kept"
    UNTRUE_304 = (
        "untrue-304",
        'its server answered "not modified" (HTTP 304) although there were new entries: '
        "each poll requests the whole document",
    )
    GAP = "gap", "a poll in the last seven days found none of the previous entries: entries may have been missed"
    DAMAGED = "damaged", "the last document had to be repaired: entries may be missing"
    WAITING = "waiting", "its host is rate limiting us because of another feed"
    QUIET = "quiet", "it has had no new entry for 60 days"
    WELL = "well", "none of these"


@dataclass(frozen=True)
class FeedHealth:
    """The health of a feed. The fields have the same names and the same order in ``status.json``.

    - ``last_success`` and the other times: None means "never".
    - ``feed``: the id of the feed.
    - ``problem``, ``advice``: what is wrong and what to do; "" if there is nothing to report.
    - ``error_kind``: why the last poll failed; "" if it succeeded.
    - ``moved_to``: the URL to which the feed has moved; "" if it has not moved.
    - ``possible_gap``: the time of the last poll that found none of the previous entries.
    - ``needs_a_person``: the feed is gone, or has failed for three days.
    """

    feed: str
    health: Health
    title: str
    url: str
    last_success: datetime | None
    failing_since: datetime | None
    next_poll: datetime | None
    next_poll_why: PollReason
    new_in_30_days: int
    problem: str = ""
    error_kind: str = ""
    advice: str = ""
    moved_to: str = ""
    gone_since: datetime | None = None
    noisy: bool = False
    possible_gap: datetime | None = None
    needs_a_person: bool = False


@dataclass(frozen=True)
class _Judgment:
    health: Health
    problem: str = ""
    advice: str = ""


def judge_feed(
    feed: Feed,
    state: FeedState | None,
    new_in_30_days: int,
    now: datetime,
    host: HostState | None = None,
    owner: str = "",
) -> FeedHealth:
    """Judge how well a feed works.

    - ``state``: the saved polling state of the feed; None if it was never polled.
    - ``host``: the saved state of the feed's host; None if there is none.
    - ``owner``: if the feed has moved to the URL of another subscribed feed, the id of that feed; otherwise "".
    """
    known = state or FeedState()
    judgment = _judge(feed, known, host, now, owner)
    following = next_poll(feed, known, host)
    return FeedHealth(
        feed=feed.id,
        health=judgment.health,
        title=feed.title or known.title,
        url=feed.public_url,
        last_success=None if known.last_success == NEVER else known.last_success,
        failing_since=known.failing_since,
        next_poll=None if following.at == NEVER else following.at,
        next_poll_why=following.reason,
        new_in_30_days=new_in_30_days,
        problem=judgment.problem,
        error_kind=known.error_kind or "",
        advice=judgment.advice,
        moved_to=known.new_url or known.redirect_url,
        gone_since=known.gone_since,
        noisy=known.noisy,
        possible_gap=known.last_gap,
        needs_a_person=bool(
            known.gone_since or (known.failing_since and now - known.failing_since >= _NEEDS_A_PERSON_AFTER)
        ),
    )


def _judge(feed: Feed, state: FeedState, host: HostState | None, now: datetime, owner: str) -> _Judgment:
    until = rate_limited_until(state, host, now)
    rate_limited = f"rate limited until {until:%Y-%m-%d %H:%M} UTC" if until else ""
    if state.gone_since:
        return _Judgment(Health.GONE, state.error_message, FeedError.GONE.advice)
    if state.failing_since:
        advice = "; ".join(part for part in (rate_limited, _advice(state)) if part)
        return _Judgment(Health.FAILING, state.error_message, advice)
    if state.last_success == NEVER:
        return _Judgment(Health.NEW, rate_limited)
    if (
        found := _moved(feed, state, owner)
        or _noisy(state)
        or _untrue_304(state, now)
        or _gap(feed, state, now)
        or _damaged(state)
    ):
        return found
    if rate_limited:
        advice = "nothing to do: the server rejected a poll of another feed, so this feed waits too"
        return _Judgment(Health.WAITING, rate_limited, advice)
    return _quiet(state, now) or _Judgment(Health.WELL)


def _advice(state: FeedState) -> str:
    if state.advertised_feeds:
        return "use the URL of a feed that the page links to"
    # The kind is None if a newer release wrote a kind that this release does not know.
    return (state.error_kind or FeedError.HTTP).advice


def _moved(feed: Feed, state: FeedState, owner: str) -> _Judgment | None:
    if owner:
        problem = f"it has moved to {state.new_url or state.redirect_url}, which is already subscribed as {owner}"
        problem += f": only {owner} is polled" if state.same_as else ""
        return _Judgment(Health.MOVED, problem, f"run feedarchive remove {feed.id}: its articles stay in the archive")
    advice = f'in feeds.toml, set url = "{state.new_url or state.redirect_url}" and id = "{feed.id}"'
    if state.new_url:
        return _Judgment(Health.MOVED, f"it has moved permanently to {state.new_url} and is polled there", advice)
    if state.redirect_url:
        since = f" since {state.redirect_since:%Y-%m-%d}" if state.redirect_since else ""
        problem = f"it redirects permanently to {state.redirect_url}{since}"
        return _Judgment(Health.MOVED, problem, f"if that is right, {advice}")
    return None


def _noisy(state: FeedState) -> _Judgment | None:
    if not state.noisy:
        return None
    advice = "its text may contain a clock or a counter; to turn revisions off, set revisions = false in feeds.toml"
    return _Judgment(Health.NOISY, "most of its entries change at every poll, so their revisions are not kept", advice)


def _untrue_304(state: FeedState, now: datetime) -> _Judgment | None:
    if not state.untrue_304 or now - state.untrue_304 > UNTRUE_304_FOR:
        return None
    problem = (
        f'at the poll of {state.untrue_304:%Y-%m-%d %H:%M} UTC its server answered "not modified" (HTTP 304), but the '
        "document had new entries: earlier polls may have missed entries"
    )
    advice = (
        "for a month, polls request the whole document; to do this always, set ignore_validators = true in feeds.toml"
    )
    return _Judgment(Health.UNTRUE_304, problem, advice)


def _gap(feed: Feed, state: FeedState, now: datetime) -> _Judgment | None:
    if not state.last_gap or now - state.last_gap > _GAP_REPORTED_FOR:
        return None
    time = f"{state.last_gap:%Y-%m-%d %H:%M} UTC"
    problem = f"the poll of {time} found none of the previous entries: entries may have been missed"
    reason = next_poll(feed, state).reason
    if reason in (PollReason.FRESH, PollReason.PUBLISHER):
        asks = "the server" if reason is PollReason.FRESH else "the document"
        advice = f'{asks} asks for fewer polls; to poll more often, set interval = "30 min" in feeds.toml'
        return _Judgment(Health.GAP, problem, advice)
    if not feed.own_interval:
        return _Judgment(Health.GAP, problem, "nothing to do: the feed is polled more often for now")
    return _Judgment(Health.GAP, problem, "in feeds.toml, set a shorter interval, or remove the line with the interval")


def _damaged(state: FeedState) -> _Judgment | None:
    if not state.damage:
        return None
    problem = f"its last document was damaged ({state.damage}): entries may be missing"
    return _Judgment(Health.DAMAGED, problem, "what could be read is archived; only the publisher can fix the feed")


def _quiet(state: FeedState, now: datetime) -> _Judgment | None:
    if not state.last_new_entry or now - state.last_new_entry < _QUIET_AFTER:
        return None
    problem = f"no new entry since {state.last_new_entry:%Y-%m-%d}"
    return _Judgment(Health.QUIET, problem, "look at the site: the feed may be abandoned, or replaced by another one")
