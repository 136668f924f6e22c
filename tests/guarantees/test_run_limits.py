"""Runs near their deadline, documents that kill the run, and concurrent hosts, shards and runs."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from random import Random
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

from feedarchive.archive.open_archive import OpenArchive
from feedarchive.feeds.feed import Feed
from feedarchive.feeds.feeds_file import FeedList
from feedarchive.polling.feed_state import FeedState, HostState
from feedarchive.polling.saved_state import load_state, save_state
from feedarchive.polling.shards import Shard
from feedarchive.report import FeedOutcome
from feedarchive.run import MAX_POLL_TIME, WORKERS, Run
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from tests.harness.clock import CHRISTMAS, Clock
from tests.harness.failing_store import FULL_DISK, FailingStore
from tests.harness.feed_archiver import articles
from tests.harness.feed_documents import Item, news, rss
from tests.harness.feed_server import FeedServer, RecordedRequest, Response, feed_server
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
    """Real processes are killed again and again. Runs of one feed at a time archive the other feeds all the same."""
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
    assert max(paths.count(f"/{n}") for n in range(6) if n != 3) <= 3  # each is saved, not polled over and over


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


def test_as_many_hosts_as_there_are_workers_are_polled_concurrently_across_shards(
    folder_store: FolderStore, clock: Clock
) -> None:
    """Each server responds when all have a request. A host or shard that waited for another would wait for ever."""
    all_requested = threading.Barrier(WORKERS)

    def respond(request: RecordedRequest) -> Response:
        all_requested.wait(timeout=180)
        return Response(news(1))

    with ExitStack() as stack:
        servers = [stack.enter_context(feed_server(f"127.0.9.{n}")) for n in range(1, WORKERS + 1)]
        for server in servers:
            server.responses["/feed"] = respond
        feeds = [Feed(server.url("/feed"), server.host) for server in servers]
        run = run_of(folder_store, clock, feeds)
        halves = {Shard("0"): feeds[: WORKERS // 2], Shard("1"): feeds[WORKERS // 2 :]}
        report = run.execute([run.plan_shard(shard, some) for shard, some in halves.items()])
    assert WORKERS >= 48
    assert (report.feeds, report.count(FeedOutcome.POLLED), report.count(FeedOutcome.FAILED)) == (WORKERS, WORKERS, 0)
    assert all(len(load_state(folder_store, shard).feeds) == WORKERS // 2 for shard in halves)


def test_the_feeds_of_one_host_are_polled_one_after_another(
    folder_store: FolderStore, clock: Clock, server: FeedServer
) -> None:
    busy, overlaps = threading.Lock(), []

    def alone(request: RecordedRequest) -> Response:
        overlaps.append(not busy.acquire(blocking=False))
        response = Response(news(int(request.path[1:])))
        threading.Event().wait(0.01)  # enough time for a concurrent request to arrive
        busy.release()
        return response

    feeds = feeds_at(server, 12)
    server.responses = {f"/{n}": alone for n in range(12)}
    run = run_of(folder_store, clock, feeds)
    assert run.execute(run.plan()).count(FeedOutcome.POLLED) == 12
    assert overlaps == [False] * 12


def test_a_shard_is_saved_when_its_feeds_are_done_before_those_of_another(
    folder_store: FolderStore, clock: Clock, server: FeedServer
) -> None:
    with feed_server("127.0.9.1") as other:
        quick, slow = feeds_at(server, 2), Feed(other.url("/slow"), "slow")
        done = threading.Event()

        def when_saved(request: RecordedRequest) -> Response:
            assert done.wait(180)
            return Response(news(9))

        other.responses["/slow"] = when_saved

        class SignalsWhenSaved(FailingStore):
            def create(self, key: str, data: bytes) -> bool:
                created = super().create(key, data)
                if key == Shard("0").state_key:
                    done.set()
                return created

        run = run_of(SignalsWhenSaved(folder_store, 0, FULL_DISK), clock, [*quick, slow])
        report = run.execute([run.plan_shard(Shard("0"), quick), run.plan_shard(Shard("1"), [slow])])
    assert report.count(FeedOutcome.POLLED) == 3


def test_a_run_of_one_shard_polls_and_saves_nothing_else(
    folder_store: FolderStore, clock: Clock, server: FeedServer
) -> None:
    feeds = feeds_at(server, 4)
    run = run_of(folder_store, clock, feeds)
    report = run.execute([run.plan_shard(Shard("01"), feeds[:2])])
    assert (report.feeds, sorted(request.path for request in server.requests)) == (2, ["/0", "/1"])
    assert list(folder_store.list("state/")) == ["state/01.json"]


LATER = timedelta(hours=1)


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        (HostState(CHRISTMAS + LATER), HostState(CHRISTMAS + 2 * LATER, 2), HostState(CHRISTMAS + 2 * LATER, 2)),
        (HostState(CHRISTMAS + 2 * LATER, 2), HostState(CHRISTMAS + LATER), HostState(CHRISTMAS + 2 * LATER, 2)),
        (HostState(CHRISTMAS + LATER), None, HostState(CHRISTMAS + LATER)),
        (None, HostState(CHRISTMAS + LATER), HostState(CHRISTMAS + LATER)),
        (None, None, None),
    ],
    ids=["later second", "later first", "429 then 200", "200 then 429", "200 twice"],
)
def test_of_two_concurrent_runs_the_longer_rate_limit_of_a_host_is_kept(
    store: Store, first: HostState | None, second: HostState | None, kept: HostState | None
) -> None:
    """Both runs started when the host's rate limit had ended an hour ago."""
    before = {"example.org": HostState(CHRISTMAS - LATER)}
    states = {"a": FeedState(CHRISTMAS)}
    save_state(store, ALL, load_state(store, ALL), states, ["a", "b"], before)
    loaded = load_state(store, ALL)
    assert loaded.hosts == before
    save_state(store, ALL, loaded, states, ["a", "b"], {"example.org": first})
    save_state(store, ALL, loaded, {"b": FeedState(CHRISTMAS)}, ["a", "b"], {"example.org": second})
    assert load_state(store, ALL).hosts.get("example.org") == kept
    assert set(load_state(store, ALL).feeds) == {"a", "b"}


