"""Complete runs over HTTP: state is only a cache, failures are contained, past days never change."""

from __future__ import annotations

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
from feedarchive.polling.saved_state import load_state
from feedarchive.polling.shards import Shard
from feedarchive.report import FeedOutcome, RunReport
from feedarchive.run import Run
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store, StoreError
from tests.guarantees.conftest import NEWS
from tests.harness.clock import Clock
from tests.harness.failing_store import FULL_DISK, FailingStore
from tests.harness.feed_archiver import articles, everything
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import FeedServer, Response


def run(store: Store, clock: Clock, *feeds: Feed, poll_all: bool = True, zone: str = "UTC") -> RunReport:
    archive = OpenArchive(ZoneInfo(zone), FeedList(feeds, allow_private_addresses=True), created=False)
    composed = Run(store, archive, clock, poll_all)
    return composed.execute(composed.plan())


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
