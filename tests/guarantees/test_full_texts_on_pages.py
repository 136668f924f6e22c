"""Full texts on pages, in digest.md and in announcements. An article with a full text is listed once."""

from __future__ import annotations

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import boto3
import pytest

from feedarchive.archive.forget import forget
from feedarchive.builds.builder import DigestBuilder
from feedarchive.digest.calendar import day_of
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from feedarchive.store.location import open_store
from tests.harness.clock import Clock
from tests.harness.digests import ITEMS, RecordingAnnouncer, build, digest_files
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.full_texts import complete, full_texts, version_keys

TEXT = "Everything that *the page* says, in eight words.\n\n![Cat](https://example.org/cat.png) <script>x()</script>"
PAGE = "pages/2025/12/25/example.org.html"


@pytest.fixture
def archived(folder_store: FolderStore, clock: Clock) -> FolderStore:
    """Two days: two articles, one with a full text of the same day, one with a full text of the next day."""
    FeedArchiver(folder_store, clock).poll(*ITEMS[:2])
    first, second = sorted(version_keys(folder_store))
    complete(folder_store, clock, first, TEXT)
    build(folder_store, clock())
    clock.move(days=1)
    build(folder_store, clock())
    complete(folder_store, clock, second, TEXT.replace("eight", "as many"))
    build(folder_store, clock())
    return folder_store


def text_of(store: Store, key: str) -> str:
    stored = store.read(key)
    assert stored is not None, key
    return stored.data.decode()


def test_the_page_of_an_article_says_what_the_page_said_and_what_the_feed_said(archived: FolderStore) -> None:
    page = text_of(archived, PAGE)
    assert page.count("<article ") == page.count('>Full text from <a href="https://example.org/page" ') == 2
    article = page[page.index("<article ") : page.index("</article>")]
    assert " · 10 words · archived <time" in article
    assert "<p>Everything that <em>the page</em> says, in eight words.</p>" in article
    assert '<img src="https://example.org/cat.png" alt="Cat"' in article
    assert "<script" not in page
    assert re.search(r"<details><summary[^>]*>What the feed said \(2 words\)</summary>\s*<p>Story 0.</p>", article)


def test_the_days_page_and_digest_md_list_each_article_once_with_its_fullest_text(archived: FolderStore) -> None:
    day, markdown = text_of(archived, "pages/2025/12/25/index.html"), text_of(archived, "archive/2025/12/25/digest.md")
    assert (day.count('class="title"'), day.count(" 10 words"), day.count(" 2 words")) == (2, 1, 1)
    assert re.findall(r"^- \[(.*)\]\(example\.org/article-\d-\w+\.(.*)\): ", markdown, re.MULTILINE) == [
        ("Article 0", "full.md"), ("Article 1", "md"),
    ]  # fmt: skip
    assert "2 articles from 1 feed, 1 full text\n" in markdown


def test_a_full_text_of_an_earlier_article_is_listed_on_its_own_day_too(archived: FolderStore) -> None:
    day, markdown = text_of(archived, "pages/2025/12/26/index.html"), text_of(archived, "archive/2025/12/26/digest.md")
    *_, late = sorted(full_texts(archived))
    name = late.rpartition("/")[2]
    assert (
        f"## Full texts of earlier articles\n\n- [article 1](example.org/{name}) (example.org, article of 2025-12-25)\n"
        in (markdown)
    )
    anchor = name.partition(".")[0][-12:]
    assert f'<a class="title" href="../../../2025/12/25/example.org.html#{anchor}"><bdi>article 1</bdi></a>' in day
    assert "0 articles from 0 feeds, 1 full text" in day


def test_a_day_with_too_many_late_full_texts_counts_them_only(
    archived: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedarchive.pages.day_page.MAX_ENTRIES_ON_ONE_PAGE", 0)
    DigestBuilder(archived, ZoneInfo("UTC"), (), Clock()() + timedelta(days=1)).build_days([date(2025, 12, 26)])
    day = text_of(archived, "pages/2025/12/26/index.html")
    assert "1 full text" in day
    assert "article 1" not in day


def test_large_full_texts_of_the_day_begin_a_new_page(folder_store: FolderStore, clock: Clock) -> None:
    FeedArchiver(folder_store, clock).poll(*ITEMS[:3])
    for key in version_keys(folder_store):
        complete(folder_store, clock, key, "A long text. " * 40_000)
    build(folder_store, clock())
    assert folder_store.read("pages/2025/12/25/example.org_3.html") is not None


def test_a_mail_links_to_the_page_with_the_full_text(folder_store: FolderStore, clock: Clock) -> None:
    FeedArchiver(folder_store, clock).poll(*ITEMS[:1])
    (key,) = version_keys(folder_store)
    complete(folder_store, clock, key, TEXT)
    announcer = RecordingAnnouncer()
    build(folder_store, clock() + timedelta(days=1), announcer)
    (announcement,) = announcer.announced
    assert announcement.mail.summary == "1 article from 1 feed, 1 full text"
    assert len([item for section in announcement.mail.sections for item in section.items]) == 1


def test_days_with_nothing_but_full_texts_do_not_hide_a_silence(archived: FolderStore, clock: Clock) -> None:
    announcer = RecordingAnnouncer()
    build(archived, clock() + timedelta(days=3), announcer)
    build(archived, clock() + timedelta(days=3), announcer)
    assert any("No new article" in each.text for each in announcer.announced)


def test_a_full_text_deleted_in_s3_leaves_the_page_of_its_article(bucket: str, clock: Clock) -> None:
    store = open_store(f"s3://{bucket}")
    FeedArchiver(store, clock).poll(*ITEMS[:2])
    first, _ = sorted(version_keys(store))
    build(store, clock())
    before = digest_files(store)
    clock.move(days=1)
    complete(store, clock, first, TEXT)
    build(store, clock())
    assert "in eight words" in text_of(store, PAGE)
    (late,) = full_texts(store)
    boto3.client("s3").delete_object(Bucket=bucket, Key=late)
    build(store, clock())
    assert "in eight words" not in text_of(store, PAGE)
    assert digest_files(store)[PAGE] == before[PAGE]


def test_nothing_of_a_forgotten_full_text_is_left(archived: FolderStore, clock: Clock) -> None:
    result = forget(archived, str(ITEMS[1].link), clock())
    days = {day for key in result.files if (day := day_of(key))}
    assert len(days) == 2
    DigestBuilder(archived, ZoneInfo("UTC"), (), clock()).build_days(days)
    for key in archived.list(""):
        if not key.startswith(("state/", ".tmp/", "tables/")):
            assert "as many words" not in text_of(archived, key), key
    assert "in eight words" in text_of(archived, PAGE)


def test_without_images_a_full_text_has_none(archived: FolderStore, clock: Clock) -> None:
    DigestBuilder(archived, ZoneInfo("UTC"), (), clock(), images=False).build_all()
    page = text_of(archived, PAGE)
    assert "<img" not in page
    assert page.count('<a href="https://example.org/cat.png" rel="noreferrer">[image: Cat]</a>') == 2
