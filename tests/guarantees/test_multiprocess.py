"""A run in several processes makes the same archive as a run in one, also after failures."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from feedarchive.archive.open_archive import OpenArchive
from feedarchive.completion.stored_jobs import NoteJobs, read_jobs
from feedarchive.feeds.feed import Feed, FullText
from feedarchive.feeds.feeds_file import FeedList
from feedarchive.multiprocess import start_run
from feedarchive.polling.saved_state import load_state
from feedarchive.polling.shards import Shard
from feedarchive.report import FeedOutcome, FeedReport, RunKilled
from feedarchive.run import Run
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import StoreError
from tests.harness.clock import Clock
from tests.harness.failing_store import FULL_DISK
from tests.harness.feed_archiver import everything
from tests.harness.feed_documents import news
from tests.harness.feed_server import feed_server
from tests.harness.processes import imported_once

ZERO, ONE = Shard("0"), Shard("1")
Shards = Mapping[Shard, Sequence[Feed]]


@pytest.fixture(scope="module")
def shards() -> Iterator[Shards]:
    """Two shards of two hosts each. Each host has one feed with one article, which contains the host's number."""
    with ExitStack() as stack:
        servers = [stack.enter_context(feed_server(f"127.0.9.{number}")) for number in range(1, 5)]
        urls = [server.serve("/feed", news(n)) for n, server in enumerate(servers)]
        feeds = [Feed(url, f"feed{n}", full_text=FullText.ALWAYS) for n, url in enumerate(urls)]
        yield {ZERO: feeds[:2], ONE: feeds[2:]}


class _Store(FolderStore):
    """Records which process writes an article.

    Article 2 causes an error if the file "full" exists, and kills the process if the file "killed" exists.
    """

    def create(self, key: str, data: bytes) -> bool:
        if key.startswith("archive/"):
            (self._root.parent / "writers").open("a").write(f"{os.getpid()}\n")
            if b"story number 2" in data and (self._root.parent / "full").exists():
                raise FULL_DISK
            if b"story number 2" in data and (self._root.parent / "killed").exists():
                os.kill(os.getpid(), signal.SIGKILL)
        return super().create(key, data)


class _ForkOnce:
    """A fork that succeeds only once, as for a user with a limit on processes. A failing fork creates a file."""

    def __init__(self, fork: Callable[[], int], failed: Path) -> None:
        self._fork, self._done, self._failed = fork, False, failed

    def __call__(self) -> int:
        if self._done:
            self._failed.touch()
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        self._done = True
        return self._fork()


def _run(folder: Path, shards: Shards, processes: int) -> None:
    """Run in a separate process, because the test process has threads. Write the result to "result.json"."""
    reported: list[FeedReport] = []
    run = _composed(folder, shards, reported)
    if (folder / "no second process").exists():
        os.fork = _ForkOnce(os.fork, folder / "fork failed")
    try:
        with start_run(run, shards, processes) as wait_for_report:
            report = wait_for_report()
        assert list(report.reports) == reported
        result = report.as_json()
    except (StoreError, RunKilled) as error:
        result = {"error": str(error), "feeds": sorted(each.feed for each in reported)}
    (folder / "result.json").write_text(json.dumps(result))


def _composed(folder: Path, shards: Shards, reported: list[FeedReport]) -> Run:
    feeds = [feed for some in shards.values() for feed in some]
    archive = OpenArchive(ZoneInfo("UTC"), FeedList(tuple(feeds), allow_private_addresses=True), created=False)
    return Run(_Store(folder / "archive"), archive, Clock(), on_feed_done=reported.append, follow_up=NoteJobs(Clock()))


def _interrupt(folder: Path, shards: Shards) -> None:
    """Interrupt a run whose workers have started. Write the number of workers that are left to "left"."""
    with suppress(KeyboardInterrupt), start_run(_composed(folder, shards, []), shards, 2):
        raise KeyboardInterrupt
    (folder / "left").write_text(str(len(multiprocessing.active_children())))


def run(folder: Path, shards: Shards, processes: int = 2) -> dict[str, object]:
    folder.mkdir(exist_ok=True)
    process = imported_once().Process(target=_run, args=(folder, shards, processes))
    process.start()
    process.join(180)
    assert process.exitcode == 0
    found: dict[str, object] = json.loads((folder / "result.json").read_text())
    return found


