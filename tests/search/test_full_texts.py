"""The full text of an article is searched. The article is found once, no matter when its full text was archived."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from feedarchive.archive.forget import forget
from feedarchive.builds.builder import DigestBuilder
from feedarchive.digest.calendar import day_of
from feedarchive.search.index_file import INDEX_FILE
from tests.harness.digests import build
from tests.harness.full_texts import add_media, complete, full_texts, version_keys
from tests.search.archive import ALL_VERSIONS, Searched


@pytest.fixture
def archive(archive: Searched) -> Searched:
    archive.poll(Bridge="It will be rebuilt.", Flour="It is dear.")
    return archive


def _complete(archive: Searched, title: str, text: str) -> None:
    store = archive.archiver.store
    key = next(key for key in version_keys(store) if f"/{title.lower()}-" in key)
    complete(store, archive.clock, key, text)


@pytest.mark.parametrize("indexed_before", [False, True])
def test_words_of_the_full_text_and_of_the_feed_find_the_article_once(archive: Searched, indexed_before: bool) -> None:
    if indexed_before:
        assert archive.titles("giraffe") == []
    _complete(archive, "Bridge", "A giraffe will open **the bridge**.")
    add_media(archive.archiver.store, archive.clock, version_keys(archive.archiver.store)[0])
    for words in ("giraffe", "rebuilt", "giraffe rebuilt", '"open the bridge"'):
        found = archive.find(words)
        assert [hit.title.text for hit in found.hits] == ["Bridge"]
        assert (found.total, found.hits[0].key) == (1, version_keys(archive.archiver.store)[0])
    assert "giraffe will open the bridge" in archive.find("giraffe").hits[0].context.text
    assert archive.titles("full") == []


def test_a_full_text_of_a_later_day_and_a_newer_one_are_found(archive: Searched) -> None:
    store = archive.archiver.store
    build(store, archive.clock())
    assert archive.titles("dear") == ["Flour"]
    archive.clock.move(days=30)
    _complete(archive, "Flour", "Mills have closed.")
    build(store, archive.clock())
    assert archive.titles("mills") == ["Flour"]
    archive.clock.move(days=1)
    _complete(archive, "Flour", "Bakeries have closed.")
    build(store, archive.clock())
    assert archive.titles("bakeries") == archive.titles("bakeries", ALL_VERSIONS) == ["Flour"]
    assert archive.titles("mills") == []
    assert archive.titles("dear") == ["Flour"]
    (archive.folder / INDEX_FILE).unlink()
    assert (archive.titles("bakeries"), archive.titles("mills")) == (["Flour"], [])


def test_after_an_edit_the_full_text_is_that_of_the_new_version_too(archive: Searched) -> None:
    """After an edit, the page is fetched again, and often has the same text as before."""
    _complete(archive, "Bridge", "A giraffe will open it.")
    archive.clock.move(days=1)
    archive.poll(Bridge="It will be rebuilt in spring.", Flour="It is dear.")
    assert [hit.revision for hit in archive.find("giraffe").hits] == [2]
    assert len(archive.find("giraffe", ALL_VERSIONS).hits) == 2
    second = next(key for key in version_keys(archive.archiver.store) if key.endswith(".r2.md"))
    complete(archive.archiver.store, archive.clock, second, "A zebra will open it.")
    assert [hit.revision for hit in archive.find("zebra", ALL_VERSIONS).hits] == [2]
    assert [hit.revision for hit in archive.find("giraffe", ALL_VERSIONS).hits] == [1]
    assert archive.titles("giraffe") == []


def test_nothing_of_a_forgotten_full_text_is_left_in_the_index(archive: Searched) -> None:
    store = archive.archiver.store
    build(store, archive.clock())
    archive.clock.move(days=30)
    _complete(archive, "Flour", "Mills have closed near Xanadu.")
    build(store, archive.clock())
    assert archive.titles("xanadu") == ["Flour"]
    (key,) = full_texts(store)
    result = forget(store, key, archive.clock())
    days = {day for each in result.files if (day := day_of(each))}
    DigestBuilder(store, ZoneInfo("UTC"), (), archive.clock()).build_days(days)
    assert archive.titles("xanadu") == []
    assert b"xanadu" not in (archive.folder / INDEX_FILE).read_bytes().lower()


def test_a_full_text_that_was_deleted_is_found_no_more(archive: Searched) -> None:
    _complete(archive, "Bridge", "A giraffe will open it.")
    assert archive.titles("giraffe") == ["Bridge"]
    (key,) = full_texts(archive.archiver.store)
    Path(archive.folder / key).unlink()
    assert archive.titles("giraffe") == []
    assert archive.titles("rebuilt") == ["Bridge"]
