"""Which days and articles are copied or verified. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from feedarchive.digest.digest_entry import DigestEntry


@dataclass(frozen=True)
class Selection:
    """Days from ``since`` to ``until`` (both included), the last ``days`` days of an archive, a feed and a site.

    ``feed`` is a feed's title or URL, ``site`` the name of a folder. Nothing given: everything.
    """

    days: int | None = None
    since: date | None = None
    until: date | None = None
    feed: str = ""
    site: str = ""

    @property
    def is_partial_day(self) -> bool:
        """Whether only some articles of a day are selected."""
        return bool(self.feed or self.site)

    def days_of(self, days: Iterable[date]) -> list[date]:
        """The selected ones of these days, newest first."""
        ordered = sorted(days, reverse=True)
        if self.days is not None and ordered:
            first = ordered[0] - timedelta(days=self.days - 1) if self.days <= ordered[0].toordinal() else date.min
            ordered = [day for day in ordered if day >= first]
        return [day for day in ordered if (self.since or date.min) <= day <= (self.until or date.max)]

    def includes(self, entry: DigestEntry) -> bool:
        """Whether an article of a selected day is selected."""
        return self.feed in ("", entry.feed, entry.source) and self.site in ("", entry.site)