@pytest.fixture(scope="module")
def by_one(tmp_path_factory: pytest.TempPathFactory, shards: Shards) -> Path:
    """The folder of a run in one process, which nothing disturbed. Shared by tests: do not write there."""
    folder = tmp_path_factory.mktemp("by-one")
    run(folder, shards, 1)
    return folder


def test_two_processes_make_the_same_archive_as_one(tmp_path: Path, shards: Shards, by_one: Path) -> None:
    two = run(tmp_path / "two", shards, 2)
    assert json.loads((by_one / "result.json").read_text()) == two
    assert len(set((by_one / "writers").read_text().split())) == 1
    assert (two["feeds"], two["polled"], two["articles"]) == (
        4, 4, {"new": 4, "known": 0, "revised": 0, "rejected": 0},
    )  # fmt: skip
    archives = [FolderStore(folder / "archive") for folder in (by_one, tmp_path / "two")]
    assert everything(archives[0]) == everything(archives[1])
    jobs = [read_jobs(archive) for archive in archives]
    assert jobs[0] == jobs[1]
    noted = [sorted(job.feed for job in some.jobs.values()) for some in jobs[1].values()]
    assert noted == [["feed0", "feed1"], ["feed2", "feed3"]]
    assert len(set((tmp_path / "two" / "writers").read_text().split())) == 2
    for shard, feeds in shards.items():
        assert set(load_state(archives[1], shard).feeds) == {feed.id for feed in feeds}
    assert run(tmp_path / "two", shards)["polled"] == 0  # none is due


def test_the_failure_of_one_process_does_not_stop_the_other(tmp_path: Path, shards: Shards, by_one: Path) -> None:
    for how, error in (("full", "the disk is full"), ("killed", "was killed (status -9)")):
        folder = tmp_path / how
        folder.mkdir()
        (folder / how).touch()
        result = run(folder, shards)
        assert error in str(result["error"])
        store = FolderStore(folder / "archive")
        assert set(load_state(store, ZERO).feeds) == {"feed0", "feed1"}
        assert "feed2" not in load_state(store, ONE).feeds
        (folder / how).unlink()
        assert run(folder, shards)["failed"] == 0
        assert everything(store) == everything(FolderStore(by_one / "archive"))


def test_without_permission_for_more_processes_the_run_uses_one(tmp_path: Path, shards: Shards, by_one: Path) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "no second process").touch()
    result = run(folder, shards)
    assert (folder / "fork failed").exists()
    assert result["polled"] in (2, 3, 4)  # the worker that was started may have polled its two feeds before it ended
    assert result["failed"] == 0
    for shard, feeds in shards.items():
        assert set(load_state(FolderStore(folder / "archive"), shard).feeds) == {feed.id for feed in feeds}
    assert everything(FolderStore(folder / "archive")) == everything(FolderStore(by_one / "archive"))


def test_many_shards_are_run_a_few_at_a_time(
    folder_store: FolderStore, clock: Clock, shards: Shards, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This limits memory. Here the limit is one shard, so each shard is saved before the state of the next is read."""
    monkeypatch.setattr("feedarchive.run._SHARDS_AT_A_TIME", 1)
    feeds = [feed for some in shards.values() for feed in some]
    archive = OpenArchive(ZoneInfo("UTC"), FeedList(tuple(feeds), allow_private_addresses=True), created=False)
    saved: list[int] = []
    idle: list[int] = []

    class Watched(FolderStore):
        def read(self, key: str):  # type: ignore[no-untyped-def]
            if key.startswith("state/"):
                saved.append(sum(1 for _ in folder_store.list("state/")))
            return super().read(key)

    store = Watched(Path(folder_store.location))
    parts = {Shard(f"{n:02b}"): [feed] for n, feed in enumerate(feeds)}
    report = Run(store, archive, clock, on_feeds_not_due=idle.append).run_shards(parts)
    assert (report.feeds, report.count(FeedOutcome.POLLED), idle) == (4, 4, [0, 0, 0, 0])
    assert sorted(set(saved)) == [0, 1, 2, 3]
    again = Run(store, archive, clock, on_feeds_not_due=idle.append).run_shards(parts)
    assert (again.feeds, again.reports, idle[4:]) == (4, (), [1, 1, 1, 1])


def test_an_interruption_before_the_run_waits_for_its_workers_stops_them(tmp_path: Path, shards: Shards) -> None:
    process = imported_once().Process(target=_interrupt, args=(tmp_path, shards))
    process.start()
    process.join(180)
    assert process.exitcode == 0
    assert (tmp_path / "left").read_text() == "0"
