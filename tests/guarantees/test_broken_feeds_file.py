"""A broken feeds file: on a schedule the last good one stays in use, and what is wrong is said."""

from __future__ import annotations

import json

import pytest

from clock import Clock
from feedarchive.archive.open_archive import open_archive, open_for_reading, open_for_scheduled_run
from feedarchive.digest.builder import DigestBuilder
from feedarchive.digest.daily_mail import Announcement
from feedarchive.feeds.toml_values import InvalidFeedsFile
from feedarchive.store.interface import Store

GOOD = '[[feeds]]\nurl = "https://example.org/feed.xml"\n'
BROKEN = {
    "syntax": (GOOD + "[[feeds]\n", "line 3"),
    "a wrong value": (GOOD + "interval = 5\n", "feeds, number 1"),
    "another time zone": ('[archive]\ntime_zone = "Asia/Tokyo"\n' + GOOD, "archive.time_zone"),
    "not UTF-8": (GOOD + "# \udcff\n", "line 3"),
}


class Nobody:
    """Told everything, says nothing."""

    def announce(self, announcement: Announcement) -> None:
        pass


def put(store: Store, text: str) -> None:
    stored = store.read("feeds.toml")
    assert stored is not None
    assert store.replace("feeds.toml", text.encode(errors="surrogateescape"), stored.version)


@pytest.mark.parametrize(("text", "named"), BROKEN.values(), ids=BROKEN.keys())
def test_the_last_good_file_stays_in_use_and_the_line_is_named(store: Store, text: str, named: str) -> None:
    good = open_archive(store, GOOD)
    put(store, text)
    for opened in (open_for_scheduled_run(store, ""), open_for_reading(store)):
        assert opened.feeds == good.feeds
        assert "feeds.toml" in opened.problem
        assert named in opened.problem
    with pytest.raises(InvalidFeedsFile):
        open_archive(store, "")


def test_a_feeds_file_that_is_right_again_is_used_again(store: Store) -> None:
    open_archive(store, GOOD)
    put(store, "x")
    assert open_for_scheduled_run(store, "").problem
    put(store, GOOD.replace("feed.xml", "other.xml"))
    opened = open_for_scheduled_run(store, "")
    assert (opened.problem, opened.feeds.feeds[0].url) == ("", "https://example.org/other.xml")


def test_a_missing_feeds_file_counts_as_broken(store: Store) -> None:
    good = open_archive(store, GOOD)
    store.delete("feeds.toml")
    opened = open_for_scheduled_run(store, "a starter that must not be used")
    assert opened.feeds == good.feeds
    assert "missing" in opened.problem


def test_without_a_good_file_ever_there_is_nothing_to_go_on_with(store: Store) -> None:
    with pytest.raises(InvalidFeedsFile):
        open_for_scheduled_run(store, "[[feeds]\n")


def test_status_json_and_the_announcement_name_it(store: Store, clock: Clock) -> None:
    open_archive(store, GOOD)
    put(store, GOOD + "[[feeds]\n")
    archive = open_for_reading(store)
    DigestBuilder(store, archive.time_zone, archive.feeds.feeds, clock(), archive.problem).build_due(Nobody())
    status = store.read("status.json")
    assert status is not None
    assert "line 3" in json.loads(status.data)["feeds_file"]


def test_the_time_zone_of_a_new_archive(store: Store) -> None:
    assert open_archive(store, GOOD, time_zone="Europe/Berlin").time_zone.key == "Europe/Berlin"
    # An existing one keeps its own.
    assert open_archive(store, GOOD, time_zone="Asia/Tokyo").time_zone.key == "Europe/Berlin"
