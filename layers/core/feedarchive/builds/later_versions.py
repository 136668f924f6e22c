"""What one build knows about versions that follow versions of earlier days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from feedarchive.digest.digest import Digest, day_folder, parse_digest_json
from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.pages.later_versions import Later, later_of_earlier_days, merge
from feedarchive.store.interface import Store


@dataclass(frozen=True)
class LaterVersions:
    """The later versions that this build has seen, by the day of the earlier version. ``days`` are those with a folder.

    Only the keys of revisions are kept: a build may cover many days.
    """

    store: Store
    time_zone: str
    days: Sequence[date] = ()
    _found: dict[date, dict[str, str]] = field(default_factory=dict)
    _seen: set[date] = field(default_factory=set)

    def add(self, digest: Digest) -> None:
        """Keep the revisions of a day."""
        self._add(digest.day, digest.entries)

    def of(self, day: date, recorded: Later | None) -> dict[str, str]:
        """The later versions of a day: those that its page records, and those that this build has seen.

        If its page has no record, because there is none or an old one, the digests of all later days are read.
        """
        if recorded is None:
            for later in self.days:
                if later > day and later not in self._seen:
                    stored = self.store.read(f"{day_folder(later)}digest.json")
                    entries = parse_digest_json(stored.data, later, self.time_zone) if stored else {}
                    self._add(later, entries.values())
        return merge(recorded or {}, self._found.get(day, {}))

    def _add(self, day: date, entries: Iterable[DigestEntry]) -> None:
        self._seen.add(day)
        for earlier, pairs in later_of_earlier_days(day, entries).items():
            self._found[earlier] = merge(self._found.get(earlier, {}), pairs)
