"""A build asks storage only for what may have changed: few requests in a quiet hour, however large the archive is."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from feedarchive.builds.builder import DigestBuilder
from feedarchive.builds.results import BuildResult
from feedarchive.digest.digest import Digest, day_folder
from feedarchive.feeds.feed import Feed
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Presence, Store, Stored
from tests.harness.clock import CHRISTMAS, Clock
from tests.harness.digests import FOLDER, PAGES, SITE, RecordingAnnouncer
from tests.harness.failing_store import FULL_DISK, FailingStore
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.feed_documents import Item

# How many keys one request lists (1,000 on S3). A day with more files counts as large.
KEYS_PER_LIST = 5
DAYS = 9


class RequestStore(FailingStore):
    """Counts the requests that S3 would get, by kind and key."""

    def __init__(self, inner: Store) -> None:
        super().__init__(inner, 0, FULL_DISK)
        self.requests: list[tuple[str, str]] = []

    def read(self, key: str) -> Stored | None:
        self.requests.append(("GET", key))
        return super().read(key)

    def presence(self, key: str) -> Presence:
        self.requests.append(("HEAD", key))
        return super().presence(key)

    def create(self, key: str, data: bytes) -> bool:
        self.requests.append(("PUT", key))
        return super().create(key, data)

    def replace(self, key: str, data: bytes, version: str) -> bool:
        self.requests.append(("PUT", key))
        return super().replace(key, data, version)

    def sizes(self, prefix: str) -> dict[str, int]:
        found = super().sizes(prefix)
        self.requests += [("LIST", prefix)] * (len(found) // KEYS_PER_LIST + 1)
        return found

    def hashes(self, prefix: str) -> dict[str, str]:
        found = super().hashes(prefix)
        self.requests += [("LIST", prefix)] * (len(found) // KEYS_PER_LIST + 1)
        return found

    def folders(self, prefix: str) -> Sequence[str]:
        self.requests.append(("LIST", prefix))
        return super().folders(prefix)

    def of_day(self, number: int) -> list[str]:
        """The kinds of requests for the files of a day. Day 0 is the last day, day 1 is the day before it."""
        day = (CHRISTMAS + timedelta(days=DAYS - 1 - number)).strftime("%Y/%m/%d/")
        return [kind for kind, key in self.requests if day in key]  # "archive/2025/…" or "pages/2025/…"

    def list(self, prefix: str) -> Iterator[str]:
        keys = list(super().list(prefix))
        self.requests += [("LIST", prefix)] * (len(keys) // KEYS_PER_LIST + 1)
        return iter(keys)


def build(store: Store, now: datetime, announcer: RecordingAnnouncer | None = None) -> BuildResult:
    builder = DigestBuilder(store, ZoneInfo("UTC"), [Feed(f"{SITE}/feed.xml", "example")], now, max_files=KEYS_PER_LIST)
    return builder.build_due(announcer or RecordingAnnouncer())


def items(day: int, number: int) -> list[Item]:
    return [Item(f"Day {day}, {n}", link=f"https://site{n % 4}.example/{day}/{n}") for n in range(number)]


def archive(root: Path, articles: int) -> None:
    """An archive of nine days, with a saved state, in which everything is built and announced up to the last day."""
    inner, clock = FolderStore(root), Clock()
    inner.create("state/all.json", b"{}\n")
    for day in range(DAYS):
        for n, item in enumerate(items(day, articles)):
            home = f"https://site{n % 4}.example/"
            FeedArchiver(inner, clock).poll(item, url=f"{home}feed.xml", home=home)
        build(inner, clock())
        clock.move(days=1)
    clock.move(days=-1)
    build(inner, clock())


def save_state(store: Store, text: str) -> None:
    stored = store.read("state/all.json")
    assert stored
    store.replace("state/all.json", f"{{{text}}}\n".encode(), stored.version)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three archives with 2, 8 and 16 articles per day, in folders with these names. Tests work on copies."""
    root = tmp_path_factory.mktemp("made")
    for number in (2, 8, 16):
        archive(root / str(number), number)
    return root


def copied(made: Path, number: int, folder: Path) -> tuple[RequestStore, Clock]:
    """A copy of an archive, and a clock at its last build."""
    shutil.copytree(made / str(number), folder / str(number))
    return RequestStore(FolderStore(folder / str(number))), Clock(CHRISTMAS + timedelta(days=DAYS - 1))


