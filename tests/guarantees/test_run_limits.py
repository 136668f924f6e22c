"""A run near its deadline, work that kills its run, hosts at the same time, runs at the same time."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

from clock import CHRISTMAS, Clock
from feedarchive.archive.open_archive import OpenArchive
from feedarchive.feeds.feed import Feed
from feedarchive.feeds.feeds_file import FeedList
from feedarchive.polling.feed_state import FeedState, HostState
from feedarchive.polling.saved_state import load_state, save_state
from feedarchive.polling.shards import Shard
from feedarchive.run import MAX_POLL_TIME, WORKERS, Run
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from frail import FULL_DISK, FrailStore
from loopback import Answer, Asked, FeedServer, feed_server
from press import Item, articles, rss
from world import news

ALL = Shard("")


def run_of(store: Store, clock: Clock, feeds: list[Feed], **wishes: object) -> Run:
    archive = OpenArchive(ZoneInfo("UTC"), FeedList(tuple(feeds), allow_private_addresses=True), created=False)
    return Run(store, archive, clock, **wishes)  # type: ignore[arg-type]


def feeds_at(server: FeedServer, number: int) -> list[Feed]:
    for n in range(number):
        server.answers[f"/{n}"] = Answer(news(n))
    return [Feed(server.url(f"/{n}"), f"feed{n}") for n in range(number)]


def test_a_run_ends_before_its_deadline_and_leaves_the_rest_due(store: Store, clock: Clock, server: FeedServer) -> None:
    """Each feed takes 25 seconds; the last one may be started after 90."""

    def slow(asked: Asked) -> Answer:
        clock.move(seconds=25)
        return Answer(news(int(asked.path[1:])))

    feeds = feeds_at(server, 10)
    server.answers = {f"/{n}": slow for n in range(10)}
    deadline = clock() + MAX_POLL_TIME + timedelta(seconds=90)
    run = run_of(store, clock, feeds, deadline=deadline)
    report = run.go(run.plan())
    started = [asked.path for asked in server.asked]
    assert (len(report.reports), report.left, len(started)) == (4, 6, 4)
    assert clock() + MAX_POLL_TIME - timedelta(seconds=25) <= deadline
    assert len(load_state(store, ALL).feeds) == 4
    assert report.as_json()["left"] == 6
    rest = run_of(store, clock, feeds)
    assert rest.go(rest.plan()).left == 0
    assert sorted(asked.path for asked in server.asked[4:]) == sorted({f"/{n}" for n in range(10)} - set(started))


class _SlowStore(FolderStore):
    """Every article takes ten seconds to write."""

    def __init__(self, root: Path, clock: Clock) -> None:
        super().__init__(root)
        self._clock = clock

    def create(self, key: str, data: bytes) -> bool:
        if key.startswith("archive/"):
            self._clock.move(seconds=10)
        return super().create(key, data)


def test_a_feed_of_many_articles_is_archived_in_as_many_runs_as_it_takes(
    tmp_path: Path, clock: Clock, server: FeedServer
) -> None:
    entries = [Item(f"Story {n}", link=f"https://example.org/{n}", guid=f"g{n}") for n in range(30)]
    server.answers["/0"] = Answer(rss(*entries), headers={"ETag": '"all"'})
    store, feed = _SlowStore(tmp_path, clock), Feed(server.url("/0"), "feed0")
    for new, left in ((10, 20), (10, 10), (10, 0)):
        deadline = clock() + MAX_POLL_TIME
        run = run_of(store, clock, [feed], deadline=deadline, poll_all=True)
        report = run.go(run.plan())
        assert report.articles() == {"new": new, "known": 30 - new - left, "revised": 0, "rejected": left}
        assert [p.kind for p in report.problems()] == (["out-of-time"] if left else [])
        assert clock() <= deadline
        assert len(articles(store)) == 30 - left
        # With validators, the next answer would be "not modified", and the rest would wait for the feed to change.
        assert load_state(store, ALL).feeds["feed0"].etag == ("" if left else '"all"')


def test_a_run_past_its_deadline_asks_nobody_and_changes_nothing(
    folder_store: FolderStore, clock: Clock, server: FeedServer
) -> None:
    run = run_of(folder_store, clock, feeds_at(server, 3), deadline=clock() + MAX_POLL_TIME - timedelta(seconds=1))
    assert run.go(run.plan()).left == 3
    assert server.asked == []
    assert list(folder_store.list("")) == []


def test_a_careful_run_saves_each_feed_before_it_asks_for_the_next(
    store: Store, clock: Clock, server: FeedServer
) -> None:
    feeds, saved = feeds_at(server, 5), []

    def answer(asked: Asked) -> Answer:
        saved.append(set(load_state(store, ALL).feeds))
        return Answer(news(int(asked.path[1:])))

    server.answers = {f"/{n}": answer for n in range(5)}
    run = run_of(store, clock, feeds, careful=True, chance=Random(1))
    assert run.go(run.plan()).articles()["new"] == 5
    order = [f"feed{asked.path[1:]}" for asked in server.asked]
    assert saved == [set(order[:n]) for n in range(5)]
    assert order != [feed.id for feed in feeds]
    assert set(load_state(store, ALL).feeds) == set(order)


def test_a_killing_document_starves_nobody_in_careful_runs(tmp_path: Path, server: FeedServer) -> None:
    """Real processes that are really killed, again and again: the others are archived all the same."""
    feeds, folder = feeds_at(server, 6), tmp_path / "archive"
    server.answers["/3"] = Answer(news(3).replace(b"story", b"killing"))
    for delivery in range(6):
        assert _run_in_process(folder, feeds, careful=delivery > 0, seed=delivery) == -signal.SIGKILL
        if delivery == 0:
            assert load_state(FolderStore(folder), ALL).feeds == {}
        if len(load_state(FolderStore(folder), ALL).feeds) == 5:
            break
    assert set(load_state(FolderStore(folder), ALL).feeds) == {f"feed{n}" for n in range(6) if n != 3}
    assert len(articles(FolderStore(folder))) == 5
    asked = [each.path for each in server.asked]
    assert max(asked.count(f"/{n}") for n in range(6) if n != 3) <= 3  # each was done, and not done over and over


class _DeadlyStore(FolderStore):
    """The killing document's article ends the process, as running out of memory does."""

    def create(self, key: str, data: bytes) -> bool:
        if b"killing" in data:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().create(key, data)


