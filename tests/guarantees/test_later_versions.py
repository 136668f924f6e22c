"""Pages show full texts and link to later versions, no matter when and how often the archive is built."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from feedarchive.archive.forget import forget
from feedarchive.article.file_names import revision_key
from feedarchive.builds.builder import DigestBuilder
from feedarchive.digest.calendar import day_of
from feedarchive.pages.later_versions import Later
from feedarchive.pages.link_later import link_later
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from tests.harness.clock import Clock
from tests.harness.digests import ITEMS, RecordingAnnouncer, build, digest_files
from tests.harness.failing_store import FailingStore, Killed
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.full_texts import add_media, complete, version_keys

FIRST = datetime(2025, 11, 3, 10, tzinfo=UTC)
# Maps the number of an article to the days on which it is edited. FIRST is day 0.
EDITS = {0: (0, 0, 1, 40), 1: (39,), 2: (2, 40)}
# The same for the days on which the first version of an article gets a full text or a list of its pictures.
FULL_TEXTS = {0: (40,), 3: (0, 1, 40), 4: (40,)}
MEDIA = {2: (40,), 3: (1,)}
_LATER = re.compile(
    r'<article id="([0-9a-f]+(?:-r\d)?)"(?:(?!</article>).)*?<p class="later"><a href="([^"]+)">', re.DOTALL
)


def _builder(store: Store, now: datetime) -> DigestBuilder:
    return DigestBuilder(store, ZoneInfo("UTC"), [], now)


def built_files(store: Store) -> dict[str, bytes]:
    """All digests and pages. The index is left out: it names the newest record, which depends on announcements."""
    return {key: data for key, data in digest_files(store).items() if key != "archive/index.json"}


def archive(store: Store, after_poll: Callable[[datetime], object] = lambda now: None) -> datetime:
    """Archive the edits and companions, one after the other. Returns the time of the last one."""
    clock, items = Clock(FIRST), list(ITEMS[:5])
    archiver = FeedArchiver(store, clock)
    archiver.poll(*items)
    after_poll(clock())
    first = [next(key for key in version_keys(store) if f"article-{n}-" in key) for n in range(5)]
    for number_of_event, (day, kind, number, n) in enumerate(_events(), 1):
        clock.now = FIRST + timedelta(days=day, minutes=20 * number_of_event)
        if kind == "edit":
            items[n] = replace(items[n], text=f"Story {n}, wording {number + 2}.")
            archiver.poll(*items)
        elif kind == "full text":
            complete(store, clock, first[n], f"All of story {n}, as its page said it at time {number}.")
        else:
            add_media(store, clock, first[n])
        after_poll(clock())
    return clock()


def _events() -> list[tuple[int, str, int, int]]:
    """All edits and companions in order of time. Each has a day, a kind, a number, and the number of its article."""
    return sorted(
        (day, kind, number, n)
        for kind, articles in (("edit", EDITS), ("full text", FULL_TEXTS), ("media", MEDIA))
        for n, days in articles.items()
        for number, day in enumerate(days)
    )


def full_texts_shown(store: Store) -> dict[str, str]:
    """The file of the full text in each article that has one."""
    found: dict[str, str] = {}
    for key, data in built_files(store).items():
        if re.fullmatch(r"pages/.*/example\.org\.html", key):
            for anchor, article in re.findall(r'<article id="([^"]+)"(.*?)</article>', data.decode(), re.DOTALL):
                for file in re.findall(r'Full text from .*<a href="([^"]+)">Markdown file', article):
                    found[f"{key[6:16]}#{anchor}"] = file
    return found


def later_links(store: Store) -> dict[str, str]:
    """Map each version to the later version that its page links to. Both are written as ``day#anchor``."""
    found: dict[str, str] = {}
    for key, data in built_files(store).items():
        if match := re.fullmatch(r"pages/(\d{4}/\d{2}/\d{2})/example\.org\.html", key):
            for anchor, link in _LATER.findall(data.decode()):
                found[f"{match[1]}#{anchor}"] = link.removeprefix("../../../").replace("/example.org.html", "")
    return found


@pytest.fixture(scope="module")
def at_once(tmp_path_factory: pytest.TempPathFactory) -> FolderStore:
    """The archive, built once at the end."""
    store = FolderStore(tmp_path_factory.mktemp("at-once"))
    _builder(store, archive(store)).build_all()
    return store


def _copy(store: FolderStore, folder: Path) -> FolderStore:
    shutil.copytree(store.location, folder, dirs_exist_ok=True)
    return FolderStore(folder)


def test_every_version_but_the_last_links_to_the_next_one(at_once: FolderStore) -> None:
    links = later_links(at_once)
    assert len(links) == sum(map(len, EDITS.values()))
    days = sorted((place.partition("#")[0], link.partition("#")[0]) for place, link in links.items())
    assert days == [
        ("2025/11/03", "2025/11/03"), ("2025/11/03", "2025/11/03"), ("2025/11/03", "2025/11/04"),
        ("2025/11/03", "2025/11/05"), ("2025/11/03", "2025/12/12"), ("2025/11/04", "2025/12/13"),
        ("2025/11/05", "2025/12/13"),
    ]  # fmt: skip
    for place, link in links.items():
        id12, _, version = place.partition("#")[2].partition("-r")
        assert link.endswith(f"#{id12}-r{int(version or 1) + 1}")


