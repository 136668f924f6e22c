"""Which feeds a mail names."""

from __future__ import annotations

from datetime import timedelta

from feedarchive.feeds.feed import Feed
from feedarchive.health.feed_health import FeedHealth, judge_feed
from feedarchive.mail.attention import Attention, attention_for
from feedarchive.polling.feed_state import FeedState
from feedarchive.problems import FeedError
from tests.harness.clock import CHRISTMAS

OTHER = "https://example.net/feed.xml"


def health(name: str, **state: object) -> FeedHealth:
    feed = Feed(f"https://example.org/{name}.xml", name, title=name.title())
    known = FeedState(last_poll=CHRISTMAS, last_success=CHRISTMAS, **state)  # type: ignore[arg-type]
    return judge_feed(feed, known, 3, CHRISTMAS)


def failing(name: str, days: int) -> FeedHealth:
    since = CHRISTMAS - timedelta(days=days)
    return health(name, failing_since=since, error_kind=FeedError.SERVER_ERROR, error="HTTP 500")


def test_feeds_that_fail_for_days_or_need_a_change_of_feeds_toml_are_named_with_advice() -> None:
    found = attention_for(
        [
            failing("broken", 4),
            failing("shaky", 1),
            health("moved", new_url=OTHER),
            health("fast", last_gap=CHRISTMAS),
            health("well"),
            health("silent", last_new_entry=CHRISTMAS - timedelta(days=100)),
        ]
    )
    assert [each.subject for each in found] == ["Broken", "Moved", "Fast"]
    assert found[0].line == f"Broken: HTTP 500; {FeedError.SERVER_ERROR.advice}"
    assert found[1].problem == f"it has moved permanently to {OTHER} and is polled there"
    assert found[1].advice == f'in feeds.toml, set url = "{OTHER}" and id = "moved"'
    assert "entries may have been missed" in found[2].problem


def test_a_mistake_in_feeds_toml_comes_first() -> None:
    found = attention_for([failing("broken", 4)], "my-archive/feeds.toml: line 3: a bracket is missing")
    assert found[0] == Attention(
        "my-archive/feeds.toml", "line 3: a bracket is missing", "the last good feeds.toml stays in use", is_feed=False
    )
    assert len(found) == 2
