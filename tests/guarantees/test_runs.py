"""Complete runs over HTTP: state is only a cache, failures are contained, past days never change."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from feedarchive.archive.archive_document import archive_document
from feedarchive.archive.archiver import Archiver
from feedarchive.archive.open_archive import OpenArchive
from feedarchive.article.yaml_format import parse_front_matter
from feedarchive.feeds.feed import Feed, Rule
from feedarchive.feeds.feeds_file import FeedList
from feedarchive.parsing.model import Candidate, ParsedDocument
from feedarchive.polling import poll
from feedarchive.polling.feed_state import FeedState
from feedarchive.polling.saved_state import load_state, save_state
from feedarchive.polling.shards import Shard, shards_of
from feedarchive.report import FeedOutcome, RunReport
from feedarchive.run import Run
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store, StoreError
from tests.harness.clock import Clock
from tests.harness.failing_store import FULL_DISK, FailingStore
from tests.harness.feed_archiver import articles, everything
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import FeedServer, Response

NEWS = [Item(f"News {n}", link=f"https://example.org/news/{n}", guid=f"n{n}", text=f"News {n}.") for n in range(5)]
SPORT = [Item(f"Sport {n}", link=f"https://example.org/sport/{n}", guid=f"s{n}", text=f"Goals {n}.") for n in range(5)]


def run(store: Store, clock: Clock, *feeds: Feed, poll_all: bool = True, zone: str = "UTC") -> RunReport:
    archive = OpenArchive(ZoneInfo(zone), FeedList(feeds, allow_private_addresses=True), created=False)
    composed = Run(store, archive, clock, poll_all)
    return composed.execute(composed.plan())


@pytest.fixture
def news(server: FeedServer) -> Feed:
    return Feed(server.serve("/news.xml", rss(*NEWS), ETag='"n1"'), "news")


@pytest.fixture
def sport(server: FeedServer) -> Feed:
    return Feed(server.serve("/sport.xml", rss(*SPORT)), "sport")


def test_a_second_run_writes_nothing(store: Store, clock: Clock, news: Feed, sport: Feed) -> None:
    assert run(store, clock, news, sport).articles()["new"] == 10
    before = everything(store)
    again = run(store, clock, news, sport)
    assert (again.count(FeedOutcome.UNCHANGED), again.articles()["new"]) == (2, 0)
    assert everything(store) == before


def test_validators_are_sent_back_byte_for_byte(folder_store: FolderStore, clock: Clock, server: FeedServer) -> None:
    odd = {"ETag": 'W/"a b,c"', "Last-Modified": "Thu, 25 dec 2025 1:02:03 UTC"}
    feed = Feed(server.serve("/f.xml", rss(*NEWS), **odd), "f")
    run(folder_store, clock, feed)
    run(folder_store, clock, feed)
    sent = server.requests[-1].headers
    assert (sent["If-None-Match"], sent["If-Modified-Since"]) == (odd["ETag"], odd["Last-Modified"])


def test_the_same_body_without_validators_is_unchanged(folder_store: FolderStore, clock: Clock, sport: Feed) -> None:
    run(folder_store, clock, sport)
    assert run(folder_store, clock, sport).count(FeedOutcome.UNCHANGED) == 1


@pytest.mark.parametrize("lost", ["deleted", "truncated", "invalid", "of another version"])
def test_lost_state_costs_one_full_poll_and_changes_nothing(
    folder_store: FolderStore, clock: Clock, server: FeedServer, news: Feed, sport: Feed, lost: str
) -> None:
    run(folder_store, clock, news, sport)
    before = everything(folder_store)
    stored = folder_store.read("state/all.json")
    assert stored is not None
    folder_store.delete("state/all.json")
    left = {
        "truncated": stored.data[:50],
        "invalid": b'{"version": 1, "feeds": [1]}\n',
        "of another version": b'{"version": 99}\n',
    }
    if lost in left:
        folder_store.create("state/all.json", left[lost])
    before_loss = len(server.requests)
    clock.move(days=3)
    report = run(folder_store, clock, news, sport)
    assert [("If-None-Match" in request.headers) for request in server.requests[before_loss:]] == [False, False]
    assert report.articles() == {"new": 0, "known": 10, "revised": 0, "rejected": 0}
    assert everything(folder_store) == before


def test_a_feed_is_polled_when_its_interval_has_passed(folder_store: FolderStore, clock: Clock, news: Feed) -> None:
    assert len(run(folder_store, clock, news, poll_all=False).reports) == 1
    clock.move(minutes=60)  # the second poll is up to an interval late, to spread feeds that start together
    assert len(run(folder_store, clock, news, poll_all=False).reports) == 1
    clock.move(minutes=20)
    assert len(run(folder_store, clock, news, poll_all=False).reports) == 0
    clock.move(minutes=10)
    assert len(run(folder_store, clock, news, poll_all=False).reports) == 1
    clock.move(days=-300)  # a clock that was set back must not stop polling
    assert len(run(folder_store, clock, news, poll_all=False).reports) == 1


def test_a_failing_feed_does_not_stop_the_run(
    folder_store: FolderStore, clock: Clock, server: FeedServer, news: Feed
) -> None:
    bad = [
        Feed(server.url("/gone.xml"), "gone"),
        Feed(server.serve("/page", b"<!doctype html><html><p>Hello", "text/html"), "page"),
        Feed(server.serve("/empty", b""), "empty"),
        Feed("http://127.0.0.1:9/feed", "down"),
    ]
    report = run(folder_store, clock, *bad, news)
    assert {r.feed: r.outcome for r in report.reports} == {**{f.id: "failed" for f in bad}, "news": "polled"}
    assert {p.feed: p.kind for p in report.problems()} == {
        "gone": "not-found", "page": "not-a-feed", "empty": "empty", "down": "unreachable",
    }  # fmt: skip
    assert len(articles(folder_store)) == 5


def test_a_feed_that_fails_once_keeps_its_state(
    folder_store: FolderStore, clock: Clock, server: FeedServer, news: Feed
) -> None:
    run(folder_store, clock, news)
    good = server.responses["/news.xml"]
    server.responses["/news.xml"] = Response(b"oops", 500)
    assert run(folder_store, clock, news).count(FeedOutcome.FAILED) == 1
    server.responses["/news.xml"] = good
    assert run(folder_store, clock, news).count(FeedOutcome.UNCHANGED) == 1


def test_a_rejected_entry_is_reported(folder_store: FolderStore, clock: Clock, server: FeedServer) -> None:
    document = rss(Item(title="", text="", date=None), *NEWS)
    report = run(folder_store, clock, Feed(server.serve("/f", document), "f"))
    assert report.articles() == {"new": 5, "known": 0, "revised": 0, "rejected": 1}
    assert [p.kind for p in report.problems()] == ["empty"]


def test_the_last_entry_of_a_document_that_is_cut_off_is_archived_later(
    folder_store: FolderStore, clock: Clock, server: FeedServer
) -> None:
    complete = rss(*NEWS)
    feed = Feed(server.serve("/f", complete[: complete.rindex(b"<guid")]), "f")
    report = run(folder_store, clock, feed)
    assert report.articles() == {"new": 4, "known": 0, "revised": 0, "rejected": 1}
    assert [p.kind for p in report.problems()] == ["damaged", "cut-off"]
    assert "News 4" in report.problems()[1].detail
    assert "ends before its root element closes" in load_state(folder_store, Shard("")).feeds["f"].damage
    server.serve("/f", complete)
    assert run(folder_store, clock, feed).articles()["new"] == 1
    assert load_state(folder_store, Shard("")).feeds["f"].damage == ""


def test_changed_rules_make_no_revisions_of_a_noisy_feed(
    folder_store: FolderStore, clock: Clock, server: FeedServer
) -> None:
    half = (Rule("title", re.compile(r"\d\d")),)
    for minute, drop in enumerate([(), (), half, ()]):
        texts = {n: f"Report {n}. This page was made at 10:{minute}." for n in range(20)}
        items = [Item(f"Report {n}", link=f"https://example.org/{n}", text=text) for n, text in texts.items()]
        report = run(folder_store, clock, Feed(server.serve("/f", rss(*items)), "f", drop=drop))
        assert report.articles()["revised"] == 0
        clock.move(hours=1)
    assert len(articles(folder_store)) == 20


def test_the_validators_of_an_incomplete_transfer_are_not_kept(
    folder_store: FolderStore, clock: Clock, server: FeedServer
) -> None:
    complete = rss(*NEWS)
    headers = {"ETag": '"complete"', "Content-Length": str(len(complete))}
    server.responses["/f"] = Response(complete[:-200], headers=headers)
    feed = Feed(server.url("/f"), "f")
    report = run(folder_store, clock, feed)
    assert "the connection broke" in report.problems()[0].detail
    server.responses["/f"] = Response(complete, headers=headers)
    run(folder_store, clock, feed)
    assert "If-None-Match" not in server.requests[-1].headers
    assert len(articles(folder_store)) == 5


def test_a_failing_store_ends_the_run_and_only_finished_feeds_are_saved(
    folder_store: FolderStore, clock: Clock, news: Feed, sport: Feed
) -> None:
    """Both feeds are on one host, so they are polled one after another: the disk is full at the second one."""
    failing = FailingStore(folder_store, 5 * 3 + 4, FULL_DISK)
    with pytest.raises(StoreError, match="disk is full"):
        run(failing, clock, news, sport)
    assert set(load_state(folder_store, Shard("")).feeds) == {"news"}
    report = run(folder_store, clock, news, sport)
    assert report.count(FeedOutcome.UNCHANGED) == 1
    assert len(articles(folder_store)) == 10


def test_states_that_two_runs_save_concurrently_are_merged(store: Store, clock: Clock) -> None:
    loaded = load_state(store, Shard(""))
    early, late = FeedState(clock(), etag="early"), replace(FeedState(clock()), etag="late")
    clock.move(minutes=1)
    late = FeedState(clock(), etag="late")
    save_state(store, Shard(""), loaded, {"a": late, "b": early}, ["a", "b", "c"])
    save_state(store, Shard(""), loaded, {"a": early, "c": early}, ["a", "b", "c"])
    assert {i: s.etag for i, s in load_state(store, Shard("")).feeds.items()} == {
        "a": "late",
        "b": "early",
        "c": "early",
    }


def test_the_state_of_an_unsubscribed_feed_is_removed(
    folder_store: FolderStore, clock: Clock, news: Feed, sport: Feed
) -> None:
    run(folder_store, clock, news, sport)
    run(folder_store, clock, sport)
    assert set(load_state(folder_store, Shard("")).feeds) == {"sport"}


def test_more_feeds_make_more_shards_and_state_is_inherited(folder_store: FolderStore, clock: Clock) -> None:
    feeds = [Feed(f"https://host{n}.example/feed", f"f{n}") for n in range(150)]
    assert list(shards_of(feeds[:50])) == [Shard("")]
    assert [s.bits for s in shards_of(feeds)] == ["00", "01", "10", "11"]
    assert sorted(f.id for some in shards_of(feeds).values() for f in some) == sorted(f.id for f in feeds)
    save_state(folder_store, Shard("1"), load_state(folder_store, Shard("1")), {"f1": FeedState(clock())}, ["f1"])
    assert set(load_state(folder_store, Shard("10")).feeds) == {"f1"}
    assert load_state(folder_store, Shard("00")).feeds == {}


def test_all_feeds_of_a_host_are_in_one_shard() -> None:
    feeds = [Feed(f"https://host{n % 7}.example/feed/{n}", f"f{n}") for n in range(300)]
    homes = [{feed.url.split("/")[2] for feed in some} for some in shards_of(feeds).values()]
    assert sum(len(hosts) for hosts in homes) == 7


def test_another_number_of_shards_changes_nothing(
    folder_store: FolderStore, clock: Clock, server: FeedServer, news: Feed
) -> None:
    run(folder_store, clock, news)
    before = everything(folder_store)
    others = [Feed(f"http://127.0.0.1:9/{n}", f"down{n}") for n in range(80)]
    run(folder_store, clock, news, *others)
    assert "state/0.json" in folder_store.list("state/")
    assert everything(folder_store) == before


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland", "America/Los_Angeles"])
def test_past_days_do_not_change_after_midnight(
    folder_store: FolderStore, clock: Clock, server: FeedServer, zone: str
) -> None:
    """Polled every two hours over three days with edits and new articles: a past day never changes."""
    feed, midnight_passed = Feed(server.serve("/f", rss(*NEWS[:1])), "f"), {}
    day = None
    for step in range(0, 3 * 24, 2):
        today = clock().astimezone(ZoneInfo(zone)).strftime("archive/%Y/%m/%d/")
        if today != day:
            day, midnight_passed = today, articles(folder_store)
        edited = [replace(item, title=f"{item.title}{'!' * (step // 17)}", text=f"Edit {step // 10}") for item in NEWS]
        server.serve("/f", rss(*edited[: 1 + step // 13]))
        run(folder_store, clock, feed, zone=zone)
        for key, data in articles(folder_store).items():
            assert key.startswith(today) or midnight_passed[key] == data
        clock.move(hours=2)
    assert len({key[:18] for key in articles(folder_store)}) > 1


def test_state_is_json_a_person_can_read(folder_store: FolderStore, clock: Clock, news: Feed) -> None:
    run(folder_store, clock, news)
    stored = folder_store.read("state/all.json")
    assert stored is not None
    assert json.loads(stored.data)["feeds"]["news"]["etag"] == '"n1"'


def test_a_bug_in_one_entry_or_feed_stops_neither_the_feed_nor_the_run(
    folder_store: FolderStore, clock: Clock, news: Feed, sport: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails_on_one_entry(archiver: Archiver, candidate: Candidate, same_words: str) -> object:
        return 1 / 0 if candidate.title == "News 3" else archive(archiver, candidate, same_words)

    def fails_on_one_feed(document: ParsedDocument, feed: Feed, *rest: object) -> object:
        return 1 / 0 if feed.id == "sport" else archive_document(document, feed, *rest)  # type: ignore[arg-type]

    archive = Archiver.archive
    monkeypatch.setattr(Archiver, "archive", fails_on_one_entry)
    monkeypatch.setattr(poll, "archive_document", fails_on_one_feed)
    report = run(folder_store, clock, sport, news)
    assert report.articles() == {"new": 4, "known": 0, "revised": 0, "rejected": 1}
    assert [(p.feed, p.kind) for p in report.problems()] == [("sport", "bug"), ("news", "bug")]
    monkeypatch.undo()
    assert run(folder_store, clock, sport, news).articles()["new"] == 6


def test_a_document_that_is_cut_off_is_fetched_again(
    folder_store: FolderStore, clock: Clock, server: FeedServer
) -> None:
    """Without Content-Length a broken transfer shows only in the missing end of the document."""
    complete = rss(*NEWS)
    feed = Feed(server.serve("/f", complete[: complete.rindex(b"</item>")], ETag='"x"'), "f")
    run(folder_store, clock, feed)
    server.serve("/f", complete, ETag='"x"')
    assert run(folder_store, clock, feed).articles()["new"] == 1


def test_a_revision_that_is_held_back_is_archived_later_without_another_change(
    folder_store: FolderStore, clock: Clock, server: FeedServer
) -> None:
    feed = Feed(server.url("/f"), "f")
    for edit in range(4):  # four wordings on one day: the fourth is held back
        edited = [replace(NEWS[0], text=f"Wording {'abcd'[edit]}."), *NEWS[1:]]
        server.serve("/f", rss(*edited), ETag=f'"{edit}"')
        run(folder_store, clock, feed)
    assert len(articles(folder_store)) == 5 + 2
    clock.move(days=1)
    assert run(folder_store, clock, feed).articles()["revised"] == 1
    assert run(folder_store, clock, feed).count(FeedOutcome.UNCHANGED) == 1


def test_articles_of_one_document_are_archived_in_order_of_publication(
    folder_store: FolderStore, clock: Clock, server: FeedServer
) -> None:
    """A feed has the newest entry first; in a folder sorted by ``archived`` it is the last."""

    class Ticking(Clock):
        def __call__(self) -> datetime:
            self.move(seconds=1)
            return self.now

    run(folder_store, Ticking(), Feed(server.serve("/f", rss(*NEWS)), "f"))
    archived = {
        f["title"]: f["archived"] for f in map(parse_front_matter, map(bytes.decode, articles(folder_store).values()))
    }
    assert sorted(archived, key=lambda title: archived[title]) == [item.title for item in reversed(NEWS)]


def test_state_is_saved_only_after_the_articles_are_synced(folder_store: FolderStore, clock: Clock, news: Feed) -> None:
    class NeverSafe(FailingStore):
        def sync(self) -> None:
            raise FULL_DISK

    with pytest.raises(StoreError, match="disk is full"):
        run(NeverSafe(folder_store, 0, FULL_DISK), clock, news)
    assert list(folder_store.list("state/")) == []
    assert len(articles(folder_store)) == 5
