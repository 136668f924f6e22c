"""Collect the revisions and companions that the pages of earlier days must link to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from feedarchive.digest.digest import Digest, ListedFile, day_folder
from feedarchive.digest.digest_json import parse_digest
from feedarchive.pages.later_versions import Later, later_of_earlier_days
from feedarchive.store.interface import Store


@dataclass(frozen=True)
class LaterVersions:
    """Collects the links from the pages of each day to revisions and companions of later days.

    ``days``: the days that have a folder, oldest first.
    """

    store: Store
    time_zone: str
    days: Sequence[date] = ()
    _found: dict[date, Later] = field(default_factory=dict)
    _seen: set[date] = field(default_factory=set)

    def add(self, digest: Digest) -> None:
        self._add(digest.day, digest.listed)

    def of(self, day: date, recorded: Later | None) -> Later:
        """Return the links from the pages of ``day`` to revisions and companions of later days.

        ``recorded``: the links that the day's page contains now. If they are unknown (None), the digests of all later
        days are read.
        """
        if recorded is None:
            for later in self.days:
                if later > day and later not in self._seen:
                    stored = self.store.read(f"{day_folder(later)}digest.json")
                    listed = parse_digest(stored.data, later, self.time_zone).listed if stored else {}
                    self._add(later, listed.values())
        return (recorded or Later()).merged(self._found.get(day, Later()))

    def _add(self, day: date, listed: Iterable[ListedFile]) -> None:
        self._seen.add(day)
        for earlier, links in later_of_earlier_days(day, listed).items():
            self._found[earlier] = self._found.get(earlier, Later()).merged(links)
