"""A small archive, and searches in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from feedarchive.search.filters import Filters
from feedarchive.search.find_articles import Found
from feedarchive.search.query import parse_query
from feedarchive.search.search_archive import SearchedArchive
from feedarchive.store.folder import FolderStore
from tests.harness.clock import Clock
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.feed_documents import Item

SITE = "https://example.org"
EVERYTHING = Filters()
ALL_VERSIONS = Filters(all_versions=True)


@dataclass
class Searched:
    """An archive in a folder, with methods to add articles and to search them."""

    folder: Path
    archiver: FeedArchiver
    clock: Clock

    def find(self, words: str = "", filters: Filters = EVERYTHING, now: datetime | None = None) -> Found:
        return SearchedArchive(self.folder, "UTC").find(parse_query(words), filters, now or self.clock(), limit=50)

    def titles(self, words: str = "", filters: Filters = EVERYTHING, now: datetime | None = None) -> list[str]:
        """The titles of the articles that were found, sorted."""
        return sorted(hit.title.text for hit in self.find(words, filters, now).hits)

    def poll(self, **texts: str) -> None:
        """Archive articles: titles and texts."""
        items = [Item(title, f"{SITE}/{title}", f"tag:{title}", text) for title, text in texts.items()]
        self.archiver.poll(*items)

    def settled(self) -> datetime:
        """A minute after the last change of a file. The index does not rely on times that are only seconds old."""
        newest = max(path.stat().st_mtime for path in self.folder.rglob("*"))
        return datetime.fromtimestamp(newest, UTC) + timedelta(minutes=1)

    def article(self, title: str) -> Path:
        (found,) = self.folder.glob(f"archive/*/*/*/*/{title.lower()}-*.md")
        return found


def searched(folder: Path, clock: Clock) -> Searched:
    """An empty archive."""
    return Searched(folder, FeedArchiver(FolderStore(folder), clock), clock)
