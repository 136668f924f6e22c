"""Runs that come near their deadline, and documents that kill the run."""

from __future__ import annotations

import os
import signal
from datetime import timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from feedarchive.archive.open_archive import OpenArchive
from feedarchive.feeds.feed import Feed
from feedarchive.feeds.feeds_file import FeedList
from feedarchive.polling.saved_state import load_state
from feedarchive.polling.shards import Shard
from feedarchive.run import MAX_POLL_TIME, Run
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from tests.harness.clock import Clock
from tests.harness.feed_archiver import articles
from tests.harness.feed_documents import Item, news, rss
from tests.harness.feed_server import FeedServer, RecordedRequest, Response
from tests.harness.processes import imported_once

ALL = Shard("")


def run_of(store: Store, clock: Clock, feeds: list[Feed], **options: object) -> Run:
    archive = OpenArchive(ZoneInfo("UTC"), FeedList(tuple(feeds), allow_private_addresses=True), created=False)
    return Run(store, archive, clock, **options)  # type: ignore[arg-type]


def feeds_at(server: FeedServer, number: int) -> list[Feed]:
    for n in range(number):
        server.responses[f"/{n}"] = Response(news(n))
    return [Feed(server.url(f"/{n}"), f"feed{n}") for n in range(number)]


def test_a_run_ends_before_its_deadline_and_the_rest_stays_due(store: Store, clock: Clock, server: FeedServer) -> None:
    """Each feed takes 25 seconds; none may be started after 90 seconds."""

    def slow(request: RecordedRequest) -> Response:
        clock.move(seconds=25)
        return Response(news(int(request.path[1:])))

    feeds = feeds_at(server, 10)
    server.responses = {f"/{n}": slow for n in range(10)}
    deadline = clock() + MAX_POLL_TIME + timedelta(seconds=90)
    run = run_of(store, clock, feeds, deadline=deadline)
    report = run.execute(run.plan())
    started = [request.path for request in server.requests]
    assert (len(report.reports), report.left, len(started)) == (4, 6, 4)
    assert clock() + MAX_POLL_TIME - timedelta(seconds=25) <= deadline
    assert len(load_state(store, ALL).feeds) == 4
    assert report.as_json()["left"] == 6
    rest = run_of(store, clock, feeds)
    assert rest.execute(rest.plan()).left == 0
    assert sorted(request.path for request in server.requests[4:]) == sorted(
        {f"/{n}" for n in range(10)} - set(started)
    )


class _SlowStore(FolderStore):
    """Needs ten seconds for each article."""

    def __init__(self, root: Path, clock: Clock) -> None:
        super().__init__(root)
        self._clock = clock

    def create(self, key: str, data: bytes) -> bool:
        if key.startswith("archive/"):
            self._clock.move(seconds=10)
        return super().create(key, data)


def test_a_feed_with_many_articles_is_archived_in_several_runs(
    tmp_path: Path, clock: Clock, server: FeedServer
) -> None:
    entries = [Item(f"Story {n}", link=f"https://example.org/{n}", guid=f"g{n}") for n in range(30)]
    server.responses["/0"] = Response(rss(*entries), headers={"ETag": '"all"'})
    store, feed = _SlowStore(tmp_path, clock), Feed(server.url("/0"), "feed0")
    for new, left in ((10, 20), (10, 10), (10, 0)):
        deadline = clock() + MAX_POLL_TIME
        run = run_of(store, clock, [feed], deadline=deadline, poll_all=True)
        report = run.execute(run.plan())
        assert report.articles() == {"new": new, "known": 30 - new - left, "revised": 0, "rejected": left}
        assert [p.kind for p in report.problems()] == (["out-of-time"] if left else [])
        assert clock() <= deadline
        assert len(articles(store)) == 30 - left
        # With validators, the next response would be 304, and the other entries would wait until the feed changes.
        assert load_state(store, ALL).feeds["feed0"].etag == ("" if left else '"all"')


def test_a_run_past_its_deadline_makes_no_request_and_changes_nothing(
    folder_store: FolderStore, clock: Clock, server: FeedServer
) -> None:
    run = run_of(folder_store, clock, feeds_at(server, 3), deadline=clock() + MAX_POLL_TIME - timedelta(seconds=1))
    assert run.execute(run.plan()).left == 3
    assert server.requests == []
    assert list(folder_store.list("")) == []


def test_a_run_of_one_feed_at_a_time_saves_each_before_it_requests_the_next(
    store: Store, clock: Clock, server: FeedServer
) -> None:
    feeds, saved = feeds_at(server, 5), []

    def respond(request: RecordedRequest) -> Response:
        saved.append(set(load_state(store, ALL).feeds))
        return Response(news(int(request.path[1:])))

    server.responses = {f"/{n}": respond for n in range(5)}
    run = run_of(store, clock, feeds, one_at_a_time=True, random=Random(1))
    assert run.execute(run.plan()).articles()["new"] == 5
    order = [f"feed{request.path[1:]}" for request in server.requests]
    assert saved == [set(order[:n]) for n in range(5)]
    assert order != [feed.id for feed in feeds]
    assert set(load_state(store, ALL).feeds) == set(order)


def test_a_document_that_kills_every_run_does_not_stop_the_other_feeds(tmp_path: Path, server: FeedServer) -> None:
    """Each run is a process that is killed. After the first, runs poll one feed at a time and save the others."""
    feeds, folder = feeds_at(server, 6), tmp_path / "archive"
    server.responses["/3"] = Response(news(3).replace(b"story", b"killing"))
    for delivery in range(6):
        assert _run_in_process(folder, feeds, one_at_a_time=delivery > 0, seed=delivery) == -signal.SIGKILL
        if delivery == 0:
            assert load_state(FolderStore(folder), ALL).feeds == {}
        if len(load_state(FolderStore(folder), ALL).feeds) == 5:
            break
    assert set(load_state(FolderStore(folder), ALL).feeds) == {f"feed{n}" for n in range(6) if n != 3}
    assert len(articles(FolderStore(folder))) == 5
    paths = [each.path for each in server.requests]
    # The state of each other feed is saved, so these feeds are not polled over and over.
    assert max(paths.count(f"/{n}") for n in range(6) if n != 3) <= 3


class _KillingStore(FolderStore):
    """Kills the process when it writes the article of one document, as running out of memory would."""

    def create(self, key: str, data: bytes) -> bool:
        if b"killing" in data:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().create(key, data)


def _run_in_process(folder: Path, feeds: list[Feed], one_at_a_time: bool, seed: int) -> int | None:
    process = imported_once().Process(target=_run_with_killing_store, args=(folder, feeds, one_at_a_time, seed))
    process.start()
    process.join(180)
    return process.exitcode


def _run_with_killing_store(folder: Path, feeds: list[Feed], one_at_a_time: bool, seed: int) -> None:
    run = run_of(_KillingStore(folder), Clock(), feeds, one_at_a_time=one_at_a_time, random=Random(seed))
    run.execute(run.plan())