def test_the_rate_limit_of_a_host_is_saved_in_every_shard_that_has_its_feeds(
    folder_store: FolderStore, clock: Clock, server: FeedServer
) -> None:
    feeds = feeds_at(server, 4)
    server.responses = {f"/{n}": Response(b"", 429, {"Retry-After": "3600"}) for n in range(4)}
    run = run_of(folder_store, clock, feeds)
    run.execute([run.plan_shard(Shard("0"), feeds[:2]), run.plan_shard(Shard("1"), feeds[2:])])
    assert len(server.requests) == 1
    for shard in (Shard("0"), Shard("1")):
        assert load_state(folder_store, shard).hosts == {urlsplit(server.url("/")).netloc: HostState(clock() + LATER)}


def test_a_rate_limit_saved_in_one_shard_applies_to_the_feeds_of_others(
    folder_store: FolderStore, clock: Clock, server: FeedServer
) -> None:
    feeds, alone = feeds_at(server, 4), {urlsplit(server.url("/")).netloc: HostState(clock() + LATER)}
    save_state(folder_store, Shard("1"), load_state(folder_store, Shard("1")), {}, [], alone)
    run = run_of(folder_store, clock, feeds, poll_all=True)
    report = run.execute([run.plan_shard(Shard("0"), feeds[:2]), run.plan_shard(Shard("1"), feeds[2:])])
    assert (report.count(FeedOutcome.DEFERRED), server.requests) == (4, [])


def test_the_feed_that_has_waited_longest_is_polled_first_across_shards(
    folder_store: FolderStore, clock: Clock, server: FeedServer
) -> None:
    feeds = feeds_at(server, 4)
    for number in (2, 0, 3, 1):
        run = run_of(folder_store, clock, feeds)
        run.execute([run.plan_shard(Shard(f"{number:02b}"), [feeds[number]])])
        clock.move(minutes=10)
    clock.move(days=1)
    del server.requests[:]
    run = run_of(folder_store, clock, feeds, poll_all=True)
    run.execute([run.plan_shard(Shard(f"{number:02b}"), [feeds[number]]) for number in range(4)])
    assert [request.path for request in server.requests] == ["/2", "/0", "/3", "/1"]
