"""A feed's health, in words a person can act on."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from clock import CHRISTMAS
from feedarchive.feeds.feed import Feed
from feedarchive.health.feed_health import FeedHealth, health_of
from feedarchive.health.status import all_health, as_json
from feedarchive.polling.state import FeedState

FEED = Feed("https://user:secret@example.org/feed.xml", "example", title="The Example")


def health(**state: object) -> FeedHealth:
    return health_of(FEED, FeedState(tried=CHRISTMAS, succeeded=CHRISTMAS, **state), 3, CHRISTMAS)  # type: ignore[arg-type]


def failing(detail: str, kind: str = "http", days: float = 0) -> FeedHealth:
    return health(failing_since=CHRISTMAS - timedelta(days=days), error_kind=kind, error=detail)


def test_a_feed_that_is_well_has_nothing_to_say() -> None:
    found = health()
    assert (found.word, found.problem, found.advice, found.needs_a_person) == ("well", "", "", False)
    assert found.next_poll == CHRISTMAS + timedelta(minutes=30)
    assert found.new_in_30_days == 3


def test_a_feed_never_polled_is_new() -> None:
    found = health_of(FEED, None, 0, CHRISTMAS)
    assert (found.word, found.last_success, found.next_poll) == ("new", None, None)


@pytest.mark.parametrize(
    ("detail", "kind", "advice"),
    [
        ("the server answers 401 Unauthorized", "http", "wants a login"),
        ("the server answers 403 Forbidden", "http", "may block data centres"),
        ("the server answers 404 Not Found", "http", "may have moved"),
        ("the server answers 429 Too Many Requests", "http", "longer interval"),
        ("the server answers 503 Service Unavailable", "http", "tried again"),
        ("the server answers 418 I'm a teapot", "http", "tried again"),
        ("the server sent an HTML page, not a feed", "not-a-feed", "in a browser"),
        ("no connection to example.org: Connection refused", "unreachable", "check its address"),
        ("the document is larger than 10 MiB", "too-large", "smaller feed"),
    ],
)
def test_what_fails_comes_with_advice(detail: str, kind: str, advice: str) -> None:
    found = failing(detail, kind)
    assert found.word == "failing"
    assert found.problem == detail
    assert advice in found.advice


@pytest.mark.parametrize(("days", "needed"), [(0, False), (2.9, False), (3, True), (40, True)])
def test_after_three_days_of_failing_somebody_must_look(days: float, needed: bool) -> None:
    assert failing("the server answers 500", days=days).needs_a_person is needed


def test_gone_moved_noisy_and_gaps_are_told() -> None:
    gone = health(failing_since=CHRISTMAS, error_kind="gone", error="the server answers 410", gone=CHRISTMAS)
    assert (gone.word, gone.needs_a_person) == ("gone", True)
    moved = health(moved_to="https://example.org/new.xml")
    assert (moved.word, moved.needs_a_person) == ("moved", True)
    assert "https://example.org/new.xml" in moved.problem
    assert "keep its id" in moved.advice
    assert health(noisy=True).word == "noisy"
    gap = health(gap=CHRISTMAS)
    assert (gap.word, gap.needs_a_person) == ("gap", False)
    assert "2025-12-25 10:00" in gap.problem


def test_those_that_need_a_person_come_first() -> None:
    feeds = [Feed(f"https://{name}.example/feed", name) for name in ("a", "b", "c")]
    states = {
        "b": FeedState(CHRISTMAS, failing_since=CHRISTMAS, error="x"),
        "c": FeedState(CHRISTMAS, failing_since=CHRISTMAS - timedelta(days=9), error="x"),
    }
    new = {"2025-12-24": {"https://a.example/feed": 2}, "2025-12-25": {"https://a.example/feed": 5}}
    found = all_health(feeds, states, new, CHRISTMAS)
    assert [h.feed for h in found] == ["c", "b", "a"]
    assert found[-1].new_in_30_days == 7


def test_no_password_is_told() -> None:
    assert "secret" not in json.dumps(as_json(failing("the server answers 401")))
