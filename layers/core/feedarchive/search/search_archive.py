"""Search an archive in a folder. Its index is brought up to date before each search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from sqlite3 import Connection
from typing import TypeVar

from feedarchive.search.facets import Facet, FacetCounter
from feedarchive.search.filters import Filters
from feedarchive.search.find_articles import Found, find
from feedarchive.search.index_file import DamagedIndex, index_to_read, index_to_update, remove_index
from feedarchive.search.query import Query
from feedarchive.search.update_index import Progress, has_index, update_index
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class SearchedArchive:
    """Searches an archive in a folder.

    - ``folder``: the folder of the archive.
    - ``time_zone``: the time zone of the archive.
    - ``progress``: is called while files are indexed.
    """

    folder: Path
    time_zone: str
    progress: Progress = lambda done, all_files: None
    _facets: FacetCounter = field(default_factory=FacetCounter)

    def find(self, query: Query, filters: Filters, now: datetime, limit: int, offset: int = 0) -> Found:
        """Find the articles that match; ``find_articles.find`` describes the arguments and the result.

        Raises StoreError.
        """
        found = self._ask(lambda index: find(index, query, filters, limit, offset), now)
        gone = {hit.day for hit in found.hits if not (self.folder / hit.key).exists()}
        if gone:
            # An index update skips a day if its stamp is unchanged. Deleting a file does not change the stamp of an old
            # day, so remove the stamp.
            with index_to_update(self.folder) as index, index:
                index.executemany("UPDATE day SET stamp = '' WHERE day = ?", [(day,) for day in gone])
            found = self._ask(lambda index: find(index, query, filters, limit, offset), now)
        return found

    def facets(self, query: Query, filters: Filters, now: datetime, limit: int) -> dict[str, tuple[Facet, ...]]:
        """Count the articles that match, by site, feed, month and tag. Raises StoreError."""
        return self._ask(lambda index: self._facets.count(index, self.folder, query, filters, limit), now)

    def _ask(self, question: Callable[[Connection], _Result], now: datetime) -> _Result:
        update_index(self.folder, self.time_zone, now, self.progress)
        try:
            with index_to_read(self.folder) as index:
                return question(index)
        except DamagedIndex:  # the index is damaged, or somebody has just deleted it
            remove_index(self.folder)
        update_index(self.folder, self.time_zone, now, self.progress)
        with index_to_read(self.folder) as index:
            return question(index)


def update_existing_index(store: Store, time_zone: str, now: datetime) -> None:
    """Bring the index of an archive up to date, if it has one. Call this after a build and after removing articles."""
    if isinstance(store, FolderStore) and has_index(Path(store.location)):
        update_index(Path(store.location), time_zone, now)
