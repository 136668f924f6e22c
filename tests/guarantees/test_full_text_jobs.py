"""A page is fetched and stored exactly once, whatever happens between the poll and the end of the run."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedarchive.archive.forget import forget
from feedarchive.article.yaml_format import body_of
from feedarchive.feeds.feed import FullText
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store, Stored
from tests.harness.clock import CHRISTMAS, Clock
from tests.harness.completing import World, article_page, story
from tests.harness.failing_store import FULL_DISK, FailingStore, Killed, KilledStore
from tests.harness.feed_archiver import first_versions
from tests.harness.feed_server import FeedServer, RecordedRequest, Response, feed_server
from tests.harness.killing_store import KillingStore, KillPoint
from tests.harness.processes import imported_once


@pytest.fixture
def site(clock: Clock) -> Iterator[FeedServer]:
    with feed_server(clock=clock) as server:
        yield server


def poll_and_complete(world: World, store: Store) -> None:
    world.poll(store)
    world.complete(store)


@pytest.mark.parametrize(
    ("after", "lost"), [(False, False), (True, True)], ids=["before it, with state", "after it, state is lost"]
)
def test_after_a_kill_at_any_write_the_next_run_leaves_one_full_text(
    tmp_path: Path, clock: Clock, site: FeedServer, after: bool, lost: bool
) -> None:
    world = World(FolderStore(tmp_path / "undisturbed"), clock, site)
    world.publish(story(1))
    counting = FailingStore(world.store, 0, FULL_DISK)
    poll_and_complete(world, counting)
    expected = {key: body_of(data.decode()) for key, data in world.full_texts().items()}
    assert len(expected) == 1
    assert counting.writes >= 10
    for write in range(1, counting.writes + 1):
        clock.now = CHRISTMAS
        world.store = FolderStore(tmp_path / f"killed-at-{write}")
        with pytest.raises(Killed):
            poll_and_complete(world, KilledStore(world.store, write, after))
        if lost:
            for key in list(world.store.list("state/")):
                world.store.delete(key)
        site.requests.clear()
        needed = 1 - len(world.full_texts())
        clock.move(minutes=31)  # the lease of the killed process is over
        poll_and_complete(world, world.store)
        assert {key: body_of(data.decode()) for key, data in world.full_texts().items()} == expected, write
        assert len(first_versions(world.store)) == 1, write
        assert len(world.pages_requested()) == needed, write
        poll_and_complete(world, world.store)
        assert len(world.full_texts()) == 1, write
        assert len(world.pages_requested()) == needed, write


# A run that fetches one page writes six times: the lease, the claim, the full text, the job list, the hosts, the lease.
@pytest.mark.parametrize(("write", "point"), [(2, KillPoint.HALF_WRITTEN), *((3, each) for each in KillPoint)])
def test_after_a_kill_inside_a_write_of_the_full_text_the_next_run_leaves_one(
    tmp_path: Path, clock: Clock, site: FeedServer, write: int, point: KillPoint
) -> None:
    world = World(FolderStore(tmp_path / "archive"), clock, site)
    world.publish(story(1))
    world.poll()
    arguments = (world.store.location, site.port, point, write)
    process = imported_once().Process(target=_complete_until_killed, args=arguments)
    process.start()
    process.join(180)
    assert process.exitcode == -signal.SIGKILL
    written = world.full_texts()
    assert (len(written) == 1) == (point is KillPoint.CREATED)
    clock.move(minutes=31)
    world.complete()
    assert len(world.full_texts()) == 1
    assert written.items() <= world.full_texts().items()
    assert "Sentence 20 of story 1" in next(iter(world.full_texts().values())).decode()


def _complete_until_killed(folder: str, port: int, point: KillPoint, write: int) -> None:
    World(KillingStore(folder, point, write), Clock(), FeedServer("127.0.0.1", port)).complete()


def test_two_runs_at_once_with_different_pages_store_one(tmp_path: Path, site: FeedServer) -> None:
    """The second run takes over the lease, as if the first run had been suspended for half an hour."""
    world = World(FolderStore(tmp_path / "archive"), Clock(), site)
    world.publish(story(1))
    world.poll()
    both, numbers = threading.Barrier(2, timeout=60), iter(range(1, 100))

    def page(request: RecordedRequest) -> Response:
        both.wait()
        return Response(article_page(next(numbers)), headers={"Content-Type": "text/html"})

    site.responses["/1"] = page
    later = World(world.store, Clock(), site)
    later.clock.move(minutes=31)
    first = threading.Thread(target=world.complete)
    first.start()
    later.complete()
    first.join()
    assert len(world.pages_requested()) == 2
    assert len(world.full_texts()) == 1


def test_an_article_that_is_forgotten_while_its_page_is_fetched_gets_no_full_text(
    tmp_path: Path, clock: Clock, site: FeedServer
) -> None:
    world = World(FolderStore(tmp_path / "archive"), clock, site)
    world.publish(story(1))
    world.poll()
    (article,) = first_versions(world.store)

    def page(request: RecordedRequest) -> Response:
        forget(world.store, article, clock())
        return Response(article_page(1), headers={"Content-Type": "text/html"})

    site.responses["/1"] = page
    world.complete()
    assert list(world.store.list("archive/")) == []
    poll_and_complete(world, world.store)
    assert list(world.store.list("archive/")) == []


def test_feeds_without_the_options_cost_no_request_and_no_operation_of_the_store(
    tmp_path: Path, clock: Clock, site: FeedServer
) -> None:
    world = World(FolderStore(tmp_path / "archive"), clock, site, {"full_text": FullText.OFF})
    world.publish(story(1), story(2))
    recording = RecordingStore(world.store)
    world.poll(recording)
    assert [request.path for request in site.requests] == ["/feed.xml"]
    plain = World(FolderStore(tmp_path / "plain"), clock, site, {"full_text": FullText.OFF})
    expected = RecordingStore(plain.store)
    plain.poll(expected, follow_up=False)
    assert recording.operations == expected.operations
    assert not [key for key in world.store.list("state/") if "jobs" in key]


class RecordingStore(FailingStore):
    """Records each operation with its key."""

    def __init__(self, inner: Store) -> None:
        super().__init__(inner, 0, FULL_DISK)
        self.operations: list[tuple[str, str]] = []

    def create(self, key: str, data: bytes) -> bool:
        self.operations.append(("create", key))
        return super().create(key, data)

    def replace(self, key: str, data: bytes, version: str) -> bool:
        self.operations.append(("replace", key))
        return super().replace(key, data, version)

    def read(self, key: str) -> Stored | None:
        self.operations.append(("read", key))
        return super().read(key)

    def list(self, prefix: str) -> Iterator[str]:
        self.operations.append(("list", prefix))
        return super().list(prefix)


NOT_IMPORTED = ("feedarchive.completion", "feedarchive.fetching", "feedarchive.full_text", "protego", "trafilatura")


def test_a_run_of_feeds_without_the_options_imports_none_of_this(tmp_path: Path, site: FeedServer) -> None:
    folder = tmp_path / "archive"
    folder.mkdir()
    site.serve("/feed.xml", b"<rss version='2.0'><channel><title>A</title></channel></rss>")
    (folder / "feeds.toml").write_text(
        f'[fetch]\nallow_private_addresses = true\n[[feeds]]\nurl = "{site.url("/feed.xml")}"\n'
    )
    code = (
        "import sys; from feedarchive.cli.main import main; status = main(sys.argv[1:]); "
        "print(status, sorted(sys.modules), file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, "fetch", "--archive", str(folder)], capture_output=True, text=True, check=True
    )
    assert ran.stderr.startswith("0 ["), ran.stderr
    assert [name for name in NOT_IMPORTED if f"'{name}'" in ran.stderr] == []
