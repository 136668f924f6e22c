"""The archive that ``feedarchive serve`` shows, and how its pages show times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from feedarchive.pages.dates import long_time
from feedarchive.serve.finder import Finder
from feedarchive.store.interface import Store


@dataclass(frozen=True)
class ServedArchive:
    """An archive that is shown as web pages.

    - ``finder``: finds articles.
    - ``images``: whether the pages show pictures.
    """

    store: Store
    time_zone: ZoneInfo
    finder: Finder
    now: Callable[[], datetime]
    images: bool

    def local_time(self, moment: datetime | None) -> str:
        """Format a time for people, in the time zone of the archive; "" for None."""
        return long_time(moment.astimezone(self.time_zone)) if moment else ""

    def local_time_of(self, written: str) -> str:
        """Format a time from a digest, such as ``2025-12-25T10:11:12Z``, for people; "" for ""."""
        return self.local_time(datetime.fromisoformat(written)) if written else ""