def _run_in_process(folder: Path, feeds: list[Feed], careful: bool, seed: int) -> int | None:
    process = multiprocessing.get_context("spawn").Process(target=_deadly_run, args=(folder, feeds, careful, seed))
    process.start()
    process.join(60)
    return process.exitcode


def _deadly_run(folder: Path, feeds: list[Feed], careful: bool, seed: int) -> None:
    run = run_of(_DeadlyStore(folder), Clock(), feeds, careful=careful, chance=Random(seed))
    run.go(run.plan())


def test_as_many_hosts_as_there_are_workers_are_asked_at_once_whatever_their_shards(
    folder_store: FolderStore, clock: Clock
) -> None:
    """Each answers when all are being asked: a host or a shard that waits for another would wait for ever."""
    everybody = threading.Barrier(WORKERS)

    def merge(asked: Asked) -> Answer:
        everybody.wait(timeout=20)
        return Answer(news(1))

    with ExitStack() as stack:
        servers = [stack.enter_context(feed_server(f"127.0.9.{n}")) for n in range(1, WORKERS + 1)]
        for server in servers:
            server.answers["/feed"] = merge
        feeds = [Feed(server.url("/feed"), server.host) for server in servers]
        run = run_of(folder_store, clock, feeds)
        halves = {Shard("0"): feeds[: WORKERS // 2], Shard("1"): feeds[WORKERS // 2 :]}
        report = run.go([run.shard_run(shard, some) for shard, some in halves.items()])
    assert WORKERS >= 32
    assert (report.feeds, report.count("polled"), report.count("failed")) == (WORKERS, WORKERS, 0)
    assert all(len(load_state(folder_store, shard).feeds) == WORKERS // 2 for shard in halves)


def test_the_feeds_of_one_host_are_asked_one_after_another(
    folder_store: FolderStore, clock: Clock, server: FeedServer
) -> None:
    busy, met = threading.Lock(), []

    def alone(asked: Asked) -> Answer:
        met.append(not busy.acquire(blocking=False))
        answer = Answer(news(int(asked.path[1:])))
        threading.Event().wait(0.01)  # long enough for another request to come, if it were to
        busy.release()
        return answer

    feeds = feeds_at(server, 12)
    server.answers = {f"/{n}": alone for n in range(12)}
    run = run_of(folder_store, clock, feeds)
    assert run.go(run.plan()).count("polled") == 12
    assert met == [False] * 12


def test_a_shard_is_saved_when_its_feeds_are_done_though_another_is_not(
    folder_store: FolderStore, clock: Clock, server: FeedServer
) -> None:
    with feed_server("127.0.9.1") as other:
        quick, slow = feeds_at(server, 2), Feed(other.url("/slow"), "slow")
        done = threading.Event()

        def when_saved(asked: Asked) -> Answer:
            assert done.wait(20)
            return Answer(news(9))

        other.answers["/slow"] = when_saved

        class Telling(FrailStore):
            def create(self, key: str, data: bytes) -> bool:
                created = super().create(key, data)
                if key == Shard("0").state_key:
                    done.set()
                return created

        run = run_of(Telling(folder_store, 0, FULL_DISK), clock, [*quick, slow])
        report = run.go([run.shard_run(Shard("0"), quick), run.shard_run(Shard("1"), [slow])])
    assert report.count("polled") == 3


def test_a_shard_given_from_outside_is_all_that_a_run_looks_at(
    folder_store: FolderStore, clock: Clock, server: FeedServer
) -> None:
    feeds = feeds_at(server, 4)
    run = run_of(folder_store, clock, feeds)
    report = run.go([run.shard_run(Shard("01"), feeds[:2])])
    assert (report.feeds, sorted(asked.path for asked in server.asked)) == (2, ["/0", "/1"])
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
    ids=["later second", "later first", "refused, then answered", "answered, then refused", "answered twice"],
)
def test_two_runs_at_once_keep_what_either_learnt_of_a_host(
    store: Store, first: HostState | None, second: HostState | None, kept: HostState | None
) -> None:
    """Both began when the host had answered 429 an hour ago."""
    before = {"example.org": HostState(CHRISTMAS - LATER)}
    states = {"a": FeedState(CHRISTMAS)}
    save_state(store, ALL, load_state(store, ALL), states, ["a", "b"], before)
    loaded = load_state(store, ALL)
    assert loaded.hosts == before
    save_state(store, ALL, loaded, states, ["a", "b"], {"example.org": first})
    save_state(store, ALL, loaded, {"b": FeedState(CHRISTMAS)}, ["a", "b"], {"example.org": second})
    assert load_state(store, ALL).hosts.get("example.org") == kept
    assert set(load_state(store, ALL).feeds) == {"a", "b"}


def test_a_host_that_refused_is_remembered_for_feeds_of_every_shard_it_serves(
    folder_store: FolderStore, clock: Clock, server: FeedServer
) -> None:
    feeds = feeds_at(server, 4)
    server.answers = {f"/{n}": Answer(b"", 429, {"Retry-After": "3600"}) for n in range(4)}
    run = run_of(folder_store, clock, feeds)
    run.go([run.shard_run(Shard("0"), feeds[:2]), run.shard_run(Shard("1"), feeds[2:])])
    assert len(server.asked) == 1
    for shard in (Shard("0"), Shard("1")):
        assert load_state(folder_store, shard).hosts == {server.host: HostState(clock() + LATER)}


def test_what_one_shard_knows_of_a_host_holds_for_feeds_of_others_in_the_same_run(
    folder_store: FolderStore, clock: Clock, server: FeedServer
) -> None:
    feeds, alone = feeds_at(server, 4), {server.host: HostState(clock() + LATER)}
    save_state(folder_store, Shard("1"), load_state(folder_store, Shard("1")), {}, [], alone)
    run = run_of(folder_store, clock, feeds, poll_all=True)
    report = run.go([run.shard_run(Shard("0"), feeds[:2]), run.shard_run(Shard("1"), feeds[2:])])
    assert (report.count("deferred"), server.asked) == (4, [])


def test_the_feed_that_waits_longest_is_asked_first_whatever_its_shard(
    folder_store: FolderStore, clock: Clock, server: FeedServer
) -> None:
    feeds = feeds_at(server, 4)
    for number in (2, 0, 3, 1):
        run = run_of(folder_store, clock, feeds)
        run.go([run.shard_run(Shard(f"{number:02b}"), [feeds[number]])])
        clock.move(minutes=10)
    clock.move(days=1)
    del server.asked[:]
    run = run_of(folder_store, clock, feeds, poll_all=True)
    run.go([run.shard_run(Shard(f"{number:02b}"), [feeds[number]]) for number in range(4)])
    assert [asked.path for asked in server.asked] == ["/2", "/0", "/3", "/1"]
