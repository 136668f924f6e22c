"""An invalid feeds.toml: scheduled runs use the last valid copy, and the error is reported everywhere."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from feedarchive.archive.open_archive import open_archive, open_for_reading, open_for_scheduled_run
from feedarchive.builds.builder import DigestBuilder
from feedarchive.feeds.feed import Feed
from feedarchive.feeds.toml_values import InvalidFeedsFile
from feedarchive.polling.feed_state import FeedState
from feedarchive.polling.saved_state import load_state, save_state
from feedarchive.polling.shards import Shard
from feedarchive.problems import FeedError
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from tests.harness.clock import Clock
from tests.harness.digests import RecordingAnnouncer
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.feed_documents import Item

GOOD = '[[feeds]]\nurl = "https://example.org/feed.xml"\n'
BROKEN = {
    "syntax": (GOOD + "[[feeds]\n", "line 3"),
    "a wrong value": (GOOD + "interval = 5\n", "feed number 1"),
    "another time zone": ('[archive]\ntime_zone = "Asia/Tokyo"\n' + GOOD, "archive.time_zone"),
    "not UTF-8": (GOOD + "# \udcff\n", "line 3"),
}


def put(store: Store, text: str) -> None:
    stored = store.read("feeds.toml")
    assert stored is not None
    assert store.replace("feeds.toml", text.encode(errors="surrogateescape"), stored.version)


@pytest.mark.parametrize(("text", "named"), BROKEN.values(), ids=BROKEN.keys())
def test_the_last_valid_copy_is_used_and_the_error_names_the_line(store: Store, text: str, named: str) -> None:
    good = open_archive(store, GOOD)
    put(store, text)
    for opened in (open_for_scheduled_run(store, ""), open_for_reading(store)):
        assert opened.feeds == good.feeds
        assert "feeds.toml" in opened.feeds_file_error
        assert named in opened.feeds_file_error
    with pytest.raises(InvalidFeedsFile):
        open_archive(store, "")


def test_a_corrected_feeds_file_is_used_again(store: Store) -> None:
    open_archive(store, GOOD)
    put(store, "x")
    assert open_for_scheduled_run(store, "").feeds_file_error
    put(store, GOOD.replace("feed.xml", "other.xml"))
    opened = open_for_scheduled_run(store, "")
    assert (opened.feeds_file_error, opened.feeds.feeds[0].url) == ("", "https://example.org/other.xml")


def test_a_missing_feeds_file_counts_as_invalid(store: Store) -> None:
    good = open_archive(store, GOOD)
    store.delete("feeds.toml")
    opened = open_for_scheduled_run(store, "a starter that must not be used")
    assert opened.feeds == good.feeds
    assert "missing" in opened.feeds_file_error


def test_without_a_valid_copy_the_run_fails(store: Store) -> None:
    with pytest.raises(InvalidFeedsFile):
        open_for_scheduled_run(store, "[[feeds]\n")


ATTENTION = "\nNeeds attention:\n"


@pytest.mark.parametrize("with_failing_feed", [False, True])
def test_status_json_and_the_announcement_report_the_error(
    folder_store: FolderStore, clock: Clock, with_failing_feed: bool
) -> None:
    feed = open_archive(folder_store, GOOD).feeds.feeds[0]
    FeedArchiver(folder_store, clock).poll(Item("A bridge", link="https://example.org/a"))
    if with_failing_feed:
        _save_failure(folder_store, feed, clock)
    put(folder_store, GOOD + "[[feeds]\n")
    text = _announcement(folder_store, clock)
    status = folder_store.read("status.json")
    assert status is not None
    assert "line 3" in json.loads(status.data)["feeds_file"]
    titles, attention = text.split(ATTENTION)
    assert "A bridge" in titles
    lines = attention.partition("\n\n")[0].splitlines()
    assert len(lines) == 1 + with_failing_feed
    assert lines[0].startswith(f"- {folder_store.location}/feeds.toml: line 3")
    assert all(line.startswith(f"- {feed.id}: ") and "HTTP 401" in line for line in lines[1:])


def test_the_announcement_reports_a_failing_feed_alone(folder_store: FolderStore, clock: Clock) -> None:
    feed = open_archive(folder_store, GOOD).feeds.feeds[0]
    FeedArchiver(folder_store, clock).poll(Item("A bridge", link="https://example.org/a"))
    _save_failure(folder_store, feed, clock)
    _, attention = _announcement(folder_store, clock).split(ATTENTION)
    lines = attention.partition("\n\n")[0].splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(f"- {feed.id}: ")


def test_without_problems_nothing_needs_attention(folder_store: FolderStore, clock: Clock) -> None:
    open_archive(folder_store, GOOD)
    FeedArchiver(folder_store, clock).poll(Item("A bridge", link="https://example.org/a"))
    text = _announcement(folder_store, clock)
    assert "A bridge" in text
    assert "attention" not in text


def _save_failure(store: Store, feed: Feed, clock: Clock) -> None:
    """Save the state of a feed that has needed a login for a week."""
    failing = FeedState(
        clock(), failing_since=clock() - timedelta(days=7), failures=40, error_kind=FeedError.LOGIN, error_status=401,
        error="HTTP 401 Unauthorized", url=feed.url,
    )  # fmt: skip
    save_state(store, Shard(""), load_state(store, Shard("")), {feed.id: failing}, [feed.id])


def _announcement(store: Store, clock: Clock) -> str:
    """Announce the first day of the archive and return the text of the mail."""
    clock.move(days=1)
    archive, announcer = open_for_reading(store), RecordingAnnouncer()
    DigestBuilder(store, archive.time_zone, archive.feeds.feeds, clock(), archive.feeds_file_error).build_due(announcer)
    (announcement,) = announcer.announced
    return announcement.text


def test_the_time_zone_of_a_new_archive(store: Store) -> None:
    assert open_archive(store, GOOD, time_zone="Europe/Berlin").time_zone.key == "Europe/Berlin"
    # An existing archive keeps its time zone.
    assert open_archive(store, GOOD, time_zone="Asia/Tokyo").time_zone.key == "Europe/Berlin"
