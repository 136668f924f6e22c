"""Which days and articles are copied or verified. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from feedarchive.digest.digest_entry import DigestEntry


@dataclass(frozen=True)
class Selection:
    """What is selected: whatever meets all conditions. Without conditions, everything.

    ``days``: the last so many days of an archive.
    ``since``: this day and later ones.
    ``until``: this day and earlier ones.
    ``feed``: the articles of a feed, named by its title or URL.
    ``site``: the articles of a site, named by its folder.
    """

    days: int | None = None
    since: date | None = None
    until: date | None = None
    feed: str = ""
    site: str = ""

    @property
    def is_partial_day(self) -> bool:
        """Are only some articles of a day selected?"""
        return bool(self.feed or self.site)

    def days_of(self, days: Iterable[date]) -> list[date]:
        """Those of these days that are selected, newest first."""
        ordered = sorted(days, reverse=True)
        if self.days is not None and ordered:
            first = ordered[0] - timedelta(days=self.days - 1) if self.days <= ordered[0].toordinal() else date.min
            ordered = [day for day in ordered if day >= first]
        return [day for day in ordered if (self.since or date.min) <= day <= (self.until or date.max)]

    def includes(self, entry: DigestEntry) -> bool:
        """Is this article selected, if its day is?"""
        return self.feed in ("", entry.feed, entry.source) and self.site in ("", entry.site)
