"""Articles without a manifest are never given a new one: it might have another time zone."""

from __future__ import annotations

import json

import pytest

from feedarchive.archive.manifest import InvalidArchive, require_time_zone
from feedarchive.archive.open_archive import open_archive
from feedarchive.store.folder import FolderStore

FEEDS = '[[feeds]]\nurl = "https://example.org/feed.xml"\n'


@pytest.mark.parametrize("left", ["archive/2025/12/25/example.org/a-0123456789ab.md", "claims/3f/3f01"])
@pytest.mark.parametrize("manifest", [None, b'{"format": 1, "ident'], ids=["missing", "damaged"])
def test_an_archive_without_its_manifest_is_refused_and_left_unchanged(
    folder_store: FolderStore, left: str, manifest: bytes | None
) -> None:
    open_archive(folder_store, FEEDS, time_zone="Asia/Tokyo")
    folder_store.create(left, b"one\n")
    folder_store.delete("archive.json")
    if manifest:
        folder_store.create("archive.json", manifest)
    before = {key: folder_store.read(key) for key in folder_store.list("")}
    with pytest.raises(InvalidArchive, match="missing" if manifest is None else "damaged"):
        open_archive(folder_store, FEEDS)
    with pytest.raises(InvalidArchive):
        require_time_zone(folder_store)
    assert {key: folder_store.read(key) for key in folder_store.list("")} == before


def test_without_articles_the_creation_is_finished(folder_store: FolderStore) -> None:
    """A run created feeds.toml, and was interrupted before it created the manifest."""
    folder_store.create("feeds.toml", FEEDS.encode())
    opened = open_archive(folder_store, "not used", time_zone="Asia/Tokyo")
    assert (opened.created, opened.time_zone.key, len(opened.feeds.feeds)) == (True, "Asia/Tokyo", 1)
    assert not open_archive(folder_store, "not used").created


def test_another_feeds_file_is_not_the_archives_own(folder_store: FolderStore) -> None:
    """A feed that is missing in another feeds file was not unsubscribed. Its state must be kept."""
    open_archive(folder_store, FEEDS)
    before = folder_store.read("feeds.last-good.toml")
    other = open_archive(folder_store, "", FEEDS.replace("feed.xml", "other.xml"), "other.toml")
    assert other.external_feeds
    assert folder_store.read("feeds.last-good.toml") == before
    assert not open_archive(folder_store, "").external_feeds


@pytest.mark.parametrize("versions", [(1, 2), (2, 1)])
def test_an_archive_of_another_version_is_refused(folder_store: FolderStore, versions: tuple[int, int]) -> None:
    manifest = {"format": versions[0], "identity": versions[1], "time_zone": "UTC"}
    folder_store.create("archive.json", json.dumps(manifest).encode() + b"\n")
    with pytest.raises(InvalidArchive, match="install a newer version"):
        open_archive(folder_store, FEEDS)
    assert list(folder_store.list("")) == ["archive.json"]
