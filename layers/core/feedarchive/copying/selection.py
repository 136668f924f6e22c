"""Choose the days and articles to copy or to verify. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from feedarchive.digest.digest_entry import DigestEntry


@dataclass(frozen=True)
class Selection:
    """Conditions on days and articles. An article is selected if it meets all conditions.

    - ``days``: how many days are selected, counted back from the newest day of the archive; None for any day.
    - ``since``: the article is of this day or a later one; None for any day.
    - ``until``: the article is of this day or an earlier one; None for any day.
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
        """Whether a feed or a site is selected, so that only some articles of a day may be selected."""
        return bool(self.feed or self.site)

    def days_of(self, days: Iterable[date]) -> list[date]:
        """Return the selected days among ``days``, newest first."""
        ordered = sorted(days, reverse=True)
        if self.days is not None and ordered:
            first = ordered[0] - timedelta(days=self.days - 1) if self.days <= ordered[0].toordinal() else date.min
            ordered = [day for day in ordered if day >= first]
        return [day for day in ordered if (self.since or date.min) <= day <= (self.until or date.max)]

    def includes(self, entry: DigestEntry) -> bool:
        """Check whether an article meets the conditions ``feed`` and ``site``. Its day is not checked."""
        return self.feed in ("", entry.feed, entry.source) and self.site in ("", entry.site)
