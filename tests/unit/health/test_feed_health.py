"""A feed's health, in words a person can act on."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from clock import CHRISTMAS
from feedarchive.feeds.feed import Feed
from feedarchive.health.feed_health import FeedHealth, judge_feed
from feedarchive.health.status_json import StoredState, all_health, as_json
from feedarchive.parsing.advertised_feeds import naming_feeds
from feedarchive.polling.feed_state import FeedState, HostState

FEED = Feed("https://user:secret@example.org/feed.xml", "example", title="The Example")
STATE = FeedState(tried=CHRISTMAS, succeeded=CHRISTMAS)


def health(**state: object) -> FeedHealth:
    return judge_feed(FEED, replace(STATE, **state), 3, CHRISTMAS)  # type: ignore[arg-type]


def failing(detail: str, kind: str = "server-error", days: float = 0) -> FeedHealth:
    return health(failing_since=CHRISTMAS - timedelta(days=days), error_kind=kind, error=detail)


def test_a_feed_that_is_well_has_nothing_to_say() -> None:
    found = health()
    assert (found.word, found.problem, found.advice, found.needs_a_person) == ("well", "", "", False)
    assert found.next_poll == CHRISTMAS + timedelta(minutes=30)
    assert found.new_in_30_days == 3


def test_a_feed_never_polled_is_new() -> None:
    found = judge_feed(FEED, None, 0, CHRISTMAS)
    assert (found.word, found.last_success, found.next_poll) == ("new", None, None)


@pytest.mark.parametrize(
    ("detail", "kind", "advice"),
    [
        ("the server answers 401 Unauthorized", "login", "in its url or under headers"),
        ("the server answers 403 Forbidden", "forbidden", "may block data centres"),
        ("the server sent a page that wants a browser", "challenge", "only browsers"),
        ("the server answers 404 Not Found", "not-found", "may have moved"),
        ("the server answers 429 Too Many Requests", "too-often", "longer interval"),
        ("the server answers 503 Service Unavailable", "server-error", "tried again"),
        ("the server answers 418 I'm a teapot", "http", "tried again"),
        ("the server sent an HTML page, not a feed", "not-a-feed", "in a browser"),
        ("there is no host example.org", "dns", "site may be gone"),
        ("no connection to example.org: Connection refused", "unreachable", "check its address"),
        ("the document is larger than 10 MiB", "too-large", "smaller feed"),
    ],
)
def test_what_fails_comes_with_advice(detail: str, kind: str, advice: str) -> None:
    found = failing(detail, kind)
    assert found.word == "failing"
    assert found.problem == detail
    assert advice in found.advice


def test_a_page_that_names_its_feed_leads_there() -> None:
    page = b'<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    found = failing(
        "the server sent an HTML page, not a feed" + naming_feeds(page, "https://example.org/"), "not-a-feed"
    )
    assert found.problem.endswith("; it names a feed: https://example.org/feed.xml")
    assert found.advice == "give it that url in feeds.toml"


@pytest.mark.parametrize(("days", "needed"), [(0, False), (2.9, False), (3, True), (40, True)])
def test_after_three_days_of_failing_somebody_must_look(days: float, needed: bool) -> None:
    assert failing("the server answers 500", days=days).needs_a_person is needed


def test_gone_moved_noisy_and_gaps_are_told() -> None:
    gone = health(failing_since=CHRISTMAS, error_kind="gone", error="the server answers 410", gone=CHRISTMAS)
    assert (gone.word, gone.needs_a_person, gone.next_poll, gone.next_poll_why) == ("gone", True, None, "gone")
    assert "--all" in gone.advice
    moved = health(address="https://example.org/new.xml")
    assert (moved.word, moved.needs_a_person) == ("moved", False)
    assert "https://example.org/new.xml and is polled there" in moved.problem
    assert moved.advice == 'in feeds.toml, give it url = "https://example.org/new.xml" and id = "example"'
    moving = health(moved_to="https://example.org/new.xml", moved_since=CHRISTMAS)
    assert (moving.word, moving.moved_to) == ("moved", "https://example.org/new.xml")
    assert "since 2025-12-25" in moving.problem
    assert health(noisy=True).word == "noisy"


def test_a_gap_is_told_for_a_week() -> None:
    gap = health(gap=CHRISTMAS)
    assert (gap.word, gap.needs_a_person) == ("gap", False)
    assert "2025-12-25 10:00" in gap.problem
    assert "polled more often" in gap.advice
    often = replace(FEED, interval=timedelta(hours=1))
    assert "shorter interval" in judge_feed(often, replace(STATE, gap=CHRISTMAS), 0, CHRISTMAS).advice
    assert health(gap=CHRISTMAS - timedelta(days=8)).word == "well"


def test_a_document_that_had_to_be_guessed_at_is_told() -> None:
    damaged = health(damage="ends before its root element closes")
    assert (damaged.word, damaged.needs_a_person) == ("damaged", False)
    assert damaged.problem == (
        "its last document was damaged (ends before its root element closes): entries may be missing"
    )
    assert health(damage="a guess", noisy=True).word == "noisy"


def test_a_host_that_wants_to_be_left_alone_is_told_with_the_time() -> None:
    host = HostState(CHRISTMAS + timedelta(hours=2))
    found = judge_feed(FEED, STATE, 0, CHRISTMAS, host)
    assert (found.word, found.next_poll, found.next_poll_why) == ("waiting", host.until, "host")
    assert "until 2025-12-25 12:00 UTC" in found.problem
    refused = replace(STATE, failing_since=CHRISTMAS, error_kind="too-often", error_status=429, error="429")
    assert "until 2025-12-25 12:00 UTC; it is asked too often" in judge_feed(FEED, refused, 0, CHRISTMAS, host).advice


def test_a_feed_that_says_nothing_for_two_months_is_told() -> None:
    assert health(news=CHRISTMAS - timedelta(days=59)).word == "well"
    quiet = health(news=CHRISTMAS - timedelta(days=60))
    assert (quiet.word, quiet.needs_a_person) == ("quiet", False)
    assert "nothing new since 2025-10-26" in quiet.problem
    assert quiet.next_poll == CHRISTMAS + timedelta(hours=6)


def test_those_that_need_a_person_come_first() -> None:
    feeds = [Feed(f"https://{name}.example/feed", name) for name in ("a", "b", "c")]
    states = {
        "b": StoredState(FeedState(CHRISTMAS, failing_since=CHRISTMAS, error="x")),
        "c": StoredState(FeedState(CHRISTMAS, failing_since=CHRISTMAS - timedelta(days=9), error="x")),
    }
    new = {"2025-12-24": {"https://a.example/feed": 2}, "2025-12-25": {"https://a.example/feed": 5}}
    found = all_health(feeds, states, new, CHRISTMAS)
    assert [h.feed for h in found] == ["c", "b", "a"]
    assert found[-1].new_in_30_days == 7


def test_no_password_is_told() -> None:
    assert "secret" not in json.dumps(as_json(failing("the server answers 401")))
