"""Select rows of an archive by day of archiving, day of publication, or site."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from feedarchive.article.file_names import version_of
from feedarchive.digest.calendar import days_in_archive
from feedarchive.digest.digest import day_folder
from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.digest.digest_json import parse_digest_json
from feedarchive.store.interface import Store
from feedarchive.tables.companions_of_versions import companions_of_versions
from feedarchive.tables.read_rows import read_rows
from feedarchive.tables.rows import Row

Progress = Callable[[int, int], None]
"""A function that shows progress. Its arguments: how many days have been read, and how many days there are in all."""


@dataclass(frozen=True)
class Selection:
    """Which rows to select. A field that is "" does not restrict the rows.

    - ``since``: the first year, month or day (``2025``, ``2025-12`` or ``2025-12-25``).
    - ``until``: the last year, month or day. Rows of this year, month or day are selected too.
    - ``by_published``: ``since`` and ``until`` are days of publication. Otherwise they are days of archiving.
    - ``site``: the site of the articles.
    """

    since: str = ""
    until: str = ""
    by_published: bool = False
    site: str = ""

    def has_day(self, day: date) -> bool:
        """Check whether articles that were archived on this day can be selected."""
        # Articles may be archived long after they are published, so ``until`` does not limit the days. The day of
        # publication is in UTC. In a time zone west of UTC, an article may be archived on the day before.
        if self.by_published:
            return (day + timedelta(days=1)).isoformat() >= self.since
        return self._is_between(day.isoformat())

    def has_key(self, key: str) -> bool:
        """Check whether this is the key of an article file, and whether the file is of the selected site."""
        return bool(version_of(key)) and self.site in ("", key.split("/")[-2])

    def has_date(self, published: str) -> bool:
        """Check whether a day of publication is selected. Without ``by_published``, all days are selected."""
        return not self.by_published or self._is_between(published)

    def _is_between(self, day: str) -> bool:
        return day >= self.since and (not self.until or day[: len(self.until)] <= self.until)


def select_rows(
    store: Store, time_zone: str, selection: Selection, progress: Progress = lambda done, days: None
) -> Iterator[Row]:
    """Read the selected rows, sorted by day of archiving and key.

    A file is not read if its day, its key or its entry in the digest shows that it is not selected.
    """
    existing = days_in_archive(store)
    days = [day for day in existing if selection.has_day(day)]
    # A companion may be archived long after its article, so all days after the first selected day are searched. This is
    # fast, because only the names of files are listed.
    later = (day for day in existing if days and day >= days[0])
    companions = companions_of_versions(store, (key for day in later for key in store.list(day_folder(day))))
    for number, day in enumerate(days, 1):
        folder = day_folder(day)
        stored = store.read(f"{folder}digest.json")
        known = parse_digest_json(stored.data, day, time_zone) if stored else {}
        keys = [key for key in store.list(folder) if selection.has_key(key) and _may_match(known.get(key), selection)]
        for row in read_rows(store, day, keys, companions, known):
            if selection.has_date((row["published"] or row["archived"])[:10]):
                yield row
        progress(number, len(days))


def _may_match(known: DigestEntry | None, selection: Selection) -> bool:
    return known is None or selection.has_date((known.published or known.archived)[:10])
