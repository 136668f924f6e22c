"""Find the files of a day that a selection includes.

A companion (a file beside an article, such as its full text) is included if the version that it belongs to is included.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from feedarchive.copying.selection import Selection
from feedarchive.digest.calendar import day_of
from feedarchive.digest.companion import Companion
from feedarchive.digest.digest import ListedFile, day_folder
from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.digest.digest_json import parse_digest_json
from feedarchive.store.interface import Store


@dataclass(frozen=True)
class SelectedFiles:
    """Finds the selected files of an archive.

    The version that a companion belongs to may be in the digest of an earlier day. ``_days`` is a cache of the entries
    of earlier days.
    """

    source: Store
    time_zone: str
    selection: Selection
    _days: dict[date, Mapping[str, DigestEntry]] = field(default_factory=dict)

    def of(self, listed: Mapping[str, ListedFile]) -> Iterator[ListedFile]:
        """Yield the selected files of a day. ``listed`` are all files in the digest of the day."""
        if not self.selection.is_partial_day:
            yield from listed.values()
            return
        for file in listed.values():
            version = self._version(file, listed) if isinstance(file, Companion) else file
            if version and self.selection.includes(version):
                yield file

    def _version(self, companion: Companion, listed: Mapping[str, ListedFile]) -> DigestEntry | None:
        """Return the version that a companion belongs to; None if no digest lists it."""
        day = day_of(companion.of)
        if day is None:
            return None
        if isinstance(found := listed.get(companion.of), DigestEntry):
            return found
        if day not in self._days:
            stored = self.source.read(f"{day_folder(day)}digest.json")
            self._days[day] = parse_digest_json(stored.data, day, self.time_zone) if stored else {}
        return self._days[day].get(companion.of)
