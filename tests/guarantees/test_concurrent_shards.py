"""Hosts and shards that are polled at the same time: connections, rate limits and when states are saved."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from feedarchive.feeds.feed import Feed
from feedarchive.polling.feed_state import FeedState, HostState
from feedarchive.polling.saved_state import load_state, save_state
from feedarchive.polling.shards import Shard
from feedarchive.report import FeedOutcome
from feedarchive.run import WORKERS
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from tests.guarantees.test_run_limits import ALL, feeds_at, run_of
from tests.harness.clock import CHRISTMAS, Clock
from tests.harness.failing_store import FULL_DISK, FailingStore
from tests.harness.feed_documents import news
from tests.harness.feed_server import FeedServer, RecordedRequest, Response, feed_server


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