def test_an_article_shows_the_last_full_text_of_its_own_words(at_once: FolderStore) -> None:
    shown = full_texts_shown(at_once)
    assert {place.partition("#")[0] for place in shown} == {"2025/11/03"}
    files = sorted(file.removeprefix("../../../../archive/") for file in shown.values())
    assert [re.sub(r"-[0-9a-f]{12}", "", file) for file in files] == [
        "2025/12/13/example.org/article-0.full.md", "2025/12/13/example.org/article-3.full.r3.md",
        "2025/12/13/example.org/article-4.full.md",
    ]  # fmt: skip
    page = built_files(at_once)["pages/2025/11/03/example.org.html"].decode()
    assert "All of story 3, as its page said it at time 2." in page
    assert page.count("as its page said it") == 3
    assert page.count("What the feed said (2 words)") == 3


def test_builds_after_every_poll_give_the_same_bytes(at_once: FolderStore, tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    end = archive(store, lambda now: build(store, now))
    assert built_files(store) == built_files(at_once)
    build(store, end + timedelta(days=300))
    assert built_files(store) == built_files(at_once)


@pytest.mark.parametrize("lost", ["pages/", "archive/2025/11/04/digest.json", "2025/11/03/", "2025/11/04/index.html"])
def test_lost_pages_are_built_again_with_the_same_bytes(at_once: FolderStore, tmp_path: Path, lost: str) -> None:
    store, day = _copy(at_once, tmp_path), day_of(f"archive/{lost}")
    for key in [*store.list(f"pages/{lost}" if day else lost)]:
        store.delete(key)
    builder = _builder(store, FIRST + timedelta(days=100))
    if day:
        builder.build_days([day])
    else:
        builder.build_all()
    assert built_files(store) == built_files(at_once)


def test_a_build_that_was_killed_at_any_write_is_completed(at_once: FolderStore, tmp_path: Path) -> None:
    """The build that is killed adds links to the pages of old days, which later builds do not look at by themselves."""
    unbuilt, expected = FolderStore(tmp_path / "unbuilt"), built_files(at_once)
    last = FIRST + timedelta(days=40)
    end = archive(unbuilt, lambda now: build(unbuilt, now) if now < last else None)
    counting = FailingStore(_copy(unbuilt, tmp_path / "counting"), 0, Killed())
    build(counting, end)
    assert counting.writes > 10
    for write, after in product(range(1, counting.writes + 1), (False, True)):
        store = _copy(unbuilt, tmp_path / f"{write}-{after}")
        with pytest.raises(Killed):
            build(FailingStore(store, write, Killed(), after), end)
        build(store, end)
        assert built_files(store) == expected, (write, after)


def test_builders_at_the_same_time_give_the_same_bytes(at_once: FolderStore, tmp_path: Path) -> None:
    store = FolderStore(tmp_path)

    def build_twice(now: datetime) -> None:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda _: build(store, now, RecordingAnnouncer()), range(2)))

    archive(store, build_twice)
    assert built_files(store) == built_files(at_once)


@pytest.mark.parametrize("name", ["index.html", "example.org.html"])
def test_two_days_link_from_the_same_page_at_the_same_time(tmp_path: Path, name: str) -> None:
    """One build is about to write a page with its link. Just before, another build adds a second link to the page."""
    store = FolderStore(tmp_path)
    FeedArchiver(store, Clock(FIRST)).poll(*ITEMS[:5])
    build(store, FIRST)
    day, (one, two, *_) = FIRST.date(), sorted(key for key in store.list("archive/2025/11/03/example.org/"))
    page = f"pages/2025/11/03/{name}"

    class Overtaken(FailingStore):
        done = False

        def replace(self, key: str, data: bytes, version: str) -> bool:
            if key == page and not self.done:
                self.done = True
                assert link_later(store, day, "UTC", True, _followed_by_revision(two))
            return super().replace(key, data, version)

    assert link_later(Overtaken(store, 0, Killed()), day, "UTC", True, _followed_by_revision(one))
    assert len(later_links(store)) == 2
    before = built_files(store)
    build(store, FIRST + timedelta(hours=1))
    assert built_files(store) == before


def _followed_by_revision(key: str) -> Later:
    return Later({key: revision_key(key, 2, FIRST, ZoneInfo("UTC"))})


def test_a_page_that_another_build_is_writing_is_left_to_it(tmp_path: Path) -> None:
    """A build was killed after it wrote the site's page, so this page has an article that digest.json lacks.

    ``link_later`` does not change such a page. It makes the next build render the page again, with the link.
    """
    store, clock = FolderStore(tmp_path / "archive"), Clock(FIRST)
    archiver = FeedArchiver(store, clock)
    archiver.poll(*ITEMS[:3])
    build(store, FIRST)
    (one, *_) = sorted(store.list("archive/2025/11/03/example.org/"))
    archiver.poll(*ITEMS[:4])
    with pytest.raises(Killed):  # after the build wrote digest.md and two pages
        build(FailingStore(store, 3, Killed(), after=True), FIRST)
    assert link_later(store, FIRST.date(), "UTC", True, _followed_by_revision(one))
    site = "pages/2025/11/03/example.org.html"
    for links in (0, 1):
        assert (built_files(store)[site].count(b"<article "), len(later_links(store))) == (4, links)
        build(store, FIRST)


def test_a_forgotten_article_takes_its_links_along(at_once: FolderStore, tmp_path: Path) -> None:
    store = _copy(at_once, tmp_path)
    result = forget(store, str(ITEMS[0].link), FIRST + timedelta(days=50))
    days = {day for key in result.files if (day := day_of(key))}
    _builder(store, FIRST + timedelta(days=50)).build_days(days)
    assert len(later_links(store)) == len(EDITS[1]) + len(EDITS[2])