def test_a_quiet_hour_needs_the_same_few_requests_at_any_size(made: Path, tmp_path: Path) -> None:
    counts: dict[int, Counter[str]] = {}
    for number in (2, 8, 16):
        store, clock = copied(made, number, tmp_path)
        build(store, clock() + timedelta(hours=1))
        counts[number] = Counter(kind for kind, _ in store.requests)
        assert not counts[number]["PUT"]
    assert counts[8].total() == counts[16].total() < 12
    # With 2 articles per day, all days are small. A build lists small days every time, because this costs little.
    assert counts[2].total() < 60


def test_an_hour_with_a_new_article_reads_and_writes_only_what_has_changed(made: Path, tmp_path: Path) -> None:
    store, clock = copied(made, 8, tmp_path)
    clock.move(hours=1)
    FeedArchiver(store, clock).poll(Item("News", link=f"{SITE}/news"))
    save_state(store, "1")
    store.requests.clear()
    build(store, clock())
    written = [key for kind, key in store.requests if kind == "PUT"]
    today = clock().strftime("%Y/%m/%d/")
    assert sorted(written) == sorted([
        f"archive/{today}digest.json", f"archive/{today}digest.md", f"pages/{today}index.html",
        f"pages/{today}example.org.html", "archive/index.json", "pages/index.html", "pages/feed.xml", "status.json",
    ])  # fmt: skip
    assert not any(store.of_day(number) for number in range(1, DAYS))
    listed = Counter(key for kind, key in store.requests if kind == "LIST")
    assert listed["days/"] == -(-(DAYS - 1) // KEYS_PER_LIST)


def test_a_day_that_has_not_changed_is_not_rendered(made: Path, tmp_path: Path) -> None:
    store, clock = copied(made, 2, tmp_path)
    save_state(store, "1")
    seen: list[Digest] = []
    feeds = [Feed(f"{SITE}/feed.xml", "example")]
    DigestBuilder(store, ZoneInfo("UTC"), feeds, clock(), on_built=seen.append).build_due(RecordingAnnouncer())
    assert len(seen) == DAYS
    # A digest computes its stories when they are first used, and only rendering uses them.
    assert not any("stories" in vars(digest) for digest in seen)


def test_today_is_built_first_and_its_state_is_read_before_its_folder(made: Path, tmp_path: Path) -> None:
    store, clock = copied(made, 2, tmp_path)
    save_state(store, "2")
    store.requests.clear()
    build(store, clock())
    keys = [key for _, key in store.requests]
    first = next(key for key in keys if key.startswith(("archive/2", "pages/2")))
    assert first.startswith(clock().strftime("archive/%Y/%m/%d/"))
    assert keys.index("state/") < keys.index(first)


def test_a_large_day_gets_a_late_article_when_the_next_day_is_announced(made: Path, tmp_path: Path) -> None:
    store, clock = copied(made, 8, tmp_path)
    second = CHRISTMAS + timedelta(days=1)
    FeedArchiver(store, Clock(second)).poll(Item("Late", link=f"{SITE}/late"))
    announcer = RecordingAnnouncer()
    # The last day is built every time, because it is not final yet. The second day is large, so it is built only
    # when the last day is announced.
    for hours, listed, announced in ((1, False, 0), (15, False, 0), (16, True, 1)):
        save_state(store, str(hours))
        result = build(store, clock() + timedelta(hours=hours), announcer)
        assert (second.date() in [built.day for built in result.built]) is listed
        assert clock().date() in [built.day for built in result.built]
        assert len(announcer.announced) == announced
    stored = store.read(f"{day_folder(second.date())}digest.json")
    assert stored
    assert b'"Late"' in stored.data


@pytest.mark.parametrize("lost", [f"{PAGES}site0.example.html", f"{PAGES}index.html", f"{FOLDER}digest.md"])
def test_a_lost_file_of_a_small_day_is_built_again(folder_store: FolderStore, clock: Clock, lost: str) -> None:
    for n, item in enumerate(items(0, 4)):
        home = f"https://site{n % 4}.example/"
        FeedArchiver(folder_store, clock).poll(item, url=f"{home}feed.xml", home=home)
    build(folder_store, clock())
    before = folder_store.read(lost)
    assert before
    folder_store.delete(lost)
    build(folder_store, clock())
    assert folder_store.read(lost) == before


def test_status_json_is_made_again_on_another_day(folder_store: FolderStore, clock: Clock) -> None:
    """Health depends on the time: a feed that has been failing for three days needs a person."""
    folder_store.create("state/all.json", b"{}\n")
    times = []
    for hours in (0, 1, 14):
        build(folder_store, clock() + timedelta(hours=hours))
        stored = folder_store.read("status.json")
        assert stored
        times.append(json.loads(stored.data)["time"])
    assert times[0] == times[1] < times[2]
