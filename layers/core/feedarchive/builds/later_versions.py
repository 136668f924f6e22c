"""What one build knows about files that follow versions of earlier days: later versions and companions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from feedarchive.digest.digest import Digest, ListedFile, day_folder, parse_digest
from feedarchive.pages.later_versions import Later, later_of_earlier_days
from feedarchive.store.interface import Store


@dataclass(frozen=True)
class LaterVersions:
    """The later files that this build has seen, by the day of the earlier version.

    ``days`` are the days that have a folder. Only the keys of files are kept, because a build may cover many days.
    """

    store: Store
    time_zone: str
    days: Sequence[date] = ()
    _found: dict[date, Later] = field(default_factory=dict)
    _seen: set[date] = field(default_factory=set)

    def add(self, digest: Digest) -> None:
        """Keep the revisions and companions of a day."""
        self._add(digest.day, digest.listed)

    def of(self, day: date, recorded: Later | None) -> Later:
        """The later files of a day: those that its page records, and those that this build has seen.

        ``recorded`` is None if there is no page, or an old one without such a record. Then the digests of all later
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
