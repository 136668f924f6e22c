"""``pages/feed.xml``: a valid Atom feed with an entry for each of the last 30 days. Every build writes the same."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin

import feedparser
import pytest
from lxml import etree, html

from feedarchive.archive.forget import forget
from feedarchive.digest.digest import day_folder, make_digest
from feedarchive.digest.index import indexed_days
from feedarchive.pages.feed import entries_in, feed, feed_entry
from feedarchive.pages.write_feed import FEED, write_feed
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store, Stored
from tests.browser.hostile import TEXTS
from tests.harness.clock import CHRISTMAS, Clock
from tests.harness.digests import ITEMS, OLD, SITE, build
from tests.harness.failing_store import FULL_DISK, FailingStore
from tests.harness.feed_archiver import FeedArchiver, first_versions
from tests.harness.feed_documents import Item
from tests.hostile.snippets import SNIPPETS
from tests.unit.digest.entries import DAY, entry
from tests.unit.digest.test_day_stories import REPORTS, others

BASE = "https://archive.example/read/feed.xml"
SCHEMA = Path(__file__).parents[1] / "unit" / "pages" / "atom.rng"


def parsed(data: bytes) -> Any:
    """Check a feed against the schema of Atom, and parse it with feedparser."""
    etree.RelaxNG(etree.parse(SCHEMA)).assertValid(etree.fromstring(data))
    headers = {"content-location": BASE, "content-type": "application/atom+xml; charset=utf-8"}
    found = feedparser.parse(data, response_headers=headers, sanitize_html=False)
    assert not found.bozo, found.bozo_exception
    return found


def stored(store: Store) -> bytes:
    found = store.read(FEED)
    assert found is not None
    return found.data


def links(content: str) -> Iterator[tuple[str, str]]:
    for link in html.fromstring(f"<div>{content}</div>").iter("a"):
        yield str(link.text_content()), urljoin(BASE, str(link.get("href")))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> FolderStore:
    """An archive of 35 days, one of which has twelve articles, edits and a backlog. Tests work on copies."""
    store, clock = FolderStore(tmp_path_factory.mktemp("made")), Clock()
    archiver = FeedArchiver(store, clock)
    for number in range(34):
        archiver.poll(Item(f"Of day {number}", link=f"{SITE}/day/{number}"))
        clock.move(days=1)
    archiver.poll(*ITEMS, OLD)
    archiver.poll(replace(ITEMS[0], text="Another story, edited."), *ITEMS[1:])
    build(store, clock())
    return store


@pytest.fixture
def archived(made: FolderStore, folder_store: FolderStore, clock: Clock) -> FolderStore:
    """A copy of the archive in ``made``, with the clock at its last day."""
    shutil.copytree(made.location, folder_store.location)
    clock.move(days=34)
    return folder_store


def test_it_has_an_entry_for_each_of_the_last_30_days(archived: FolderStore) -> None:
    found = parsed(stored(archived))
    dates = [(CHRISTMAS + timedelta(days=34 - number)).strftime("%-d %B %Y") for number in range(30)]
    assert [each.title.partition(":")[0] for each in found.entries] == dates
    assert found.entries[0].title == "28 January 2026: 13 articles from 1 feed, 1 updated"
    assert len({each.id for each in found.entries} | {found.feed.id}) == 31
    assert found.feed.updated == found.entries[0].updated == "2026-01-28T10:00:00Z"


def test_an_entry_lists_the_day_and_its_links_lead_to_articles(archived: FolderStore) -> None:
    entry = parsed(stored(archived)).entries[0]
    assert entry.link == "https://archive.example/read/2026/01/28/index.html"
    content = entry.content[0].value
    found = dict(links(content))
    assert found["Article 3"] == f"{SITE}/3"
    assert "<h2>Updated</h2>" in content
    assert content.count("<li>") == 14
    pages = {urldefrag(url) for _, url in links(content) if "#" in url}
    assert len(pages) == 14
    for url, fragment in pages:
        page = archived.read(url.replace("https://archive.example/read/", "pages/"))
        assert page is not None
        assert f'<article id="{fragment}"'.encode() in page.data


def test_later_or_elsewhere_or_after_a_loss_it_has_the_same_bytes(archived: FolderStore, clock: Clock) -> None:
    expected = stored(archived)
    archived.delete(FEED)
    build(archived, clock() + timedelta(days=2))
    assert stored(archived) == expected
    damaged = expected.replace(b"Article 3", b"Article X")
    archived.delete(FEED)
    archived.create(FEED, damaged[: len(damaged) // 2] + b"\n")
    build(archived, clock() + timedelta(days=2))
    assert len(parsed(stored(archived)).entries) == 30


class ReadingStore(FailingStore):
    """Records the keys that are read."""

    def __init__(self, inner: Store) -> None:
        super().__init__(inner, 0, FULL_DISK)
        self.read_keys: list[str] = []

    def read(self, key: str) -> Stored | None:
        self.read_keys.append(key)
        return super().read(key)


def test_a_build_reads_only_the_digests_of_days_that_changed(archived: FolderStore, clock: Clock) -> None:
    clock.move(hours=1)
    FeedArchiver(archived, clock).poll(Item("A new one", link=f"{SITE}/new"))
    reading = ReadingStore(archived)
    build(reading, clock())
    assert b"A new one" in stored(archived)
    old = clock() - timedelta(days=20)
    assert FEED in reading.read_keys
    assert f"{day_folder(old.date())}digest.json" not in reading.read_keys
    assert reading.read_keys.count(f"{day_folder(clock().date())}digest.json") <= 3


def test_a_builder_with_an_old_index_writes_what_one_with_a_new_index_writes(
    archived: FolderStore, clock: Clock
) -> None:
    index = archived.read("archive/index.json")
    assert index is not None
    clock.move(hours=1)
    FeedArchiver(archived, clock).poll(Item("A new one", link=f"{SITE}/new"))
    build(archived, clock())
    expected, newer = stored(archived), archived.read("archive/index.json")
    assert newer is not None
    assert archived.replace("archive/index.json", index.data, newer.version)
    build(archived, clock())
    assert stored(archived) == expected


def test_a_forgotten_article_leaves_the_feed(archived: FolderStore, clock: Clock) -> None:
    (key,) = [key for key, data in first_versions(archived).items() if b'title: "Article 3"' in data]
    assert b">Article 3<" not in stored(archived)  # The HTML of an entry is escaped in the XML.
    assert b"Article 3&lt;" in stored(archived)
    forget(archived, key, clock())
    build(archived, clock())
    assert b"Article 3&lt;" not in stored(archived)


def test_articles_about_one_event_are_together() -> None:
    data = feed([feed_entry(make_digest(DAY, "UTC", [*REPORTS, *others()]), "")], "UTC", DAY)
    content = parsed(data).entries[0].content[0].value
    found = dict(links(content))
    title = "the-council-of-oldtown-votes-to-rebuild-the-stone-bridge"
    assert found["D[W]"] == f"https://dw.example/{title}"
    assert content.count("<li>") == 11


def test_hostile_texts_stay_text() -> None:
    texts = [*TEXTS, *SNIPPETS.values(), "--><!--/--></entry>", "]]>", "</content>", "a\nb"]
    entries = [
        entry(text, key=f"archive/2025/12/25/example.org/a-{n:012x}.md", feed=text, link="javascript:alert(1)")
        for n, text in enumerate(texts)
    ]
    for start in range(0, len(entries), 50):
        data = feed([feed_entry(make_digest(DAY, "UTC", entries[start : start + 50]), "")], "UTC", DAY)
        content = parsed(data).entries[0].content[0].value
        elements = {str(each.tag) for each in html.fromstring(f"<div>{content}</div>").iter()}
        assert elements <= {"div", "ul", "li", "a", "p"}
        assert all(url.startswith("https://archive.example/read/2025/12/25/") for _, url in links(content))


def test_a_long_day_lists_fifty_titles() -> None:
    entries = [entry(f"Article {n}", key=f"archive/2025/12/25/example.org/a-{n:012x}.md") for n in range(173)]
    content = parsed(feed([feed_entry(make_digest(DAY, "UTC", entries), "")], "UTC", DAY)).entries[0].content[0].value
    assert content.count("<li>") == 50
    assert "<p>and 123 more</p>" in content


def test_an_entry_made_by_this_build_is_used_only_for_the_digest_that_is_there(archived: FolderStore) -> None:
    day = (CHRISTMAS + timedelta(days=34)).date()
    indexed = indexed_days(archived, "UTC")
    before = stored(archived)
    (entry_before,) = [each for each in entries_in(before).values() if each.day == day]
    made = replace(entry_before, xml=entry_before.xml.replace("12", "thirteen"))
    other = replace(made, version="0" * 16)
    for given, expected in ((other, before), (made, before.replace(entry_before.xml.encode(), made.xml.encode()))):
        archived.delete(FEED)
        assert write_feed(archived, "UTC", indexed, {day: given})
        assert stored(archived) == expected
    assert before != expected
