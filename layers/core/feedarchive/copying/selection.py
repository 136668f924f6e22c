"""Choose the days and articles to copy or to verify. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from feedarchive.digest.digest_entry import DigestEntry


@dataclass(frozen=True)
class Selection:
    """Conditions on days and articles. Those that meet all conditions are selected.

    - ``days``: the day is one of this many last days of the archive; None for any day.
    - ``since``: it is this day or a later one; None for any day.
    - ``until``: it is this day or an earlier one; None for any day.
    - ``feed``: the article is from the feed with this title or URL; "" for any feed.
    - ``site``: the article is in the folder of this site, such as example.org; "" for any site.
    """

    days: int | None = None
    since: date | None = None
    until: date | None = None
    feed: str = ""
    site: str = ""

    @property
    def is_partial_day(self) -> bool:
        """Is there a condition on articles, so that only some articles of a day may be selected?"""
        return bool(self.feed or self.site)

    def days_of(self, days: Iterable[date]) -> list[date]:
        """Return the selected ones of these days, newest first."""
        ordered = sorted(days, reverse=True)
        if self.days is not None and ordered:
            first = ordered[0] - timedelta(days=self.days - 1) if self.days <= ordered[0].toordinal() else date.min
            ordered = [day for day in ordered if day >= first]
        return [day for day in ordered if (self.since or date.min) <= day <= (self.until or date.max)]

    def includes(self, entry: DigestEntry) -> bool:
        """Does an article meet the conditions ``feed`` and ``site``? The day is not looked at."""
        return self.feed in ("", entry.feed, entry.source) and self.site in ("", entry.site)
