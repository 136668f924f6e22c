"""No archive is created with an unknown time zone. An archive without articles can get a valid time zone later."""

from __future__ import annotations

import json

import pytest

from feedarchive.archive.manifest import InvalidArchive, UnknownTimeZone, is_archive, require_time_zone
from feedarchive.archive.open_archive import open_archive
from feedarchive.store.folder import FolderStore

FEEDS = '[[feeds]]\nurl = "https://example.org/feed.xml"\n'
# As version 0.1.0 wrote it.
BROKEN = b'{\n  "format": 1,\n  "identity": 1,\n  "time_zone": "Europe/Berln"\n}\n'


@pytest.mark.parametrize("zone", ["Europe/Berln", "Europe", "../UTC"])
def test_nothing_is_written_with_an_unknown_time_zone(folder_store: FolderStore, zone: str) -> None:
    with pytest.raises(UnknownTimeZone, match="is not a time zone"):
        open_archive(folder_store, FEEDS, time_zone=zone)
    assert list(folder_store.list("")) == []
    assert open_archive(folder_store, FEEDS, time_zone="Europe/Berlin").time_zone.key == "Europe/Berlin"


def test_an_unknown_time_zone_of_an_archive_without_articles_is_replaced(folder_store: FolderStore) -> None:
    folder_store.create("archive.json", BROKEN)
    assert not is_archive(folder_store)
    assert open_archive(folder_store, FEEDS, time_zone="Europe/Berlin").created
    stored = folder_store.read("archive.json")
    assert stored
    assert json.loads(stored.data)["time_zone"] == "Europe/Berlin"
    assert require_time_zone(folder_store).key == "Europe/Berlin"


@pytest.mark.parametrize("article", ["claims/3f/3f01", "archive/2025/12/25/example.org/a-0123456789ab.md"])
def test_with_articles_it_is_an_error(folder_store: FolderStore, article: str) -> None:
    """Another time zone would move articles to other days."""
    folder_store.create("archive.json", BROKEN)
    folder_store.create(article, b"one\n")
    assert is_archive(folder_store)
    with pytest.raises(InvalidArchive, match="Europe/Berln"):
        open_archive(folder_store, FEEDS, time_zone="Europe/Berlin")
    stored = folder_store.read("archive.json")
    assert stored
    assert stored.data == BROKEN
