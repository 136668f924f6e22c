"""The state of health of one feed, with the problem and the advice that are shown to a person."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from feedarchive.feeds.feed import Feed
from feedarchive.health.feed_health import FeedHealth, Health, judge_feed
from feedarchive.health.load_states import StoredState, all_health
from feedarchive.health.status_json import as_json
from feedarchive.polling.feed_state import FeedState, HostState
from feedarchive.problems import FeedError
from tests.harness.clock import CHRISTMAS

FEED = Feed("https://user:secret@example.org/feed.xml", "example", title="The Example")
STATE = FeedState(last_poll=CHRISTMAS, last_success=CHRISTMAS)


def health(**state: object) -> FeedHealth:
    return judge_feed(FEED, replace(STATE, **state), 3, CHRISTMAS)  # type: ignore[arg-type]


def failing(detail: str, kind: FeedError | None = FeedError.SERVER_ERROR, days: float = 0) -> FeedHealth:
    return health(failing_since=CHRISTMAS - timedelta(days=days), error_kind=kind, error=detail)


def test_a_healthy_feed_has_neither_problem_nor_advice() -> None:
    found = health()
    assert (found.health, found.problem, found.advice, found.needs_a_person) == (Health.WELL, "", "", False)
    assert found.next_poll == CHRISTMAS + timedelta(minutes=30)
    assert found.new_in_30_days == 3


def test_a_feed_that_was_never_polled_is_new() -> None:
    found = judge_feed(FEED, None, 0, CHRISTMAS)
    assert (found.health, found.last_success, found.next_poll) == (Health.NEW, None, None)


@pytest.mark.parametrize("kind", [kind for kind in FeedError if kind not in (FeedError.GONE, FeedError.DEFERRED)])
def test_a_failing_feed_has_the_error_as_its_problem_and_the_advice_of_its_kind(kind: FeedError) -> None:
    found = failing("the server did something", kind)
    assert (found.health, found.error_kind) == (Health.FAILING, kind)
    assert found.problem == "the server did something"
    assert found.advice == kind.advice != ""


def test_an_error_of_a_kind_that_this_version_does_not_know_is_retried() -> None:
    found = failing("the moon is in the way", kind=None)
    assert (found.error_kind, found.problem, found.advice) == (
        "", "the moon is in the way", "the feed is polled again automatically",
    )  # fmt: skip


def test_a_page_that_links_to_its_feed_leads_there() -> None:
    error = "the server sent an HTML page, not a feed"
    since = {"failing_since": CHRISTMAS, "error_kind": FeedError.NOT_A_FEED, "error": error}
    found = health(**since, advertised_feeds=("https://example.org/feed.xml",))
    assert found.problem == f"{error}; the page links to a feed: https://example.org/feed.xml"
    assert found.advice == "use the URL of a feed that the page links to"
    # The advice depends on advertised_feeds, not on the message.
    found = health(**{**since, "error": f"{error}; the page links to a feed: https://example.org/feed.xml"})
    assert found.advice == FeedError.NOT_A_FEED.advice


@pytest.mark.parametrize(("days", "needed"), [(0, False), (2.9, False), (3, True), (40, True)])
def test_a_feed_that_fails_for_three_days_needs_a_person(days: float, needed: bool) -> None:
    assert failing("HTTP 500", days=days).needs_a_person is needed


def test_an_untrue_304_is_named_for_a_month() -> None:
    found = health(untrue_304=CHRISTMAS - timedelta(days=29))
    assert (found.health, found.needs_a_person) == (Health.UNTRUE_304, False)
    assert "2025-11-26 10:00 UTC" in found.problem
    assert "ignore_validators" in found.advice
    assert health(untrue_304=CHRISTMAS - timedelta(days=31)).health == Health.WELL


@pytest.mark.parametrize("asked", ["fresh_for", "update_interval"])
def test_a_gap_of_a_feed_that_asks_for_fewer_polls_is_answered_with_an_interval(asked: str) -> None:
    found = health(last_gap=CHRISTMAS, **{asked: timedelta(days=1)})
    assert 'interval = "30 min"' in found.advice


def test_a_feed_that_is_gone() -> None:
    gone = health(failing_since=CHRISTMAS, error_kind=FeedError.GONE, error="HTTP 410 Gone", gone_since=CHRISTMAS)
    assert (gone.health, gone.needs_a_person, gone.gone_since) == (Health.GONE, True, CHRISTMAS)
    assert (gone.next_poll, gone.next_poll_why) == (CHRISTMAS + timedelta(days=30), "gone")
    assert "--all" in gone.advice


def test_a_feed_that_has_moved_or_redirects_permanently() -> None:
    moved = health(new_url="https://example.org/new.xml")
    assert (moved.health, moved.needs_a_person) == (Health.MOVED, False)
    assert moved.problem == "it has moved permanently to https://example.org/new.xml and is polled there"
    assert moved.advice == 'in feeds.toml, set url = "https://example.org/new.xml" and id = "example"'
    redirected = health(redirect_url="https://example.org/new.xml", redirect_since=CHRISTMAS)
    assert (redirected.health, redirected.moved_to) == (Health.MOVED, "https://example.org/new.xml")
    assert redirected.problem.endswith(" since 2025-12-25")


def test_a_noisy_feed() -> None:
    assert health(noisy=True).health is Health.NOISY


def test_a_gap_is_reported_for_a_week() -> None:
    gap = health(last_gap=CHRISTMAS)
    assert (gap.health, gap.needs_a_person) == (Health.GAP, False)
    assert "2025-12-25 10:00" in gap.problem
    assert "polled more often" in gap.advice
    hourly = replace(FEED, interval=timedelta(hours=1))
    assert "shorter interval" in judge_feed(hourly, replace(STATE, last_gap=CHRISTMAS), 0, CHRISTMAS).advice
    assert health(last_gap=CHRISTMAS - timedelta(days=8)).health is Health.WELL


def test_a_document_that_had_to_be_repaired() -> None:
    damaged = health(damage="ends before its root element closes")
    assert (damaged.health, damaged.needs_a_person) == (Health.DAMAGED, False)
    assert damaged.problem == (
        "its last document was damaged (ends before its root element closes): entries may be missing"
    )
    assert health(damage="a guess", noisy=True).health is Health.NOISY


def test_a_rate_limited_host_is_reported_with_the_time() -> None:
    host = HostState(CHRISTMAS + timedelta(hours=2))
    found = judge_feed(FEED, STATE, 0, CHRISTMAS, host)
    assert (found.health, found.next_poll, found.next_poll_why) == (Health.WAITING, host.until, "host")
    assert found.problem == "rate limited until 2025-12-25 12:00 UTC"
    state = replace(
        STATE, failing_since=CHRISTMAS, error_kind=FeedError.RATE_LIMITED, error_status=429, error="HTTP 429"
    )
    refused = judge_feed(FEED, state, 0, CHRISTMAS, host)
    assert refused.advice == f"rate limited until 2025-12-25 12:00 UTC; {FeedError.RATE_LIMITED.advice}"


def test_a_feed_without_new_entries_for_two_months_is_quiet() -> None:
    assert health(last_new_entry=CHRISTMAS - timedelta(days=59)).health is Health.WELL
    quiet = health(last_new_entry=CHRISTMAS - timedelta(days=60))
    assert (quiet.health, quiet.needs_a_person) == (Health.QUIET, False)
    assert quiet.problem == "no new entry since 2025-10-26"
    assert quiet.next_poll == CHRISTMAS + timedelta(hours=6)


def test_feeds_that_need_a_person_come_first() -> None:
    feeds = [Feed(f"https://{name}.example/feed", name) for name in ("a", "b", "c")]
    states = {
        "b": StoredState(FeedState(CHRISTMAS, failing_since=CHRISTMAS, error="x")),
        "c": StoredState(FeedState(CHRISTMAS, failing_since=CHRISTMAS - timedelta(days=9), error="x")),
    }
    new = {"2025-12-24": {"https://a.example/feed": 2}, "2025-12-25": {"https://a.example/feed": 5}}
    found = all_health(feeds, states, new, CHRISTMAS)
    assert [h.feed for h in found] == ["c", "b", "a"]
    assert found[-1].new_in_30_days == 7


def test_the_json_has_the_documented_fields_in_their_order_and_no_password() -> None:
    found = as_json(failing("HTTP 401", FeedError.LOGIN))
    assert list(found) == [
        "feed", "health", "title", "url", "last_success", "failing_since", "next_poll", "next_poll_why",
        "new_in_30_days", "problem", "error_kind", "advice", "moved_to", "gone_since", "noisy", "possible_gap",
        "needs_a_person",
    ]  # fmt: skip
    assert (found["health"], found["error_kind"], found["next_poll_why"]) == ("failing", "login", "interval")
    assert "secret" not in json.dumps(found)
