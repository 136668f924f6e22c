"""Search an archive in a folder: bring its index up to date, then search the index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from sqlite3 import Connection
from typing import TypeVar

from feedarchive.search.facets import Facet, FacetCounter
from feedarchive.search.find_articles import Filters, Found, find
from feedarchive.search.index_file import DamagedIndex, index_to_read, index_to_update, remove_index
from feedarchive.search.query import Query
from feedarchive.search.update_index import Progress, has_index, update_index
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class SearchedArchive:
    """An archive in a folder, to search. ``progress`` is called while files are indexed."""

    folder: Path
    time_zone: str
    progress: Progress = lambda done, all_files: None
    _facets: FacetCounter = field(default_factory=FacetCounter)

    def find(self, query: Query, filters: Filters, now: datetime, limit: int, offset: int = 0) -> Found:
        """The articles that match. Raises StoreError."""
        found = self._ask(lambda index: find(index, query, filters, limit, offset), now)
        gone = {hit.day for hit in found.hits if not (self.folder / hit.key).exists()}
        if gone:
            # Somebody deleted files of an old day. The update did not notice, because the day's digest is unchanged.
            with index_to_update(self.folder) as index, index:
                index.executemany("UPDATE day SET stamp = '' WHERE day = ?", [(day,) for day in gone])
            found = self._ask(lambda index: find(index, query, filters, limit, offset), now)
        return found

    def facets(self, query: Query, filters: Filters, now: datetime, limit: int) -> dict[str, tuple[Facet, ...]]:
        """The facets of the articles that match (see FacetCounter). Raises StoreError."""
        return self._ask(lambda index: self._facets.count(index, self.folder, query, filters, limit), now)

    def _ask(self, question: Callable[[Connection], _Result], now: datetime) -> _Result:
        update_index(self.folder, self.time_zone, now, self.progress)
        try:
            with index_to_read(self.folder) as index:
                return question(index)
        except DamagedIndex:  # damaged, or somebody deleted it just now
            remove_index(self.folder)
        update_index(self.folder, self.time_zone, now, self.progress)
        with index_to_read(self.folder) as index:
            return question(index)


def update_existing_index(store: Store, time_zone: str, now: datetime) -> None:
    """If this archive has an index, bring it up to date. Call this after builds and when articles were removed."""
    if isinstance(store, FolderStore) and has_index(Path(store.location)):
        update_index(Path(store.location), time_zone, now)
