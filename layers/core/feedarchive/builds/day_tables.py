"""Write a table of the articles of each finished day, and write it again if the day changes later.

A day is finished when its record (``days/2025-12-25.json``) exists.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from feedarchive.proof.records import record_key
from feedarchive.store.interface import Presence, Store


@dataclass(frozen=True)
class DayTables:
    """Writes the tables of one archive."""

    store: Store

    def write(self, day: date) -> None:
        # Imported here for a faster cold start on Lambda: most builds write no table.
        from feedarchive.tables.write_table import write_table

        write_table(self.store, day)

    def before_change(self, day: date) -> None:
        """Write the table of a day whose list of files changes. Does nothing if the day is not finished.

        Call this before the new digest is written. If the build is interrupted after this call, the digest is still the
        old one, so the next build calls this again.
        """
        if self._is_finished(day):
            self.write(day)

    def after_build(self, day: date, is_recovered: bool) -> None:
        """Write the table of a finished day if it is missing. Release 0.1 wrote no tables.

        ``is_recovered``: whether the digest was lost or damaged. If so, the table may be outdated, so it is always
        written.
        """
        if self._is_finished(day) and (is_recovered or not self._has_table(day)):
            self.write(day)

    def _has_table(self, day: date) -> bool:
        from feedarchive.tables.write_table import has_table  # Imported here for a faster cold start on Lambda.

        return has_table(self.store, day)

    def _is_finished(self, day: date) -> bool:
        return self.store.presence(record_key(day)) is not Presence.ABSENT
